"""The pages of the pilots: who reaches them, what they answer, and how many queries they take."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from municipality.decisions.operations.send_back import return_decision
from pilots.participants.operations.participation import add_participants
from pilots.planning.models import Expansion, Pilot
from tests.build import pilots as build
from tests.build.decisions import step_of
from tests.build.municipality import a_member, at, signed_in

pytestmark = pytest.mark.django_db
TODAY = at(2026, 11, 10)
PERSONAS = (
    "office",
    "chief",
    "staff",
    "tax_chief",
    "mayor",
    "hr",
    "consultant",
    "auditor",
    "outsider",
)


@pytest.fixture(autouse=True)
def november(monkeypatch):
    """The day is 10 November 2026."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: TODAY)


@pytest.fixture
def town():
    return build.a_town()


def clients(town):
    members = {name: getattr(town, name, None) for name in PERSONAS}
    members["staff"], members["hr"] = town.staff[0], a_member(town.root, "hr")
    members["outsider"] = build.a_town("993026", name="みどり町").office
    return {name: signed_in(member) for name, member in members.items()}


def codes(people, address, method="get"):
    return {name: getattr(client, method)(address).status_code for name, client in people.items()}


def plan(**facts):
    return {
        "name": "第3期試行",
        "kind": "department",
        "purpose": "確かめる",
        "starts_on": "令和9年4月12日",
        "ends_on": "2027-09-30",
        "method": "vdi",
        "days_per_week": "2",
        "half_days": "on",
        **facts,
    }


def asking(town, **facts):
    return {
        "name": "第2期試行",
        "departments": [town.zeimu.pk],
        "starts_on": "2027-01-12",
        "ends_on": "2027-03-31",
        "method": "vdi",
        "days_per_week": "2",
        "initial_yen": "0",
        "monthly_yen": "96800",
        "explanation": "12月に確定します。",
        **facts,
    }


def test_who_reaches_a_pilot_and_its_list(town):
    pilot = build.a_used(town)
    people = clients(town)
    assert codes(people, "/993018/pilots/") == {**dict.fromkeys(PERSONAS, 200), "outsider": 404}
    assert codes(people, pilot.get_absolute_url()) == {
        **dict.fromkeys(PERSONAS, 200),
        "tax_chief": 404,
        "outsider": 404,
    }
    assert codes(people, f"{pilot.get_absolute_url()}expand/") == {
        "office": 200,
        "chief": 200,
        "staff": 403,
        "tax_chief": 404,
        "mayor": 403,
        "hr": 403,
        "consultant": 403,
        "auditor": 403,
        "outsider": 404,
    }
    assert codes(people, "/993018/pilots/new/") == {
        "office": 200,
        "chief": 200,
        "staff": 403,
        "tax_chief": 200,
        "mayor": 403,
        "hr": 403,
        "consultant": 403,
        "auditor": 403,
        "outsider": 404,
    }


@pytest.mark.parametrize("action", ["request", "start", "evaluate"])
def test_acting_is_for_those_who_run_it_and_by_post_only(town, action):
    pilot = build.a_planned(town)
    people = clients(town)
    address = f"{pilot.get_absolute_url()}{action}/"
    assert set(codes(people, address).values()) <= {405, 404}
    del people["office"], people["chief"]
    assert codes(people, address, "post") == {
        "staff": 403,
        "tax_chief": 404,
        "mayor": 403,
        "hr": 403,
        "consultant": 403,
        "auditor": 403,
        "outsider": 404,
    }
    pilot.refresh_from_db()
    assert pilot.state == "planned"


def test_names_of_participants_are_shown_to_those_who_run_it_and_to_oneself(town):
    pilot = build.a_used(town)
    names = [member.name for member in town.staff]
    seen = {
        name: [
            person
            for person in names
            if person in client.get(pilot.get_absolute_url()).content.decode().split("<main")[1]
        ]
        for name, client in clients(town).items()
        if name not in ("tax_chief", "outsider")
    }
    assert seen == {
        "office": names,
        "chief": names,
        "staff": names[:1],
        "mayor": names,
        "hr": names,
        "consultant": [],
        "auditor": [],
    }


