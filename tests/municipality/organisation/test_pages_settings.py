"""設定: the body's facts, closed days, routes, deputies and the list of what is still to set up."""

from __future__ import annotations

from datetime import date

import pytest

from municipality.audit.models import Entry
from municipality.core.refusals import Conflict
from municipality.core.registry import subjects
from municipality.decisions.models import Absence, Deputy, RouteTemplate
from municipality.decisions.operations.routes import chosen_route
from municipality.organisation.models import ClosedDay, Municipality, Post
from municipality.organisation.open_days import open_days
from municipality.organisation.operations.settings import change_body
from tests.build import decisions as build
from tests.build.municipality import a_member, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("invented_matter")]
PAGES = [
    "settings/",
    "settings/body/",
    "settings/posts/",
    "settings/checklist/",
    "settings/closed-days/",
    "settings/routes/",
    "settings/deputies/",
]
NOT_OFFICE = ["hr", "executive", "auditor", "consultant", "manager", "staff"]


@pytest.mark.parametrize("page", PAGES)
def test_settings_are_the_offices(town, page):
    assert town.get("office", page) == 200
    assert [town.get(who, page) for who in NOT_OFFICE] == [403] * len(NOT_OFFICE)
    assert town.get("other body", page) == 404


FACTS = {
    "name": "あおば町",
    "kana": "アオバチョウ",
    "network": "β",
    "small_cell": 10,
    "sender": "no-reply@town.example.jp",
    "reply_to": "jimu@town.example.jp",
    "contact": "総務課 内線 1234",
    "edition": 1,
}


def test_the_office_changes_the_facts_of_its_body(town):
    assert town.post("office", "settings/body/", **FACTS) == 302
    body = Municipality.objects.get(pk=town.body.pk)
    assert (body.network, body.small_cell, body.sending, body.contact, body.edition) == (
        "β",
        10,
        False,
        "総務課 内線 1234",
        2,
    )
    line = Entry.objects.get(verb="body.changed")
    assert line.content.body["before"]["small_cell"] == 5


def test_a_stale_form_is_refused(town):
    town.post("office", "settings/body/", **FACTS)
    assert town.post("office", "settings/body/", **FACTS | {"small_cell": 20}) == 409
    assert Municipality.objects.get(pk=town.body.pk).small_cell == 10


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"small_cell": 2},
        {"small_cell": "9" * 30},
        {"network": "γ"},
        {"sender": "nobody"},
        {"edition": ""},
    ],
)
def test_bad_facts_are_shown_again(town, wrong):
    assert town.post("office", "settings/body/", **FACTS | wrong) == 422


def test_turning_mail_off_is_said_on_the_page(town):
    change_body(town.body, edition=1, sending=False, by=town.people["office"], now=at(2026, 5, 1))
    assert (
        "いまはメールを送っていません"
        in town.client("office").get(f"/{town.body.pk}/settings/body/").content.decode()
    )


DAY = {"date": "令和9年6月1日", "name": "開庁記念日"}


def test_a_closed_day_is_added_and_removed(town):
    assert town.post("office", "settings/closed-days/", **DAY) == 302
    assert open_days(town.body).is_open(date(2027, 6, 1)) is False
    closed = ClosedDay.objects.get()
    assert town.get("office", f"settings/closed-days/{closed.pk}/remove/") == 405
    assert town.post("office", f"settings/closed-days/{closed.pk}/remove/") == 302
    assert open_days(town.body).is_open(date(2027, 6, 1)) is True
    assert list(
        Entry.objects.filter(verb__startswith="closed_day")
        .order_by("seq")
        .values_list("verb", flat=True)
    ) == [
        "closed_day.added",
        "closed_day.removed",
    ]


def test_a_day_is_opened_although_it_would_be_closed(town):
    town.post("office", "settings/closed-days/", date="2027-06-05", name="臨時開庁", is_open="on")
    assert open_days(town.body).is_open(date(2027, 6, 5)) is True


@pytest.mark.parametrize(
    "wrong", [{"date": ""}, {"date": "2027-02-30"}, {"name": ""}, {"date": "TAKEN"}]
)
def test_a_bad_day_is_shown_again(town, wrong):
    ClosedDay.objects.create(municipality=town.body, date=date(2027, 6, 2), name="閉庁")
    facts = {
        key: "2027-06-02" if value == "TAKEN" else value for key, value in (DAY | wrong).items()
    }
    assert town.post("office", "settings/closed-days/", **facts) == 422


def test_closed_days_of_another_body_are_not_ours(towns):
    town, other = towns
    theirs = ClosedDay.objects.create(municipality=other.body, date=date(2027, 6, 1), name="閉庁")
    assert town.post("office", f"settings/closed-days/{theirs.pk}/remove/") == 404
    assert town.post("office", "settings/closed-days/", **DAY) == 302


