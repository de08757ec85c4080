"""The courses of a body."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict, require
from municipality.core.transitions import change
from municipality.organisation.models import Member, Municipality
from training.courses.catalogue_file import starter_courses
from training.courses.models import Course, CourseRequirement
from training.courses.rules import may_manage_courses


def load_courses(body: Municipality, starts_on: date | None = None) -> int:
    """Add the starter courses whose codes the body does not have yet; their number. Safe to repeat.
    Those marked as required are so from the day, or from the beginning.
    """
    rows = starter_courses(body)
    Course.objects.bulk_create(rows, ignore_conflicts=True)
    added = Course.objects.of(body).filter(code__in=[row.code for row in rows])
    CourseRequirement.objects.bulk_create(
        CourseRequirement(municipality=body, course=course, starts_on=starts_on)
        for course in added.filter(required_for_pilots=True, requirements=None)
    )
    return len(rows)


@operation
def create_course(
    body: Municipality,
    *,
    by: Member,
    now: datetime,
    code: str,
    title: str,
    required_from: date | None = None,
    **values: Any,
) -> Course:
    """New course, required of participants from the day or from today. Raises Conflict for a code
    that exists already.
    """
    require(may_manage_courses(by))
    try:
        with transaction.atomic():
            course = Course.objects.create(municipality=body, code=code, title=title, **values)
    except IntegrityError:
        raise Conflict(_("研修コード「%(code)s」は使われています。") % {"code": code}) from None
    _mark_required(course, required_from, now)
    record(by, "training.course_created", course, code=code)
    return course


@operation
def update_course(
    course: Course,
    *,
    edition: int,
    by: Member,
    now: datetime,
    required_from: date | None = None,
    **values: Any,
) -> Course:
    """Change a course. Its code stays; earlier completions keep their expiry. A mark as required
    that is set or taken away holds from the day, or from today. Raises Conflict for a day that has
    passed.
    """
    require(may_manage_courses(by, course))
    change(course, edition=edition, **values)
    _mark_required(course, required_from, now)
    values |= {"required_from": required_from} if required_from else {}
    record(by, "training.course_changed", course, changed=sorted(values))
    return course


def _mark_required(course: Course, day: date | None, now: datetime) -> None:
    """Begin, move or end the period in which the course is required, as it is marked. A course out
    of use is required of nobody.
    """
    today = timezone.localdate(now)
    if day and day < today:
        raise Conflict(_("必須の指定は、過去にさかのぼって変更できません。"))
    begun = Q(starts_on=None) | Q(starts_on__lte=today)
    lasting = course.requirements.filter(Q(ends_on=None) | Q(ends_on__gte=today))
    running, planned = lasting.filter(begun).last(), lasting.exclude(begun).last()
    latest = planned or running
    if course.required_for_pilots and course.is_active:
        if day or latest is None or latest.ends_on:
            _begin(course, running, day or today, today)
    elif latest is not None and (day or latest.ends_on is None):
        later = lasting.filter(Q(ends_on=None) | Q(ends_on__gte=day or today))
        for period in {latest, *later}:
            _end(period, day or today)


def _begin(course: Course, running: CourseRequirement | None, day: date, today: date) -> None:
    """Require it from the day. What was planned before for days to come counts no more."""
    course.requirements.filter(starts_on__gt=today).delete()
    if running is None or (running.ends_on and running.ends_on + timedelta(days=1) < day):
        CourseRequirement.objects.create(
            municipality_id=course.municipality_id, course=course, starts_on=day
        )
    elif running.ends_on:
        running.ends_on = None
        running.save(update_fields=["ends_on"])


def _end(period: CourseRequirement, day: date) -> None:
    if period.starts_on and period.starts_on >= day:
        period.delete()
        return
    period.ends_on = day - timedelta(days=1)
    period.save(update_fields=["ends_on"])


@operation
def add_starter_courses(body: Municipality, *, by: Member, now: datetime) -> int:
    """Add the starter courses of the product that the body does not have; their number."""
    require(may_manage_courses(by))
    count = load_courses(body, timezone.localdate(now))
    record(by, "training.starter_added", municipality=body, count=count)
    return count
