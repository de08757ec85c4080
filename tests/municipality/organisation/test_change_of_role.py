"""A change of role holds from midnight in Japan: at the next request, in open sessions, for queued
mails and for deputies.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from municipality.decisions.models import Absence, Deputy
from municipality.notifications.models import Mail
from municipality.notifications.operations.notify import notify
from municipality.notifications.operations.outbox import deliver_mails
from municipality.organisation.models import Duty, Grant, Member, Post, Posting, authority_on
from municipality.organisation.operations.departments import post_member
from tests.build.accounts import someone
from tests.build.municipality import (
    TOKYO,
    a_body,
    a_department,
    a_member,
    an_account,
    root_of,
    signed_in,
)

pytestmark = pytest.mark.django_db
CHANGE = date(2026, 11, 10)
BEFORE = datetime(2026, 11, 9, 23, 59, 59, tzinfo=TOKYO)
AFTER = datetime(2026, 11, 10, 0, 0, 0, tzinfo=TOKYO)
LATER = datetime(2026, 11, 10, 8, 59, 59, tzinfo=TOKYO)
"""The last second of the same day in London: midnight there is nine in the morning here."""


@dataclass(frozen=True)
class Change:
    """What changes on the day, and what the person is answered at the addresses before and
    after.
    """

    name: str
    before: tuple[str, str] | None
    after: tuple[str, str] | None
    answers: dict[str, tuple[int, int]]
    how: str = "posting"


HOME, PEOPLE, SETTINGS, LOG, SOUMU = (
    "/993018/",
    "/993018/people/",
    "/993018/settings/",
    "/993018/log/",
    "soumu",
)
GIVEN = {SETTINGS: (403, 200), PEOPLE: (403, 200), LOG: (403, 200)}
TAKEN = {SETTINGS: (200, 403), PEOPLE: (200, 403), LOG: (200, 403)}
CHANGES = [
    Change(
        "an expert's contract ends",
        ("root", "consultant"),
        None,
        {HOME: (200, 404), SOUMU: (200, 404)},
    ),
    Change("a clerk leaves", ("soumu", "staff"), None, {HOME: (200, 404), SOUMU: (200, 404)}),
    Change(
        "a clerk comes",
        None,
        ("soumu", "staff"),
        {HOME: (404, 200), SOUMU: (404, 200), PEOPLE: (404, 403)},
    ),
    Change("somebody joins the office", ("soumu", "staff"), ("root", "office"), GIVEN),
    Change("somebody leaves the office", ("root", "office"), ("soumu", "staff"), TAKEN),
    Change(
        "a clerk becomes manager",
        ("soumu", "staff"),
        ("soumu", "manager"),
        {PEOPLE: (403, 200), SOUMU: (200, 200)},
    ),
    Change(
        "a manager moves away",
        ("soumu", "manager"),
        ("zeimu", "staff"),
        {PEOPLE: (200, 403), SOUMU: (200, 404)},
    ),
    Change(
        "a manager moves to another section",
        ("zeimu", "manager"),
        ("soumu", "manager"),
        {SOUMU: (404, 200)},
    ),
    Change(
        "an auditor is named",
        ("soumu", "staff"),
        ("root", "auditor"),
        {LOG: (403, 200), SETTINGS: (403, 403)},
    ),
    Change("an auditor is relieved", ("root", "auditor"), ("soumu", "staff"), {LOG: (200, 403)}),
    Change(
        "HR comes in",
        ("soumu", "staff"),
        ("root", "hr"),
        {PEOPLE: (403, 200), SETTINGS: (403, 403)},
    ),
    Change(
        "leave begins",
        ("soumu", "staff"),
        ("soumu", "leave"),
        {HOME: (200, 404), SOUMU: (200, 404)},
    ),
    Change(
        "leave ends", ("soumu", "leave"), ("soumu", "staff"), {HOME: (404, 200), SOUMU: (404, 200)}
    ),
    Change(
        "a secondment begins",
        ("soumu", "manager"),
        ("soumu", "seconded"),
        {HOME: (200, 404), PEOPLE: (200, 404)},
    ),
]
MOMENTS = {"before": (BEFORE, 0), "after": (AFTER, 1), "later": (LATER, 1)}
CASES = [
    pytest.param(change, address, moment, id=f"{change.name}: {address} {moment}")
    for change in CHANGES
    for address in change.answers
    for moment in MOMENTS
]


class Town:
    """A body with two sections and somebody whose posting changes."""

    def __init__(self, change: Change) -> None:
        self.body = a_body()
        self.places = {
            "root": root_of(self.body),
            "soumu": a_department(self.body),
            "zeimu": a_department(self.body, "税務課"),
        }
        self.member = Member.objects.create(
            municipality=self.body, number="900", name="髙瀬 陽子", mail="y@town.example.jp"
        )
        self.post(change.before, date(2026, 4, 1), CHANGE - timedelta(days=1))
        self.post(change.after, CHANGE, None)
        an_account(self.member)

    def post(self, what: tuple[str, str] | None, first: date, last: date | None) -> None:
        """Post the person, with a role or in a state without any effect."""
        if what is None:
            return
        place, role = what
        absent = role in {"leave", "seconded"}
        title = Post.objects.get(municipality=self.body, title="主事")
        facts = {
            "department": self.places[place],
            "post": title,
            "starts_on": first,
            "ends_on": last,
        }
        posting = post_member(self.member, **facts, roles=["staff" if absent else role])
        if absent:
            Posting.objects.filter(pk=posting.pk).update(status=role)

    def address(self, wanted: str) -> str:
        """The page in question."""
        return f"/993018/departments/{self.places['soumu'].pk}/" if wanted == SOUMU else wanted


def answered(client, address: str, moment: datetime) -> int:
    """What a session that was opened long before is answered at that moment."""
    with patch("municipality.accounts.middleware.timezone.now", lambda: moment):
        return client.get(address).status_code


@pytest.mark.parametrize(("change", "address", "moment"), CASES)
def test_it_holds_in_an_open_session_from_midnight_in_japan(change, address, moment):
    town, (at, which) = Town(change), MOMENTS[moment]
    client = signed_in(town.member)
    assert answered(client, town.address(address), at) == change.answers[address][which]


def test_there_are_more_than_fifty_scenarios():
    assert len(CASES) >= 50


@pytest.mark.parametrize("moment", MOMENTS)
def test_one_session_is_asked_just_before_and_just_after(moment):
    town = Town(CHANGES[3])
    client = signed_in(town.member)
    seen = [answered(client, SETTINGS, at) for at in (BEFORE, AFTER, BEFORE, LATER)]
    assert seen == [403, 200, 403, 200]


@pytest.mark.parametrize(
    ("change", "sent"),
    [
        (CHANGES[0], (1, 0)),
        (CHANGES[1], (1, 0)),
        (CHANGES[2], (0, 1)),
        (CHANGES[6], (1, 1)),
        (CHANGES[11], (1, 0)),
        (CHANGES[13], (1, 0)),
    ],
)
@pytest.mark.parametrize("which", [0, 1])
def test_a_queued_mail_goes_only_while_the_person_works_here(change, sent, which):
    town, moment = Town(change), (BEFORE, AFTER)[which]
    notify(
        Member.objects.get(pk=town.member.pk),
        "account.password",
        town.member,
        stage="1",
        now=BEFORE - timedelta(days=1),
    )
    assert Mail.objects.get().state == "queued"
    assert deliver_mails(now=moment) == sent[which]


@pytest.mark.parametrize(
    ("first", "last", "stands"),
    [
        (CHANGE, None, (False, True)),
        (date(2026, 4, 1), CHANGE - timedelta(days=1), (True, False)),
        (date(2026, 4, 1), None, (True, True)),
    ],
)
def test_a_deputy_is_named_from_and_to_the_day(first, last, stands):
    town = Town(CHANGES[6])
    post = Post.objects.get(municipality=town.body, title="町長")
    facts = {
        "municipality": town.body,
        "department": town.places["root"],
        "post": post,
        "member": town.member,
    }
    Deputy.objects.create(**facts, starts_on=first, ends_on=last)
    days = [timezone.localdate(moment) for moment in (BEFORE, AFTER)]
    assert (
        tuple(Deputy.objects.on(day).filter(member=town.member).exists() for day in days) == stands
    )


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Kiritimati"])
def test_the_zone_of_the_server_does_not_matter(zone, settings):
    town = Town(CHANGES[0])
    client = signed_in(town.member)
    elsewhere = [moment.astimezone(ZoneInfo(zone)) for moment in (BEFORE, AFTER)]
    assert [answered(client, HOME, moment) for moment in elsewhere] == [200, 404]


def test_an_absence_takes_no_right_away():
    town = Town(CHANGES[5])
    Absence.objects.create(
        municipality=town.body, member=town.member, reason="出張", starts_on=CHANGE, ends_on=CHANGE
    )
    assert authority_on(town.member, CHANGE).is_manager
    assert (Grant.objects.count(), Duty.objects.count()) == (2, 0)


@pytest.mark.selfcheck
def test_with_the_day_of_london_the_change_would_come_late():
    town = Town(CHANGES[0])
    client = signed_in(town.member)
    with (
        timezone.override("UTC"),
        patch(
            "municipality.accounts.middleware.timezone.localdate",
            lambda now: now.astimezone(ZoneInfo("UTC")).date(),
        ),
    ):
        assert answered(client, HOME, AFTER) == 200


def test_nobody_else_is_touched():
    town = Town(CHANGES[3])
    colleague = someone(body=town.body)
    other = a_member(town.places["soumu"])
    client = signed_in(colleague)
    assert [answered(client, SETTINGS, moment) for moment in (BEFORE, AFTER)] == [403, 403]
    assert other.user is None