def route(town, *stages, **facts):
    """What the form of a route sends: stages are (order, kind, title, department)."""
    data = {"matter": build.MATTER, "name": "町長決裁", "open_days": 3, **facts}
    for n in range(1, 7):
        order, kind, title, department = (
            stages[n - 1] if n <= len(stages) else (n, "approve", "", None)
        )
        post = Post.objects.filter(municipality=town.body, title=title).first()
        data |= {
            f"s{n}-order": order,
            f"s{n}-kind": kind,
            f"s{n}-post": post.pk if post else "",
            f"s{n}-department": department.pk if department else "",
        }
    return data


def steps(row):
    return [
        (step.order, step.kind, step.post.title, step.department)
        for step in row.steps.select_related("post", "department")
    ]


def test_a_route_is_set_and_used(town):
    data = route(
        town,
        (1, "approve", "課長", None),
        (2, "agree", "課長", town.zeimu),
        (3, "decide", "町長", town.root),
    )
    assert town.post("office", "settings/routes/", **data) == 302
    row = RouteTemplate.objects.get()
    assert steps(row) == [
        (1, "approve", "課長", None),
        (2, "agree", "課長", town.zeimu),
        (3, "decide", "町長", town.root),
    ]
    assert build.routes_for(build.a_draft(town.people["staff"], town.soumu)) == [row]


def test_a_matter_has_several_routes_and_one_of_the_same_name_is_written_anew(town):
    town.post("office", "settings/routes/", **route(town, (1, "decide", "町長", town.root)))
    town.post(
        "office",
        "settings/routes/",
        **route(town, (1, "decide", "副町長", town.root), name="副町長専決"),
    )
    town.post(
        "office",
        "settings/routes/",
        **route(town, (1, "approve", "課長", None), (2, "decide", "町長", town.root)),
    )
    rows = RouteTemplate.objects.order_by("pk")
    assert [(row.name, row.is_active, row.steps.count()) for row in rows] == [
        ("町長決裁", True, 2),
        ("副町長専決", True, 1),
    ]
    page = town.client("office").get(f"/{town.body.pk}/settings/routes/").content.decode()
    assert ("町長決裁" in page, "副町長専決" in page) == (True, True)


def test_a_route_with_its_conditions_is_set_and_shown(town):
    data = route(
        town, (1, "decide", "町長", town.root), department=town.soumu.pk, least_yen="1000000"
    )
    assert town.post("office", "settings/routes/", **data) == 302
    row = RouteTemplate.objects.get()
    assert (row.department, row.least_yen) == (town.soumu, 1_000_000)
    page = town.client("office").get(f"/{town.body.pk}/settings/routes/").content.decode()
    assert ("総務課とその下の起案" in page, "1,000,000円以上の件" in page) == (True, True)


def test_a_route_on_its_way_keeps_its_steps(town):
    town.post("office", "settings/routes/", **route(town, (1, "decide", "課長", town.soumu)))
    running = build.a_running(town.people["staff"], town.soumu)
    town.post("office", "settings/routes/", **route(town, (1, "decide", "町長", town.root)))
    assert [step.post.title for step in running.steps.all()] == ["課長"]


@pytest.mark.parametrize(
    "stages",
    [
        [],
        [(1, "approve", "課長", None)],
        [(1, "decide", "課長", None), (2, "approve", "町長", None)],
        [(1, "decide", "課長", None), (2, "decide", "町長", None)],
        [(1, "agree", "課長", None), (1, "decide", "町長", None)],
        [(0, "decide", "町長", None)],
        [(9, "decide", "町長", None)],
        [("", "decide", "町長", None)],
    ],
    ids=[
        "none",
        "no decider",
        "decider first",
        "two deciders",
        "decider beside another",
        "order 0",
        "order 9",
        "no order",
    ],
)
def test_what_makes_no_route_is_shown_again(town, stages):
    assert town.post("office", "settings/routes/", **route(town, *stages)) == 422
    assert not RouteTemplate.objects.exists()


def test_posts_and_departments_of_another_body_make_no_route(towns):
    town, other = towns
    theirs = Post.objects.get(municipality=other.body, title="町長")
    data = route(town, (1, "decide", "町長", town.root))
    assert town.post("office", "settings/routes/", **data | {"s1-post": theirs.pk}) == 422
    assert town.post("office", "settings/routes/", **data | {"s1-department": other.root.pk}) == 422
    assert town.post("office", "settings/routes/", **data | {"matter": "no.such"}) == 422


def test_stopping_a_route_leaves_the_matter_without_one(town):
    town.post("office", "settings/routes/", **route(town, (1, "decide", "町長", town.root)))
    assert town.post("manager", f"settings/routes/{RouteTemplate.objects.get().pk}/stop/") == 403
    assert town.post("office", f"settings/routes/{RouteTemplate.objects.get().pk}/stop/") == 302
    with pytest.raises(Conflict):
        chosen_route(build.a_draft(town.people["staff"], town.soumu), None, date(2026, 11, 4))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_routes_cost_the_same_however_many_there_are(
    town, rows, monkeypatch, django_assert_num_queries
):
    for n in range(rows):
        monkeypatch.setitem(subjects(), f"test.{n}", build.a_subject())
        build.a_route(
            town.soumu,
            (1, "approve", "課長", town.soumu),
            (2, "decide", "町長", town.root),
            matter=f"test.{n}",
        )
    client = town.client("office")
    client.get(f"/{town.body.pk}/settings/routes/")
    with django_assert_num_queries(14):
        assert client.get(f"/{town.body.pk}/settings/routes/").status_code == 200


