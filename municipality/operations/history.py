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
from django.utils import timezone

from municipality.models import Chain, Entry, EntryContent, Member, Municipality

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
        chain.save(update_fields=["length", "head"])


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
    return hmac.new(settings.HISTORY_KEY.encode(), canonical(parts).encode(), hashlib.sha256).hexdigest()


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
    """Find the first line that was removed, altered or swapped, or a tail that was cut off."""
    name, previous, count = chain.municipality_id or "instance", "", 0
    for entry in chain.entries.order_by("seq").select_related("content").iterator(chunk_size=2000):
        count += 1
        if reason := _fault(entry, count, previous):
            return Verdict(name, chain.length, count, reason)
        previous = entry.hash
    if count != chain.length or previous != chain.head:
        return Verdict(name, chain.length, count + 1, "the end of the chain is missing")
    return Verdict(name, count)


def _fault(entry: Entry, expected_seq: int, previous: str) -> str:
    if entry.seq != expected_seq:
        return "a line is missing"
    if entry.previous != previous:
        return "the line does not follow the one before"
    if not hmac.compare_digest(entry.hash, line_hash(entry)):
        return "the line was altered"
    content = getattr(entry, "content", None)
    if content is not None and content_digest(content.salt, content.body) != entry.digest:
        return "the content was altered"
    return ""
