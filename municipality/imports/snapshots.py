"""Rows as they were and as they are: what an import changed is found by comparing, so that no kind
of file has to tell.

A row is kept as JSON, packed by thousands; beside it eight bytes of its hash. Tables of a
prefecture fit into memory.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet

from municipality.core.batches import AT_ONCE

Row = list[Any]


def names_of(model: type[Model]) -> list[str]:
    """Column names of a table: the key, the body, then the others as the model has them. Imports
    of before their names were kept have them in this order.
    """
    return [
        each.attname
        for each in sorted(
            model._meta.concrete_fields,
            key=lambda each: (not each.primary_key, each.attname != "municipality_id"),
        )
    ]


def written(row: Any) -> str:
    """A row (or any other value) as JSON; dates and times in full ISO form."""
    return json.dumps(row, default=str, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def passing(model: type[Model]) -> list[str]:
    """Columns that change without anybody's building on the row: its edition, and where the system
    files it anew (`FILED_ANEW` of the model).
    """
    names = ("edition", *getattr(model, "FILED_ANEW", ()))
    return sorted(each.attname for each in model._meta.concrete_fields if each.name in names)


def lasting_hash(columns: list[str], passes: list[str], row: Iterable[Any]) -> int:
    """Hash of a row without the columns that pass."""
    kept = [value for name, value in zip(columns, row, strict=True) if name not in passes]
    return hash_of(written(kept))


def hash_of(text: str) -> int:
    """Eight-byte hash of a row."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


class Hashes:
    """Hash of each row by key, added in ascending order of the keys: sixteen bytes for each row."""

    def __init__(self) -> None:
        self.keys, self.hashes = array("q"), array("Q")

    def add(self, key: int, row_hash: int) -> None:
        """Add the hash of a row with a higher key than the ones before."""
        self.keys.append(key)
        self.hashes.append(row_hash)

    def get(self, key: int) -> int | None:
        """Hash of the row with this key, or None."""
        at = bisect_left(self.keys, key)
        return self.hashes[at] if at < len(self.keys) and self.keys[at] == key else None

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return zip(self.keys, self.hashes, strict=True)


@dataclass
class TableImage:
    """One table: the hash of each row by key, and the rows themselves where they are stored."""

    model: type[Model]
    hashes: Hashes = field(default_factory=Hashes)
    chunks: list[bytes] = field(default_factory=list)

    def difference(self, rows: QuerySet) -> Iterator[str]:
        """Data to undo the changes since the snapshot, as lines of JSON: the table, then new keys,
        changed and deleted rows.
        """
        columns, passes = names_of(self.model), passing(self.model)
        now, lasting = Hashes(), {}
        for pk, line in chain.from_iterable(_chunks(rows)):
            now.add(pk, hash_of(line))
            if self.hashes.get(pk) != now.hashes[-1]:
                lasting[pk] = lasting_hash(columns, passes, json.loads(line))
        last = now.keys[-1] if now.keys else 0
        label = self.model._meta.label_lower
        yield written({"model": label, "columns": columns, "passing": passes, "last": last})
        for pk, row_hash in lasting.items():
            if self.hashes.get(pk) is None:
                yield f"[{pk},{row_hash}]"
        differing = {pk for pk, row_hash in self.hashes if now.get(pk) != row_hash}
        for row in self.rows() if differing else ():
            if row[0] in differing:
                yield written([row, lasting.get(row[0])])

    def rows(self) -> Iterator[Row]:
        """Every stored row."""
        for chunk in self.chunks:
            yield from (json.loads(line) for line in zlib.decompress(chunk).decode().split("\n"))


class Snapshot:
    """Rows of some tables at one time. `digest` is equal only when every row is."""

    def __init__(self, tables: Iterable[QuerySet], *, keep: bool = True) -> None:
        self.tables: dict[str, TableImage] = {}
        whole = hashlib.sha256()
        for rows in tables:
            image = TableImage(rows.model)
            for lines in _chunks(rows):
                for pk, line in lines:
                    image.hashes.add(pk, hash_of(line))
                packed = "\n".join(line for _pk, line in lines).encode()
                whole.update(packed)
                if keep:
                    image.chunks.append(zlib.compress(packed, 1))
            whole.update(rows.model._meta.label_lower.encode())
            if keep:
                self.tables[rows.model._meta.label_lower] = image
        self.digest = whole.hexdigest()

    def pack(self, tables: Iterable[QuerySet]) -> bytes:
        """Packed data to restore this snapshot from the present state: new keys, and old rows that
        were changed or deleted. One table at a time.
        """
        parts: list[bytes] = []
        packer = zlib.compressobj()
        for rows in tables:
            pieces = self.tables[rows.model._meta.label_lower].difference(rows)
            parts.extend(packer.compress(f"{piece}\n".encode()) for piece in pieces)
        return b"".join([*parts, packer.flush()])


def _chunks(rows: QuerySet) -> Iterator[list[tuple[int, str]]]:
    """Rows by key in parts of a few thousand: key and JSON."""
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
    """Changes of an import to one table: keys it created, rows it changed (with their old values)
    and deleted, and the last key at that time. `columns` are the columns of the table at that time,
    `passes` those that change without anybody's building on the row; imports of before these were
    kept have none.
    """

    model: type[Model]
    columns: list[str]
    passes: list[str]
    created: dict[int, int]
    changed: list[tuple[Row, int]]
    deleted: list[Row]
    last: int

    @property
    def rows(self) -> int:
        """How many rows the import made, changed or deleted in the table."""
        return len(self.created) + len(self.changed) + len(self.deleted)

    @property
    def old(self) -> dict[int, dict[str, Any]]:
        """Changed rows with their old values, by key."""
        return {row[0]: dict(zip(self.columns, row, strict=True)) for row, _hash in self.changed}

    @property
    def before(self) -> list[dict[str, Any]]:
        """Changed and deleted rows as they were."""
        rows = [*(row for row, _hash in self.changed), *self.deleted]
        return [dict(zip(self.columns, row, strict=True)) for row in rows]

    def hash(self, row: Iterable[Any]) -> int:
        """Hash of a row, as far as somebody may have built on it."""
        return lasting_hash(self.columns, self.passes, row)

    @property
    def touched(self) -> bool:
        """Whether the import changed this table."""
        return bool(self.created or self.changed or self.deleted)


ADDED = {"municipality.posting": {"overlaps_from_before"}}
"""Columns that came after the last import that did not keep the names of its columns."""


def _columns_before(model: type[Model]) -> list[str]:
    """Columns of a table at the time when imports did not store their names yet."""
    return [name for name in names_of(model) if name not in ADDED.get(model._meta.label_lower, ())]


def unpack(packed: bytes) -> list[TableChange]:
    """Content packed by `Snapshot.pack`, in the order of the tables."""
    changes: list[TableChange] = []
    for line in zlib.decompress(packed).decode().split("\n")[:-1]:
        value = json.loads(line)
        if isinstance(value, dict):
            model = apps.get_model(value["model"])
            columns = value.get("columns") or _columns_before(model)
            passes = value.get("passing", [])
            changes.append(TableChange(model, columns, passes, {}, [], [], value["last"]))
        elif isinstance(value[0], int):
            changes[-1].created[value[0]] = value[1]
        elif value[1] is None:
            changes[-1].deleted.append(value[0])
        else:
            changes[-1].changed.append((value[0], value[1]))
    return changes
