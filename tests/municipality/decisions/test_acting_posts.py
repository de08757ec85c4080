"""From which post somebody acts: one order for drafting, the route shown and sent, seals and
papers.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from municipality.core.refusals import Conflict
from municipality.core.registry import subjects
from municipality.decisions.models import Absence
from municipality.decisions.operations.decisions import approve, draft_decision, submit_decision
from municipality.decisions.operations.routes import planned_routes, why_not_draft
from municipality.organisation.leadership import acting_posting
from municipality.organisation.models import Post, Posting, authority_on
from tests.build import decisions as build
from tests.build.municipality import APRIL, a_member, also_posted, at, signed_in

pytestmark = pytest.mark.django_db
NOW = at(2026, 11, 4)
TODAY = date(2026, 11, 4)


@pytest.fixture(autouse=True)
def november(monkeypatch):
    """Pages are opened in the afternoon of that day."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: at(2026, 11, 4, 15))


@pytest.fixture
def town(monkeypatch):
    """The nearest 課長 approves and the 町長 decides."""
    town = build.a_town()
    stages = (1, "approve", "課長", None), (2, "decide", "町長", town.root)
    town.route = build.a_route(town.root, *stages)
    monkeypatch.setitem(subjects(), build.MATTER, build.a_subject())
    return town


def drafted(who):
    """A draft of the person, from wherever they act."""
    return draft_decision(build.MATTER, 1, title="展開", by=who, now=NOW)


def away_from_main(who):
    """The main posting rests (休職); the concurrent one stays."""
    who.postings.filter(kind="main").update(status=Posting.Status.LEAVE)


def only_concurrent(town):
    """A person whose main posting in 総務課 rests and who is there in 税務課."""
    who = a_member(town.soumu, name="安藤 海")
    also_posted(who, town.zeimu, post="係長")
    away_from_main(who)
    return who


def concurrent_at(town, *places):
    """A person with main posting in 総務課 and concurrent ones as (department, post, first day)."""
    who = a_member(town.soumu, name="安藤 海")
    for department, post, since in places:
        also_posted(who, department, post=post, starts_on=since)
    return who


def test_main_before_concurrent_then_the_higher_post_then_the_longer(town):
    later = APRIL + timedelta(days=30)
    who = concurrent_at(
        town, (town.zeimu, "主任", APRIL), (town.root, "係長", later), (town.zeimu, "係長", APRIL)
    )
    order = [(row.department, row.post.title) for row in authority_on(who, TODAY).postings]
    assert order == [
        (town.soumu, "主事"),
        (town.zeimu, "係長"),
        (town.root, "係長"),
        (town.zeimu, "主任"),
    ]
    assert acting_posting(who, TODAY) == authority_on(who, TODAY).postings[0]
    away_from_main(who)
    assert acting_posting(who, TODAY) == authority_on(who, TODAY).postings[0]
    assert acting_posting(who, TODAY).post.title == "係長"


@pytest.mark.parametrize(
    ("person", "place", "first_step"),
    [
        (lambda town: a_member(town.soumu), "総務課", "髙瀬 由紀"),
        (lambda town: concurrent_at(town, (town.zeimu, "係長", APRIL)), "総務課", "髙瀬 由紀"),
        (only_concurrent, "税務課", "木戸 明里"),
    ],
    ids=["one posting", "two postings", "main posting rests"],
)
def test_what_is_shown_before_is_what_is_drafted_and_sent(town, person, place, first_step):
    who = person(town)
    assert why_not_draft(build.MATTER, 1, by=who, day=TODAY) == ""
    decision = drafted(who)
    assert decision.department.name == place
    [(_route, plan)] = planned_routes(decision, TODAY)
    assert [step.names for step in plan] == [(first_step,), ("雨宮 登",)]
    submit_decision(decision, by=who, now=NOW)
    laid = decision.steps.select_related("department").order_by("order")
    assert [step.department for step in laid] == [step.department for step in plan]


def test_who_sits_at_the_top_drafts_from_the_top_and_is_told_of_the_gap(town):
    who = a_member(town.root, "office", name="事務局 一")
    assert why_not_draft(build.MATTER, 1, by=who, day=TODAY) == ""
    decision = drafted(who)
    assert decision.department == town.root
    [(_route, plan)] = planned_routes(decision, TODAY)
    assert [step.is_missing for step in plan] == [True, False]
    with pytest.raises(Conflict, match="「課長」の職位がありません"):
        submit_decision(decision, by=who, now=NOW)


def test_who_is_not_there_reads_so_before_and_is_refused_the_same(town):
    who = a_member(town.soumu)
    away_from_main(who)
    reason = why_not_draft(build.MATTER, 1, by=who, day=TODAY)
    assert "発令がないため起案できません" in reason
    with pytest.raises(Conflict) as refused:
        drafted(who)
    assert str(refused.value.reason) == reason


def test_a_deputy_seals_with_the_post_from_which_they_act_on_page_and_paper(town):
    deputy = a_member(town.soumu, name="大石 健", post="主任")
    also_posted(deputy, town.zeimu, post="主事")
    also_posted(deputy, town.root, post="係長")
    away_from_main(deputy)
    build.a_deputy(deputy, town.root, "町長")
    town.route.steps.filter(kind="approve").delete()
    decision = drafted(a_member(town.soumu))
    submit_decision(decision, by=decision.drafter, now=NOW)
    Absence.objects.create(
        municipality=town.body, member=town.mayor, reason="出張", starts_on=TODAY, ends_on=TODAY
    )
    approve(build.step_of(decision, 2), by=deputy, now=NOW)
    step = build.step_of(decision, 2)
    assert (step.capacity, step.acted_post) == ("deputy", "係長")
    for name in ("decision", "decision_print"):
        address = reverse(f"municipality:{name}", args=[town.body.code, decision.pk])
        assert "係長" in signed_in(decision.drafter).get(address).content.decode()


def test_a_post_vacated_after_the_draft_is_shown_and_sent_as_vacant(town):
    who = a_member(town.soumu)
    decision = drafted(who)
    Posting.objects.filter(member=town.chief).update(ends_on=TODAY - timedelta(days=1))
    [(_route, plan)] = planned_routes(decision, TODAY)
    assert (plan[0].is_vacant, plan[0].department) == (True, town.soumu)
    submit_decision(decision, by=who, now=NOW)
    step = build.step_of(decision, 1)
    post = Post.objects.get(municipality=town.body, title="課長")
    assert (step.department, step.post) == (town.soumu, post)


def test_a_draft_stays_with_its_department_when_its_drafter_moves(town):
    who = a_member(town.soumu)
    decision = drafted(who)
    who.postings.update(department=town.zeimu)
    [(_route, plan)] = planned_routes(decision, TODAY)
    submit_decision(decision, by=who, now=NOW)
    assert (plan[0].department, build.step_of(decision, 1).department) == (town.soumu,) * 2
