"""Recording completions: by the person, by the office, or from a file."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from municipality.audit.log import operation, record
from municipality.core.date_words import era_day
from municipality.core.refusals import Conflict, require
from municipality.core.transitions import change, move
from municipality.notifications.operations.notify import notify
from municipality.organisation.models import Member, Municipality, Posting
from training.assignments.models import Assignment
from training.completions.models import Completion
from training.completions.rules import may_complete, may_void
from training.courses.models import Course
from training.courses.rules import may_manage_courses

BATCH = 500
"""Completions of a file that are written with one statement."""


@operation
def complete_course(
    assignment: Assignment,
    *,
    completed_on: date,
    by: Member,
    now: datetime,
    score: int | None = None,
    earlier: bool = False,
) -> Assignment:
    """Record the completion and close the assignment. The person can complete it as of today only,
    the office as of a day up to today; of a day before it was assigned only if that is meant
    (`earlier`).
    """
    require(may_complete(by, assignment))
    today = timezone.localdate(now)
    _refuse_early([assignment], completed_on, earlier)
    if completed_on > today or (
        by.pk == assignment.member_id and not by.authority.is_office and completed_on != today
    ):
        raise Conflict(
            _("修了日は、今日以前の日にしてください。本人が記録するときは今日になります。")
        )
    source = Completion.Source.OFFICE if by.authority.is_office else Completion.Source.SELF
    completion = record_completion(
        assignment.course, assignment.member, completed_on=completed_on, score=score, source=source
    )
    move(assignment, Assignment.State.COMPLETED, completion=completion)
    record(by, "training.completed", assignment, completed_on=completed_on)
    return assignment


@operation
def complete_class(
    course: Course,
    assignments: Iterable[Assignment],
    *,
    completed_on: date,
    by: Member,
    now: datetime,
    earlier: bool = False,
) -> list[Assignment]:
    """Record that these people completed the course on the same day; those whose assignment is no
    longer open are left as they are. One log entry for all.
    """
    require(may_manage_courses(by, course))
    if completed_on > timezone.localdate(now):
        raise Conflict(_("修了日は、今日以前の日にしてください。"))
    open_ones = [row for row in assignments if row.course_id == course.pk and row.is_open]
    _refuse_early(open_ones, completed_on, earlier)
    for row in open_ones:
        completion = record_completion(
            course,
            row.member,
            completed_on=completed_on,
            score=None,
            source=Completion.Source.OFFICE,
        )
        move(row, Assignment.State.COMPLETED, completion=completion)
    if open_ones:
        members = [row.member_id for row in open_ones]
        record(by, "training.class_completed", course, members=members, completed_on=completed_on)
    return open_ones


def assigned_after(assignments: Iterable[Assignment], completed_on: date) -> date | None:
    """First day on which one of them was assigned, when that lies after the completion."""
    days = [timezone.localdate(row.assigned_at) for row in assignments]
    return min((day for day in days if day > completed_on), default=None)


def _refuse_early(assignments: Iterable[Assignment], completed_on: date, earlier: bool) -> None:
    if not earlier and (assigned_on := assigned_after(assignments, completed_on)):
        raise Conflict(early_words(assigned_on))


def early_words(assigned_on: date) -> str:
    """What is said of a completion before the day of the assignment."""
    return _(
        "修了日が、割り当てた日(%(day)s)より前です。前に受けたものを記録するときは、"
        "「割り当てる前に修了していた」に印を付けてください。"
    ) % {"day": era_day(assigned_on)}


@operation
def void_completion(
    completion: Completion, *, reason: str, by: Member, now: datetime
) -> Completion:
    """Void a completion that was recorded wrongly: its row stays with the reason, the course is to
    be taken again where it was assigned. Every assignment it closed is open again, or cancelled
    where another one is open meanwhile, the person has left or the course is out of use.
    """
    require(may_void(by, completion))
    if completion.voided_at is not None:
        raise Conflict(_("この修了は、すでに取り消されています。"), completion.get_absolute_url())
    if not reason.strip():
        raise Conflict(_("修了を取り消す理由を入力してください。"))
    change(
        completion,
        edition=completion.edition,
        voided_at=now,
        voided_by=by,
        void_reason=reason.strip(),
    )
    closed = list(completion.assignments.filter(state=Assignment.State.COMPLETED).order_by("pk"))
    asked = _can_be_asked(completion, timezone.localdate(now))
    for row in closed:
        _open_again(row, asked=asked, now=now)
    subject = closed[-1] if closed else completion
    record(by, "training.completion_voided", subject, reason=reason.strip())
    _tell_voided(completion, closed, now)
    return completion


def _open_again(row: Assignment, *, asked: bool, now: datetime) -> None:
    """Open the assignment again for who can be asked; at most one of a course is open: it does not
    come back beside a newer one.
    """
    others = Assignment.objects.open().filter(course=row.course_id, member=row.member_id)
    if asked and not others.exists():
        move(row, Assignment.State.ASSIGNED, completion=None)
        return
    Assignment.objects.filter(pk=row.pk).update(
        state=Assignment.State.CANCELLED,
        completion=None,
        cancelled_on=timezone.localdate(now),
        edition=F("edition") + 1,
    )


def _tell_voided(completion: Completion, closed: list[Assignment], now: datetime) -> None:
    """Tell the person, once for each completion, on the page of what is to be taken again; who has
    left is not told.
    """
    if completion.member.is_active:
        notify(
            completion.member,
            "training.voided" if closed else "training.voided_alone",
            closed[-1] if closed else completion,
            stage=f"c{completion.pk}",
            now=now,
            title=completion.course.name,
        )


def _can_be_asked(completion: Completion, today: date) -> bool:
    """Whether the person still works here and the course is in use."""
    if not (completion.member.is_active and completion.course.is_active):
        return False
    return Posting.objects.on(today).filter(member=completion.member_id).exists()


def record_completion(
    course: Course, member: Member, *, completed_on: date, score: int | None, source: str
) -> Completion:
    """Completion of that day, created when there is none yet. It runs inside an operation and
    writes no log entry of its own.
    """
    completion, _created = Completion.objects.get_or_create(
        course=course,
        member=member,
        completed_on=completed_on,
        voided_at=None,
        defaults={
            "municipality_id": course.municipality_id,
            "score": score,
            "source": source,
            "expires_on": expiry_of(course, completed_on),
        },
    )
    return completion


def expiry_of(course: Course, completed_on: date) -> date | None:
    """Last day on which a completion is valid: the same day after the course's months, or the last
    day of that month.
    """
    if course.validity_months is None:
        return None
    years, month = divmod(completed_on.month - 1 + course.validity_months, 12)
    year, month = completed_on.year + years, month + 1
    return date(year, month, min(completed_on.day, calendar.monthrange(year, month)[1]))


@operation
def take_in_completions(
    municipality: Municipality,
    added: Sequence[Completion],
    changed: Sequence[Completion],
    *,
    today: date,
    by: Member | None,
    now: datetime,
) -> None:
    """Write the completions of a file (not saved yet) and the scores of those that stand, and close
    the open assignments that a new one fulfils, valid on the day of the plan. `by` None is the
    command line.
    """
    last = Completion.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    Completion.objects.bulk_create(added, batch_size=BATCH, ignore_conflicts=True)
    Completion.objects.bulk_update(changed, ["score"], batch_size=BATCH)
    closed = _close_fulfilled(municipality, Completion.objects.filter(pk__gt=last), today)
    values: dict[str, Any] = {"added": len(added), "changed": len(changed), "closed": closed}
    record(by, "training.completions_taken_in", municipality=municipality, **values)


def _close_fulfilled(municipality: Municipality, fresh: QuerySet[Completion], today: date) -> int:
    """Close open assignments whose course is validly completed by one of the new completions; their
    number. One UPDATE.
    """
    valid = fresh.filter(course=OuterRef("course"), member=OuterRef("member"))
    valid = valid.filter(pk__in=Completion.objects.of(municipality).valid_on(today))
    newest = valid.order_by("-completed_on").values("pk")[:1]
    return (
        Assignment.objects.of(municipality)
        .open()
        .filter(Exists(valid))
        .update(
            state=Assignment.State.COMPLETED,
            completion=Subquery(newest),
            edition=F("edition") + 1,
        )
    )
