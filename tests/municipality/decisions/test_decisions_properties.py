"""Random routes, postings, transfers and absences: a decision never rests without a person being
told, never passes a step twice, and is never acted on by someone who may not.

The oracle is written from the rules in words, on plain lists of its own; it asks no model and no
rule of the product.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from municipality.audit.models import Entry
from municipality.core.refusals import Conflict, Denied
from municipality.deadlines.queries import due_things
from municipality.decisions.models import Absence, Decision, Deputy, Step
from municipality.decisions.operations import decisions as operations
from municipality.decisions.operations import workflow
from municipality.decisions.operations.send_back import return_decision
from municipality.decisions.operations.stalled_steps import watch_turns
from municipality.notifications.models import Notice
from municipality.organisation.models import Member, Post, Posting, authority_on
from municipality.organisation.open_days import open_days
from tests.build import decisions as build
from tests.build.municipality import TOKYO, a_body, a_department, a_member, root_of

PLACES = ("root", "a", "a1", "b")
ABOVE = {"root": ["root"], "a": ["a", "root"], "a1": ["a1", "a", "root"], "b": ["b", "root"]}
RANKS = {"町長": 1, "副町長": 2, "課長": 5, "係長": 7, "主事": 9}
PEOPLE = (
    ("mayor", "root", "町長"),
    ("vice", "root", "副町長"),
    ("chief_a", "a", "課長"),
    ("chief_b", "b", "課長"),
    ("second_b", "b", "課長"),
    ("head_a1", "a1", "係長"),
    ("clerk_a1", "a1", "主事"),
    ("clerk_b", "b", "主事"),
)
NAMES = [name for name, _place, _post in PEOPLE]
PART = st.tuples(
    st.sampled_from(["approve", "agree"]),
    st.sampled_from(list(RANKS)),
    st.sampled_from([None, *PLACES]),
)
STAGES = st.lists(st.tuples(st.integers(1, 3), PART), max_size=4)
DECIDER = st.tuples(
    st.sampled_from(["町長", "副町長", "課長"]), st.sampled_from([None, "root", "a", "b"])
)


@dataclass
class Turn:
    """One step as the oracle knows it."""

    order: int
    kind: str
    place: str
    post: str
    state: str = "waiting"


@dataclass
class Oracle:
    """What is true, in plain lists: who holds what from when to when, who is away, who is named
    deputy; and the decision.
    """

    day: date
    posts: list[list] = field(default_factory=list)
    away: list[tuple[str, date, date]] = field(default_factory=list)
    deputies: list[tuple[str, str, str]] = field(default_factory=list)
    drafter: str = ""
    home: str = ""
    turns: list[Turn] = field(default_factory=list)
    state: str = "none"
    approvals: int = 0
    stand_ins: dict[int, tuple[str, str] | None] = field(default_factory=dict)

    def holders(self, place: str, post: str) -> set[str]:
        """Who holds the post today."""
        return {
            who
            for who, where, what, first, last in self.posts
            if (where, what) == (place, post)
            and first <= self.day
            and (last is None or last >= self.day)
        }

    def is_away(self, who: str) -> bool:
        return any(name == who and first <= self.day <= last for name, first, last in self.away)

    def there(self, place: str, post: str) -> set[str]:
        """Holders who are not away; the drafter does not count."""
        return {
            who
            for who in self.holders(place, post)
            if who != self.drafter and not self.is_away(who)
        }

    def nearest(self, post: str) -> str | None:
        """The nearest department at or above the drafter's in which the post is held, else was
        held.
        """
        now = [place for place in ABOVE[self.home] if self.holders(place, post)]
        ever = [
            place
            for place in ABOVE[self.home]
            if any(row[1:3] == [place, post] for row in self.posts)
        ]
        return next(iter([*now, *ever]), None)

    def in_place(self, turn: Turn) -> set[str]:
        """代決: the decider's deputies while all holders are away. 引上げ: the nearest higher post
        of the route over the department with anybody there, while nobody is at the step's own.
        """
        if turn.kind == "decide":
            held = self.holders(turn.place, turn.post)
            if not held or not all(self.is_away(who) for who in held):
                return set()
            named = {
                who
                for who, place, post in self.deputies
                if (place, post) == (turn.place, turn.post)
            }
            return {
                who
                for who in named
                if who != self.drafter and not self.is_away(who) and self.is_posted(who)
            }
        if self.there(turn.place, turn.post):
            return set()
        for other in sorted(self.turns, key=lambda row: row.order):
            higher = (
                other.order > turn.order
                and other.kind != "agree"
                and RANKS[other.post] < RANKS[turn.post]
            )
            if higher and other.place in ABOVE[turn.place] and self.there(other.place, other.post):
                return self.there(other.place, other.post)
        return set()

    def is_posted(self, who: str) -> bool:
        return any(
            name == who and first <= self.day and (last is None or last >= self.day)
            for name, _, _, first, last in self.posts
        )

    def own(self, turn: Turn) -> set[str]:
        return self.holders(turn.place, turn.post) - {self.drafter}

    def may(self, turn: Turn) -> set[str]:
        """Everybody who may act at the step today."""
        return self.own(turn) | self.in_place(turn)

    def current(self) -> list[Turn]:
        return [turn for turn in self.turns if turn.state == "current"]

    def stand_in(self, post: str) -> tuple[str, str] | None:
        """What may be chosen for a post that exists nowhere at or above the drafter's department: a
        higher one there, or the same one elsewhere, held by somebody else.
        """
        above = [
            (place, title)
            for place in ABOVE[self.home]
            for title in sorted(RANKS, key=lambda title: -RANKS[title])
            if RANKS[title] < RANKS[post]
        ]
        options = [*above, *((place, post) for place in sorted(ABOVE))]
        return next((row for row in options if self.holders(*row) - {self.drafter}), None)

    def lay(self, stages: list[tuple[int, str, str, str | None]]) -> bool:
        """The route laid out; False when a stage finds nobody, or nobody is left to decide."""
        self.turns, self.stand_ins = [], {}
        for number, (order, kind, post, place) in enumerate(stages):
            at = (place or self.nearest(post), post)
            if at[0] is None:
                at = self.stand_ins[number] = self.stand_in(post)
                if at is None:
                    return False
            self.turns.append(Turn(order, kind, *at))
        deciders = [turn for turn in self.turns if turn.kind == "decide"]
        if not deciders or self.holders(deciders[0].place, deciders[0].post) == {self.drafter}:
            return False
        self.state = "running"
        self.go_on("")
        return True

    def approve(self, turn: Turn, who: str) -> None:
        """Passed; who is asked twice side by side answers once for both."""
        beside = [
            row
            for row in self.current()
            if (row.order, row.kind, turn.kind) == (turn.order, "agree", "agree")
        ]
        same = [row for row in beside if who in self.own(turn) and who in self.own(row)]
        for row in {id(row): row for row in [turn, *same]}.values():
            row.state = "approved"
            self.approvals += 1
        self.go_on(who)

    def go_on(self, by: str) -> None:
        """Open what comes next: the drafter's own is passed over (never the decider's), and one act
        fills what is the same person's in consecutive steps.
        """
        while self.state == "running" and not self.current():
            waiting = [turn for turn in self.turns if turn.state == "waiting"]
            if not waiting:
                self.state = "decided"
                return
            for turn in [
                turn for turn in waiting if turn.order == min(row.order for row in waiting)
            ]:
                turn.state = self._opened(turn, by)

    def _opened(self, turn: Turn, by: str) -> str:
        if self.is_own(turn):
            return "skipped"
        if by and by in self.own(turn):
            self.approvals += 1
            return "approved"
        return "current"

    def is_own(self, turn: Turn) -> bool:
        return turn.kind != "decide" and self.holders(turn.place, turn.post) == {self.drafter}

    def look(self) -> None:
        """What became the drafter's own step meanwhile is passed over."""
        for turn in [turn for turn in self.current() if self.is_own(turn)]:
            turn.state = "skipped"
        self.go_on("")


