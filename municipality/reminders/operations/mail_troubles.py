"""Caring for mail: a test to oneself, another try, and an address that does not work."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict, require
from municipality.notifications.models import Mail, Notice
from municipality.notifications.operations.notify import mail_at_once, notice_key, wake_outbox
from municipality.organisation.models import Member
from municipality.organisation.rules import is_office
from municipality.reminders.rules import may_care_for_mail


@operation
def send_test(*, by: Member, now: datetime) -> Mail:
    """Queue a mail to oneself, also while the body sends nothing else. Raises Conflict without an
    address.
    """
    require(is_office(by))
    if not by.reached_by:
        raise Conflict(
            _(
                "あなたのメールアドレスが登録されていないか、届かないものとされています。職員のページで確認してください。"
            )
        )
    stage = f"{now:%y%m%d%H%M%S}"
    notice = Notice.objects.create(
        municipality_id=by.municipality_id,
        member=by,
        rule="mail.test",
        object_id=by.pk,
        stage=stage,
        told_at=now,
        read_at=now,
        key=notice_key("mail.test", by.pk, f"{stage}{now.microsecond}"),
    )
    mail_at_once(notice, now=now)
    record(by, "mail.tested", by)
    return Mail.objects.get(notices=notice)


@operation
def retry(mail: Mail, *, by: Member, now: datetime) -> None:
    """Try a refused mail again at once, with all its tries before it. Raises Conflict when it is on
    its way or gone.
    """
    require(may_care_for_mail(by, mail))
    waiting = Mail.objects.filter(pk=mail.pk, state__in=[Mail.State.REFUSED, Mail.State.QUEUED])
    if not waiting.update(state=Mail.State.QUEUED, attempts=0, lease_until=None):
        raise Conflict(_("このメールは、すでに送信中か送信済みです。"))
    record(by, "mail.retried", mail.member, mail=mail.pk)
    wake_outbox()


@operation
def give_up(mail: Mail, *, by: Member, now: datetime) -> None:
    """Take the person's address for wrong: this mail and all later ones stay on screen only, until
    another is entered.
    """
    require(may_care_for_mail(by, mail))
    waiting = Mail.objects.filter(pk=mail.pk, state__in=[Mail.State.REFUSED, Mail.State.QUEUED])
    if not waiting.update(state=Mail.State.DROPPED, lease_until=None):
        raise Conflict(_("このメールは、すでに送信中か送信済みです。"))
    member = mail.member
    Member.objects.filter(pk=member.pk).update(wrong_mail=member.mail)
    record(by, "mail.given_up", member, address=member.mail)
