"""Reset of a lost sign-in by two persons: one requests it, a second one confirms. Neither is the
person concerned.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from municipality.accounts.models import Invitation, Renewal
from municipality.accounts.operations.invitations import renew_access
from municipality.accounts.operations.sign_in import tell
from municipality.accounts.rules import may_answer_renewal, may_ask_renewal
from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict, require
from municipality.core.transitions import move
from municipality.notifications.operations.notify import notify
from municipality.organisation.leadership import nearest_holders
from municipality.organisation.models import Grant, Member, Posting

WAITS = timedelta(days=7)
"""How long a request waits for its second person."""


@operation
def ask_renewal(member: Member, *, reason: str, by: Member, now: datetime) -> Renewal:
    """Request the reset of a person's password and second factor. Nothing changes yet; a second
    person is asked to confirm, and the person is notified.

    Raises Conflict for a person without an account, a locked person, or when a request is open
    already.
    """
    require(may_ask_renewal(by, member))
    if member.user is None:
        raise Conflict(
            _("%(name)sさんは、まだ登録していません。招待してください。") % {"name": member.name}
        )
    if member.locked_at is not None:
        raise Conflict(_("先に%(name)sさんの本人の確認を終えてください。") % {"name": member.name})
    renewal = _asked(member, reason, by, now)
    record(by, "renewal.asked", member, reason=reason)
    tell(member.user, "account.renewal", now=now)
    for other in confirmers(renewal, now=now):
        notify(other, "renewal.asked", renewal, now=now, name=member.name)
    return renewal


def _asked(member: Member, reason: str, by: Member, now: datetime) -> Renewal:
    lapsed = Renewal.objects.filter(member=member, state=Renewal.State.ASKED, expires_at__lte=now)
    lapsed.update(state=Renewal.State.REFUSED)
    values = {
        "municipality_id": member.municipality_id,
        "member": member,
        "reason": reason,
        "asked_by": by,
    }
    try:
        with transaction.atomic():
            return Renewal.objects.create(**values, asked_at=now, expires_at=now + WAITS)
    except IntegrityError:
        raise Conflict(
            _("%(name)sさんのやり直しは、すでに申し込まれています。") % {"name": member.name}
        ) from None


def confirmers(renewal: Renewal, *, now: datetime) -> list[Member]:
    """Members who may be the second person: the rest of the office, and the nearest manager of each
    of the person's departments.
    """
    day = timezone.localdate(now)
    office = Grant.objects.on(day).filter(municipality=renewal.municipality_id, role="office")
    candidates = [
        grant.posting.member for grant in office.select_related("posting__member__municipality")
    ]
    for posting in (
        Posting.objects.on(day).filter(member=renewal.member_id).select_related("department")
    ):
        candidates += nearest_holders("manager", posting.department.path, day)
    return [
        one
        for one in dict.fromkeys(candidates)
        if one.pk not in {renewal.asked_by_id, renewal.member_id}
    ]


@operation
def confirm_renewal(renewal: Renewal, *, by: Member, now: datetime) -> Invitation:
    """Confirm as the second person: the invitation with which the person resets the sign-in is
    sent.

    Raises Conflict when the request was answered or has expired.
    """
    require(may_answer_renewal(by, renewal))
    _still_waits(renewal, now)
    move(renewal, Renewal.State.CONFIRMED, answered_by=by, answered_at=now)
    record(by, "renewal.confirmed", renewal.member, asked_by=renewal.asked_by.name)
    invitation, _token = renew_access(renewal, by=by, now=now)
    return invitation


@operation
def refuse_renewal(renewal: Renewal, *, by: Member, now: datetime) -> None:
    """Refuse as the second person, or withdraw as the one who requested it. Raises Conflict when
    the request was answered or has expired.
    """
    if by.pk != renewal.asked_by_id:
        require(may_answer_renewal(by, renewal))
    _still_waits(renewal, now)
    move(renewal, Renewal.State.REFUSED, answered_by=by, answered_at=now)
    record(by, "renewal.refused", renewal.member)


def _still_waits(renewal: Renewal, now: datetime) -> None:
    if renewal.state == Renewal.State.ASKED and renewal.expires_at <= now:
        raise Conflict(_("確認の期限を過ぎています。もう一度申し込んでください。"))
