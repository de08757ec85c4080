"""What a person deleted stays deleted: the next file says so and does not bring it back, unless
that is chosen.
"""

from __future__ import annotations

from datetime import date

import pytest

from municipality.imports.models import FileImport
from municipality.imports.operations.imports import commit_import, hand_in, preview, undo_import
from municipality.imports.operations.previews import read_again
from municipality.imports.operations.worker import work_imports
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
        f"行 2 {town.staff[0].number} 令和8年8月4日(火) 終日: "
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


def hours(town, *lengths: str) -> list[str]:
    return [f"{town.staff[0].number},2026-08-04,時間,{each},自宅,VPN方式" for each in lengths]


def minutes() -> list[int]:
    return list(Usage.objects.order_by("minutes").values_list("minutes", flat=True))


def add(town, **values) -> None:
    on = date(2026, 8, 4)
    add_usage(town.staff[0], day=on, reason="実施", by=town.office, now=NOW, **FULL | values)


def delete_hours(town, length: int) -> None:
    row = Usage.objects.select_related("department").get(minutes=length)
    delete_usage(row, edition=row.edition, reason="誤り", by=town.office, now=NOW)


def test_where_files_win_an_entry_in_the_place_of_a_deleted_record_stays(town):
    UsageSetting.objects.create(municipality=town.body, file_wins=True)
    taken_in(town, line(town, 4))
    delete(town, 4)
    add(town, **MORNING)
    file = taken_in(town, line(town, 4))
    assert (file.summary["left_out"], file.summary["ended"]) == (1, 0)
    assert stored() == [(4, "morning", "home")]


def test_where_files_win_a_day_that_a_person_cleared_in_part_stays_as_it_is(town):
    UsageSetting.objects.create(municipality=town.body, file_wins=True)
    lines = [line(town, 4, "午前"), line(town, 4, "午後")]
    taken_in(town, *lines)
    delete_usage(
        Usage.objects.get(unit="morning"), edition=1, reason="誤り", by=town.office, now=NOW
    )
    add(town, unit="hours", minutes=60)
    taken_in(town, *lines)
    assert stored() == [(4, "afternoon", "home"), (4, "hours", "home")]
    taken_in(town, line(town, 4, "午前", "サテライト"), lines[1])
    assert stored() == [(4, "afternoon", "home"), (4, "hours", "home")]


def test_a_deleted_hour_takes_no_other_with_it(town):
    taken_in(town, *hours(town, "1:00", "2:00"))
    delete_hours(town, 60)
    file = taken_in(town, *hours(town, "2:00"))
    assert (file.summary["left_out"], minutes()) == (0, [120])
    file = taken_in(town, *hours(town, "2:00", "1:00", "3:00"))
    assert (file.summary["left_out"], minutes()) == (1, [120, 180])
    taken_in(town, *hours(town, "1:00"))
    assert minutes() == []


def test_of_two_hours_as_long_one_stays(town):
    taken_in(town, *hours(town, "1:00", "1:00"))
    row = Usage.objects.select_related("department").get(part="1")
    delete_usage(row, edition=row.edition, reason="誤り", by=town.office, now=NOW)
    for lines in (hours(town, "1:00"), hours(town, "1:00", "1:00")):
        taken_in(town, *lines)
        assert minutes() == [60]


def test_other_hours_typed_in_do_not_end_the_deletion(town):
    taken_in(town, *hours(town, "1:00"))
    delete_hours(town, 60)
    add(town, unit="hours", minutes=90)
    delete_hours(town, 90)
    file = taken_in(town, *hours(town, "1:00", "1:30"))
    assert (file.summary["left_out"], minutes()) == (2, [])
    add(town, unit="hours", minutes=60)
    assert list(DeletedUsage.objects.values_list("minutes", flat=True)) == [90]


def test_hours_that_were_corrected_and_then_deleted_stay_deleted(town):
    taken_in(town, *hours(town, "1:00"))
    correct(town, 4, unit="hours", minutes=90, place="home", method="vpn")
    delete(town, 4)
    taken_in(town, *hours(town, "1:00"))
    assert minutes() == []


def test_a_record_that_was_corrected_twice_and_then_deleted_stays_deleted(town):
    taken_in(town, line(town, 4))
    correct(town, 4, **{**FULL, "place": "mobile"})
    correct(town, 4, **MORNING)
    delete(town, 4)
    file = taken_in(town, line(town, 4))
    assert (file.summary["left_out"], stored()) == (1, [])


def test_a_worker_reads_a_large_file_again(town, settings):
    settings.IMPORT_TEXT_BYTES = 0
    lines = [line(town, 4), line(town, 5)]
    content = "\r\n".join([HEAD, *lines, ""]).encode()

    def worked(file: FileImport) -> FileImport:
        assert work_imports(lambda: NOW) == 1
        return FileImport.objects.select_related("municipality").get(pk=file.pk)

    def handed_in() -> FileImport:
        return worked(hand_in(town.body, "usage", "大.csv", content, by=town.office, now=NOW))

    worked(commit_import(handed_in(), by=town.office, now=NOW))
    delete(town, 4)
    file = handed_in()
    assert (file.summary["added"], file.summary["left_out"]) == (0, 1)
    file = read_again(file, by=town.office, now=NOW, bring_back=True)
    assert file.state == FileImport.State.RECEIVED
    file = worked(file)
    assert (file.state, file.summary["added"], file.summary["left_out"]) == ("previewed", 1, 0)
    worked(commit_import(file, by=town.office, now=NOW))
    assert stored() == [(4, "full", "home"), (5, "full", "home")]
