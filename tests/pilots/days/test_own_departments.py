"""Managers and 庶務担当 hand in for their departments: a file, or one record on a page."""

from __future__ import annotations

from datetime import date

import pytest

from municipality.core.refusals import Conflict, Denied
from municipality.imports.models import FileImport
from municipality.imports.operations.imports import commit_import, preview, undo_import
from municipality.organisation.models import Duty, Member
from pilots.days.models import Usage, UsageMonth
from pilots.days.operations.records import add_usage
from pilots.days.rules import may_take_in_records
from tests.build import pilots as build
from tests.build.municipality import at, signed_in, with_duty

from .test_deleted_records import FULL, HEAD, MORNING
from .test_transfers_dated_back import moved_by_file

pytestmark = pytest.mark.django_db
NOW = at(2026, 11, 2)


@pytest.fixture
def town():
    return build.a_town()


def fresh(member: Member) -> Member:
    return Member.objects.get(pk=member.pk)


@pytest.fixture
def clerk(town):
    with_duty(town.staff[1], Duty.Kind.CLERK, town.kikaku)
    return fresh(town.staff[1])


def line(member: Member, day: str, place: str = "自宅") -> str:
    return f"{member.number},{day},終日,,{place},VPN方式"


def shown(town, *lines: str, by: Member) -> FileImport:
    content = "\r\n".join([HEAD, *lines, ""]).encode()
    return preview(town.body, "usage", "実施記録.csv", content, by=by, now=NOW)


OTHERS = "あなたの部署の職員ではありません。職員番号と実施日を確かめてください。"


def test_a_manager_and_a_clerk_take_in_the_records_of_their_department(town, clerk):
    for number, person in enumerate((town.chief, clerk), 1):
        file = shown(town, line(town.staff[0], f"2026-08-0{number}"), by=person)
        commit_import(file, by=person, now=NOW)
        file.refresh_from_db()
        assert Usage.objects.get().day == date(2026, 8, number)
        undo_import(file, by=person, now=NOW)
        assert not Usage.objects.exists()


def test_rows_of_other_departments_and_unknown_people_are_refused_by_line(town, clerk):
    lines = [
        line(town.staff[0], "2026-08-04"),
        line(town.tax_staff, "2026-08-04"),
        "999999,2026-08-04,終日,,自宅,VPN方式",
    ]
    for person in (town.chief, clerk):
        file = shown(town, *lines, by=person)
        assert [(row[0], row[1], row[3]) for row in file.findings] == [
            (3, "職員番号", OTHERS),
            (4, "職員番号", OTHERS),
        ]
    assert [row[0] for row in shown(town, *lines, by=town.office).findings] == [4]


def test_a_file_of_one_department_leaves_what_another_handed_in(town):
    mover = town.staff[0]
    moved_by_file(town, mover, "2026-08-17", "2026-08-16")
    days = ("2026-08-04", "2026-08-05", "2026-08-18")
    file = shown(town, *(line(mover, day) for day in days), by=town.office)
    commit_import(file, by=town.office, now=NOW)
    chief = fresh(town.chief)
    file = shown(town, line(mover, "2026-08-04", "サテライト"), by=chief)
    assert (file.summary["changed"], file.summary["ended"]) == (1, 1)
    commit_import(file, by=chief, now=NOW)
    assert list(Usage.objects.order_by("day").values_list("day", flat=True)) == [
        date(2026, 8, 4),
        date(2026, 8, 18),
    ]


def test_others_hand_in_nothing_and_no_other_kind_of_file(town, clerk):
    for person in (town.staff[0], town.auditor, town.consultant):
        with pytest.raises(Denied):
            shown(town, line(town.staff[0], "2026-08-04"), by=person)
    for person in (town.chief, clerk):
        with pytest.raises(Denied):
            preview(town.body, "people", "職員.csv", b"x", by=person, now=NOW)


def test_who_answers_for_the_department_no_more_can_neither_commit_nor_undo(town, clerk):
    file = shown(town, line(town.staff[0], "2026-08-04"), by=clerk)
    duty = Duty.objects.get(member=clerk)
    Duty.objects.all().delete()
    with pytest.raises(Denied):
        commit_import(file, by=fresh(clerk), now=NOW)
    duty.save()
    commit_import(file, by=fresh(clerk), now=NOW)
    Duty.objects.all().delete()
    with pytest.raises(Denied):
        undo_import(file, by=fresh(clerk), now=NOW)


