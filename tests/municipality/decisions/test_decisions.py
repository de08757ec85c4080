"""決裁: who may, in which order, and what becomes of it."""

from __future__ import annotations

import pytest

from municipality.core.refusals import Conflict, Denied
from municipality.decisions.models import Absence, Decision, Revision, RouteStep, Step
from municipality.decisions.operations.decisions import (
    approve,
    reject,
    review_afterwards,
    submit_decision,
    withdraw,
)
from municipality.decisions.operations.send_back import return_decision
from municipality.notifications.models import Notice
from municipality.organisation.models import Post, Posting
from tests.build import decisions as build
from tests.build.municipality import a_body, a_department, a_member, at, root_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("invented_matter")]
LATER = at(2026, 11, 5, 10, 42)


@pytest.fixture
def town():
    """総務課 with a drafter and a 課長, a 副町長 and a 町長 above; 税務課 agrees."""

    class Town:
        body = a_body()
        root = root_of(body)
        soumu = a_department(body, "総務課")
        zeimu = a_department(body, "税務課")
        drafter = a_member(soumu, name="西村 航")
        chief = a_member(soumu, "manager", name="髙瀬 由紀", post="課長")
        tax = a_member(zeimu, "manager", name="木戸 明里", post="課長")
        deputy_mayor = a_member(root, "executive", name="榊原 誠一", post="副町長")
        mayor = a_member(root, "executive", name="雨宮 登", post="町長")
        route = build.a_route(
            soumu,
            (1, "approve", "課長", None),
            (2, "agree", "課長", zeimu),
            (2, "agree", "副町長", root),
            (3, "decide", "町長", root),
        )

    return Town


def states(decision):
    return list(
        decision.steps.filter(revision=decision.revision, past=False)
        .order_by("order", "pk")
        .values_list("state", flat=True)
    )


def agree_all(town, decision):
    for step in (
        decision.steps.filter(revision=decision.revision, order=2)
        .select_related("decision", "post", "department")
        .order_by("pk")
    ):
        approve(
            step,
            by=town.tax if step.department_id == town.zeimu.pk else town.deputy_mayor,
            now=LATER,
        )


def test_it_goes_from_post_to_post_and_is_decided_by_the_last(town):
    decision = build.a_running(town.drafter, town.soumu)
    assert states(decision) == ["current", "waiting", "waiting", "waiting"]
    approve(build.step_of(decision, 1), by=town.chief, now=LATER)
    assert states(decision) == ["approved", "current", "current", "waiting"]
    agree_all(town, decision)
    approve(build.step_of(decision, 3), by=town.mayor, now=LATER)
    decision.refresh_from_db()
    assert decision.state == Decision.State.DECIDED
    assert build.calls == [("decided", decision.pk)]


def test_all_who_agree_side_by_side_must_agree_before_it_goes_up(town):
    decision = build.a_running(town.drafter, town.soumu)
    approve(build.step_of(decision, 1), by=town.chief, now=LATER)
    first = (
        decision.steps.select_related("decision", "post", "department")
        .filter(order=2)
        .order_by("pk")
        .first()
    )
    approve(first, by=town.tax, now=LATER, comment="確定申告期は週1日に抑える。", conditional=True)
    assert states(decision) == ["approved", "approved", "current", "waiting"]
    assert Step.objects.get(pk=first.pk).opinion == "conditional"


@pytest.mark.parametrize("who", ["drafter", "tax", "deputy_mayor", "mayor"])
def test_only_the_holder_of_the_post_may_act(town, who):
    decision = build.a_running(town.drafter, town.soumu)
    with pytest.raises(Denied):
        approve(build.step_of(decision, 1), by=getattr(town, who), now=LATER)
    assert states(decision)[0] == "current"


def test_nobody_decides_on_their_own_draft(town):
    decision = build.a_running(town.chief, town.soumu)
    assert states(decision) == ["skipped", "current", "current", "waiting"]


def test_a_second_press_is_told_who_was_first_and_when(town):
    decision = build.a_running(town.drafter, town.soumu)
    stale = build.step_of(decision, 1)
    approve(build.step_of(decision, 1), by=town.chief, now=LATER)
    with pytest.raises(Conflict) as told:
        approve(stale, by=town.chief, now=LATER)
    assert "課長の髙瀬 由紀さんが11月5日(木) 10:42に操作しました(承認)" in str(told.value.reason)
    assert Notice.objects.filter(rule="decision.yours", member=town.tax).count() == 1


def test_returning_demands_a_reason_and_opens_the_next_revision(town):
    decision = build.a_running(town.drafter, town.soumu)
    with pytest.raises(Conflict):
        return_decision(build.step_of(decision, 1), by=town.chief, now=LATER, comment="  ")
    return_decision(
        build.step_of(decision, 1),
        by=town.chief,
        now=LATER,
        comment="上限を週2日に改めてください。",
    )
    decision.refresh_from_db()
    assert (decision.state, states(decision)) == (
        "returned",
        ["returned", "ended", "ended", "ended"],
    )
    submit_decision(decision, by=town.drafter, now=LATER)
    assert [revision.number for revision in Revision.objects.filter(decision=decision)] == [1, 2]
    assert states(decision) == ["current", "waiting", "waiting", "waiting"]
    assert build.calls == [("returned", decision.pk)]