class Decisions(RuleBasedStateMachine):
    """One decision on its way through a small town hall while the days pass."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.body = a_body()
        root = root_of(self.body)
        a = a_department(self.body, "総務課", code="a")
        a1 = a_department(self.body, "庶務係", code="a1", parent=a, kind="unit")
        self.places = {
            "root": root,
            "a": a,
            "a1": a1,
            "b": a_department(self.body, "税務課", code="b"),
        }
        self.oracle = Oracle(date(2026, 11, 4))
        self.people = {
            name: a_member(self.places[place], "staff", name=name, post=post)
            for name, place, post in PEOPLE
        }
        self.oracle.posts = [
            [name, place, post, date(2026, 4, 1), None] for name, place, post in PEOPLE
        ]
        self.office = a_member(
            root, "office", name="office", post="主任"
        )  # a post that no stage asks for
        self.decision: Decision | None = None
        self.subject = 0

    def teardown(self) -> None:
        """Nothing of it stays."""
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @property
    def now(self) -> datetime:
        return datetime(
            self.oracle.day.year, self.oracle.day.month, self.oracle.day.day, 10, tzinfo=TOKYO
        )

    def actor(self, name: str) -> Member:
        """The person as a request of today knows them."""
        member = Member.objects.select_related("municipality").get(pk=self.people[name].pk)
        member.authority = authority_on(member, self.oracle.day)
        return member

    def step(self, turn: Turn) -> Step:
        """The row of a step."""
        rows = self.decision.steps.select_related("decision", "post", "department").filter(
            past=False
        )
        place = self.places[turn.place]
        found = rows.filter(
            revision=self.decision.revision,
            order=turn.order,
            kind=turn.kind,
            department=place,
            post__title=turn.post,
        )
        same = [
            row
            for row in self.oracle.turns
            if (row.order, row.kind, row.place, row.post)
            == (turn.order, turn.kind, turn.place, turn.post)
        ]
        return list(found.order_by("pk"))[[id(row) for row in same].index(id(turn))]

    @initialize(stages=STAGES, decider=DECIDER, drafter=st.sampled_from(NAMES))
    def draft(self, stages, decider, drafter) -> None:
        """Somebody drafts, before a random route is set: along one that they decide alone nobody
        could.
        """
        laid = [(order, *part) for order, part in sorted(stages, key=lambda row: row[0])]
        self.stages = [*laid, (4, "decide", *decider)]
        route = [
            (order, kind, post, self.places[place] if place else None)
            for order, kind, post, place in self.stages
        ]
        self.oracle.drafter = drafter
        self.oracle.home = next(place for name, place, _post in PEOPLE if name == drafter)
        self.decision = build.a_draft(
            self.actor(drafter), self.places[self.oracle.home], now=self.now
        )
        self.route = build.a_route(self.places["root"], *route)
        self.send()

    def send(self) -> None:
        """回議, if there is somebody to decide."""
        drafter = self.actor(self.oracle.drafter)
        before = self.oracle.state
        if self.oracle.lay(self.stages):
            operations.submit_decision(
                self.decision, by=drafter, now=self.now, stand_ins=self.chosen()
            )
        else:
            self.oracle.turns, self.oracle.state = [], before
            with pytest.raises(Conflict):
                operations.submit_decision(
                    Decision.objects.get(pk=self.decision.pk), by=drafter, now=self.now
                )
        self.decision = Decision.objects.select_related("drafter").get(pk=self.decision.pk)

    def chosen(self) -> dict[str, tuple[int, int]]:
        """What the drafter chose for stages whose post does not exist, as the form sends it."""
        keys = [str(pk) for pk in self.route.steps.order_by("pk").values_list("pk", flat=True)]
        return {
            keys[number]: (
                self.places[place].pk,
                Post.objects.get(municipality=self.body, title=post).pk,
            )
            for number, (place, post) in self.oracle.stand_ins.items()
        }

    @rule(days=st.integers(1, 4))
    def days_pass(self, days) -> None:
        """A few days later."""
        self.oracle.day += timedelta(days=days)

    @rule(who=st.sampled_from(NAMES), days=st.integers(0, 9))
    def goes_away(self, who, days) -> None:
        """不在 from today on."""
        last = self.oracle.day + timedelta(days=days)
        facts = {"starts_on": self.oracle.day, "ends_on": last}
        Absence.objects.create(
            municipality=self.body, member=self.people[who], reason="出張", **facts
        )
        self.oracle.away.append((who, self.oracle.day, last))

    @rule(
        who=st.sampled_from(NAMES), place=st.sampled_from(PLACES), post=st.sampled_from(list(RANKS))
    )
    def is_transferred(self, who, place, post) -> None:
        """人事異動: what was held ends yesterday, another post begins today."""
        for row in self.oracle.posts:
            if row[0] == who and row[4] is None:
                row[4] = self.oracle.day - timedelta(days=1)
        self.oracle.posts = [row for row in self.oracle.posts if row[4] is None or row[4] >= row[3]]
        Posting.objects.filter(member=self.people[who], starts_on=self.oracle.day).delete()
        Posting.objects.filter(member=self.people[who], ends_on=None).update(
            ends_on=self.oracle.day - timedelta(days=1)
        )
        title = Post.objects.get(municipality=self.body, title=post)
        Posting.objects.create(
            municipality=self.body,
            member=self.people[who],
            department=self.places[place],
            post=title,
            starts_on=self.oracle.day,
        )
        self.oracle.posts.append([who, place, post, self.oracle.day, None])

    @rule(
        who=st.sampled_from(NAMES),
        decider=st.sampled_from([("root", "町長"), ("root", "副町長"), ("b", "課長")]),
    )
    def is_named_deputy(self, who, decider) -> None:
        """代決する人の指定."""
        place, post = decider
        title = Post.objects.get(municipality=self.body, title=post)
        Deputy.objects.create(
            municipality=self.body,
            department=self.places[place],
            post=title,
            member=self.people[who],
            starts_on=self.oracle.day,
        )
        self.oracle.deputies.append((who, place, post))

    def running(self) -> bool:
        """Is it on its way?"""
        return self.oracle.state == "running"

    @precondition(running)
    @rule(data=st.data(), who=st.sampled_from(NAMES))
    def somebody_approves(self, data, who) -> None:
        """Whoever it is, at whatever step."""
        turn = data.draw(st.sampled_from(self.oracle.turns), label="step")
        allowed = turn.state == "current" and who in self.oracle.may(turn)
        self.press(
            turn, who, allowed, lambda step, by: operations.approve(step, by=by, now=self.now)
        )
        if allowed:
            self.oracle.approve(turn, who)

    @precondition(running)
    @rule(data=st.data())
    def who_may_approves(self, data) -> None:
        """Somebody who may, so that most decisions come to an end."""
        able = [
            (turn, who) for turn in self.oracle.current() for who in sorted(self.oracle.may(turn))
        ]
        if able:
            turn, who = data.draw(st.sampled_from(able), label="step and person")
            self.press(
                turn, who, True, lambda step, by: operations.approve(step, by=by, now=self.now)
            )
            self.oracle.approve(turn, who)

    @precondition(running)
    @rule(data=st.data(), who=st.sampled_from(NAMES))
    def somebody_returns(self, data, who) -> None:
        """差戻し to the drafter, who sends it again at once."""
        turn = data.draw(st.sampled_from(self.oracle.turns), label="step")
        allowed = turn.state == "current" and who in self.oracle.may(turn)
        self.press(
            turn,
            who,
            allowed,
            lambda step, by: return_decision(step, by=by, now=self.now, comment="理由"),
        )
        if allowed:
            self.oracle.state = "returned"
            self.decision.refresh_from_db()
            if self.oracle.is_posted(self.oracle.drafter):
                self.send()

    @precondition(running)
    @rule(data=st.data(), who=st.sampled_from(NAMES))
    def somebody_returns_to_a_step(self, data, who) -> None:
        """差戻し to a step: from there on all are asked again."""
        turn, to = (
            data.draw(st.sampled_from(self.oracle.turns), label=label) for label in ("step", "to")
        )
        allowed = turn.state == "current" and who in self.oracle.may(turn) and to.order < turn.order
        back = self.step(to)
        self.press(
            turn,
            who,
            allowed,
            lambda step, by: return_decision(step, by=by, now=self.now, comment="理由", to=back),
        )
        if allowed:
            for row in self.oracle.turns:
                row.state = "waiting" if to.order <= row.order <= turn.order else row.state
            self.oracle.go_on("")

    def press(self, turn: Turn, who: str, allowed: bool, act) -> None:
        """Do it; who may not, or comes to a step whose turn it is not, is refused and changes
        nothing.
        """
        step, by = self.step(turn), self.actor(who)
        if allowed:
            act(step, by)
        else:
            with pytest.raises((Denied, Conflict)), transaction.atomic():
                act(step, by)
        self.decision = Decision.objects.select_related("drafter").get(pk=self.decision.pk)

    @invariant()
    def it_stands_where_the_rules_put_it(self) -> None:
        """Every step is in the state that the rules give; no step was passed twice."""
        if self.decision is None:
            return
        day = self.oracle.day
        watch_turns(self.body, self.now)
        if day.weekday() < 5 and self.is_open():
            self.oracle.look()
        self.decision.refresh_from_db()
        assert self.decision.state == {"none": "draft"}.get(self.oracle.state, self.oracle.state)
        if self.oracle.state in ("running", "decided"):
            assert [self.step(turn).state for turn in self.oracle.turns] == [
                turn.state for turn in self.oracle.turns
            ]
        noted = Entry.objects.filter(verb="decision.approved", subject_id=self.decision.pk).count()
        assert noted == self.oracle.approvals
        assert Entry.objects.filter(verb="decision.decided").count() == int(
            self.oracle.state == "decided"
        )

    def is_open(self) -> bool:
        return open_days(self.body).is_open(self.oracle.day)

    @invariant()
    def nobody_acted_who_might_not(self) -> None:
        """The drafter never; and who may now is what lists, deadlines and sight say."""
        if self.decision is None or self.oracle.state != "running":
            return
        assert not self.decision.steps.filter(acted_by=self.decision.drafter).exists()
        due = {}
        for thing in due_things(self.body, self.oracle.day):
            due.setdefault(thing.rule, set()).add(thing.member_id)
        listed = (
            due.get("decision.step", set())
            | due.get("decision.deputy", set())
            | due.get("decision.raise", set())
        )
        may = {who for turn in self.oracle.current() for who in self.oracle.may(turn)}
        assert listed == {self.people[who].pk for who in may}
        for name in {*may, self.oracle.drafter, NAMES[self.oracle.day.day % len(NAMES)]}:
            member = self.actor(name)
            found = set(Step.objects.awaiting(member).values_list("pk", flat=True))
            wanted = {
                self.step(turn).pk
                for turn in self.oracle.current()
                if name in self.oracle.may(turn)
            }
            assert found == wanted, name
            assert (
                not wanted
                or Decision.objects.visible_to(member).filter(pk=self.decision.pk).exists()
            )

    @invariant()
    def somebody_was_told(self) -> None:
        """Of every step whose turn it is: whoever may act, and the office when nobody of them is
        there.
        """
        if self.decision is None or self.oracle.state != "running" or not self.is_open():
            return
        assert self.oracle.current(), "a running decision has a step whose turn it is"
        for turn in self.oracle.current():
            step = self.step(turn)
            told = Notice.objects.filter(
                object_id=self.decision.pk, stage=f"r{step.revision}s{step.order}e{step.edition}"
            )
            members = set(told.values_list("member", flat=True))
            assert {self.people[who].pk for who in self.oracle.may(turn)} <= members
            if not any(not self.oracle.is_away(who) for who in self.oracle.may(turn)):
                assert self.office.pk in members


def simulate(examples: int, steps: int, *, same: bool) -> None:
    run_state_machine_as_test(
        Decisions,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=same,
            database=None,
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
            phases=[Phase.generate] if same else [Phase.generate, Phase.shrink],
        ),
    )


pytestmark = pytest.mark.usefixtures("invented_matter")


@pytest.mark.django_db
def test_no_decision_rests_unseen_passes_twice_or_is_acted_on_by_a_stranger():
    simulate(5, 10, same=True)


@pytest.mark.soak
@pytest.mark.django_db
def test_the_same_for_long():
    simulate(400, 40, same=False)


# --- the oracle sees it when a guard is off -------------------------------------------------------


def walk(drafter: str, *moves) -> None:
    """Go a short way by hand: 庶務係長, then the 副町長 decides; after each move everything is
    looked at.
    """
    machine = Decisions()
    try:
        machine.draft([(1, ("approve", "係長", "a1"))], ("副町長", "root"), drafter)
        for move in (lambda _machine: None, *moves):
            move(machine)
            machine.it_stands_where_the_rules_put_it()
            machine.nobody_acted_who_might_not()
            machine.somebody_was_told()
    finally:
        machine.teardown()


def head_goes(machine: Decisions) -> None:
    machine.goes_away("head_a1", 3)


def head_approves_and_the_decider_goes(machine: Decisions) -> None:
    machine.press(
        machine.oracle.turns[0],
        "head_a1",
        True,
        lambda step, by: operations.approve(step, by=by, now=machine.now),
    )
    machine.oracle.turns[0].state, machine.oracle.approvals = "approved", 1
    machine.oracle.go_on("head_a1")
    machine.is_named_deputy("mayor", ("root", "副町長"))
    machine.goes_away("vice", 3)


def the_drafter_presses(machine: Decisions) -> None:
    machine.is_transferred("clerk_b", "a1", "係長")
    machine.press(
        machine.oracle.turns[0],
        "clerk_b",
        False,
        lambda step, by: operations.approve(step, by=by, now=machine.now),
    )


GUARDS = {
    "raising": (
        "municipality.decisions.approvers.StepActors.raisers_of",
        lambda self, step: [],
        "clerk_a1",
        [head_goes],
    ),
    "deputising": (
        "municipality.decisions.approvers.StepActors.deputies_of",
        lambda self, step: [],
        "clerk_a1",
        [head_approves_and_the_decider_goes],
    ),
    "own step": (
        "municipality.decisions.operations.workflow.only_the_drafter",
        lambda step, standing: False,
        "head_a1",
        [],
    ),
    "own draft": ("municipality.decisions.rules.OWN_DRAFT", True, "clerk_b", [the_drafter_presses]),
    "telling": (
        "municipality.decisions.operations.workflow.notify_turn",
        lambda step, standing, now: None,
        "clerk_a1",
        [],
    ),
}
"""What is switched off, by what, who drafts, and the way that shows it."""


@pytest.mark.django_db
@pytest.mark.selfcheck
@pytest.mark.parametrize("guard", GUARDS)
def test_with_a_guard_switched_off_it_is_found(guard, monkeypatch):
    place, planted, drafter, moves = GUARDS[guard]
    walk(drafter, *moves)
    monkeypatch.setattr(place, planted)
    monkeypatch.setattr(
        "municipality.decisions.operations.stalled_steps.only_the_drafter",
        workflow.only_the_drafter,
    )
    monkeypatch.setattr(
        "municipality.decisions.operations.stalled_steps.notify_new_actors",
        lambda municipality, now: 0,
    )
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        walk(drafter, *moves)
