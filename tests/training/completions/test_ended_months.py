"""研修受講率 (K24) of a month that has ended stands as its assignments stood on its last day."""

from __future__ import annotations

from datetime import date

import pytest

from municipality.core.figures import Figure
from municipality.core.periods import Period
from municipality.organisation.models import Department, Posting
from municipality.transfers.operations.handover import hand_over
from tests.build import training as build
from tests.build.municipality import at
from training.assignments.models import Assignment
from training.assignments.operations import cancel_assignment
from training.completions.indicators import completion_rate
from training.completions.operations import complete_course, void_completion

pytestmark = pytest.mark.django_db
NOVEMBER = Period.holding("month", date(2026, 11, 1))
DECEMBER = Period.holding("month", date(2026, 12, 1))


@pytest.fixture
def due(town):
    """西村 and 小椋 had a course due on 6 November; 小椋 completed it."""
    town.course = build.a_course(town.body)
    town.open = build.an_assignment(town.course, town.staff, town.office)
    town.done = build.a_completed_assignment(town.course, town.colleague, town.office)
    return town


def rates(town, *departments: Department):
    """Who completed, of whom: in November and in December."""
    wanted = departments or Department.objects.of(town.body)
    figures = [completion_rate(wanted, month) for month in (NOVEMBER, DECEMBER)]
    assert all(isinstance(figure, Figure) for figure in figures)
    return [(int(figure.numerator), int(figure.denominator)) for figure in figures]


def test_before_anything_is_cancelled_both_months_are_the_same(due):
    assert rates(due) == [(1, 2), (1, 2)]


def test_what_the_office_cancels_later_stood_in_the_month(due):
    cancel_assignment(due.open, by=due.office, now=at(2026, 12, 1))
    assert due.open.cancelled_on == date(2026, 12, 1)
    assert rates(due) == [(1, 2), (1, 1)]


def test_what_the_office_cancelled_on_the_last_day_did_not(due):
    cancel_assignment(due.open, by=due.office, now=at(2026, 11, 30))
    assert rates(due) == [(1, 1), (1, 1)]


def test_who_is_asked_again_and_let_off_again_has_a_day_for_each(due):
    """Let off on 20 November, asked again the same day for the 27th, let off again in December."""
    cancel_assignment(due.open, by=due.office, now=at(2026, 11, 20))
    again = build.an_assignment(
        due.course, due.staff, due.office, due_on=date(2026, 11, 27), now=at(2026, 11, 20)
    )
    assert rates(due) == [(1, 2), (1, 2)]
    cancel_assignment(again, by=due.office, now=at(2026, 12, 2))
    days = Assignment.objects.filter(member=due.staff).order_by("pk")
    assert [*days.values_list("cancelled_on", flat=True)] == [date(2026, 11, 20), date(2026, 12, 2)]
    assert rates(due) == [(1, 2), (1, 1)]


def test_who_left_after_the_month_stood_in_it(due):
    hand_over(due.body, now=at(2026, 11, 30))
    Posting.objects.filter(member=due.staff).update(ends_on=date(2026, 11, 30))
    hand_over(due.body, now=at(2026, 12, 1))
    due.open.refresh_from_db()
    assert (due.open.state, due.open.cancelled_on) == ("cancelled", date(2026, 12, 1))
    assert rates(due) == [(1, 2), (1, 1)]


def test_who_moved_after_the_month_is_counted_where_they_were_in_it(due):
    """西村 moves from 庶務係 to 税務課 on 1 December, with what is open."""
    hand_over(due.body, now=at(2026, 11, 30))
    Posting.objects.filter(member=due.staff).update(ends_on=date(2026, 11, 30))
    Posting.objects.create(
        municipality=due.body,
        member=due.staff,
        department=due.zeimu,
        post=Posting.objects.filter(member=due.staff).get().post,
        starts_on=date(2026, 12, 1),
    )
    hand_over(due.body, now=at(2026, 12, 1))
    due.open.refresh_from_db()
    assert (due.open.state, due.open.cancelled_on) == ("assigned", None)
    assert rates(due, due.unit) == [(1, 2), (1, 1)]
    assert rates(due, due.zeimu) == [(0, 0), (0, 1)]


def test_a_completion_that_is_voided_was_never_true(due):
    """A correction does change the past: the course was open all the time."""
    void_completion(
        due.done.completion, reason="別の職員の修了", by=due.office, now=at(2026, 12, 3)
    )
    assert rates(due) == [(0, 2), (0, 2)]


def test_what_is_voided_beside_a_newer_assignment_ends_that_day(due):
    newer = build.an_assignment(
        due.course, due.colleague, due.office, due_on=date(2027, 1, 29), now=at(2026, 12, 1)
    )
    void_completion(
        due.done.completion, reason="別の職員の修了", by=due.office, now=at(2026, 12, 3)
    )
    due.done.refresh_from_db()
    assert (due.done.state, due.done.cancelled_on) == ("cancelled", date(2026, 12, 3))
    assert rates(due) == [(0, 2), (0, 1)]
    assert newer.is_open


def test_what_is_completed_later_was_open_in_the_month(due):
    complete_course(due.open, completed_on=date(2026, 12, 1), by=due.office, now=at(2026, 12, 1))
    assert rates(due) == [(1, 2), (2, 2)]
