"""Thirty-two people press at once on one step of a decision."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from municipality.audit.chain import verify_chains
from municipality.audit.models import Entry
from municipality.core import transitions
from municipality.core.refusals import Conflict
from municipality.decisions.models import Absence, Decision, RouteTemplate, Step
from municipality.decisions.operations import decisions as operations
from municipality.decisions.operations import workflow
from municipality.decisions.operations import workflow as passage
from municipality.notifications.models import Mail, Notice
from tests.build import decisions as build
from tests.build.municipality import a_body, a_department, a_member, root_of, signed_in

from .together import Meeting, together

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("invented_matter"),
]
CLIENTS = 32


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


def press(holder, decision, step, action):
    """What one window does, in a browser of its own: Django's client is not made for threads. It
    loads its middleware at the first request, so that a second one beside it runs without, and what
    one request raises it raises in whichever looks first.
    """
    client = signed_in(holder)
    address = reverse(
        f"municipality:decision_{action}", args=[decision.municipality_id, decision.pk]
    )
    return lambda: client.post(address, {"step": step.pk, "comment": "確認しました。"}).status_code


def press_at_once(running):
    """Two holders of the post, sixteen windows each, three kinds of answers: what came back."""
    decision, *holders = running
    step = build.step_of(decision, 1)
    actions = ["approve", "return", "approve", "reject"]
    jobs = [
        press(holders[number % 2], decision, step, actions[number % 4]) for number in range(CLIENTS)
    ]
    return Counter(together(jobs))


def check(running):
    decision = running[0]
    before = Entry.objects.filter(verb__startswith="decision.").count()
    answers = press_at_once(running)
    assert answers == Counter({302: 1, 409: CLIENTS - 1})
    decision.refresh_from_db()
    assert Step.objects.filter(decision=decision, acted_at__isnull=False).count() == 1
    assert Entry.objects.filter(verb__startswith="decision.").count() == before + 1
    assert decision.state in {
        Decision.State.RUNNING,
        Decision.State.RETURNED,
        Decision.State.REJECTED,
    }
    told = Notice.objects.filter(object_id=decision.pk).exclude(stage__startswith="r1s1").count()
    assert told == 1
    assert [verdict.reason for verdict in verify_chains()] == [
        "",
        *[""] * (len(list(verify_chains())) - 1),
    ]
    assert Mail.objects.filter(state=Mail.State.SENT).count() <= 3


@pytest.mark.parametrize("round_", range(3))
def test_of_thirty_two_clients_one_acts_and_the_others_are_told(running, round_):
    check(running)


# --- in place of somebody who is not there --------------------------------------------------------


def resting(kind):
    """A step that three people may act at in different capacities, nobody of them alone: what they
    press, by kind.
    """
    body = a_body()
    root, soumu = root_of(body), a_department(body)
    stages = {
        "raise": [
            (1, "approve", "係長", soumu),
            (2, "approve", "課長", soumu),
            (3, "decide", "町長", root),
        ],
        "disagree": [(1, "agree", "課長", soumu), (2, "decide", "町長", root)],
        "deputy": [(1, "decide", "町長", root)],
    }[kind]
    build.a_route(root, *stages)
    lower = a_member(soumu, "manager", post="係長" if kind == "raise" else "課長")
    chiefs = [lower, *(a_member(soumu, "manager", post="課長") for _n in range(2))]
    mayor = a_member(root, "executive", post="町長")
    away = {"raise": [lower], "deputy": [mayor], "disagree": []}[kind]
    for person in away:
        day = timezone.localdate()
        Absence.objects.create(
            municipality=body, member=person, reason="出張", starts_on=day, ends_on=day
        )
    if kind == "deputy":
        chiefs = [mayor, *(a_member(soumu) for _n in range(2))]
        for person in chiefs[1:]:
            build.a_deputy(person, root, "町長")
    return build.a_running(a_member(soumu), soumu), chiefs


def check_in_place(kind):
    decision, people = resting(kind)
    step = build.step_of(decision, 1)
    actions = ["approve", "return", "approve"]
    before = Entry.objects.filter(verb__startswith="decision.").count()
    jobs = [press(people[n % 3], decision, step, actions[n % 3]) for n in range(CLIENTS)]
    assert Counter(together(jobs)) == Counter({302: 1, 409: CLIENTS - 1})
    acted = Step.objects.get(decision=decision, order=1)
    decision.refresh_from_db()
    filled = Step.objects.filter(decision=decision, order=2, state="approved").count()
    decided = int(decision.state == "decided")
    assert (
        Entry.objects.filter(verb__startswith="decision.").count() == before + 1 + filled + decided
    )
    assert Entry.objects.filter(verb="decision.decided").count() == decided
    assert acted.acted_by in people
    assert acted.capacity == (
        "own"
        if acted.acted_by == people[0] or kind == "disagree"
        else kind.replace("raise", "raised")
    )
    assert (
        acted.opinion == {"approved": "agree", "returned": "disagree"}[acted.state]
        if kind == "disagree"
        else True
    )


@pytest.mark.parametrize("kind", ["raise", "deputy", "disagree"])
def test_of_those_who_may_act_in_place_one_acts(kind):
    check_in_place(kind)


@pytest.mark.soak
@pytest.mark.parametrize("round_", range(50))
@pytest.mark.parametrize("kind", ["plain", "raise", "deputy", "disagree"])
def test_two_hundred_rounds_of_mixed_actions(kind, round_, request):
    if kind == "plain":
        check(request.getfixturevalue("running"))
    else:
        check_in_place(kind)


def two_agree(root, places, number):
    """A decision whose two parallel 合議 are open, and what presses each."""
    build.a_route(
        places[0],
        (1, "agree", "課長", places[0]),
        (1, "agree", "課長", places[1]),
        (2, "decide", "副町長", places[0]),
    )
    chiefs = {place.pk: a_member(place, "manager", post="課長") for place in places}
    a_member(places[0], "executive", post="副町長")
    decision = build.a_running(a_member(root), places[0], subject_id=number)
    steps = decision.steps.filter(order=1).order_by("pk")
    return decision, [
        press(chiefs[step.department_id], decision, step, "approve") for step in steps
    ]


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
    turn_to_the_next, meeting = workflow.advance, Meeting()

    def advance_together(decision, **facts):
        if facts.get("by"):
            meeting.wait()
        turn_to_the_next(decision, **facts)

    monkeypatch.setattr(operations, "hold", lambda decision: None)
    monkeypatch.setattr(operations, "advance", advance_together)
    with pytest.raises(AssertionError):
        check_side_by_side()
    assert meeting.took_place


def read_check_write(meeting):
    """The guard switched off: look at what was read before, wait until somebody else has looked as
    well, then write.
    """

    def write(obj, to, *, field="state", **facts):
        if not transitions.can_move(obj, to, field=field):
            raise Conflict("")
        meeting.wait()
        type(obj)._base_manager.filter(pk=obj.pk).update(
            **{field: to, "edition": F("edition") + 1, **facts}
        )
        obj.refresh_from_db(fields=[field, "edition", *facts])
        return obj

    return write


@pytest.mark.selfcheck
def test_without_compare_and_swap_this_test_is_red(running, monkeypatch):
    meeting = Meeting()
    monkeypatch.setattr(passage, "move", read_check_write(meeting))
    monkeypatch.setattr(operations, "hold", lambda decision: None)
    with pytest.raises(AssertionError):
        check(running)
    assert meeting.took_place
