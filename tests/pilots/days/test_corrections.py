"""A file of records corrects what earlier files brought, and says what is remarkable of a
record.
"""

from __future__ import annotations

from datetime import date

import pytest

from municipality.core.refusals import Conflict
from municipality.core.registry import import_kinds
from municipality.core.spreadsheets.reader import read_table
from municipality.imports.models import FileImport
from municipality.imports.operations.imports import commit_import, preview, undo_import
from municipality.imports.rows import plan_table
from municipality.organisation.models import ClosedDay, Member
from municipality.organisation.operations.employment_kinds import keep_employment_kinds
from pilots.days.models import Usage, UsageSetting
from pilots.days.operations.records import correct_usage
from tests.build import pilots as build
from tests.build.municipality import at, signed_in

pytestmark = pytest.mark.django_db
HEAD = "職員番号,実施日,単位,時間数,場所,方式,開始時刻"
NOW = at(2026, 11, 2)


@pytest.fixture
def town():
    return build.a_town()


def content(*lines: str) -> bytes:
    return "\r\n".join([HEAD, *lines, ""]).encode()


def planned(town, *lines):
    return plan_table(
        import_kinds()["usage"],
        read_table("usage.csv", content(*lines)),
        municipality=town.body,
        today=NOW.date(),
    )


def taken_in(town, *lines) -> FileImport:
    """The office imports these lines on the page's way: shown, then committed."""
    shown = preview(town.body, "usage", "実施記録.csv", content(*lines), by=town.office, now=NOW)
    assert shown.state == FileImport.State.PREVIEWED, shown.findings
    commit_import(shown, by=town.office, now=NOW)
    shown.refresh_from_db()
    return shown


def stored(*names: str) -> list[tuple]:
    return list(Usage.objects.order_by("day", "unit", "part").values_list(*names))


def own(town, day: date, **values) -> Usage:
    """A record that was entered on a page."""
    facts = {"place": "home", "method": "remote_desktop", "source": "own"} | values
    return Usage.objects.create(
        municipality=town.body, member=town.staff[0], department=town.kikaku, day=day, **facts
    )


def test_another_place_for_the_same_day_corrects_the_record(town):
    number = town.staff[0].number
    first = taken_in(town, f"{number},2026-08-04,終日,,自宅,リモートデスクトップ方式,")
    second = taken_in(town, f"{number},2026-08-04,終日,,サテライト,リモートデスクトップ方式,")
    assert (second.summary["added"], second.summary["changed"]) == (0, 1)
    assert stored("place", "minutes", "file") == [("satellite", 465, second.pk)]
    undo_import(second, by=town.office, now=NOW)
    assert stored("place", "minutes", "file") == [("home", 465, first.pk)]


def test_a_file_replaces_the_months_of_the_people_it_names_and_no_others(town):
    one, two = town.staff[0].number, town.staff[1].number
    taken_in(
        town,
        f"{one},2026-08-04,終日,,自宅,VPN,",
        f"{one},2026-08-05,終日,,自宅,VPN,",
        f"{one},2026-09-01,終日,,自宅,VPN,",
        f"{two},2026-08-04,終日,,自宅,VPN,",
    )
    second = taken_in(town, f"{one},2026-08-06,午前,,自宅,VPN,")
    assert (second.summary["added"], second.summary["ended"]) == (1, 2)
    assert stored("member", "day", "unit") == [
        (town.staff[1].pk, date(2026, 8, 4), "full"),
        (town.staff[0].pk, date(2026, 8, 6), "morning"),
        (town.staff[0].pk, date(2026, 9, 1), "full"),
    ]
    undo_import(second, by=town.office, now=NOW)
    assert [day for (day,) in stored("day")] == [
        date(2026, 8, 4),
        date(2026, 8, 4),
        date(2026, 8, 5),
        date(2026, 9, 1),
    ]


def test_hours_are_told_apart_by_their_start_or_by_their_order(town):
    number = town.staff[0].number
    lines = [
        f"{number},2026-08-04,時間,2,自宅,VPN,9:00",
        f"{number},2026-08-04,時間,1,自宅,VPN,15:30",
        f"{number},2026-08-05,時間,2,自宅,VPN,",
        f"{number},2026-08-05,時間,3,自宅,VPN,",
    ]
    taken_in(town, *lines)
    assert stored("day", "part", "minutes") == [
        (date(2026, 8, 4), "09:00", 120),
        (date(2026, 8, 4), "15:30", 60),
        (date(2026, 8, 5), "1", 120),
        (date(2026, 8, 5), "2", 180),
    ]
    assert planned(town, *lines).totals == {"added": 0, "changed": 0, "unchanged": 4, "ended": 0}
    twice = planned(town, lines[0], lines[0])
    assert [finding.line for finding in twice.findings] == [3]
    assert [finding.column for finding in planned(town, f"{lines[0]}:7").findings] == ["開始時刻"]


def test_what_is_handed_out_comes_back_as_it_was(town):
    number = town.staff[0].number
    taken_in(
        town,
        f"{number},2026-08-04,時間,2,自宅,VPN,9:00",
        f"{number},2026-08-05,時間,3,自宅,VPN,",
        f"{number},2026-08-05,時間,2,サテライト,VPN,",
        f"{number},2026-08-06,午前,,自宅,VPN,",
    )
    own(town, date(2026, 8, 7), unit="afternoon", minutes=233)
    before = stored("pk", "day", "unit", "part", "minutes", "place", "source", "file")
    kind = import_kinds()["usage"]
    names = [column.name for column in kind.columns]
    rows = [",".join(str(cell) for cell in row) for row in kind.current(town.body, NOW.date())]
    text = "\r\n".join([",".join(names), *rows, ""])
    shown = preview(town.body, "usage", "控え.csv", text.encode(), by=town.office, now=NOW)
    assert {key: shown.summary[key] for key in ("added", "changed", "unchanged", "ended")} == {
        "added": 0,
        "changed": 0,
        "unchanged": 5,
        "ended": 0,
    }
    commit_import(shown, by=town.office, now=NOW)
    assert stored("pk", "day", "unit", "part", "minutes", "place", "source", "file") == before


