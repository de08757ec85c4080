"""Nobody holds two main postings (本務) on one day; where an installation has such people from
before, 組織の確認 names them.
"""

from __future__ import annotations

from datetime import date

import pytest

from municipality.core.refusals import Conflict
from municipality.organisation.models import Member, Post, Posting
from municipality.organisation.operations.departments import post_member
from tests.build.municipality import (
    a_body,
    a_department,
    a_member,
    also_posted,
    root_of,
    signed_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> Member:
    """Somebody whose main posting runs from April to September."""
    return a_member(a_department(a_body()), ends_on=date(2026, 9, 30))


def post(member: Member, starts_on: date, ends_on: date | None = None, **facts) -> Posting:
    return post_member(
        member,
        department=root_of(member.municipality),
        post=Post.objects.get(title="課長"),
        roles=["staff"],
        starts_on=starts_on,
        ends_on=ends_on,
        **facts,
    )


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        (date(2026, 9, 30), None),
        (date(2026, 6, 1), date(2026, 6, 30)),
        (date(2025, 4, 1), None),
        (date(2025, 4, 1), date(2026, 4, 1)),
    ],
)
def test_a_second_main_posting_of_the_same_days_is_refused(member, starts_on, ends_on):
    with pytest.raises(Conflict, match="重なっています"):
        post(member, starts_on, ends_on)
    assert member.postings.count() == 1


def test_the_days_before_and_after_are_free_and_so_are_concurrent_postings(member):
    post(member, date(2026, 10, 1))
    post(member, date(2025, 4, 1), date(2026, 3, 31))
    also_posted(member, root_of(member.municipality))
    assert member.postings.count() == 4


def test_people_with_two_main_postings_from_before_are_named_on_the_check_page(member):
    body = member.municipality
    Posting.objects.filter(member=member).update(ends_on=None)
    Posting.objects.create(
        municipality=body,
        member=member,
        department=root_of(body),
        post=Post.objects.get(title="課長"),
        starts_on=date(2026, 4, 1),
        overlaps_from_before=True,
    )
    office = a_member(root_of(body), "office")
    page = signed_in(office).get(f"/{body.pk}/organisation-check/").content.decode()
    assert "本務が重なっている職員" in page
    assert member.name in page
