"""Preview of a staff list, and handed-over work, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from municipality.core.name_lists import all_names
from municipality.core.registry import hand_overs
from municipality.imports.models import FileImport
from municipality.organisation.models import Member
from municipality.transfers.handover_items import item_words
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
    """Person who moves, joins or leaves: departments before and after."""

    number: str
    name: str
    old: list[str]
    new: list[str]


@dataclass(frozen=True)
class HandOverItem:
    """Item to hand over: kind, name, givers and takers; `ends` when nobody has to take over."""

    kind: str
    title: str
    gives: str
    takes: str
    ends: bool
    address: str = ""
    count: int = 1


def kind_words(kind: str) -> str:
    """Label of a kind of work; a removed kind shows its name."""
    offer = hand_overs().get(kind)
    return str(offer.label) if offer else kind


def preview_of(file_import: FileImport) -> dict[str, Any] | None:
    """Preview stored with a staff list; None for other files and for a refused list."""
    summary = file_import.summary.get("transfer")
    if summary is None:
        return None
    people = {what: [_person(row) for row in summary[what][:MOST_LISTED]] for what in MOVEMENTS}
    items = together(_planned(row) for row in summary["passing"])
    without = [row for row in items if not row.takes and not row.ends]
    gaps = [Gap(*row) for row in summary["gaps"]]
    return {
        **people,
        "hand_overs": [row for row in items if row.takes or row.ends][:MOST_LISTED],
        "without": without,
        "gaps": grouped(gaps),
        "counts": _counts(summary, len(without) + len(gaps)),
        "unlisted": max(0, len(summary["moves"]) - MOST_LISTED),
        "unlisted_joins": max(0, len(summary["joins"]) - MOST_LISTED),
        "unlisted_leavers": max(0, len(summary["leaves"]) - MOST_LISTED),
        "unlisted_things": max(0, summary["passes"] - len(summary["passing"])),
        "leavers": len(summary["leaves"]),
    }


def movements_of(file_import: FileImport) -> Iterator[tuple[str, MovedPerson]]:
    """Everybody who leaves, moves or joins by a staff list, with the label of the movement; empty
    for other files.
    """
    summary = file_import.summary.get("transfer", {})
    return (
        (str(word), _person(row))
        for what, word in MOVEMENTS.items()
        for row in summary.get(what, [])
    )


def together(items: Iterable[HandOverItem]) -> list[HandOverItem]:
    """Items with equal text merged into one line with their number: the sheets of a department, for
    example.
    """
    return [replace(item, count=count) for item, count in Counter(items).items()]


def _counts(summary: dict[str, Any], lacking: int) -> list[tuple[str, int]]:
    return [
        *((str(MOVEMENTS[what]), len(summary[what])) for what in ("moves", "joins", "leaves")),
        (_("引継ぎの件数"), summary["passes"]),
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


def _planned(row: list) -> HandOverItem:
    kind, title, note, gives, takes, ends = row
    return HandOverItem(
        kind_words(kind), item_words(kind, title, note), all_names(gives), all_names(takes), ends
    )


def grouped(gaps: Iterable[Gap], body: str = "") -> list[dict[str, Any]]:
    """Gaps by check: its label, its remedy, and the gaps with their pages."""
    by_check: dict[str, list[Gap]] = {code: [] for code in CHECKS}
    for gap in gaps:
        by_check[gap.code].append(gap)
    return [
        {
            "label": CHECKS[code][0],
            "help": CHECKS[code][1],
            "count": len(rows),
            "rows": [(gap.text, gap.address(body) if body else "") for gap in rows[:MOST_LISTED]],
            "unlisted": max(0, len(rows) - MOST_LISTED),
        }
        for code, rows in by_check.items()
        if rows
    ]


def passed_items(rows: Iterable[Passed], member: Member) -> list[HandOverItem]:
    """Handed-over items, with a link for the person who took over, because only they may open it
    now.
    """
    return [
        HandOverItem(
            kind_words(row.kind),
            item_words(row.kind, row.title, row.note),
            row.giver.name if row.giver else "",
            row.taker.name if row.taker else "",
            row.outcome == Passed.Outcome.ENDED,
            _address(row, member),
        )
        for row in rows
    ]


def title_of(row: Passed) -> str:
    """Title of a handed-over item; the label of its kind where the title must not be shown."""
    return item_words(row.kind, row.title, row.note) or kind_words(row.kind)


def _address(row: Passed, member: Member) -> str:
    offer = hand_overs().get(row.kind)
    if offer is None or not offer.page or row.taker_id != member.pk:
        return ""
    return reverse(offer.page, args=[row.municipality_id, row.object_id])
