"""1on1 whose planned day has passed are a tab of their own."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from evaluation.appraisal.one_on_ones.models import Pair
from evaluation.appraisal.one_on_ones.operations import record_talk
from tests.build import evaluation as build
from tests.build.municipality import at, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(monkeypatch):
    """企画財政課長 wanted to meet one person on 5 November, and another on 20 November."""
    town = build.a_town()
    build.a_talk(town, next_on=date(2026, 11, 5))
    build.a_talk(town, build.a_pair(town, town.second), promises=[], next_on=date(2026, 11, 20))
    monkeypatch.setattr(timezone, "now", lambda: at(2026, 11, 10))
    return town


def shown(town, query: str = "") -> str:
    address = f"/{town.body.pk}/one-on-ones/{query}"
    return signed_in(town.chief).get(address).content.decode()


def test_the_tab_holds_those_whose_day_has_passed(town):
    everybody, late = shown(town), shown(town, "?tab=late")
    assert [str(town.staff) in everybody, str(town.second) in everybody] == [True, True]
    assert [str(town.staff) in late, str(town.second) in late] == [True, False]
    assert "期限超過" in everybody


def test_who_met_is_no_longer_late(town):
    pair = Pair.objects.get(member=town.staff)
    record_talk(
        pair,
        content={**build.TALK, "held_on": date(2026, 11, 9), "next_on": None},
        promises=[],
        by=pair.manager,
        now=at(2026, 11, 9),
    )
    late = shown(town, "?tab=late")
    assert str(town.staff) not in late
    assert "予定を過ぎた1on1はありません" in late


def test_an_unknown_tab_shows_everybody(town):
    assert str(town.second) in shown(town, "?tab=x")
