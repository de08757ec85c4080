"""Goals: who gets a sheet and whose evaluator is who, and the way from writing to agreement."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from evaluation.appraisal.access.evaluators import evaluator_of, staff_on
from evaluation.appraisal.schemes.models import EvaluationPeriod
from evaluation.appraisal.schemes.operations import plan_period
from evaluation.appraisal.sheets.models import Goal, Sheet
from evaluation.appraisal.sheets.operations import (
    agree_goals,
    open_sheets,
    return_goals,
    save_goals,
    submit_goals,
)
from municipality.core.refusals import Conflict, Denied
from municipality.notifications.models import Notice
from municipality.notifications.wording import values_of
from municipality.organisation.leadership import leadership_on, parent_path
from municipality.transfers.operations.handover import hand_over
from tests.build import evaluation as build
from tests.build.municipality import a_department, a_member, also_posted, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return build.a_town()


@pytest.fixture
def period(town):
    return build.an_open_period(town)


def test_everybody_who_works_here_gets_a_sheet_with_the_nearest_manager_above(town, period):
    found = {
        sheet.member.name: sheet.evaluator.name
        for sheet in Sheet.objects.select_related("member", "evaluator")
    }
    assert found == {
        "安藤 海": "髙瀬 由紀",
        "伊東 空": "髙瀬 由紀",
        "江口 森": "木戸 明里",
        "西村 航": "野々村 透",
        "相馬 灯": "野々村 透",
        "髙瀬 由紀": "榊原 誠一",
        "木戸 明里": "榊原 誠一",
        "野々村 透": "榊原 誠一",
    }


def test_the_top_and_those_from_outside_get_none(town, period):
    without = {town.mayor.pk, town.deputy_mayor.pk, town.consultant.pk, town.auditor.pk}
    assert not Sheet.objects.filter(member__in=without).exists()


def test_a_manager_of_a_unit_evaluates_it_and_is_evaluated_by_the_manager_above(town):
    unit = a_department(town.body, "財政係", parent=town.kikaku, kind="unit")
    head = a_member(unit, "manager", post="係長")
    clerk = a_member(unit)
    leaders = leadership_on(town.body, date(2026, 10, 1))
    people = staff_on(town.body, date(2026, 10, 1))
    assert evaluator_of(leaders, clerk.pk, people[clerk.pk][1]) == head.pk
    assert evaluator_of(leaders, head.pk, people[head.pk][1]) == town.chief.pk


def test_of_two_managers_the_higher_post_evaluates_and_a_main_post_goes_before_a_concurrent_one(
    town,
):
    a_member(town.zeimu, "manager", post="係長")
    also_posted(town.chief, town.zeimu, "manager", post="課長")
    leaders = leadership_on(town.body, date(2026, 10, 1))
    people = staff_on(town.body, date(2026, 10, 1))
    assert (
        evaluator_of(leaders, town.tax_staff.pk, people[town.tax_staff.pk][1]) == town.tax_chief.pk
    )


@pytest.mark.parametrize(
    ("path", "above"),
    [("993018/0000000001/", ""), ("993018/0000000001/0000000002/", "993018/0000000001/")],
)
def test_the_path_above(path, above):
    assert parent_path(path) == above


def test_opening_again_adds_only_those_who_came_since(town, period):
    before = Sheet.objects.count()
    newcomer = a_member(town.kikaku, starts_on=date(2026, 10, 5))
    assert open_sheets(period, by=town.hr, now=at(2026, 10, 6)) == 1
    assert Sheet.objects.count() == before + 1
    sheet = build.sheet_of(newcomer, period)
    assert (sheet.evaluator, sheet.goals_due_on) == (town.chief, date(2026, 10, 16))


def test_who_comes_late_gets_five_open_days_for_the_goals(town, period):
    newcomer = a_member(town.kikaku, starts_on=date(2026, 11, 2))
    open_sheets(period, by=town.hr, now=at(2026, 11, 2))
    assert build.sheet_of(newcomer, period).goals_due_on == date(2026, 11, 10)


@pytest.mark.parametrize("who", ["office", "chief", "staff", "mayor"])
def test_only_hr_runs_periods(town, who):
    member = getattr(town, who)
    period = build.a_period(town)
    with pytest.raises(Denied):
        open_sheets(period, by=member, now=at(2026, 10, 1))
    with pytest.raises(Denied):
        plan_period(
            name="別",
            starts_on=date(2026, 4, 1),
            ends_on=date(2026, 9, 30),
            goals_due_on=date(2026, 4, 20),
            agree_due_on=date(2026, 5, 1),
            by=member,
        )


def test_goals_go_from_draft_over_the_interview_to_agreed(town, period):
    sheet = build.a_written(town, period)
    assert sheet.state == Sheet.State.DRAFT
    submit_goals(sheet, by=town.staff, now=at(2026, 10, 13))
    assert (sheet.state, sheet.agree_due_on) == (Sheet.State.SUBMITTED, date(2026, 10, 30))
    agree_goals(sheet, by=town.chief, now=at(2026, 10, 20))
    assert (sheet.state, sheet.agreed_by) == (Sheet.State.AGREED, town.chief)
    told = Notice.objects.get(rule="sheet.agreed")
    assert (told.member, values_of(told)) == (town.staff, {"period": "令和8年度 下期"})


def test_goals_handed_in_late_leave_the_evaluator_five_open_days(town, period):
    sheet = build.a_written(town, period)
    submit_goals(sheet, by=town.staff, now=at(2026, 10, 29))
    assert sheet.agree_due_on == date(2026, 11, 6)


def test_goals_sent_back_carry_the_reason_and_five_more_open_days(town, period):
    sheet = build.a_submitted(town, period)
    return_goals(sheet, comment="物差しを数で書いてください。", by=town.chief, now=at(2026, 10, 20))
    assert (sheet.state, sheet.goals_due_on) == (Sheet.State.RETURNED, date(2026, 10, 27))
    save_goals(sheet, goals=build.GOALS[:1], edition=sheet.edition, by=town.staff)
    assert list(sheet.goals.values_list("order", "weight")) == [(1, 60)]


@pytest.mark.parametrize(("weights", "shown"), [((60, 30), "90%"), ((60, 41), "101%"), ((), "0%")])
def test_weights_must_sum_to_a_hundred_to_hand_in(town, period, weights, shown):
    sheet = build.sheet_of(town.staff, period)
    goals = [{**build.GOALS[0], "weight": weight} for weight in weights]
    save_goals(sheet, goals=goals, edition=sheet.edition, by=town.staff)
    with pytest.raises(Conflict, match=shown):
        submit_goals(sheet, by=town.staff, now=at(2026, 10, 13))


def test_what_is_handed_in_stands_still(town, period):
    sheet = build.a_submitted(town, period)
    with pytest.raises(Conflict, match="提出した目標は変更できません"):
        save_goals(sheet, goals=[], edition=sheet.edition, by=town.staff)
    with pytest.raises(Conflict):
        submit_goals(sheet, by=town.staff, now=at(2026, 10, 14))
    assert Goal.objects.filter(sheet=sheet).count() == 2


def test_a_stale_form_does_not_write_over_newer_goals(town, period):
    sheet = build.a_written(town, period)
    save_goals(sheet, goals=build.GOALS, edition=sheet.edition, by=town.staff)
    with pytest.raises(Conflict, match="先に変更"):
        save_goals(sheet, goals=[], edition=sheet.edition - 1, by=town.staff)
    assert sheet.goals.count() == 2


def test_more_than_five_goals_are_refused(town, period):
    sheet = build.sheet_of(town.staff, period)
    with pytest.raises(Conflict, match="5個まで"):
        save_goals(sheet, goals=[build.GOALS[0]] * 6, edition=sheet.edition, by=town.staff)


@pytest.mark.parametrize("who", ["second", "chief", "hr", "office", "deputy_mayor"])
def test_nobody_else_writes_the_goals(town, period, who):
    sheet = build.sheet_of(town.staff, period)
    with pytest.raises(Denied):
        save_goals(sheet, goals=build.GOALS, edition=sheet.edition, by=getattr(town, who))


@pytest.mark.parametrize(
    "who", ["staff", "second", "tax_chief", "deputy_mayor", "mayor", "hr", "office"]
)
def test_nobody_but_the_evaluator_agrees(town, period, who):
    sheet = build.a_submitted(town, period)
    for act in (agree_goals, return_goals):
        facts = {"comment": "理由"} if act is return_goals else {}
        with pytest.raises(Denied):
            act(sheet, by=getattr(town, who), now=at(2026, 10, 20), **facts)


def test_the_database_too_keeps_people_from_their_own_sheets(town, period):
    sheet = build.sheet_of(town.staff, period)
    with pytest.raises(IntegrityError), transaction.atomic():
        Sheet.objects.filter(pk=sheet.pk).update(evaluator=town.staff)
    with pytest.raises(IntegrityError), transaction.atomic():
        Sheet.objects.filter(pk=sheet.pk).update(state="agreed")
    with pytest.raises(IntegrityError), transaction.atomic():
        Sheet.objects.create(
            municipality=town.body,
            period=period,
            member=town.staff,
            department=town.kikaku,
            opened_at=at(2026, 10, 1),
            goals_due_on=date(2026, 10, 16),
        )


def test_a_period_is_opened_once_and_says_when(town):
    period = build.a_period(town)
    assert period.state == EvaluationPeriod.State.PLANNED
    assert open_sheets(period, by=town.hr, now=at(2026, 10, 1)) == 8
    assert (period.state, period.opened_at) == (EvaluationPeriod.State.OPEN, at(2026, 10, 1))


def test_when_the_manager_moves_the_successor_takes_the_sheets(town, period):
    sheet = build.a_submitted(town, period)
    build.moved(town.chief, town.zeimu, "manager", on=date(2026, 11, 1), post="課長")
    successor = a_member(town.kikaku, "manager", post="課長", starts_on=date(2026, 11, 1))
    assert hand_over(town.body, at(2026, 10, 31, 23, 59)) == 0
    assert hand_over(town.body, at(2026, 11, 1, 0, 1)) >= 1
    sheet.refresh_from_db()
    assert sheet.evaluator == successor
    assert hand_over(town.body, at(2026, 11, 1, 0, 2)) == 0


def test_when_the_person_moves_the_sheet_goes_to_the_new_manager(town, period):
    sheet = build.a_submitted(town, period)
    build.moved(town.staff, town.zeimu, on=date(2026, 11, 1))
    hand_over(town.body, at(2026, 11, 1))
    sheet.refresh_from_db()
    assert (sheet.department, sheet.evaluator) == (town.zeimu, town.tax_chief)


def test_without_a_manager_the_executive_steps_in_and_without_anybody_the_sheet_waits(town, period):
    sheet = build.a_submitted(town, period)
    for member in (town.chief, town.deputy_mayor, town.mayor):
        member.postings.update(ends_on=date(2026, 10, 31))
    hand_over(town.body, at(2026, 11, 1))
    sheet.refresh_from_db()
    assert sheet.evaluator is None
    assert hand_over(town.body, at(2026, 11, 2)) == 0


def test_the_sheets_of_a_period_that_is_over_stay_where_they_were(town, period):
    sheet = build.an_agreed(town, period)
    build.moved(town.staff, town.zeimu, on=date(2027, 4, 1))
    assert hand_over(town.body, at(2027, 4, 1)) == 0
    sheet.refresh_from_db()
    assert (sheet.department, sheet.evaluator) == (town.kikaku, town.chief)
