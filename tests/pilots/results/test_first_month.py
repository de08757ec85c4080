"""The first month of a pilot: nothing is owed before it is over, and nothing is counted yet."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.utils import timezone

from tests.build import pilots as build
from tests.build.municipality import at, signed_in

pytestmark = pytest.mark.django_db


def page_on(town, monkeypatch, day: date) -> str:
    pilot = build.a_running(town)
    monkeypatch.setattr(timezone, "now", lambda: at(day.year, day.month, day.day, 10))
    return signed_in(town.chief).get(pilot.get_absolute_url()).content.decode()


@pytest.mark.parametrize("day", [date(2026, 8, 3), date(2026, 8, 31)])
def test_a_month_that_goes_on_is_not_missing_and_judges_nothing(monkeypatch, day):
    text = page_on(build.a_town(), monkeypatch, day)
    assert "未提出" not in text
    assert "判定できません" not in text
    assert "実施記録がまだありません" in text


def test_a_month_that_is_over_is_missing(monkeypatch):
    text = page_on(build.a_town(), monkeypatch, date(2026, 9, 1))
    assert "未提出 企画財政課 8月" in text
    assert "判定できません" in text


def test_what_is_empty_has_no_unit(monkeypatch):
    text = page_on(build.a_town(), monkeypatch, date(2026, 8, 3))
    tiles = re.findall(r'<p class="v">\s*(.*?)\s*</p>', text)
    assert "—" in tiles
    assert not [tile for tile in tiles if re.match(r"—.+", tile)]
