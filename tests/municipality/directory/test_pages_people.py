"""職員: the list within one's reach, one person's page, and what is written down of having
looked.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from municipality.accounts.operations.invitations import invite
from municipality.audit.models import Entry, EntryContent
from municipality.organisation.models import Member
from tests.build.municipality import a_member, also_posted, an_account, with_duty

pytestmark = pytest.mark.django_db
LIST = "people/"
SEES = {"office": 200, "hr": 200, "executive": 200, "manager": 200, "other manager": 200}
SEES |= {"auditor": 403, "consultant": 403, "staff": 403, "other body": 404}


def listed(town, who, query=""):
    response = town.client(who).get(f"/{town.body.pk}/{LIST}{query}")
    return [member.name.removeprefix("あおば町 ") for member in response.context["rows"]]


@pytest.mark.parametrize(("who", "status"), SEES.items())
def test_who_sees_the_list(town, who, status):
    assert town.get(who, LIST) == status


def test_the_list_is_within_reach_and_by_kana(town):
    a_member(town.soumu, name="阿部", kana="アベ")
    a_member(town.soumu, name="和田", kana="ワダ")
    assert listed(town, "manager") == ["阿部", "総務課長", "職員", "和田"]
    assert "税務課長" in listed(town, "office")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_however_long_it_is(town, rows, django_assert_num_queries):
    for _n in range(rows):
        also_posted(a_member(town.soumu, "staff", "hr"), town.zeimu)
    client = town.client("office")
    client.get(f"/{town.body.pk}/{LIST}")
    with django_assert_num_queries(17):
        assert client.get(f"/{town.body.pk}/{LIST}").status_code == 200


def test_a_page_leaves_one_line_however_many_persons_it_shows(town):
    listed(town, "office", "?q=総務")
    line = Entry.objects.get(verb="people.read")
    facts = EntryContent.objects.get(entry=line).body
    assert (line.actor_id, facts["count"], facts["query"]) == (
        town.people["office"].pk,
        1,
        {"q": "総務"},
    )


def test_fifty_on_a_page(town):
    for n in range(60):
        a_member(town.zeimu, kana=f"ン{n:03d}")
    assert len(listed(town, "office")) == 50
    assert len(listed(town, "office", "?page=2")) == 18
    assert len(listed(town, "office", "?page=99999999999999999999")) == 18


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=総務課長", ["総務課長"]),
        ("?q=だれもいない", []),
        ("?account=none", ["総務課長", "税務課長", "職員"]),
        ("?account=invited", ["hr"]),
        ("?account=ready", ["office"]),
        (
            "?account=unknown&department=abc",
            ["auditor", "consultant", "executive", "hr", "office", "総務課長", "税務課長", "職員"],
        ),
    ],
)
def test_filters(town, query, found):
    aside = Member.objects.filter(
        name__in=["あおば町 auditor", "あおば町 consultant", "あおば町 executive"]
    )
    aside.update(is_active="?account=unknown" in query)
    invite(town.people["hr"], by=town.people["office"], now=timezone.now())
    assert sorted(listed(town, "office", query)) == sorted(found)


def test_an_invitation_that_ran_out_counts_no_more(town):
    invite(town.people["hr"], by=town.people["office"], now=timezone.now() - timedelta(days=30))
    assert "hr" in listed(town, "office", "?account=none")


def test_a_department_narrows_to_all_that_is_below_it(town):
    assert listed(town, "office", f"?department={town.soumu.pk}") == ["総務課長", "職員"]
    assert len(listed(town, "office", f"?department={town.root.pk}")) == 8


def test_only_the_office_is_offered_to_invite(town):
    assert "招待する" in town.client("office").get(f"/{town.body.pk}/{LIST}").content.decode()
    assert "招待する" not in town.client("hr").get(f"/{town.body.pk}/{LIST}").content.decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("office", 200),
        ("hr", 200),
        ("executive", 200),
        ("manager", 200),
        ("other manager", 404),
        ("auditor", 404),
        ("consultant", 404),
        ("staff", 200),
        ("other body", 404),
    ],
)
def test_who_sees_a_person(town, who, status):
    assert town.get(who, f"people/{town.people['staff'].pk}/") == status


def test_staff_see_themselves_and_no_colleague(town):
    colleague = a_member(town.soumu)
    assert town.get("staff", f"people/{colleague.pk}/") == 404
    assert town.get("staff", f"people/{town.people['other manager'].pk}/") == 404


def test_looking_at_somebody_else_is_written_down_and_at_oneself_is_not(town):
    staff = town.people["staff"]
    town.get("staff", f"people/{staff.pk}/")
    assert Entry.objects.filter(verb="member.read").count() == 0
    town.get("manager", f"people/{staff.pk}/")
    line = Entry.objects.get(verb="member.read")
    assert (line.actor_id, line.subject_type, line.subject_id) == (
        town.people["manager"].pk,
        "municipality.member",
        staff.pk,
    )


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_however_many_postings_there_are(
    town, rows, django_assert_num_queries
):
    person = a_member(town.soumu)
    for kind in ("clerk", "security", "operator")[:rows]:
        also_posted(
            person, town.zeimu, post={"clerk": "主任", "security": "係長", "operator": "課長"}[kind]
        )
        with_duty(person, kind, town.soumu)
    client = town.client("office")
    client.get(f"/{town.body.pk}/people/{person.pk}/")
    with django_assert_num_queries(19):
        assert client.get(f"/{town.body.pk}/people/{person.pk}/").status_code == 200


FACTS = {
    "name": "佐藤 花子",
    "kana": "サトウ ハナコ",
    "mail": "sato@town.example.jp",
    "employment": "正規",
    "edition": 1,
}


@pytest.mark.parametrize(
    "who", ["hr", "executive", "auditor", "consultant", "manager", "other manager", "staff"]
)
def test_only_the_office_changes_a_person(town, who):
    for number in (town.people["staff"].pk, 999_999):
        address = f"people/{number}/edit/"
        assert (town.get(who, address), town.post(who, address, **FACTS)) == (403, 403)
    assert not Member.objects.filter(name="佐藤 花子").exists()


def test_a_new_family_name(town):
    staff = town.people["staff"]
    assert town.get("office", f"people/{staff.pk}/edit/") == 200
    assert town.post("office", f"people/{staff.pk}/edit/", **FACTS) == 302
    staff.refresh_from_db()
    assert (staff.name, staff.edition) == ("佐藤 花子", 2)
    facts = EntryContent.objects.get(entry__verb="member.changed").body
    assert (facts["before"]["name"], facts["after"]["name"]) == ("あおば町 職員", "佐藤 花子")


def test_a_stale_form_is_refused_and_writes_nothing(town):
    staff = town.people["staff"]
    town.post("office", f"people/{staff.pk}/edit/", **FACTS)
    assert town.post("office", f"people/{staff.pk}/edit/", **FACTS | {"name": "鈴木 花子"}) == 409
    staff.refresh_from_db()
    assert staff.name == "佐藤 花子"


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"mail": "nobody"}, {"name": "あ" * 81}, {"edition": ""}, {"kana": "ア" * 121}],
)
def test_a_bad_form_is_shown_again(town, wrong):
    assert town.post("office", f"people/{town.people['staff'].pk}/edit/", **FACTS | wrong) == 422


def test_a_person_of_another_body_is_as_absent(towns):
    town, other = towns
    theirs = other.people["staff"].pk
    for address in (f"people/{theirs}/", f"people/{theirs}/edit/", "people/999999/"):
        assert town.get("office", address) == 404


def test_states_of_an_account(town):
    an_account(town.people["manager"])
    page = town.client("office").get(f"/{town.body.pk}/{LIST}").content.decode()
    assert page.count("登録済</span>") == 2
    assert "未招待" in page
