"""The file of departments: what it adds, changes, ends and refuses."""

from __future__ import annotations

from datetime import date

import pytest

from municipality.audit.models import Entry
from municipality.imports.operations.imports import take_in
from municipality.organisation.models import Department, DepartmentVersion
from municipality.organisation.operations.departments import apply_versions
from tests.build.municipality import a_body, a_department, at, root_of

pytestmark = pytest.mark.django_db
NOW = at(2026, 5, 1)
HEAD = "部署コード,部署名,上位部署コード,種別,開始日,終了日"


def take(body, *lines, head=HEAD, now=NOW, code="utf-8", dry_run=False):
    content = "\r\n".join([head, *lines]).encode(code)
    return take_in(body, "departments", "departments.csv", content, now=now, dry_run=dry_run)


def told(body, *lines, **how):
    return [str(finding) for finding in take(body, *lines, **how).findings]


def tree(body):
    names = {row.pk: row.name for row in Department.objects.of(body)}
    return {
        row.name: names.get(row.parent_id, "") for row in Department.objects.of(body) if row.code
    }


@pytest.fixture
def body():
    return a_body()


def test_a_child_may_come_before_its_parent(body):
    plan = take(
        body,
        "0102,税務係,0101,係,2026-04-01,",
        "0101,総務課,01,課,R8.4.1,",
        "01,総務部,,部,令和8年4月1日,",
    )
    assert str(plan) == "追加 3 変更 0 変更なし 0 終了 0"
    assert tree(body) == {"税務係": "総務課", "総務課": "総務部", "総務部": "あおば町"}
    unit, section = Department.objects.get(code="0102"), Department.objects.get(code="0101")
    assert unit.path.startswith(section.path)
    assert section.path.startswith(root_of(body).path)
    assert (
        DepartmentVersion.objects.filter(
            department__code="0102", starts_on=date(2026, 4, 1), ends_on=None
        ).count()
        == 1
    )


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "cp932"])
def test_the_same_file_again_changes_nothing(body, code):
    lines = ["0101,総務課,,課,2026-04-01,", "0102,税務係,0101,係,2026-04-01,2027-03-31"]
    assert str(take(body, *lines)) == "追加 2 変更 0 変更なし 0 終了 0"
    before = list(DepartmentVersion.objects.values())
    assert str(take(body, *lines, code=code)) == "追加 0 変更 0 変更なし 2 終了 0"
    assert list(DepartmentVersion.objects.values()) == before


def test_columns_come_in_any_order_and_unknown_ones_are_noted(body):
    plan = take(
        body,
        "備考です,課,2026-04-01,,0101,,総務課",
        head="備考,種別,開始日,終了日,部署コード,上位部署コード,部署名",
    )
    assert (plan.added, plan.notes) == (1, ["列「備考」は取り込みません。"])


def test_a_leading_zero_stays(body):
    take(body, "0007,総務課,,課,2026-04-01,")
    assert Department.objects.filter(code="0007").exists()


def test_a_new_name_begins_on_its_day_and_the_old_one_ends_the_day_before(body):
    take(body, "0101,総務課,,課,2024-04-01,")
    plan = take(body, "0101,総務防災課,,課,2026-05-01,")
    assert str(plan) == "追加 0 変更 1 変更なし 0 終了 0"
    assert [
        (v.name, v.starts_on, v.ends_on)
        for v in DepartmentVersion.objects.filter(department__code="0101")
    ] == [
        ("総務課", date(2024, 4, 1), date(2026, 4, 30)),
        ("総務防災課", date(2026, 5, 1), None),
    ]
    row = Department.objects.get(code="0101")
    assert (row.name, row.starts_on) == ("総務防災課", date(2024, 4, 1))


def test_a_change_in_the_future_waits_for_its_day(body):
    take(body, "01,総務部,,部,2026-04-01,", "0101,総務課,,課,2026-04-01,")
    plan = take(body, "0101,総務防災課,01,課,2026-10-01,")
    assert plan.changed == 1
    assert tree(body)["総務課"] == "あおば町"
    apply_versions(body, at(2026, 10, 1))
    assert tree(body)["総務防災課"] == "総務部"


def test_the_same_day_corrects_what_was_said_of_it(body):
    take(body, "0101,総務か,,課,2026-04-01,")
    assert take(body, "0101,総務課,,室,2026-04-01,").changed == 1
    assert DepartmentVersion.objects.filter(department__code="0101").count() == 1
    assert Department.objects.get(code="0101").kind == "office"


def test_an_earlier_day_moves_the_beginning(body):
    take(body, "0101,総務課,,課,2026-04-01,")
    assert take(body, "0101,総務課,,課,2020-04-01,").changed == 1
    assert Department.objects.get(code="0101").starts_on == date(2020, 4, 1)
    assert str(take(body, "0101,総務課,,課,2020-04-01,")) == "追加 0 変更 0 変更なし 1 終了 0"


