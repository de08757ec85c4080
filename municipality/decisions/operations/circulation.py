"""供覧: named people read a decision after it is made. Reading decides nothing."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict, require
from municipality.decisions.models import Circulation, Decision
from municipality.decisions.rules import may_circulate, may_note_reading
from municipality.notifications.operations.notify import notify
from municipality.organisation.models import Department, Member, Post, Posting
from municipality.organisation.open_days import open_days

OPEN_DAYS_TO_READ = 5


@operation
def circulate(
    decision: Decision,
    *,
    by: Member,
    now: datetime,
    member: Member | None = None,
    department: Department | None = None,
    post: Post | None = None,
) -> Circulation:
    """Name a person, or a post in a department, to read the decision. When it is decided already
    they are notified at once.
    """
    require(may_circulate(by, decision))
    if decision.state in (Decision.State.WITHDRAWN, Decision.State.REJECTED):
        raise Conflict(
            _("取下げ・却下になった決裁は、供覧できません。"), decision.get_absolute_url()
        )
    circulation, created = Circulation.objects.get_or_create(
        municipality_id=decision.municipality_id,
        decision=decision,
        member=member,
        department=department,
        post=post,
        defaults={"named_at": now},
    )
    if not created:
        raise Conflict(_("すでに供覧の対象です。"), decision.get_absolute_url())
    record(by, "decision.circulated", decision, to=str(member or f"{department} {post}"))
    if decision.state == Decision.State.DECIDED:
        open_circulation(decision, now=now)
    return circulation


def open_circulation(decision: Decision, *, now: datetime) -> None:
    """Make the decision due to be read, now that it is made, and notify its readers."""
    day = timezone.localdate(now)
    waiting = list(
        decision.circulations.filter(due_on=None).select_related(
            "member__municipality", "member__user"
        )
    )
    if not waiting:
        return
    due_on = open_days(decision.municipality_id).add(day, OPEN_DAYS_TO_READ)
    Circulation.objects.filter(pk__in=[row.pk for row in waiting]).update(
        opened_at=now, due_on=due_on
    )
    for row in waiting:
        for reader in _readers(row, day):
            notify(
                reader, "decision.to_read", decision, due_on=due_on, now=now, title=decision.title
            )


def _readers(row: Circulation, day) -> list[Member]:
    if row.member is not None:
        return [row.member]
    held = (
        Posting.objects.present(day)
        .filter(department=row.department_id, post=row.post_id)
        .values("member")
    )
    return list(Member.objects.filter(pk__in=held).select_related("municipality", "user"))


@operation
def note_read(decision: Decision, *, by: Member, now: datetime) -> None:
    """Record that the person has read it; also for a post that they hold."""
    require(may_note_reading(by, decision))
    rows = Circulation.objects.filter(decision=decision).to(by).unread()
    if not rows.update(read_by=by, read_at=now):
        raise Conflict(_("すでに確認済みか、まだ決裁されていません。"), decision.get_absolute_url())
    record(by, "decision.read_in_circulation", decision)
