"""Two people add a main posting of the same person at once: one stands, the other is told."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection
from django.db.migrations.executor import MigrationExecutor

from municipality.core.refusals import Conflict
from municipality.organisation.models import Post, Posting
from municipality.organisation.operations.departments import post_member
from tests.build.municipality import a_body, a_department, a_member

from .together import together

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
AT_ONCE = 8


def test_of_many_at_once_one_stands_and_the_others_are_told():
    body = a_body()
    places = [a_department(body, f"第{number}課") for number in range(AT_ONCE)]
    member = a_member(places[0], ends_on=date(2026, 9, 30))
    post = Post.objects.get(title="課長")

    def adding(place):
        return lambda: post_member(
            member, department=place, post=post, roles=["staff"], starts_on=date(2026, 10, 1)
        )

    answers = together([adding(place) for place in places])
    assert [type(answer) for answer in answers].count(Conflict) == AT_ONCE - 1
    assert Posting.objects.filter(member=member, starts_on=date(2026, 10, 1)).count() == 1


def test_the_database_refuses_what_an_operation_did_not_ask_about_except_what_stood_before():
    place = a_department(a_body())
    facts = {
        "municipality": place.municipality,
        "member": a_member(place),
        "department": place,
        "post": Post.objects.get(title="課長"),
        "starts_on": date(2026, 10, 1),
    }
    with pytest.raises(IntegrityError, match="main_postings_do_not_overlap"):
        Posting.objects.create(**facts)
    assert Posting.objects.create(**facts, overlaps_from_before=True).pk


@pytest.mark.usefixtures("migrated_in_the_end")
def test_an_installation_with_overlapping_postings_migrates(transactional_db):
    """The rows of before are marked, and the constraint takes them as they are."""
    place = a_department(a_body())
    member, other = a_member(place), a_member(place, ends_on=date(2026, 9, 30))
    post = Post.objects.get(title="課長")
    migrate("0013_jobs_are_guarded")
    with connection.cursor() as cursor:
        for person, starts_on in ((member, "2026-10-01"), (other, "2026-10-01")):
            cursor.execute(
                "INSERT INTO municipality_posting (municipality_id, edition, member_id,"
                " department_id, post_id, kind, status, starts_on)"
                " VALUES (%s, 1, %s, %s, %s, 'main', 'present', %s)",
                [place.municipality_id, person.pk, place.pk, post.pk, starts_on],
            )
    migrate("0016_main_postings_do_not_overlap")
    marked = Posting.objects.filter(overlaps_from_before=True)
    assert set(marked.values_list("member", flat=True)) == {member.pk}
    assert marked.count() == 2


@pytest.fixture
def migrated_in_the_end():
    """Whatever a test left undone is done for the tests after it."""
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def migrate(name: str) -> None:
    executor = MigrationExecutor(connection)
    executor.migrate([("municipality", name)])
