"""Thirty-two people press at once on one step of a decision."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from django.db.models import F
from django.urls import reverse

from municipality import states
from municipality.models import Decision, Entry, Mail, Notice, RouteTemplate, Step
from municipality.operations import decisions as operations
from municipality.operations import passage
from municipality.operations.history import verify_chains
from municipality.rooms import subjects
from municipality.rules import Conflict
from tests.build import decisions as build
from tests.build.municipality import a_body, a_department, a_member, signed_in

from .together import together

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
CLIENTS = 32
MEETING = 0.3


@pytest.fixture(autouse=True)
def subject(monkeypatch):
    build.calls.clear()
    monkeypatch.setitem(subjects(), build.MATTER, build.a_subject())


@pytest.fixture
def running():
    body = a_body()
    soumu = a_department(body)
    build.a_route(soumu, (1, "approve", "課長", soumu), (2, "decide", "副町長", soumu))
    drafter = a_member(soumu)
    chief = a_member(soumu, "manager", post="課長")
    second = a_member(soumu, "manager", post="課長")
    a_member(soumu, "executive", post="副町長")
    return build.a_running(drafter, soumu), chief, second


def press(client, decision, step, action):
    address = reverse(f"municipality:decision_{action}", args=[decision.municipality_id, decision.pk])
    return lambda: client.post(address, {"step": step.pk, "comment": "確認しました。"}).status_code


def press_at_once(running):
    """Two holders of the post, sixteen windows each, three kinds of answers: what came back."""
    decision, *holders = running
    step = build.step_of(decision, 1)
    clients = [signed_in(holder) for holder in holders]
    actions = ["approve", "return", "approve", "reject"]
    jobs = [press(clients[number % 2], decision, step, actions[number % 4]) for number in range(CLIENTS)]
    return Counter(together(jobs))


def check(running):
    decision = running[0]
    before = Entry.objects.filter(verb__startswith="decision.").count()
    answers = press_at_once(running)
    assert answers == Counter({302: 1, 409: CLIENTS - 1})
    decision.refresh_from_db()
    assert Step.objects.filter(decision=decision, acted_at__isnull=False).count() == 1
    assert Entry.objects.filter(verb__startswith="decision.").count() == before + 1
    assert decision.state in {Decision.State.RUNNING, Decision.State.RETURNED, Decision.State.REJECTED}
    told = Notice.objects.filter(object_id=decision.pk).exclude(stage__startswith="r1s1").count()
    assert told == 1
    assert [verdict.reason for verdict in verify_chains()] == ["", *[""] * (len(list(verify_chains())) - 1)]
    assert Mail.objects.filter(state=Mail.State.SENT).count() <= 3


@pytest.mark.parametrize("round_", range(3))
def test_of_thirty_two_clients_one_acts_and_the_others_are_told(running, round_):
    check(running)


def two_agree(root, places, number):
    """A decision whose two parallel 合議 are open, and what presses each."""
    build.a_route(
        places[0], (1, "agree", "課長", places[0]), (1, "agree", "課長", places[1]), (2, "decide", "副町長", places[0])
    )
    chiefs = {place.pk: a_member(place, "manager", post="課長") for place in places}
    a_member(places[0], "executive", post="副町長")
    decision = build.a_running(a_member(root), places[0], subject_id=number)
    steps = decision.steps.filter(order=1).order_by("pk")
    return decision, [press(signed_in(chiefs[step.department_id]), decision, step, "approve") for step in steps]


def check_side_by_side():
    body = a_body()
    for turn in range(6):
        places = [a_department(body, f"第{turn}課"), a_department(body, f"第{turn}室")]
        RouteTemplate.objects.update(is_active=False, name=F("pk"))
        decision, jobs = two_agree(a_department(body), places, turn + 1)
        assert together(jobs) == [302, 302]
        assert list(decision.steps.order_by("order").values_list("state", flat=True)) == [
            "approved",
            "approved",
            "current",
        ]


def test_two_who_agree_side_by_side_at_the_same_moment_open_the_next_step():
    check_side_by_side()


@pytest.mark.selfcheck
def test_without_taking_turns_the_decision_would_rest_for_ever(monkeypatch):
    turn_to_the_next = operations.advance

    def advance_late(*args, **kwargs):
        time.sleep(MEETING)
        turn_to_the_next(*args, **kwargs)

    monkeypatch.setattr(operations, "hold", lambda decision: None)
    monkeypatch.setattr(operations, "advance", advance_late)
    with pytest.raises(AssertionError):
        check_side_by_side()


def read_check_write(obj, to, *, field="state", **facts):
    """The guard switched off: look at what was read before, then write. The pause between is the width of the race."""
    if not states.can_move(obj, to, field=field):
        raise Conflict("")
    time.sleep(MEETING)
    type(obj)._base_manager.filter(pk=obj.pk).update(**{field: to, "edition": F("edition") + 1, **facts})
    obj.refresh_from_db(fields=[field, "edition", *facts])
    return obj


@pytest.mark.selfcheck
def test_without_compare_and_swap_this_test_is_red(running, monkeypatch):
    monkeypatch.setattr(passage, "move", read_check_write)
    monkeypatch.setattr(operations, "hold", lambda decision: None)
    with pytest.raises(AssertionError):
        check(running)