def test_the_pages_of_files_show_what_is_ones_own(town, clerk):
    others = shown(town, line(town.staff[0], "2026-08-04"), by=town.office)
    own = shown(town, line(town.staff[0], "2026-08-04"), by=clerk)
    client = signed_in(clerk)
    text = client.get("/993018/imports/").text
    assert "実施記録" in text
    assert "職員番号" in text
    assert "usage/current/" not in text
    assert "people/template" not in text
    assert client.get(own.get_absolute_url()).status_code == 200
    assert client.get(others.get_absolute_url()).status_code == 404
    template = client.get("/993018/imports/usage/template.csv")
    assert "職員番号" in template.getvalue().decode()
    assert client.get("/993018/imports/people/template.csv").status_code == 403
    assert client.get("/993018/imports/usage/current/").status_code == 403
    assert signed_in(town.staff[0]).get("/993018/imports/").status_code == 403
    assert "usage/current/" in signed_in(town.office).get("/993018/imports/").text


NEW = "/993018/usage/new/"


def form(member: Member, day: str = "2026-08-04", **changes) -> dict:
    values = {"who": member.number, "day": day, "unit": "hours", "time": "3:30"}
    return values | {"place": "home", "method": "vpn", "reason": "届出による。"} | changes


@pytest.mark.usefixtures("tenth")
@pytest.mark.parametrize("who", ["chief", "clerk", "office"])
def test_one_record_is_added_on_a_page(town, clerk, who):
    client = signed_in(clerk if who == "clerk" else getattr(town, who))
    assert f'href="{NEW}?month=2026-11"' in client.get("/993018/usage/").text
    assert client.get(NEW).status_code == 200
    answer = client.post(NEW, form(town.staff[0]))
    assert (answer.status_code, answer["Location"]) == (302, "/993018/usage/?month=2026-08")
    row = Usage.objects.get()
    assert (row.unit, row.minutes, row.part, row.source) == ("hours", 210, "1", "own")
    assert row.department == town.kikaku


@pytest.mark.usefixtures("tenth")
def test_only_people_of_the_department_can_be_named(town, clerk):
    client = signed_in(clerk)
    assert client.post(NEW, form(town.tax_staff)).status_code == 422
    assert client.post(NEW, form(town.staff[0], time="")).status_code == 422
    assert client.post(NEW, form(town.staff[0], reason="")).status_code == 422
    plain = signed_in(town.staff[0])
    assert plain.get(NEW).status_code == 403
    assert f'href="{NEW}' not in plain.get("/993018/usage/").text
    for member in (town.staff[0], town.auditor):
        with pytest.raises(Denied):
            add_usage(
                town.staff[2], day=date(2026, 8, 4), reason="x", by=fresh(member), now=NOW, **FULL
            )
    assert not Usage.objects.exists()


def errors(answer) -> dict[str, list[str]]:
    """What the page of a form says at which field."""
    assert answer.status_code == 422
    return {name: list(said) for name, said in answer.context["form"].errors.items()}


