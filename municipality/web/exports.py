"""The button for a file on every list: a page names its columns and its rows once, and answers
`?file=xlsx` with them.

The rows are those of the page, all of them, narrowed as the page is and fetched for the same
viewer: what may not be seen on the page cannot be in the file. One cell holds one value, units
stand in the heads, nothing is merged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import IO, Any, cast

from django.db import models
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render

from municipality.audit.access_events import note_export
from municipality.core.batches import AT_ONCE
from municipality.core.spreadsheets.writers import (
    FORMATS,
    TYPES,
    CannotHold,
    Written,
    ending,
    write,
)

ASKED = "file"

Value = Callable[[Any], Any]


@dataclass(frozen=True)
class Export:
    """A list as a file: its title, its columns (head, and how a row gives the value), its rows.
    `name` stands in the history.

    `rows` may be a queryset: it is gone through in parts. `prepare(rows)` adds to a part of them
    what the values need (other tables read for two thousand rows at once). `about` is the thing
    whose page has the list.
    """

    name: str
    title: Any
    columns: Sequence[tuple[Any, Value]]
    rows: Iterable[Any]
    prepare: Callable[[list[Any]], Any] | None = None
    about: models.Model | None = None

    @property
    def heads(self) -> list[str]:
        """Headings of the columns."""
        return [str(head) for head, _value in self.columns]

    @property
    def lines(self) -> Iterable[list[Any]]:
        """Every row as its values, fetched in parts."""
        for part in self._parts():
            if self.prepare:
                self.prepare(part)
            for row in part:
                yield [value(row) for _head, value in self.columns]

    def _parts(self) -> Iterable[list[Any]]:
        rows = self.rows
        iterator = (
            rows.iterator(chunk_size=AT_ONCE) if isinstance(rows, models.QuerySet) else iter(rows)
        )
        part: list[Any] = []
        for row in iterator:
            part.append(row)
            if len(part) == AT_ONCE:
                yield part
                part = []
        if part:
            yield part


def asked_format(request: HttpRequest) -> str:
    """File format in the address; empty when the page itself is requested."""
    asked = request.GET.get("file", "") if request.method in ("GET", "HEAD") else ""
    return asked if asked in FORMATS else ""


def answer(
    request: HttpRequest, export: Export, format_: str, *, verb: str = "list.exported"
) -> HttpResponse:
    """Response with the list as a file, logged; 422 with the place when the format cannot hold a
    character.
    """
    try:
        written = write(format_, str(export.title), export.heads, export.lines)
    except CannotHold as error:
        return _refused(request, export, error)
    query = {key: value for key, value in request.GET.items() if key not in (ASKED, "page")}
    details = {
        "list": export.name,
        "format": format_,
        "count": written.rows,
        "digest": written.digest,
        "query": query,
    }
    note_export(verb, export.about, by=request.member, **details)
    return as_file(written, f"{export.title}_{request.today:%Y%m%d}", format_)


def as_file(written: Written, name: str, format_: str) -> HttpResponse:
    """Response that is saved under this name."""
    return saved_as(written.file, f"{name}.{ending(format_)}", format_)


def saved_as(file: IO[bytes], name: str, format_: str) -> HttpResponse:
    """Response with a file, sent in parts."""
    return cast(
        "HttpResponse",
        FileResponse(file, as_attachment=True, filename=name, content_type=TYPES[format_]),
    )


def _refused(request: HttpRequest, export: Export, error: CannotHold) -> HttpResponse:
    addresses = {}
    for format_ in FORMATS:
        query = request.GET.copy()
        query[ASKED] = format_
        addresses[format_] = f"?{query.urlencode()}"
    context = {"export": export, "error": error, "addresses": addresses, "back": request.path}
    return render(request, "municipality/web/export_refused.html", context, status=422)
