"""アクセスログ: who may look, what it shows, and that looking is written down as well."""

from __future__ import annotations

import pytest

from municipality.models import Entry
from municipality.operations.people import change_member
from municipality.operations.reading import note_reading
from tests.build.municipality import at
from tests.build.town import with_another_body

pytestmark = pytest.mark.django_db
LIST = "log/"


@pytest.fixture
def towns():
    return with_another_body()


@pytest.fixture
def town(towns):
    return towns[0]


def verbs(town, query=""):
    return [row.verb for row in town.client("auditor").get(f"/{town.body.pk}/{LIST}{query}").context["rows"]]


def moved(verb, moment):
    Entry.objects.filter(verb=verb).update(at=moment)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("auditor", 200), ("office", 200), ("hr", 403), ("executive", 403), ("manager", 403), ("staff", 403), ("consultant", 403),
        ("other body", 404),
    ],
)  # fmt: skip
def test_who_sees_the_log(town, who, status):
    assert town.get(who, LIST) == status


def test_it_says_who_did_what_to_whom(town):
    note_reading("member.read", town.people["staff"], by=town.people["manager"])
    row = next(iter(town.client("auditor").get(f"/{town.body.pk}/{LIST}").context["rows"]))
    assert (row.actor, str(row.said), str(row.thing), row.person) == (
        "あおば町 総務課長",
        "職員の情報を見ました",
        "職員",
        "あおば町 職員",
    )


def test_the_content_of_a_change_is_not_shown(town):
    staff = town.people["staff"]
    facts = {"name": staff.name, "kana": "カナ", "mail": "himitsu@town.example.jp", "employment": ""}
    change_member(staff, edition=1, **facts, by=town.people["office"], now=at(2026, 5, 1))
    page = town.client("auditor").get(f"/{town.body.pk}/{LIST}").content.decode()
    assert "職員の情報を変更しました" in page
    assert "himitsu" not in page


def test_looking_is_written_down(town):
    town.get("auditor", f"{LIST}?verb=member.read")
    line = Entry.objects.get(verb="log.read")
    assert (line.actor_id, line.content.body["query"]) == (town.people["auditor"].pk, {"verb": "member.read"})


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
    assert len(response.context["rows"]) > 0


def test_the_log_of_another_body_is_another_log(towns):
    town, other = towns
    note_reading("member.read", other.people["staff"], by=other.people["hr"])
    assert "member.read" not in verbs(town)


def test_a_verb_or_a_table_that_is_gone_is_shown_by_its_name(town):
    note_reading("old.verb", by=town.people["hr"])
    Entry.objects.filter(verb="old.verb").update(subject_type="gone.table", subject_id=7)
    row = next(iter(town.client("auditor").get(f"/{town.body.pk}/{LIST}").context["rows"]))
    assert (row.said, row.thing) == ("old.verb", "gone.table")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_however_long_it_is(town, rows, django_assert_num_queries):
    for _n in range(rows):
        note_reading("member.read", town.people["staff"], by=town.people["hr"])
    client = town.client("auditor")
    client.get(f"/{town.body.pk}/{LIST}")
    with django_assert_num_queries(17):
        assert client.get(f"/{town.body.pk}/{LIST}").status_code == 200


def test_fifty_on_a_page(town):
    for _n in range(60):
        note_reading("member.read", town.people["staff"], by=town.people["hr"])
    assert len(verbs(town)) == 50
