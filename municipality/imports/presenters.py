"""The lists of imports: files, kinds of files, and what a file would change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.core.addresses import page_address
from municipality.core.date_words import NOTHING
from municipality.core.name_lists import all_names
from municipality.web.components.cells import LinkCell, StateCell, Words
from municipality.web.components.lists import ListColumn, ListTable
from municipality.web.components.states import face

if TYPE_CHECKING:
    from django.core.paginator import Page

    from municipality.imports.kinds import ImportChoice, ImportKind
    from municipality.imports.models import FileImport


def imports_listing(page: Page) -> ListTable:
    """Files of one page, each with the `label` of its kind and its `counts`."""
    columns = (
        ListColumn(pgettext("取込み", "ファイル"), "link"),
        ListColumn(pgettext("取込み", "種類")),
        ListColumn(pgettext("取込み", "状態"), "state"),
        ListColumn(_("受け取った日時"), "moment"),
        ListColumn(_("操作した人")),
        ListColumn(pgettext("取込みの件数", "追加"), "number"),
        ListColumn(pgettext("取込みの件数", "変更"), "number"),
        ListColumn(pgettext("取込みの件数", "終了"), "number"),
        ListColumn(pgettext("取込みの件数", "変更なし"), "number"),
    )
    return ListTable(columns, [_row(taken) for taken in page], page=page)


def _row(taken: Any) -> tuple[Any, ...]:
    by: Any = taken.committed_by or taken.uploaded_by
    counts = [None] * 4 if _is_refused(taken) else taken.counts
    return (
        LinkCell(taken.name, taken.get_absolute_url()),
        taken.label,
        StateCell(*face(taken)),
        taken.uploaded_at,
        str(by) if by else pgettext("取込み", "コマンド"),
        *counts,
    )


def _is_refused(taken: FileImport) -> bool:
    return taken.state == taken.State.REFUSED


def choice_words(choice: ImportChoice | None, file_import: FileImport) -> str:
    """The button by which rows that a file left out are taken in, or left out again; empty where
    there is nothing to choose.
    """
    if choice is None or file_import.state != file_import.State.PREVIEWED:
        return ""
    if file_import.options.get(choice.option):
        return choice.leave
    return choice.take if file_import.summary.get("left_out") else ""


def kinds_listing(kinds: Iterable[ImportKind], body: str, hands_out: bool) -> ListTable:
    """Kinds of files, each with its columns, its template, and what is registered now, which only
    the office gets.
    """
    columns = (
        ListColumn(pgettext("取込み", "種類")),
        ListColumn(pgettext("取込み", "列")),
        ListColumn(pgettext("取込み", "書き方")),
        ListColumn(pgettext("取込み", "ひな型")),
        ListColumn(_("現在の内容")),
    )
    rows = [
        (
            kind.label,
            all_names(str(column.shown) for column in kind.columns),
            kind.help,
            _template(kind, body),
            _current(kind, body) if hands_out and kind.hands_out else None,
        )
        for kind in kinds
    ]
    return ListTable(columns, rows)


def _template(kind: ImportKind, body: str) -> SafeString:
    book = page_address("municipality:import_template_book", body, kind.kind)
    text = page_address("municipality:import_template", body, kind.kind)
    return _files(f"{kind.label} {pgettext('取込み', 'ひな型')} ", book, text)


def _current(kind: ImportKind, body: str) -> SafeString:
    book, text = (
        page_address("municipality:import_current", body, kind.kind, query={"file": form})
        for form in ("xlsx", "csv")
    )
    return _files(f"{kind.label} {_('現在の内容')} ", book, text)


def _files(of: str, book: str, text: str) -> SafeString:
    """The same as Excel and as CSV; `of` is read, not shown."""
    link = '<a class="nw" href="{}"><span class="vh">{}</span>{}</a>'
    links = format_html_join(
        pgettext("区切り", "・"), link, ((book, of, "Excel"), (text, of, "CSV"))
    )
    return format_html("<span>{}</span>", links)


def findings_listing(findings: Iterable[tuple[int, str, str, str]]) -> ListTable:
    """What has to be put right in a file, by line and column."""
    columns = (
        ListColumn(pgettext("取込み", "行"), "number"),
        ListColumn(pgettext("取込み", "列")),
        ListColumn(pgettext("取込み", "値"), "words"),
        ListColumn(pgettext("取込み", "直し方")),
    )
    empty = Words(pgettext("取込み", "空欄"), "missing")
    rows = [
        (line, column or None, ((_quoted(value) if value else empty,),), message)
        for line, column, value, message in findings
    ]
    return ListTable(columns, rows, caption=_("行は、見出しを1行目として数えます。"), named_by=1)


def _quoted(value: str) -> str:
    return f"「{Truncator(value).chars(60)}」"


def changes_listing(page: Page) -> ListTable:
    """What a file would change, a row for each of its lines."""
    columns = (
        ListColumn(pgettext("取込み", "行"), "number"),
        ListColumn(pgettext("取込み", "対象")),
        ListColumn(pgettext("取込み", "操作")),
        ListColumn(_("変わる項目")),
    )
    said = {"added": _("追加します"), "changed": _("変更します"), "ended": _("終了します")}
    rows = [
        (change["line"], change["label"], said[change["what"]], _details(change["details"]))
        for change in page
    ]
    return ListTable(columns, rows, page=page, named_by=1)


def _details(details: Iterable[tuple[str, str, str]]) -> SafeString:
    """A line for each column that changes, with its old and its new value."""
    lines = format_html_join(
        SafeString("<br>"),
        "{} {} {}",
        (
            (
                column,
                _value("del", pgettext("取込み", "いまの値"), before),
                _value("ins", pgettext("取込み", "新しい値"), after),
            )
            for column, before, after in details
        ),
    )
    return format_html("<span>{}</span>", lines or NOTHING)


def _value(element: str, said: str, value: str) -> SafeString:
    if not value:
        return SafeString()
    return format_html(
        '<{0}><span class="vh">{1} </span>{2}</{0}>', SafeString(element), said, value
    )
