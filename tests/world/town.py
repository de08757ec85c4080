"""The bodies: root, three departments and one more, the same people in both, and the personas of
the first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Model
from django.utils import timezone

from municipality.accounts.models import Authenticator, User
from municipality.decisions.models import Absence
from municipality.organisation.models import Department, Member, Municipality, Post
from municipality.organisation.open_days import open_days
from municipality.organisation.operations.departments import (
    add_department,
    create_body,
    give_duty,
    post_member,
)
from municipality.reminders.models import CalendarFeed
from municipality.reminders.operations.calendar_feed import digest_of
from tests.build.decisions import a_route
from tests.build.municipality import PASSWORD, RANKS, an_account, root_of

from .marks import Marks

INSIDE = (
    "staff",
    "manager",
    "manager_other",
    "until_yesterday",
    "deputy",
    "office",
    "hr",
    "executive",
    "consultant",
    "auditor",
    "concurrent",
)
"""The personas who get into the body, in the order of the table's columns."""

OFFICE_OTHER = "office_other"
CALENDAR_SECRET = "calendar-of-the-staff"
OUTSIDE = (
    "signed_out",
    "half",
    "not_set_up",
    "deactivated",
    "consultant_ended",
    "cut_off",
    "locked",
    OFFICE_OTHER,
)
"""Those who do not: no session, no second factor shown or registered, account or membership ended,
door shut, another body.
"""

PERSONAS = INSIDE + OUTSIDE


@dataclass
class Town:
    """A body with its departments, people and things; of each family of things one per slot (self,
    own, below, other …).
    """

    code: str
    name: str
    body: Municipality = field(init=False)
    departments: dict[str, Department] = field(default_factory=dict)
    people: dict[str, Member] = field(default_factory=dict)
    things: dict[str, dict[str, Model]] = field(default_factory=dict)
    now: datetime = field(default_factory=timezone.now)

    @property
    def today(self) -> date:
        """The day in Japan."""
        return timezone.localdate(self.now)

    @property
    def since(self) -> date:
        """The day on which everybody was posted."""
        return self.today - timedelta(days=400)

    def day(self, days: int) -> date:
        """So many days from today, moved on to an open day of the body."""
        return open_days(self.code).roll(self.today + timedelta(days=days))

    def put(self, family: str, slot: str, thing: Model) -> Model:
        """Remember a thing."""
        self.things.setdefault(family, {})[slot] = thing
        return thing


def settle(town: Town, mark: Marks) -> Iterator[None]:
    """The body, its organisation and its people."""
    town.body = create_body(
        town.code,
        town.name,
        today=town.since,
        kana="",
        contact=mark("municipality.Municipality.contact", "any"),
        sender=f"{mark('municipality.Municipality.sender', 'any')}@town.example.jp",
        reply_to=f"{mark('municipality.Municipality.reply_to', 'any')}@town.example.jp",
    )
    for title, rank in RANKS.items():
        Post.objects.create(municipality=town.body, title=title, rank=rank)
    yield
    root = town.departments["root"] = root_of(town.body)
    for slot, code, name, above in (
        ("own", "0100", "総務課", "root"),
        ("below", "0110", "庶務係", "own"),
        ("other", "0200", "税務課", "root"),
        ("third", "0300", "住民課", "root"),
    ):
        town.departments[slot] = add_department(
            town.body,
            code=code,
            name=name,
            kind="unit" if above == "own" else "section",
            parent=town.departments[above],
            starts_on=town.since,
        )
        yield
    for name, (place, post, roles, told) in PEOPLE.items():
        _settle_member(town, mark, name, told)
        _post(town, name, place, post, roles)
        yield
    yield from _dated(town)
    yield from _routes(town, root)


PEOPLE: dict[str, tuple[str, str, str, str]] = {
    # personas of the body: department, post, roles, slot of the canaries on the person
    "staff": ("own", "主事", "staff", "self"),
    "manager": ("own", "課長", "manager", ""),
    "manager_other": ("other", "課長", "manager", ""),
    "until_yesterday": ("own", "係長", "manager", ""),
    "deputy": ("own", "主任", "staff", ""),
    "office": ("root", "主事", "office", ""),
    "hr": ("root", "主事", "hr", ""),
    "executive": ("root", "町長", "executive", ""),
    "consultant": ("root", "主事", "consultant", ""),
    "auditor": ("root", "主事", "auditor", ""),
    "concurrent": ("other", "係長", "manager", ""),
    # personas who do not get in
    "half": ("own", "主事", "staff", ""),
    "not_set_up": ("own", "主事", "staff", ""),
    "deactivated": ("own", "主事", "staff", ""),
    "consultant_ended": ("root", "主事", "consultant", ""),
    "cut_off": ("own", "主事", "staff", ""),
    "locked": ("own", "主事", "staff", ""),
    # others, on whom things hang
    "colleague": ("own", "主事", "staff", "own"),
    "below_person": ("below", "主事", "staff", "below"),
    "other_person": ("other", "主事", "staff", "other"),
    "senior": ("own", "主任", "staff", ""),
    "newcomer": ("own", "主事", "staff", ""),
    "other_newcomer": ("other", "主事", "staff", ""),
    "third_chief": ("third", "課長", "manager", ""),
    "second_office": ("root", "主事", "office", ""),
}


