"""決裁 when somebody is not there: 引上げ, 代決, 後閲, vacant posts and those who come into a post;
and the choice of a route.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from municipality.audit.models import Entry
from municipality.clock.models import JobRun
from municipality.core.refusals import Conflict, Denied
from municipality.core.registry import Subject, subjects
from municipality.deadlines.queries import due_things
from municipality.decisions.models import Absence, Decision, RouteTemplate, Step
from municipality.decisions.operations.decisions import (
    approve,
    reject,
    review_afterwards,
    submit_decision,
    take_back,
)
from municipality.decisions.operations.send_back import return_decision
from municipality.decisions.operations.stalled_steps import watch_turns
from municipality.decisions.rules import may_raise
from municipality.notifications.models import Mail, Notice
from municipality.organisation.models import Posting, authority_on
from municipality.reminders.operations.planning import plan_reminders
from tests.build import decisions as build
from tests.build.faults import refuse_rows
from tests.build.municipality import a_body, a_department, a_member, also_posted, at, root_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("invented_matter")]
DAY = date(2026, 11, 4)
LATER = at(2026, 11, 4, 14)


@pytest.fixture
def town():
    """庶務係 in 総務課; its 係長, the 課長, then the 副町長 decides."""

    class Town:
        body = a_body()
        root = root_of(body)
        soumu = a_department(body, "総務課")
        unit = a_department(body, "庶務係", parent=soumu, kind="unit")
        drafter = a_member(unit, name="西村 航")
        head = a_member(unit, name="大石 健", post="係長")
        chief = a_member(soumu, "manager", name="髙瀬 由紀", post="課長")
        vice = a_member(root, "executive", name="榊原 誠一", post="副町長")
        mayor = a_member(root, "executive", name="雨宮 登", post="町長")
        office = a_member(root, "office", name="事務局")
        route = build.a_route(
            soumu,
            (1, "approve", "係長", None),
            (2, "approve", "課長", None),
            (3, "decide", "副町長", root),
        )

    return Town


def on(member, day=DAY):
    """The member as of a day."""
    member.authority = authority_on(member, day)
    return member


def away(member, first=DAY, last=None):
    Absence.objects.create(
        municipality_id=member.municipality_id,
        member=member,
        reason="出張",
        starts_on=first,
        ends_on=last or first,
    )


def states(decision):
    rows = decision.steps.filter(revision=decision.revision, past=False)
    return list(rows.order_by("order", "pk").values_list("state", flat=True))


def told(member, rule):
    return Notice.objects.filter(member=member, rule=rule).count()


def test_a_higher_post_approves_in_place_of_one_who_is_away_and_leaves_something_to_read(town):
    away(town.head)
    decision = build.a_running(town.drafter, town.unit)
    assert (told(town.head, "decision.yours"), told(town.chief, "decision.in_place")) == (1, 1)
    approve(build.step_of(decision, 1), by=on(town.chief), now=LATER)
    first, second = decision.steps.order_by("order")[:2]
    assert (first.capacity, first.lack, first.acted_post) == ("raised", "away", "課長")
    assert (second.state, second.capacity) == ("approved", "own"), "one act fills both"
    assert states(decision) == ["approved", "approved", "current"]
    assert [
        (due.rule, due.member_id) for due in due_things(town.body, DAY, rule="decision.review")
    ] == [("decision.review", town.head.pk)]
    review_afterwards(build.step_of(decision, 1), by=on(town.head), now=LATER)
    assert due_things(town.body, DAY, rule="decision.review") == []
    with pytest.raises(Conflict):
        review_afterwards(build.step_of(decision, 1), by=on(town.head), now=LATER)


def test_nobody_raises_while_the_lower_post_is_there(town):
    decision = build.a_running(town.drafter, town.unit)
    with pytest.raises(Denied) as refused:
        approve(build.step_of(decision, 1), by=on(town.chief), now=LATER)
    assert "係長の職にある人だけ" in str(refused.value.no.reason)
    assert "係長の職にある人がいるため" in str(
        may_raise(on(town.chief), build.step_of(decision, 1)).reason
    )


def test_only_the_nearest_higher_post_with_anybody_there_raises(town):
    away(town.head)
    decision = build.a_running(town.drafter, town.unit)
    with pytest.raises(Denied):
        approve(build.step_of(decision, 1), by=on(town.vice), now=LATER)
    away(town.chief)
    approve(build.step_of(decision, 1), by=on(town.vice), now=LATER)
    assert build.step_of(decision, 1).acted_post == "副町長"


def test_a_higher_post_outside_the_route_or_beside_the_department_does_not_raise(town):
    away(town.head)
    decision = build.a_running(town.drafter, town.unit)
    with pytest.raises(Denied):
        approve(build.step_of(decision, 1), by=on(town.mayor), now=LATER)
    other = a_department(town.body, "税務課")
    stranger = a_member(other, "manager", post="課長")
    with pytest.raises(Denied):
        approve(build.step_of(decision, 1), by=on(stranger), now=LATER)


def test_the_deciders_step_is_never_raised(town):
    decision = build.a_running(town.drafter, town.unit)
    approve(build.step_of(decision, 1), by=on(town.head), now=LATER)
    approve(build.step_of(decision, 2), by=on(town.chief), now=LATER)
    away(town.vice)
    with pytest.raises(Denied):
        approve(build.step_of(decision, 3), by=on(town.mayor), now=LATER)
    assert "引上げできません" in str(may_raise(on(town.mayor), build.step_of(decision, 3)).reason)


@pytest.mark.parametrize("way", ["post", "second post", "raising", "deputy"])
def test_nobody_decides_on_their_own_draft_in_whatever_way(town, way):
    drafter = {
        "post": town.chief,
        "raising": town.chief,
        "deputy": town.drafter,
        "second post": town.drafter,
    }[way]
    decision = build.a_running(drafter, town.unit)
    order = {"post": 2, "raising": 1, "deputy": 3, "second post": 1}[way]
    if way == "raising":
        away(town.head)
    if way == "second post":
        also_posted(town.drafter, town.unit, post="係長")
    if way == "deputy":
        build.a_deputy(town.drafter, town.root, "副町長")
        away(town.vice)
    with pytest.raises(Denied):
        approve(build.step_of(decision, order), by=on(drafter), now=LATER)
    assert not decision.steps.filter(acted_by=drafter).exists()


def test_the_drafter_who_would_decide_alone_is_told_to_take_another_route(town):
    with pytest.raises(Conflict) as refused:
        build.a_running(town.vice, town.root)
    assert "決裁者は、起案者自身です" in str(refused.value.reason)
    assert "上位の職位が決裁する決裁経路を事務局が登録すると" in str(refused.value.reason)
    assert not Decision.objects.exists()


def test_a_deputy_of_a_deputy_does_not_exist(town):
    build.a_deputy(town.chief, town.root, "副町長")
    build.a_deputy(town.head, town.soumu, "課長")
    decision = build.a_running(town.drafter, town.unit)
    approve(build.step_of(decision, 1), by=on(town.head), now=LATER)
    approve(build.step_of(decision, 2), by=on(town.chief), now=LATER)
    away(town.vice)
    away(town.chief)
    for person in (town.head, town.chief):
        with pytest.raises(Denied):
            approve(build.step_of(decision, 3), by=on(person), now=LATER)


def test_a_deputy_has_a_matter_and_a_period(town):
    named = build.a_deputy(town.chief, town.root, "副町長")
    decision = build.a_running(town.drafter, town.unit)
    approve(build.step_of(decision, 1), by=on(town.head), now=LATER)
    approve(build.step_of(decision, 2), by=on(town.chief), now=LATER)
    away(town.vice)
    for facts in ({"matter": "another"}, {"matter": "", "ends_on": DAY - timedelta(days=1)}):
        type(named).objects.filter(pk=named.pk).update(**facts)
        with pytest.raises(Denied):
            approve(build.step_of(decision, 3), by=on(town.chief), now=LATER)
    type(named).objects.filter(pk=named.pk).update(ends_on=DAY)
    approve(build.step_of(decision, 3), by=on(town.chief), now=LATER)
    assert Decision.objects.get().state == "decided"


def test_one_who_stands_in_sees_what_came_to_the_decider_until_the_decider_is_back(town):
    deputies = [
        a_member(a_department(town.body, "財政課"), name=name) for name in ("真鍋 悠", "早川 澪")
    ]
    for deputy in deputies:
        build.a_deputy(deputy, town.root, "副町長")
    decision = build.a_running(town.drafter, town.unit)

    def seeing(day=DAY):
        return [Decision.objects.visible_to(on(deputy, day)).exists() for deputy in deputies]

    away(town.vice)
    assert seeing() == [False, False], "it has not come to the decider yet"
    approve(build.step_of(decision, 1), by=on(town.head), now=LATER)
    approve(build.step_of(decision, 2), by=on(town.chief), now=LATER)
    assert (seeing(), seeing(DAY + timedelta(days=1))) == ([True, True], [False, False])
    approve(build.step_of(decision, 3), by=on(deputies[0]), now=LATER)
    assert seeing() == [True, True], (
        "the other one is told that it was decided, not that there is no such page"
    )
    assert seeing(DAY + timedelta(days=1)) == [True, False], "what one did oneself stays in sight"
    with pytest.raises(Conflict):
        approve(build.step_of(decision, 3), by=on(deputies[1]), now=LATER)


def test_a_disagreement_at_an_agreement_sends_it_back_and_says_so(town):
    town.route.steps.filter(order=2).update(kind="agree")
    decision = build.a_running(town.drafter, town.unit)
    approve(build.step_of(decision, 1), by=on(town.head), now=LATER)
    with pytest.raises(Conflict):
        reject(build.step_of(decision, 2), by=on(town.chief), now=LATER, comment="時期が早い。")
    return_decision(
        build.step_of(decision, 2), by=on(town.chief), now=LATER, comment="時期が早い。"
    )
    decision.refresh_from_db()
    assert (decision.state, decision.steps.get(order=2).opinion) == ("returned", "disagree")


def test_returning_to_a_step_keeps_what_was_said_before(town):
    decision = build.a_running(town.drafter, town.unit)
    approve(build.step_of(decision, 1), by=on(town.head), now=LATER, comment="よい。")
    return_decision(
        build.step_of(decision, 2),
        by=on(town.chief),
        now=LATER,
        comment="確かめて。",
        to=build.step_of(decision, 1),
    )
    assert states(decision) == ["current", "waiting", "waiting"]
    assert sorted(decision.steps.filter(past=True).values_list("state", "comment")) == [
        ("approved", "よい。"),
        ("returned", "確かめて。"),
    ]
    approve(build.step_of(decision, 1), by=on(town.head), now=LATER)
    assert told(town.chief, "decision.yours") == 2


def test_one_who_holds_an_earlier_step_too_and_returns_to_it_is_asked_there(town):
    also_posted(town.vice, town.unit, post="係長")
    Posting.objects.filter(member=town.head).update(ends_on=DAY - timedelta(days=1))
    decision = build.a_running(town.drafter, town.unit)
    approve(build.step_of(decision, 1), by=on(town.vice), now=LATER)
    approve(build.step_of(decision, 2), by=on(town.chief), now=LATER)
    first = build.step_of(decision, 1)
    return_decision(
        build.step_of(decision, 3), by=on(town.vice), now=LATER, comment="もう一度", to=first
    )
    assert states(decision) == ["current", "waiting", "waiting"]


def test_the_drafter_takes_it_back_until_somebody_has_acted(town):
    decision = build.a_running(town.drafter, town.unit)
    with pytest.raises(Denied):
        take_back(decision, by=on(town.chief), now=LATER)
    take_back(decision, by=on(town.drafter), now=LATER)
    assert (decision.state, states(decision), build.calls) == (
        "draft",
        ["ended"] * 3,
        [("returned", decision.pk)],
    )
    submit_decision(decision, by=on(town.drafter), now=LATER)
    approve(build.step_of(decision, 1), by=on(town.head), now=LATER)
    with pytest.raises(Conflict):
        take_back(decision, by=on(town.drafter), now=LATER)


def test_a_vacant_post_is_the_offices_to_mend_until_somebody_holds_it(town):
    decision = build.a_running(town.drafter, town.unit)
    tomorrow = DAY + timedelta(days=1)
    Posting.objects.filter(member__in=[town.head, town.chief, town.vice]).update(ends_on=DAY)
    assert watch_turns(town.body, at(2026, 11, 5, 10)) == 1
    assert told(town.office, "decision.vacant") == 1
    assert [due.title for due in due_things(town.body, tomorrow, rule="decision.vacancy")] == [
        decision.title
    ]
    a_member(town.unit, post="係長", starts_on=tomorrow)
    assert due_things(town.body, tomorrow, rule="decision.vacancy") == []


def test_the_successor_is_told_once_sees_it_and_acts(town):
    decision = build.a_running(town.drafter, town.unit)
    Posting.objects.filter(member=town.head).update(ends_on=DAY)
    successor = a_member(
        town.unit, name="新任 係長", post="係長", starts_on=DAY + timedelta(days=1)
    )
    tomorrow = at(2026, 11, 5, 10)
    assert [watch_turns(town.body, tomorrow) for _again in range(3)] == [1, 0, 0]
    assert told(successor, "decision.yours") == 1
    assert list(Decision.objects.visible_to(on(successor, tomorrow.date()))) == [decision]
    with pytest.raises(Denied):
        approve(build.step_of(decision, 1), by=on(town.head, tomorrow.date()), now=tomorrow)
    approve(build.step_of(decision, 1), by=on(successor, tomorrow.date()), now=tomorrow)
    assert build.step_of(decision, 1).acted_name == "新任 係長"


@pytest.mark.parametrize(
    ("now", "count"), [(at(2026, 11, 5, 7), 0), (at(2026, 11, 7, 10), 0), (at(2026, 11, 9, 10), 1)]
)
def test_nobody_is_told_before_the_hour_or_on_a_closed_day(town, now, count):
    build.a_running(town.drafter, town.unit)
    a_member(town.unit, post="係長", starts_on=DAY + timedelta(days=1))
    assert watch_turns(town.body, now) == count


def test_who_may_act_is_told_when_the_holder_goes_away_later(town):
    build.a_running(town.drafter, town.unit)
    away(town.head, DAY + timedelta(days=1), DAY + timedelta(days=3))
    assert watch_turns(town.body, at(2026, 11, 5, 10)) == 1
    assert (told(town.chief, "decision.in_place"), told(town.office, "decision.vacant")) == (1, 0)


def test_the_office_is_told_when_nobody_can_act_in_place(town):
    away(town.vice)
    decision = build.a_running(town.drafter, town.unit)
    approve(build.step_of(decision, 1), by=on(town.head), now=LATER)
    approve(build.step_of(decision, 2), by=on(town.chief), now=LATER)
    assert told(town.office, "decision.vacant") == 1


def test_the_office_that_has_nobody_leaves_it_to_the_nearest_manager(town):
    Posting.objects.filter(member=town.office).update(ends_on=DAY - timedelta(days=1))
    Posting.objects.filter(member__in=[town.head, town.vice]).update(
        ends_on=DAY - timedelta(days=1)
    )
    build.a_running(town.drafter, town.unit)
    assert told(town.chief, "decision.vacant") == 1


def test_what_became_the_drafters_own_step_is_passed_over_and_noted(town):
    decision = build.a_running(town.drafter, town.unit)
    Posting.objects.filter(member__in=[town.head, town.drafter]).update(ends_on=DAY)
    also_posted(town.drafter, town.unit, post="係長", starts_on=DAY + timedelta(days=1))
    watch_turns(town.body, at(2026, 11, 5, 10))
    assert states(decision) == ["skipped", "current", "waiting"]
    assert Entry.objects.filter(verb="decision.skipped").count() == 1


def test_a_step_that_cannot_be_passed_over_keeps_no_other_from_being_watched(town):
    bad, good = (build.a_running(town.drafter, town.unit, subject_id=n) for n in (1, 2))
    Posting.objects.filter(member__in=[town.head, town.drafter]).update(ends_on=DAY)
    also_posted(town.drafter, town.unit, post="係長", starts_on=DAY + timedelta(days=1))
    refuse_rows("UPDATE", Step, "decision_id", bad.pk)
    watch_turns(town.body, at(2026, 11, 5, 10))
    assert states(bad) == ["current", "waiting", "waiting"]
    assert states(good) == ["skipped", "current", "waiting"]
    assert JobRun.objects.troubled().get().job.startswith("municipality.pass_over ")


def test_a_step_of_which_nobody_can_be_told_keeps_no_other_from_being_told(town):
    bad, good = (build.a_running(town.drafter, town.unit, subject_id=n) for n in (1, 2))
    Notice.objects.all().delete()
    refuse_rows("INSERT", Notice, "object_id", bad.pk)
    watch_turns(town.body, at(2026, 11, 5, 10))
    assert set(Notice.objects.values_list("object_id", flat=True)) == {good.pk}
    assert JobRun.objects.troubled().get().job.startswith("municipality.notify_new_actors ")


def test_a_step_that_rests_is_told_to_the_manager_and_then_to_the_office(town):
    build.a_running(town.drafter, town.unit)
    due_on = Step.objects.current().get().due_on
    assert due_on == date(2026, 11, 9)
    plan_reminders(town.body, now=at(2026, 11, 12, 10))
    escalated = Notice.objects.filter(rule="decision.step", stage="+3")
    assert set(escalated.values_list("member", flat=True)) == {town.head.pk, town.chief.pk}
    plan_reminders(town.body, now=at(2026, 11, 16, 10))
    late = Notice.objects.filter(rule="decision.step", stage="+5")
    assert set(late.values_list("member", flat=True)) == {
        town.head.pk,
        town.chief.pk,
        town.office.pk,
    }


@pytest.mark.parametrize("decisions", [1, 3])
def test_watching_costs_the_same_however_many_rest(town, decisions, django_assert_num_queries):
    away(town.head)
    for number in range(decisions):
        build.a_running(town.drafter, town.unit, subject_id=number + 1)
    watch_turns(town.body, at(2026, 11, 4, 10))
    with django_assert_num_queries(12):  # two of them: which steps failed before
        assert watch_turns(town.body, at(2026, 11, 4, 11)) == 0


# --- which route ----------------------------------------------------------------------------------


def another(town, name, title="町長", **facts):
    route = build.a_route(town.soumu, (1, "decide", title, town.root), name=name)
    RouteTemplate.objects.filter(pk=route.pk).update(**facts)
    return route


def test_without_conditions_the_drafter_chooses_among_the_routes(town):
    mayor = another(town, "町長専決")
    decision = build.a_draft(town.drafter, town.unit)
    assert build.routes_for(decision) == [town.route, mayor]
    submit_decision(decision, by=on(town.drafter), now=LATER, route=mayor)
    assert (decision.route, decision.steps.count()) == ("町長専決", 1)
    take_back(decision, by=on(town.drafter), now=LATER)
    submit_decision(decision, by=on(town.drafter), now=LATER)
    assert decision.route == "町長専決", "without a new choice the one taken before"


@pytest.mark.parametrize(
    ("yen", "names"),
    [(999_999, ["町長決裁"]), (1_000_000, ["百万円以上"]), (9_000_000, ["五百万円以上"])],
)
def test_an_amount_binds_the_route(town, yen, names, monkeypatch):
    another(town, "百万円以上", least_yen=1_000_000)
    another(town, "五百万円以上", least_yen=5_000_000)
    plain = build.a_subject()
    costly = Subject(
        plain.matter, plain.label, plain.page, plain.content, plain.decided, yen=lambda pk: yen
    )
    monkeypatch.setitem(subjects(), build.MATTER, costly)
    decision = build.a_draft(town.drafter, town.unit)
    assert [route.name for route in build.routes_for(decision)] == names
    if yen >= 1_000_000:
        with pytest.raises(Conflict):
            submit_decision(decision, by=on(town.drafter), now=LATER, route=town.route)


def test_a_department_binds_the_route_of_what_is_drafted_in_it_and_below(town):
    bound = another(town, "総務課専決", department=town.soumu)
    assert build.routes_for(build.a_draft(town.drafter, town.unit)) == [bound]
    other = a_department(town.body, "税務課")
    assert build.routes_for(build.a_draft(a_member(other), other, subject_id=2)) == [town.route]


def test_a_relative_post_is_the_nearest_that_is_held_now(town):
    Posting.objects.filter(member=town.head).update(ends_on=DAY - timedelta(days=1))
    also_posted(town.chief, town.soumu, post="係長")
    decision = build.a_running(town.drafter, town.unit)
    assert build.step_of(decision, 1).department == town.soumu


def test_urgent_mails_go_at_once_to_whoever_may_act_in_place(town):
    away(town.head)
    build.a_running(town.drafter, town.unit)
    assert Mail.objects.filter(member=town.chief, batch__startswith="n").count() == 1


def test_an_office_posted_in_a_section_is_told_of_a_vacant_post_elsewhere(town):
    Posting.objects.filter(member=town.office).update(
        department=a_department(town.body, "企画課", code="0900")
    )
    Posting.objects.filter(member=town.head).update(ends_on=date(2026, 11, 3))
    build.a_running(town.drafter, town.unit)
    assert told(town.office, "decision.vacant") == 1
