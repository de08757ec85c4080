"""The history: written last, in the same transaction, chained; every kind of manipulation is found
at every line.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import F

from municipality.audit.chain import sealed_head, verify_chain
from municipality.audit.log import operation, record
from municipality.audit.models import Chain, Checkpoint, Entry, EntryContent, Verification
from municipality.records.operations.daily_check import verify_daily
from tests.build.faults import database_failing
from tests.build.municipality import a_body, a_department, a_member, at

pytestmark = pytest.mark.django_db
LINES = 103


@pytest.fixture
def chain():
    """A chain of LINES lines and the one of its body, with the check of a day in between."""
    body = a_body()
    member = a_member(a_department(body))

    @operation
    def act(numbers):
        for number in numbers:
            record(member, "municipality.created", member, number=number)

    found = Chain.objects.get(municipality=body)
    act(range(found.length, LINES))
    found.refresh_from_db()
    return found


def test_an_untouched_chain_holds(chain):
    verdict = verify_chain(chain)
    assert (verdict.bad_line, verdict.length, chain.length) == (None, LINES, LINES)


def remove(entry):
    EntryContent.objects.filter(entry=entry).delete()
    entry.delete()


def swap(entry):
    other = Entry.objects.get(chain=entry.chain_id, seq=entry.seq - 1)
    Entry.objects.filter(pk=other.pk).update(seq=10_000)
    Entry.objects.filter(pk=entry.pk).update(seq=F("seq") - 1)
    Entry.objects.filter(pk=other.pk).update(seq=entry.seq)


def insert(entry):
    """A copy of the line in front of it; everything from there on gets the next number."""
    Entry.objects.filter(chain=entry.chain_id, seq__gte=entry.seq).update(seq=F("seq") + 10_000)
    Entry.objects.filter(chain=entry.chain_id, seq__gt=10_000).update(seq=F("seq") - 9_999)
    copy = Entry.objects.get(pk=entry.pk)
    copy.pk, copy.seq, copy.verb = None, copy.seq - 1, "something.else"
    copy.save()
    EntryContent.objects.create(entry=copy, salt="x", body={})
    Chain.objects.filter(pk=entry.chain_id).update(length=F("length") + 1)


def cut_off(entry):
    """The tail from this line on, with length and head set back to hide it."""
    EntryContent.objects.filter(entry__chain=entry.chain_id, entry__seq__gte=entry.seq).delete()
    Entry.objects.filter(chain=entry.chain_id, seq__gte=entry.seq).delete()
    Chain.objects.filter(pk=entry.chain_id).update(length=entry.seq - 1, head=entry.previous)


def only_cut_off(entry):
    EntryContent.objects.filter(entry__chain=entry.chain_id, entry__seq__gte=entry.seq).delete()
    Entry.objects.filter(chain=entry.chain_id, seq__gte=entry.seq).delete()


def forge_checkpoint(entry):
    """Everything up to this line gone, as if it had been disposed of."""
    EntryContent.objects.filter(entry__chain=entry.chain_id, entry__seq__lte=entry.seq).delete()
    Entry.objects.filter(chain=entry.chain_id, seq__lte=entry.seq).delete()
    facts = {"seq": entry.seq, "hash": entry.hash, "at": entry.at, "signature": "0" * 64}
    Checkpoint.objects.create(chain_id=entry.chain_id, **facts)


def forget_prefix(entry):
    EntryContent.objects.filter(entry__chain=entry.chain_id, entry__seq__lte=entry.seq).delete()
    Entry.objects.filter(chain=entry.chain_id, seq__lte=entry.seq).delete()


def setting(**facts):
    return lambda entry: Entry.objects.filter(pk=entry.pk).update(**facts)


def content(**facts):
    return lambda entry: EntryContent.objects.filter(entry=entry).update(**facts)


ALTERED = "the line was altered"
MANIPULATIONS = {
    "removed": (remove, 0, "a line is missing"),
    "inserted": (insert, 0, ALTERED),
    "swapped": (swap, -1, ALTERED),
    "its time": (lambda entry: setting(at=entry.at + timedelta(seconds=1))(entry), 0, ALTERED),
    "its actor": (setting(actor_id=999), 0, ALTERED),
    "no actor": (setting(actor_id=None), 0, ALTERED),
    "its verb": (setting(verb="something.else"), 0, ALTERED),
    "its kind of thing": (setting(subject_type="pilots.pilot"), 0, ALTERED),
    "its thing": (setting(subject_id=999), 0, ALTERED),
    "its digest": (setting(digest="0" * 64), 0, ALTERED),
    "its predecessor": (setting(previous="0" * 64), 0, ALTERED),
    "its hash": (setting(hash="0" * 64), 0, ALTERED),
    "its number": (setting(seq=10_000), 0, "a line is missing"),
    "the content": (content(body={"actor": "x"}), 0, "the content was altered"),
    "the salt": (content(salt="x"), 0, "the content was altered"),
    "the content is gone": (
        lambda entry: EntryContent.objects.filter(entry=entry).delete(),
        0,
        "the content is missing",
    ),
    "erased without approval": (
        content(body={}, salt="", erased="0" * 64),
        0,
        "the erasure was forged",
    ),
    "tail and head cut off": (cut_off, 0, "the head of the chain was altered"),
    "tail cut off": (only_cut_off, 0, "the end of the chain is missing"),
    "prefix gone": (forget_prefix, None, "a line is missing"),
    "prefix gone with a forged checkpoint": (forge_checkpoint, 0, "the checkpoint was forged"),
}
"""What is done to a line, how far from it the finding lies (None: at the first line), and its
reason.
"""

AT_EACH_LINE = {
    "removed",
    "inserted",
    "swapped",
    "its actor",
    "the content",
    "tail and head cut off",
    "prefix gone with a forged checkpoint",
}
"""Tried at a hundred lines; the others at every seventh."""


@pytest.mark.parametrize("name", MANIPULATIONS)
def test_a_manipulation_is_found_at_whatever_line(chain, name, record_property):
    manipulate, offset, reason = MANIPULATIONS[name]
    wrong, lines = [], range(3, LINES, 1 if name in AT_EACH_LINE else 7)
    for seq in lines:
        with transaction.atomic():
            manipulate(Entry.objects.get(chain=chain, seq=seq))
            verdict = verify_chain(Chain.objects.get(pk=chain.pk))
            if (verdict.bad_line, verdict.reason) != (
                1 if offset is None else seq + offset,
                reason,
            ):
                wrong.append((seq, verdict))
            transaction.set_rollback(True)
    record_property("cases", len(lines))
    assert wrong == []
    assert verify_chain(chain).bad_line is None


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"head": "0" * 64}, "the head of the chain was altered"),
        ({"seal": "0" * 64}, "the head of the chain was altered"),
        ({"seal": ""}, "the head of the chain was altered"),
        ({"length": LINES + 5}, "the end of the chain is missing"),
        ({"length": LINES - 1}, "the head of the chain was altered"),
    ],
)
def test_a_head_that_was_altered_is_found(chain, facts, reason):
    Chain.objects.filter(pk=chain.pk).update(**facts)
    verdict = verify_chain(chain)
    assert verdict.bad_line in {LINES, LINES + 1, LINES + 6}
    assert verdict.reason == reason


def test_a_line_behind_the_head_is_found(chain):
    last = Entry.objects.get(chain=chain, seq=LINES)
    Entry.objects.create(
        chain=chain,
        seq=LINES + 1,
        at=last.at,
        verb="x",
        digest="0" * 64,
        previous=last.hash,
        hash="1" * 64,
    )
    assert (verify_chain(chain).bad_line, verify_chain(chain).reason) == (
        LINES + 1,
        "a line was added behind the head",
    )


def test_a_chain_that_was_set_back_with_all_its_seals_is_found_by_the_check_of_the_day_before(
    chain,
):
    """A copy of yesterday's tables, seal included: consistent in itself, but shorter than what was
    verified.
    """
    verify_daily(chain.municipality, at(2026, 5, 2))
    length = LINES - 40
    previous = Entry.objects.get(chain=chain, seq=length + 1).previous
    only_cut_off(Entry.objects.get(chain=chain, seq=length + 1))
    chain.length, chain.head = length, previous
    Chain.objects.filter(pk=chain.pk).update(length=length, head=previous, seal=sealed_head(chain))
    assert (verify_chain(chain).bad_line, verify_chain(chain).reason) == (
        length + 1,
        "the end of the chain is missing",
    )
    Verification.objects.all().update(signature="0" * 64)
    assert verify_chain(chain).bad_line is None, "only what is signed is believed"


@pytest.mark.selfcheck
def test_with_another_key_no_line_is_believed(chain, settings):
    settings.HISTORY_KEY = "another-" + "k" * 40
    assert (verify_chain(chain).bad_line, verify_chain(chain).reason) == (1, ALTERED)


def test_a_change_whose_history_fails_does_not_happen(chain):
    body = chain.municipality

    @operation
    def rename():
        type(body).objects.filter(pk=body.pk).update(name="別の町")
        record(None, "municipality.created", municipality=body)

    with database_failing("INSERT INTO", Entry), pytest.raises(OSError, match="no room"):
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
