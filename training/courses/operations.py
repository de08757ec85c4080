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
    """Add the starter courses whose codes the body does not have yet; their number. Safe to repeat."""
    rows = starter_courses(body)
    Course.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


@operation
def create_course(
    body: Municipality, *, by: Member, code: str, title: str, **values: Any
) -> Course:
    """New course. Raises Conflict for a code that exists already."""
    require(may_manage_courses(by))
    try:
        with transaction.atomic():
            course = Course.objects.create(municipality=body, code=code, title=title, **values)
    except IntegrityError:
        raise Conflict(_("研修コード「%(code)s」は使われています。") % {"code": code}) from None
    record(by, "training.course_created", course, code=code)
    return course


@operation
def update_course(course: Course, *, edition: int, by: Member, **values: Any) -> Course:
    """Change a course. Its code stays; earlier completions keep their expiry."""
    require(may_manage_courses(by, course))
    change(course, edition=edition, **values)
    record(by, "training.course_changed", course, changed=sorted(values))
    return course


@operation
def add_starter_courses(body: Municipality, *, by: Member) -> int:
    """Add the starter courses of the product that the body does not have; their number."""
    require(may_manage_courses(by))
    count = load_courses(body)
    record(by, "training.starter_added", municipality=body, count=count)
    return count
