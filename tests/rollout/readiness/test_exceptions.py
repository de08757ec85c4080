"""Passing over a 必須条件, and looking at one again: who may, what it changes, who is told."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils.translation import override

from municipality.audit.models import Entry
from municipality.core.refusals import Conflict, Denied
from municipality.core.registry import deadlines
from municipality.deadlines.queries import due_things
from municipality.notifications.models import Notice
from municipality.notifications.wording import worded
from municipality.organisation.models import Member, Post
from rollout.readiness.models import BlockerException, ExceptionRequest, Reexamination
from rollout.readiness.operations.exceptions import (
    ask_for_exception,
    decline_exception,
    grant_exception,
    name_exception_post,
    revoke_exception,
)
from rollout.readiness.operations.reexaminations import (
    ask_to_reexamine,
    confirm_reexamination,
    decline_reexamination,
)
from rollout.readiness.queries import readiness_of
from tests.build import rollout as build
from tests.build.municipality import a_member, at, with_duty

pytestmark = pytest.mark.django_db
NOW, ON = at(2026, 10, 20), date(2026, 10, 20)
TERMS = {"reason": "住民の情報を扱わない業務に限るため。", "valid_until": date(2027, 3, 31)}


@pytest.fixture
def blocked(town):
    """総務課 is confirmed with I2 not met; the deputy mayor answers for information security."""
    with_duty(town.executive, "security", town.root)
    round_ = build.a_round(town.body, town.office)
    town.confirmed = build.confirmed(round_, town.soumu, town.manager, town.office, I2=1)
    town.round = round_
    town.answer = answer_of(town.confirmed)
    return town


def answer_of(assessment, code="I2"):
    answer = assessment.answers.select_related("criterion").get(criterion__code=code)
    answer.assessment = assessment
    return answer


def granted(town, **terms):
    return grant_exception(town.answer, **{**TERMS, **terms}, by=town.executive, now=NOW)


def told(rule):
    return {row.member.name for row in Notice.objects.filter(rule=rule).select_related("member")}


def test_the_security_officer_passes_a_condition_over_in_writing(blocked):
    assert not readiness_of(blocked.soumu, ON)
    exception = granted(blocked, conditions="端末の持出しは認めない。")
    assert (exception.granted_as, exception.granted_by, exception.granted_at) == (
        "副町長(情報セキュリティ責任者)",
        blocked.executive,
        NOW,
    )
    assert readiness_of(blocked.soumu, ON)
    assert told("readiness.exception_granted") == {
        blocked.manager.name,
        blocked.office.name,
        blocked.second_office.name,
    }
    entry = Entry.objects.filter(verb="readiness.exception_granted")
    assert entry.count() == 1


@pytest.mark.parametrize("person", ["manager", "clerk", "office", "consultant", "hr", "auditor"])
def test_nobody_else_passes_over(blocked, person):
    with pytest.raises(Denied):
        grant_exception(blocked.answer, **TERMS, by=getattr(blocked, person), now=NOW)
    assert BlockerException.objects.count() == 0


def test_neither_office_nor_own_manager_passes_over_even_with_the_duty(blocked):
    for person in (blocked.office, blocked.manager):
        with_duty(person, "security", blocked.root)
        with pytest.raises(Denied):
            grant_exception(blocked.answer, **TERMS, by=person, now=NOW)


def test_the_duty_of_a_department_is_not_that_of_the_body(blocked):
    with_duty(blocked.other_manager, "security", blocked.zeimu)
    with pytest.raises(Denied):
        grant_exception(blocked.answer, **TERMS, by=blocked.other_manager, now=NOW)


def test_where_the_body_named_a_post_it_takes_the_place_of_the_duty(blocked):
    post = Post.objects.create(municipality=blocked.body, title="情報政策監", rank=3)
    officer = a_member(blocked.root, post="情報政策監", name="菅野 望")
    name_exception_post(
        blocked.body, department=blocked.root, post=post, edition=0, by=blocked.office, now=NOW
    )
    with pytest.raises(Denied):
        granted(blocked)
    exception = grant_exception(blocked.answer, **TERMS, by=officer, now=NOW)
    assert exception.granted_as == "情報政策監"
    name_exception_post(
        blocked.body, department=None, post=None, edition=1, by=blocked.office, now=NOW
    )
    revoke_exception(exception, by=blocked.executive, now=NOW)


@pytest.mark.parametrize(
    "terms",
    [
        {"reason": "  "},
        {"valid_until": date(2026, 10, 19)},
        {"valid_until": date(2037, 1, 1)},
    ],
    ids=["no reason", "past", "too far"],
)
def test_an_exception_has_a_reason_and_an_end(blocked, terms):
    with pytest.raises(Conflict):
        granted(blocked, **terms)
    assert BlockerException.objects.count() == 0


def test_only_an_open_condition_is_passed_over_and_once(blocked):
    with pytest.raises(Conflict):
        grant_exception(answer_of(blocked.confirmed, "D2"), **TERMS, by=blocked.executive, now=NOW)
    granted(blocked)
    with pytest.raises(Conflict):
        granted(blocked)


def test_taking_it_back_closes_the_gate_again_and_tells(blocked):
    exception = granted(blocked)
    revoke_exception(exception, by=blocked.executive, now=NOW)
    assert not readiness_of(blocked.soumu, ON)
    assert (exception.revoked_by, exception.revoked_at) == (blocked.executive, NOW)
    assert blocked.manager.name in told("readiness.exception_revoked")
    with pytest.raises(Conflict):
        revoke_exception(exception, by=blocked.executive, now=NOW)


def test_an_exception_ends_where_one_for_a_lower_level_takes_its_place(blocked):
    first, later = granted(blocked), date(2026, 10, 26)
    blocked.answer = answer_of(next_round(blocked, 0))
    assert not readiness_of(blocked.soumu, later)
    second = granted(blocked)
    assert readiness_of(blocked.soumu, later)
    first.refresh_from_db()
    assert (first.level, first.revoked_by, second.level) == (1, blocked.executive, 0)
    revoke_exception(second, by=blocked.executive, now=NOW)
    assert not readiness_of(blocked.soumu, later)


def test_an_exception_goes_on_while_the_level_rises_below_what_is_needed(blocked):
    blocked.answer = answer_of(next_round(blocked, 0))
    granted(blocked)
    confirm_reexamination(asked(blocked, level=1), by=blocked.office, now=NOW)
    assert readiness_of(blocked.soumu, date(2026, 10, 26))
    with pytest.raises(Conflict, match="すでに例外が承認されています"):
        granted(blocked)


WHY = "専用の回線は来年度に整う。それまでは住民の情報を扱わない業務に限る。"


def wanted(town, by=None, reason=WHY, answer=None):
    return ask_for_exception(answer or town.answer, reason=reason, by=by or town.manager, now=NOW)


def exceptions_due(town, day=ON):
    return [
        (each.object_id, each.member_id, each.due_on)
        for each in due_things(town.body, day, rule="readiness.exception")
    ]


def test_the_manager_asks_with_a_reason_and_the_security_officer_has_it_to_do(blocked):
    row = wanted(blocked)
    assert (row.reason, row.asked_by, row.due_on) == (WHY, blocked.manager, date(2026, 10, 27))
    assert told("readiness.exception_asked") == {blocked.executive.name}
    [notice] = Notice.objects.filter(rule="readiness.exception_asked")
    assert (notice.params["remark"], notice.object_id) == (WHY, blocked.confirmed.pk)
    assert exceptions_due(blocked) == [(row.pk, blocked.executive.pk, date(2026, 10, 27))]
    with pytest.raises(Denied):
        wanted(blocked, by=blocked.other_manager)


def test_the_condition_is_named_in_the_readers_language(blocked):
    wanted(blocked)
    notice, [due] = (
        Notice.objects.get(rule="readiness.exception_asked"),
        due_things(blocked.body, ON, rule="readiness.exception"),
    )
    kind, words = deadlines()[due.rule], blocked.answer.criterion.english["title"]
    for said in (worded(notice).subject, kind.worded(due.title, due.note)):
        assert blocked.answer.criterion.title in said
    with override("en"):
        for said in (worded(notice).subject, kind.worded(due.title, due.note)):
            assert words in said
            assert blocked.answer.criterion.title not in said


def test_a_request_has_a_reason_and_is_made_once_at_a_time(blocked):
    with pytest.raises(Conflict):
        wanted(blocked, reason="  ")
    wanted(blocked)
    with pytest.raises(Conflict):
        wanted(blocked, by=blocked.office)
    assert ExceptionRequest.objects.count() == 1


def test_it_is_asked_where_somebody_grants_exceptions(blocked):
    blocked.executive.duties.all().delete()
    with pytest.raises(Conflict):
        wanted(blocked)


def test_the_request_follows_the_post_that_the_body_names(blocked):
    row = wanted(blocked)
    post = Post.objects.create(municipality=blocked.body, title="情報政策監", rank=3)
    officer = a_member(blocked.root, post="情報政策監", name="菅野 望")
    name_exception_post(
        blocked.body, department=blocked.root, post=post, edition=0, by=blocked.office, now=NOW
    )
    assert exceptions_due(blocked) == [(row.pk, officer.pk, row.due_on)]
    officer.postings.update(ends_on=date(2026, 10, 21))
    assert exceptions_due(blocked, date(2026, 10, 22)) == [(row.pk, 0, row.due_on)]


def test_granting_answers_the_request(blocked):
    row = wanted(blocked)
    granted(blocked)
    row.refresh_from_db()
    assert (row.state, row.settled_by) == (ExceptionRequest.State.GRANTED, blocked.executive)
    assert exceptions_due(blocked) == []


def test_declining_says_why_to_whoever_asked_and_to_the_department(blocked):
    row = wanted(blocked, by=blocked.office)
    with pytest.raises(Conflict):
        decline_exception(row, remark=" ", by=blocked.executive, now=NOW)
    for person in (blocked.office, blocked.manager, blocked.consultant):
        with pytest.raises(Denied):
            decline_exception(row, remark="足りない。", by=person, now=NOW)
    decline_exception(row, remark="代わりの対策が足りない。", by=blocked.executive, now=NOW)
    assert told("readiness.exception_declined") == {
        blocked.manager.name,
        blocked.office.name,
        blocked.second_office.name,
    }
    assert exceptions_due(blocked) == []
    assert not readiness_of(blocked.soumu, ON)
    with pytest.raises(Conflict):
        decline_exception(row, remark="また。", by=blocked.executive, now=NOW)
    assert wanted(blocked).pk != row.pk


def test_a_request_is_dropped_once_the_condition_is_met(blocked):
    row = wanted(blocked)
    confirm_reexamination(asked(blocked), by=blocked.office, now=NOW)
    row.refresh_from_db()
    assert (row.state, row.settled_by) == (ExceptionRequest.State.DROPPED, blocked.office)
    assert exceptions_due(blocked) == []


def test_a_dropped_request_stands_in_the_log_and_whoever_asked_is_told(blocked):
    wanted(blocked)
    confirm_reexamination(asked(blocked), by=blocked.office, now=NOW)
    assert told("readiness.exception_dropped") == {blocked.manager.name}
    entry = Entry.objects.get(verb="readiness.exception_dropped")
    assert (entry.content.body["criterion"], entry.content.body["reason"]) == ("I2", WHY)


def next_round(town, level):
    build.closed(town.round, town.office)
    second = build.a_round(town.body, town.office, "第2回", now=NOW)
    return build.confirmed(second, town.soumu, town.manager, town.office, now=NOW, I2=level)


def test_a_request_goes_on_in_the_next_round_while_the_condition_is_not_met(blocked):
    row = wanted(blocked)
    newer = answer_of(next_round(blocked, 1))
    row.refresh_from_db()
    assert (row.state, row.answer) == (ExceptionRequest.State.ASKED, newer)
    assert exceptions_due(blocked) == [(row.pk, blocked.executive.pk, row.due_on)]
    assert Entry.objects.filter(verb="readiness.exception_carried_over").count() == 1
    assert told("readiness.exception_dropped") == set()
    grant_exception(newer, **TERMS, by=blocked.executive, now=NOW)
    row.refresh_from_db()
    assert row.state == ExceptionRequest.State.GRANTED


@pytest.mark.parametrize("level", [1, 3], ids=["not met", "met"])
def test_of_an_older_round_nothing_is_passed_over_nor_asked_for(blocked, level):
    """An exception for a condition that is met today would pass over what comes later."""
    newer = next_round(blocked, level)
    for act in (granted, wanted):
        with pytest.raises(Conflict, match="この後の回で確定した評価があります") as refused:
            act(blocked)
        assert refused.value.address == newer.conditions_address
    assert not BlockerException.objects.exists()
    assert not ExceptionRequest.objects.exists()


def test_a_request_of_an_older_round_is_dropped_when_the_next_one_meets_the_condition(blocked):
    row = wanted(blocked)
    next_round(blocked, 3)
    row.refresh_from_db()
    assert row.state == ExceptionRequest.State.DROPPED
    assert told("readiness.exception_dropped") == {blocked.manager.name}


def test_looking_again_at_an_older_round_drops_nothing_of_a_newer_one(blocked):
    again = asked(blocked)
    row = wanted(blocked, answer=answer_of(next_round(blocked, 1)))
    confirm_reexamination(again, by=blocked.office, now=NOW)
    row.refresh_from_db()
    assert row.state == ExceptionRequest.State.ASKED


def test_each_of_two_who_grant_exceptions_has_the_request_to_do(blocked):
    second = a_member(blocked.root, "executive", name="菅野 望", post="課長")
    with_duty(second, "security", blocked.root)
    row = wanted(blocked)
    assert told("readiness.exception_asked") == {blocked.executive.name, second.name}
    pairs = [(row.pk, member.pk, row.due_on) for member in (blocked.executive, second)]
    assert sorted(exceptions_due(blocked)) == sorted(pairs)
    second.is_active = False
    second.save()
    assert exceptions_due(blocked) == pairs[:1]


def asked(town, level=3, **details):
    details = {"comment": "10月19日に情報部門の確認が済んだ。", "by": town.clerk, **details}
    return ask_to_reexamine(town.answer, level=level, now=NOW, **details)


def test_a_condition_is_looked_at_again_in_a_closed_round_and_the_score_follows(blocked):
    build.closed(blocked.round, blocked.office)
    row = asked(blocked)
    before = blocked.confirmed.result.total.points
    assert told("readiness.reexamination_asked") == {
        blocked.office.name,
        blocked.second_office.name,
    }
    confirm_reexamination(row, by=blocked.consultant, now=at(2026, 10, 21))
    answer = answer_of(build.an_assessment(blocked.round, blocked.soumu))
    assert (answer.own_level, answer.reviewed_level, answer.reviewed_by) == (
        1,
        3,
        blocked.consultant,
    )
    assert (row.level_before, row.level, row.state) == (1, 3, Reexamination.State.CONFIRMED)
    kept = build.an_assessment(blocked.round, blocked.soumu).result.total
    assert (kept.points - before, kept.blockers) == (2 * answer.criterion.weight, [])
    assert readiness_of(blocked.soumu, ON)
    assert blocked.clerk.name in told("readiness.reexamination_confirmed")


def test_declining_says_why_and_changes_nothing(blocked):
    row = asked(blocked)
    with pytest.raises(Conflict):
        decline_reexamination(row, remark=" ", by=blocked.office, now=NOW)
    decline_reexamination(row, remark="手順書を確認できない。", by=blocked.office, now=NOW)
    assert not readiness_of(blocked.soumu, ON)
    assert blocked.manager.name in told("readiness.reexamination_declined")
    assert asked(blocked).state == Reexamination.State.ASKED


def test_nobody_looks_again_at_what_they_asked(blocked):
    with_duty(blocked.office, "clerk", blocked.soumu)
    blocked.office = Member.objects.get(pk=blocked.office.pk)
    row = asked(blocked, by=blocked.office)
    with pytest.raises(Denied):
        confirm_reexamination(row, by=blocked.office, now=NOW)
    confirm_reexamination(row, by=blocked.second_office, now=NOW)


def test_it_is_asked_once_at_a_time_with_what_changed_and_another_level(blocked):
    with pytest.raises(Conflict):
        asked(blocked, comment=" ")
    with pytest.raises(Conflict):
        asked(blocked, level=1)
    asked(blocked)
    with pytest.raises(Conflict):
        asked(blocked, level=2)


def test_only_what_stands_is_looked_at_again(blocked):
    with pytest.raises(Conflict):
        ask_to_reexamine(
            answer_of(blocked.confirmed, "D1"),
            level=4,
            comment="変わった",
            by=blocked.manager,
            now=NOW,
        )
    build.closed(blocked.round, blocked.office)
    second = build.a_round(blocked.body, blocked.office, "第2回", now=NOW)
    newer = build.confirmed(second, blocked.soumu, blocked.manager, blocked.office, now=NOW)
    with pytest.raises(Conflict) as refused:
        asked(blocked)
    assert refused.value.address == newer.conditions_address


def test_what_was_asked_is_due_from_the_office(blocked):
    row = asked(blocked)
    due = [
        (each.object_id, each.role, each.due_on)
        for each in due_things(blocked.body, ON, rule="readiness.reexamine")
    ]
    assert due == [(row.pk, "office", row.due_on)]
    confirm_reexamination(row, by=blocked.office, now=NOW)
    assert not list(due_things(blocked.body, ON, rule="readiness.reexamine"))
