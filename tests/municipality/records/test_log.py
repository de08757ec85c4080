"""アクセスログ: who may look, what it shows, and that looking is written down as well."""

from __future__ import annotations

import csv
import hashlib
import io
from copy import copy
from dataclasses import replace
from datetime import date, timedelta
from weakref import WeakSet

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from municipality.accounts.operations.sign_in import note_failed_sign_in
from municipality.audit.access_events import note_reading
from municipality.audit.event_groups import group_of, of_group
from municipality.audit.models import Entry, VerbGroup, Verification
from municipality.core.registry import verbs as all_verbs
from municipality.core.spreadsheets.writers import write
from municipality.notifications.models import Notice
from municipality.organisation.models import Member, Post, Posting
from municipality.organisation.operations.departments import post_member
from municipality.organisation.operations.people import change_member
from municipality.records.exports import log_lines
from municipality.records.operations.daily_check import check_chains
from municipality.web.exports import AT_ONCE
from tests.build.municipality import at

pytestmark = pytest.mark.django_db
LIST = "log/"


def verbs(town, query=""):
    return [
        row.verb
        for row in town.client("auditor")
        .get(f"/{town.body.pk}/{LIST}{query}")
        .context["shown"]
        .rows
    ]


def moved(verb, moment):
    Entry.objects.filter(verb=verb).update(at=moment)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("auditor", 200),
        ("office", 200),
        ("hr", 403),
        ("executive", 403),
        ("manager", 403),
        ("staff", 403),
        ("consultant", 403),
        ("other body", 404),
    ],
)
def test_who_sees_the_log(town, who, status):
    assert town.get(who, LIST) == status


def test_it_says_who_did_what_to_whom(town):
    note_reading("member.read", town.people["staff"], by=town.people["manager"])
    row = next(iter(town.client("auditor").get(f"/{town.body.pk}/{LIST}").context["shown"].rows))
    assert (row.actor, str(row.said), str(row.thing), row.person) == (
        "あおば町 総務課長",
        "職員の情報を見ました",
        "職員",
        "あおば町 職員",
    )


def test_the_content_of_a_change_is_not_shown(town):
    staff = town.people["staff"]
    facts = {
        "name": staff.name,
        "kana": "カナ",
        "mail": "himitsu@town.example.jp",
        "employment": "",
    }
    change_member(staff, edition=1, **facts, by=town.people["office"], now=at(2026, 5, 1))
    page = town.client("auditor").get(f"/{town.body.pk}/{LIST}").content.decode()
    assert "職員の情報を変更しました" in page
    assert "himitsu" not in page


def test_looking_is_written_down(town):
    town.get("auditor", f"{LIST}?verb=member.read")
    line = Entry.objects.get(verb="log.read")
    assert (line.actor_id, line.content.body["query"]) == (
        town.people["auditor"].pk,
        {"verb": "member.read"},
    )


def test_filters_by_verb_person_and_period(town):
    note_reading("people.read", by=town.people["manager"])
    note_reading("member.read", town.people["staff"], by=town.people["hr"])
    assert verbs(town, "?verb=people.read") == ["people.read"]
    assert verbs(town, "?person=総務課長") == ["people.read"]
    assert verbs(town, f"?person={town.people['hr'].number}") == ["member.read"]
    assert verbs(town, "?person=だれも") == []


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("?first=2026-05-02&last=2026-05-02", True),
        ("?first=R8.5.2&last=令和8年5月2日", True),
        ("?first=2026-05-03", False),
        ("?last=2026-05-01", False),
        ("?first=2026-05-02&last=2026-05-01", False),
    ],
)
def test_a_day_runs_from_midnight_to_midnight_in_japan(town, query, seen):
    note_reading("member.read", town.people["staff"], by=town.people["hr"])
    for moment in (at(2026, 5, 2, 0, 0), at(2026, 5, 2, 23, 59)):
        moved("member.read", moment)
        assert ("member.read" in verbs(town, query)) is seen


def test_a_filter_that_cannot_be_read_says_so_and_narrows_nothing(town):
    response = town.client("auditor").get(f"/{town.body.pk}/{LIST}?first=いつか")
    assert response.status_code == 200
    assert "日付として読めません" in response.content.decode()
    assert len(response.context["shown"].rows) > 0


def test_the_log_of_another_body_is_another_log(towns):
    town, other = towns
    note_reading("member.read", other.people["staff"], by=other.people["hr"])
    assert "member.read" not in verbs(town)