def test_a_consultant_reads_neither_names_nor_small_numbers(town):
    expansion = build.a_requested(town)
    client = signed_in(town.consultant)
    people = [town.chief, *town.staff]
    for address in (
        "/993018/pilots/",
        expansion.pilot.get_absolute_url(),
        expansion.get_absolute_url(),
    ):
        main = client.get(address).content.decode().split("<main")[1]
        assert [member.name for member in people if member.name in main] == []
        assert "2 / 3" not in main
        assert "＊" in main


def test_the_list_begins_with_the_latest_and_filters_by_state(town):
    days = {"三": date(2026, 9, 1), "一": date(2026, 7, 22), "二": date(2026, 8, 3)}
    for name, starts_on in days.items():
        build.a_planned(town, name=f"試行{name}", starts_on=starts_on)
    build.an_approved(town, name="試行四", starts_on=date(2026, 10, 1))
    client = signed_in(town.office)
    listed = [row.name for row in client.get("/993018/pilots/").context["rows"]]
    assert listed == ["試行四", "試行三", "試行二", "試行一"]
    assert [row.name for row in client.get("/993018/pilots/?state=approved").context["rows"]] == [
        "試行四"
    ]
    assert (
        "条件に合うものがありません" in client.get("/993018/pilots/?state=running").content.decode()
    )


def test_who_reaches_a_participant_and_who_answers(town):
    pilot = build.a_planned(town)
    row = add_participants(pilot, members=town.staff[:1], by=town.chief, now=at(2026, 7, 22))[0]
    people = clients(town)
    expected = {
        "office": 200,
        "chief": 200,
        "staff": 200,
        "tax_chief": 404,
        "mayor": 200,
        "hr": 200,
        "consultant": 404,
        "auditor": 404,
        "outsider": 404,
    }
    assert codes(people, row.get_absolute_url()) == expected
    for name in ("office", "chief", "hr"):
        assert people[name].post(f"{row.get_absolute_url()}agree/").status_code == 403
    assert people["staff"].post(f"{row.get_absolute_url()}agree/").status_code == 302
    row.refresh_from_db()
    assert row.state == "agreed"


def test_planning_by_form_leads_to_the_pilot(town):
    client = signed_in(town.chief)
    answer = client.post(
        "/993018/pilots/new/", plan(departments=[town.kikaku.pk], lead=town.chief.number)
    )
    pilot = Pilot.objects.get()
    assert (answer.status_code, answer.url) == (302, pilot.get_absolute_url())
    assert (pilot.starts_on, pilot.ends_on, pilot.method) == (
        date(2027, 4, 12),
        date(2027, 9, 30),
        "vdi",
    )


