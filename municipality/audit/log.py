"""Writing the history: entries collected while an operation runs, written last, in its transaction,
chained by hash.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from django.db import models, transaction
from django.utils import timezone

from municipality.audit.chain import canonical, content_digest, line_hash, sealed_head
from municipality.audit.models import Chain, Entry, EntryContent

if TYPE_CHECKING:
    from municipality.organisation.models import Member

P = ParamSpec("P")

R = TypeVar("R")


@dataclass
class PendingEntry:
    """An entry that waits for the end of its operation."""

    municipality_id: str | None
    at: datetime
    actor_id: int | None
    verb: str
    subject_type: str
    subject_id: int | None
    body: dict


_pending: ContextVar[list[PendingEntry] | None] = ContextVar("history_pending", default=None)


def operation(function: Callable[P, R]) -> Callable[P, R]:
    """One transaction with its history. The outermost operation writes the entries last, so that
    the lock on the chain's head is held for a moment only and never before a row's lock. If the
    history fails, so does the change.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        outer = _pending.get()
        lines: list[PendingEntry] = [] if outer is None else outer
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
    by: Member | None,
    verb: str,
    subject: models.Model | None = None,
    *,
    municipality: Any = None,
    **params: Any,
) -> None:
    """Note who did what to which thing. Names and `params` lie in the part that can be erased; the
    line itself holds ids only.

    `by` None is the clock. Raises RuntimeError outside an operation, since the note would not share
    its transaction.
    """
    lines = _pending.get()
    if lines is None:
        raise RuntimeError(f"record({verb!r}) outside an operation")
    body = {
        "actor": by.name if by else "",
        "subject": str(subject) if subject is not None else "",
        **params,
    }
    label = subject._meta.label_lower if subject is not None else ""
    number = subject.pk if subject is not None and isinstance(subject.pk, int) else None
    owner = municipality or by or subject
    lines.append(
        PendingEntry(
            _body_of(owner), timezone.now(), by.pk if by else None, verb, label, number, body
        )
    )


def _body_of(owner: Any) -> str | None:
    if owner is None:
        return None
    if isinstance(owner, str):
        return owner
    return (
        owner.pk
        if owner._meta.model_name == "municipality"
        else getattr(owner, "municipality_id", None)
    )


def write(lines: list[PendingEntry]) -> None:
    """Append the lines to the chains of their bodies, locking each chain's head in a fixed
    order.
    """
    for code in sorted({line.municipality_id or "" for line in lines}):
        chain = _locked_chain(code)
        for line in lines:
            if (line.municipality_id or "") == code:
                _append(chain, line)
        chain.seal = sealed_head(chain)
        chain.save(update_fields=["length", "head", "seal"])


def _locked_chain(code: str) -> Chain:
    """The chain's head, locked; the first line of a body makes its chain."""
    heads = Chain.objects.select_for_update(no_key=True).filter(municipality_id=code or None)
    chain = heads.first()
    if chain is None:
        Chain.objects.get_or_create(municipality_id=code) if code else _instance_chain()
        chain = heads.get()
    return chain


def _instance_chain() -> Chain:
    """The chain without a body has the fixed number 0, so that two first writers meet on its
    key.
    """
    return Chain.objects.get_or_create(pk=0, defaults={"municipality": None})[0]


def _append(chain: Chain, line: PendingEntry) -> None:
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
