"""A department that did not hand in, or declared 実績なし, is told to have no record: its zero covers
no other department's number.
"""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.home.department_now import read_now
from dashboard.overview.page import read_board
from evaluation.pdca.reviews.figures import frozen_figures, hiding_of, rows_of
from evaluation.pdca.reviews.operations.revisions import reopen_review
from municipality.core.small_cells import MARK
from municipality.organisation.models import Department, Member
from municipality.organisation.open_days import open_days
from municipality.organisation.rules import gate_of
from pilots.days.operations.submissions import declare_no_telework
from tests.build.dashboard import AS_OF
from tests.build.evaluation import a_closed, a_pilot_between, a_review, a_town, reviews_opened
from tests.build.municipality import a_department, a_member, at
from tests.build.pilots import used

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tenth")]


def a_town_of(*takers: int):
    """Departments of sixteen people in pilots, of which so many teleworked in October."""
    town = a_town()
    for number, count in enumerate(takers):
        place = a_department(town.body, f"第{number + 1}課")
        people = [a_member(place) for _person in range(16)]
        a_pilot_between(place, people[0], date(2026, 10, 1), date(2026, 12, 25))
        for member in people[:count]:
            used(member, place, date(2026, 10, 5))
    return town


def rows_told(town) -> dict[str, bool]:
    """Each department and the total: is it told to a consultant?"""
    member = Member.objects.get(pk=town.consultant.pk)
    usage = read_board(member, open_days(town.body.pk), AS_OF).usage
    return {row.name: not row.hidden for row in [*usage.rows, usage.total]}


@pytest.mark.parametrize("declared", [True, False])
def test_beside_a_department_without_records_everything_is_hidden(declared):
    """第1課 has 14 of 16, so that two stay at the office; 第2課 has no record."""
    town = a_town_of(14, 0)
    if declared:
        place = Department.objects.get(name="第2課")
        declare_no_telework(place, date(2026, 10, 1), by=None, now=at(2026, 11, 2))
    assert set(rows_told(town).values()) == {False}


def test_with_three_that_handed_in_the_total_is_told():
    told = rows_told(a_town_of(14, 0, 8, 9))
    assert told["第1課"] is False
    assert [told["第3課"], told["第4課"]].count(False) >= 1
    assert told["あおば町全体"] is True


OUTLETS = ("tile", "trend", "total", "home", "open review", "closed review", "decision")


def body_told(town) -> dict[str, bool]:
    """Where the rate of the body in October is told to a consultant: is it?"""
    member = Member.objects.get(pk=town.consultant.pk)
    reviews_opened(town, at(2026, 11, 2))
    review = a_review(town)
    told = {"open review": told_by(rows_of(review, member))}
    board = read_board(member, open_days(town.body.pk), AS_OF)
    told["tile"] = not next(tile for tile in board.figures.tiles if "対象" in tile.name).suppressed
    told["trend"] = board.figures.shown("K03", board.scope.month) is not None
    told["total"] = not board.usage.total.hidden
    now = read_now(member, AS_OF)
    told["home"] = dict(now.pairs)["実施者"] != MARK
    closed = a_closed(town)
    told["closed review"] = told_by(rows_of(closed, member))
    gate = gate_of(member)
    hiding = hiding_of(closed, frozen_figures(closed, late=False), gate)
    told["decision"] = "K03" not in hiding.codes
    return told


def told_by(rows) -> bool:
    """Is any of K01 to K04 told by the review, or all?"""
    shown = {not row.suppressed for row in rows if row.indicator.code in {"K01", "K03", "K04"}}
    assert len(shown) == 1
    return shown.pop()


@pytest.mark.parametrize("declared", [True, False])
def test_a_figure_of_the_body_that_is_one_departments_is_told_nowhere(declared):
    """14 of 32 are the 14 of 第1課, of which two stayed at the office: 第2課 has no record."""
    town = a_town_of(14, 0)
    if declared:
        place = Department.objects.get(name="第2課")
        declare_no_telework(place, date(2026, 10, 1), by=None, now=at(2026, 11, 2))
    assert body_told(town) == dict.fromkeys(OUTLETS, False)


def test_with_three_that_handed_in_it_is_told_everywhere():
    assert body_told(a_town_of(14, 0, 8, 9)) == dict.fromkeys(OUTLETS, True)


def test_of_one_department_alone_that_need_not_be_hidden_it_is_told():
    """8 of 16: neither who did nor who did not is few."""
    assert body_told(a_town_of(8, 0)) == dict.fromkeys(OUTLETS, True)


def test_what_was_one_departments_at_the_closing_stays_hidden_when_others_hand_in_later():
    town = a_town_of(14, 0)
    member = Member.objects.get(pk=town.consultant.pk)
    reviews_opened(town, at(2026, 11, 2))
    closed = a_closed(town)
    place = Department.objects.get(name="第2課")
    people = Member.objects.filter(postings__department=place).order_by("pk")
    for person in people[:8]:
        used(person, place, date(2026, 10, 6))
    assert told_by(rows_of(closed, member)) is False


def test_a_second_closing_that_tells_who_handed_in_since_is_hidden():
    """第2課 is missing at the first closing. With its 14 of 16 the second one has 31 for 17."""
    town = a_town_of(8, 0, 9)
    member = Member.objects.get(pk=town.consultant.pk)
    reviews_opened(town, at(2026, 11, 2))
    closed = a_closed(town)
    assert told_by(rows_of(closed, member)) is True
    place = Department.objects.get(name="第2課")
    people = Member.objects.filter(postings__department=place).order_by("pk")
    for person in people[:14]:
        used(person, place, date(2026, 10, 6))
    reopen_review(closed, reason="記録が届いたため", by=town.office, now=at(2026, 11, 9))
    assert told_by(rows_of(a_review(town), member)) is False
    board = read_board(member, open_days(town.body.pk), AS_OF)
    assert board.figures.shown("K03", board.scope.month) is None