NAMELESS = ("consultant", "consultant_ended", "newcomer")
"""Whose name is no canary: the experts read their own on every page, and the newcomer on the
invitation.
"""


def _settle_member(town: Town, mark: Marks, name: str, told: str) -> None:
    number = len(town.people) + 1
    known = "" if name in NAMELESS else f" {mark('municipality.Member.name', 'at work')}"
    facts = {
        "name": f"職員{known}",
        "kana": f"ショクイン {number:02d}",
        "mail": f"{name}@{town.code}.example.jp",
    }
    if told:
        facts = {
            "kana": f"ショクイン {mark('municipality.Member.kana', told)}",
            "name": f"安藤 {mark('municipality.Member.name', told)}",
            "mail": f"{mark('municipality.Member.mail', told)}@town.example.jp",
            "employment": mark("municipality.Member.employment", told),
        }
    town.people[name] = Member.objects.create(
        municipality=town.body, number=f"{number:06d}", **facts
    )


def _post(town: Town, name: str, place: str, post: str, role: str) -> None:
    title = Post.objects.get(municipality=town.body, title=post)
    ended = (
        town.today - timedelta(days=1) if name in {"until_yesterday", "consultant_ended"} else None
    )
    facts = {"department": town.departments[place], "post": title, "roles": [role]}
    post_member(town.people[name], **facts, starts_on=town.since, ends_on=ended)


def _dated(town: Town) -> Iterator[None]:
    """Who moved today, who holds a second post, who is shut out, who carries a duty, who is away
    and stood in for.
    """
    clerk = Post.objects.get(municipality=town.body, title="主事")
    moved = {
        "department": town.departments["other"],
        "post": clerk,
        "roles": ["staff"],
        "starts_on": town.today,
    }
    post_member(town.people["until_yesterday"], **moved)
    second = {
        "department": town.departments["own"],
        "post": clerk,
        "roles": ["staff"],
        "kind": "concurrent",
    }
    post_member(town.people["concurrent"], **second, starts_on=town.since)
    yield
    give_duty(
        town.people["until_yesterday"],
        "clerk",
        department=town.departments["other"],
        starts_on=town.today,
        by=None,
    )
    Member.objects.filter(pk=town.people["cut_off"].pk).update(is_active=False)
    Member.objects.filter(pk=town.people["locked"].pk).update(locked_at=town.now)
    yield
    away = {"starts_on": town.today, "ends_on": town.today + timedelta(days=30)}
    Absence.objects.create(
        municipality=town.body, member=town.people["executive"], reason="出張", **away
    )
    yield


def _routes(town: Town, root: Department) -> Iterator[None]:
    """A pilot passes 税務課長 and the mayor, an expansion 住民課長 and the mayor, a review the
    mayor alone.
    """
    for matter, place in (
        ("pilots.pilot", "other"),
        ("pilots.expansion", "third"),
        ("evaluation.review", ""),
    ):
        stages = [(1, "approve", "課長", town.departments[place])] if place else []
        route = a_route(
            town.departments["own"], *stages, (2, "decide", "町長", root), matter=matter
        )
        town.put("route", matter.split(".")[1], route)
        yield


def give_accounts(here: Town, there: Town, mark: Marks) -> None:
    """Accounts for the personas, with their second factor where they have one, and one for the
    office of the other body.
    """
    for name in (*INSIDE, *OUTSIDE):
        if name in {"signed_out", OFFICE_OTHER}:
            continue
        member = here.people[name]
        user = _account(member, name, mark)
        if name == "not_set_up":
            Authenticator.objects.filter(user=user).delete()
            User.objects.filter(pk=user.pk).update(enrols_until=here.now + timedelta(days=1))
        if name == "deactivated":
            User.objects.filter(pk=user.pk).update(is_active=False)
    _account(there.people["office"], OFFICE_OTHER, mark)
    feed = {"digest": digest_of(CALENDAR_SECRET), "made_at": here.now}
    CalendarFeed.objects.create(user=here.people["staff"].user, **feed)


def _account(member: Member, name: str, mark: Marks) -> User:
    user = an_account(
        member, username=f"{mark('municipality.User.username', name)}@town.example.jp"
    )
    User.objects.filter(pk=user.pk).update(
        email=f"{mark('municipality.User.email', name)}@town.example.jp"
    )
    mark.secret(user.password, "municipality.User.password", name)
    return user


__all__ = [
    "CALENDAR_SECRET",
    "INSIDE",
    "OFFICE_OTHER",
    "OUTSIDE",
    "PASSWORD",
    "PERSONAS",
    "Town",
    "give_accounts",
    "settle",
]