def test_a_verb_or_a_table_that_is_gone_is_shown_by_its_name(town):
    note_reading("old.verb", by=town.people["hr"])
    Entry.objects.filter(verb="old.verb").update(subject_type="gone.table", subject_id=7)
    row = next(iter(town.client("auditor").get(f"/{town.body.pk}/{LIST}").context["shown"].rows))
    assert (row.said, row.thing) == ("old.verb", "gone.table")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_however_long_it_is(town, rows, django_assert_num_queries):
    for _n in range(rows):
        note_reading("member.read", town.people["staff"], by=town.people["hr"])
    client = town.client("auditor")
    client.get(f"/{town.body.pk}/{LIST}")
    with django_assert_num_queries(16):
        assert client.get(f"/{town.body.pk}/{LIST}").status_code == 200


def test_fifty_on_a_page(town):
    for _n in range(60):
        note_reading("member.read", town.people["staff"], by=town.people["hr"])
    assert len(verbs(town)) == 50


# --- pages by the number of the line --------------------------------------------------------------


def log_page(town, query=""):
    return town.client("auditor").get(f"/{town.body.pk}/{LIST}{query}").context["shown"]


def test_one_turns_the_pages_by_the_number_of_the_line(town):
    for _n in range(120):
        note_reading("member.read", town.people["staff"], by=town.people["hr"])
    query = "?verb=member.read"
    first = log_page(town, query)
    second = log_page(town, f"{query}&before={first.older}")
    third = log_page(town, f"{query}&before={second.older}")
    numbers = [row.seq for page in (first, second, third) for row in page.rows]
    assert numbers == sorted(numbers, reverse=True)
    assert ([len(page.rows) for page in (first, second, third)], len(set(numbers))) == (
        [50, 50, 20],
        120,
    )
    assert (first.newer, third.older) == (None, None)
    back = log_page(town, f"{query}&after={third.newer}")
    assert [row.seq for row in back.rows] == [row.seq for row in second.rows]
    assert log_page(town, f"{query}&after={back.newer}").rows[0].seq == first.rows[0].seq
    assert (first.total, first.counted) == (120, True)


def test_beyond_ten_thousand_nothing_is_counted(town, monkeypatch):
    monkeypatch.setattr("municipality.records.log_search.MOST_COUNTED", 2)
    for _n in range(3):
        note_reading("member.read", town.people["staff"], by=town.people["hr"])
    page = town.client("auditor").get(f"/{town.body.pk}/{LIST}?verb=member.read")
    assert (page.context["shown"].total, page.context["shown"].counted) == (2, False)
    assert "2件を超えています" in page.content.decode()


@pytest.mark.parametrize(
    "query", ["?before=x", "?after=", "?before=99999999999999999999", "?after=-1", "?before=²"]
)
def test_a_place_that_cannot_be_read_is_the_newest_page(town, query):
    assert log_page(town, query).newer is None


# --- the other filters ----------------------------------------------------------------------------


def test_filters_by_group_kind_and_thing(town):
    note_reading("member.read", town.people["staff"], by=town.people["hr"])
    note_reading("people.read", by=town.people["manager"])
    assert set(verbs(town, "?group=reading")) == {"member.read", "people.read"}
    assert set(verbs(town, "?group=reading")) == {"member.read", "people.read", "log.read"}
    assert verbs(town, "?kind=municipality.member&group=reading") == ["member.read"]
    assert verbs(town, f"?target={town.people['staff'].number}") == ["member.read"]
    assert verbs(town, "?target=あおば町 職員") == ["member.read"]
    assert verbs(town, "?kind=municipality.department&target=#1") == []
    assert verbs(town, "?kind=evaluation.sheet&target=なに") == []


def test_filters_by_the_department_of_the_day(town):
    """Who moved is found where they were when they acted."""
    staff = town.people["staff"]
    Posting.objects.filter(member=staff).update(ends_on=date(2026, 5, 31))
    title = Post.objects.get(municipality=town.body, title="主事")
    post_member(
        staff, department=town.zeimu, post=title, roles=["staff"], starts_on=date(2026, 6, 1)
    )
    for verb, moment in (
        ("member.read", at(2026, 5, 31, 23, 59)),
        ("people.read", at(2026, 6, 1, 0, 0)),
    ):
        note_reading(verb, by=staff)
        moved(verb, moment)
    assert verbs(town, f"?department={town.soumu.pk}") == ["member.read"]
    assert verbs(town, f"?department={town.zeimu.pk}") == ["people.read"]
    assert set(verbs(town, f"?department={town.root.pk}")) >= {"member.read", "people.read"}


