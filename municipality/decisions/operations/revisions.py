"""Freezing the content of a revision with its hash, which proves later what was decided."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from municipality.audit.chain import canonical
from municipality.core.refusals import Conflict
from municipality.core.registry import subjects
from municipality.core.worded import kept
from municipality.decisions.models import Attachment, Decision, Revision

PAPERS = "attachments"
"""Where a frozen content lists its papers: [name, size, SHA-256] of each."""


def to_freeze(content: Callable[[int, date], dict], number: int, today: date) -> dict[str, Any]:
    """The content of a subject as it is frozen: its texts by message and values, so that who reads
    it later does so in their own language. Whatever has no message stands in Japanese.
    """
    with override("ja"):
        return kept(content(number, today))


def content_hash(content: dict) -> str:
    """SHA-256 of the canonical JSON of the content."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def is_unaltered(revision: Revision) -> bool:
    """Whether the frozen content still has its hash."""
    return content_hash(revision.content) == revision.hash


def papers_are_unaltered(revision: Revision, papers: Iterable[Attachment]) -> bool:
    """Whether the papers frozen with the revision still exist with the same hashes."""
    held = {(paper.name, paper.size, paper.sha256) for paper in papers}
    return {tuple(row) for row in revision.content.get(PAPERS, [])} <= held


def freeze(decision: Decision, number: int, now: datetime) -> Revision:
    """Store the subject's present content and the papers as the decision's revision of that
    number.
    """
    subject = subjects()[decision.matter]
    content = to_freeze(subject.content, decision.subject_id, timezone.localdate(now))
    papers = decision.attachments.of_revision(number).values_list("name", "size", "sha256")
    if papers:
        content = {**content, PAPERS: [list(paper) for paper in papers]}
    return Revision.objects.create(
        municipality_id=decision.municipality_id,
        decision=decision,
        number=number,
        content=content,
        hash=content_hash(content),
        frozen_at=now,
    )


def require_unaltered(decision: Decision) -> None:
    """Raises Conflict when the content to approve is not the content that was submitted."""
    revision = decision.revisions.filter(number=decision.revision).first()
    papers = decision.attachments.light()
    if revision is None or not is_unaltered(revision) or not papers_are_unaltered(revision, papers):
        raise Conflict(
            _("固定した内容と照合値が合わないため、承認できません。事務局に連絡してください。"),
            decision.get_absolute_url(),
        )
