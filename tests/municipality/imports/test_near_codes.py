"""A code that lost its leading zeros is asked about, and never added as a new one."""

from __future__ import annotations

import pytest

from municipality.imports.operations.imports import take_in
from municipality.organisation.models import Department, Member
from tests.build.municipality import a_body, a_department, a_member, at

pytestmark = pytest.mark.django_db
NOW = at(2026, 11, 4)
DEPARTMENTS = "部署コード,部署名,上位部署コード,種別,開始日,終了日"
PEOPLE = "職員番号,氏名,カナ,メール,部署コード,職位,役割,本務兼務,開始日,終了日,番号系列"


@pytest.fixture
def body():
    return a_body()


def taken(body, kind: str, *lines: str):
    return take_in(body, kind, "f.csv", "\r\n".join([*lines, ""]).encode(), now=NOW)


def test_departments_saved_without_leading_zeros_are_no_new_ones(body):
    a_department(body, "総務課", "0101")
    before = Department.objects.count()
    plan = taken(body, "departments", DEPARTMENTS, "101,総務課,,課,2026-04-01,")
    assert [(found.line, found.column, found.value) for found in plan.findings] == [
        (2, "部署コード", "101")
    ]
    assert "「0101」と先頭の0だけが違います" in plan.findings[0].message
    assert Department.objects.count() == before


def test_two_new_codes_of_one_file_are_compared_as_well(body):
    rows = ["0201,税務課,,課,2026-04-01,", "201,税務課,,課,2026-04-01,"]
    plan = taken(body, "departments", DEPARTMENTS, *rows)
    assert [found.line for found in plan.findings] == [3]


def test_people_saved_without_leading_zeros_are_no_new_ones(body):
    department = a_department(body, "総務課", "0101")
    person = a_member(department, name="髙瀬 陽子")
    Member.objects.filter(pk=person.pk).update(number="000123")
    row = f"123,髙瀬 陽子,,,0101,主事,職員,本務,2026-04-01,,{person.series}"
    plan = taken(body, "people", PEOPLE, row)
    assert [found.column for found in plan.findings] == ["職員番号"]
    assert not Member.objects.filter(number="123").exists()


def test_another_series_numbers_on_its_own(body):
    department = a_department(body, "総務課", "0101")
    Member.objects.filter(pk=a_member(department).pk).update(number="000123", series="")
    row = "123,水野 健,,,0101,主事,職員,本務,2026-04-01,,水道"
    assert taken(body, "people", PEOPLE, row).findings == []
