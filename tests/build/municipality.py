"""A body, its departments and its people."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count
from zoneinfo import ZoneInfo

from django.test import Client

from municipality.accounts.models import Authenticator, User
from municipality.organisation.models import Department, Duty, Member, Municipality, Post, Posting
from municipality.organisation.operations.departments import (
    add_department,
    create_body,
    give_duty,
    post_member,
)

TOKYO = ZoneInfo("Asia/Tokyo")
APRIL = date(2026, 4, 1)
PASSWORD = "asagao-to-himawari-26"
RANKS = {"町長": 1, "副町長": 2, "課長": 5, "係長": 7, "主任": 8, "主事": 9}
_numbers = count(50_001)
"""Far from every number that a test writes down itself, however many were made before it."""


def at(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """A moment in Japan."""
    return datetime(year, month, day, hour, minute, tzinfo=TOKYO)


def a_body(code: str = "993018", name: str = "あおば町", **fields) -> Municipality:
    """A body with its root department and the usual posts."""
    fields = {"kana": "アオバチョウ", "small_cell": 5, **fields}
    body = create_body(code, name, today=date(2026, 4, 1), **fields)
    for title, rank in RANKS.items():
        Post.objects.create(municipality=body, title=title, rank=rank)
    return body


def root_of(body: Municipality) -> Department:
    """The department that is the body itself."""
    return Department.objects.get(municipality=body, code="")


def a_department(
    body: Municipality,
    name: str = "総務課",
    code: str = "",
    parent: Department | None = None,
    kind: str = "section",
) -> Department:
    """A department under the body (or under `parent`) since April."""
    return add_department(
        body,
        code=code or f"{next(_numbers):04d}",
        name=name,
        kind=kind,
        parent=parent or root_of(body),
        starts_on=APRIL,
    )


def a_member(
    department: Department,
    *roles: str,
    name: str = "",
    post: str = "主事",
    starts_on: date = APRIL,
    ends_on: date | None = None,
    **fields,
) -> Member:
    """A member posted in the department, with these roles (staff when none is named). No account
    yet.
    """
    number = next(_numbers)
    member = Member.objects.create(
        municipality_id=department.municipality_id,
        number=fields.pop("number", f"{number:06d}"),
        name=name or f"職員 {number}",
        kana=fields.pop("kana", f"ショクイン {number:04d}"),
        mail=fields.pop("mail", f"m{number}@town.example.jp"),
        **fields,
    )
    title = Post.objects.get(municipality=department.municipality_id, title=post)
    post_member(
        member,
        department=department,
        post=title,
        roles=list(roles) or ["staff"],
        starts_on=starts_on,
        ends_on=ends_on,
    )
    return member


def also_posted(
    member: Member, department: Department, *roles: str, post: str = "主事", starts_on: date = APRIL
) -> Posting:
    """A concurrent posting (兼務) of the member."""
    title = Post.objects.get(municipality=department.municipality_id, title=post)
    return post_member(
        member,
        department=department,
        post=title,
        roles=list(roles) or ["staff"],
        starts_on=starts_on,
        kind="concurrent",
    )


def with_duty(member: Member, kind: str, department: Department) -> Duty:
    """The member carries a duty in the department."""
    return give_duty(member, kind, department=department, starts_on=APRIL, by=None)


def an_account(member: Member, username: str = "") -> User:
    """An account for the member, with a confirmed second factor."""
    user = User.objects.create_user(
        username or f"user{member.pk}@town.example.jp", PASSWORD, email=member.mail
    )
    Member.objects.filter(pk=member.pk).update(user=user)
    member.user = user
    device = Authenticator(user=user, name="app", confirmed=True)
    device.key = b"0123456789abcdefghij"
    device.save()
    return user


def signed_in(member: Member) -> Client:
    """A client of the member, signed in and past the second factor."""
    user = member.user or an_account(member)
    client = Client()
    client.force_login(user)
    session = client.session
    session["otp_device_id"] = Authenticator.objects.get(user=user).persistent_id
    session.save()
    return client
