"""The last step of an expansion, pressed by many at once: the next pilots exist once."""

from __future__ import annotations

from collections import Counter

import pytest
from django.urls import reverse

from municipality.audit.models import Entry
from municipality.core.refusals import Conflict
from pilots.planning.models import Expansion, Pilot
from tests.build import pilots as build
from tests.build.municipality import at, signed_in
from tests.race.together import together

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
CLIENTS = 16


def test_sixteen_windows_of_the_decider_make_the_next_pilots_once():
    town = build.a_town()
    expansion = build.a_requested(
        town, departments=[town.zeimu, town.office.postings.get().department]
    )
    decision = build.decided(
        build.decision_of(expansion), town.others["soumu_chief"], now=at(2026, 11, 5)
    )
    step = decision.steps.get(state="current")
    address = reverse("municipality:decision_approve", args=[town.body.pk, decision.pk])
    clients = [signed_in(town.mayor) for _window in range(CLIENTS)]
    jobs = [
        lambda client=client: client.post(address, {"step": step.pk}).status_code
        for client in clients
    ]
    assert Counter(together(jobs)) == Counter({302: 1, 409: CLIENTS - 1})
    assert Expansion.objects.get().state == "approved"
    assert sorted(Pilot.objects.filter(expansion=expansion).values_list("name", flat=True)) == [
        "第2期試行(税務課)",
        "第2期試行(総務課)",
    ]
    assert Entry.objects.filter(verb="expansion.approved").count() == 1


def test_of_many_applications_at_once_one_stands():
    town = build.a_town()
    pilot = build.an_evaluated(town)
    pilots = [Pilot.objects.get(pk=pilot.pk) for _window in range(6)]
    came = together([lambda each=each: build.an_application(town, each) for each in pilots])
    assert [type(one) for one in came].count(Conflict) == 5, came
    assert Expansion.objects.count() == 1
