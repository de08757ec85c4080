"""Telling people: once per key, on screen and by mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone

from municipality.core.registry import notice_kinds
from municipality.core.task_queue import wake
from municipality.core.worded import kept
from municipality.notifications.mail_hours import accepts, own_hours
from municipality.notifications.models import Mail, Notice

if TYPE_CHECKING:
    from municipality.organisation.models import Member, Municipality


def notify(
    member: Member,
    rule: str,
    obj: models.Model,
    *,
    stage: str = "",
    due_on: date | None = None,
    now: datetime | None = None,
    **params: Any,
) -> Notice | None:
    """Tell a person about a thing, once per rule, thing, stage and due date. None when they were
    told before.

    Urgent kinds are mailed at once, the others wait for the day's mail; so does an urgent one while
    its person takes no mail, unless it is about the security of the account. `params` fill the
    wording of the kind; texts of `core.worded` among them are worded anew for whoever reads it.
    """
    now = now or timezone.now()
    values = {
        "rule": rule,
        "object_id": obj.pk,
        "stage": stage,
        "due_on": due_on,
        "params": kept(params),
        "told_at": now,
    }
    wants = {"wants_mail": receives(member, member.municipality)}
    key = notice_key(rule, obj.pk, stage, due_on)
    notice, created = Notice.objects.get_or_create(
        member=member,
        key=key,
        defaults={"municipality_id": member.municipality_id, **values, **wants},
    )
    if not created:
        return None
    kind = notice_kinds()[rule]
    if kind.urgent and notice.wants_mail and (kind.security or _takes_mail(member, now)):
        mail_at_once(notice, now=now)
    return notice


def receives(member: Member, municipality: Municipality) -> bool:
    """Can the person be told by mail? Not while the body sends none, and not at an address that
    does not work.
    """
    return bool(member.reached_by) and municipality.sending


def _takes_mail(member: Member, now: datetime) -> bool:
    return member.user_id is None or accepts(own_hours({member.user_id}).get(member.user_id), now)


def notify_many(
    pairs: Sequence[tuple[Member, models.Model]], rule: str, *, now: datetime, **params: Any
) -> int:
    """Tell many people, each about a thing of their own, as `notify` does; how many. A fixed number
    of queries.

    The things are new, so that nobody was told of them before.
    """
    notices = Notice.objects.bulk_create(
        _notice(member, rule, thing, now, params) for member, thing in pairs
    )
    by_mail = (
        [notice for notice in notices if notice.wants_mail] if notice_kinds()[rule].urgent else []
    )
    day = timezone.localdate(now)
    mails = Mail.objects.bulk_create(
        Mail(
            municipality_id=one.municipality_id,
            member_id=one.member_id,
            day=day,
            batch=f"n{one.pk}",
            queued_at=now,
        )
        for one in by_mail
    )
    for notice, mail in zip(by_mail, mails, strict=True):
        notice.mail = mail
    Notice.objects.bulk_update(by_mail, ["mail"], batch_size=500)
    wake_outbox()
    return len(notices)


def _notice(
    member: Member, rule: str, thing: models.Model, now: datetime, params: dict[str, Any]
) -> Notice:
    return Notice(
        municipality_id=member.municipality_id,
        member=member,
        rule=rule,
        object_id=thing.pk,
        key=notice_key(rule, thing.pk),
        params=kept(params),
        told_at=now,
        wants_mail=receives(member, member.municipality),
    )


def notice_key(rule: str, object_id: int, stage: str = "", due_on: date | None = None) -> str:
    """What makes two tellings the same one, for one person."""
    return f"{rule}:{object_id}:{stage}:{due_on.isoformat() if due_on else ''}"


def mail_at_once(notice: Notice, *, now: datetime) -> None:
    """Queue a mail of its own for an urgent notice, and wake a worker when the transaction is
    done.
    """
    mail = Mail.objects.create(
        municipality_id=notice.municipality_id,
        member=notice.member,
        day=timezone.localdate(now),
        batch=f"n{notice.pk}",
        queued_at=now,
    )
    Notice.objects.filter(pk=notice.pk).update(mail=mail)
    wake_outbox()


def wake_outbox() -> None:
    """Ask a worker to look at the outbox once this transaction is committed. What a dead broker
    loses, the sweep finds.
    """
    wake("municipality.tasks.deliver")


def mark_read(notices: models.QuerySet, *, now: datetime) -> int:
    """Mark notices as read; how many were not before."""
    return notices.filter(read_at=None).update(read_at=now)
