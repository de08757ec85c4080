"""部署: who sees which, in how many queries, and what a new one needs."""

from __future__ import annotations

import pytest
from django.utils import timezone

from municipality.audit.models import Entry
from municipality.organisation.models import Department, Posting
from municipality.organisation.operations import employment_kinds as operations
from municipality.organisation.queries import staff_postings
from tests.build.lists import many_departments
from tests.build.municipality import a_department, a_member, at, root_of, signed_in

pytestmark = pytest.mark.django_db
LIST, NEW = "departments/", "departments/new/"


def names_in(response):
    return [line.department.name for line in response.context["lines"]]


@pytest.mark.parametrize(
    "who",
    ["office", "hr", "executive", "auditor", "consultant", "manager", "other manager", "staff"],
)
def test_everybody_of_the_body_sees_the_list(town, who):
    assert town.get(who, LIST) == 200


def test_nobody_else_does(town, client):
    assert client.get(f"/{town.body.pk}/{LIST}").status_code == 302
    assert town.get("other body", LIST) == 404


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("office", ["あおば町", "総務課", "税務課"]),
        ("consultant", ["あおば町", "総務課", "税務課"]),
        ("manager", ["総務課"]),
        ("staff", ["総務課"]),
    ],
)
def test_the_list_shows_what_is_in_reach(town, who, seen):
    assert names_in(town.client(who).get(f"/{town.body.pk}/{LIST}")) == seen


def test_a_long_list_comes_in_pages_and_whole_in_the_file(town):
    many_departments(town.body, 120)
    client, address = town.client("office"), f"/{town.body.pk}/{LIST}"
    first, second = names_in(client.get(address)), names_in(client.get(f"{address}?page=2"))
    file = b"".join(client.get(f"{address}?file=csv")).decode("utf-8-sig")
    assert (len(first), len(second), len({*first, *second})) == (100, 23, 123)
    assert all(name in file for name in first + second)


def test_the_tree_is_in_the_order_of_codes(town):
    a_department(town.body, "庶務係", code="0005", parent=town.soumu, kind="unit")
    a_department(town.body, "企画課", code="0001")
    names = names_in(town.client("office").get(f"/{town.body.pk}/{LIST}"))
    assert names[:2] == ["あおば町", "企画課"]
    assert names.index("庶務係") == names.index("総務課") + 1


def test_heads_and_head_counts(town):
    response = town.client("office").get(f"/{town.body.pk}/{LIST}")
    lines = {line.department.name: line for line in response.context["lines"]}
    assert (lines["総務課"].heads, lines["総務課"].staff, lines["あおば町"].below) == (
        ["あおば町 総務課長"],
        2,
        8,
    )


def test_the_list_counts_staff_as_rates_do(town):
    """Who is no staff by 任用区分, or away, is in no rate either."""
    for _person in range(20):
        a_member(town.soumu)
    a_member(root_of(town.body), "executive", employment="特別職")
    on_leave = a_member(town.soumu)
    on_leave.postings.update(status=Posting.Status.LEAVE)
    operations.keep_employment_kinds(town.body, at(2026, 7, 1))
    today = timezone.localdate()
    staff = staff_postings(Posting.objects.of(town.body).on(today)).count()
    response = town.client("office").get(f"/{town.body.pk}/{LIST}")
    lines = {line.department.name: line for line in response.context["lines"]}
    assert lines[town.body.name].below == staff
    assert "任用区分が「職員に数える」人の数です" in response.content.decode()


@pytest.mark.parametrize("who", ["consultant", "auditor", "staff"])
def test_who_reads_no_small_numbers_is_told_no_staff(town, who):
    """Of any department: beside 対象職員 of a month it would tell small numbers of others."""
    for _person in range(31):
        a_member(town.soumu)
    client, address = town.client(who), f"/{town.body.pk}/{LIST}"
    page = client.get(address).content.decode()
    file = b"".join(client.get(f"{address}?file=csv")).decode("utf-8-sig")
    assert "職員数は、少人数の部署があるため表示しません" in page
    assert "33人" not in page
    assert "職員数" not in file
    assert "33" in town.client("office").get(address).content.decode()


