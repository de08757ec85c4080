"""取込み: choose a file, see its preview, then commit it, and undo it while no later data depends on
it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipality.audit.access_events import note_export
from municipality.core.refusals import Conflict, require
from municipality.core.registry import import_kinds
from municipality.core.spreadsheets.table import MOST_BYTES
from municipality.core.spreadsheets.writers import CSV, XLSX, write
from municipality.imports import exports
from municipality.imports.forms import ImportForm
from municipality.imports.models import FileImport
from municipality.imports.operations import imports as operations
from municipality.imports.operations import previews
from municipality.imports.presenters import (
    changes_listing,
    choice_words,
    findings_listing,
    imports_listing,
    kinds_listing,
)
from municipality.imports.rules import may_hand_in, may_import
from municipality.imports.templates_and_corrections import (
    current_rows,
    heads_of,
    template_book,
    with_findings,
)
from municipality.web.exports import Export, answer, as_file, asked_format, saved_as
from municipality.web.pages import done, page, show, valid
from municipality.web.paging import page_of

if TYPE_CHECKING:
    from municipality.imports.kinds import ImportKind
    from municipality.organisation.models import Member

MOST_FINDINGS = 200

OTHER_PREVIEW = gettext_lazy(
    "プレビューの内容が変わっています。いまの内容を確かめてから、取り込んでください。"
)

COUNTS = ("added", "changed", "ended", "unchanged")


@page(may_hand_in, methods="GET POST", most_bytes=MOST_BYTES)
def import_list(request: HttpRequest) -> HttpResponse:
    """Imported files, and the form to hand in another one. Handing in changes nothing yet."""
    kinds = [kind for kind in import_kinds().values() if kind.may(request.member) is True]
    form = ImportForm(kinds, request.POST or None, request.FILES or None)
    if valid(request, form):
        file = form.cleaned_data["file"]
        kind, content = form.cleaned_data["kind"], file.read()
        file_import = operations.hand_in(
            request.municipality, kind, file.name, content, by=request.member, now=request.now
        )
        return done(request, _said(file_import), file_import)
    rows = FileImport.objects.visible_to(request.member).select_related(
        "uploaded_by", "committed_by"
    )
    listed = page_of(rows, request.GET.get("page"))
    context = {
        "rows": _named(listed),
        "listing": imports_listing(listed),
        "form": form,
        "kinds": kinds_listing(kinds, request.municipality.pk, may_import(request.member) is True),
        "export": exports.imports(rows, label_of),
    }
    return show(request, "municipality/imports/imports.html", context)


def _said(file_import: FileImport) -> str:
    return {
        FileImport.State.RECEIVED: _(
            "ファイルを受け取りました。行数が多いため、読み終わるまでしばらくお待ちください。"
        ),
        FileImport.State.REFUSED: _("ファイルを読みました。直す所があるため、まだ取り込めません。"),
        FileImport.State.PREVIEWED: _("ファイルを読みました。内容を確認して、取り込んでください。"),
        FileImport.State.ORDERED: _("取込みを始めました。ほかの画面に移っても続きます。"),
        FileImport.State.COMMITTED: _("ファイルを取り込みました。"),
    }[FileImport.State(file_import.state)]


def _named(rows: Any) -> Any:
    """Set the label of the kind (a removed kind shows its name) and the counts of each row."""
    for row in rows:
        row.label = label_of(row.kind)
        row.counts = [row.summary.get(what) for what in COUNTS]
    return rows


def label_of(kind: str) -> Any:
    """The label of a kind of file."""
    return import_kinds()[kind].label if kind in import_kinds() else kind


@page(may_hand_in, of=FileImport, related="uploaded_by committed_by")
def import_page(request: HttpRequest, file_import: FileImport) -> HttpResponse:
    """Preview, findings or progress of a file, with the next action."""
    _named([file_import])
    changes = page_of(file_import.changes, request.GET.get("page"))
    context = {
        "file_import": file_import,
        "findings": findings_listing(file_import.findings[:MOST_FINDINGS]),
        "changes": changes_listing(changes),
        **_words(file_import),
    }
    kind = import_kinds().get(file_import.kind)
    context |= kind.shows(file_import) if kind and kind.shows else {}
    context["choice"] = choice_words(kind.choice, file_import) if kind else ""
    return show(request, "municipality/imports/import.html", context)


def _words(file_import: Any) -> dict[str, Any]:
    """Summary for the page: the counts, and how many changes and findings are not shown."""
    labels = (_("追加する行"), _("変更する行"), _("終了する行"), _("変更のない行"))
    summary = file_import.summary
    differing = sum(summary.get(what, 0) for what in COUNTS[:3])
    return {
        "counts": [
            (label, f"{count or 0:,}")
            for label, count in zip(labels, file_import.counts, strict=True)
        ],
        "differing": differing,
        "more": differing - len(file_import.changes),
        "unseen": summary.get("findings", 0) - MOST_FINDINGS,
    }


@page(may_hand_in, of=FileImport, methods="POST", related="municipality")
def import_commit(request: HttpRequest, file_import: FileImport) -> HttpResponse:
    """Commit the preview that the page showed."""
    if request.POST.get("edition", str(file_import.edition)) != str(file_import.edition):
        raise Conflict(OTHER_PREVIEW, file_import.get_absolute_url())
    sure = request.POST.get("sure") == "on"
    file_import = operations.commit_import(
        file_import, by=request.member, now=request.now, sure=sure
    )
    return done(request, _said(file_import), file_import)


@page(may_hand_in, of=FileImport, methods="POST", related="municipality")
def import_choice(request: HttpRequest, file_import: FileImport) -> HttpResponse:
    """Show what the file would change with the rows that it left out, or again without them."""
    choice = _kind(file_import.kind).choice
    if choice is None:
        raise Http404
    option = {choice.option: not file_import.options.get(choice.option)}
    file_import = previews.read_again(file_import, by=request.member, now=request.now, **option)
    return done(request, _said(file_import), file_import)


@page(may_hand_in, of=FileImport, methods="POST")
def import_discard(request: HttpRequest, file_import: FileImport) -> HttpResponse:
    """Discard the file."""
    operations.discard_import(file_import, by=request.member, now=request.now)
    back = reverse("municipality:imports", args=[request.municipality.pk])
    return done(request, _("取込みをやめました。何も変わっていません。"), back)


@page(may_hand_in, of=FileImport, methods="POST")
def import_undo(request: HttpRequest, file_import: FileImport) -> HttpResponse:
    """Undo the changes of the file."""
    operations.undo_import(file_import, by=request.member, now=request.now)
    return done(request, _("取込みを取り消しました。取り込む前の内容に戻っています。"), file_import)


@page(may_hand_in, of=FileImport)
def import_remarks(request: HttpRequest, file_import: FileImport) -> HttpResponse:
    """A refused file with its findings in a last column, in its own format."""
    if not file_import.is_correctable:
        raise Conflict(
            _("このファイルは、指摘を付けて出力できません。元のファイルを直してください。")
        )
    heads, lines, format_ = with_findings(file_import)
    written = write(format_, label_of(file_import.kind), heads, lines)
    details = {
        "list": file_import.kind,
        "format": format_,
        "count": written.rows,
        "digest": written.digest,
    }
    note_export("import.handed_out", file_import, by=request.member, **details)
    return as_file(
        written, f"{file_import.name.rpartition('.')[0] or file_import.name}_指摘", format_
    )


def _kind(name: str, member: Member | None = None) -> ImportKind:
    """The kind in the address. Http404 when there is none, Denied when it is not the member's."""
    if name not in import_kinds():
        raise Http404
    kind = import_kinds()[name]
    if member is not None:
        require(kind.may(member))
    return kind


@page(may_hand_in)
def import_template(request: HttpRequest, kind: str) -> HttpResponse:
    """Empty file with the headings of a kind, in UTF-8 with BOM so that a spreadsheet program opens
    it.
    """
    heads = heads_of(_kind(kind, request.member))
    return as_file(write(CSV, kind, heads, ()), kind, CSV)


@page(may_hand_in)
def import_template_book(request: HttpRequest, kind: str) -> HttpResponse:
    """Empty workbook of a kind, with lists of choices in its cells and a sheet of explanations."""
    return saved_as(template_book(_kind(kind, request.member)), f"{kind}.xlsx", XLSX)


@page(may_import)
def import_current(request: HttpRequest, kind: str) -> HttpResponse:
    """Stored data in the columns of the kind; importing it again changes nothing."""
    import_kind = _kind(kind)
    columns = [(name, lambda row, n=n: row[n]) for n, name in enumerate(heads_of(import_kind))]
    rows = current_rows(import_kind, request.municipality, request.today)
    export = Export(kind, import_kind.label, columns, rows)
    return answer(request, export, asked_format(request) or XLSX, verb="import.handed_out")
