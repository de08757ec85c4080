"""The chain of the history: what is hashed, what is signed, and how a chain is verified."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
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


def signed_progress(chain: Chain, reached: Mark, *, whole: bool, done_on: date | None) -> str:
    """The signature of how far a check came, so that the next may begin there."""
    return sign("progress", chain.pk, whole, reached.seq, reached.hash, done_on)


def signed_verification(check: Verification) -> str:
    """The signature of a check, so that it can be believed later."""
    return sign("verified", check.chain_id, check.day, check.length, check.head, check.bad_line)


@dataclass(frozen=True)
class Verdict:
    """What the check of one chain found: its number of lines, and the first bad line with the
    reason.
    """

    name: str
    length: int
    bad_line: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class Mark:
    """A line up to which a chain was found good: its number and its hash."""

    seq: int
    hash: str


@dataclass(frozen=True)
class Walk:
    """How far a check came: the last good line, and the verdict, or None while lines are left."""

    reached: Mark
    verdict: Verdict | None


def verify_chains() -> Iterator[Verdict]:
    """Check every chain from its first line to its head."""
    for chain in Chain.objects.order_by("municipality_id"):
        yield verify_chain(chain)


def verify_chain(chain: Chain) -> Verdict:
    """Check the whole chain, however long it is."""
    verdict = verify_lines(chain).verdict
    if verdict is None:
        raise RuntimeError("a check without a bound came to no end")
    return verdict


def verify_lines(chain: Chain, *, since: Mark | None = None, most: int | None = None) -> Walk:
    """Find the first line that was removed, added, altered or swapped, or a tail that was cut off:
    from the beginning, or among those behind a mark, the line of the mark included; at most so many
    lines.

    Lines that are written meanwhile are left for the next check. The order of the questions is that
    of the lines.
    """
    chain.refresh_from_db()
    mark, fault = _beginning(chain, since)
    if fault:
        return _bad(chain, mark, *fault)
    anchors, first = _anchors(chain), mark.seq
    for entry in _lines_of(chain, first, most):
        count = mark.seq + 1
        if reason := _fault(entry, count, mark.hash, anchors.get(count, "")):
            return _bad(chain, mark, count, reason)
        mark = Mark(count, entry.hash)
    if most is not None and mark.seq - first == most and mark.seq < chain.length:
        return Walk(mark, None)
    if reason := _fault_of_head(chain, mark.seq, mark.hash, anchors):
        return _bad(chain, mark, mark.seq + 1, reason)
    return Walk(mark, Verdict(_name(chain), mark.seq))


def _beginning(chain: Chain, since: Mark | None) -> tuple[Mark, tuple[int, str] | None]:
    """The line behind which the check begins – the checkpoint, or a later mark – and what is wrong
    with it.
    """
    point = Checkpoint.objects.filter(chain=chain).first()
    mark = Mark(point.seq, point.hash) if point else Mark(0, "")
    if point is not None and not hmac.compare_digest(point.signature, signed_checkpoint(point)):
        return mark, (point.seq, "the checkpoint was forged")
    if since is None or since.seq <= mark.seq:
        return mark, None
    fault = _fault_at(chain, since)
    return (mark, fault) if fault else (since, None)


def _name(chain: Chain) -> str:
    return chain.municipality_id or "instance"


def _bad(chain: Chain, reached: Mark, line: int, reason: str) -> Walk:
    return Walk(reached, Verdict(_name(chain), chain.length, line, reason))


def _fault_at(chain: Chain, mark: Mark) -> tuple[int, str] | None:
    """What is wrong with the line up to which the chain was found good."""
    if chain.length < mark.seq:
        return chain.length + 1, "the end of the chain is missing"
    entry = chain.entries.filter(seq=mark.seq).select_related("content").first()
    if entry is None:
        return mark.seq, "a line is missing"
    reason = _fault(entry, mark.seq, entry.previous, mark.hash)
    return (mark.seq, reason) if reason else None


def _lines_of(chain: Chain, first: int, most: int | None) -> Iterator[Entry]:
    last = chain.length if most is None else min(chain.length, first + most)
    lines = chain.entries.filter(seq__gt=first, seq__lte=last).order_by("seq")
    return lines.select_related("content").iterator(chunk_size=2000)


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
