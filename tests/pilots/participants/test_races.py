"""Who takes part does not change while the evaluation of the pilot begins: one waits for the other,
and what is frozen is what stands.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from municipality.core.refusals import Conflict
from municipality.organisation.models import Member
from pilots.lifecycle.operations.steps import begin_evaluation
from pilots.participants.models import Participant
from pilots.participants.operations.participation import (
    add_participants,
    agree,
    decline,
    remove_participant,
)
from pilots.planning.models import Pilot
from pilots.results.models import PilotResult
from tests.build import pilots as build
from tests.build.municipality import a_member, at
from tests.race.together import one_within_the_other

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
NOW = at(2026, 10, 30)


class Story:
    """A pilot on its last day: three agreed, one has not answered, and one was not asked."""

    def __init__(self) -> None:
        self.town = town = build.a_town()
        self.pilot = build.a_used(town)
        self.asked, self.other = a_member(town.kikaku), a_member(town.kikaku)
        build.completed(town.course, [self.asked])
        add_participants(self.pilot, members=[self.asked], by=town.chief, now=at(2026, 10, 5))

    def row(self, member: Member) -> Participant:
        return Participant.objects.select_related("pilot", "member").get(member=member)

    def adding(self) -> Callable[[], Any]:
        pilot = Pilot.objects.get()
        return lambda: add_participants(pilot, members=[self.other], by=self.town.chief, now=NOW)

    def agreeing(self) -> Callable[[], Any]:
        row = self.row(self.asked)
        return lambda: agree(row, by=self.asked, now=NOW)

    def declining(self) -> Callable[[], Any]:
        row = self.row(self.town.staff[0])
        return lambda: decline(row, by=self.town.staff[0], now=NOW)

    def removing(self) -> Callable[[], Any]:
        row = self.row(self.town.staff[0])
        return lambda: remove_participant(row, by=self.town.chief, now=NOW)

    def evaluating(self) -> Callable[[], Any]:
        return lambda: begin_evaluation(self.pilot, by=self.town.chief, now=NOW)


def states() -> list[tuple[int, str]]:
    return list(Participant.objects.order_by("pk").values_list("member", "state"))


@pytest.mark.parametrize("change", ["adding", "agreeing", "declining", "removing"])
def test_a_change_waits_for_the_evaluation_that_begins_and_is_refused(change):
    story = Story()
    before = states()
    begun, changed = one_within_the_other(story.evaluating(), getattr(story, change)())
    assert not isinstance(begun, Exception), begun
    assert isinstance(changed, Conflict), changed
    assert states() == before


def test_the_evaluation_waits_for_a_consent_and_counts_it():
    story = Story()
    agreed, begun = one_within_the_other(story.agreeing(), story.evaluating())
    assert not isinstance(agreed, Exception), agreed
    assert not isinstance(begun, Exception), begun
    assert PilotResult.objects.get().figures.participants == 4
