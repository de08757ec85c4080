"""Opening reviews by schedule: for the body and for each department with activity in the period."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from django.db.models import Exists, Min, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.pdca.reviews.models import Review
from evaluation.pdca.schedule.rules import due_day, due_day_when_late, ended_periods
from municipality.audit.log import operation, record
from municipality.clock.operations.guarded import each_guarded
from municipality.core.periods import Period
from municipality.organisation.dated_tree import DatedTree
from municipality.organisation.models import Department, DepartmentVersion, Municipality
from municipality.organisation.open_days import OpenDays, open_days
from pilots.days.models import Usage
from pilots.planning.models import Pilot, PilotDepartment

LATE_RECORDS = timedelta(days=62)
"""So long after a month's end do records handed in late still open its review."""

LONGEST_OUTAGE = timedelta(days=400)
"""So far back are missed periods opened."""


def open_due_reviews(municipality: Municipality, now: datetime) -> int:
    """Open every review whose time has come and that is not open yet; how many. Safe to repeat and
    to run twice at once.

    A period's reviews open on the first open day (開庁日) after it. Each is written in its own
    transaction under a unique key, the body's own last in each period: it being there says that the
    period is complete up to late records and transfers dated back. What is opened after it is due
    later than it.
    """
    today, calendar = timezone.localdate(now), open_days(municipality)
    missing = {
        f"{period.cadence} {period.first} {department.pk if department else ''}".strip(): (
            period,
            department,
            due_day(period, calendar)
            if None in departments
            else due_day_when_late(period, today, calendar),
        )
        for period, departments in _to_open(municipality, today, calendar)
        for department in departments
    }
    return each_guarded(
        municipality,
        "evaluation.open_due_reviews ",
        missing,
        lambda wanted: _open(municipality, *wanted, now),
        now=now,
    ).done


def _to_open(
    municipality: Municipality, today: date, calendar: OpenDays
) -> Iterator[tuple[Period, list[Department | None]]]:
    """Periods that are over, oldest first, each with the departments (and None for the body) that
    still lack a review. Once a first pilot has started, the body looks back at every period: one in
    which nothing was done is the one to talk about.
    """
    first_pilot = _first_pilot(municipality)
    since = _look_back_to(municipality, today, first_pilot)
    if since is None:
        return
    known = set(
        Review.objects.of(municipality)
        .filter(last__gte=since)
        .values_list("cadence", "first", "department")
    )
    activity = Activity(municipality, first_pilot)
    for period in ended_periods(since, today):
        if today >= calendar.nth_after(period.last, 1):
            yield (
                period,
                [
                    row
                    for row in activity.reviewing(period)
                    if (period.cadence, period.first, row.pk if row else None) not in known
                ],
            )


class Activity:
    """Departments with activity by period; each month is read once."""

    def __init__(self, municipality: Municipality, first_pilot: date | None) -> None:
        self.municipality, self.first_pilot = municipality, first_pilot
        self.months: dict[date, tuple[DatedTree, set[int]]] = {}

    def reviewing(self, period: Period) -> list[Department | None]:
        """Departments that review the period, in the order of the tree, and None for the body. What
        a department did that ended in the period is in the review of its successor.
        """
        departments: set[Department] = set()
        for month in period.months:
            if month.first not in self.months:
                self.months[month.first] = _activity(self.municipality, month)
            tree, active = self.months[month.first]
            departments |= {tree.departments[tree.standing(each, period.last)] for each in active}
        piloting = self.first_pilot is not None and self.first_pilot <= period.last
        rows = sorted(departments, key=lambda row: row.path)
        wanted: list[Department | None] = [row for row in rows if not row.is_body]
        return [*wanted, None] if departments or piloting else wanted


