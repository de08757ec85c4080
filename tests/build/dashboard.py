"""Things due, and a demonstration town, as the tests of home and 状況一覧 need them."""

from __future__ import annotations

from datetime import date

from dashboard.demo.loader import load_body
from dashboard.demo.organisation import Body
from dashboard.demo.plans import town
from municipality.organisation.models import Department, Member
from rollout.readiness.models import Assessment
from rollout.readiness.operations.catalogue import load_criteria
from rollout.readiness.operations.rounds import open_round
from training.assignments.models import Assignment
from training.assignments.operations import assign_course

from .municipality import at
from .training import a_course

AS_OF = date(2026, 11, 10)
"""A Tuesday: Monday the 9th was the fifth open day of its month."""


def a_demo_town(*, seed: int = 1, as_of: date = AS_OF) -> Body:
    """あおば町 with its history, as `load_demo` makes it."""
    return load_body(town(), seed=seed, as_of=as_of)


def due_for(member: Member, office: Member, *days: date, now=None) -> list[Assignment]:
    """A course per day that the member has to take by then."""
    found = []
    for number, day in enumerate(days):
        course = a_course(
            member.municipality, code=f"D{member.pk}-{number}", title=f"期限の研修{number}"
        )
        found += assign_course(
            course, members=[member], due_on=day, by=office, now=now or at(2026, 10, 1)
        )
    return found


def asked(department: Department, office: Member, *, due_on: date) -> Assessment:
    """A round of readiness in which the department has to answer."""
    load_criteria(department.municipality)
    opened = open_round(
        department.municipality,
        name="第1回",
        due_on=due_on,
        by=office,
        now=at(2026, 10, 1),
        departments=[department],
    )
    return opened.assessments.get()
