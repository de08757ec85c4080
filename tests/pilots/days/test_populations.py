"""Who counts, what is missing, and how months add up: stories with figures written by hand."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from django.db import connection

from municipality.core.figures import COUNTED, INCOMPLETE, POPULATION, not_comparable
from municipality.core.periods import Period
from municipality.organisation.models import Department, EmploymentKind, Member, Posting
from municipality.organisation.operations.departments import post_member
from municipality.organisation.operations.employment_kinds import keep_employment_kinds
from pilots.days.indicators import usage_figures
from pilots.days.models import Usage
from pilots.days.month_states import month_states
from pilots.days.operations.records import record_usages
from pilots.days.operations.submissions import declare_no_telework
from pilots.participants.models import Participant
from pilots.planning.models import Pilot, PilotDepartment, PilotKind
from pilots.results.criteria_results import measured
from pilots.results.small_numbers import pilot_counts
from tests.build import pilots as build
from tests.build.evaluation import a_pilot_between
from tests.build.municipality import a_department, a_member, at

pytestmark = pytest.mark.django_db

RATES = ("K02", "K03", "K35")


def month(number: int) -> Period:
    return Period.holding(Period.MONTH, date(2026, number, 1))


@pytest.fixture
def town():
    """企画財政課 (4 people, 3 take part) tries since August; the body has 11 people."""
    town = build.a_town()
    build.a_used(town)
    return town


def figures(town, period: Period, *departments: Department):
    return usage_figures(departments or Department.objects.of(town.body), period)


def share(figure) -> tuple[float | None, float | None]:
    return figure.numerator, figure.denominator


def test_special_posts_and_people_from_outside_are_not_among_all_staff(town):
    assert share(figures(town, month(8))["K02"]) == (1, 11)
    keep_employment_kinds(town.body, at(2026, 8, 1))
    assert share(figures(town, month(8))["K02"]) == (1, 8)


STAFF_RECORDS = """
    SELECT COUNT(DISTINCT u.member_id),
           SUM(CASE u.unit WHEN 'full' THEN 930 WHEN 'hours' THEN 2 * u.minutes ELSE 465 END)
    FROM {usage} u JOIN {member} m ON m.id = u.member_id
    WHERE u.municipality_id = %s AND u.day BETWEEN '2026-08-01' AND '2026-08-31'
      AND NOT EXISTS (SELECT 1 FROM {kind} k WHERE k.municipality_id = m.municipality_id
                      AND k.name = m.employment AND NOT k.counts_as_staff)