def test_returning_to_a_step_asks_that_step_again(town):
    decision = build.a_running(town.drafter, town.soumu)
    approve(build.step_of(decision, 1), by=town.chief, now=LATER)
    step = (
        decision.steps.select_related("decision", "post", "department")
        .filter(order=2)
        .order_by("pk")
        .first()
    )
    return_decision(
        step,
        by=town.tax,
        now=LATER,
        comment="対象者を確かめてください。",
        to=build.step_of(decision, 1),
    )
    assert states(decision) == ["current", "waiting", "waiting", "waiting"]
    assert build.step_of(decision, 1).acted_by is None
    assert Notice.objects.filter(rule="decision.yours", member=town.chief).count() == 2


def test_rejection_ends_it_and_nothing_can_be_done_afterwards(town):
    decision = build.a_running(town.drafter, town.soumu)
    reject(build.step_of(decision, 1), by=town.chief, now=LATER, comment="時期を改める。")
    decision.refresh_from_db()
    assert (decision.state, build.calls) == ("rejected", [("ended", decision.pk)])
    with pytest.raises(Conflict):
        withdraw(decision, by=town.drafter, now=LATER)


def test_the_drafter_alone_withdraws(town):
    decision = build.a_running(town.drafter, town.soumu)
    with pytest.raises(Denied):
        withdraw(decision, by=town.chief, now=LATER)
    withdraw(decision, by=town.drafter, now=LATER)
    assert states(decision) == ["ended"] * 4


def run_to_the_mayor(town):
    decision = build.a_running(town.drafter, town.soumu)
    approve(build.step_of(decision, 1), by=town.chief, now=LATER)
    agree_all(town, decision)
    return decision


def test_a_deputy_decides_only_while_the_decider_is_away_and_leaves_something_to_read(town):
    decision = run_to_the_mayor(town)
    build.a_deputy(town.deputy_mayor, town.root, "町長")
    step = build.step_of(decision, 3)
    with pytest.raises(Denied):
        approve(step, by=town.deputy_mayor, now=LATER)
    day = town.deputy_mayor.authority.day
    Absence.objects.create(
        municipality=town.body, member=town.mayor, reason="出張", starts_on=day, ends_on=day
    )
    approve(step, by=town.deputy_mayor, now=LATER)
    step.refresh_from_db()
    assert (step.capacity, step.acted_post, step.reviewed_at) == ("deputy", "副町長", None)
    review_afterwards(step, by=town.mayor, now=LATER)
    assert Step.objects.get(pk=step.pk).reviewed_by == town.mayor


def test_a_deputy_does_not_act_at_a_step_on_the_way(town):
    decision = build.a_running(town.drafter, town.soumu)
    build.a_deputy(town.tax, town.soumu, "課長")
    day = town.chief.authority.day
    Absence.objects.create(
        municipality=town.body, member=town.chief, reason="休暇", starts_on=day, ends_on=day
    )
    with pytest.raises(Denied):
        approve(build.step_of(decision, 1), by=town.tax, now=LATER)


def test_a_successor_acts_and_a_predecessor_does_not(town):
    decision = build.a_running(town.drafter, town.soumu)
    Posting.objects.filter(member=town.chief).update(ends_on=at(2026, 11, 4).date())
    successor = a_member(
        town.soumu, "manager", name="大石 健", post="課長", starts_on=at(2026, 11, 5).date()
    )
    town.chief.__dict__.pop("authority", None)
    with pytest.raises(Denied):
        approve(build.step_of(decision, 1), by=town.chief, now=LATER)
    approve(build.step_of(decision, 1), by=successor, now=LATER)
    assert states(decision)[0] == "approved"


def test_the_office_is_told_of_a_vacant_post(town):
    office = a_member(town.soumu, "office")
    Posting.objects.filter(member=town.chief).update(ends_on=at(2026, 11, 3).date())
    build.a_running(town.drafter, town.soumu)
    assert Notice.objects.filter(member=office, rule="decision.vacant").count() == 1


def test_one_person_in_consecutive_steps_acts_once(town):
    town.route.steps.all().delete()
    for order, kind in ((1, "approve"), (2, "decide")):
        post = Post.objects.get(municipality=town.body, title="課長")
        RouteStep.objects.create(
            municipality=town.body,
            template=town.route,
            order=order,
            kind=kind,
            post=post,
            department=town.soumu,
        )
    decision = build.a_running(town.drafter, town.soumu)
    approve(build.step_of(decision, 1), by=town.chief, now=LATER)
    decision.refresh_from_db()
    assert (decision.state, states(decision)) == ("decided", ["approved", "approved"])


def test_what_is_asked_is_frozen_with_its_hash(town, monkeypatch):
    decision = build.a_running(town.drafter, town.soumu)
    revision = decision.revisions.get()
    monkeypatch.setitem(build.content, "lead", "別の内容")
    revision.refresh_from_db()
    assert revision.content["lead"] == "次のとおり実施してよろしいか伺います。"
    assert len(revision.hash) == 64


def test_a_subject_has_one_open_decision(town):
    build.a_running(town.drafter, town.soumu)
    with pytest.raises(Conflict):
        build.a_draft(town.drafter, town.soumu)