def test_a_bad_plan_comes_back_with_what_was_typed(town):
    client = signed_in(town.chief)
    answer = client.post(
        "/993018/pilots/new/", plan(ends_on="令和9年4月1日", lead=town.chief.number)
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "終了日は開始日(令和9年4月12日(月))以後の日にしてください。" in page
    assert "対象部署を選んでください。" in page
    assert "第3期試行" in page
    assert Pilot.objects.count() == 0


def test_a_plan_of_more_than_two_years_is_refused_at_its_last_day(town):
    answer = signed_in(town.chief).post(
        "/993018/pilots/new/",
        plan(departments=[town.kikaku.pk], ends_on="令和18年3月31日", lead=town.chief.number),
    )
    assert answer.status_code == 422
    words = "試行の期間は2年以内です。終了日は令和11年4月11日(水)までの日にしてください。"
    assert answer.context["form"].errors["ends_on"] == [words]


def test_all_that_does_not_fit_is_told_at_once(town):
    """A closed day, an end before the start, a department in a pilot, no purpose and no method."""
    busy = build.a_planned(town, starts_on=date(2027, 4, 1), ends_on=date(2027, 9, 30))
    Pilot.objects.filter(pk=busy.pk).update(state="approved")
    typed = plan(departments=[town.kikaku.pk], lead=town.chief.number, purpose="", method="")
    days = {"starts_on": "2027-05-03", "ends_on": "2027-09-30"}
    page = signed_in(town.chief).post("/993018/pilots/new/", typed | days).content.decode()
    for words in (
        "令和9年5月3日(月)は閉庁日です。",
        "目的を入力してください。",
        "接続方式を選んでください。",
        "企画財政課は、この期間に試行",
    ):
        assert words in page, words
    days = {"starts_on": "2027-05-03", "ends_on": "2027-04-30"}
    page = signed_in(town.chief).post("/993018/pilots/new/", typed | days).content.decode()
    assert "終了日は開始日(令和9年5月3日(月))以後の日にしてください。" in page


def test_the_method_is_chosen_and_not_given(town):
    page = signed_in(town.chief).get("/993018/pilots/new/").content.decode()
    assert '<option value="" selected>選んでください</option>' in page


def test_the_lead_is_found_by_name(town):
    client = signed_in(town.office)
    page = client.get("/993018/pilots/new/").content.decode()
    assert f'value="{town.office.number} {town.office.name}"' in page
    typed = plan(departments=[town.kikaku.pk], lead=town.chief.name)
    assert client.post("/993018/pilots/new/", typed).status_code == 302
    assert Pilot.objects.get().lead == town.chief


def test_departments_and_leads_of_others_cannot_be_chosen(town):
    client = signed_in(town.chief)
    for facts in (
        {"departments": [town.zeimu.pk], "lead": town.chief.number},
        {"departments": [town.kikaku.pk], "lead": town.tax_chief.number},
    ):
        assert client.post("/993018/pilots/new/", plan(**facts)).status_code == 422
    other = build.a_town("993026", name="みどり町")
    office = signed_in(town.office)
    for facts in (
        {"departments": [other.kikaku.pk], "lead": town.office.number},
        {"departments": [town.kikaku.pk], "lead": other.office.number},
    ):
        assert office.post("/993018/pilots/new/", plan(**facts)).status_code == 422
    assert Pilot.objects.count() == 0


def test_a_stale_form_is_refused_with_409(town):
    pilot = build.a_planned(town)
    client = signed_in(town.chief)
    facts = plan(departments=[town.kikaku.pk], lead=town.chief.number, edition=str(pilot.edition))
    assert client.post(f"{pilot.get_absolute_url()}edit/", facts).status_code == 302
    assert client.post(f"{pilot.get_absolute_url()}edit/", facts).status_code == 409


def test_what_is_not_possible_now_is_409_with_the_way_out(town):
    pilot = build.an_approved(town)
    client = signed_in(town.chief)
    answer = client.post(f"{pilot.get_absolute_url()}start/")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert (
        "安藤 海(テレワークの基礎)、伊東 空(テレワークの基礎)、上野 陸(テレワークの基礎)が必須研修を修了していません。"
        in page
    )
    assert f'href="{town.course.get_absolute_url()}"' in page
    for part in ("edit", "criteria"):
        assert client.get(f"{pilot.get_absolute_url()}{part}/").status_code == 409


def test_criteria_by_form(town):
    pilot = build.a_planned(town, criteria=())
    client = signed_in(town.chief)
    address = f"{pilot.get_absolute_url()}criteria/"
    assert client.post(address, {"threshold_K38": ""}).status_code == 422
    assert (
        client.post(address, {"threshold_K40": "101", "direction_K40": "at_least"}).status_code
        == 422
    )
    assert (
        client.post(
            address,
            {
                "edition": pilot.edition,
                "threshold_K40": "50",
                "direction_K40": "at_least",
                "threshold_K38": "",
            },
        ).status_code
        == 302
    )
    assert [(row.indicator, row.threshold) for row in pilot.criteria.all()] == [
        ("K40", Decimal(50))
    ]


def test_people_of_other_departments_cannot_be_asked(town):
    pilot = build.a_planned(town)
    client = signed_in(town.chief)
    address = f"{pilot.get_absolute_url()}participants/"
    assert client.post(address, {"members": [town.tax_staff.pk]}).status_code == 422
    assert client.post(address, {"members": [town.staff[0].pk]}).status_code == 302


def test_asking_for_an_expansion_by_form(town):
    pilot = build.an_evaluated(town)
    client = signed_in(town.chief)
    address = f"{pilot.get_absolute_url()}expand/"
    bad = client.post(address, asking(town, explanation=""))
    assert bad.status_code == 422
    assert (
        "準備度評価が未確定の部署(税務課)があるまま展開を求めています。その理由と対応を「起案者の説明」に入力してください。"
        in bad.content.decode()
    )
    good = client.post(address, asking(town))
    expansion = Expansion.objects.get()
    decision = build.decision_of(expansion)
    assert (good.status_code, good.url, expansion.state) == (
        302,
        decision.get_absolute_url(),
        "draft",
    )
    assert client.get(address).status_code == 409
    assert "経路「" in client.get(good.url).content.decode()
    assert client.post(f"{good.url}submit/").status_code == 302
    expansion.refresh_from_db()
    assert expansion.state == "deciding"


def test_who_reaches_an_expansion(town):
    expansion = build.a_requested(town)
    people = clients(town)
    people["soumu_chief"] = signed_in(town.others["soumu_chief"])
    people["stranger"] = signed_in(a_member(town.office.postings.get().department))
    assert codes(people, expansion.get_absolute_url()) == {
        **dict.fromkeys(PERSONAS, 200),
        "soumu_chief": 200,
        "outsider": 404,
        "stranger": 404,
    }


def test_an_application_that_came_back_is_changed_and_sent_again(town):
    expansion = build.a_requested(town)
    return_decision(
        step_of(build.decision_of(expansion), 1),
        by=town.others["soumu_chief"],
        now=TODAY,
        comment="理由",
    )
    expansion.refresh_from_db()
    client = signed_in(town.chief)
    facts = asking(town, days_per_week="1", edition=str(expansion.edition))
    assert client.post(f"{expansion.get_absolute_url()}edit/", facts).status_code == 302
    assert client.post(f"{expansion.get_absolute_url()}edit/", facts).status_code == 409
    drafted = client.post(f"{expansion.get_absolute_url()}submit/")
    assert client.post(f"{drafted.url}submit/").status_code == 302
    expansion.refresh_from_db()
    assert (expansion.state, expansion.days_per_week) == ("deciding", 1)


def test_finishing_offers_only_what_fits(town):
    running, client = build.a_running(town), signed_in(town.chief)
    page = client.get(f"{running.get_absolute_url()}finish/").content.decode()
    assert ('value="stop"' in page, 'value="continue"' in page) == (True, False)
    assert (
        client.post(
            f"{running.get_absolute_url()}finish/", {"outcome": "continue", "note": "x"}
        ).status_code
        == 422
    )
    assert (
        client.post(
            f"{running.get_absolute_url()}finish/", {"outcome": "stop", "note": "端末不足"}
        ).status_code
        == 302
    )


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize(
    "state", [build.a_planned, build.an_approved, build.a_running, build.a_used, build.an_evaluated]
)
def test_a_pilot_reads_in_every_state_and_language(town, state, language):
    pilot = state(town)
    client = signed_in(town.chief)
    town.chief.user.language = language
    town.chief.user.save()
    assert client.get(pilot.get_absolute_url()).status_code == 200


def queries_of(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_the_list_takes_the_same_queries_for_one_and_three(town):
    client = signed_in(town.office)
    build.a_planned(town)
    counts = [queries_of(client, "/993018/pilots/")]
    for number in range(2):
        build.with_participants(
            build.a_planned(town, name=f"試行 {number}"), town.staff, by=town.chief
        )
    counts.append(queries_of(client, "/993018/pilots/"))
    assert counts == [LIST, LIST]


def test_a_pilot_takes_the_same_queries_for_few_and_many(town):
    client = signed_in(town.office)
    pilot = build.a_used(town)
    counts = [queries_of(client, pilot.get_absolute_url())]
    more = [a_member(town.kikaku) for _number in range(6)]
    build.completed(town.course, more)
    build.with_participants(pilot, more, by=town.chief)
    build.used(more[0], town.kikaku, *build.days_from(date(2026, 9, 1), 5))
    counts.append(queries_of(client, pilot.get_absolute_url()))
    assert counts == [DETAIL, DETAIL]


LIST = 9
DETAIL = 19