def reviews_without_activity(municipality: Municipality, since: datetime) -> list[Review]:
    """Reviews opened since then that would not be opened today: nothing of their period belongs to
    their department any more. Two queries and two for each month.
    """
    activity = Activity(municipality, _first_pilot(municipality))
    opened = Review.objects.of(municipality).filter(opened_at__gte=since)
    return [
        review
        for review in opened.select_related("department", "municipality")
        if review.department not in activity.reviewing(review.period)
    ]


def check_undo(municipality: Municipality, since: datetime) -> Callable[[], str]:
    """Asks whether undoing a file of that time leaves a review behind that was opened since because
    of it. A review without activity before the undo does not refuse it.
    """
    before = {review.pk for review in reviews_without_activity(municipality, since)}

    def reason() -> str:
        """First review that is left, in words; empty when there is none."""
        for review in reviews_without_activity(municipality, since):
            if review.pk not in before:
                return _("取り込んだ内容に基づいて「%(title)s(%(place)s)」が開かれています。") % {
                    "title": review.title,
                    "place": review.place,
                }
        return ""

    return reason


def _look_back_to(municipality: Municipality, today: date, first_pilot: date | None) -> date | None:
    """From which last day on periods are looked at: late records reach back two months, an outage
    to its beginning.
    """
    monthly = Review.objects.of(municipality).filter(cadence=Period.MONTH, department=None)
    latest = monthly.order_by("-last").values_list("last", flat=True).first()
    if latest is None:
        used = Usage.objects.of(municipality).aggregate(first=Min("day"))["first"]
        latest = min((day for day in (used, first_pilot) if day), default=None)
    if latest is None:
        return None
    return max(min(latest, today - LATE_RECORDS), today - LONGEST_OUTAGE)


def _first_pilot(municipality: Municipality) -> date | None:
    """The day on which the body's first pilot started."""
    started = Pilot.objects.of(municipality).aggregate(first=Min("started_at"))["first"]
    return timezone.localdate(started) if started else None


def active_departments(municipality: Municipality, month: Period) -> set[Department]:
    """Departments in which a pilot ran or telework was recorded in the month, as they review it:
    those of its last day.

    A record made in a 係, or below a department in a pilot, belongs to the review of the department
    above; one made before a department ended, to that of its successor. One query.
    """
    tree, active = _activity(municipality, month)
    return {tree.departments[number] for number in active}


def _activity(municipality: Municipality, month: Period) -> tuple[DatedTree, set[int]]:
    department = OuterRef("department")
    running = Pilot.objects.of(municipality).running_in(month.first, month.last)
    piloting = PilotDepartment.objects.filter(pilot__in=running, department=department)
    recorded = Usage.objects.filter(department=department).between(month.first, month.last)
    versions = DepartmentVersion.objects.of(municipality).select_related("department")
    rows = list(versions.annotate(is_piloting=Exists(piloting), is_used=Exists(recorded)))
    tree = DatedTree(rows)
    leads = {tree.standing(row.department_id, month.last) for row in rows if row.is_piloting}
    active = {row.department_id for row in rows if row.is_piloting or row.is_used}
    return tree, {_reviewing(number, tree, leads, month.last) for number in active}


def _reviewing(number: int, tree: DatedTree, leads: set[int], day: date) -> int:
    """The department whose review includes this department's records."""
    line = tree.line(tree.standing(number, day), day)
    covering = [each for each in line if each in leads and not tree.departments[each].is_body]
    if covering:
        return covering[-1]
    sections = (each for each in line if tree.version(each, day).kind != Department.Kind.UNIT)
    return next(sections, line[0])


@operation
def _open(
    municipality: Municipality,
    period: Period,
    department: Department | None,
    due_on: date,
    now: datetime,
) -> int:
    """Open one review in one transaction: 1, or 0 when somebody was first."""
    review, created = Review.objects.get_or_create(
        municipality=municipality,
        cadence=period.cadence,
        first=period.first,
        department=department,
        defaults={"last": period.last, "due_on": due_on, "opened_at": now},
    )
    if not created:
        return 0
    record(None, "review.opened", review, municipality=municipality, due_on=due_on)
    return 1
