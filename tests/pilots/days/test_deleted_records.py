"""What a person deleted stays deleted: the next file says so and does not bring it back, unless
that is chosen.
"""

from __future__ import annotations

from datetime import date

import pytest

from municipality.imports.models import FileImport
from municipality.imports.operations.imports import commit_import, preview, undo_import
from municipality.imports.operations.previews import read_again
from pilots.days.models import DeletedUsage, Usage, UsageSetting
from pilots.days.operations.records import add_usage, correct_usage, delete_usage
from tests.build import pilots as build
from tests.build.municipality import at, signed_in

pytestmark = pytest.mark.django_db
HEAD = "職員番号,実施日,単位,時間数,場所,方式"
NOW = at(2026, 11, 2)
FULL = {"unit": "full", "minutes": 465, "place": "home", "method": "vpn"}
MORNING = {"unit": "morning", "minutes": 232, "place": "home", "method": "vpn"}


@pytest.fixture
def town():
    return build.a_town()


def line(town, day: int, unit: str = "終日", place: str = "自宅") -> str:
    return f"{town.staff[0].number},2026-08-{day:02d},{unit},,{place},VPN方式"


def shown(town, *lines: str) -> FileImport:
    content = "\r\n".join([HEAD, *lines, ""]).encode()
    return preview(town.body, "usage", "実施記録.csv", content, by=town.office, now=NOW)


def taken_in(town, *lines: str) -> FileImport:
    file = shown(town, *lines)
    commit_import(file, by=town.office, now=NOW)
    file.refresh_from_db()
    return file


def delete(town, day: int, reason: str = "出勤していた。") -> None:
    row = Usage.objects.select_related("department").get(day=date(2026, 8, day))
    delete_usage(row, edition=row.edition, reason=reason, by=town.office, now=NOW)


def correct(town, day: int, **values) -> None:
    row = Usage.objects.select_related("department").get(day=date(2026, 8, day))
    correct_usage(row, edition=row.edition, reason="照合", by=town.office, now=NOW, **values)


def stored() -> list[tuple]:
    rows = Usage.objects.order_by("day", "unit", "part")
    return [(day.day, unit, place) for day, unit, place in rows.values_list("day", "unit", "place")]


def test_a_deleted_record_does_not_come_back_with_the_next_file(town):
    lines = [line(town, 4), line(town, 5)]
    taken_in(town, *lines)
    delete(town, 4)
    file = shown(town, *lines)
    assert file.summary["notes"][0] == (
        f"行 2 {town.staff[0].number} 2026-08-04 終日: "
        "画面で削除した記録です(理由: 出勤していた。)。取り込みません。"
    )
    assert (file.summary["added"], file.summary["unchanged"], file.summary["left_out"]) == (0, 2, 1)
    commit_import(file, by=town.office, now=NOW)
    assert stored() == [(5, "full", "home")]


def test_it_comes_back_when_that_is_chosen_and_undo_deletes_it_again(town):
    lines = [line(town, 4), line(town, 5)]
    taken_in(town, *lines)
    delete(town, 4)
    file = shown(town, *lines)
    client = signed_in(town.office)
    text = client.get(file.get_absolute_url()).text
    assert "画面で削除した記録も取り込む" in text
    assert client.post(f"{file.get_absolute_url()}choice/", {}).status_code == 302
    file.refresh_from_db()
    assert (file.summary["added"], file.summary["left_out"]) == (1, 0)
    assert "画面で削除した記録を取り込まない" in client.get(file.get_absolute_url()).text
    commit_import(file, by=town.office, now=NOW)
    assert stored() == [(4, "full", "home"), (5, "full", "home")]
    assert not DeletedUsage.objects.exists()
    file.refresh_from_db()
    undo_import(file, by=town.office, now=NOW)
    assert stored() == [(5, "full", "home")]
    assert DeletedUsage.objects.get().reason == "出勤していた。"


