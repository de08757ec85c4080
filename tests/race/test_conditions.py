"""A 必須条件 falls lower while a pilot is approved: one waits for the other, and nothing is approved on
what was just taken away.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from municipality.core.refusals import Conflict
from municipality.decisions.operations.decisions import approve
from pilots.lifecycle.operations.decisions import request_pilot_decision
from pilots.planning.models import Pilot
from rollout.readiness.models import Assessment, Reexamination
from rollout.readiness.operations.reexaminations import ask_to_reexamine, confirm_reexamination
from rollout.readiness.operations.reviews import confirm_assessment
from tests.build import pilots as build
from tests.build import rollout
from tests.build.municipality import at

from .together import one_within_the_other

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
SENT, NOW = at(2026, 7, 23), at(2026, 7, 27)


@pytest.fixture
def sent():
    """A town, and the decision about a pilot that the mayor has before him."""
    town = build.a_town()
    decision = request_pilot_decision(build.a_planned(town), by=town.chief, now=SENT)
    return town, decision


def by_confirming(town) -> Callable[[], Any]:
    """A new round in which 企画財政課 has I2 at 1 waits for the office to confirm it."""
    round_ = rollout.a_round(
        town.body, town.office, "第2回", due_on=at(2026, 9, 1).date(), now=SENT
    )
    row = rollout.submitted(round_, town.kikaku, town.chief, now=SENT, I2=1)
    levels = rollout.conditions_of(row)
    return lambda: confirm_assessment(row, reviewed=levels, by=town.office, now=NOW)


def by_looking_again(town) -> Callable[[], Any]:
    """The department asked to look at I2 again, now at 1."""
    row = Assessment.objects.filter(department=town.kikaku).latest("pk")
    answer = row.answers.select_related("criterion", "assessment__department").get(
        criterion__code="I2"
    )
    asked = ask_to_reexamine(answer, level=1, comment="回線がない", by=town.chief, now=SENT)
    asked = Reexamination.objects.select_related("answer__assessment__round").get(pk=asked.pk)
    return lambda: confirm_reexamination(asked, by=town.office, now=NOW)


LOWERING = pytest.mark.parametrize("lowering", [by_confirming, by_looking_again])


def approving(town, decision) -> Callable[[], Any]:
    step = decision.steps.select_related("decision", "post", "department").get(state="current")
    return lambda: approve(step, by=town.mayor, now=NOW)


@LOWERING
def test_what_is_approved_waits_for_who_lowers_a_condition_and_is_refused(sent, lowering):
    town, decision = sent
    lowered, approved = one_within_the_other(lowering(town), approving(town, decision))
    assert not isinstance(lowered, Exception), lowered
    assert isinstance(approved, Conflict), approved
    assert "I2 接続の方式" in str(approved.reason)
    assert Pilot.objects.get().state == Pilot.State.DECIDING


@LOWERING
def test_who_lowers_a_condition_waits_for_what_is_being_approved(sent, lowering):
    town, decision = sent
    approved, lowered = one_within_the_other(approving(town, decision), lowering(town))
    assert not isinstance(approved, Exception), approved
    assert not isinstance(lowered, Exception), lowered
    assert Pilot.objects.get().state == Pilot.State.APPROVED
