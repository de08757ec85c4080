"""Freezing what is asked: the content of a revision with its hash, which says for good what was decided on."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.utils.translation import gettext as _

from municipality.models import Decision, Revision
from municipality.rooms import subjects
from municipality.rules import Conflict

from .history import canonical


def content_hash(content: dict) -> str:
    """SHA-256 of the canonical JSON of what is asked."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def is_whole(revision: Revision) -> bool:
    """Is what was frozen still what it was? Its hash says so."""
    return content_hash(revision.content) == revision.hash


def freeze(decision: Decision, number: int, now: datetime) -> Revision:
    """Freeze what the subject says now as the decision's revision of that number."""
    content = subjects()[decision.matter].content(decision.subject_id)
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
    if revision is None or not is_whole(revision):
        raise Conflict(
            _("固定した内容と照合値が合わないため、承認できません。事務局に連絡してください。"),
            decision.get_absolute_url(),
        )
