"""Content of a decision: the frozen text, whether it is unaltered, and how it differs from the
previous revision and from the subject today.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import pgettext

from municipality.core.registry import subjects
from municipality.decisions.models import Decision
from municipality.decisions.operations.revisions import PAPERS, is_unaltered, papers_are_unaltered

Change = tuple[str, str, str]
"""(label, before, now)"""


def content_context(decision: Decision) -> dict[str, Any]:
    """Content of the decision for its page; `live` are the differences from the subject today,
    while it is not decided.
    """
    revisions = list(decision.revisions.all())
    frozen = revisions[-1] if revisions else None
    now = None if decision.closed_at else subjects()[decision.matter].content(decision.subject_id)
    papers = list(decision.attachments.light().select_related("added_by"))
    content = frozen.content if frozen else now or {}
    return {
        "content": content,
        "tables": tables(content),
        "revision": frozen,
        "revisions": revisions,
        "papers": papers,
        "broken": frozen is not None
        and not (is_unaltered(frozen) and papers_are_unaltered(frozen, papers)),
        "changes": differences(revisions[-2].content, revisions[-1].content)
        if len(revisions) > 1
        else [],
        "live": differences({**frozen.content, PAPERS: []}, now) if frozen and now else [],
    }


def tables(content: dict) -> list[dict[str, Any]]:
    """Frozen tables with the heading beside each cell. A cell is a text, or {"tone", "label"} drawn
    as a badge.
    """
    return [
        {**table, "rows": [list(zip(table["head"], row, strict=False)) for row in table["rows"]]}
        for table in content.get("tables", [])
    ]


def differences(before: dict, now: dict) -> list[Change]:
    """Differences of two revisions, in the order of the page."""
    old, new = dict(_pairs(before)), dict(_pairs(now))
    return [
        (label, old.get(label, ""), new.get(label, ""))
        for label in {**new, **old}
        if old.get(label) != new.get(label)
    ]


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
