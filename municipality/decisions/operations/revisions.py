"""Freezing what is asked: the content of a revision with its hash, which says for good what was
decided on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from municipality.audit.chain import canonical
from municipality.core.refusals import Conflict
from municipality.core.registry import subjects
from municipality.decisions.models import Attachment, Decision, Revision

PAPERS = "attachments"
"""Where a frozen content lists its papers: [name, size, SHA-256] of each."""


def content_hash(content: dict) -> str:
    """SHA-256 of the canonical JSON of what is asked."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def is_whole(revision: Revision) -> bool:
    """Is what was frozen still what it was? Its hash says so."""
    return content_hash(revision.content) == revision.hash


def papers_are_whole(revision: Revision, papers: Iterable[Attachment]) -> bool:
    """Are the papers that were frozen with it still there, as they were?"""
    held = {(paper.name, paper.size, paper.sha256) for paper in papers}
    return {tuple(row) for row in revision.content.get(PAPERS, [])} <= held


def freeze(decision: Decision, number: int, now: datetime) -> Revision:
    """Freeze what the subject says now, with its papers, as the decision's revision of that
    number.
    """
    content = subjects()[decision.matter].content(decision.subject_id)
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


def require_whole(decision: Decision) -> None:
    """Nobody approves what is not what was submitted. Raises Conflict."""
    revision = decision.revisions.filter(number=decision.revision).first()
    papers = decision.attachments.light()
    if revision is None or not is_whole(revision) or not papers_are_whole(revision, papers):
        raise Conflict(
            _("固定した内容と照合値が合わないため、承認できません。事務局に連絡してください。"),
            decision.get_absolute_url(),
        )
