"""Starting, evaluating, finishing: what stands in the way is said, with the place that mends it."""

from __future__ import annotations

from datetime import date

import pytest

from municipality.core.refusals import Conflict, Denied
from pilots.lifecycle.operations.decisions import request_pilot_decision
from pilots.lifecycle.operations.steps import begin_evaluation, finish_pilot, start_pilot
from pilots.participants.operations.participation import add_participants
from pilots.planning.models import Pilot
from tests.build import pilots as build
from tests.build.municipality import a_member, at, signed_in

pytestmark = pytest.mark.django_db
FIRST = at(2026, 8, 3)


def refused_start(pilot, by, now=FIRST):
    with pytest.raises(Conflict) as refused:
        start_pilot(pilot, by=by, now=now)
    pilot.refresh_from_db()
    assert pilot.started_at is None
    return str(refused.value.reason), refused.value.address


def test_it_does_not_start_before_it_is_approved():
    town = build.a_town()
    pilot = build.with_participants(build.a_planned(town), town.staff, by=town.chief)
    build.completed(town.course, town.staff)
    assert "計画中" in refused_start(pilot, town.chief)[0]
    request_pilot_decision(pilot, by=town.chief, now=at(2026, 7, 23))
    pilot.refresh_from_db()
    assert "決裁中" in refused_start(pilot, town.chief)[0]


def test_it_does_not_start_before_its_first_day():
    town = build.a_town()
    pilot = build.an_approved(town)
    build.completed(town.course, town.staff)
    reason, _address = refused_start(pilot, town.chief, now=at(2026, 8, 2, 23, 59))
    assert "令和8年8月3日(月)" in reason


def test_it_does_not_start_without_participants():
    town = build.a_town()
    pilot = build.a_planned(town)
    build.decided(
        request_pilot_decision(pilot, by=town.chief, now=at(2026, 7, 23)),
        town.mayor,
        now=at(2026, 7, 27),
    )
    pilot.refresh_from_db()
    reason, address = refused_start(pilot, town.chief)
    assert (reason, address) == (
        "参加者がまだいません。対象部署の職員を参加者に加えてください。",
        f"/993018/pilots/{pilot.pk}/participants/",
    )


def test_it_does_not_start_while_somebody_has_not_answered():
    town = build.a_town()
    pilot = build.an_approved(town)
    build.completed(town.course, town.staff)
    add_participants(
        pilot, members=[a_member(town.kikaku, name="大野 波")], by=town.chief, now=FIRST
    )
    assert refused_start(pilot, town.chief)[0] == (
        "大野 波がまだ同意していません。本人の同意を得るか、参加者から外してください。"
    )


def test_it_does_not_start_while_a_required_course_is_missing_and_says_whose_and_which():
    town = build.a_town()
    pilot = build.an_approved(town)
    second = build.a_required_course(town.body, "T02", "情報セキュリティ")
    build.completed(town.course, town.staff[:2])
    build.completed(second, town.staff)
    reason, address = refused_start(pilot, town.chief)
    assert reason == "上野 陸(テレワークの基礎)が必須研修を修了していません。"
    assert address == town.course.get_absolute_url()


def test_a_course_that_has_expired_counts_as_missing():
    town = build.a_town()
    pilot = build.an_approved(town)
    build.completed(town.course, town.staff)
    town.course.completions.filter(member=town.staff[1]).update(expires_on=date(2026, 8, 2))
    assert "伊東 空" in refused_start(pilot, town.chief)[0]


def test_with_everything_in_place_it_starts_once():
    town = build.a_town()
    pilot = build.a_running(town)
    assert (pilot.state, pilot.started_at, pilot.report_due_on) == (
        "running",
        FIRST,
        date(2026, 11, 16),
    )
    with pytest.raises(Conflict):
        start_pilot(Pilot.objects.get(pk=pilot.pk), by=town.chief, now=FIRST)


def test_only_those_who_run_it_start_it():
    town = build.a_town()
    pilot = build.an_approved(town)
    build.completed(town.course, town.staff)
    with pytest.raises(Denied):
        start_pilot(pilot, by=town.tax_chief, now=FIRST)


def test_evaluation_begins_on_the_last_day_and_not_before():
    town = build.a_town()
    pilot = build.a_running(town)
    with pytest.raises(Conflict):
        begin_evaluation(pilot, by=town.chief, now=at(2026, 10, 29))
    assert begin_evaluation(pilot, by=town.chief, now=at(2026, 10, 30)).state == "evaluating"


def test_an_outcome_fits_the_state():
    town = build.a_town()
    pilot = build.a_running(town)
    finish = {"note": "端末の入替えを待つため。", "by": town.chief, "now": at(2026, 9, 1)}
    for outcome in ("continue", "expand"):
        with pytest.raises(Conflict):
            finish_pilot(pilot, outcome=outcome, **finish)
    with pytest.raises(Conflict):
        finish_pilot(pilot, outcome="stop", **{**finish, "note": " "})
    finish_pilot(pilot, outcome="stop", **finish)
    assert (pilot.state, pilot.outcome, pilot.finished_at) == ("finished", "stop", at(2026, 9, 1))


def test_after_evaluation_it_goes_on_and_expands_only_with_an_approved_expansion():
    town = build.a_town()
    pilot = build.an_evaluated(town)
    with pytest.raises(Conflict):
        finish_pilot(pilot, outcome="expand", note="次へ", by=town.chief, now=at(2026, 11, 3))
    finish_pilot(
        pilot, outcome="continue", note="基準を満たしたため。", by=town.chief, now=at(2026, 11, 3)
    )
    assert pilot.outcome == "continue"


def test_it_is_not_finished_while_its_expansion_is_being_decided():
    town = build.a_town()
    expansion = build.a_requested(town)
    with pytest.raises(Conflict):
        finish_pilot(
            expansion.pilot, outcome="stop", note="やめる", by=town.chief, now=at(2026, 11, 5)
        )


def test_the_form_that_ends_it_does_not_open_while_no_outcome_can_be_given():
    town = build.a_town()
    expansion = build.a_requested(town)
    client, address = signed_in(town.chief), f"{expansion.pilot.get_absolute_url()}finish/"
    refused = client.get(address)
    assert refused.status_code == 409
    assert "展開申請の決裁が終わるまで、試行を終えられません。" in refused.content.decode()
