"""The file that declares 実績なし: department and month, and nobody in it."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from municipality.core.periods import Period
from municipality.core.refusals import Conflict
from municipality.core.registry import import_kinds
from municipality.core.spreadsheets.reader import read_table
from municipality.imports.models import FileImport
from municipality.imports.operations.imports import commit_import, preview, undo_import
from municipality.imports.rows import plan_table
from pilots.days.models import NoTelework, Submission
from pilots.days.month_states import month_states
from pilots.days.operations.submissions import withdraw_declaration
from tests.build import pilots as build
from tests.build.evaluation import a_pilot_between
from tests.build.municipality import at, signed_in

pytestmark = pytest.mark.django_db

HEAD = "部署コード,対象の月"
NOW = at(2026, 11, 2)
OCTOBER = date(2026, 10, 1)


@pytest.fixture
def town():
    """企画財政課 tries since August and handed in August and September, October not."""
    town = build.a_town()
    build.a_used(town)
    return town


def planned(town, *lines):
    return plan_table(
        import_kinds()["no_telework"],
        read_table("none.csv", "\r\n".join([HEAD, *lines]).encode("cp932")),
        municipality=town.body,
        today=date(2026, 11, 2),
    )


def findings(plan):
    return [str(finding) for finding in plan.findings]


def taken(town, *lines) -> FileImport:
    content = "\r\n".join([HEAD, *lines]).encode()
    file = preview(town.body, "no_telework", "none.csv", content, by=town.office, now=NOW)
    commit_import(file, by=town.office, now=NOW)
    return FileImport.objects.get(pk=file.pk)


def state(town, month=OCTOBER):
    period = Period.holding(Period.MONTH, month)
    return month_states(town.body, [period])[month].get(town.kikaku.pk)


@pytest.mark.parametrize(
    "month",
    ["2026-10", "2026/10", "2026年10月", "令和8年10月", "R8.10", "2026-10-01", "令和8年10月31日"],
)
def test_a_month_is_written_as_an_office_writes_it(town, month):
    plan = planned(town, f"{town.kikaku.code},{month}")
    assert (findings(plan), plan.totals["added"]) == ([], 1)
    plan.commit(town.office, NOW)
    row = NoTelework.objects.get()
    assert (row.department, row.month, row.declared_by) == (town.kikaku, OCTOBER, town.office)


def test_the_file_is_shown_let_in_and_taken_back(town):
    line = f"{town.kikaku.code},令和8年10月"
    file = taken(town, line)
    assert state(town) == Submission.NONE
    again = planned(town, line)
    assert again.totals == {"added": 0, "changed": 0, "unchanged": 1, "ended": 0}
    undo_import(file, by=town.office, now=NOW)
    assert state(town) == Submission.MISSING


def test_a_declaration_that_the_department_withdrew_cannot_be_taken_back_with_the_file(town):
    file = taken(town, f"{town.kikaku.code},2026-10")
    withdraw_declaration(NoTelework.objects.get(), by=town.chief, now=NOW)
    with pytest.raises(Conflict, match="変更または削除"):
        undo_import(file, by=town.office, now=NOW)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("9999,2026-10", "部署コード 「9999」: 登録されていない部署コードです。"),
        ("{zeimu},2026-10", "部署コード 「{zeimu}」: この月に試行を始めていない部署です。"),
        ("{zeimu},2026-11", "部署コード 「{zeimu}」: この月に試行を始めていない部署です。"),
        ("{kikaku},2026-09", "対象の月 「2026-09」: この月の実施記録があります。"),
        ("{kikaku},2026-11", "対象の月 「2026-11」: 実績なしは、その月の最後の開庁日から"),
        ("{kikaku},10月", "対象の月 「10月」: 月を 2026-10、2026/10、令和8年10月、R8.10"),
        ("{kikaku},", "対象の月 「」: 空欄です。"),
    ],
)
def test_a_line_that_cannot_be_declared_is_refused(town, line, expected):
    codes = {"zeimu": town.zeimu.code, "kikaku": town.kikaku.code}
    found = findings(planned(town, line.format(**codes)))
    assert len(found) == 1
    assert found[0].startswith("行 2 列 " + expected.format(**codes))


def test_the_same_month_twice_is_refused(town):
    line = f"{town.kikaku.code},2026-10"
    assert findings(planned(town, line, line)) == [
        f"行 3 列 部署コード 「{town.kikaku.code}」: 同じ部署と月が行 2 にもあります。"
    ]


def test_several_departments_and_months_at_once(town):
    a_pilot_between(town.zeimu, town.tax_chief, date(2026, 9, 1), date(2026, 12, 25))
    lines = [f"{town.zeimu.code},{month}" for month in ("2026-09", "2026-10")]
    taken(town, *lines, f"{town.kikaku.code},2026-10")
    assert NoTelework.objects.count() == 3


@pytest.mark.parametrize("months", [1, 3])
def test_what_may_be_declared_is_read_once_for_all_lines(town, months):
    a_pilot_between(town.zeimu, town.tax_chief, date(2026, 8, 3), date(2026, 12, 25))
    lines = [f"{town.zeimu.code},2026-{month:02d}" for month in (8, 9, 10)[:months]]
    plan = planned(town, *lines)
    with CaptureQueriesContext(connection) as taken:
        plan.commit(town.office, NOW)
    assert sum("pilots_pilotdepartment" in query["sql"] for query in taken) == 1
    assert NoTelework.objects.filter(declared_by=town.office).count() == months


def test_a_record_that_comes_before_the_commit_is_not_declared_away(town):
    plan = planned(town, f"{town.kikaku.code},2026-10")
    build.used(town.staff[0], town.kikaku, date(2026, 10, 6))
    with pytest.raises(Conflict, match="登録内容が変わりました"):
        plan.commit(town.office, NOW)
    assert not NoTelework.objects.exists()


def test_the_office_hands_it_in_and_nobody_else(town):
    assert "実績なしの申告" in signed_in(town.office).get("/993018/imports/").content.decode()
    assert signed_in(town.chief).get("/993018/imports/no_telework/").status_code in (403, 404)


def test_what_is_declared_goes_out_as_the_same_file(town):
    taken(town, f"{town.kikaku.code},2026-10")
    rows = list(import_kinds()["no_telework"].current(town.body, date(2026, 11, 2)))
    assert rows == [(town.kikaku.code, "2026-10")]
