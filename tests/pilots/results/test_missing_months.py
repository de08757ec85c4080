"""Months of a pilot that a department has not handed in: told wherever its figures stand."""

from __future__ import annotations

from datetime import date

import pytest

from pilots.days.models import NoTelework
from pilots.lifecycle.operations.steps import begin_evaluation
from pilots.results.criteria_results import judge_all, measured
from pilots.results.evidence import evidence_row
from pilots.results.figures import PilotFigures
from pilots.results.missing_months import missing_months_words
from pilots.results.models import PilotResult
from tests.build import pilots as build
from tests.build.municipality import a_department, at, signed_in

AUGUST, SEPTEMBER, OCTOBER = date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return build.a_town()


@pytest.mark.parametrize(
    ("on", "missing"),
    [
        (date(2026, 9, 30), []),
        (date(2026, 10, 31), []),
        (date(2026, 11, 2), [OCTOBER]),
    ],
)
def test_a_month_is_missing_once_it_is_over(town, on, missing):
    pilot = build.a_used(town)
    assert measured(pilot, on).missing_months == tuple(
        (town.kikaku.name, month) for month in missing
    )


def test_a_declared_month_is_not_missing(town):
    pilot = build.a_used(town)
    NoTelework.objects.create(
        municipality=town.body, department=town.kikaku, month=OCTOBER, declared_at=at(2026, 11, 2)
    )
    assert measured(pilot, date(2026, 11, 2)).missing_months == ()


def test_a_department_that_declared_none_throughout_is_zero_and_not_missing(town):
    """Three participants agreed and nobody teleworked. August to October are declared, so that the
    rate is 0 of 3 and the criteria are not met; before that nothing could be said.
    """
    pilot, on = build.a_running(town), date(2026, 11, 2)
    silent = measured(pilot, on)
    assert (silent.takers, silent.missing) == (None, (town.kikaku.pk,))
    assert [row.met for row in judge_all(pilot.rows_of_criteria, silent)] == [None, None]
    for month in (AUGUST, SEPTEMBER, OCTOBER):
        NoTelework.objects.create(
            municipality=town.body, department=town.kikaku, month=month, declared_at=at(2026, 11, 2)
        )
    figures = measured(pilot, on)
    assert (figures.takers, figures.days, figures.missing) == (0, 0.0, ())
    assert (figures.rate.numerator, figures.rate.denominator) == (0, 3)
    assert figures.months == {AUGUST: 0, SEPTEMBER: 0, OCTOBER: 0}
    assert [row.met for row in judge_all(pilot.rows_of_criteria, figures)] == [False, False]
    page = signed_in(town.chief).get(pilot.get_absolute_url()).content.decode()
    assert "未提出" not in page
    assert "実施記録がまだありません" not in page


def test_records_of_the_section_hand_in_for_its_units(town):
    """A participant of a 係 without records: the 課 has handed in, so that theirs is a zero."""
    pilot = build.a_used(town)
    unit = a_department(town.body, "企画係", parent=town.kikaku, kind="unit")
    pilot.participants.filter(member=town.staff[2]).update(department=unit)
    figures = measured(pilot, date(2026, 10, 30))
    assert (figures.missing, figures.takers, figures.participants) == ((), 2, 3)


def test_it_is_judged_without_the_month_and_says_so(town):
    pilot = build.a_used(town)
    figures = measured(pilot, date(2026, 11, 2))
    assert [row.met for row in judge_all(pilot.rows_of_criteria, figures)] == [True, True]
    page = signed_in(town.chief).get(pilot.get_absolute_url()).content.decode()
    assert page.count("未提出 企画財政課 10月") >= len(pilot.rows_of_criteria)
    assert page.count("未提出 企画財政課") > page.count("未提出 企画財政課 10月"), (
        "the bar of October"
    )


def test_evidence_keeps_the_months_and_a_row_of_before_is_read(town):
    begin_evaluation(build.a_used(town), by=town.chief, now=at(2026, 11, 2))
    result = PilotResult.objects.get()
    row = result.values["criteria"][1]
    assert evidence_row(row)[3] == "2 / 3人、未提出 企画財政課 10月"
    assert result.figures.missing_months == (("企画財政課", OCTOBER),)
    del row["missing_months"], result.values["figures"]["missing_months"]
    assert evidence_row(row)[3] == "2 / 3人"
    assert PilotFigures.of(result.values["figures"]) == result.figures


def test_many_months_are_told_by_the_first_and_their_number():
    months = [
        ("税務課", AUGUST),
        ("税務課", SEPTEMBER),
        ("住民課", OCTOBER),
        ("企画財政課", OCTOBER),
    ]
    assert missing_months_words(months) == "未提出 税務課 8月、税務課 9月、住民課 10月ほか1件"
    assert missing_months_words(()) == ""
