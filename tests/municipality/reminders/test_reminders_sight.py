"""Whoever is told of somebody else's delay can open the thing; nobody else reads so much as its
title.
"""

from __future__ import annotations

import pytest
from django.core.cache import cache

from municipality.notifications.models import Mail, Notice
from municipality.organisation.models import Municipality
from municipality.reminders.operations import planning as reminders
from municipality.reminders.operations.planning import plan_reminders
from tests.build import decisions as build
from tests.build.municipality import a_body, a_department, a_member, at, root_of
from tests.build.reminders import reminder_stages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("invented_matter")]


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture
def town():
    class Town:
        body = a_body()
        soumu, zeimu = a_department(body), a_department(body, "税務課")
        drafter = a_member(soumu)
        own_chief = a_member(soumu, "manager", post="課長")
        chief = a_member(zeimu, "manager", post="課長")
        second = a_member(zeimu, "manager", post="係長")
        office = a_member(root_of(body), "office")

    build.a_route(Town.soumu, (1, "decide", "課長", Town.zeimu))
    build.a_running(Town.drafter, Town.soumu, now=at(2026, 11, 4))  # due on 11/9
    Notice.objects.all().delete()
    Mail.objects.all().delete()
    return Town


def plan(number: int) -> None:
    plan_reminders(Municipality.objects.get(), now=at(2026, 11, number))


def test_a_manager_who_does_not_see_the_decision_is_not_told_that_it_rests(town):
    plan(12)
    assert (reminder_stages(town.chief), reminder_stages(town.second)) == (["+3"], [])
    plan(16)
    assert (reminder_stages(town.second), reminder_stages(town.office)) == ([], ["+5"])


@pytest.mark.selfcheck
def test_without_the_look_at_their_sight_they_would_be_told(town, monkeypatch):
    monkeypatch.setattr(reminders, "in_sight", lambda municipality, notices, day: notices)
    plan(12)
    assert reminder_stages(town.second) == ["+3"]


def test_what_was_out_of_sight_is_asked_once_a_day(town, django_assert_num_queries):
    plan(12)
    with django_assert_num_queries(
        12
    ):  # as without anybody above, with one look into the cache, and nothing to write
        plan(12)
