"""A department that did not hand in, or declared 実績なし, is told to have no record: its zero covers
no other department's number.
"""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.overview.page import read_board
from municipality.organisation.models import Department, Member
from municipality.organisation.open_days import open_days
from pilots.days.operations.submissions import declare_no_telework
from tests.build.dashboard import AS_OF
from tests.build.evaluation import a_pilot_between, a_town
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
