"""The file of completions: taken in whole or refused with line, column, value and reason; again it
changes nothing.
"""

from __future__ import annotations

from datetime import date

import pytest

from municipality.imports.operations.imports import take_in
from tests.build import training as build
from tests.build.municipality import a_body, a_department, a_member, at
from training.assignments.models import Assignment
from training.completions.models import Completion

pytestmark = pytest.mark.django_db
NOW = at(2026, 10, 20)
HEAD = "職員番号,研修コード,修了日,点数"


@pytest.fixture
def courses(town):
    town.security = build.a_course(town.body, "T02", validity_months=12)
    town.basics = build.a_course(town.body, "T01")
    return town


def taken(town, *lines, head=HEAD, encoding="utf-8", **options):
    content = "\r\n".join([head, *lines, ""]).encode(encoding)
    return take_in(town.body, "completions", "completions.csv", content, now=NOW, **options)


def kept(town):
    return sorted(
        Completion.objects.of(town.body).values_list(
            "member__number", "course__code", "completed_on", "score", "expires_on", "source"
        )
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_completions_are_taken_in(courses, encoding):
    plan = taken(
        courses,
        "S0101,T02,2026-10-05,88",
        "S0102,T01,令和8年10月6日,",
        "S0101,T01,R8.10.7,100",
        encoding=encoding,
    )
    assert (str(plan), plan.findings) == ("追加 3 変更 0 変更なし 0 終了 0", [])
    assert kept(courses) == [
        ("S0101", "T01", date(2026, 10, 7), 100, None, "file"),
        ("S0101", "T02", date(2026, 10, 5), 88, date(2027, 10, 5), "file"),
        ("S0102", "T01", date(2026, 10, 6), None, None, "file"),
    ]


def test_the_same_file_again_changes_nothing(courses):
    lines = ("S0101,T02,2026-10-05,88", "S0102,T01,2026-10-06,")
    taken(courses, *lines)
    before = kept(courses)
    assert str(taken(courses, *lines)) == "追加 0 変更 0 変更なし 2 終了 0"
    assert kept(courses) == before


def test_another_score_is_a_change_and_an_empty_one_is_not(courses):
    taken(courses, "S0101,T02,2026-10-05,88")
    assert str(taken(courses, "S0101,T02,2026-10-05,90")) == "追加 0 変更 1 変更なし 0 終了 0"
    assert str(taken(courses, "S0101,T02,2026-10-05,")) == "追加 0 変更 0 変更なし 1 終了 0"
    assert kept(courses)[0][3] == 90


def test_the_column_of_scores_may_be_missing_and_columns_stand_in_any_order(courses):
    assert (
        str(taken(courses, "2026-10-05,S0101,T02", head="修了日,職員番号,研修コード"))
        == "追加 1 変更 0 変更なし 0 終了 0"
    )


@pytest.mark.parametrize(
    ("line", "column", "value"),
    [
        ("S9999,T02,2026-10-05,88", "職員番号", "S9999"),
        ("S0101,T99,2026-10-05,88", "研修コード", "T99"),
        ("S0101,T02,2026-10-21,88", "修了日", "2026-10-21"),
        ("S0101,T02,きのう,88", "修了日", "きのう"),
        ("S0101,T02,2026-10-05,101", "点数", "101"),
        ("S0101,T02,2026-10-05,八八", "点数", "八八"),
        (",T02,2026-10-05,88", "職員番号", ""),
        ("S0101,,2026-10-05,88", "研修コード", ""),
        ("S0101,T02,,88", "修了日", ""),
        ("S0101,T01,2026-10-01,", "修了日", "2026-10-01"),
    ],
)
def test_a_bad_line_refuses_the_whole_file_and_says_where(courses, line, column, value):
    plan = taken(courses, "S0101,T01,2026-10-01,", line)
    assert [(found.line, found.column, found.value) for found in plan.findings] == [
        (3, column, value)
    ]
    assert kept(courses) == []


def test_people_and_courses_of_another_body_are_unknown(courses):
    other = a_body("993026", "みなと町")
    a_member(a_department(other), number="S7777")
    build.a_course(other, "Z01")
    plan = taken(courses, "S7777,T01,2026-10-01,", "S0101,Z01,2026-10-01,")
    assert [(found.line, found.column) for found in plan.findings] == [
        (2, "職員番号"),
        (3, "研修コード"),
    ]


def test_a_number_is_looked_up_in_its_series(courses):
    teacher = a_member(courses.soumu, number="S0101", series="教委")
    taken(courses, "S0101,T01,2026-10-01,,教委", head=f"{HEAD},番号系列")
    assert Completion.objects.get().member == teacher


def test_a_valid_completion_closes_the_open_assignment_and_an_expired_one_does_not(courses):
    town = courses
    waiting = build.an_assignment(town.security, town.staff, town.office)
    other = build.an_assignment(town.basics, town.staff, town.office)
    expired = build.an_assignment(town.security, town.colleague, town.office)
    taken(town, "S0101,T02,2026-10-05,88", "S0102,T02,2025-10-05,70")
    states = {row.pk: (row.state, row.completion_id) for row in Assignment.objects.all()}
    assert states == {
        waiting.pk: ("completed", Completion.objects.get(member=town.staff).pk),
        other.pk: ("assigned", None),
        expired.pk: ("assigned", None),
    }


def test_a_dry_run_writes_nothing(courses):
    assert taken(courses, "S0101,T02,2026-10-05,88", dry_run=True).added == 1
    assert kept(courses) == []


def test_planning_takes_the_same_queries_for_one_row_as_for_three(
    courses, django_assert_num_queries
):
    lines = [f"S010{n},T0{m},2026-10-05," for n in (1, 2) for m in (1, 2)]
    for count in (1, 3):
        with django_assert_num_queries(3):
            taken(courses, *lines[:count], dry_run=True)
