"""What was frozen of a pilot first stays told; what few people make differ from it is hidden, by
whichever result or expansion it was told.

企画財政課 tries telework from June to November 2026 with 20 of its people, ten of whom do.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from municipality.core.small_cells import Gate
from municipality.decisions.models import Decision, Revision
from pilots.expansion.evidence import measure_evidence
from pilots.expansion.small_numbers import hides_evidence
from pilots.lifecycle.operations.steps import begin_evaluation, measure_again
from pilots.participants.models import Participant
from pilots.planning.models import Expansion, SuccessCriterion
from pilots.results.evidence import digest
from tests.build.evaluation import a_pilot_between, a_town
from tests.build.municipality import a_department, a_member, at, signed_in
from tests.build.pilots import used

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tenth")]

LAST_DAY = at(2026, 11, 30, 18)


class Story:
    """The pilot, its people and what a consultant reads of it."""

    def __init__(self) -> None:
        self.town = a_town()
        self.place = a_department(self.town.body, "第一課")
        self.people = [a_member(self.place) for _number in range(30)]
        self.pilot = a_pilot_between(
            self.place, self.town.chief, date(2026, 6, 1), date(2026, 11, 30)
        )
        SuccessCriterion.objects.create(
            municipality=self.town.body,
            pilot=self.pilot,
            indicator="K40",
            direction="at_least",
            threshold=Decimal(20),
            fixed_at=at(2026, 4, 1),
        )
        for person in self.people[:20]:
            Participant.objects.create(
                municipality=self.town.body,
                pilot=self.pilot,
                member=person,
                department=self.place,
                state="agreed",
                asked_on=date(2026, 3, 1),
                agreed_on=date(2026, 3, 2),
            )
        for month in range(6, 11):
            self.worked(0, 10, month)

    def worked(self, first: int, last: int, month: int = 9) -> None:
        """Records of some of the people in a month."""
        for person in self.people[first:last]:
            used(person, self.place, date(2026, month, 8))

    def expansion(self, day: int, state: str = "rejected") -> Expansion:
        """An expansion with the evidence of a day of November."""
        now = at(2026, 11, day)
        evidence = measure_evidence(self.pilot, [self.town.zeimu], now=now)
        return Expansion.objects.create(
            municipality=self.town.body,
            pilot=self.pilot,
            name=f"展開 {day}",
            starts_on=date(2027, 1, 12),
            ends_on=date(2027, 3, 31),
            initial_yen=0,
            monthly_yen=0,
            explanation="試験",
            requested_by=self.town.chief,
            evidence=evidence,
            evidence_hash=digest(evidence),
            evidence_at=now,
            state=state,
            decided_at=None if state == "draft" else now,
        )

    def read(self, thing) -> set[str]:
        """The shares of people on a page, as a consultant reads it."""
        page = signed_in(self.town.consultant).get(thing.get_absolute_url()).content.decode()
        return set(re.findall(r"\d+ / 20", page))


@pytest.fixture
def story():
    return Story()


def test_a_result_that_few_people_make_differ_from_an_expansion_is_hidden(story, monkeypatch):
    expansion = story.expansion(5)
    assert story.read(story.pilot) >= {"10 / 20"}
    story.worked(15, 17)
    monkeypatch.setattr(timezone, "now", lambda: LAST_DAY)
    begin_evaluation(story.pilot, by=story.town.chief, now=LAST_DAY)
    assert story.read(expansion) == {"10 / 20"}
    assert story.read(story.pilot) == set()


def test_a_result_that_differs_by_few_from_an_earlier_result_is_hidden(story, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: LAST_DAY)
    begin_evaluation(story.pilot, by=story.town.chief, now=LAST_DAY)
    assert story.read(story.pilot) >= {"10 / 20"}
    story.worked(15, 16)
    story.pilot.refresh_from_db()
    measure_again(story.pilot, by=story.town.chief, now=at(2026, 11, 30, 19))
    assert story.read(story.pilot) == set()


def test_a_first_result_stays_told_beside_a_later_expansion(story, monkeypatch):
    """Evidence of the judged pilot is its result; it hides neither."""
    monkeypatch.setattr(timezone, "now", lambda: LAST_DAY)
    begin_evaluation(story.pilot, by=story.town.chief, now=LAST_DAY)
    expansion = story.expansion(30)
    assert story.read(expansion) == {"10 / 20"}
    assert story.read(story.pilot) >= {"10 / 20"}


def test_an_expansion_measured_anew_is_hidden_and_its_first_version_stays_told(story):
    expansion = story.expansion(5, "draft")
    first = expansion.evidence
    a_version(expansion)
    story.worked(15, 17)
    again = measure_evidence(story.pilot, [story.town.zeimu], now=at(2026, 11, 9))
    Expansion.objects.filter(pk=expansion.pk).update(evidence=again, evidence_hash=digest(again))
    assert story.read(expansion) == set()
    expansion.refresh_from_db()
    today = date(2026, 11, 10)
    assert not hides_evidence(expansion, first, Gate(5), today)
    assert hides_evidence(expansion, again, Gate(5), today)


def a_version(expansion: Expansion) -> None:
    """The version of its decision with the evidence that it has now."""
    decision = Decision.objects.create(
        municipality_id=expansion.municipality_id,
        matter="pilots.expansion",
        subject_id=expansion.pk,
        title="展開",
        drafter=expansion.requested_by,
        department=expansion.pilot.places[0],
        drafted_at=expansion.evidence_at,
    )
    Revision.objects.create(
        municipality_id=expansion.municipality_id,
        decision=decision,
        number=1,
        content={"evidence": {"hash": expansion.evidence_hash, "values": expansion.evidence}},
        hash=expansion.evidence_hash,
        frozen_at=expansion.evidence_at,
    )
