"""No rate of the catalogue passes 100 %, whatever becomes of postings, kinds and pilots."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from evaluation.appraisal.one_on_ones.models import Pair
from evaluation.pdca.indicators.measures import measure
from evaluation.pdca.indicators.operations import catalogue
from municipality.core.figures import MEAN, RATE, added
from municipality.core.periods import ONE_DAY, Period
from municipality.organisation.models import Department, EmploymentKind, Member, Posting
from municipality.organisation.open_days import open_days
from municipality.organisation.operations.departments import post_member
from municipality.organisation.operations.employment_kinds import keep_employment_kinds
from pilots.days.indicators import usage_figures
from pilots.days.models import Usage
from pilots.days.operations.records import record_usages
from pilots.participants.models import Participant
from pilots.planning.models import Pilot, PilotKind
from pilots.results.criteria_results import FIGURES, measured
from tests.build import pilots as build
from tests.build.evaluation import a_pilot_between
from tests.build.municipality import a_department, a_member, at
from tests.build.training import a_completion, an_assignment

pytestmark = pytest.mark.django_db

LAST = date(2026, 12, 28)
RATES = {entry["code"] for entry in catalogue() if entry["rate"]}


class History:
    """A town to which things happen in any order, at any day of June to December."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.town = build.a_town()
        unit = a_department(self.town.body, "企画係", parent=self.town.kikaku, kind="unit")
        self.places = [self.town.kikaku, self.town.zeimu, unit]
        self.happenings = (
            self.teleworks,
            self.teleworks,
            self.moves_back_dated,
            self.moves_back_dated,
            self.leaves,
            self.joins,
            self.changes_kind,
            self.begins_pilot,
            self.takes_part,
            self.meets,
            self.learns,
        )

    def live(self, count: int = 40) -> None:
        """So many things happen."""
        for _number in range(count):
            self.random.choice(self.happenings)()

    @property
    def place(self) -> Department:
        return self.random.choice(self.places)

    @property
    def person(self) -> Member:
        return self.random.choice(list(Member.objects.of(self.town.body)))

    @property
    def day(self) -> date:
        return date(2026, 6, 1) + timedelta(
            days=self.random.randrange((LAST - date(2026, 6, 1)).days)
        )

    def teleworks(self) -> None:
        person, day = self.person, self.day
        posting = person.postings.on(day).filter(kind="main").first()
        if posting is None:
            return
        days = {day + timedelta(days=self.random.randrange(20)) for _ in range(3)}
        rows = [
            Usage(
                municipality=self.town.body,
                member=person,
                department=posting.department,
                day=each,
                unit=self.random.choice(["full", "morning"]),
                minutes=232,
            )
            for each in days
        ]
        record_usages(self.town.body, usages=rows, by=None, now=at(2026, 12, 28))

    def moves_back_dated(self) -> None:
        person, day = self.person, self.day
        posting = person.postings.filter(kind="main", starts_on__lt=day).order_by("-pk").first()
        if posting is None:
            return
        person.postings.filter(kind="main", starts_on__gte=day).delete()
        person.postings.filter(kind="main", starts_on__lt=day).exclude(ends_on__lt=day).update(
            ends_on=day - ONE_DAY
        )
        post_member(
            person,
            department=self.place,
            post=posting.post,
            roles=["staff"],
            starts_on=day,
        )

    def leaves(self) -> None:
        day = self.day
        rows = Posting.objects.filter(member=self.person, starts_on__lte=day, kind="main")
        rows.filter(ends_on=None).update(
            **self.random.choice([{"ends_on": day}, {"status": "leave"}])
        )

    def joins(self) -> None:
        a_member(
            self.place, starts_on=self.day, employment=self.random.choice(["正規職員", "外部"])
        )

    def changes_kind(self) -> None:
        keep_employment_kinds(self.town.body, at(2026, 8, 1))
        kind = self.random.choice(list(EmploymentKind.objects.of(self.town.body)))
        EmploymentKind.objects.filter(pk=kind.pk).update(counts_as_staff=not kind.counts_as_staff)

    def begins_pilot(self) -> None:
        first = self.day
        last = first + timedelta(days=self.random.randrange(20, 90))
        over = self.random.random() < 0.4
        pilot = a_pilot_between(self.place, self.town.chief, first, last, over=over)
        if self.random.random() < 0.3:
            Pilot.objects.filter(pk=pilot.pk).update(kind=PilotKind.MANAGERS)

    def takes_part(self) -> None:
        pilots = list(Pilot.objects.of(self.town.body))
        if not pilots:
            return
        pilot, state = self.random.choice(pilots), self.random.choice(["agreed", "left", "asked"])
        Participant.objects.get_or_create(
            municipality=self.town.body,
            pilot=pilot,
            member=self.person,
            defaults={
                "department": self.place,
                "state": state,
                "asked_on": pilot.starts_on,
                "agreed_on": pilot.starts_on if state == "agreed" else None,
            },
        )

    def meets(self) -> None:
        member = self.person
        if member.pk == self.town.chief.pk:
            return
        Pair.objects.get_or_create(
            municipality=self.town.body,
            manager=self.town.chief,
            member=member,
            ends_on=None,
            defaults={"department": self.place, "starts_on": self.day},
        )

    def learns(self) -> None:
        member = self.person
        if not self.town.course.assignments.filter(member=member).exists():
            an_assignment(
                self.town.course,
                member,
                self.town.office,
                due_on=open_days(self.town.body).roll(self.day),
                now=at(2026, 5, 1),
            )
            if self.random.random() < 0.6:
                a_completion(self.town.course, member, completed_on=self.day)