def test_every_verb_has_a_group_and_each_group_finds_its_own(town):
    for verb in all_verbs():
        note_reading(verb, by=town.people["hr"])
    lines = Entry.objects.filter(chain__municipality=town.body)
    for group in VerbGroup:
        found = set(lines.filter(of_group(group)).values_list("verb", flat=True)) - {
            "municipality.created"
        }
        assert found == {verb for verb in all_verbs() if group_of(verb) == group} - {
            "municipality.created"
        }
        assert found


# --- files ----------------------------------------------------------------------------------------


def exported(town, query, who="auditor"):
    return town.client(who).get(f"/{town.body.pk}/log/export/{query}")


def file_of(town, query):
    return exported(town, query).getvalue()


def lines_of(content, encoding):
    return list(csv.reader(io.StringIO(content.decode(encoding))))


@pytest.mark.parametrize(("form", "encoding"), [("csv", "utf-8-sig"), ("cp932", "cp932")])
def test_what_the_filter_leaves_goes_into_a_file(town, form, encoding):
    note_reading("member.read", town.people["staff"], by=town.people["manager"])
    response = exported(town, f"?verb=member.read&as={form}")
    content = response.getvalue()
    head, *lines = lines_of(content, encoding)
    assert head == [
        "行の番号",
        "日時",
        "行った人",
        "職員番号",
        "行ったこと",
        "対象の種類",
        "対象の番号",
        "対象の人",
    ]
    assert [line[2:] for line in lines] == [
        [
            "あおば町 総務課長",
            town.people["manager"].number,
            "職員の情報を見ました",
            "職員",
            str(town.people["staff"].pk),
            "あおば町 職員",
        ]
    ]
    assert response["Content-Disposition"].startswith("attachment;")
    assert form != "csv" or content.startswith(b"\xef\xbb\xbf")


def test_the_workbook_says_the_same(town):
    note_reading("member.read", town.people["staff"], by=town.people["manager"])
    rows = list(load_workbook(io.BytesIO(file_of(town, "?verb=member.read&as=xlsx"))).active.values)
    assert [row[4] for row in rows] == ["行ったこと", "職員の情報を見ました"]


def test_what_left_the_house_is_written_down_with_its_filter_and_digest(town):
    response = exported(town, "?verb=member.read&as=csv&before=9")
    facts = Entry.objects.get(verb="log.exported").content.body
    assert facts["digest"] == hashlib.sha256(response.getvalue()).hexdigest()
    assert (facts["form"], facts["filter"]) == ("csv", {"verb": "member.read"})


@pytest.mark.parametrize("first", [*"=+-@＝＋－＠﹦﹢﹣﹫−", "\t", "\r", "\n"])
def test_no_cell_begins_a_formula(town, first):
    Member.objects.filter(pk=town.people["staff"].pk).update(name=f"{first}1+1")
    note_reading("member.read", town.people["staff"], by=town.people["hr"])
    raw = file_of(town, "?verb=member.read&as=csv").decode("utf-8-sig")
    assert f"'{first}1+1" in raw
    book = load_workbook(io.BytesIO(file_of(town, "?verb=member.read&as=xlsx"))).active
    assert (book["H2"].data_type, str(book["H2"].value)[:1]) == ("s", "'")


def test_a_name_that_cp932_cannot_hold_is_refused_with_its_line(town):
    Member.objects.filter(pk=town.people["staff"].pk).update(name="𠮷野 髙")
    note_reading("people.read", by=town.people["hr"])
    note_reading("member.read", town.people["staff"], by=town.people["hr"])
    response = exported(town, "?group=reading&as=cp932")
    assert response.status_code == 422
    assert "2行目の「𠮷野 髙」は、シフトJISで表せません" in response.content.decode()
    assert not Entry.objects.filter(verb="log.exported").exists()
    assert "𠮷野 髙" in file_of(town, "?group=reading&as=csv").decode()


