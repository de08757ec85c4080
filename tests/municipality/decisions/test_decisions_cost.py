"""What one act on a step costs: who may act is read once, and handed on."""

from __future__ import annotations

import pytest

from municipality.decisions.operations.decisions import approve, reject
from municipality.decisions.operations.send_back import return_decision
from municipality.decisions.rules import may_add_paper
from tests.build import decisions as build
from tests.build.municipality import a_body, a_department, a_member, root_of
from tests.municipality.decisions.test_decisions_in_place import LATER, away, on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("invented_matter")]


@pytest.fixture
def running():
    """A decision at its first step: 係長, then two 合議 side by side, then the 副町長 decides."""
    body = a_body()
    root, soumu, zeimu = root_of(body), a_department(body, "総務課"), a_department(body, "税務課")
    unit = a_department(body, "庶務係", parent=soumu, kind="unit")
    drafter = a_member(unit)
    people = {
        "係長": a_member(unit, post="係長"),
        "課長": a_member(soumu, "manager", post="課長"),
        "税務課長": a_member(zeimu, "manager", post="課長"),
        "副町長": a_member(root, "executive", post="副町長"),
        "代決者": a_member(soumu, post="主任"),
    }
    build.a_deputy(people["代決者"], root, "副町長")
    build.a_route(
        soumu,
        (1, "approve", "係長", None),
        (2, "approve", "課長", None),
        (3, "agree", "課長", zeimu),
        (3, "agree", "係長", unit),
        (4, "decide", "副町長", root),
    )
    return build.a_running(drafter, unit), people


def at_the_decider(decision, people):
    for order, who in ((1, "係長"), (2, "課長")):
        approve(build.step_of(decision, order), by=on(people[who]), now=LATER)
    for step in decision.steps.current():
        holder = people["税務課長" if step.post.title == "課長" else "係長"]
        approve(step, by=on(holder), now=LATER)
    return build.step_of(decision, 4)


ACTS = {
    "approve": lambda step, by: approve(step, by=by, now=LATER),
    "return": lambda step, by: return_decision(step, by=by, now=LATER, comment="直してください"),
    "reject": lambda step, by: reject(step, by=by, now=LATER, comment="見送る"),
}


@pytest.mark.parametrize(("act", "queries"), [("approve", 24), ("return", 21), ("reject", 21)])
def test_by_post(running, act, queries, django_assert_num_queries):
    decision, people = running
    step, by = build.step_of(decision, 1), on(people["係長"])
    with django_assert_num_queries(queries):
        ACTS[act](step, by)


@pytest.mark.parametrize(("act", "queries"), [("approve", 54), ("return", 24), ("reject", 24)])
def test_in_place_of_a_lower_post(running, act, queries, django_assert_num_queries):
    decision, people = running
    away(people["係長"])
    step, by = build.step_of(decision, 1), on(people["課長"])
    with django_assert_num_queries(queries):
        ACTS[act](step, by)


@pytest.mark.parametrize(("act", "queries"), [("approve", 30), ("return", 25), ("reject", 25)])
def test_as_deputy_of_the_decider(running, act, queries, django_assert_num_queries):
    decision, people = running
    step = at_the_decider(decision, people)
    away(people["副町長"])
    by = on(people["代決者"])
    with django_assert_num_queries(queries):
        ACTS[act](step, by)


def test_steps_side_by_side_are_opened_with_one_reading(running, django_assert_num_queries):
    decision, people = running
    approve(build.step_of(decision, 1), by=on(people["係長"]), now=LATER)
    step, by = build.step_of(decision, 2), on(people["課長"])
    with django_assert_num_queries(34):
        approve(step, by=by, now=LATER)


def test_who_may_add_a_paper_is_asked_of_all_steps_at_once(running, django_assert_num_queries):
    """The current steps, who holds their posts, and who stands in for those who are away."""
    decision, people = running
    for order, who in ((1, "係長"), (2, "課長")):
        approve(build.step_of(decision, order), by=on(people[who]), now=LATER)
    away(people["係長"])
    away(people["税務課長"])
    by = on(people["代決者"])
    with django_assert_num_queries(4):
        assert not may_add_paper(by, decision)