def assert_possible(code: str, figure) -> None:
    """A share has no more above the line than below it, and no more than 100 %."""
    if figure.kind == RATE and figure.numerator is not None:
        assert 0 <= figure.numerator <= (figure.denominator or 0), code
    else:
        assert figure.kind in (RATE, MEAN), code
    assert figure.value is None or 0 <= figure.value <= 100, code


@pytest.mark.parametrize("seed", range(8))
def test_no_rate_passes_all(seed):
    history = History(seed)
    history.live()
    everywhere = Department.objects.of(history.town.body)
    scopes = [everywhere, *(everywhere.below(place.path) for place in history.places)]
    seen = set()
    for scope in scopes:
        for cadence in Period.MONTHS:
            for first in (date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1), date(2026, 12, 1)):
                for code, figure in measure(scope, Period.holding(cadence, first)).items():
                    if code in RATES:
                        seen.add(code)
                        assert_possible(code, figure)
    for pilot in Pilot.objects.of(history.town.body):
        for code, figure_of in FIGURES.items():
            if code in RATES:
                seen.add(code)
                assert_possible(code, figure_of(measured(pilot, LAST)))
    assert seen == RATES, "a rate of the catalogue that nothing tries"


@pytest.mark.parametrize("seed", range(8))
def test_a_longer_period_is_the_sum_of_its_months_as_each_is_told(seed):
    history = History(seed)
    history.live()
    everywhere = Department.objects.of(history.town.body)
    scopes = [everywhere, *(everywhere.below(place.path) for place in history.places)]
    for scope in scopes:
        for cadence in (Period.QUARTER, Period.YEAR):
            period = Period.holding(cadence, date(2026, 7, 1))
            months = [usage_figures(scope, month) for month in period.months]
            whole = usage_figures(scope, period)
            for code in ("K02", "K03", "K35"):
                total = added([month[code] for month in months])
                assert (whole[code].numerator, whole[code].denominator, whole[code].missing) == (
                    total.numerator,
                    total.denominator,
                    total.missing,
                ), (code, period)
            days = [month["K04"].numerator for month in months]
            assert (whole["K04"].numerator is None) == (set(days) == {None})


@pytest.mark.parametrize("seed", range(8))
def test_each_record_stands_where_its_person_was_posted(seed):
    history = History(seed)
    history.live()
    for row in Usage.objects.select_related("member"):
        held = row.member.postings.on(row.day).filter(kind="main", status="present")
        assert held.values_list("department", flat=True).first() in (None, row.department_id)
