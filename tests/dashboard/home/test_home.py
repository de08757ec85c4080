"""対応事項: by when, what, who; the strip adds up to the list; each link leads to a page that
opens.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from dashboard.home.day_strip import LATER, OVERDUE
from dashboard.home.page import read_home
from municipality.organisation.models import Member
from municipality.organisation.open_days import open_days
from municipality.reminders.operations.planning import plan_reminders
from rollout.readiness.models import Assessment
from tests.build.dashboard import AS_OF, asked, due_for
from tests.build.municipality import a_body, a_department, a_member, at, root_of, signed_in
from tests.build.rollout import submitted
from tests.build.town import Town, a_town
from tests.dashboard.conftest import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tenth")]
DAYS = [AS_OF + timedelta(days=number) for number in (-6, -1, 0, 1, 7, 14, 15, 38)]


@pytest.fixture
def town() -> Town:
    return a_town()


def home(member: Member, today: date = AS_OF, **query: str):
    now = at(today.year, today.month, today.day)
    return read_home(
        Member.objects.get(pk=member.pk), now, open_days(member.municipality_id), query
    )


def rows(found):
    return [row for group in found.listing.groups for row in group.rows]


def test_what_is_due_stands_by_urgency_with_its_open_days(town):
    due_for(town.people["staff"], town.people["office"], *DAYS)
    found = home(town.people["staff"])
    assert [
        (group.title, [row.open_days_left for row in group.rows]) for group in found.listing.groups
    ] == [
        ("期限を過ぎています", [-4, -1]),
        ("5開庁日以内", [0, 1, 5]),
        ("それ以降", [9, 10, 27]),
    ]


def test_the_strip_and_the_line_after_it_add_up_to_the_list(town):
    due_for(town.people["staff"], town.people["office"], *DAYS)
    listing = home(town.people["staff"]).listing
    assert (
        sum(cell.count for cell in listing.strip) + listing.later.count
        == len(listing.things)
        == len(DAYS)
    )
    assert (len(listing.strip), listing.strip[0].count, listing.later.count) == (16, 2, 2)


def test_each_cell_shows_as_many_as_it_says(town):
    due_for(town.people["staff"], town.people["office"], *DAYS)
    client, listing = signed_in(town.people["staff"]), home(town.people["staff"]).listing
    for cell in [*listing.strip, listing.later]:
        shown = client.get(cell.address).context["home"].listing.shown
        assert len(shown) == cell.count


def test_closed_days_are_marked_and_holidays_named(town):
    strip = home(town.people["staff"], date(2026, 11, 20)).listing.strip
    assert [(cell.date.day, cell.weekday, cell.closed) for cell in strip[1:6]] == [
        (20, "今日", False),
        (21, "土", True),
        (22, "日", True),
        (23, "祝", True),
        (24, "火", False),
    ]


def test_a_day_that_has_passed_is_late_on_the_closed_days_after_it(town):
    due_for(town.people["staff"], town.people["office"], date(2026, 11, 20))
    found = home(town.people["staff"], date(2026, 11, 22))
    assert [(row.open_days_left, found.listing.strip[0].count) for row in rows(found)] == [(-1, 1)]
    assert found.day_words == "今日は閉庁日です"


def test_an_unknown_cell_or_tab_in_the_address_shows_all(town):
    due_for(town.people["staff"], town.people["office"], *DAYS)
    found = home(town.people["staff"], due="soon", tab="everything")
    assert (found.listing.cell, found.listing.tab, len(rows(found))) == ("", "mine", len(DAYS))


@pytest.mark.parametrize("cell", [OVERDUE, LATER, "2026-11-10"])
def test_a_cell_without_anything_says_so_and_offers_the_whole_list(town, cell):
    page = town.client("staff").get(f"/{town.body.pk}/?due={cell}").content.decode()
    assert "条件に合うものがありません" in page


def test_who_has_nothing_to_do_reads_so(town):
    assert (
        "あなたの対応事項はありません"
        in town.client("hr").get(f"/{town.body.pk}/").content.decode()
    )


def test_the_manager_sees_what_their_people_have_to_do(town):
    due_for(town.people["staff"], town.people["office"], AS_OF)
    assessment = asked(town.soumu, town.people["office"], due_on=AS_OF)
    found = home(town.people["manager"], tab="department")
    assert [(row.title, row.action) for row in rows(found)] == [
        (f"総務課の準備度評価({assessment.round.name})", "回答する"),
        ("あおば町 職員の研修「期限の研修0」", ""),
    ]
    assert [tab.count for tab in found.listing.tabs] == [1, 2, 0]


def test_another_departments_things_are_in_nobodys_list_here(town):
    due_for(town.people["staff"], town.people["office"], AS_OF)
    assert rows(home(town.people["other manager"], tab="department")) == []


def test_only_who_leads_has_the_tab_of_the_department(town):
    assert len(home(town.people["staff"]).listing.tabs) == 2
    assert len(home(town.people["manager"]).listing.tabs) == 3


def test_what_one_handed_in_is_waited_for(town):
    assessment = asked(town.soumu, town.people["office"], due_on=AS_OF)
    submitted(assessment.round, town.soumu, town.people["manager"], now=at(2026, 11, 9))
    Assessment.objects.update(submitted_at=at(2026, 11, 9))
    found = home(town.people["manager"], tab="waiting")
    assert [(row.title, row.meta, row.action) for row in rows(found)] == [
        ("総務課の準備度評価の確認(第1回)", ["事務局", "11/9から"], "")
    ]


def test_it_is_told_that_somebody_above_was_reminded(town):
    due_for(town.people["staff"], town.people["office"], date(2026, 11, 4))
    plan_reminders(town.body, now=at(2026, 11, 9))
    assert [row.escalated for row in rows(home(town.people["staff"]))] == ["所属長へ連絡 11/9"]


def test_a_thing_with_two_holders_stands_once_in_the_departments_list(town):
    a_member(town.soumu, "manager", post="課長")
    asked(town.soumu, town.people["office"], due_on=AS_OF)
    assert len(rows(home(town.people["manager"], tab="department"))) == 1


def test_a_long_list_draws_its_first_fifty_and_says_how_many_more(town):
    due_for(town.people["staff"], town.people["office"], *[AS_OF + timedelta(days=38)] * 53)
    group = home(town.people["staff"]).listing.groups[0]
    assert (len(group.rows), group.count, group.more) == (50, 53, 3)
    assert "ほか3件" in town.client("staff").get(f"/{town.body.pk}/").content.decode()


@pytest.mark.parametrize(
    ("who", "queries"), [("staff", 20), ("manager", 22), ("office", 23), ("consultant", 20)]
)
@pytest.mark.parametrize("things", [1, 3])
def test_the_page_takes_the_same_queries_however_much_is_due(town, who, queries, things):
    for person in ("staff", "manager", "office", "consultant"):
        due_for(town.people[person], town.people["office"], *DAYS[:things])
    assert queries_of(town.client(who), f"/{town.body.pk}/?tab=department") == queries


@pytest.mark.parametrize(
    "who", ["office", "manager", "executive", "hr", "staff", "consultant", "auditor"]
)
def test_the_page_opens_for_everybody_of_the_body(town, who):
    assert town.get(who, "") == 200


def test_the_page_is_absent_for_people_of_another_body(town):
    other = a_town("993026", "みどり市")
    assert other.client("office").get(f"/{town.body.pk}/").status_code == 404


def test_nothing_is_changed_by_asking_twice_as_post(town):
    assert town.post("staff", "") == 405


def founded() -> tuple[Member, Member]:
    body = a_body("993034", "しおかぜ町")
    return a_member(root_of(body), "office"), a_member(root_of(body), "hr")


def test_a_body_without_departments_shows_its_office_what_to_set_up():
    office, _hr = founded()
    page = signed_in(office).get(f"/{office.municipality_id}/")
    items = page.context["home"].checklist
    assert [(item.label, item.tone) for item in items] == [
        ("部署の登録", "neutral"),
        ("職員と役割の登録", "ok"),
        ("部署ごとの所属長", "neutral"),
        ("決裁経路", "neutral"),
    ]
    assert "まだ部署がありません" in page.content.decode()


def test_every_link_of_the_checklist_opens():
    office, _hr = founded()
    client = signed_in(office)
    for item in client.get(f"/{office.municipality_id}/").context["home"].checklist:
        assert client.get(item.address).status_code == 200


def test_others_of_such_a_body_see_an_empty_list():
    _office, hr = founded()
    page = signed_in(hr).get(f"/{hr.municipality_id}/")
    assert page.context["home"].checklist == []


def test_the_checklist_goes_when_there_is_a_department():
    office, _hr = founded()
    a_department(office.municipality)
    assert (
        signed_in(office)
        .get(reverse("dashboard:home", args=[office.municipality_id]))
        .context["home"]
        .checklist
        == []
    )
