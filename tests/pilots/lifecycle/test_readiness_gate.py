"""A pilot and the 必須条件 of its departments: what stops it, what passes it over, what is said."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from municipality.core.refusals import Conflict, Denied
from pilots.lifecycle.decision_content import pilot_content
from pilots.lifecycle.operations.decisions import draft_pilot_decision, request_pilot_decision
from pilots.lifecycle.operations.steps import start_pilot
from pilots.lifecycle.requirements import conditions_to_start, departments_ready
from pilots.planning.forms import PilotForm
from pilots.planning.models import Pilot
from pilots.planning.readiness import offered_words
from rollout.readiness.models import BlockerException
from rollout.readiness.operations.exceptions import grant_exception, revoke_exception
from rollout.readiness.queries import readiness_of
from tests.build import pilots as build
from tests.build.evaluation import today_is
from tests.build.frozen import as_read, read_of
from tests.build.municipality import a_department, a_member, at, signed_in, with_duty
from tests.build.rollout import a_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return build.a_town()


def blocked(town):
    """企画財政課 was assessed again, with I2 (接続の方式) at 1."""
    return build.ready(town, town.kikaku, town.chief, name="第2回", now=at(2026, 6, 15), I2=1)


def passed_over(town, assessment, until=date(2026, 9, 30)):
    if not town.mayor.duties.exists():
        with_duty(town.mayor, "security", town.root)
    answer = assessment.answers.select_related("criterion").get(criterion__code="I2")
    answer.assessment = assessment
    return grant_exception(
        answer,
        reason="閲覧だけの業務に限るため。",
        valid_until=until,
        by=town.mayor,
        now=at(2026, 7, 21),
    )


def test_an_open_condition_stops_the_request_with_its_name_and_the_way_to_mend_it(town):
    assessment = blocked(town)
    pilot = build.a_planned(town)
    with pytest.raises(Conflict) as refused:
        request_pilot_decision(pilot, by=town.chief, now=at(2026, 7, 23))
    assert str(refused.value.reason) == (
        "企画財政課: 必須条件「I2 接続の方式」が未達です(いま1、2以上)。"
    )
    assert refused.value.address == assessment.conditions_address


def test_who_leads_a_pilot_passes_nothing_over_for_its_department(town):
    """Not even with the duty: the exception is asked for so that the own pilot can begin."""
    assessment = blocked(town)
    pilot = build.a_planned(town, by=town.office, lead=town.mayor)
    with pytest.raises(Denied, match="自分が責任者である試行"):
        passed_over(town, assessment)
    assert signed_in(town.mayor).get(assessment.conditions_address).status_code == 200
    Pilot.objects.filter(pk=pilot.pk).update(lead=town.chief)
    assert passed_over(town, assessment).granted_by == town.mayor


def blocked_below(town):
    """財政課 below the department of the pilot, assessed on its own, with I2 at 1."""
    section = a_department(town.body, "財政課", parent=town.kikaku)
    chief = a_member(section, "manager", name="牧 望", post="課長")
    return build.ready(town, section, chief, name="第2回", now=at(2026, 6, 15), I2=1)


def test_a_condition_of_a_department_below_stops_the_request_until_it_is_passed_over(town):
    assessment = blocked_below(town)
    pilot = build.a_planned(town)
    with pytest.raises(Conflict) as refused:
        request_pilot_decision(pilot, by=town.chief, now=at(2026, 7, 23))
    assert (str(refused.value.reason), refused.value.address) == (
        "財政課: 必須条件「I2 接続の方式」が未達です(いま1、2以上)。",
        assessment.conditions_address,
    )
    passed_over(town, assessment)
    content = pilot_content(pilot, date(2026, 7, 23))
    assert content["notices"][0]["title"].startswith("財政課は必須条件「I2")
    [row] = content["tables"][1]["rows"]
    assert row[4]["label"] == "財政課 I2 接続の方式"
    assert row[5].startswith("財政課 I2 町長")
    request_pilot_decision(pilot, by=town.chief, now=at(2026, 7, 23))


def test_a_condition_of_a_department_below_stops_the_start(town):
    pilot = build.an_approved(town)
    build.completed(town.course, [*town.staff, town.chief])
    assessment = blocked_below(town)
    with pytest.raises(Conflict, match="財政課: 必須条件「I2 接続の方式」"):
        start_pilot(pilot, by=town.chief, now=at(2026, 8, 3))
    passed_over(town, assessment)
    start_pilot(pilot, by=town.chief, now=at(2026, 8, 3))


def test_what_was_passed_over_lets_it_go_and_is_said_in_the_decision_and_before_the_start(town):
    passed_over(town, blocked(town))
    pilot = build.an_approved(town)
    content = read_of(build.decision_of(pilot))
    assert content["tables"][1]["title"] == "準備度"
    assert "閲覧だけの業務に限るため。" in content["notices"][0]["text"]
    condition = next(
        each
        for each in conditions_to_start(pilot, build.STARTS)
        if each.label == "準備度評価と必須条件"
    )
    assert condition.met
    assert "町長(情報セキュリティ責任者)が例外を承認しています" in condition.note
    assert "閲覧だけの業務に限るため。" in condition.note


def lowered(assessment, level=0):
    """The condition that was passed over stands lower now."""
    assessment.answers.filter(criterion__code="I2").update(reviewed_level=level)


def test_what_fell_below_its_exception_stops_request_approval_and_start_and_is_said(town):
    assessment = blocked(town)
    passed_over(town, assessment)
    planned, approved = build.a_planned(town), build.an_approved(town)
    lowered(assessment)
    words = (
        "企画財政課: 必須条件「I2 接続の方式」が未達です(いま0、2以上)。"
        " 例外の承認は段階1以上が対象で、いまの段階には及びません。"
    )
    with pytest.raises(Conflict) as refused:
        request_pilot_decision(planned, by=town.chief, now=at(2026, 7, 23))
    assert str(refused.value.reason) == words
    build.completed(town.course, [*town.staff, town.chief])
    with pytest.raises(Conflict) as refused:
        start_pilot(approved, by=town.chief, now=at(2026, 8, 3))
    assert str(refused.value.reason) == words
    assert offered_words(readiness_of(town.kikaku, date(2026, 7, 23))) == (
        "必須条件が未達: I2 接続の方式"
    )
    [row] = pilot_content(planned, date(2026, 7, 23))["tables"][1]["rows"]
    assert row[5] == "I2 例外の承認は段階1以上が対象で、いまの段階には及びません。"


@pytest.mark.parametrize(
    "terms", [{"until": date(2026, 10, 30)}, {}], ids=["another end", "another reason"]
)
def test_an_exception_that_took_the_place_of_the_one_shown_is_not_decided_on(town, terms):
    assessment = blocked(town)
    exception = passed_over(town, assessment)
    pilot = build.a_planned(town)
    decision = request_pilot_decision(pilot, by=town.chief, now=at(2026, 7, 21, 15))
    revoke_exception(exception, by=town.mayor, now=at(2026, 7, 21, 16))
    again = passed_over(town, assessment, **terms)
    if not terms:
        BlockerException.objects.filter(pk=again.pk).update(reason="回線を増やす工事の間だけ。")
    with pytest.raises(Conflict, match="の例外は、決裁に回した後に承認されました。差し戻して"):
        build.decided(decision, town.mayor, now=at(2026, 7, 27))
    pilot.refresh_from_db()
    assert pilot.state == Pilot.State.DECIDING
    BlockerException.objects.filter(pk=again.pk).update(
        reason=exception.reason, valid_until=exception.valid_until
    )
    build.decided(decision, town.mayor, now=at(2026, 7, 27))


def test_a_draft_shows_how_ready_the_departments_are_as_the_request_does(town, monkeypatch):
    """One decides on sending by the draft; what was sent and came back shows today again."""
    passed_over(town, blocked(town))
    pilot = build.a_planned(town)
    decision = draft_pilot_decision(pilot, by=town.chief, now=at(2026, 7, 23))
    monkeypatch.setattr(timezone, "now", lambda: at(2026, 7, 23, 10))
    page = signed_in(town.chief).get(decision.get_absolute_url()).content.decode()
    assert "未達の必須条件" in page
    assert "閲覧だけの業務に限るため。" in page
    draft = pilot_content(pilot, date(2026, 7, 23))
    request_pilot_decision(pilot, by=town.chief, now=at(2026, 7, 23))
    assert read_of(decision)["tables"] == as_read(draft["tables"])


def test_a_department_that_is_chosen_says_in_which_round_it_was_confirmed(town):
    """A newer round may be running; 「確定」 alone would be read as of that."""
    build.ready(town, town.kikaku, town.chief, name="第2回", now=at(2026, 6, 15))
    a_round(town.body, town.office, name="第3回", now=at(2026, 7, 1))
    answer = readiness_of(town.kikaku, date(2026, 7, 23))
    assert offered_words(answer) == "準備度評価は第2回で確定"


def test_a_department_that_is_chosen_says_what_was_passed_over_and_until_when(town):
    passed_over(town, blocked(town))
    answer = readiness_of(town.kikaku, date(2026, 7, 23))
    assert offered_words(answer).startswith("I2 ")
    assert "例外承認(令和" in offered_words(answer)


def test_an_exception_that_ends_before_the_pilot_does_is_said_so_to_who_decides(town):
    passed_over(town, blocked(town))
    pilot = build.an_approved(town)
    [notice] = pilot_content(pilot, date(2026, 8, 1))["notices"]
    assert "例外の期限は、試行の終了(令和8年10月30日" in notice["text"]
    pilot.ends_on = date(2026, 9, 30)
    [notice] = pilot_content(pilot, date(2026, 8, 1))["notices"]
    assert "試行の終了" not in notice["text"]


def test_an_exception_that_ends_before_the_start_stops_the_request(town):
    passed_over(town, blocked(town), until=date(2026, 7, 31))
    pilot = build.a_planned(town)
    with pytest.raises(Conflict) as refused:
        request_pilot_decision(pilot, by=town.chief, now=at(2026, 7, 23))
    assert "必須条件「I2 接続の方式」が未達です" in str(refused.value.reason)
    assert "例外の期限は令和8年7月31日(金)までです。" in str(refused.value.reason)
    chief = today_is(town.chief, date(2026, 7, 23))
    form = PilotForm(chief, date(2026, 7, 23), pilot=pilot)
    assert "例外の期限は令和8年7月31日(金)までです。" in form.warnings[0][0]
    pilot.starts_on = date(2026, 7, 31)
    assert departments_ready(pilot, date(2026, 7, 23)).met


def test_what_is_said_of_an_exception_ends_as_a_sentence(town):
    passed_over(town, blocked(town))
    [notice] = pilot_content(build.an_approved(town), date(2026, 8, 1))["notices"]
    assert "令和8年9月30日(水)まで。例外の期限は、試行の終了" in notice["text"]


def test_an_exception_that_is_over_or_taken_back_stops_the_start(town):
    exception = passed_over(town, blocked(town))
    pilot = build.an_approved(town)
    build.completed(town.course, town.staff)
    with pytest.raises(Conflict, match="I2 接続の方式"):
        start_pilot(pilot, by=town.chief, now=at(2026, 10, 1))
    revoke_exception(exception, by=town.mayor, now=at(2026, 7, 30))
    with pytest.raises(Conflict, match="I2 接続の方式"):
        start_pilot(pilot, by=town.chief, now=at(2026, 8, 3))
    pilot.refresh_from_db()
    assert pilot.state == Pilot.State.APPROVED


def test_a_department_that_was_never_assessed_is_not_put_to_decision(town):
    pilot = build.a_planned(town, departments=[town.zeimu], by=town.office)
    with pytest.raises(Conflict, match="税務課: 準備度評価を受けていません"):
        request_pilot_decision(pilot, by=town.office, now=at(2026, 7, 23))


def test_the_plan_offers_departments_with_their_readiness_and_warns_of_the_chosen(town):
    blocked(town)
    office = signed_in(town.office)
    page = office.get("/993018/pilots/new/").content.decode()
    assert "必須条件が未達: I2 接続の方式" in page
    assert "準備度評価が未確定" in page
    pilot = build.a_planned(town)
    page = office.get(f"/993018/pilots/{pilot.pk}/edit/").content.decode()
    assert "準備のできていない部署が選ばれています" in page
    assert "企画財政課: 必須条件「I2 接続の方式」が未達です(いま1、2以上)。" in page


def test_the_pilots_page_names_department_and_condition(town):
    blocked(town)
    pilot = build.a_planned(town)
    page = signed_in(town.chief).get(f"/993018/pilots/{pilot.pk}/").content.decode()
    assert "準備度評価と必須条件" in page
    assert "企画財政課: 必須条件「I2 接続の方式」が未達です(いま1、2以上)。" in page


def test_the_form_of_an_expansion_refuses_an_open_condition(town):
    pilot = build.an_evaluated(town)
    build.ready(town, town.zeimu, town.tax_chief, name="第2回", now=at(2026, 6, 15), I2=1)
    answer = signed_in(town.chief).post(
        f"/993018/pilots/{pilot.pk}/expand/",
        {
            "name": "第2期",
            "departments": [town.zeimu.pk],
            "starts_on": "2027-01-12",
            "ends_on": "2027-03-31",
            "method": "remote_desktop",
            "days_per_week": "2",
            "initial_yen": "0",
            "monthly_yen": "0",
            "explanation": "満たす見込み",
        },
    )
    assert answer.status_code == 422
    assert "税務課: 必須条件「I2 接続の方式」が未達です" in answer.content.decode()


def at_the_last_step(town):
    """A pilot that was sent with its exception and waits for the mayor, and that exception."""
    exception = passed_over(town, blocked(town))
    pilot = build.with_participants(build.a_planned(town), town.staff, by=town.chief)
    return request_pilot_decision(pilot, by=town.chief, now=at(2026, 7, 23)), exception


def test_an_exception_that_was_revoked_while_it_was_decided_stops_the_decision(town, monkeypatch):
    decision, exception = at_the_last_step(town)
    revoke_exception(exception, by=town.mayor, now=at(2026, 7, 24))
    with pytest.raises(Conflict) as refused:
        build.decided(decision, town.mayor, now=at(2026, 7, 27))
    reason = str(refused.value.reason)
    assert reason.startswith("企画財政課: 必須条件「I2 接続の方式」が未達です")
    assert "例外の承認は令和8年7月24日" in reason
    assert reason.endswith("に取り消されました。")
    monkeypatch.setattr(timezone, "now", lambda: at(2026, 7, 27, 10))
    page = signed_in(town.mayor).get(decision.get_absolute_url()).content.decode()
    assert "いまの内容" in page
    assert "準備度 企画財政課" in page


def test_an_exception_whose_end_has_passed_stops_the_decision(town):
    decision, _exception = at_the_last_step(town)
    with pytest.raises(Conflict, match="例外の期限は令和8年9月30日"):
        build.decided(decision, town.mayor, now=at(2026, 10, 1))


def test_a_condition_that_a_later_round_opened_stops_the_decision(town):
    pilot = build.with_participants(build.a_planned(town), town.staff, by=town.chief)
    decision = request_pilot_decision(pilot, by=town.chief, now=at(2026, 7, 23))
    build.ready(town, town.kikaku, town.chief, name="第2回", now=at(2026, 7, 24), I2=1)
    with pytest.raises(Conflict, match="I2 接続の方式"):
        build.decided(decision, town.mayor, now=at(2026, 7, 30))


def test_an_expansion_says_that_the_exception_was_revoked_and_how_it_stands_today(
    town, monkeypatch
):
    pilot = build.an_evaluated(town)
    assessment = build.ready(
        town, town.zeimu, town.tax_chief, name="第2回", now=at(2026, 6, 15), I2=1
    )
    exception = passed_over(town, assessment, until=date(2027, 3, 31))
    decision = build.decision_of(build.a_requested(town, pilot))
    revoke_exception(exception, by=town.mayor, now=at(2026, 11, 5))
    with pytest.raises(Conflict, match="例外の承認は令和8年11月5日"):
        build.decided(decision, town.others["soumu_chief"], now=at(2026, 11, 6))
    monkeypatch.setattr(timezone, "now", lambda: at(2026, 11, 6, 10))
    page = signed_in(town.mayor).get(decision.get_absolute_url()).content.decode()
    assert "準備度 税務課" in page
