"""Is a department ready? One answer for plan, start, expansion and decision."""

from __future__ import annotations

from datetime import date

import pytest

from municipality.organisation.models import Department
from rollout.readiness.models import Assessment, BlockerException
from rollout.readiness.queries import NEVER_ASKED, NOT_CONFIRMED, readiness_of, readiness_of_all
from tests.build import rollout as build
from tests.build.municipality import a_department, a_member, at

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 4)


def confirmed(town, **by_code):
    return build.confirmed(
        build.a_round(town.body, town.office), town.soumu, town.manager, town.office, **by_code
    )


def passed_over(town, **details):
    details = {
        "department": town.soumu,
        "reason": "住民に関する情報を扱わない業務に限るため。",
        "valid_until": date(2027, 3, 31),
        "granted_at": at(2026, 11, 2),
        "level": 1,
        **details,
    }
    return BlockerException.objects.create(
        municipality=town.body,
        criterion="I2",
        granted_by=town.executive,
        granted_as="副町長",
        **details,
    )


def test_a_department_that_meets_all_conditions_is_ready_and_says_what_it_stands_on(town):
    row = confirmed(town)
    answer = readiness_of(town.soumu, ON)
    assert answer
    assert (answer.basis.round, answer.basis.confirmed_on, answer.basis.age) == (
        "第1回",
        date(2026, 10, 6),
        29,
    )
    assert answer.basis.score == 3.0
    assert answer.basis.address == row.get_absolute_url()
    assert answer.reasons == ()


def test_each_open_condition_is_named_with_its_levels_and_its_page(town):
    row = confirmed(town, I2=1, D2=0)
    answer = readiness_of(town.soumu, ON)
    assert not answer
    assert [
        (one.code, one.name, one.level, one.needed, one.address) for one in answer.open_conditions
    ] == [
        ("D2", "情報の分類", 0, 2, row.conditions_address),
        ("I2", "接続の方式", 1, 2, row.conditions_address),
    ]


def test_what_is_not_confirmed_leads_to_the_assessment_and_what_was_never_asked_to_the_rounds(town):
    assert [(one.code, one.address) for one in readiness_of(town.soumu, ON).reasons] == [
        (NEVER_ASKED, f"/{town.body.pk}/readiness/")
    ]
    row = build.submitted(build.a_round(town.body, town.office), town.soumu, town.manager)
    assert [(one.code, one.address) for one in readiness_of(town.soumu, ON).reasons] == [
        (NOT_CONFIRMED, row.get_absolute_url())
    ]


def test_the_answer_is_that_of_the_day_asked_about(town):
    confirmed(town)
    assert not readiness_of(town.soumu, date(2026, 10, 5))
    assert readiness_of(town.soumu, date(2026, 10, 6))
    assert [one.code for one in readiness_of(town.soumu, date(2026, 9, 30)).reasons] == [
        NEVER_ASKED
    ]


def test_a_later_round_counts_once_it_is_confirmed(town):
    first = confirmed(town, I2=1).round
    build.closed(first, town.office)
    second = build.a_round(town.body, town.office, "第2回", now=at(2026, 10, 20))
    assert [one.code for one in readiness_of(town.soumu, ON).open] == ["I2"]
    build.confirmed(second, town.soumu, town.manager, town.office, now=at(2026, 10, 26))
    answer = readiness_of(town.soumu, ON)
    assert answer
    assert answer.basis.round == "第2回"


def test_a_unit_that_was_not_asked_goes_by_the_department_above_it(town):
    confirmed(town, I2=1)
    unit = a_department(town.body, "庶務係", parent=town.soumu, kind="unit")
    answer = readiness_of(unit, ON)
    assert answer.department == unit
    assert [one.code for one in answer.open] == ["I2"]


def test_a_unit_with_answers_of_its_own_does_not_go_by_the_department_above_it(town):
    unit = a_department(town.body, "庶務係", parent=town.soumu, kind="unit")
    confirmed(town)
    assert Assessment.objects.filter(department=unit).exists()
    assert [one.code for one in readiness_of(unit, ON).reasons] == [NOT_CONFIRMED]


@pytest.fixture
def division(town):
    """庶務係 below 総務課 has answers of its own, and does not meet I2; 総務課 meets all."""
    unit = a_department(town.body, "庶務係", parent=town.soumu, kind="unit")
    chief = a_member(unit, "manager", name="小泉 渚", post="係長")
    row = confirmed(town)
    town.below = build.confirmed(row.round, unit, chief, town.office, I2=1)
    town.unit = unit
    return town


