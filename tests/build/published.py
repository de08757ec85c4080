"""A town of many small departments, drawn by lot, of which everything is published: reviews of
every cadence, closed and open, pilots, an expansion, its decisions; with courses, 1on1 and goals.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from evaluation.pdca.reviews.models import Review
from evaluation.pdca.reviews.operations.reviews import close_review, request_review_decision
from municipality.core.periods import Period
from municipality.organisation.models import Department, Member
from pilots.days.models import Usage
from pilots.expansion.evidence import measure_evidence
from pilots.participants.models import Participant
from pilots.planning.models import Expansion, Pilot, SuccessCriterion
from pilots.results.evidence import digest

from .evaluation import Town, a_pilot_between, a_town, reviews_opened, written
from .municipality import a_department, a_member, at
from .published_people import LearningPeople

LAST = Period.holding(Period.MONTH, date(2026, 10, 1))


@dataclass
class PublishedTown:
    """The town with what its reader may know of it: its pilots, and when records came in late.
    `late` has a month and the moment for each delivery after the first.
    """

    town: Town
    rng: Random
    places: list[Department]
    people: dict[int, list[Member]]
    learning: LearningPeople | None = None
    pilots: list[Pilot] = field(default_factory=list)
    late: list[tuple[date, datetime]] = field(default_factory=list)

    def version(self, month: date, moment: datetime) -> int:
        """How many late deliveries for the month were there by then."""
        return sum(first == month and came < moment for first, came in self.late)


def a_published_town(seed: int) -> PublishedTown:
    """April to October 2026: pilots begin and end, people telework or not, reviews are closed or
    stay open, and some records come in after that.
    """
    rng = Random(seed)
    town = a_town()
    made = PublishedTown(town, rng, [], {})
    scale = rng.choice([1, 2, 3])
    for number in range(rng.randint(4, 7)):
        size = scale * rng.choice([1, 2, 3, 4, 5, 6, 7, 9, 12, 16])
        place = a_department(town.body, f"第{number + 1}課")
        made.places.append(place)
        made.people[place.pk] = [a_member(place) for _person in range(size)]
    for _person in range(rng.randint(0, 12)):
        a_member(town.zeimu)
    for place in made.places:
        if rng.random() < 0.75:
            _pilot(made, place)
    everybody = [person for people in made.people.values() for person in people]
    made.learning = LearningPeople(town, Random(f"learning {seed}"), everybody)
    made.learning.begin()
    month = Period.holding(Period.MONTH, date(2026, 4, 1))
    while month.first <= LAST.first:
        _month(made, month)
        if made.pilots and month.first.month in (6, 9):
            _expansion(made, made.rng.choice(made.pilots), at(2026, month.first.month + 1, 3))
        month = month.following
    return made


def _expansion(made: PublishedTown, pilot: Pilot, now: datetime) -> None:
    """An expansion of a pilot, on its way to a decision, with what it froze."""
    evidence = measure_evidence(pilot, [made.rng.choice(made.places)], now=now)
    Expansion.objects.create(
        municipality=made.town.body,
        pilot=pilot,
        name=f"展開 {now.month}",
        starts_on=date(2027, 1, 12),
        ends_on=date(2027, 3, 31),
        initial_yen=0,
        monthly_yen=0,
        explanation="試験",
        requested_by=made.town.chief,
        evidence=evidence,
        evidence_hash=digest(evidence),
        evidence_at=now,
    )


def _pilot(made: PublishedTown, place: Department) -> None:
    first = date(2026, made.rng.choice([4, 4, 5, 6, 7, 8, 9, 10]), 1)
    last = made.rng.choice([date(2026, 9, 30), date(2026, 10, 31), date(2026, 12, 25)])
    pilot = a_pilot_between(place, made.town.chief, first, max(first + timedelta(days=20), last))
    pilot.name = f"試行 {place.name}"
    pilot.save()
    SuccessCriterion.objects.bulk_create(
        SuccessCriterion(
            municipality=made.town.body,
            pilot=pilot,
            indicator=code,
            direction="at_least",
            threshold=threshold,
            fixed_at=at(2026, 4, 1),
        )
        for code, threshold in (("K38", 3), ("K40", 50))
    )
    people = made.people[place.pk]
    share = made.rng.choice([0.5, 0.8, 1])
    chosen = [person for person in people if made.rng.random() < share]
    Participant.objects.bulk_create(
        Participant(
            municipality=made.town.body,
            pilot=pilot,
            member=person,
            department=place,
            state="agreed",
            asked_on=date(2026, 3, 1),
            agreed_on=date(2026, 3, 2),
        )
        for person in chosen
    )
    made.pilots.append(pilot)


def _month(made: PublishedTown, month: Period) -> None:
    """What happens in a month, and in the days after it."""
    _worked(made, month, made.rng.choice([0.3, 0.6, 0.9, 1]))
    if made.learning:
        made.learning.month(month)
    now = at(month.following.first.year, month.following.first.month, 4)
    reviews_opened(made.town, now)
    waiting = Review.objects.of(made.town.body).filter(department=None, state="entering")
    for review in waiting.order_by("last", "first"):
        if made.rng.random() < 0.8:
            _close(made, review, now)
            if made.rng.random() < 0.4:
                made.late.append((month.first, now + timedelta(hours=1)))
                _worked(made, month, 0.15)
                if made.learning:
                    made.learning.learned(month, made.learning.rng.choice([0.05, 0.2]))
                now += timedelta(hours=2)


def _close(made: PublishedTown, review: Review, now: datetime) -> None:
    office = made.town.office
    close_review(written(review, office), by=office, now=now)
    if made.rng.random() < 0.3:
        review.refresh_from_db()
        request_review_decision(review, by=office, now=now)


def _worked(made: PublishedTown, month: Period, share: float) -> None:
    """Participants telework with this likelihood, others of a begun department now and then."""
    taking_part = set(
        Participant.objects.filter(
            pilot__starts_on__lte=month.first, pilot__ends_on__gte=month.last
        ).values_list("member", flat=True)
    )
    rows = []
    for place in made.places:
        for person in made.people[place.pk]:
            likely = share if person.pk in taking_part else 0.02
            if made.rng.random() < likely:
                day = month.first + timedelta(days=made.rng.randint(0, 27))
                rows.append((person, place, day))
    known = set(
        Usage.objects.filter(day__range=(month.first, month.last)).values_list("member", flat=True)
    )
    Usage.objects.bulk_create(
        Usage(
            municipality=made.town.body,
            member=person,
            department=place,
            day=day,
            unit="full",
            minutes=465,
        )
        for person, place, day in rows
        if person.pk not in known
    )
