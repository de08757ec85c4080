"""The history: written last, in the same transaction, chained; every kind of manipulation is found."""

from __future__ import annotations

import pytest
from django.db.models import F

from municipality.models import Chain, Entry, EntryContent
from municipality.operations import history, operation, record
from municipality.operations.history import verify_chain
from tests.build.municipality import a_body, a_department, a_member

pytestmark = pytest.mark.django_db
LINES = 12


@pytest.fixture
def chain():
    body = a_body()
    member = a_member(a_department(body))

    @operation
    def act(number):
        record(member, "municipality.created", member, number=number)

    for number in range(LINES):
        act(number)
    return Chain.objects.get(municipality=body)


def test_an_untouched_chain_holds(chain):
    verdict = verify_chain(chain)
    assert (verdict.bad_line, verdict.length) == (None, chain.length)


def remove(entry):
    EntryContent.objects.filter(entry=entry).delete()
    entry.delete()


def swap(entry):
    other = Entry.objects.get(chain=entry.chain_id, seq=entry.seq - 1)
    Entry.objects.filter(pk=other.pk).update(seq=10_000)
    Entry.objects.filter(pk=entry.pk).update(seq=F("seq") - 1)
    Entry.objects.filter(pk=other.pk).update(seq=entry.seq)


MANIPULATIONS = {
    "removed": remove,
    "swapped": swap,
    "verb": lambda entry: Entry.objects.filter(pk=entry.pk).update(verb="something.else"),
    "actor": lambda entry: Entry.objects.filter(pk=entry.pk).update(actor_id=999),
    "subject": lambda entry: Entry.objects.filter(pk=entry.pk).update(subject_id=999),
    "digest": lambda entry: Entry.objects.filter(pk=entry.pk).update(digest="0" * 64),
    "content": lambda entry: EntryContent.objects.filter(entry=entry).update(body={"actor": "x"}),
}


@pytest.mark.parametrize("manipulation", MANIPULATIONS)
@pytest.mark.parametrize("seq", [2, 5, 9, LINES])
def test_a_manipulated_line_is_found(chain, manipulation, seq):
    MANIPULATIONS[manipulation](Entry.objects.get(chain=chain, seq=seq))
    verdict = verify_chain(chain)
    assert verdict.bad_line in {seq, seq - 1}


def test_a_tail_that_was_cut_off_is_found(chain):
    remove(Entry.objects.get(chain=chain, seq=chain.length))
    assert verify_chain(chain).bad_line == chain.length


def test_erased_content_leaves_the_chain_whole(chain):
    EntryContent.objects.all().delete()
    assert verify_chain(chain).bad_line is None


def test_a_change_whose_history_fails_does_not_happen(chain, monkeypatch):
    body = chain.municipality

    @operation
    def rename():
        type(body).objects.filter(pk=body.pk).update(name="別の町")
        record(None, "municipality.created", municipality=body)

    def fail(entry):
        raise OSError("no room")

    monkeypatch.setattr(history, "line_hash", fail)
    with pytest.raises(OSError, match="no room"):
        rename()
    body.refresh_from_db()
    assert body.name == "あおば町"


def test_a_note_outside_an_operation_is_refused(chain):
    with pytest.raises(RuntimeError):
        record(None, "municipality.created", municipality=chain.municipality)


def test_an_inner_operation_that_failed_leaves_no_line(chain):
    @operation
    def inner():
        record(None, "municipality.created", municipality=chain.municipality)
        raise ValueError("inner")

    @operation
    def outer():
        with pytest.raises(ValueError, match="inner"):
            inner()

    before = Entry.objects.count()
    outer()
    assert Entry.objects.count() == before
