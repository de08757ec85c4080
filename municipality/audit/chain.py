"""The chain of the history: what is hashed, what is signed, and how a chain is verified."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Max
from django.utils import timezone

from municipality.audit.models import Chain, Checkpoint, Entry, Verification


def canonical(value: Any) -> str:
    """JSON with sorted keys and no spaces, dates in ISO: the same text on every database."""
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), cls=DjangoJSONEncoder
    )


def content_digest(salt: str, body: dict) -> str:
    """SHA-256 of the salt and the canonical content."""
    return hashlib.sha256((salt + canonical(body)).encode()).hexdigest()


def line_hash(entry: Entry) -> str:
    """HMAC-SHA256 with HISTORY_KEY over everything the line says and the hash of the line
    before.
    """
    parts = [
        entry.chain_id,
        entry.seq,
        entry.at.astimezone(timezone.get_default_timezone()).isoformat(),
        entry.actor_id,
        entry.verb,
        entry.subject_type,
        entry.subject_id,
        entry.digest,
        entry.previous,
    ]
    return sign(*parts)


def sign(*parts: Any) -> str:
    """HMAC-SHA256 with HISTORY_KEY, which lies outside the database, over the canonical list of the
    parts.
    """
    return hmac.new(
        settings.HISTORY_KEY.encode(), canonical(list(parts)).encode(), hashlib.sha256
    ).hexdigest()


def sealed_head(chain: Chain) -> str:
    """The seal of a chain's length and head: a tail that was cut off cannot be hidden by setting
    both back.
    """
    return sign("head", chain.pk, chain.length, chain.head)


def sealed_erasure(entry: Entry) -> str:
    """The seal of a line whose content was erased by approval."""
    return sign("erased", entry.chain_id, entry.seq, entry.hash)


def signed_checkpoint(point: Checkpoint) -> str:
    """The signature of the line behind which a chain begins."""
    return sign("checkpoint", point.chain_id, point.seq, point.hash)


def signed_verification(found: Verification) -> str:
    """The signature of a check, so that it can be believed later."""
    return sign("verified", found.chain_id, found.day, found.length, found.head, found.bad_line)


@dataclass(frozen=True)
class Verdict:
    """What the check of one chain found: its number of lines, and the first bad line with the
    reason.
    """

    name: str
    length: int
    bad_line: int | None = None
    reason: str = ""


def verify_chains() -> Iterator[Verdict]:
    """Check every chain from its first line to its head."""
    for chain in Chain.objects.order_by("municipality_id"):
        yield verify_chain(chain)


def verify_chain(chain: Chain) -> Verdict:
    """Find the first line that was removed, added, altered or swapped, or a tail that was cut off.

    Lines that are written meanwhile are left for the next check. The order of the questions is that
    of the lines.
    """
    chain.refresh_from_db()
    name = chain.municipality_id or "instance"
    point = Checkpoint.objects.filter(chain=chain).first()
    if point is not None and not hmac.compare_digest(point.signature, signed_checkpoint(point)):
        return Verdict(name, chain.length, point.seq, "the checkpoint was forged")
    count, previous = (point.seq, point.hash) if point else (0, "")
    anchors = _anchors(chain)
    for entry in _lines_of(chain):
        count += 1
        if reason := _fault(entry, count, previous, anchors.get(count, "")):
            return Verdict(name, chain.length, count, reason)
        previous = entry.hash
    if reason := _fault_of_head(chain, count, previous, anchors):
        return Verdict(name, chain.length, count + 1, reason)
    return Verdict(name, count)


def _lines_of(chain: Chain) -> Iterator[Entry]:
    lines = chain.entries.filter(seq__lte=chain.length).order_by("seq").select_related("content")
    return lines.iterator(chunk_size=2000)


def _anchors(chain: Chain) -> dict[int, str]:
    """Length and head that earlier checks found good and signed."""
    rows = Verification.objects.filter(chain=chain, bad_line=None, length__gt=0)
    return {
        row.length: row.head
        for row in rows
        if hmac.compare_digest(row.signature, signed_verification(row))
    }


def _fault(entry: Entry, expected_seq: int, previous: str, anchor: str) -> str:
    if entry.seq != expected_seq:
        return "a line is missing"
    if not hmac.compare_digest(entry.hash, line_hash(entry)):
        return "the line was altered"
    if entry.previous != previous:
        return "the line does not follow the one before"
    if anchor and anchor != entry.hash:
        return "the line differs from the one verified before"
    return _fault_of_content(entry)


def _fault_of_content(entry: Entry) -> str:
    content = getattr(entry, "content", None)
    if content is None:
        return "the content is missing"
    if content.erased:
        rightly = not content.body and hmac.compare_digest(content.erased, sealed_erasure(entry))
        return "" if rightly else "the erasure was forged"
    return (
        ""
        if content_digest(content.salt, content.body) == entry.digest
        else "the content was altered"
    )


def _fault_of_head(chain: Chain, count: int, previous: str, anchors: dict[int, str]) -> str:
    """Of a chain whose lines are all good: does it end where its head says, and nowhere before an
    earlier check's end?
    """
    if count < chain.length or count < max(anchors, default=0):
        return "the end of the chain is missing"
    if previous != chain.head or not hmac.compare_digest(chain.seal, sealed_head(chain)):
        return "the head of the chain was altered"
    newest = chain.entries.aggregate(seq=Max("seq"))["seq"] or 0
    known = Chain.objects.values_list("length", flat=True).get(pk=chain.pk)
    return "a line was added behind the head" if newest > known else ""
