"""The last step of an expansion, pressed by many at once: the next pilots exist once."""

from __future__ import annotations

from collections import Counter

import pytest
from django.urls import reverse

from municipality.audit.models import Entry
from pilots.expansion.models import Expansion
from pilots.planning.models import Pilot
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
