"""内閣府 syukujitsu.csv: in CP932 as it comes, for one body alone, whole years only."""

from __future__ import annotations

from datetime import date

import holidays
import pytest

from municipality.core.refusals import Denied
from municipality.imports.models import FileImport
from municipality.imports.operations.imports import commit_import, preview, take_in
from municipality.organisation.models import BodyHoliday
from municipality.organisation.open_days import open_days
from tests.build.municipality import a_body, a_department, a_member, at, root_of

pytestmark = pytest.mark.django_db
NOW = at(2026, 11, 4)
CUT = tuple(date(2026, month, day) for month, day in ((4, 29), (5, 3), (5, 4), (5, 5), (11, 3)))
HEAD = "国民の祝日・休日月日,国民の祝日・休日名称"


def the_file(*years: int, without: tuple[date, ...] = (), more: str = "") -> bytes:
    """As the Cabinet Office writes it: no leading zeros, CP932, CRLF."""
    listed = sorted(holidays.country_holidays("JP", years=years, language="ja").items())
    lines = [
        f"{day.year}/{day.month}/{day.day},{name}" for day, name in listed if day not in without
    ]
    return "\r\n".join([HEAD, *lines, *more.splitlines(), ""]).encode("cp932")


@pytest.fixture
def body():
    return a_body()


def test_the_file_is_taken_in_as_it_comes_and_again_changes_nothing(body):
    plan = take_in(body, "holidays", "syukujitsu.csv", the_file(2025, 2026), now=NOW)
    assert str(plan) == "追加 37 変更 0 変更なし 0 終了 0"
    assert BodyHoliday.objects.filter(date=date(2026, 9, 22)).exists()
    again = take_in(body, "holidays", "syukujitsu.csv", the_file(2025, 2026), now=NOW)
    assert str(again) == "追加 0 変更 0 変更なし 37 終了 0"
    assert BodyHoliday.objects.count() == 37


def test_a_holiday_that_the_law_moved_is_followed_for_its_year_only(body):
    take_in(body, "holidays", "a.csv", the_file(2026, 2027), now=NOW)
    moved = the_file(2026, without=(date(2026, 7, 20),), more="2026/7/22,海の日")
    plan = take_in(body, "holidays", "b.csv", moved, now=NOW)
    assert (plan.added, plan.ended, plan.unchanged) == (1, 1, 17)
    calendar = open_days(body)
    assert [calendar.is_open(date(2026, 7, day)) for day in (20, 22)] == [True, False]
    assert calendar.is_open(date(2027, 7, 19)) is False


def test_years_before_2015_are_told_and_left_out(body):
    plan = take_in(body, "holidays", "a.csv", the_file(1955, 2014, 2026), now=NOW)
    assert {row.date.year for row in BodyHoliday.objects.all()} == {2026}
    assert any("2015年より前" in note for note in plan.notes)


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (the_file(2026, without=CUT), 2, "13日しか"),
        (the_file(2025, 2026, without=CUT[-1:]), 21, "2026年の祝日が17日しか"),
        (the_file(2026, without=CUT[-1:]), 2, "法律では18日です(ない日: 11月3日)"),
        (the_file(2026, more="2026/1/1,元日"), 20, "2回"),
        (the_file(2014), 2, "2015年以降"),
        (the_file(2026, more="2026/13/1,祝日"), 20, "日付"),
        (the_file(2026, more="2027/1/1,"), 20, "空欄"),
        ("祝日,名称\n2026/1/1,元日\n".encode("cp932"), 1, "この列がありません"),
    ],
)
def test_a_file_that_cannot_be_trusted_changes_nothing_and_says_where(body, content, line, said):
    plan = take_in(body, "holidays", "a.csv", content, now=NOW)
    assert [finding.line for finding in plan.findings if said in finding.message][:1] == [line], (
        plan.findings
    )
    assert not BodyHoliday.objects.exists()


def test_one_bodys_office_moves_no_other_bodys_days(body):
    other = a_body("993026", "みどり町")
    office = a_member(root_of(body), "office")
    moved = the_file(2026, without=(date(2026, 9, 22),), more="2026/9/24,休日")
    taken = preview(body, "holidays", "a.csv", moved, by=office, now=NOW)
    assert taken.state == FileImport.State.PREVIEWED
    commit_import(taken, by=office, now=NOW)
    day = date(2026, 9, 22)
    assert (open_days(body).is_open(day), open_days(other).is_open(day)) == (True, False)


def test_the_file_is_the_offices_to_take_in(body):
    staff = a_member(a_department(body))
    with pytest.raises(Denied):
        preview(body, "holidays", "a.csv", the_file(2026), by=staff, now=NOW)
