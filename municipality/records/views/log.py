"""アクセスログ: acts and reads, for auditors and the office. Contents and values are not shown."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from municipality.audit.access_events import note_reading
from municipality.audit.models import Entry
from municipality.core.spreadsheets.writers import CP932, FORMATS, CannotHold, write
from municipality.records.exports import MOST_LINES, log_lines
from municipality.records.integrity_messages import fault_words
from municipality.records.log_search import (
    checks_of,
    filter_of,
    log_page,
    name_rows,
    narrowed,
)
from municipality.records.presenters import checks_listing, log_listing
from municipality.records.rules import may_see_log
from municipality.web.exports import as_file
from municipality.web.pages import page, show


@page(may_see_log)
def log_list(request: HttpRequest) -> HttpResponse:
    """Lines of the body's chain, the newest first, paged by line number."""
    return _shown(request)


def _shown(request: HttpRequest, problem: str = "", status: int = 200) -> HttpResponse:
    form = filter_of(request.municipality, request.GET)
    rows = narrowed(
        Entry.objects.visible_to(request.member), form, request.municipality, request.member
    )
    shown = log_page(rows, request.GET.get("before", ""), request.GET.get("after", ""))
    name_rows(shown.rows, request.municipality, request.member)
    note_reading("log.read", by=request.member, query=request.GET.dict())
    context = {
        "shown": shown,
        "listing": log_listing(shown.rows),
        "filter": form,
        "filtered": _filter_of(request),
        "query": _query(request),
        "problem": problem,
    }
    response = show(request, "municipality/records/log.html", context)
    response.status_code = status
    return response


def _filter_of(request: HttpRequest) -> dict[str, str]:
    """Filter values of the request, without the position."""
    return {
        key: value
        for key, value in request.GET.dict().items()
        if value and key not in {"before", "after", "as"}
    }


def _query(request: HttpRequest) -> str:
    """Filter as a query string."""
    query = request.GET.copy()
    for key in ("before", "after", "as"):
        query.pop(key, None)
    return query.urlencode()


@page(may_see_log)
def log_export(request: HttpRequest) -> HttpResponse:
    """Filtered lines as a file. The export is logged with its filter and digest."""
    wanted = request.GET.get("as", "csv")
    rows = narrowed(
        Entry.objects.visible_to(request.member),
        filter_of(request.municipality, request.GET),
        request.municipality,
        request.member,
    )
    if wanted not in FORMATS or rows[: MOST_LINES + 1].count() > MOST_LINES:
        return _shown(
            request, _("10万行を超えるファイルは作れません。期間などで絞り込んでください。"), 422
        )
    export = log_lines(rows, request.municipality, request.member)
    try:
        written = write(wanted, export.title, export.heads, export.lines)
    except CannotHold as error:
        return _shown(request, _cannot_hold(error, wanted), 422)
    note_reading(
        "log.exported",
        by=request.member,
        form=wanted,
        filter=_filter_of(request),
        digest=written.digest,
    )
    name = f"{export.title}_{request.municipality.pk}_{request.today:%Y%m%d}"
    return as_file(written, name, wanted)


def _cannot_hold(error: CannotHold, format_: str) -> str:
    words = (
        _(
            "%(line)s行目の「%(text)s」は、シフトJISで表せません。CSV(UTF-8)かxlsxで出力してください。"
        )
        if format_ == CP932
        else _("%(line)s行目の「%(text)s」は、xlsxで表せません。CSV(UTF-8)で出力してください。")
    )
    return words % {"line": error.line, "text": error.value}


@page(may_see_log)
def log_check(request: HttpRequest, number: int = 0) -> HttpResponse:
    """Checks of the log and their results, day by day."""
    rows: list[dict[str, Any]] = [
        {
            "row": row,
            "own": row.chain.municipality_id is not None,
            "reason": fault_words(row.reason),
        }
        for row in checks_of(request.municipality)
    ]
    latest = next((row["row"] for row in rows if row["own"]), None)
    late = latest is not None and (request.today - latest.day).days > 1
    return show(
        request,
        "municipality/records/log_check.html",
        {
            "listing": checks_listing(rows, request.municipality.name),
            "latest": latest,
            "late": late,
        },
    )
