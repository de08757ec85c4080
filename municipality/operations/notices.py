"""Telling people: once per key, on screen and by mail."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from municipality.models import Mail, Member, Notice
from municipality.rooms import notice_kinds


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
    """Tell a person about a thing, once per rule, thing, stage and due date. None when they were told before.

    Urgent kinds are mailed at once, the others wait for the day's mail. `params` fill the wording of the kind.
    """
    now = now or timezone.now()
    facts = {"rule": rule, "object_id": obj.pk, "stage": stage, "due_on": due_on, "params": params, "told_at": now}
    wants = {"wants_mail": bool(member.mail) and member.municipality.sending}
    key = notice_key(rule, obj.pk, stage, due_on)
    notice, created = Notice.objects.get_or_create(
        member=member, key=key, defaults={"municipality_id": member.municipality_id, **facts, **wants}
    )
    if not created:
        return None
    if notice_kinds()[rule].urgent and notice.wants_mail:
        mail_at_once(notice, now=now)
    return notice


def notice_key(rule: str, object_id: int, stage: str = "", due_on: date | None = None) -> str:
    """What makes two tellings the same one, for one person."""
    return f"{rule}:{object_id}:{stage}:{due_on.isoformat() if due_on else ''}"


def mail_at_once(notice: Notice, *, now: datetime) -> None:
    """Queue a mail of its own for an urgent notice, and wake a worker when the transaction is done."""
    mail = Mail.objects.create(
        municipality_id=notice.municipality_id,
        member=notice.member,
        day=timezone.localdate(now),
        batch=f"n{notice.pk}",
        queued_at=now,
    )
    Notice.objects.filter(pk=notice.pk).update(mail=mail)
    wake()


def wake() -> None:
    """Ask a worker to look at the outbox once this transaction is committed. What a dead broker loses, the sweep finds."""
    from municipality.tasks import deliver

    transaction.on_commit(lambda: _send_wake(deliver), robust=True)


def _send_wake(task: Any) -> None:
    from municipality.broker import enqueue

    enqueue(task)


def mark_read(notices: models.QuerySet, *, now: datetime) -> int:
    """Mark notices as read; how many were not before."""
    return notices.filter(read_at=None).update(read_at=now)