def test_the_choice_can_be_taken_back(town):
    taken_in(town, line(town, 4))
    delete(town, 4)
    file = shown(town, line(town, 4))
    read_again(file, by=town.office, now=NOW, bring_back=True)
    assert file.summary["added"] == 1
    read_again(file, by=town.office, now=NOW, bring_back=False)
    assert (file.state, file.summary["added"]) == ("previewed", 0)


def test_what_somebody_else_chose_meanwhile_is_not_taken_in_from_an_old_page(town):
    taken_in(town, line(town, 4))
    delete(town, 4)
    file = shown(town, line(town, 4))
    client, page = signed_in(town.office), file.get_absolute_url()
    field = f'name="edition" value="{file.edition}"'
    assert field in client.get(page).text
    read_again(file, by=town.office, now=NOW, bring_back=True)
    old = client.post(f"{page}commit/", {"edition": file.edition - 2})
    assert (old.status_code, "プレビューの内容が変わっています" in old.text) == (409, True)
    assert stored() == []
    file.refresh_from_db()
    assert client.post(f"{page}commit/", {"edition": file.edition}).status_code == 302
    assert stored() == [(4, "full", "home")]


def test_who_deletes_between_preview_and_commit_is_not_overtaken(town):
    taken_in(town, line(town, 4))
    file = shown(town, line(town, 4))
    delete(town, 4)
    commit_import(file, by=town.office, now=NOW)
    assert stored() == []


def test_an_entry_typed_anew_ends_the_deletion(town):
    taken_in(town, line(town, 4))
    delete(town, 4)
    add_usage(
        town.staff[0],
        day=date(2026, 8, 4),
        reason="やはり実施",
        by=town.office,
        now=NOW,
        **{**FULL, "place": "mobile"},
    )
    assert not DeletedUsage.objects.exists()
    file = taken_in(town, line(town, 4))
    assert "画面の入力を残します" in file.summary["notes"][0]
    assert stored() == [(4, "full", "mobile")]


@pytest.mark.parametrize("file_wins", [False, True])
def test_a_corrected_record_follows_the_setting_and_the_difference_is_listed(town, file_wins):
    UsageSetting.objects.create(municipality=town.body, file_wins=file_wins)
    taken_in(town, line(town, 4))
    correct(town, 4, **MORNING)
    file = taken_in(town, line(town, 4))
    assert "画面で入力した記録(午前 自宅)と異なります。" in file.summary["notes"][0]
    assert stored() == [(4, "full" if file_wins else "morning", "home")]
    assert DeletedUsage.objects.exists() is not file_wins
    if file_wins:
        undo_import(file, by=town.office, now=NOW)
        assert stored() == [(4, "morning", "home")]
        assert DeletedUsage.objects.get().became == Usage.objects.get()


def test_a_record_that_was_corrected_and_then_deleted_stays_deleted(town):
    taken_in(town, line(town, 4))
    correct(town, 4, **MORNING)
    delete(town, 4, "誤り")
    file = taken_in(town, line(town, 4))
    assert "画面で削除した記録です" in file.summary["notes"][0]
    assert stored() == []


def test_a_correction_back_leaves_nothing_behind(town):
    taken_in(town, line(town, 4))
    correct(town, 4, **MORNING)
    correct(town, 4, **FULL)
    assert not DeletedUsage.objects.filter(unit="full").exists()


def test_many_deleted_records_are_named_up_to_a_limit(town):
    lines = [
        f"{person.number},2026-{month:02d}-{day:02d},終日,,自宅,VPN方式"
        for person in town.staff
        for month in (8, 9)
        for day in range(1, 11)
    ]
    taken_in(town, *lines)
    for row in Usage.objects.select_related("department"):
        delete_usage(row, edition=row.edition, reason="誤り", by=town.office, now=NOW)
    file = shown(town, *lines)
    assert sum("画面で削除した記録です(" in note for note in file.summary["notes"]) == 50
    assert "ほかに10件は、画面で削除した記録です。" in file.summary["notes"]
    assert file.summary["left_out"] == 60
