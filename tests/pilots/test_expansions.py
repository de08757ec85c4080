"""展開申請: evidence first, then the decision, then the next pilots, once."""

from __future__ import annotations

import pytest

from pilots.models import Expansion, Pilot
from tests.build import pilots as build
from tests.build.municipality import at

pytestmark = pytest.mark.django_db


def test_an_approved_expansion_makes_the_next_pilot_once():
    town = build.a_town()
    expansion = build.a_requested(town)
    assert expansion.state == Expansion.State.DECIDING
    decision = build.decision_of(expansion)
    build.decided(decision, town.others["soumu_chief"], town.mayor, now=at(2026, 11, 9))
    expansion.refresh_from_db()
    assert expansion.state == Expansion.State.APPROVED
    following = Pilot.objects.get(expansion=expansion)
    assert (following.state, following.name, following.lead) == ("approved", "第2期試行", town.tax_chief)