def test_own_entries_stay_and_the_difference_is_listed(town):
    own(town, date(2026, 8, 4))
    own(town, date(2026, 8, 7))
    number = town.staff[0].number
    plan = planned(town, f"{number},2026-08-04,終日,,サテライト,リモートデスクトップ方式,")
    assert plan.totals == {"added": 0, "changed": 0, "unchanged": 1, "ended": 0}
    assert plan.notes[:1] == [
        f"行 2 {number} 令和8年8月4日(火) 終日: 画面で入力した記録(終日 自宅)と異なります。画面の入力を残します。"
    ]
    plan.commit(town.office, NOW)
    assert stored("place") == [("home",), ("home",)]


def test_own_entries_give_way_where_the_body_says_so(town):
    UsageSetting.objects.create(municipality=town.body, file_wins=True)
    own(town, date(2026, 8, 4), unit="morning", minutes=232)
    own(town, date(2026, 8, 7))
    number = town.staff[0].number
    plan = planned(town, f"{number},2026-08-04,終日,,サテライト,VPN,")
    assert plan.findings == []
    assert plan.totals == {"added": 1, "changed": 0, "unchanged": 0, "ended": 1}
    assert plan.notes[0] == (
        f"行 2 {number} 令和8年8月4日(火) 終日: 画面で入力した記録(午前 自宅)と異なります。ファイルの内容に改めます。"
    )
    plan.commit(town.office, NOW)
    assert stored("day", "unit", "source") == [
        (date(2026, 8, 4), "full", "file"),
        (date(2026, 8, 7), "full", "own"),
    ]


def test_what_is_remarkable_is_taken_and_said(town):
    build.a_running(town)
    ClosedDay.objects.create(municipality=town.body, date=date(2026, 8, 12), name="休館")
    one, outside = town.staff[0].number, town.tax_staff.number
    plan = planned(
        town,
        f"{outside},2026-08-04,終日,,自宅,リモートデスクトップ方式,",
        f"{one},2026-08-05,終日,,自宅,スタンドアロン方式,",
        f"{one},2026-08-12,終日,,自宅,リモートデスクトップ方式,",
        f"{one},2026-08-17,終日,,自宅,リモートデスクトップ方式,",
        f"{one},2026-08-18,終日,,自宅,リモートデスクトップ方式,",
        f"{one},2026-08-19,午前,,自宅,リモートデスクトップ方式,",
    )
    assert (plan.findings, plan.totals["added"]) == ([], 6)
    assert plan.notes == [
        "試行の参加者でない日の記録が1件あります。",
        "閉庁日の記録が1件あります。",
        "1週間の上限を超える週の記録が3件あります。",
        "試行と異なる方式の記録が1件あります。",
    ]
    said = [{name: now for name, _was, now in change.details} for change in plan.changes]
    assert [details.get("備考", "") for details in said] == [
        "試行の参加者でない日",
        "試行と異なる方式",
        "閉庁日",
        "1週間の上限を超える週",
        "1週間の上限を超える週",
        "1週間の上限を超える週",
    ]


def test_a_file_says_which_records_are_of_people_who_are_no_staff(town):
    keep_employment_kinds(town.body, at(2026, 4, 1))
    person = town.staff[0]
    Member.objects.filter(pk=person.pk).update(employment="外部専門家")
    plan = planned(town, f"{person.number},2026-08-04,終日,,自宅,リモートデスクトップ方式,")
    words = "職員に数えない人の記録が1件あります。実施者数と延べ実施日数には含めません。"
    assert plan.notes[-1] == words


def test_the_story_on_the_page_of_the_file(town):
    number = town.staff[0].number
    taken_in(town, f"{number},2026-08-04,終日,,自宅,リモートデスクトップ方式,")
    shown = preview(
        town.body,
        "usage",
        "実施記録.csv",
        content(f"{number},2026-08-04,終日,,サテライト,リモートデスクトップ方式,"),
        by=town.office,
        now=NOW,
    )
    text = signed_in(town.office).get(shown.get_absolute_url()).text
    assert "サテライト" in text
    assert "試行の参加者でない日の記録が1件あります。" in text


def test_a_form_that_was_opened_before_a_file_replaced_the_record_is_too_late(town):
    number = town.staff[0].number
    taken_in(town, f"{number},2026-08-04,終日,,自宅,VPN,", f"{number},2026-08-05,終日,,自宅,VPN,")
    row = Usage.objects.select_related("department").get(day=date(2026, 8, 4))
    taken_in(
        town, f"{number},2026-08-04,終日,,サテライト,VPN,", f"{number},2026-08-05,終日,,自宅,VPN,"
    )
    with pytest.raises(Conflict, match="先に変更"):
        correct_usage(
            row,
            edition=row.edition,
            reason="照合",
            by=town.office,
            now=NOW,
            unit="full",
            minutes=465,
            place="mobile",
            method="vpn",
        )
    assert stored("place", "edition") == [("satellite", 2), ("home", 1)]
