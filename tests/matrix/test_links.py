"""Every link opens for the person who got it: in the list of things to do, in each notice, and in
each mail, of every rule.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse

from evaluation.pdca.actions.models import ActionEntry
from municipality.accounts.models import Authenticator
from municipality.core.registry import deadlines, notice_kinds
from municipality.decisions.models import Absence, Circulation, Step
from municipality.notifications.models import Mail, Notice
from municipality.notifications.operations.outbox import deliver_mails
from municipality.notifications.wording import worded
from municipality.organisation.models import Member, Municipality
from municipality.organisation.open_days import open_days
from municipality.reminders.models import Hold, LadderVersion
from municipality.reminders.operations.mails import gather_mails
from municipality.reminders.operations.planning import plan_reminders
from pilots.participants.models import Participant
from pilots.planning.models import Pilot
from tests.build.municipality import signed_in
from tests.world import World
from tests.world.scanner import Leak
from tests.world.town import INSIDE

from .sending import SENDING
from .table import ABSENT, ROWS
from .walk import address_of

pytestmark = pytest.mark.django_db

Thing = tuple[str, str, str]


def mayor_stays_away(world: World) -> None:
    """Longer than the day on which the world is looked at."""
    Absence.objects.filter(member=world.here.people["executive"]).update(
        ends_on=world.here.today + timedelta(days=300)
    )


def head_away(world: World) -> None:
    """The step's holder is away, and the mayor further up the route is back."""
    away = Absence.objects.filter(member=world.here.people["executive"])
    away.update(
        member=world.here.people["manager_other"], ends_on=world.here.today + timedelta(days=300)
    )


def head_gone(world: World) -> None:
    """The step's post has fallen vacant."""
    world.here.people["manager_other"].postings.update(ends_on=world.here.today - timedelta(days=1))


def reviewed(world: World) -> None:
    """Decided by the deputy, and waiting for 後閲 since a few days."""
    decision = world.here.things["decision"]["own"]
    SENDING["municipality:decision_review"].given(world.here, decision)  # type: ignore[misc]
    Step.objects.filter(decision=decision, order=2).update(due_on=world.here.day(3))


def to_be_read(world: World) -> None:
    """Decided, and circulated to hr since today (供覧)."""
    SENDING["municipality:decision_read"].given(world.here, world.here.things["decision"]["own"])  # type: ignore[misc]


def to_be_read_by_a_post(world: World) -> None:
    """Decided, and circulated to whoever is 住民課長."""
    to_be_read(world)
    held = world.here.people["third_chief"].postings.get()
    circulated = Circulation.objects.filter(decision=world.here.things["decision"]["own"])
    circulated.update(member=None, department=held.department, post=held.post)


def pilots_to_come(world: World) -> None:
    """The pilots of the world begin after their people were asked."""
    Pilot.objects.update(starts_on=world.here.day(5), ends_on=world.here.day(60))


def approved_without_people(world: World) -> None:
    """Approved, and nobody is asked to take part."""
    startable(world)
    Participant.objects.update(state="left", agreed_on=None)


def another_day_wanted(world: World) -> None:
    """Whoever has to do the action wishes for another day."""
    action = world.here.things["action"]["own"]
    ActionEntry.objects.create(
        municipality=world.here.body,
        action=action,
        kind="report",
        by=action.who,
        at=world.here.now,
        text="間に合いません。",
        due_on=world.here.day(40),
    )


def startable(world: World) -> None:
    """Approved, and to be started in some days: nobody does."""
    SENDING["pilots:start"].given(world.here, world.here.things["pilot"]["own"])  # type: ignore[misc]
    Pilot.objects.update(starts_on=world.here.today, planned_at=world.here.now - timedelta(days=9))


def ended(world: World) -> None:
    """Over since yesterday."""
    SENDING["pilots:evaluate"].given(world.here, world.here.things["pilot"]["own"])  # type: ignore[misc]
    Pilot.objects.filter(state="running").update(ends_on=world.here.today - timedelta(days=1))


WAITING: dict[str, Thing | Callable[[World], None] | None] = {
    "decision.step": None,
    "decision.deputy": mayor_stays_away,
    "decision.raise": head_away,
    "decision.vacancy": head_gone,
    "decision.review": reviewed,
    "decision.read": to_be_read,
    "decision.read_by_post": to_be_read_by_a_post,
    "readiness.answer": None,
    "readiness.correct": ("rollout:return", "assessment", "own"),
    "readiness.confirm": ("rollout:confirm", "assessment", "own"),
    "readiness.reexamine": None,
    "readiness.exception": None,
    "training.assignment": None,
    "usage.hand_in": None,
    "usage.hand_in_clerk": None,
    "pilots.agree": pilots_to_come,
    "pilots.ask": approved_without_people,
    "pilots.start": startable,
    "pilots.evaluate": ended,
    "review.enter": None,
    "review.send": None,
    "action.do": None,
    "action.new_day": another_day_wanted,
    "sheet.goals": None,
    "sheet.agree": ("evaluation:sheet_agree", "sheet", "self"),
    "promise.keep": None,
}
"""Each rule, and what brings a thing of the world into the state in which it waits; None when one
waits there already.
"""

