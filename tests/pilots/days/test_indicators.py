"""K01 to K07: what is counted over what."""

from __future__ import annotations

from datetime import date

import pytest

from municipality.core.periods import Period
from municipality.organisation.models import Department
from pilots.days import indicators
from pilots.days.models import Usage
from pilots.days.operations.records import record_usages
from tests.build import pilots as build
from tests.build.municipality import a_department, a_member, at

pytestmark = pytest.mark.django_db
AUGUST, SEPTEMBER, JULY = (
    Period.holding(Period.MONTH, date(2026, month, 1)) for month in (8, 9, 7)
)


@pytest.fixture
def town():
    town = build.a_town()
    build.a_used(town)
    return town


def figure(code, departments, period):
    return indicators.usage_figures(departments, period)[code]


def everything(town):
    return Department.objects.of(town.body)


def test_people_rate_and_days_of_a_month(town):
    places = everything(town)
    assert figure("K01", places, AUGUST).value == 1
    rate = figure("K35", places, AUGUST)
    assert (rate.numerator, rate.denominator, rate.missing) == (1, 3, ())
    rate = figure("K03", places, AUGUST)
    assert (rate.numerator, rate.denominator, rate.missing) == (1, 4, ())
    assert figure("K04", places, AUGUST).value == 3.0
    assert figure("K04", places, SEPTEMBER).value == 0.5
    assert figure("K06", places, AUGUST).value == 3.0


def test_the_rate_counts_participants_only(town):
    build.used(a_member(town.kikaku), town.kikaku, date(2026, 8, 10))
    assert figure("K01", everything(town), AUGUST).value == 2
    assert figure("K35", everything(town), AUGUST).numerator == 1
    assert figure("K03", everything(town), AUGUST).numerator == 2


def test_the_rate_of_all_is_over_those_in_post(town):
    rate = figure("K02", [town.kikaku], AUGUST)
    assert (rate.numerator, rate.denominator) == (1, 4)


def test_what_was_not_handed_in_is_not_zero(town):
    october = Period.holding(Period.MONTH, date(2026, 10, 1))
    for code in ("K01", "K04", "K03"):
        found = figure(code, [town.kikaku], october)
        assert (found.value, found.missing) == (None, (town.kikaku.pk,))


def test_before_any_pilot_there_is_nothing_to_hand_in(town):
    found = figure("K03", everything(town), JULY)
    assert (found.value, found.missing) == (None, ())


def test_hours_count_over_a_working_day(town):
    def hours(member, minutes, day):
        return Usage(
            municipality=town.body,
            member=member,
            department=town.zeimu,
            day=day,
            unit="hours",
            minutes=minutes,
        )

    rows = [
        hours(town.tax_staff, 310, date(2026, 8, 4)),
        hours(town.tax_chief, 155, date(2026, 8, 4)),
    ]
    record_usages(town.body, usages=rows, by=None, now=at(2026, 9, 1))
    assert figure("K04", [town.zeimu], AUGUST).value == 1.0


def test_coverage_counts_sections_and_what_lies_below_them(town):
    unit = a_department(town.body, "課税係", parent=town.zeimu, kind="unit")
    build.used(a_member(unit), unit, date(2026, 8, 11))
    found = figure("K07", everything(town), AUGUST)
    assert (found.numerator, found.denominator) == (2, 3)


@pytest.mark.parametrize("count", [1, 3])
def test_all_take_six_queries_for_departments_at_hand(town, count, django_assert_num_queries):
    places = [town.kikaku, town.zeimu, a_department(town.body, "総務課")][:count]
    with django_assert_num_queries(6):
        indicators.usage_figures(places, AUGUST)
