"""The courses of a body."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict, require
from municipality.core.transitions import change
from municipality.organisation.models import Member, Municipality
from training.courses.catalogue_file import starter_courses
from training.courses.models import Course
from training.courses.rules import may_manage_courses


def load_courses(body: Municipality) -> int:
    """Give the body the starter courses whose codes it does not have yet; how many came. Safe to
    repeat.
    """
    rows = starter_courses(body)
    Course.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


@operation
def create_course(body: Municipality, *, by: Member, code: str, title: str, **facts: Any) -> Course:
    """A new course. Raises Conflict for a code that the body has already."""
    require(may_manage_courses(by))
    try:
        with transaction.atomic():
            course = Course.objects.create(municipality=body, code=code, title=title, **facts)
    except IntegrityError:
        raise Conflict(_("研修コード「%(code)s」は使われています。") % {"code": code}) from None
    record(by, "training.course_created", course, code=code)
    return course


@operation
def update_course(course: Course, *, edition: int, by: Member, **facts: Any) -> Course:
    """Change what a course says of itself. Its code stays; completions keep the expiry they were
    given.
    """
    require(may_manage_courses(by, course))
    change(course, edition=edition, **facts)
    record(by, "training.course_changed", course, changed=sorted(facts))
    return course


@operation
def add_starter_courses(body: Municipality, *, by: Member) -> int:
    """Give the body the courses that come with the product and that it does not have; how many
    came.
    """
    require(may_manage_courses(by))
    count = load_courses(body)
    record(by, "training.starter_added", municipality=body, count=count)
    return count