@pytest.mark.parametrize("who", ["consultant", "auditor"])
def test_experts_and_auditors_see_posts_and_no_names(town, who):
    for address in (LIST, f"departments/{town.soumu.pk}/"):
        text = town.client(who).get(f"/{town.body.pk}/{address}").content.decode()
        assert "課長" in text
        assert "総務課長" not in text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_however_long_it_is(town, rows, django_assert_num_queries):
    for n in range(rows):
        a_member(a_department(town.body, f"課{n}"), "manager", post="課長")
    client = town.client("office")
    client.get(f"/{town.body.pk}/{LIST}")
    with django_assert_num_queries(9):
        assert client.get(f"/{town.body.pk}/{LIST}").status_code == 200


@pytest.mark.parametrize(
    ("who", "own", "other"),
    [
        ("office", 200, 200),
        ("hr", 200, 200),
        ("executive", 200, 200),
        ("auditor", 200, 200),
        ("consultant", 200, 200),
        ("manager", 200, 404),
        ("staff", 200, 404),
        ("other manager", 404, 200),
        ("other body", 404, 404),
    ],
)
def test_one_department_is_seen_within_reach(town, who, own, other):
    assert town.get(who, f"departments/{town.soumu.pk}/") == own
    assert town.get(who, f"departments/{town.zeimu.pk}/") == other


def test_a_department_of_another_body_is_as_absent(towns):
    town, other = towns
    assert town.get("office", f"departments/{other.soumu.pk}/") == 404
    assert town.get("office", "departments/999999/") == 404


@pytest.mark.parametrize(
    ("who", "people"),
    [
        ("office", 2),
        ("hr", 2),
        ("manager", 2),
        ("staff", None),
        ("auditor", None),
        ("consultant", None),
    ],
)
def test_its_people_are_for_those_who_may_see_people(town, who, people):
    response = town.client(who).get(f"/{town.body.pk}/departments/{town.soumu.pk}/")
    found = response.context["people"]
    assert (None if found is None else len(found)) == people
    assert Entry.objects.filter(verb="people.read", subject_id=town.soumu.pk).count() == (
        1 if people else 0
    )


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_however_many_work_there(town, rows, django_assert_num_queries):
    for _n in range(rows):
        a_member(town.soumu, "staff", "manager")
    client = town.client("office")
    client.get(f"/{town.body.pk}/{LIST}")
    with django_assert_num_queries(27):
        assert client.get(f"/{town.body.pk}/departments/{town.soumu.pk}/").status_code == 200


@pytest.mark.parametrize("who", ["hr", "executive", "auditor", "consultant", "manager", "staff"])
def test_only_the_office_registers_departments(town, who):
    assert town.get(who, NEW) == 403
    assert (
        town.post(
            who,
            NEW,
            code="0900",
            name="企画課",
            kind="section",
            parent=town.root.pk,
            starts_on="R8.4.1",
        )
        == 403
    )
    assert not Department.objects.filter(code="0900").exists()


def test_the_office_registers_a_department(town):
    assert town.get("office", NEW) == 200
    facts = {
        "code": "0900",
        "name": "企画課",
        "kind": "section",
        "parent": town.root.pk,
        "starts_on": "令和8年4月1日",
    }
    assert town.post("office", NEW, **facts) == 302
    row = Department.objects.get(code="0900")
    assert (row.name, row.parent, row.versions.count(), row.path.startswith(town.root.path)) == (
        "企画課",
        town.root,
        1,
        True,
    )
    assert Entry.objects.filter(verb="department.added", subject_id=row.pk).count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": ""},
        {"code": "部署"},
        {"code": "TAKEN"},
        {"name": ""},
        {"kind": "body"},
        {"parent": "OTHER"},
        {"starts_on": "明日"},
    ],
)
def test_a_bad_form_is_shown_again_with_what_was_typed(towns, wrong):
    town, other = towns
    facts = {
        "code": "0900",
        "name": "企画課",
        "kind": "section",
        "parent": town.root.pk,
        "starts_on": "2026-04-01",
        **wrong,
    }
    facts = {
        key: {"TAKEN": town.soumu.code, "OTHER": other.root.pk}.get(value, value)
        for key, value in facts.items()
    }
    assert town.post("office", NEW, **facts) == 422
    assert not Department.objects.filter(name="企画課").exists()


def test_a_department_that_has_ended_leaves_the_list(town, monkeypatch):
    Department.objects.filter(pk=town.zeimu.pk).update(ends_on=at(2026, 5, 1).date())
    assert "税務課" not in names_in(town.client("office").get(f"/{town.body.pk}/{LIST}"))


def test_somebody_without_a_posting_is_let_in_nowhere(town):
    member = a_member(town.soumu, ends_on=at(2026, 4, 30).date())
    assert signed_in(member).get(f"/{town.body.pk}/{LIST}").status_code == 404