"""


def by_sql(town) -> tuple[int, float]:
    """People who teleworked in August and their days, from the tables alone."""
    models = {"usage": Usage, "member": Member, "kind": EmploymentKind}
    tables = {name: model._meta.db_table for name, model in models.items()}
    with connection.cursor() as cursor:
        cursor.execute(STAFF_RECORDS.format(**tables), [town.body.pk])
        people, halves = cursor.fetchone()
    return people, halves / 930


def test_records_of_people_from_outside_count_neither_as_people_nor_as_days(town):
    build.used(town.consultant, town.kikaku, date(2026, 8, 11), date(2026, 8, 12))
    build.used(town.chief, town.kikaku, date(2026, 8, 11))
    codes = ("K01", "K04", "K06")
    found = figures(town, month(8))
    assert [found[code].value for code in codes] == [3, 6.0, 2.0]
    keep_employment_kinds(town.body, at(2026, 8, 1))
    Member.objects.filter(pk=town.consultant.pk).update(employment="外部専門家")
    found = figures(town, month(8))
    assert [found[code].value for code in codes] == [2, 4.0, 2.0]
    assert by_sql(town) == (2, 4.0)


def test_a_department_in_which_only_an_outsider_teleworked_is_not_covered(town):
    build.used(town.consultant, town.zeimu, date(2026, 8, 11))
    assert figures(town, month(8), town.zeimu)["K07"].numerator == 1
    keep_employment_kinds(town.body, at(2026, 8, 1))
    Member.objects.filter(pk=town.consultant.pk).update(employment="外部専門家")
    found = figures(town, month(8), town.zeimu)
    assert (found["K07"].numerator, found["K01"].numerator) == (None, None)


def test_a_participant_from_outside_counts_among_the_participants_alone(town):
    keep_employment_kinds(town.body, at(2026, 8, 1))
    Member.objects.filter(pk=town.staff[0].pk).update(employment="外部専門家")
    found = figures(town, month(8))
    assert (found["K01"].value, share(found["K35"])) == (0, (1, 3))


def test_a_participant_counts_by_records_of_the_time_of_taking_part(town):
    """Of the three one teleworked after having left on 9 October; a record before counts."""
    Participant.objects.filter(member=town.staff[1]).update(
        state=Participant.State.LEFT, left_on=date(2026, 10, 9)
    )
    build.used(town.staff[0], town.kikaku, date(2026, 10, 6))
    build.used(town.staff[1], town.kikaku, date(2026, 10, 20))
    found = figures(town, month(10))
    assert (share(found["K35"]), found["K01"].value) == ((1, 3), 2)
    build.used(town.staff[1], town.kikaku, date(2026, 10, 7))
    found = figures(town, month(10))
    assert (share(found["K35"]), found["K01"].value, found["K04"].value) == ((2, 3), 2, 3.0)


def test_a_silent_department_stays_in_the_denominator_and_is_named(town):
    a_pilot_between(town.zeimu, town.tax_chief, date(2026, 9, 1), date(2026, 12, 25))
    build.used(town.tax_staff, town.zeimu, date(2026, 10, 6))
    found = figures(town, month(10))
    assert share(found["K03"]) == (1, 6)
    assert {found[code].missing for code in ("K01", "K02", "K03", "K04")} == {(town.kikaku.pk,)}


def test_days_and_people_of_whoever_came_or_left_are_no_change(town):
    """税務課: three of four teleworked in October, two of them two days. Two of these leave, and who
    stays alone does a day more in November.
    """
    people = [a_member(town.zeimu, "staff") for _number in range(2)]
    for who, days in zip((*people, town.tax_staff), (2, 2, 1), strict=True):
        build.used(who, town.zeimu, *build.days_from(date(2026, 10, 6), days))
    build.used(town.tax_staff, town.zeimu, date(2026, 11, 4), date(2026, 11, 5))
    Posting.objects.filter(member__in=people).update(ends_on=date(2026, 10, 31))
    before, now = (figures(town, month(number), town.zeimu) for number in (10, 11))
    assert [share(each["K01"]) for each in (before, now)] == [(3, 4), (1, 2)]
    assert [share(each["K04"]) for each in (before, now)] == [(5.0, 4), (2.0, 2)]
    assert [not_comparable(now[code], before[code]) for code in ("K01", "K04")] == [COUNTED] * 2


def test_a_record_counts_only_on_a_day_on_which_the_person_is_staff(town):
    """Of 税務課 (2 people) the one is posted up to 10 October: the record of the 6th counts, that of
    the 13th does not; on leave neither does.
    """
    a_pilot_between(town.zeimu, town.tax_chief, date(2026, 10, 1), date(2026, 12, 25))
    build.used(town.tax_staff, town.zeimu, date(2026, 10, 6), date(2026, 10, 13))
    codes = ("K01", "K02", "K03", "K04", "K06")
    posting = Posting.objects.filter(member=town.tax_staff)
    posting.update(ends_on=date(2026, 10, 10))
    found = figures(town, month(10), town.zeimu)
    assert [found[code].numerator for code in codes] == [1, 1, 1, 1.0, 1.0]
    Usage.objects.filter(member=town.tax_staff, day=date(2026, 10, 6)).delete()
    found = figures(town, month(10), town.zeimu)
    assert [found[code].numerator or 0 for code in codes] == [0, 0, 0, 0, 0]
    posting.update(ends_on=None, status=Posting.Status.LEAVE)
    found = figures(town, month(10), town.zeimu)
    assert [found[code].numerator or 0 for code in codes] == [0, 0, 0, 0, 0]


@pytest.mark.parametrize("absent", [{"status": "leave"}, {"ends_on": date(2026, 8, 3)}])
def test_a_record_of_a_day_not_at_work_counts_for_no_participant_either(town, absent):
    """Of three participants one teleworked on three days of August, one on half a day of September.
    Of the days of the former, who was on leave or gone by then, none counts.
    """
    pilot = Pilot.objects.get()
    whole = measured(pilot, date(2026, 9, 30))
    assert (share(figures(town, month(8))["K35"]), whole.takers, whole.days) == ((1, 3), 2, 3.5)
    Posting.objects.filter(member=town.staff[0]).update(**absent)
    whole = measured(pilot, date(2026, 9, 30))
    assert (share(figures(town, month(8))["K35"]), whole.takers, whole.days) == ((0, 3), 1, 0.5)
    assert pilot_counts(town.body, date(2026, 9, 30))[0].part == (1, 2)


ASKED = """
    SELECT DISTINCT pd.department_id
    FROM {part} pd
    JOIN {pilot} p ON p.id = pd.pilot_id
    JOIN {department} d ON d.id = pd.department_id
    WHERE p.municipality_id = %s AND p.started_at IS NOT NULL AND p.kind <> 'managers'
      AND p.starts_on <= %s AND (d.ends_on IS NULL OR d.ends_on >= %s)
