"""取込み: choose a file, see what it would change, and only then commit it."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from municipality.forms import ImportForm
from municipality.models import FileImport
from municipality.operations import imports as operations
from municipality.pages import done, page, show, valid
from municipality.rooms import import_kinds
from municipality.rules import may_import

PER_PAGE = 50
MOST_FINDINGS = 200


@page(may_import, methods="GET POST")
def import_list(request: HttpRequest) -> HttpResponse:
    """Files that came in, and the form to hand in another. Handing in changes nothing yet."""
    kinds = [kind for kind in import_kinds().values() if kind.may(request.member)]
    form = ImportForm(kinds, request.POST or None, request.FILES or None)
    if valid(request, form):
        file = form.cleaned_data["file"]
        kind, content = form.cleaned_data["kind"], file.read()
        taken = operations.preview(request.municipality, kind, file.name, content, by=request.member, now=request.now)
        return done(request, _said(taken), taken)
    rows = FileImport.objects.visible_to(request.member).select_related("uploaded_by")
    listed = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    _name_kinds(listed)
    return show(request, "municipality/imports.html", {"rows": listed, "form": form, "kinds": kinds})


def _said(taken: FileImport) -> str:
    if taken.state == FileImport.State.REFUSED:
        return _("ファイルを読みました。直す所があるため、まだ取り込めません。")
    return _("ファイルを読みました。内容を確認して、取り込んでください。")


def _name_kinds(rows: Any) -> None:
    """Give each row the label of its kind; a kind that is gone keeps its name."""
    for row in rows:
        kind = import_kinds().get(row.kind)
        row.label = kind.label if kind else row.kind


@page(may_import, of=FileImport, related="uploaded_by")
def import_page(request: HttpRequest, taken: FileImport) -> HttpResponse:
    """What a file would change, or what is wrong with it, with the way on."""
    _name_kinds([taken])
    context = {"taken": taken, "findings": taken.findings[:MOST_FINDINGS], **_words(taken)}
    return show(request, "municipality/import.html", context)


def _words(taken: FileImport) -> dict[str, Any]:
    """The summary in words: the four numbers, the first changes, and how many more of either there are."""
    summary = taken.summary
    labels = {
        "added": _("追加する行"),
        "changed": _("変更する行"),
        "ended": _("終了する行"),
        "unchanged": _("変更のない行"),
    }
    said = {"added": _("追加します"), "changed": _("変更します"), "ended": _("終了します")}
    changes = [{**change, "said": said[change["what"]]} for change in summary.get("changes", [])]
    return {
        "counts": [(label, summary.get(what, 0)) for what, label in labels.items()],
        "changes": changes,
        "more": sum(summary.get(what, 0) for what in said) - len(changes),
        "unseen": summary.get("findings", 0) - MOST_FINDINGS,
    }


@page(may_import, of=FileImport, methods="POST")
def import_commit(request: HttpRequest, taken: FileImport) -> HttpResponse:
    """Write what the preview showed."""
    operations.commit_import(taken, by=request.member, now=request.now)
    return done(request, _("ファイルを取り込みました。"), taken)


@page(may_import, of=FileImport, methods="POST")
def import_discard(request: HttpRequest, taken: FileImport) -> HttpResponse:
    """Drop the file."""
    operations.discard_import(taken, by=request.member, now=request.now)
    return done(
        request,
        _("取込みをやめました。何も変わっていません。"),
        reverse("municipality:imports", args=[request.municipality.pk]),
    )


@page(may_import)
def import_template(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty file with the headers of a kind, as a spreadsheet opens it: UTF-8 with its mark."""
    if kind not in import_kinds():
        raise Http404
    headers = ",".join(column.name for column in import_kinds()[kind].columns)
    response = HttpResponse(f"\ufeff{headers}\r\n", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{kind}.csv"'
    return response
