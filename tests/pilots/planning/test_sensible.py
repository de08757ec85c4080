"""A pilot is planned sensibly: open days to come, free departments, thresholds that can be
reached.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from municipality.core.refusals import Conflict
from pilots.lifecycle.decision_content import pilot_content
from pilots.lifecycle.operations.decisions import request_pilot_decision
from pilots.participants.forms import candidates
from pilots.participants.operations.participation import add_participants
from pilots.planning.forms import PilotForm
from pilots.planning.models import Pilot
from pilots.planning.operations import change_pilot, plan_pilot
from pilots.results.operations import fix_criteria
from tests.build import pilots as build
from tests.build.evaluation import today_is
from tests.build.municipality import a_department, a_member, at, signed_in

pytestmark = pytest.mark.django_db
NOW = at(2026, 7, 21)


def plan(town, **facts):
    facts = {
        "name": "第3期試行",
        "purpose": "確かめる",
        "departments": [town.kikaku],
        "starts_on": date(2026, 8, 3),
        "ends_on": date(2026, 10, 30),
        "by": town.office,
        "now": NOW,
        **facts,
    }
    return plan_pilot(**facts)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({"starts_on": date(2026, 7, 17)}, "今日以降"),
        ({"starts_on": date(2026, 8, 1)}, "令和8年8月3日(月)"),
        ({"starts_on": date(2026, 8, 11)}, "令和8年8月12日(水)"),
        ({"ends_on": date(2026, 10, 31)}, "令和8年11月2日(月)"),
        ({"ends_on": date(2028, 8, 4)}, "終了日は令和10年8月2日(水)までの日にしてください。"),
    ],
)
def test_it_neither_begins_in_the_past_nor_begins_or_ends_on_a_closed_day(days, said):
    town = build.a_town()
    with pytest.raises(Conflict) as refused:
        plan(town, **days)
    assert said in str(refused.value.reason)
    pilot = plan(town)
    with pytest.raises(Conflict):
        change_pilot(
            pilot,
            edition=pilot.edition,
            departments=pilot.places,
            by=town.office,
            now=NOW,
            **days,
        )


def test_a_department_in_a_running_or_approved_pilot_is_refused_with_its_name():
    town = build.a_town()
    running = build.an_approved(town)
    unit = a_department(town.body, "財政係", parent=town.kikaku, kind="unit")
    for department in (town.kikaku, unit):
        with pytest.raises(Conflict) as refused:
            plan(town, departments=[department, town.zeimu], now=at(2026, 7, 28))
        assert running.name in str(refused.value.reason)
        assert department.name in str(refused.value.reason)
    later = {"starts_on": date(2026, 11, 2), "ends_on": date(2027, 1, 29)}
    assert plan(town, now=at(2026, 7, 28), **later).pk
    assert plan(town, now=at(2026, 7, 28), kind="managers").pk
    assert plan(town, now=at(2026, 7, 28), kind="continuity").pk


@pytest.mark.parametrize(
    ("first", "second"), [("department", "satellite"), ("satellite", "department")]
)
def test_a_satellite_pilot_needs_its_departments_to_itself(first, second):
    town = build.a_town()
    build.an_approved(town, kind=first)
    with pytest.raises(Conflict, match="の対象です"):
        plan(town, now=at(2026, 7, 28), kind=second)
    data = {
        "kind": second,
        "departments": [town.kikaku.pk],
        "starts_on": "2026-08-03",
        "ends_on": "2026-10-30",
    }
    form = PilotForm(today_is(town.chief, date(2026, 7, 28)), date(2026, 7, 28), data)
    assert "の対象です" in form.errors["departments"][0]


def test_a_department_and_what_lies_below_it_are_not_both_chosen():
    town = build.a_town()
    unit = a_department(town.body, "財政係", parent=town.kikaku, kind="unit")
    with pytest.raises(Conflict, match="財政係は企画財政課に含まれています"):
        plan(town, departments=[town.kikaku, unit], now=NOW)
    data = {"kind": "managers", "departments": [town.kikaku.pk, unit.pk]}
    form = PilotForm(today_is(town.chief, date(2026, 7, 21)), date(2026, 7, 21), data)
    assert "財政係は企画財政課に含まれています" in form.errors["departments"][0]


def test_two_plans_for_one_department_are_not_both_put_to_decision():
    town = build.a_town()
    second = build.a_planned(town, name="もう一つの計画")
    first = build.an_approved(town)
    with pytest.raises(Conflict) as refused:
        request_pilot_decision(second, by=town.chief, now=at(2026, 7, 28))
    assert first.name in str(refused.value.reason)


@pytest.mark.parametrize(
    ("code", "threshold", "said"),
    [
        # 企画財政課 has a manager and three staff.
        ("K38", 500, "4人"),
        ("K40", 101, "100%"),
        ("K36", 101, "100%"),
        # 3 August to 30 October are 13 weeks; every week has two open days or more.
        ("K39", 105, "104人日(4人 × 1人26日)"),
        ("K37", 27, "26日"),
    ],
)
def test_a_threshold_nobody_can_reach_is_refused_with_what_can_be(code, threshold, said):
    town = build.a_town()
    pilot = build.a_planned(town, criteria=())
    with pytest.raises(Conflict) as refused:
        fix_criteria(
            pilot,
            criteria=[(code, "at_least", Decimal(threshold))],
            edition=pilot.edition,
            by=town.chief,
            now=NOW,
        )
    assert said in str(refused.value.reason)
    fix_criteria(
        pilot,
        criteria=[(code, "at_least", Decimal(threshold) - 1 if code != "K38" else Decimal(4))],
        edition=pilot.edition,
        by=town.chief,
        now=NOW,
    )
    assert pilot.criteria.count() == 1


def test_a_threshold_that_came_out_of_reach_stops_the_decision():
    town = build.a_town()
    pilot = build.a_planned(town, criteria=[("K39", "at_least", Decimal(100))])
    change_pilot(
        pilot,
        edition=pilot.edition,
        departments=pilot.places,
        ends_on=date(2026, 8, 28),
        by=town.chief,
        now=NOW,
    )
    with pytest.raises(Conflict) as refused:
        request_pilot_decision(Pilot.objects.get(pk=pilot.pk), by=town.chief, now=NOW)
    assert "人日" in str(refused.value.reason)


def test_managers_go_ahead_with_managers_alone():
    town = build.a_town()
    same = a_member(town.kikaku, name="参事 梓", post="課長")
    pilot = build.a_planned(town, kind="managers")
    assert set(candidates(pilot, NOW.date())) == {town.chief, same}
    with pytest.raises(Conflict) as refused:
        add_participants(pilot, members=[town.staff[0]], by=town.chief, now=NOW)
    assert "安藤 海" in str(refused.value.reason)
    assert len(add_participants(pilot, members=[town.chief, same], by=town.chief, now=NOW)) == 2


def test_method_and_frequency_are_told_to_those_who_plan_and_decide():
    town = build.a_town()
    pilot = build.a_planned(town, method="standalone", days_per_week=5)
    page = signed_in(town.chief).get(pilot.get_absolute_url()).content.decode()
    texts = [notice["text"] for notice in pilot_content(pilot, NOW.date())["notices"]]
    for words in ("庁内のシステム", "1人週5日"):
        assert words in page
        assert any(words in text for text in texts)
    assert pilot_content(build.a_planned(town), NOW.date())["notices"] == []


def test_an_absurd_plan_through_the_page_says_all_that_is_wrong(monkeypatch):
    town = build.a_town()
    build.an_approved(town)
    monkeypatch.setattr("django.utils.timezone.now", lambda: at(2026, 7, 28))
    client = signed_in(town.office)
    sent = {
        "name": "無理な試行",
        "kind": "department",
        "purpose": "確かめる",
        "departments": [town.kikaku.pk, town.zeimu.pk],
        "lead": town.office.number,
        "starts_on": "2026-08-09",
        "ends_on": "2026-08-11",
        "method": "standalone",
        "days_per_week": "5",
    }
    address = f"/{town.body.pk}/pilots/new/"
    answer = client.post(address, sent)
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "令和8年8月10日(月)" in shown
    assert "令和8年8月12日(水)" in shown
    days = {"starts_on": "2026-08-10", "ends_on": "2026-08-12"}
    answer = client.post(address, sent | days)
    assert answer.status_code == 422
    assert "第1期試行(企画財政課)" in answer.content.decode()
    assert Pilot.objects.count() == 1
    answer = client.post(address, sent | days | {"departments": [town.zeimu.pk]}, follow=True)
    assert "庁内のシステム" in answer.content.decode()
    pilot = Pilot.objects.get(name="無理な試行")
    criteria = f"{pilot.get_absolute_url()}criteria/"
    bad = {"threshold_K38": "500", "threshold_K39": "100", "threshold_K40": "120"}
    answer = client.post(criteria, bad | {"edition": pilot.edition})
    assert answer.status_code == 422
    shown = answer.content.decode()
    # 税務課 has a manager and one of staff; 10 and 12 August are open, the 11th is a holiday.
    assert "2人" in shown
    assert "4人日(2人 × 1人2日)" in shown
    assert pilot.criteria.count() == 0
