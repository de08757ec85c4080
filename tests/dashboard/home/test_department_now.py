"""現況 of a department on home says when a part of it did not hand in."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.home.department_now import read_now
from tests.build import pilots as build
from tests.build.evaluation import a_pilot_between, today_is
from tests.build.municipality import a_department, a_member, signed_in

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 10)


@pytest.fixture
def town():
    """企画財政課 and a unit of it that tries by itself; two people of the former teleworked."""
    town = build.a_town()
    build.a_used(town)
    for person in town.staff[:2]:
        build.used(person, town.kikaku, date(2026, 10, 6))
    unit = a_department(town.body, "企画係", parent=town.kikaku, kind="unit")
    member = a_member(unit)
    a_pilot_between(unit, town.chief, date(2026, 9, 1), date(2026, 12, 25))
    return town, unit, member


def shown(town) -> dict[str, str]:
    now = read_now(today_is(town.chief, TODAY), TODAY)
    assert now is not None
    return dict(now.pairs)


def test_what_is_missing_below_stands_beside_the_figure(town):
    town, unit, member = town
    assert shown(town)["実施者"] == "2人 / 対象5人(未提出: 企画係)"
    assert shown(town)["延べ日数"] == "2.0人日(未提出: 企画係)"
    page = signed_in(town.chief).get(f"/{town.body.pk}/").text
    assert "実施者は対象職員、延べ日数は全職員を数えた" in page
    assert "現在の集計で、レビューで締めた値ではありません" in page
    build.used(member, unit, date(2026, 10, 7))
    assert shown(town)["実施者"] == "3人 / 対象5人"
    assert shown(town)["延べ日数"] == "3.0人日"
