"""K01 to K07: what is counted over what."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from municipality.models import Department
from municipality.periods import Period
from pilots import indicators
from pilots.models import Usage
from pilots.operations import record_usages
from tests.build import pilots as build
from tests.build.municipality import a_department, a_member, at

pytestmark = pytest.mark.django_db
AUGUST, SEPTEMBER, JULY = (Period.holding(Period.MONTH, date(2026, month, 1)) for month in (8, 9, 7))


@pytest.fixture
def town():
    town = build.a_town()
    build.a_used(town)
    return town


def everything(town):
    return Department.objects.of(town.body)


def test_people_rate_and_days_of_a_month(town):
    places = everything(town)
    assert indicators.people(places, AUGUST).value == 1
    rate = indicators.rate(places, AUGUST)
    assert (rate.numerator, rate.denominator, rate.missing) == (1, 3, 0)
    assert indicators.days(places, AUGUST).value == 3.0
    assert indicators.days(places, SEPTEMBER).value == 0.5
    assert indicators.days_per_person(places, AUGUST).value == 3.0


def test_the_rate_counts_participants_only(town):
    build.used(a_member(town.kikaku), town.kikaku, date(2026, 8, 10))
    assert indicators.people(everything(town), AUGUST).value == 2
    assert indicators.rate(everything(town), AUGUST).numerator == 1


def test_the_rate_of_all_is_over_those_in_post(town):
    rate = indicators.rate_of_all([town.kikaku], AUGUST)
    assert (rate.numerator, rate.denominator) == (1, 4)


def test_what_was_not_handed_in_is_not_zero(town):
    october = Period.holding(Period.MONTH, date(2026, 10, 1))
    for measure in (indicators.people, indicators.days, indicators.rate):
        figure = measure([town.kikaku], october)
        assert (figure.value, figure.missing) == (None, 1)


def test_before_any_pilot_there_is_nothing_to_hand_in(town):
    figure = indicators.rate(everything(town), JULY)
    assert (figure.value, figure.missing) == (None, 0)


def test_hours_count_over_a_working_day(town):
    def hours(member, minutes, day):
        return Usage(
            municipality=town.body, member=member, department=town.zeimu, day=day, unit="hours", minutes=minutes
        )

    rows = [hours(town.tax_staff, 310, date(2026, 8, 4)), hours(town.tax_chief, 155, date(2026, 8, 4))]
    record_usages(town.body, usages=rows, by=None, now=at(2026, 9, 1))
    assert indicators.days([town.zeimu], AUGUST).value == 1.0


def test_coverage_counts_sections_and_what_lies_below_them(town):
    unit = a_department(town.body, "課税係", parent=town.zeimu, kind="unit")
    build.used(a_member(unit), unit, date(2026, 8, 11))
    figure = indicators.coverage(everything(town), AUGUST)
    assert (figure.numerator, figure.denominator) == (2, 3)


def test_each_takes_two_queries_at_any_size(town):
    for measure, most in (
        (indicators.people, 2),
        (indicators.rate, 2),
        (indicators.days, 2),
        (indicators.rate_of_all, 3),
    ):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            measure([town.kikaku], AUGUST)
        assert len(queries) == most
