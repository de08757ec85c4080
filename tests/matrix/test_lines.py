"""Every change, personal read, export and refusal leaves its line in the history; nothing else
does, and no line is nameless.

Each address is asked by the first persona who may, and by the first who may not.
"""

from __future__ import annotations

import pytest

from municipality.audit.chain import verify_chain
from municipality.audit.event_groups import group_of
from municipality.audit.models import Entry, VerbGroup
from municipality.core.registry import verbs

from .table import ABSENT, ROWS
from .walk import Case, cases_of, send

pytestmark = pytest.mark.django_db

READS = {
    "municipality:people": "people.read",
    "municipality:member": "member.read",
    "municipality:department": "people.read",
    "municipality:slip": "invitation.printed",
    "municipality:slips": "invitation.slips",
    "municipality:arrivals": "people.read",
    "municipality:log": "log.read",
    "evaluation:sheet": "sheet.read",
    "evaluation:goals": "sheet.read",
    "evaluation:held": "one_on_one.listed",
    "evaluation:one_on_one": "one_on_one.read",
    "evaluation:talk_edit": "one_on_one.read",
    "municipality:log_export": "log.exported",
    "municipality:decision_file": "decision.paper_read",
    "municipality:decision_print": "decision.printed",
}
"""What is written down when it is only looked at; pages that show it about oneself alone write
nothing.
"""

LOOKED = {VerbGroup.READING, VerbGroup.FILES}
"""What a page that is not named above may write down, too."""

SILENT = {
    "municipality:notices_read": "one's own inbox",
    "municipality:notice_open": "one's own inbox",
    "municipality:preview_end": (
        "where nothing was begun nothing ends: tests/matrix/test_preview.py"
    ),
}
"""What changes something and leaves no line, each with its reason."""


AGED = {"municipality:disposals": "what is sent there needs a line that was made old by hand"}


def lines_of(world, asker, row, case):
    """The verbs of the lines that one request left, as they were before all was taken back; and
    whether the chain held.
    """
    seen = {}

    def look(answer):
        lines = Entry.objects.filter(pk__gt=seen["before"]).order_by("pk").select_related("chain")
        seen["verbs"] = [line.verb for line in lines]
        seen["holds"] = all(
            verify_chain(chain).reason == "" for chain in {line.chain for line in lines}
        )
        seen["status"] = answer.status

    def note():
        seen["before"] = Entry.objects.order_by("pk").last().pk

    asker.watch = (note, look)
    try:
        send(world, asker, row, case)
    finally:
        asker.watch = None
    return seen


def chosen(world, row):
    """The first case that goes through and the first that is refused."""
    cases = [
        case
        for case in cases_of(world, row)
        if case.slot not in {ABSENT, "foreign", "abroad"} and not case.door
    ]
    through = next((case for case in cases if case.status in {200, 302}), None)
    return through, next(
        (case for case in cases if case.status == 403 and case.who != "locked"), None
    )


def wrong(row, case: Case, seen) -> str:
    """What is wrong with the lines of one request; empty when nothing is."""
    told, found = f"{row.name} {row.method} {case.who}", seen["verbs"]
    if not seen["holds"] and row.name not in AGED:
        return f"{told}: the chain broke"
    if set(found) - set(verbs()):
        return f"{told}: {found} has no words"
    if case.status == 403:
        reads = [READS[row.name]] if row.name in READS else []
        return (
            ""
            if found in (["access.refused"], [*reads, "access.refused"])
            else f"{told}: refused, and {found}"
        )
    if row.method == "GET":
        if row.name not in READS:
            return f"{told}: {found}" if {group_of(verb) for verb in found} - LOOKED else ""
        return (
            ""
            if found == [READS[row.name]] or (row.name == "municipality:member" and not found)
            else f"{told}: {found}"
        )
    return "" if bool(found) != (row.name in SILENT) else f"{told}: {found}"


def test_every_page_and_operation_leaves_its_line(world, asker, record_property):
    found, count = [], 0
    for row in ROWS:
        for case in chosen(world, row):
            if case is not None:
                count += 1
                if told := wrong(row, case, lines_of(world, asker, row, case)):
                    found.append(told)
    record_property("cases", count)
    assert found == [], "\n".join(found)
    assert count > 150


@pytest.mark.selfcheck
def test_a_page_that_writes_no_line_is_found(world, asker, monkeypatch):
    monkeypatch.setattr(
        "municipality.directory.views.people.note_reading", lambda *args, **facts: None
    )
    row = next(row for row in ROWS if row.name == "municipality:people")
    through, _refused = chosen(world, row)
    assert "municipality:people" in wrong(row, through, lines_of(world, asker, row, through))