def test_what_a_department_below_does_not_meet_stands_against_the_one_above_it(division):
    answer = readiness_of(division.soumu, ON)
    assert not answer
    assert answer.basis.round == "第1回"
    assert [(one.department, one.code, one.address) for one in answer.open] == [
        (division.unit, "I2", division.below.conditions_address)
    ]


def test_the_last_confirmed_round_of_the_department_below_counts(division):
    build.closed(division.below.round, division.office)
    second = build.a_round(division.body, division.office, "第2回", now=at(2026, 10, 20))
    assert not readiness_of(division.soumu, ON)
    chief = division.unit.postings.get().member
    build.confirmed(second, division.unit, chief, division.office, now=at(2026, 10, 26))
    assert readiness_of(division.soumu, ON)


def test_an_exception_of_the_department_below_passes_its_condition_over(division):
    exception = passed_over(division, department=division.unit)
    answer = readiness_of(division.soumu, ON)
    assert answer
    assert [(one.department, one.exception) for one in answer.passed_over] == [
        (division.unit, exception)
    ]


def test_a_department_below_that_is_closed_counts_no_more(division):
    Department.objects.filter(pk=division.unit.pk).update(ends_on=date(2026, 11, 3))
    assert not readiness_of(division.soumu, date(2026, 11, 3))
    assert readiness_of(division.soumu, ON)


def test_one_that_was_never_asked_names_what_those_below_it_do_not_meet_too(division):
    Assessment.objects.filter(department=division.soumu).delete()
    answer = readiness_of(division.soumu, ON)
    assert [(one.department, one.code) for one in answer.reasons] == [
        (division.soumu, NEVER_ASKED),
        (division.unit, "I2"),
    ]


def test_it_takes_no_more_queries_with_departments_below(division, django_assert_num_queries):
    with django_assert_num_queries(3):
        answers = readiness_of_all([division.soumu, division.unit], ON)
    assert [bool(row) for row in answers.values()] == [False, False]


def test_an_exception_passes_a_condition_over_and_stays_named(town):
    confirmed(town, I2=1)
    exception = passed_over(town)
    answer = readiness_of(town.soumu, ON)
    assert answer
    assert [(one.code, one.exception) for one in answer.passed_over] == [("I2", exception)]
    assert answer.open == []


@pytest.mark.parametrize(
    "details",
    [
        {"valid_until": date(2026, 11, 3)},
        {"granted_at": at(2026, 11, 5)},
        {"revoked_at": at(2026, 11, 4)},
    ],
    ids=["over", "not yet granted", "revoked"],
)
def test_an_exception_that_is_not_in_force_on_that_day_passes_nothing_over(town, details):
    confirmed(town, I2=1)
    revoker = {"revoked_by": town.executive} if "revoked_at" in details else {}
    passed_over(town, **details, **revoker)
    assert not readiness_of(town.soumu, ON)


def test_an_exception_holds_for_its_condition_and_its_department_only(town):
    confirmed(town, I2=1, D2=0)
    passed_over(town)
    assert [one.code for one in readiness_of(town.soumu, ON).open] == ["D2"]


@pytest.mark.parametrize(("level", "ready"), [(0, False), (1, True)])
def test_an_exception_covers_the_level_it_was_granted_for_and_above(town, level, ready):
    confirmed(town, I2=level)
    exception = passed_over(town, level=1)
    answer = readiness_of(town.soumu, ON)
    assert bool(answer) == ready
    [reason] = answer.reasons
    assert (reason.exception, reason.ended) == ((exception, None) if ready else (None, exception))


@pytest.mark.parametrize("count", [1, 3])
def test_it_takes_as_many_queries_for_one_department_as_for_three(
    town, count, django_assert_num_queries
):
    more = [a_department(town.body, f"第{number}課") for number in range(count - 1)]
    confirmed(town, I2=1)
    with django_assert_num_queries(3):
        answers = readiness_of_all([town.soumu, *more], ON)
    assert [bool(answers[row.pk]) for row in (town.soumu, *more)] == [False] * count


def test_without_departments_nothing_is_asked(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert readiness_of_all([], ON) == {}