def test_a_later_day_with_the_same_facts_says_nothing_new(body):
    take(body, "0101,総務課,,課,2024-04-01,")
    assert take(body, "0101,総務課,,課,2026-04-01,").unchanged == 1


def test_an_end_is_counted_as_ended_and_an_empty_one_means_still(body):
    take(body, "0101,総務課,,課,2026-04-01,")
    assert (
        str(take(body, "0101,総務課,,課,2026-04-01,R9.3.31")) == "追加 0 変更 0 変更なし 0 終了 1"
    )
    assert Department.objects.get(code="0101").ends_on == date(2027, 3, 31)
    assert str(take(body, "0101,総務課,,課,2026-04-01,")) == "追加 0 変更 1 変更なし 0 終了 0"
    assert Department.objects.get(code="0101").ends_on is None


def test_departments_that_are_absent_stay(body):
    take(body, "0101,総務課,,課,2026-04-01,", "0102,税務課,,課,2026-04-01,")
    take(body, "0101,総務課,,課,2026-04-01,")
    assert Department.objects.of(body).answering().count() == 2


def test_moving_below_another_takes_all_that_is_below_along(body):
    take(
        body,
        "01,総務部,,部,2026-04-01,",
        "0101,総務課,,課,2026-04-01,",
        "010101,庶務係,0101,係,2026-04-01,",
    )
    take(body, "0101,総務課,01,課,2026-04-01,")
    unit, division = Department.objects.get(code="010101"), Department.objects.get(code="01")
    assert unit.path.startswith(division.path)


