"""取込み: choose a file, see what it would change, only then commit it, and take it back while
nothing has built on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from municipality.audit.access_events import note_export
from municipality.core.refusals import Conflict
from municipality.core.registry import import_kinds
from municipality.core.spreadsheets.table import MOST_BYTES
from municipality.core.spreadsheets.writers import CSV, XLSX, write
from municipality.imports import exports
from municipality.imports.forms import ImportForm
from municipality.imports.models import FileImport
from municipality.imports.operations import imports as operations
from municipality.imports.presenters import imports_listing
from municipality.imports.rules import may_import
from municipality.imports.templates_and_corrections import (
    current_rows,
    heads_of,
    remarked,
    template_book,
)
from municipality.web.exports import Export, answer, as_file, asked_format, saved_as
from municipality.web.pages import done, page, show, valid
from municipality.web.paging import page_of

if TYPE_CHECKING:
    from municipality.imports.kinds import ImportKind

MOST_FINDINGS = 200

COUNTS = ("added", "changed", "ended", "unchanged")


@page(may_import, methods="GET POST", most_bytes=MOST_BYTES)
def import_list(request: HttpRequest) -> HttpResponse:
    """Files that came in, and the form to hand in another. Handing in changes nothing yet."""
    kinds = [kind for kind in import_kinds().values() if kind.may(request.member)]
    form = ImportForm(kinds, request.POST or None, request.FILES or None)
    if valid(request, form):
        file = form.cleaned_data["file"]
        kind, content = form.cleaned_data["kind"], file.read()
        taken = operations.hand_in(
            request.municipality, kind, file.name, content, by=request.member, now=request.now
        )
        return done(request, _said(taken), taken)
    rows = FileImport.objects.visible_to(request.member).select_related(
        "uploaded_by", "committed_by"
    )
    listed = page_of(rows, request.GET.get("page"))
    context = {
        "rows": _named(listed),
        "listing": imports_listing(listed),
        "form": form,
        "kinds": kinds,
        "export": exports.imports(rows, label_of),
    }
    return show(request, "municipality/imports/imports.html", context)


def _said(taken: FileImport) -> str:
    return {
        FileImport.State.RECEIVED: _(
            "ファイルを受け取りました。行数が多いため、読み終わるまでしばらくお待ちください。"
        ),
        FileImport.State.REFUSED: _("ファイルを読みました。直す所があるため、まだ取り込めません。"),
        FileImport.State.PREVIEWED: _("ファイルを読みました。内容を確認して、取り込んでください。"),
        FileImport.State.ORDERED: _("取込みを始めました。ほかの画面に移っても続きます。"),
        FileImport.State.COMMITTED: _("ファイルを取り込みました。"),
    }[FileImport.State(taken.state)]


def _named(rows: Any) -> Any:
    """Give each row the label of its kind (a kind that is gone keeps its name) and its numbers."""
    for row in rows:
        row.label = label_of(row.kind)
        row.counts = [row.summary.get(what) for what in COUNTS]
    return rows


def label_of(kind: str) -> Any:
    """The label of a kind of file."""
    return import_kinds()[kind].label if kind in import_kinds() else kind


@page(may_import, of=FileImport, related="uploaded_by committed_by")
def import_page(request: HttpRequest, taken: FileImport) -> HttpResponse:
    """What a file would change, what is wrong with it, or how far it is, with the way on."""
    _named([taken])
    changes = page_of(taken.changes, request.GET.get("page"))
    context = {
        "taken": taken,
        "findings": taken.findings[:MOST_FINDINGS],
        "changes": _worded(changes),
        **_words(taken),
    }
    kind = import_kinds().get(taken.kind)
    context |= kind.shows(taken) if kind and kind.shows else {}
    return show(request, "municipality/imports/import.html", context)


def _worded(changes: Any) -> Any:
    said = {"added": _("追加します"), "changed": _("変更します"), "ended": _("終了します")}
    for change in changes:
        change["said"] = said[change["what"]]
    return changes


def _words(taken: Any) -> dict[str, Any]:
    """The summary in words: the four numbers, and how many changes and findings are not shown."""
    labels = (_("追加する行"), _("変更する行"), _("終了する行"), _("変更のない行"))
    summary = taken.summary
    differing = sum(summary.get(what, 0) for what in COUNTS[:3])
    return {
        "counts": [
            (label, f"{count or 0:,}") for label, count in zip(labels, taken.counts, strict=True)
        ],
        "differing": differing,
        "more": differing - len(taken.changes),
        "unseen": summary.get("findings", 0) - MOST_FINDINGS,
    }


@page(may_import, of=FileImport, methods="POST", related="municipality")
def import_commit(request: HttpRequest, taken: FileImport) -> HttpResponse:
    """Write what the preview showed."""
    sure = request.POST.get("sure") == "on"
    taken = operations.commit_import(taken, by=request.member, now=request.now, sure=sure)
    return done(request, _said(taken), taken)


@page(may_import, of=FileImport, methods="POST")
def import_discard(request: HttpRequest, taken: FileImport) -> HttpResponse:
    """Drop the file."""
    operations.discard_import(taken, by=request.member, now=request.now)
    back = reverse("municipality:imports", args=[request.municipality.pk])
    return done(request, _("取込みをやめました。何も変わっていません。"), back)


@page(may_import, of=FileImport, methods="POST")
def import_undo(request: HttpRequest, taken: FileImport) -> HttpResponse:
    """Take back what the file changed."""
    operations.undo_import(taken, by=request.member, now=request.now)
    return done(request, _("取込みを取り消しました。取り込む前の内容に戻っています。"), taken)


@page(may_import, of=FileImport)
def import_remarks(request: HttpRequest, taken: FileImport) -> HttpResponse:
    """A refused file with its findings in a last column, in the format it came in."""
    if not taken.is_correctable:
        raise Conflict(
            _("このファイルは、指摘を付けて出力できません。元のファイルを直してください。")
        )
    heads, lines, format_ = remarked(taken)
    written = write(format_, label_of(taken.kind), heads, lines)
    facts = {"list": taken.kind, "format": format_, "count": written.rows, "digest": written.digest}
    note_export("import.handed_out", taken, by=request.member, **facts)
    return as_file(written, f"{taken.name.rpartition('.')[0] or taken.name}_指摘", format_)


def _kind(name: str) -> ImportKind:
    """The kind in the address. Http404 when there is none."""
    if name not in import_kinds():
        raise Http404
    return import_kinds()[name]


@page(may_import)
def import_template(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty file with the headers of a kind, as a spreadsheet opens it: UTF-8 with its mark."""
    return as_file(write(CSV, kind, heads_of(_kind(kind)), ()), kind, CSV)


@page(may_import)
def import_template_book(request: HttpRequest, kind: str) -> HttpResponse:
    """The same as a workbook, whose cells offer what may be chosen, with a sheet of
    explanations.
    """
    return saved_as(template_book(_kind(kind)), f"{kind}.xlsx", XLSX)


@page(may_import)
def import_current(request: HttpRequest, kind: str) -> HttpResponse:
    """What is stored, in the columns of the kind: taken in again it changes nothing."""
    found = _kind(kind)
    columns = [(name, lambda row, n=n: row[n]) for n, name in enumerate(heads_of(found))]
    rows = current_rows(found, request.municipality, request.today)
    export = Export(kind, found.label, columns, rows)
    return answer(request, export, asked_format(request) or XLSX, verb="import.handed_out")