"""


def asked_by_sql(town, period: Period) -> set[int]:
    """Departments that are asked to hand in for the month, from the tables alone."""
    models = {"part": PilotDepartment, "pilot": Pilot, "department": Department}
    tables = {name: model._meta.db_table for name, model in models.items()}
    with connection.cursor() as cursor:
        cursor.execute(ASKED.format(**tables), [town.body.pk, period.last, period.first])
        return {number for (number,) in cursor.fetchall()}


def test_a_department_is_asked_from_the_month_of_its_first_pilot_on(town):
    """企画財政課 (4 of 11 people) began on 3 August, 税務課 (2 people) on 10 September, where it has
    handed in nothing. April to July nobody was asked; 税務課 was not before September.
    """
    half = Period.holding(Period.HALF, date(2026, 4, 1))
    build.used(town.staff[1], town.kikaku, date(2026, 8, 5))
    a_pilot_between(town.zeimu, town.tax_chief, date(2026, 9, 10), date(2026, 12, 25))
    asked = [asked_by_sql(town, each) for each in half.months]
    kikaku, zeimu = town.kikaku.pk, town.zeimu.pk
    assert asked == [set(), set(), set(), set(), {kikaku}, {kikaku, zeimu}]
    states = month_states(town.body, half.months)
    assert [set(states[each.first]) for each in half.months] == asked
    whole = figures(town, half)["K02"]
    assert (share(whole), whole.missing) == ((3, 22), (zeimu,))  # August 2 / 11, September 1 / 11
    august = figures(town, month(8))["K02"]
    assert (share(august), august.missing) == ((2, 11), ())
    own = figures(town, half, town.zeimu)["K02"]
    assert (share(own), own.missing) == ((None, 2), (zeimu,))  # September alone
    assert figures(town, month(8), town.zeimu)["K02"].denominator is None


def test_managers_who_go_ahead_are_no_beginning_of_their_departments(town):
    ahead = a_pilot_between(town.zeimu, town.tax_chief, date(2026, 8, 1), date(2026, 9, 30))
    Pilot.objects.filter(pk=ahead.pk).update(kind=PilotKind.MANAGERS)
    build.used(town.tax_chief, town.zeimu, date(2026, 8, 6))
    for when in (month(8), month(10)):
        found = figures(town, when)
        assert found["K03"].denominator == 4
        assert town.zeimu.pk not in found["K03"].missing


def test_a_month_declared_to_have_none_is_zero_and_nothing_is_missing(town):
    silent = figures(town, month(10))["K03"]
    assert (silent.value, silent.missing) == (None, (town.kikaku.pk,))
    declare_no_telework(town.kikaku, date(2026, 10, 1), by=town.chief, now=at(2026, 11, 2))
    found = figures(town, month(10))
    assert {code: found[code].value for code in ("K01", "K02", "K03", "K04", "K06", "K35")} == {
        "K01": 0,
        "K02": 0,
        "K03": 0,
        "K04": 0,
        "K06": None,
        "K35": 0,
    }
    assert found["K03"].missing == ()


def test_a_late_import_makes_the_month_complete(town):
    build.used(town.staff[0], town.kikaku, date(2026, 10, 6))
    found = figures(town, month(10))["K03"]
    assert (share(found), found.missing) == ((1, 4), ())


def test_who_joins_in_mid_month_makes_no_rate_above_all(town):
    for person in (town.chief, *town.staff):
        build.used(person, town.kikaku, date(2026, 10, 6))
    joiner = a_member(town.kikaku, starts_on=date(2026, 10, 15))
    build.used(joiner, town.kikaku, date(2026, 10, 20))
    found = figures(town, month(10), town.kikaku)
    assert (found["K01"].value, share(found["K02"]), share(found["K03"])) == (5, (4, 4), (4, 4))


def test_who_moves_on_in_mid_month_counts_once_where_the_month_began(town):
    mover = town.staff[0]
    posting = mover.postings.get()
    Posting.objects.filter(pk=posting.pk).update(ends_on=date(2026, 10, 14))
    post_member(
        mover,
        department=town.zeimu,
        post=posting.post,
        roles=["staff"],
        starts_on=date(2026, 10, 15),
    )
    build.used(mover, town.zeimu, date(2026, 10, 20))
    assert share(figures(town, month(10), town.kikaku)["K02"]) == (1, 4)
    assert share(figures(town, month(10), town.zeimu)["K02"]) == (0, 2)


def test_a_quarter_adds_its_months_and_the_mean_of_days_is_theirs(town):
    quarter = Period.holding(Period.QUARTER, date(2026, 8, 1))
    found = figures(town, quarter)
    assert share(found["K03"]) == (2, 8)
    assert share(found["K35"]) == (2, 6)
    assert (found["K01"].value, found["K04"].value) == (2, 3.5)
    assert (found["K06"].value, found["K06"].kind) == (1.75, "mean")


def test_a_month_before_anybody_was_asked_counts_in_no_longer_period(town):
    """The first pilot begins in August: July is 「—」, and the quarter is August and September."""
    july, august, september = (figures(town, month(number))["K02"] for number in (7, 8, 9))
    assert (share(july), july.missing) == ((None, None), ())
    assert (share(august), share(september)) == ((1, 11), (1, 11))
    quarter = Period.holding(Period.QUARTER, date(2026, 8, 1))
    assert share(figures(town, quarter)["K02"]) == (2, 22)


def test_another_set_of_departments_is_another_population(town):
    before = figures(town, month(8))["K03"]
    a_pilot_between(town.zeimu, town.tax_chief, date(2026, 9, 1), date(2026, 12, 25))
    build.used(town.tax_staff, town.zeimu, date(2026, 9, 3))
    now = figures(town, month(9))["K03"]
    assert before.population.startswith("departments:1:")
    assert now.population.startswith("departments:2:")
    assert not_comparable(now, before) == POPULATION
    silent = figures(town, month(10))["K03"]
    assert not_comparable(silent, now) == INCOMPLETE


@pytest.mark.parametrize("seed", range(6))
def test_nobody_is_counted_twice_and_months_add_up_at_random(town, seed):
    random = Random(seed)
    places = [town.kikaku, town.zeimu, a_department(town.body, "企画係", parent=town.kikaku)]
    people = [*Member.objects.of(town.body), *(_wanderer(random, places) for _ in range(8))]
    rows = {
        (person.pk, day := date(2026, random.choice([7, 8, 9, 10]), random.randint(1, 28))): Usage(
            municipality=town.body, member=person, department=random.choice(places), day=day
        )
        for person in random.choices(people, k=40)
    }
    record_usages(town.body, usages=list(rows.values()), by=None, now=at(2026, 11, 2))
    scope = random.choice([list(Department.objects.of(town.body)), places[:1], places[1:]])
    quarter = Period.holding(Period.QUARTER, date(2026, 8, 1))
    months = [usage_figures(scope, part) for part in quarter.parts]
    whole = usage_figures(scope, quarter)
    for code in RATES:
        for found in (whole, *months):
            assert (found[code].numerator or 0) <= (found[code].denominator or 0)
        for part in ("numerator", "denominator"):
            values = [getattr(each[code], part) or 0 for each in months]
            assert (getattr(whole[code], part) or 0) == sum(values)
    assert (whole["K04"].value or 0) == sum(each["K04"].value or 0 for each in months)


def _wanderer(random: Random, places: list[Department]) -> Member:
    """Somebody with one or two postings, one after the other, at any day."""
    turn = date(2026, random.choice([7, 8, 9]), random.randint(2, 28))
    person = a_member(random.choice(places), ends_on=random.choice([None, turn]))
    if person.postings.get().ends_on:
        post_member(
            person,
            department=random.choice(places),
            post=person.postings.get().post,
            roles=["staff"],
            starts_on=date(2026, turn.month, turn.day + 1),
        )
    return person