UNTOLD = {
    "account.ending": (
        "told by the clock two weeks before: tests/municipality/accounts/test_arrivals.py"
    ),
    "account.locked": (
        "another body's office made the sign-in anew: "
        "tests/municipality/accounts/test_invitations_renewal.py"
    ),
    "reminders.held": "told by the clock: below",
    "decision.vacant": (
        "told when a route meets an empty post: tests/municipality/decisions/test_decisions.py"
    ),
    "readiness.reexamination_declined": (
        "told by the second button of the form: tests/rollout/readiness/test_exceptions.py"
    ),
    "training.voided": (
        "told when the assignment is open again: tests/training/completions/test_recording.py"
    ),
    "pilots.courses": (
        "told when a required course is missing: tests/pilots/participants/test_courses.py"
    ),
    "pilots.lead_courses": (
        "told when a required course is missing: tests/pilots/participants/test_courses.py"
    ),
    "pilots.widened": (
        "told when the last step of an expansion is taken: "
        "tests/pilots/expansion/test_expansions.py"
    ),
    "pilots.approved": "told when the last step of a pilot is taken: below",
    "disposal.proposed": (
        "told when the log's old lines are proposed for disposal: "
        "tests/municipality/records/test_disposals.py"
    ),
    "disposal.done": (
        "told when somebody else has approved: tests/municipality/records/test_disposals.py"
    ),
    "disposal.refused": (
        "told when somebody else has refused: tests/municipality/records/test_disposals.py"
    ),
    "log.broken": "told by the clock: tests/municipality/records/test_log.py",
    "transfer.taken": (
        "told by the clock on the day: tests/municipality/transfers/test_transfers.py"
    ),
    "transfer.vacant": (
        "told by the clock on the day: tests/municipality/transfers/test_transfers.py"
    ),
    "decision.in_place": (
        "told by the clock when the holder is away: "
        "tests/municipality/decisions/test_decisions_in_place.py"
    ),
    "decision.decided": "told when the last step is taken; its page is the drafter's own decision",
    "action.taken": "told who had it before: tests/evaluation/pdca/actions/test_actions.py",
    "action.moved": "told when the day is another: tests/evaluation/pdca/actions/test_actions.py",
    "action.wanted": (
        "told when another day is asked for: tests/evaluation/pdca/actions/test_actions.py"
    ),
    "action.reopened": (
        "told when it is taken up again: tests/evaluation/pdca/actions/test_actions.py"
    ),
    "action.given": (
        "told when an action is given to somebody else: "
        "tests/evaluation/pdca/reviews/test_reviews.py"
    ),
    "decision.yours": "told when a decision moves on: below",
}
"""Notices with a page that no single form of the table makes somebody get."""


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def an_authenticator(user: Any) -> None:
    """Who has none yet registers one to get in."""
    device = Authenticator(user=user, name="app", confirmed=True)
    device.key = b"0123456789abcdefghij"
    device.save()


def shut_out(member: Member) -> bool:
    """Does no page open for the person until the office opens their door, or their account is let
    in again?
    """
    return member.locked_at is not None or (member.user is not None and not member.user.is_active)


class Follower:
    """Opens addresses as the people who got them."""

    def __init__(self) -> None:
        self.clients: dict[int, Client] = {}
        self.followed = 0

    def get(self, member: Member, address: str) -> Any:
        """The page as this person gets it. Who reads which text is the canaries' matter, and knows
        no more than the personas.
        """
        try:
            return self.clients[member.pk].get(address)
        except Leak as leak:
            return leak.response

    def refused(self, member: Member, address: str, where: str) -> list[str]:
        """What is wrong with a link; nothing when the page opens, or when no page opens for the
        person at all.
        """
        if shut_out(member):
            return []
        if member.pk not in self.clients:
            if member.user and not Authenticator.objects.filter(user=member.user).exists():
                an_authenticator(member.user)
            self.clients[member.pk] = signed_in(member)
        answer = self.get(member, address)
        self.followed += 1
        return (
            []
            if answer.status_code == 200
            else [f"{where} {member.pk} {member.mail}: {address} {answer.status_code}"]
        )


def late_day(world: World):
    """A day so late that everything that waits in the world has been told to everybody it is ever
    told to.
    """
    return open_days(world.here.body).roll(world.here.today + timedelta(days=90))


def told_late(world: World) -> None:
    now = world.here.now + (late_day(world) - world.here.today)
    Mail.objects.all().update(state=Mail.State.DROPPED, lease_until=None)
    plan_reminders(world.here.body, now=now)
    gather_mails(world.here.body, now=now)
    deliver_mails(now=now, limit=2000)


def test_the_list_of_rules_is_complete():
    assert set(WAITING) == set(deadlines()), (
        "say in WAITING how a thing of the new rule comes to wait"
    )


