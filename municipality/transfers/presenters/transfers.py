"""What a whole list brings about, and what passed, in the words of whoever reads it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from municipality.core.registry import hand_overs
from municipality.imports.models import FileImport
from municipality.organisation.models import Member
from municipality.transfers.handover_items import worded
from municipality.transfers.models import Passed
from municipality.transfers.staffing_checks import CHECKS, Gap

MOST_LISTED = 200

MOVEMENTS = {
    "leaves": pgettext_lazy("異動", "終了"),
    "moves": pgettext_lazy("異動", "異動"),
    "joins": pgettext_lazy("異動", "新規"),
}
"""What becomes of people by a whole list, and the word for it."""


@dataclass(frozen=True)
class MovedPerson:
    """Somebody who moves, comes or leaves: where they are, and where they will be."""

    number: str
    name: str
    old: list[str]
    new: list[str]


@dataclass(frozen=True)
class Thing:
    """Something that passes: what kind, what, from whom to whom; `ends` when nobody need follow."""

    kind: str
    title: str
    gives: str
    takes: str
    ends: bool
    address: str = ""
    count: int = 1


def kind_words(kind: str) -> str:
    """What a kind of work is called; one that is gone keeps its name."""
    offer = hand_overs().get(kind)
    return str(offer.label) if offer else kind


def preview_of(taken: FileImport) -> dict[str, Any] | None:
    """The preview that was kept with a whole list; None for other files and for a list that was
    refused.
    """
    told = taken.summary.get("transfer")
    if told is None:
        return None
    people = {what: [_person(row) for row in told[what][:MOST_LISTED]] for what in MOVEMENTS}
    things = together(_planned(row) for row in told["passing"])
    without = [row for row in things if not row.takes and not row.ends]
    gaps = [Gap(*row) for row in told["gaps"]]
    return {
        **people,
        "things": [row for row in things if row.takes or row.ends][:MOST_LISTED],
        "without": without,
        "gaps": grouped(gaps),
        "counts": _counts(told, len(without) + len(gaps)),
        "unlisted": max(0, len(told["moves"]) - MOST_LISTED),
        "unlisted_joins": max(0, len(told["joins"]) - MOST_LISTED),
        "unlisted_leavers": max(0, len(told["leaves"]) - MOST_LISTED),
        "unlisted_things": max(0, told["passes"] - len(told["passing"])),
        "leavers": len(told["leaves"]),
    }


def movements_of(taken: FileImport) -> Iterator[tuple[str, MovedPerson]]:
    """Everybody who leaves, moves or comes by a whole list, with the word for it; nobody for other
    files.
    """
    told = taken.summary.get("transfer", {})
    return (
        (str(word), _person(row)) for what, word in MOVEMENTS.items() for row in told.get(what, [])
    )


def together(things: Iterable[Thing]) -> list[Thing]:
    """Things that read alike as one line with their number: the sheets of a department, say."""
    return [replace(thing, count=count) for thing, count in Counter(things).items()]


def _counts(told: dict[str, Any], lacking: int) -> list[tuple[str, int]]:
    return [
        *((str(MOVEMENTS[what]), len(told[what])) for what in ("moves", "joins", "leaves")),
        (_("引継ぎの件数"), told["passes"]),
        (_("担当者なし"), lacking),
    ]


def _person(row: list) -> MovedPerson:
    number, name, old, new = row
    return MovedPerson(
        number, name, [_place(place) for place in old], [_place(place) for place in new]
    )


def _place(place: list) -> str:
    text, is_main, is_present = place
    said = [] if is_main else [pgettext("発令", "兼務")]
    said += [] if is_present else [_("休職・派遣")]
    return f"{text} ({'・'.join(said)})" if said else text


def _planned(row: list) -> Thing:
    kind, title, note, gives, takes, ends = row
    return Thing(
        kind_words(kind), worded(kind, title, note), "、".join(gives), "、".join(takes), ends
    )


def grouped(gaps: Iterable[Gap], body: str = "") -> list[dict[str, Any]]:
    """Gaps by kind in the order of the checks: what they are called, what to do, and each with its
    page.
    """
    found: dict[str, list[Gap]] = {code: [] for code in CHECKS}
    for gap in gaps:
        found[gap.code].append(gap)
    return [
        {
            "label": CHECKS[code][0],
            "help": CHECKS[code][1],
            "count": len(rows),
            "rows": [(gap.text, gap.address(body) if body else "") for gap in rows[:MOST_LISTED]],
            "unlisted": max(0, len(rows) - MOST_LISTED),
        }
        for code, rows in found.items()
        if rows
    ]


def passed_things(rows: Iterable[Passed], member: Member) -> list[Thing]:
    """What passed, with a link for whoever it came to: they have it now."""
    return [
        Thing(
            kind_words(row.kind),
            worded(row.kind, row.title, row.note),
            row.giver.name if row.giver else "",
            row.taker.name if row.taker else "",
            row.outcome == Passed.Outcome.ENDED,
            _address(row, member),
        )
        for row in rows
    ]


def title_of(row: Passed) -> str:
    """What a thing that passed is called; by its kind where it has no title that may be told."""
    return worded(row.kind, row.title, row.note) or kind_words(row.kind)


def _address(row: Passed, member: Member) -> str:
    offer = hand_overs().get(row.kind)
    if offer is None or not offer.page or row.taker_id != member.pk:
        return ""
    return reverse(offer.page, args=[row.municipality_id, row.object_id])
