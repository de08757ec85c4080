"""The file of telework records: read as it comes, refused with its line, and the same file changes
nothing.
"""

from __future__ import annotations

from datetime import date

import pytest

from municipality.core.registry import import_kinds
from municipality.core.spreadsheets.reader import read_table
from municipality.imports.rows import plan_table
from pilots.days.models import Usage
from tests.build import pilots as build
from tests.build.municipality import APRIL, a_member, at

pytestmark = pytest.mark.django_db
HEAD = "職員番号,実施日,単位,時間数,場所,方式"
TODAY = date(2026, 11, 2)


@pytest.fixture
def town():
    return build.a_town()


def planned(town, *lines, head=HEAD, encoding="utf-8"):
    content = "\r\n".join([head, *lines, ""]).encode(encoding)
    return plan_table(
        import_kinds()["usage"],
        read_table("usage.csv", content),
        municipality=town.body,
        today=TODAY,
    )


def findings(plan):
    return [str(finding) for finding in plan.findings]


def test_a_file_is_added_and_the_same_file_again_changes_nothing(town):
    number = town.staff[0].number
    lines = [
        f"{number},令和8年8月4日,終日,,自宅,リモートデスクトップ方式",
        f"{number},2026/8/5,午前,,サテライト,仮想デスクトップ",
        f"{number},2026-08-06,時間,3:30,モバイル,仮想デスクトップ(VDI)方式",
    ]
    plan = planned(town, *lines, encoding="cp932")
    assert (findings(plan), plan.totals["added"]) == ([], 3)
    plan.commit(None, at(2026, 11, 2))
    stored = Usage.objects.order_by("day").values_list(
        "unit", "minutes", "place", "method", "department"
    )
    assert list(stored) == [
        ("full", 465, "home", "remote_desktop", town.kikaku.pk),
        ("morning", 232, "satellite", "vdi", town.kikaku.pk),
        ("hours", 210, "mobile", "vdi", town.kikaku.pk),
    ]
    again = planned(town, *lines)
    assert again.totals == {"added": 0, "changed": 0, "unchanged": 3, "ended": 0}


def test_a_record_ends_on_its_day(town):
    """22:00 and two hours end at 24:00; 23:00 and two hours on the next day."""
    number, head = town.staff[0].number, f"{HEAD},開始時刻"
    line = f"{number},2026-08-04,時間,2,自宅,VPN,"
    assert findings(planned(town, f"{line}22:00", head=head)) == []
    assert findings(planned(town, f"{line}23:00", head=head)) == [
        "行 2 列 開始時刻 「23:00」: 終わりが24時を過ぎます。24時より後は、翌日の記録として別に入力してください。"
    ]


def test_other_minutes_change_the_record(town):
    number = town.staff[0].number
    planned(town, f"{number},2026-08-06,時間,3.5,自宅,VPN方式").commit(None, at(2026, 11, 2))
    plan = planned(town, f"{number},2026-08-06,時間,4,自宅,VPN方式")
    assert plan.totals["changed"] == 1
    plan.commit(None, at(2026, 11, 2))
    assert Usage.objects.get().minutes == 240


def test_the_department_is_that_of_the_day(town):
    moved = a_member(town.zeimu, starts_on=APRIL, ends_on=date(2026, 8, 31))
    planned(town, f"{moved.number},2026-08-31,終日,,自宅,VPN").commit(None, at(2026, 11, 2))
    assert Usage.objects.get().department == town.zeimu
    assert findings(planned(town, f"{moved.number},2026-09-01,終日,,自宅,VPN")) == [
        "行 2 列 実施日 「2026-09-01」: この日に在職していない職員です。発令を確認してください。"
    ]


LIMIT = "1日の勤務時間(7時間45分)までを、3.5 または 3:30 のように入力してください。"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "999999,2026-08-04,終日,,自宅,VPN",
            "行 2 列 職員番号 「999999」: この職員番号の職員が登録されていません。",
        ),
        (
            "{n},2026-11-03,終日,,自宅,VPN",
            "行 2 列 実施日 「2026-11-03」: 今日までの日を入力してください。",
        ),
        (
            "{n},2026-08-04,時間,,自宅,VPN",
            "行 2 列 時間数 「」: 単位が「時間」のときは、3.5 または 3:30 のように入力してください。",
        ),
        ("{n},2026-08-04,時間,8,自宅,VPN", f"行 2 列 時間数 「8」: {LIMIT}"),
        (
            "{n},2026-08-04,半日,,自宅,VPN",
            "行 2 列 単位 「半日」: 終日・午前・午後・時間 のいずれかを入力してください。",
        ),
    ],
)
def test_a_bad_line_is_refused_with_line_column_and_value(town, line, expected):
    assert findings(planned(town, line.format(n=town.staff[0].number))) == [expected]


def test_an_unknown_method_lists_the_seven(town):
    found = findings(planned(town, f"{town.staff[0].number},2026-08-04,終日,,自宅,電話"))
    assert found[0].startswith(
        "行 2 列 方式 「電話」: VPN方式・リモートデスクトップ方式・仮想デスクトップ(VDI)方式・"
    )


def test_the_same_record_twice_in_a_file_is_refused(town):
    line = f"{town.staff[0].number},2026-08-04,終日,,自宅,VPN方式"
    assert findings(planned(town, line, line)) == [
        f"行 3 列 職員番号 「{town.staff[0].number}」: 同じ記録が行 2 にもあります。1行にまとめてください。"
    ]


def test_nobody_works_longer_than_a_working_day(town):
    number = town.staff[0].number
    morning = f"{number},2026-08-04,午前,,自宅,VPN"
    assert findings(planned(town, morning, f"{number},2026-08-04,午後,,自宅,VPN")) == []
    assert findings(planned(town, morning, f"{number},2026-08-04,終日,,自宅,VPN")) == [
        f"行 {line} 列 時間数 「」: この職員のこの日の合計が697分になり、1日の465分を超えます。"
        for line in (2, 3)
    ]


def test_people_of_other_bodies_are_unknown(town):
    other = build.a_town("993026", name="みどり町")
    number = other.staff[0].number
    assert len(findings(planned(town, f"{number},2026-08-04,終日,,自宅,VPN"))) == 1
