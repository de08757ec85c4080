"""Content of a decision: the frozen text, whether it is unaltered, and how it differs from the
previous revision and from the subject today.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import override, pgettext

from municipality.core.registry import Subject, subjects
from municipality.core.small_cells import Gate
from municipality.core.worded import kept, worded
from municipality.decisions.models import Decision
from municipality.decisions.operations.revisions import (
    PAPERS,
    is_unaltered,
    papers_are_unaltered,
    to_freeze,
)

Change = tuple[str, str, str]
"""(label, before, now)"""


def content_context(decision: Decision, gate: Gate, today: date) -> dict[str, Any]:
    """Content of the decision for its page and its print, as a reader with this gate is shown it
    (the hash is that of the whole); `live` are the differences from the subject today, while it is
    not decided.
    """
    subject, number = subjects()[decision.matter], decision.subject_id
    revisions = list(decision.revisions.all())
    frozen = revisions[-1] if revisions else None
    few = None if gate.is_open else subject.few
    texts = [revision.content for revision in revisions[-2:]]
    asked = (frozen and subject.today) or subject.content
    now = None if decision.closed_at else to_freeze(asked, number, today)
    if few is not None:
        texts = [kept(few(number, text, gate, today)) for text in texts]
        now = now and kept(few(number, now, gate, today))
    papers = list(decision.attachments.light().select_related("added_by"))
    shown = texts[-1] if texts else now or {}
    content = worded(shown)
    return {
        "content": content,
        "tables": tables(content),
        "revision": frozen,
        "revisions": revisions,
        "papers": papers,
        "broken": frozen is not None
        and not (is_unaltered(frozen) and papers_are_unaltered(frozen, papers)),
        "changes": differences(*texts) if len(texts) > 1 else [],
        "live": differences({**shown, PAPERS: []}, now) if frozen and now else [],
        "few": few is not None,
        "notices": [*content.get("notices", []), *_notices(subject, decision, gate)],
    }


def _notices(subject: Subject, decision: Decision, gate: Gate) -> list[dict[str, Any]]:
    """What is to be known of the subject today while it is decided, beside what was frozen."""
    asks = subject.notices if decision.closed_at is None and gate.is_open else None
    return asks(decision.subject_id) if asks else []


def tables(content: dict) -> list[dict[str, Any]]:
    """Frozen tables; each heading, and each cell with its heading, says whether its column holds
    numbers. A cell is a text, or {"tone", "label"} drawn as a badge.
    """
    return [_table(table) for table in content.get("tables", [])]


def _table(table: dict[str, Any]) -> dict[str, Any]:
    columns = list(zip(*table["rows"], strict=False))
    numbers = [_holds_numbers(cells) for cells in columns] or [False] * len(table["head"])
    return {
        **table,
        "head": list(zip(table["head"], numbers, strict=False)),
        "rows": [list(zip(table["head"], row, numbers, strict=False)) for row in table["rows"]],
    }


LONGEST_NUMBER = 16
"""Characters of 「18 / 23人」, 「令和8年11月30日」 and the like, which do not wrap."""


def _holds_numbers(cells: Iterable[Any]) -> bool:
    """Is each a number with its unit, or the mark of none, and one of them a number?"""
    texts = [cell for cell in cells if isinstance(cell, str)]
    numbers = [text for text in texts if any(letter.isdigit() for letter in text)]
    return bool(numbers) and all(
        len(text) <= LONGEST_NUMBER and (text in numbers or len(text) <= 1) for text in texts
    )


def differences(before: dict, now: dict) -> list[Change]:
    """Differences of two contents as they were frozen, in the order of the page. They are compared
    in Japanese, in which the older ones stand, and told in the reader's language.
    """
    old, new = _worded_pairs(before), _worded_pairs(now)
    changed = [key for key in {**new, **old} if old.get(key, GONE)[0] != new.get(key, GONE)[0]]
    return [
        (new.get(key, old.get(key, GONE))[1], old.get(key, GONE)[2], new.get(key, GONE)[2])
        for key in changed
    ]


GONE = ("", "", "")


def _worded_pairs(content: dict) -> dict[str, Change]:
    """By the label in Japanese: the value in Japanese, label and value in the reader's language."""
    with override("ja"):
        japanese = _pairs(worded(content))
    own = _pairs(worded(content))
    return {label: (value, *pair) for (label, value), pair in zip(japanese, own, strict=True)}


def _pairs(content: dict) -> list[tuple[str, str]]:
    rows = [(pgettext("組織", "伺い"), content.get("lead", ""))] + [
        (label, value) for label, value in content.get("spec", [])
    ]
    for table in content.get("tables", []):
        rows += [
            (f"{table['title']} {row[0]}", " / ".join(_said(cell) for cell in row[1:]))
            for row in table["rows"]
        ]
    paper = pgettext("決裁", "添付")
    return rows + [
        (f"{paper} {name}", digest[:16]) for name, _size, digest in content.get(PAPERS, [])
    ]


def _said(cell: Any) -> str:
    return cell["label"] if isinstance(cell, dict) else str(cell)