@pytest.mark.usefixtures("tenth")
@pytest.mark.parametrize(
    ("day", "values", "field", "words"),
    [
        ("2026-11-11", {}, "day", "今日までの日を入力してください。"),
        ("2020-01-06", {}, "day", "この日に在職していない職員です。発令を確認してください。"),
        ("1949-12-31", {}, "day", "昭和25年1月1日(日)から"),
        ("2026-08-04", {"unit": "afternoon"}, "unit", "この日には、同じ単位の記録が"),
        ("2026-08-04", {"unit": "full"}, "unit", "この日のほかの記録(3:53)との合計が、"),
        ("2026-08-04", {"time": "4:00"}, "time", "1日の勤務時間(7時間45分)を超えます。"),
        ("2026-08-04", {"time": "8:00"}, "time", "1日の勤務時間(7時間45分)までを"),
        ("2026-08-04", {"time": "³"}, "time", "3.5 または 3:30 のように"),
        ("2026-08-04", {"time": "2", "start": "25:00"}, "start", "9:30 のように"),
        ("2026-08-04", {"time": "2", "start": "23:00"}, "start", "終わりが24時を過ぎます。"),
        ("2026-08-04", {"method": "telepathy"}, "method", "候補にありません"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(town, day, values, field, words):
    build.used(town.staff[0], town.kikaku, date(2026, 8, 4), unit="afternoon")
    answer = signed_in(town.chief).post(NEW, form(town.staff[0], day, **values))
    said = errors(answer)
    assert list(said) == [field]
    assert words in said[field][0]
    assert "届出による。" in answer.text
    assert Usage.objects.count() == 1


@pytest.mark.usefixtures("tenth")
def test_a_day_in_another_department_is_said_at_the_day(town):
    moved_by_file(town, town.staff[0], "2026-08-17", "2026-08-16")
    answer = signed_in(fresh(town.chief)).post(NEW, form(town.staff[0], "2026-08-18"))
    assert errors(answer) == {
        "day": ["この日は、あなたの部署の職員ではありません。実施日を確かめてください。"]
    }


@pytest.mark.usefixtures("tenth")
def test_what_is_remarkable_is_taken_and_said_at_once(town):
    answer = signed_in(town.chief).post(NEW, form(town.staff[0], "2026-08-09"), follow=True)
    said = "実施記録を加えました。備考に「試行の参加者でない日、閉庁日」を付けました。"
    assert [str(message) for message in answer.context["messages"]] == [said]


@pytest.mark.usefixtures("tenth")
def test_a_second_record_of_hours_is_asked_for_its_start(town):
    client, person = signed_in(town.chief), town.staff[0]
    assert client.post(NEW, form(person, time="2:00")).status_code == 302
    said = errors(client.post(NEW, form(person, time="2:00")))
    assert list(said) == ["start"]
    assert "開始時刻のない時間単位の記録(2:00)がもう1件あります。" in said["start"][0]
    assert client.post(NEW, form(person, time="2:00", start="15:30")).status_code == 302
    assert errors(client.post(NEW, form(person, time="1:00", start="１５：３０"))) == {
        "start": ["この日の15:30から始まる記録が、もう1件あります。"]
    }
    rows = Usage.objects.order_by("part").values_list("part", "minutes")
    assert list(rows) == [("1", 120), ("15:30", 120)]


def test_two_entries_at_once_of_hours_without_a_start_are_refused_behind_the_form(town):
    hours = {"unit": "hours", "minutes": 60, "place": "home", "method": "vpn"}
    said = {"day": date(2026, 8, 4), "reason": "届出", "by": fresh(town.chief), "now": NOW}
    add_usage(town.staff[0], **said, **hours)
    with pytest.raises(Conflict, match="開始時刻を入力してください"):
        add_usage(town.staff[0], **said, **hours)
    add_usage(town.staff[0], **said, **hours, start="09:00")
    assert Usage.objects.count() == 2


@pytest.mark.usefixtures("tenth")
def test_the_start_of_a_record_is_corrected(town):
    build.used(town.staff[0], town.kikaku, date(2026, 8, 4), unit="hours")
    Usage.objects.update(part="1")
    row = Usage.objects.get()
    client, address = signed_in(town.chief), row.get_absolute_url()
    values = form(town.staff[0], time="2:00") | {"what": "change", "edition": row.edition}
    assert client.post(address, values | {"start": "9:30"}).status_code == 302
    row.refresh_from_db()
    assert (row.part, row.minutes) == ("09:30", 120)
    assert 'value="09:30"' in client.get(address).text
    values["edition"] = row.edition
    assert client.post(address, values | {"start": "9:30", "time": "2:30"}).status_code == 302
    row.refresh_from_db()
    assert (row.part, row.minutes) == ("09:30", 150)


@pytest.mark.usefixtures("tenth")
def test_a_correction_that_does_not_fit_is_said_at_its_field(town):
    for unit in ("morning", "afternoon"):
        build.used(town.staff[0], town.kikaku, date(2026, 8, 4), unit=unit)
    row = Usage.objects.get(unit="afternoon")
    values = form(town.staff[0]) | {"what": "change", "edition": row.edition}
    answer = signed_in(town.chief).post(row.get_absolute_url(), values | {"unit": "morning"})
    assert errors(answer) == {"unit": ["この日には、同じ単位の記録がもう1件あります。"]}
    deleted = values | {"what": "delete", "unit": "morning"}
    assert signed_in(town.chief).post(row.get_absolute_url(), deleted).status_code == 302


def test_the_department_is_that_of_the_day(town):
    mover = town.staff[0]
    moved_by_file(town, mover, "2026-08-17", "2026-08-16")
    chief, tax_chief = fresh(town.chief), fresh(town.tax_chief)
    added = {"reason": "届出", "now": NOW, **MORNING}
    add_usage(mover, day=date(2026, 8, 14), by=chief, **added)
    with pytest.raises(Denied):
        add_usage(mover, day=date(2026, 8, 18), by=chief, **added)
    assert add_usage(mover, day=date(2026, 8, 18), by=tax_chief, **added).department == town.zeimu


def committed(town, *lines: str, by: Member) -> FileImport:
    file = shown(town, *lines, by=by)
    commit_import(file, by=by, now=NOW)
    file.refresh_from_db()
    return file


def test_departments_do_not_block_each_others_undo(town):
    chief, tax_chief = fresh(town.chief), fresh(town.tax_chief)
    file = committed(town, line(town.staff[0], "2026-08-04"), by=chief)
    committed(town, line(town.tax_staff, "2026-08-04"), by=tax_chief)
    undo_import(file, by=chief, now=NOW)
    assert Usage.objects.get().member == town.tax_staff


def test_a_later_file_of_the_department_is_named_only_to_whoever_sees_it(town, clerk):
    chief = fresh(town.chief)
    file = committed(town, line(town.staff[0], "2026-08-04"), by=clerk)
    committed(town, line(town.staff[0], "2026-08-05"), by=chief)
    with pytest.raises(Conflict) as refused:
        undo_import(file, by=clerk, now=NOW)
    assert "実施記録.csv" not in str(refused.value)
    assert "ほかの人が後から取り込んだファイルがあります。" in str(refused.value)
    file.refresh_from_db()
    with pytest.raises(Conflict, match=r"実施記録\.csv"):
        undo_import(file, by=town.office, now=NOW)


def test_a_file_limited_to_no_department_is_nobodys_but_the_offices(town):
    file = shown(town, line(town.staff[0], "2026-08-04"), by=town.office)
    file.options = {"departments": []}
    assert may_take_in_records(town.office, file) is True
    for member in (town.chief, town.staff[0], town.auditor):
        assert may_take_in_records(fresh(member), file) is not True


def test_the_menu_leads_whoever_hands_in_to_the_imports(town, clerk):
    entry = 'href="/993018/imports/"'
    for member in (town.office, town.chief, clerk):
        assert entry in signed_in(member).get("/993018/").text
    assert entry not in signed_in(town.staff[0]).get("/993018/").text


@pytest.mark.usefixtures("tenth")
def test_a_new_record_guesses_neither_method_nor_place(town):
    client = signed_in(town.chief)
    fields = client.get(NEW).context["form"]
    assert (fields["method"].value(), fields["place"].value()) == (None, None)
    assert "選んでください" in str(fields["method"])
    empty = errors(client.post(NEW, form(town.staff[0], method="", place="")))
    assert set(empty) == {"method", "place"}


@pytest.mark.usefixtures("tenth")
def test_a_new_record_keeps_month_and_department_and_takes_the_method_of_the_pilot(town):
    pilot = build.a_running(town)
    client, kept = signed_in(town.chief), f"?month=2026-08&department={town.kikaku.pk}"
    asked = client.get(NEW + kept)
    assert asked.context["form"]["method"].value() == pilot.method
    assert asked.context["form"]["day"].value() is None
    assert f'href="/993018/usage/{kept.replace("&", "&amp;")}"' in asked.text
    done = client.post(NEW + kept, form(town.staff[0]))
    assert done["Location"] == f"/993018/usage/{kept}"
    assert f'href="{NEW}{kept.replace("&", "&amp;")}"' in client.get(done["Location"]).text


@pytest.mark.usefixtures("tenth")
def test_a_month_with_records_offers_the_next_ones(town):
    build.used(town.staff[0], town.kikaku, date(2026, 8, 4))
    row = UsageMonth.objects.create(
        municipality=town.body,
        department=town.kikaku,
        month=date(2026, 8, 1),
        opened_at=at(2026, 9, 1),
        due_on=date(2026, 9, 10),
    )
    page = signed_in(town.chief).get(row.get_absolute_url()).text
    assert f'href="{NEW}?month=2026-08&amp;department={town.kikaku.pk}"' in page
    assert 'href="/993018/imports/"' in page
    assert NEW not in signed_in(town.staff[0]).get(row.get_absolute_url()).text