def many_routes(town, count):
    for n in range(1, count + 1):
        build.a_route(town.soumu, (1, "decide", "町長", town.root), name=f"決裁区分{n:03}")


def names_shown(town, query=""):
    html = town.client("office").get(f"/{town.body.pk}/settings/routes/{query}").content.decode()
    return [f"決裁区分{n:03}" for n in range(1, 200) if f"決裁区分{n:03}" in html]


def test_many_routes_are_shown_a_page_at_a_time(town):
    many_routes(town, 120)
    pages = [names_shown(town, f"?page={number}") for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [50, 50, 20]
    assert len({name for page in pages for name in page}) == 120


def test_routes_are_found_by_name_and_by_matter(town, monkeypatch):
    many_routes(town, 60)
    monkeypatch.setitem(subjects(), "test.other", build.a_subject())
    build.a_route(
        town.soumu, (1, "decide", "町長", town.root), matter="test.other", name="決裁区分150"
    )
    assert names_shown(town, "?q=区分058") == ["決裁区分058"]
    assert names_shown(town, "?matter=test.other") == ["決裁区分150"]
    assert len(names_shown(town, "?matter=no.such")) == 50


def test_a_matter_without_a_route_is_named_whatever_was_asked(town):
    client, address = town.client("office"), f"/{town.body.pk}/settings/routes/?q=なし"
    named = "<li>試験の件</li>"
    assert named in client.get(address).content.decode()
    build.a_route(town.soumu, (1, "decide", "町長", town.root))
    assert named not in client.get(address).content.decode()


def deputy(town, **facts):
    mayor = Post.objects.get(municipality=town.body, title="町長")
    named = {
        "department": town.root.pk,
        "post": mayor.pk,
        "member": town.people["manager"].number,
        "matter": "",
        "starts_on": "2026-04-01",
    }
    return named | facts


def test_a_deputy_is_named_and_taken_back(town):
    assert town.post("office", "settings/deputies/", **deputy(town)) == 302
    named = Deputy.objects.get()
    assert (named.member, named.post.title, named.ends_on) == (town.people["manager"], "町長", None)
    page = town.client("office").get(f"/{town.body.pk}/settings/deputies/").content.decode()
    assert "すべての対象" in page
    assert town.post("manager", f"settings/deputies/{named.pk}/remove/") == 403
    assert town.post("office", f"settings/deputies/{named.pk}/remove/") == 302
    assert not Deputy.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"member": "nobody"},
        {"member": ""},
        {"post": ""},
        {"department": "OTHER"},
        {"matter": "no.such"},
        {"ends_on": "2026-03-31"},
        {"starts_on": ""},
    ],
)
def test_a_bad_deputy_is_shown_again(towns, wrong):
    town, other = towns
    facts = {
        key: other.root.pk if value == "OTHER" else value
        for key, value in deputy(town, **wrong).items()
    }
    assert town.post("office", "settings/deputies/", **facts) == 422
    assert not Deputy.objects.exists()


def test_a_number_that_two_people_have_names_nobody(town):
    number = town.people["manager"].number
    a_member(town.zeimu, number=number, series="水道")
    assert town.post("office", "settings/deputies/", **deputy(town)) == 422


def away(town, **facts):
    data = {
        "member": town.people["executive"].number,
        "reason": "出張",
        "starts_on": "2035-05-01",
        "ends_on": "2035-05-08",
        **facts,
    }
    return {f"away-{key}": value for key, value in data.items()}


def test_the_office_notes_an_absence_and_takes_it_back(town):
    assert town.post("office", "settings/absences/", **away(town)) == 302
    absence = Absence.objects.get()
    assert (absence.member, absence.reason) == (town.people["executive"], "出張")
    answer = town.client("office").post(
        f"/{town.body.pk}/absences/{absence.pk}/remove/", {"settings": 1}
    )
    assert answer.url == f"/{town.body.pk}/settings/deputies/"
    assert not Absence.objects.exists()


@pytest.mark.parametrize("wrong", [{"member": "nobody"}, {"reason": ""}, {"ends_on": "2099-04-01"}])
def test_a_bad_absence_is_shown_again_beside_the_deputies(town, wrong):
    assert town.post("office", "settings/absences/", **away(town, **wrong)) == 422
    assert not Absence.objects.exists()


def test_only_the_office_notes_absences_of_others_there(town):
    assert [town.post(who, "settings/absences/", **away(town)) for who in NOT_OFFICE] == [
        403
    ] * len(NOT_OFFICE)
