"""Judging a pilot: as shown so compared, and what was not handed in is never zero."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from municipality.core.figures import Figure, tenths
from pilots.participants.operations.participation import add_participants, agree
from pilots.planning.models import SuccessCriterion
from pilots.results.criteria_results import Judged, is_met, judge_all, measured
from tests.build import pilots as build
from tests.build.municipality import a_member, at


def judge(pilot, on: date) -> list[Judged]:
    """Every criterion of the pilot with its figure as of a day."""
    return judge_all(pilot.rows_of_criteria, measured(pilot, on))


def criterion(threshold, direction="at_least"):
    return SuccessCriterion(indicator="K03", direction=direction, threshold=Decimal(threshold))


@pytest.mark.parametrize(
    ("figure", "shown"),
    [
        (Figure(50, 146, kind="rate"), "34.2"),
        (Figure(1, 3, kind="rate"), "33.3"),
        (Figure(1, 16, kind="rate"), "6.3"),
        (Figure(0, 12, kind="rate"), "0.0"),
        (Figure(131.45), "131.5"),
        (Figure(None), None),
        (Figure(3, 0, kind="rate"), None),
    ],
)
def test_a_value_is_shown_to_a_tenth(figure, shown):
    assert tenths(figure) == (None if shown is None else Decimal(shown))


@pytest.mark.parametrize(
    ("figure", "threshold", "direction", "met"),
    [
        (Figure(50, 100, kind="rate"), "50", "at_least", True),
        (Figure(4996, 10_000, kind="rate"), "50", "at_least", True),
        (Figure(4994, 10_000, kind="rate"), "50", "at_least", False),
        (Figure(50, 100, kind="rate"), "50", "at_most", True),
        (Figure(51, 100, kind="rate"), "50", "at_most", False),
        (Figure(0, 100, kind="rate"), "50", "at_least", False),
        (Figure(None, 100, kind="rate"), "50", "at_least", None),
        (Figure(90, 100, missing=(1,), kind="rate"), "50", "at_least", None),
        (Figure(None), "0", "at_most", None),
    ],
)
def test_it_is_compared_as_it_is_shown(figure, threshold, direction, met):
    assert is_met(criterion(threshold, direction), figure) is met


@pytest.mark.django_db
def test_a_pilot_is_judged_by_the_records_of_its_participants_alone():
    town = build.a_town()
    pilot = build.a_used(town)
    stranger = a_member(town.kikaku)
    build.used(stranger, town.kikaku, *build.days_from(date(2026, 8, 4), 10))
    build.used(town.staff[2], town.kikaku, date(2026, 7, 31), date(2026, 10, 31))
    found = {
        judged.criterion.indicator: (judged.figure.numerator, judged.value, judged.met)
        for judged in judge(pilot, date(2026, 12, 1))
    }
    assert found == {"K40": (2, Decimal("66.7"), True), "K39": (3.5, Decimal("3.5"), True)}


@pytest.mark.django_db
def test_only_what_happened_up_to_the_day_counts():
    town = build.a_town()
    pilot = build.a_used(town)
    values = [str(judged.value) for judged in judge(pilot, date(2026, 8, 5))]
    assert values == ["2.0", "33.3"]


@pytest.mark.django_db
def test_a_department_without_records_keeps_it_from_being_judged():
    town = build.a_town()
    build.ready(town, town.zeimu, town.tax_chief)
    pilot = build.a_used(town, departments=[town.kikaku, town.zeimu], by=town.office)
    row = add_participants(pilot, members=[town.tax_staff], by=town.office, now=at(2026, 8, 3))[0]
    build.completed(town.course, [town.tax_staff])
    agree(row, by=town.tax_staff, now=at(2026, 8, 3))
    found = judge(pilot, date(2026, 10, 30))
    assert [(judged.met, judged.figure.missing) for judged in found] == [
        (None, (town.zeimu.pk,))
    ] * 2
    assert (found[1].figure.numerator, found[1].figure.denominator) == (2, 4)


@pytest.mark.django_db
def test_training_is_judged_by_what_is_valid_on_the_day():
    town = build.a_town()
    pilot = build.a_running(town, criteria=[("K36", "at_least", Decimal(100))])
    town.course.completions.filter(member=town.staff[0]).update(expires_on=date(2026, 9, 30))
    assert [judged.met for judged in judge(pilot, date(2026, 9, 30))] == [True]
    assert [(str(judged.value), judged.met) for judged in judge(pilot, date(2026, 10, 1))] == [
        ("66.7", False)
    ]