def test_a_letter_that_a_workbook_cannot_hold_is_refused_and_never_dropped(town):
    Member.objects.filter(pk=town.people["staff"].pk).update(name="青木\x0b幸子")
    note_reading("member.read", town.people["staff"], by=town.people["hr"])
    response = exported(town, "?group=reading&as=xlsx")
    assert response.status_code == 422
    assert "xlsxで表せません" in response.content.decode()
    assert not Entry.objects.filter(verb="log.exported").exists()
    assert "青木\x0b幸子" in file_of(town, "?group=reading&as=csv").decode()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_large_log_is_written_in_parts_and_never_held_as_a_whole(town, form):
    note_reading("member.read", town.people["staff"], by=town.people["hr"])
    entry = Entry.objects.get(verb="member.read")
    alive, counts = WeakSet(), []

    def many_lines():
        for number in range(1, 20_001):
            line = copy(entry)
            line.pk = line.seq = number
            alive.add(line)
            counts.append(len(alive))
            yield line

    export = replace(
        log_lines(Entry.objects.none(), town.body, town.people["auditor"]), rows=many_lines()
    )
    written = write(form, export.title, export.heads, export.lines)
    written.file.close()
    assert written.rows == 20_000
    assert max(counts) <= 2 * AT_ONCE + 1


def test_what_is_too_long_or_unknown_is_refused(town, monkeypatch):
    assert exported(town, "?as=pdf").status_code == 422
    monkeypatch.setattr("municipality.records.views.log.MOST_LINES", 1)
    note_reading("member.read", town.people["staff"], by=town.people["hr"])
    assert exported(town, "?as=csv").status_code == 422


def test_no_content_leaves_in_a_file(town):
    staff = town.people["staff"]
    facts = {
        "name": staff.name,
        "kana": "カナ",
        "mail": "himitsu@town.example.jp",
        "employment": "",
    }
    change_member(staff, edition=1, **facts, by=town.people["office"], now=at(2026, 5, 1))
    assert "himitsu" not in file_of(town, "?as=csv").decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_a_file_costs_the_same_however_long_it_is(town, rows, django_assert_num_queries):
    for _n in range(rows):
        note_reading("member.read", town.people["staff"], by=town.people["hr"])
    client = town.client("auditor")
    client.get(f"/{town.body.pk}/log/export/?as=csv").close()
    with django_assert_num_queries(14):
        client.get(f"/{town.body.pk}/log/export/?verb=member.read&as=csv").close()


# --- refusals -------------------------------------------------------------------------------------


def test_a_refusal_is_written_down_once_with_its_page(town):
    assert town.get("staff", "settings/body/") == 403
    line = Entry.objects.get(verb="access.refused")
    assert line.actor_id == town.people["staff"].pk
    facts = {key: line.content.body[key] for key in ("page", "method", "number")}
    assert facts == {"page": "municipality:settings", "method": "GET", "number": None}
    assert town.post("manager", f"people/{town.people['staff'].pk}/edit/") == 403
    assert (
        Entry.objects.filter(verb="access.refused").latest("seq").content.body["number"]
        == town.people["staff"].pk
    )


def test_what_is_out_of_sight_is_no_refusal(town):
    assert town.get("staff", f"people/{town.people['hr'].pk}/") == 404
    assert not Entry.objects.filter(verb="access.refused").exists()


# --- the check ------------------------------------------------------------------------------------


def check_page(town):
    return town.client("auditor").get(f"/{town.body.pk}/log/check/").content.decode()


def test_the_page_says_when_it_was_checked_and_what_was_found(town):
    assert "まだ検証していません" in check_page(town)
    now = timezone.now()
    assert (check_chains(town.body, now), check_chains(town.body, now)) == (1, 0)
    assert "合わない行はありません" in check_page(town)
    Entry.objects.filter(chain__municipality=town.body, seq=1).update(verb="x")
    assert check_chains(town.body, now + timedelta(days=1)) == 1
    page = check_page(town)
    assert "合わない行が見つかりました" in page
    assert "行 1: 行が書き換えられています" in page


def test_a_broken_log_is_told_to_auditor_and_office_at_once(town):
    Entry.objects.filter(chain__municipality=town.body, seq=1).update(verb="x")
    check_chains(town.body, at(2026, 5, 2))
    told = Notice.objects.filter(rule="log.broken")
    assert {notice.member for notice in told} == {town.people["auditor"], town.people["office"]}
    assert {notice.mail is not None for notice in told} == {True}
    assert Entry.objects.filter(verb="log.broken").count() == 1
    assert town.client("auditor").post(
        f"/{town.body.pk}/notices/{told[0].pk}/open/"
    ).status_code in {302, 404}


def test_a_check_that_stopped_is_said(town):
    check_chains(town.body, timezone.now() - timedelta(days=4))
    assert "検証が止まっています" in check_page(town)


def test_the_chain_of_the_instance_is_checked_as_well(town):
    note_failed_sign_in("nobody", address="192.0.2.1")
    check_chains(town.body, timezone.now())
    assert Verification.objects.count() == 2
    assert "システム全体の記録" in check_page(town)
