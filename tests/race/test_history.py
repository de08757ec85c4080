"""Thirty-two writers at the same moment: one chain, every line in it, and none without its
predecessor.
"""

from __future__ import annotations

import pytest

from municipality.audit import log as history
from municipality.audit.access_events import note_reading
from municipality.audit.chain import verify_chain
from municipality.audit.log import operation, record
from municipality.audit.models import Chain, Entry
from tests.build.municipality import a_body, a_department, a_member

from .together import Meeting, together

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
WRITERS, EACH = 32, 5


def write(member):
    def run():
        for _n in range(EACH):
            note_reading("member.read", member, by=member)
        return "written"

    return run


@pytest.fixture
def members():
    place = a_department(a_body())
    return [a_member(place) for _n in range(WRITERS)]


def test_thirty_two_writers_make_one_chain(members):
    chain = Chain.objects.get(municipality=members[0].municipality_id)
    before = chain.length
    assert together([write(member) for member in members]) == ["written"] * WRITERS
    chain.refresh_from_db()
    assert chain.length == before + WRITERS * EACH
    numbers = list(Entry.objects.filter(chain=chain).order_by("seq").values_list("seq", flat=True))
    assert numbers == list(range(1, chain.length + 1))
    assert verify_chain(chain).reason == ""


def test_two_bodies_that_write_into_each_others_chains_do_not_wait_for_each_other_for_ever(members):
    other = a_member(a_department(a_body("993026", "みどり市")))

    def both(first, second):
        @operation
        def run():
            record(first, "member.read", first)
            record(second, "member.read", second)

        return run

    jobs = [both(members[n], other) if n % 2 else both(other, members[n]) for n in range(WRITERS)]
    assert together(jobs) == [None] * WRITERS
    assert [verify_chain(chain).reason for chain in Chain.objects.all()] == ["", ""]


@pytest.mark.selfcheck
def test_without_the_lock_on_the_head_the_chain_breaks_or_writers_fail(members, monkeypatch):
    append, meeting = history._append, Meeting()

    def side_by_side(chain, line):
        meeting.wait()
        append(chain, line)

    monkeypatch.setattr(history, "_append", side_by_side)
    monkeypatch.setattr(
        type(Chain.objects.all()), "select_for_update", lambda self, **_facts: self.all()
    )
    answers = together([write(member) for member in members])
    assert meeting.took_place
    assert answers != ["written"] * WRITERS or verify_chain(Chain.objects.get()).reason != ""