GOOD = "0101,総務課,,課,2026-04-01,"
REFUSED = {
    "no code": (["," + GOOD.split(",", 1)[1]], "行 2 列 部署コード 「」: 空欄です。"),
    "code in wide letters": (
        ["０１０１,総務課,,課,2026-04-01,"],
        "行 2 列 部署コード 「０１０１」: 半角の英数字で20文字以内",
    ),
    "long code": (
        ["1" * 21 + ",総務課,,課,2026-04-01,"],
        f"行 2 列 部署コード 「{'1' * 21}」: 半角の英数字で20文字以内",
    ),
    "no name": (["0101,,,課,2026-04-01,"], "行 2 列 部署名 「」: 空欄です。"),
    "only spaces": (["0101,　 ,,課,2026-04-01,"], "行 2 列 部署名 「」: 空欄です。"),
    "long name": (
        [f"0101,{'あ' * 81},,課,2026-04-01,"],
        f"行 2 列 部署名 「{'あ' * 60}」: 80文字以内",
    ),
    "name in two lines": (
        ['0101,"総務\n課",,課,2026-04-01,'],
        "行 2 列 部署名 「総務 課」: 改行やタブを含めずに",
    ),
    "unknown kind": (
        ["0101,総務課,,班,2026-04-01,"],
        "行 2 列 種別 「班」: 局・部・課・係・室・出先 のいずれか",
    ),
    "no day": (["0101,総務課,,課,,"], "行 2 列 開始日 「」: 空欄です。"),
    "no such day": (["0101,総務課,,課,2026-02-29,"], "行 2 列 開始日 「2026-02-29」: 日付を"),
    "no year": (["0101,総務課,,課,4/1,"], "行 2 列 開始日 「4/1」: 年のない日付です。"),
    "day in words": (["0101,総務課,,課,四月一日,"], "行 2 列 開始日 「四月一日」: 日付を"),
    "day far away": (
        ["0101,総務課,,課,0026-04-01,"],
        "行 2 列 開始日 「0026-04-01」: 1900年から2200年",
    ),
    "end before beginning": (
        ["0101,総務課,,課,2026-04-01,2026-03-31"],
        "行 2 列 終了日 「2026-03-31」: 開始日より後",
    ),
    "twice": (
        [GOOD, "0102,税務課,,課,2026-04-01,", GOOD],
        "行 4 列 部署コード 「0101」: 同じ部署コードが行 2 にも",
    ),
    "unknown parent": (
        ["0101,総務課,9999,課,2026-04-01,"],
        "行 2 列 上位部署コード 「9999」: この部署コードは",
    ),
    "its own parent": (
        ["0101,総務課,0101,課,2026-04-01,"],
        "行 2 列 上位部署コード 「0101」: 上位部署が循環しています(0101 → 0101)",
    ),
    "circle of two": (
        ["0101,総務課,0102,課,2026-04-01,", "0102,税務課,0101,課,2026-04-01,"],
        "行 2 列 上位部署コード 「0102」: 上位部署が循環しています(0101 → 0102 → 0101)",
    ),
    "circle behind the header of line 12": (
        [f"2{n:02d},課{n},,課,2026-04-01," for n in range(10)]
        + ["0101,総務課,0101,課,2026-04-01,"],
        "行 12 列 上位部署コード 「0101」",
    ),
    "too deep": (
        [f"d{n},課{n},{f'd{n - 1}' if n else ''},課,2026-04-01," for n in range(25)],
        "行 22 列 上位部署コード 「d19」: 階層が深すぎる",
    ),
    "parent that ends before its child": (
        ["01,総務部,,部,2026-04-01,2026-09-30", "0101,総務課,01,課,2026-04-01,"],
        "行 2 列 終了日 「2026-09-30」: 上位の 01 は 2026-09-30 に終わりますが、下位の 0101 が残ります。",
    ),
    "missing column": (["0101,総務課,,2026-04-01,"], "行 1 列 種別 「」: この列がありません。"),
    "column twice": (
        ["0101,総務課,,課,2026-04-01,,x"],
        "行 1 列 部署名 「部署名」: 同じ見出しの列が2列あります。",
    ),
}
HEADS = {
    "missing column": "部署コード,部署名,上位部署コード,開始日,終了日",
    "column twice": f"{HEAD},部署名",
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_is_refused_with_line_column_value_and_what_is_expected(body, name):
    lines, said = REFUSED[name]
    assert told(body, *lines, head=HEADS.get(name, HEAD))[0].startswith(said)
    assert Department.objects.of(body).answering().count() == 0


def test_a_circle_with_departments_that_stand_is_refused(body):
    take(body, "0101,総務課,,課,2026-04-01,", "0102,庶務係,0101,係,2026-04-01,")
    assert told(body, "0101,総務課,0102,課,2026-04-01,")[0].startswith(
        "行 2 列 上位部署コード 「0102」: 上位部署が循環"
    )


def test_a_circle_that_would_begin_later_is_refused(body):
    take(body, "0101,総務課,,課,2026-04-01,", "0102,庶務係,0101,係,2026-04-01,")
    assert told(body, "0101,総務課,0102,課,2027-04-01,")[0].startswith(
        "行 2 列 上位部署コード 「0102」: 上位部署が循環"
    )


def test_two_may_change_places_on_one_day(body):
    take(body, "01,総務部,,部,2026-04-01,", "02,庶務室,01,室,2026-04-01,")
    assert take(body, "01,総務部,02,部,2026-05-01,", "02,庶務室,,室,2026-05-01,").changed == 2
    assert tree(body) == {"総務部": "庶務室", "庶務室": "あおば町"}


def test_two_may_change_places_on_a_day_to_come(body):
    take(body, "01,総務部,,部,2026-04-01,", "02,庶務室,01,室,2026-04-01,")
    take(body, "01,総務部,02,部,2026-10-01,", "02,庶務室,,室,2026-10-01,")
    assert apply_versions(body, at(2026, 9, 30)) == 0
    assert apply_versions(body, at(2026, 10, 1)) == 2
    assert tree(body) == {"総務部": "庶務室", "庶務室": "あおば町"}
    assert Department.objects.get(code="01").path.startswith(Department.objects.get(code="02").path)


def test_an_end_before_a_change_that_is_to_come_is_refused(body):
    take(body, "0101,総務課,,課,2026-04-01,")
    take(body, "0101,総務防災課,,課,2026-10-01,")
    assert told(body, "0101,総務課,,課,2026-04-01,2026-08-31")[0].startswith(
        "行 2 列 終了日 「2026-08-31」: この日より後に始まる変更(2026-10-01)"
    )


def test_every_bad_row_is_told(body):
    assert [
        line.split(":")[0]
        for line in told(body, "0101,総務課,,班,2026-04-01,", "0102,,9,課,あした,")
    ] == [
        "行 2 列 種別 「班」",
        "行 3 列 部署名 「」",
        "行 3 列 開始日 「あした」",
        "行 3 列 上位部署コード 「9」",
    ]


def test_a_dry_run_writes_nothing_at_all(body):
    lines = Entry.objects.count()
    assert take(body, GOOD, dry_run=True).added == 1
    assert (Department.objects.of(body).answering().count(), Entry.objects.count()) == (0, lines)


def test_departments_of_another_body_are_neither_seen_nor_touched(body):
    other = a_body("993026", "みどり市")
    theirs = a_department(other, "総務課", code="0101")
    assert told(body, "0102,庶務係,0101,係,2026-04-01,")[0].startswith(
        "行 2 列 上位部署コード 「0101」: この部署コードは"
    )
    take(body, "0101,企画課,,課,2026-04-01,")
    theirs.refresh_from_db()
    assert theirs.name == "総務課"
