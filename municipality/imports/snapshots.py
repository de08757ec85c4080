"""Rows as they were and as they are: what an import changed is found by comparing, so that no kind of file has to tell.

A row is kept as JSON, packed by thousands; beside it eight bytes of its hash. Tables of a prefecture fit into memory.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet

AT_ONCE = 2_000
Row = list[Any]


def names_of(model: type[Model]) -> list[str]:
    """The columns of a table, the key first."""
    return [each.attname for each in sorted(model._meta.concrete_fields, key=lambda each: not each.primary_key)]


def written(row: Sequence[Any]) -> str:
    """A row as JSON; days and moments as their full text."""
    return json.dumps(row, default=str, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def hash_of(text: str) -> int:
    """Eight bytes that stand for a row."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


@dataclass
class TableImage:
    """One table: the hash of each row by key, and the rows themselves where they are kept."""

    model: type[Model]
    hashes: dict[int, int] = field(default_factory=dict)
    chunks: list[bytes] = field(default_factory=list)

    def rows(self) -> Iterator[Row]:
        """Every row that was kept."""
        for chunk in self.chunks:
            yield from (json.loads(line) for line in zlib.decompress(chunk).decode().split("\n"))


class Snapshot:
    """The rows of some tables at one moment. `digest` is the same only when every row is."""

    def __init__(self, tables: Iterable[QuerySet], *, keep: bool = True) -> None:
        self.tables: dict[str, TableImage] = {}
        whole = hashlib.sha256()
        for rows in tables:
            image = self.tables[rows.model._meta.label_lower] = TableImage(rows.model)
            for lines in _chunks(rows):
                image.hashes.update((pk, hash_of(line)) for pk, line in lines)
                packed = "\n".join(line for _pk, line in lines).encode()
                whole.update(packed)
                if keep:
                    image.chunks.append(zlib.compress(packed, 1))
            whole.update(image.model._meta.label_lower.encode())
        self.digest = whole.hexdigest()

    def pack(self, after: Snapshot) -> bytes:
        """What is needed to come back here from `after`: new keys, and old rows that changed or are gone."""
        return zlib.compress(written([self._difference(name, after) for name in self.tables]).encode())

    def _difference(self, name: str, after: Snapshot) -> dict[str, Any]:
        before, now = self.tables[name].hashes, after.tables[name].hashes
        created = [[pk, found] for pk, found in now.items() if pk not in before]
        differing = {pk for pk, found in before.items() if now.get(pk) != found}
        rows = [row for row in self.tables[name].rows() if row[0] in differing] if differing else []
        changed = [[row, now[row[0]]] for row in rows if row[0] in now]
        deleted = [row for row in rows if row[0] not in now]
        return {"model": name, "created": created, "changed": changed, "deleted": deleted, "last": max(now, default=0)}


def _chunks(rows: QuerySet) -> Iterator[list[tuple[int, str]]]:
    """The rows by key, a few thousand at a time: key and JSON."""
    part: list[tuple[int, str]] = []
    for row in rows.order_by("pk").values_list(*names_of(rows.model)).iterator(chunk_size=AT_ONCE):
        part.append((row[0], written(row)))
        if len(part) == AT_ONCE:
            yield part
            part = []
    if part:
        yield part


@dataclass
class TableChange:
    """What an import did to one table: keys it made, rows it changed (as they were) and removed, the last key then."""

    model: type[Model]
    created: dict[int, int]
    changed: list[tuple[Row, int]]
    deleted: list[Row]
    last: int

    @property
    def old(self) -> dict[int, dict[str, Any]]:
        """The rows that were changed as they were, by key."""
        return {row[0]: dict(zip(names_of(self.model), row, strict=True)) for row, _hash in self.changed}

    @property
    def touched(self) -> bool:
        """Did the import do anything here?"""
        return bool(self.created or self.changed or self.deleted)


def unpack(packed: bytes) -> list[TableChange]:
    """What `Snapshot.pack` kept, in the order of the tables."""
    found = json.loads(zlib.decompress(packed))
    return [
        TableChange(
            apps.get_model(each["model"]), dict(each["created"]), list(map(tuple, each["changed"])), each["deleted"], each["last"]
        )
        for each in found
    ]  # fmt: skip
