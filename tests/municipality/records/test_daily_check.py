"""The daily check of a chain that is too long for one go: new lines each day, all of them once a
week, a bounded number at a time; whatever was done to an old line is found by the whole check.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from municipality.audit.chain import Mark, verify_chain, verify_lines
from municipality.audit.log import operation, record
from municipality.audit.models import Chain, Entry, EntryContent, Verification, VerificationProgress
from municipality.notifications.models import Notice
from municipality.records.operations.daily_check import WHOLE_DAYS, check_chains
from tests.build.municipality import a_body, a_department, a_member, at, root_of
from tests.municipality.audit.test_history import AT_EACH_LINE, MANIPULATIONS

pytestmark = pytest.mark.django_db
NOW = at(2026, 5, 1)
AT_ONCE, LINES = 10, 35


@pytest.fixture
def chain(settings) -> Chain:
    """A chain of LINES lines, of which AT_ONCE are checked in one go."""
    settings.VERIFY_LINES = AT_ONCE
    body = a_body()
    member = a_member(a_department(body))
    a_member(root_of(body), "office")
    found = Chain.objects.get(municipality=body)
    write(found, member, LINES - found.length)
    return found


def write(chain: Chain, member, count: int) -> None:
    @operation
    def act():
        for number in range(count):
            record(member, "municipality.created", member, number=number)

    act()
    chain.refresh_from_db()


def ticks(chain: Chain, begun: datetime, count: int) -> list[int]:
    """So many minutes of the daily check; how many chains each of them finished."""
    body = chain.municipality
    return [check_chains(body, begun + timedelta(minutes=minute)) for minute in range(count)]


def found(chain: Chain) -> list[int | None]:
    """The bad line of each check, by day."""
    rows = Verification.objects.filter(chain=chain).order_by("day")
    return list(rows.values_list("bad_line", flat=True))


def test_a_long_chain_is_checked_in_several_goes_and_comes_to_an_end(chain):
    assert ticks(chain, NOW, 6) == [0, 0, 0, 1, 0, 0]
    row = Verification.objects.get(chain=chain)
    assert (row.length, row.head, row.bad_line) == (LINES, chain.head, None)


def test_on_the_next_day_only_new_lines_are_read(chain):
    ticks(chain, NOW, 6)
    walk = verify_lines(chain, since=Mark(LINES, chain.head), most=AT_ONCE)
    assert (walk.reached.seq, walk.verdict.bad_line) == (LINES, None)
    assert ticks(chain, NOW + timedelta(days=1), 1) == [1]


def test_a_new_line_that_was_altered_is_found_the_same_day(chain):
    member = a_member(root_of(chain.municipality))
    ticks(chain, NOW, 6)
    write(chain, member, 5)
    Entry.objects.filter(chain=chain, seq=LINES + 2).update(verb="x")
    ticks(chain, NOW + timedelta(days=1), 1)
    assert found(chain) == [None, LINES + 2]
    assert Notice.objects.filter(rule="log.broken").exists()


@pytest.mark.parametrize("name", sorted(AT_EACH_LINE))
@pytest.mark.parametrize("seq", [3, 10, 34])
def test_a_manipulation_of_an_old_line_is_found_by_the_check_of_the_whole(chain, name, seq):
    ticks(chain, NOW, 6)
    manipulate, offset, _reason = MANIPULATIONS[name]
    manipulate(Entry.objects.get(chain=chain, seq=seq))
    assert verify_chain(Chain.objects.get(pk=chain.pk)).bad_line == seq + offset
    for day in (1, WHOLE_DAYS):
        ticks(chain, NOW + timedelta(days=day), 6)
    assert any(line is not None for line in found(chain))
    # once found it is found each day, until it is mended
    ticks(chain, NOW + timedelta(days=WHOLE_DAYS + 1), 6)
    assert found(chain)[-1] is not None


def test_an_old_line_that_was_altered_is_named_with_its_reason_and_told_once_a_day(chain):
    ticks(chain, NOW, 6)
    Entry.objects.filter(chain=chain, seq=5).update(verb="x")
    for day in range(1, WHOLE_DAYS):
        ticks(chain, NOW + timedelta(days=day), 6)
    assert set(found(chain)) == {None}, "not before the week is over"
    ticks(chain, NOW + timedelta(days=WHOLE_DAYS), 6)
    row = Verification.objects.filter(chain=chain).order_by("day").last()
    assert (row.bad_line, row.reason) == (5, "the line was altered")
    assert Notice.objects.filter(rule="log.broken").count() == 1
    assert Entry.objects.filter(verb="log.broken").count() == 1


def test_a_line_that_was_mended_is_good_again(chain):
    ticks(chain, NOW, 6)
    verb = Entry.objects.get(chain=chain, seq=5).verb
    Entry.objects.filter(chain=chain, seq=5).update(verb="x")
    ticks(chain, NOW + timedelta(days=WHOLE_DAYS), 6)
    assert found(chain)[-1] == 5
    Entry.objects.filter(chain=chain, seq=5).update(verb=verb)
    ticks(chain, NOW + timedelta(days=WHOLE_DAYS + 1), 8)
    assert found(chain)[-1] is None


def test_progress_that_nobody_signed_is_not_believed(chain):
    ticks(chain, NOW, 2)
    Entry.objects.filter(chain=chain, seq=15).update(verb="x")
    VerificationProgress.objects.update(seq=30, hash=Entry.objects.get(chain=chain, seq=30).hash)
    ticks(chain, NOW, 6)
    assert found(chain) == [15]


def test_the_line_at_which_the_last_check_ended_is_compared_with_its_signed_hash(chain):
    ticks(chain, NOW, 6)
    EntryContent.objects.filter(entry__chain=chain, entry__seq=LINES).update(body={"actor": "x"})
    ticks(chain, NOW + timedelta(days=1), 1)
    assert found(chain) == [None, LINES]


def test_a_break_in_the_chain_of_the_instance_is_told_to_every_body_once(chain):
    """Whoever finds it: each body's office and auditors learn it from their own body's job."""
    other = a_body("131016", "ほかの町")
    a_member(root_of(other), "office")
    a_member(root_of(other), "auditor")
    bodies = (chain.municipality, other)

    @operation
    def refused():
        for number in range(3):
            record(None, "municipality.created", number=number)

    refused()
    Entry.objects.filter(chain__municipality=None, seq=2).update(verb="x")
    for minute in range(3):
        for body in bodies:
            check_chains(body, NOW + timedelta(minutes=minute))
    told = Notice.objects.filter(
        rule="log.broken", object_id=Chain.objects.get(municipality=None).pk
    )
    assert [told.filter(municipality=body).count() for body in bodies] == [1, 2]
    lines = Entry.objects.filter(verb="log.broken")
    assert [lines.filter(chain__municipality=body).count() for body in bodies] == [1, 1]
