"""Writing the history: entries collected while an operation runs, written last, in its transaction, chained by hash."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import Max
from django.utils import timezone

from municipality.models import Chain, Checkpoint, Entry, EntryContent, Member, Municipality, Verification

P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class Line:
    """An entry that waits for the end of its operation."""

    municipality_id: str | None
    at: datetime
    actor_id: int | None
    verb: str
    subject_type: str
    subject_id: int | None
    body: dict


_pending: ContextVar[list[Line] | None] = ContextVar("history_pending", default=None)


def operation(function: Callable[P, R]) -> Callable[P, R]:
    """One transaction with its history. The outermost operation writes the entries last, so that the lock on the
    chain's head is held for a moment only and never before a row's lock. If the history fails, so does the change.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        outer = _pending.get()
        lines: list[Line] = [] if outer is None else outer
        before, token = len(lines), _pending.set(lines)
        try:
            with transaction.atomic():
                result = function(*args, **kwargs)
                if outer is None:
                    write(lines)
                return result
        except BaseException:
            del lines[before:]
            raise
        finally:
            _pending.reset(token)

    run.is_operation = True  # type: ignore[attr-defined]
    return run


def record(
    by: Member | None, verb: str, subject: models.Model | None = None, *, municipality: Any = None, **facts: Any
) -> None:
    """Note who did what to which thing. Names and facts lie in the erasable part; the line itself holds ids only.

    `by` None is the clock. Raises RuntimeError outside an operation, since the note would not share its transaction.
    """
    lines = _pending.get()
    if lines is None:
        raise RuntimeError(f"record({verb!r}) outside an operation")
    body = {"actor": by.name if by else "", "subject": str(subject) if subject is not None else "", **facts}
    label = subject._meta.label_lower if subject is not None else ""
    number = subject.pk if subject is not None and isinstance(subject.pk, int) else None
    owner = municipality or by or subject
    lines.append(Line(_body_of(owner), timezone.now(), by.pk if by else None, verb, label, number, body))


def _body_of(owner: Any) -> str | None:
    if owner is None:
        return None
    if isinstance(owner, str | Municipality):
        return owner if isinstance(owner, str) else owner.pk
    return getattr(owner, "municipality_id", None)


def write(lines: list[Line]) -> None:
    """Append the lines to the chains of their bodies, locking each chain's head in a fixed order."""
    for code in sorted({line.municipality_id or "" for line in lines}):
        Chain.objects.get_or_create(municipality_id=code or None) if code else _instance_chain()
        chain = Chain.objects.select_for_update().get(municipality_id=code or None)
        for line in lines:
            if (line.municipality_id or "") == code:
                _append(chain, line)
        chain.seal = sealed_head(chain)
        chain.save(update_fields=["length", "head", "seal"])


def _instance_chain() -> Chain:
    """The chain without a body has the fixed number 0, so that two first writers meet on its key."""
    return Chain.objects.get_or_create(pk=0, defaults={"municipality": None})[0]


def _append(chain: Chain, line: Line) -> None:
    salt = secrets.token_hex(16)
    body = json.loads(canonical(line.body))
    entry = Entry(
        chain=chain,
        seq=chain.length + 1,
        at=line.at,
        actor_id=line.actor_id,
        verb=line.verb,
        subject_type=line.subject_type,
        subject_id=line.subject_id,
        digest=content_digest(salt, body),
        previous=chain.head,
    )
    entry.hash = line_hash(entry)
    entry.save(force_insert=True)
    EntryContent.objects.create(entry=entry, salt=salt, body=body)
    chain.length, chain.head = entry.seq, entry.hash


def canonical(value: Any) -> str:
    """JSON with sorted keys and no spaces, dates in ISO: the same text on every database."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), cls=DjangoJSONEncoder)


def content_digest(salt: str, body: dict) -> str:
    """SHA-256 of the salt and the canonical content."""
    return hashlib.sha256((salt + canonical(body)).encode()).hexdigest()


def line_hash(entry: Entry) -> str:
    """HMAC-SHA256 with HISTORY_KEY over everything the line says and the hash of the line before."""
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
    """HMAC-SHA256 with HISTORY_KEY, which lies outside the database, over the canonical list of the parts."""
    return hmac.new(settings.HISTORY_KEY.encode(), canonical(list(parts)).encode(), hashlib.sha256).hexdigest()


def sealed_head(chain: Chain) -> str:
    """The seal of a chain's length and head: a tail that was cut off cannot be hidden by setting both back."""
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
    """What the check of one chain found: its number of lines, and the first bad line with the reason."""

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

    Lines that are written meanwhile are left for the next check. The order of the questions is that of the lines.
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
    return {row.length: row.head for row in rows if hmac.compare_digest(row.signature, signed_verification(row))}


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
    return "" if content_digest(content.salt, content.body) == entry.digest else "the content was altered"


def _fault_of_head(chain: Chain, count: int, previous: str, anchors: dict[int, str]) -> str:
    """Of a chain whose lines are all good: does it end where its head says, and nowhere before an earlier check's end?"""
    if count < chain.length or count < max(anchors, default=0):
        return "the end of the chain is missing"
    if previous != chain.head or not hmac.compare_digest(chain.seal, sealed_head(chain)):
        return "the head of the chain was altered"
    newest = chain.entries.aggregate(seq=Max("seq"))["seq"] or 0
    known = Chain.objects.values_list("length", flat=True).get(pk=chain.pk)
    return "a line was added behind the head" if newest > known else ""
