"""What a published town tells of training, 1on1 and goals, drawn by lot beside its telework."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from evaluation.appraisal.one_on_ones.models import OneOnOne, Pair
from evaluation.appraisal.schemes.models import EvaluationPeriod
from evaluation.appraisal.sheets.models import Sheet
from municipality.core.periods import Period
from municipality.organisation.models import Member
from training.assignments.models import Assignment
from training.completions.operations import record_completion

from .evaluation import Town
from .municipality import at
from .training import a_course


@dataclass
class LearningPeople:
    """The people of the town who have courses to take, talks to hold and goals to agree. Its own
    lot leaves the telework of the town as it is.
    """

    town: Town
    rng: Random
    people: list[Member]
    pairs: list[Pair] = field(default_factory=list)

    def begin(self) -> None:
        """Pairs and sheets of the first half-year, of most people each."""
        first, last = date(2026, 4, 1), date(2026, 9, 30)
        self.pairs = Pair.objects.bulk_create(
            Pair(
                municipality=self.town.body,
                manager=self.town.chief,
                member=person,
                department=person.postings.get().department,
                starts_on=first,
            )
            for person in self._some(0.8)
        )
        half = EvaluationPeriod.objects.create(
            municipality=self.town.body,
            name="令和8年度 上期",
            fiscal_year=2026,
            starts_on=first,
            ends_on=last,
            goals_due_on=date(2026, 4, 17),
            agree_due_on=date(2026, 4, 30),
        )
        share = self.rng.choice([0.5, 0.8, 1])
        Sheet.objects.bulk_create(
            self._sheet(half, person, is_agreed=self.rng.random() < share)
            for person in self._some(0.9)
        )

    def _sheet(self, half: EvaluationPeriod, person: Member, *, is_agreed: bool) -> Sheet:
        agreed = {"state": "agreed", "agreed_by": self.town.chief, "agreed_at": at(2026, 4, 24)}
        if is_agreed:
            agreed |= {"submitted_at": at(2026, 4, 10), "agree_due_on": half.agree_due_on}
        return Sheet(
            municipality=self.town.body,
            period=half,
            member=person,
            department=person.postings.get().department,
            evaluator=self.town.chief,
            opened_at=at(2026, 4, 1),
            goals_due_on=half.goals_due_on,
            **(agreed if is_agreed else {}),
        )

    def month(self, month: Period) -> None:
        """A course falls due for some, with completions and talks."""
        if self.rng.random() < 0.7:
            course = a_course(self.town.body)
            Assignment.objects.bulk_create(
                Assignment(
                    municipality=self.town.body,
                    course=course,
                    member=person,
                    due_on=month.first + timedelta(days=20),
                    assigned_at=at(2026, month.first.month, 1),
                )
                for person in self._some(self.rng.choice([0.2, 0.5, 0.9]))
            )
        self.learned(month, self.rng.choice([0.5, 0.8, 1]))

    def learned(self, month: Period, share: float) -> None:
        """So many of the open courses that are due are completed in the month, and so many of the
        pairs that have not met yet meet in it.
        """
        day = month.first + timedelta(days=15)
        for row in Assignment.objects.open().select_related("course", "member"):
            if self.rng.random() < share:
                completion = record_completion(
                    row.course, row.member, completed_on=day, score=None, source="office"
                )
                Assignment.objects.filter(pk=row.pk).update(
                    state="completed", completion=completion
                )
        met = set(
            OneOnOne.objects.filter(held_on__range=(month.first, month.last)).values_list(
                "pair", flat=True
            )
        )
        OneOnOne.objects.bulk_create(
            OneOnOne(
                municipality=self.town.body,
                pair=pair,
                held_on=day,
                minutes=30,
                mode="face",
                recorded_by=self.town.chief,
                recorded_at=at(2026, month.first.month, 16),
            )
            for pair in self.pairs
            if self.rng.random() < share and pair.pk not in met
        )

    def _some(self, share: float) -> list[Member]:
        return [person for person in self.people if self.rng.random() < share]