@pytest.mark.parametrize("rule", WAITING)
def test_each_link_of_a_rule_opens_for_whoever_got_it(rule, world, record_property):
    follower, found = Follower(), []
    with taken_back():
        Municipality.objects.update(sending=True)
        bring_about(world, WAITING[rule])
        mail.outbox.clear()
        told_late(world)
        notices = list(
            Notice.objects.filter(
                municipality=world.here.body, rule=rule, stage__gt="", hold=None
            ).select_related("member__user")
        )
        assert notices, "nobody was told"
        for notice in notices:
            found += follower.refused(notice.member, worded(notice).address, "notice")
        found += in_mails(follower, notices)
        found += in_lists(follower, world, rule, notices)
    record_property("cases", follower.followed)
    assert found == []


def bring_about(world: World, how: Any) -> None:
    if callable(how):
        how(world)
    elif how:
        name, family, slot = how
        SENDING[name].given(world.here, world.here.things[family][slot])  # type: ignore[misc]


def in_mails(follower: Follower, notices: list[Notice]) -> list[str]:
    """The links of each mail, opened by whom it went to."""
    people = {notice.member.mail: notice.member for notice in notices}
    found, seen = [], set()
    for sent in mail.outbox:
        member = people.get(sent.to[0])
        for address in (
            re.findall(rf"{re.escape(settings.BASE_URL)}(/\S+)", sent.body) if member else ()
        ):
            seen.add(sent.to[0])
            found += follower.refused(member, address, "mail")
    assert seen >= {person for person in people if person}, "some were told and got no link by mail"
    return found


def in_lists(follower: Follower, world: World, rule: str, notices: list[Notice]) -> list[str]:
    """The links of each person's home for things of the rule."""
    home, prefix = reverse("dashboard:home", args=[world.here.code]), page_prefix(world, rule)
    found, linked = [], 0
    people = {notice.member_id: notice.member for notice in notices if not shut_out(notice.member)}
    for member in people.values():
        follower.refused(member, home, "home")
        text = follower.get(member, home).content.decode()
        for address in sorted(set(re.findall(rf'href="({prefix}\d+/)"', text))):
            linked += 1
            found += follower.refused(member, address, "home")
    assert linked, "it stands in nobody's list"
    return found


def page_prefix(world: World, rule: str) -> str:
    return reverse(deadlines()[rule].page, args=[world.here.code, 7]).removesuffix("7/")


def test_each_notice_that_a_form_makes_somebody_get_opens_for_them(world, asker, record_property):
    follower, found, told = Follower(), [], set()
    for row in [row for row in ROWS if row.method == "POST"]:
        slot = next(
            (slot for slot, letters in row.cells.items() if slot != ABSENT and "+" in letters), ""
        )
        who = next(
            who for who, letter in zip(INSIDE, row.cells[slot], strict=True) if letter == "+"
        )
        before = Notice.objects.latest("pk").pk
        look = partial(follow_new, follower, before, found, told)
        sending = SENDING.get(row.name)
        target = world.here.things[row.family][slot] if row.family else None
        given = partial(sending.given, world.here, target) if sending and sending.given else None
        data = partial(sending.data, world.here, target, who) if sending and sending.data else None
        asker.ask(who, "POST", address_of(world, row, slot), data=data, given=given, inspect=look)
        follower.clients.clear()  # their sessions were taken back with everything else
    record_property("cases", follower.followed)
    assert found == []
    paged = {rule for rule, kind in notice_kinds().items() if kind.page}
    assert paged - told - set(UNTOLD) == set(), (
        "told by no form: say in UNTOLD where it is followed"
    )


def follow_new(
    follower: Follower, before: int, found: list[str], told: set[str], _answer: Any
) -> None:
    for notice in Notice.objects.filter(pk__gt=before, hold=None).select_related(
        "member__user", "member__municipality"
    ):
        told.add(notice.rule)
        if (address := worded(notice).address) and notice.member.is_active:
            found += follower.refused(notice.member, address, notice.rule)


def test_what_is_held_opens_for_the_office_that_is_told(world, record_property):
    follower = Follower()
    with taken_back():
        Hold.objects.all().update(
            state="dropped", decided_at=world.here.now, decided_by=world.here.people["office"]
        )
        LadderVersion.objects.create(
            municipality=world.here.body,
            version=1,
            stages=[-5, 0, 5],
            cap=1,
            set_at=world.here.now,
            set_by=world.here.people["office"],
        )
        told_late(world)
        notices = list(Notice.objects.filter(rule="reminders.held").select_related("member__user"))
        assert {notice.member for notice in notices} == {
            world.here.people["office"],
            world.here.people["second_office"],
        }
        assert [
            text
            for notice in notices
            for text in follower.refused(notice.member, worded(notice).address, "held")
        ] == []
    record_property("cases", follower.followed)


@pytest.mark.selfcheck
def test_a_rule_that_nobody_entered_and_a_link_that_does_not_open_are_found(world, monkeypatch):
    later = deadlines()["decision.step"]
    monkeypatch.setitem(deadlines(), "new.rule", later)
    assert set(WAITING) != set(deadlines())
    with taken_back():
        follower = Follower()
        staff = world.here.people["staff"]
        assert (
            follower.refused(
                staff, reverse("municipality:settings", args=[world.here.code]), "notice"
            )
            != []
        )
