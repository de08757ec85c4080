"""Lists: their table, tabs, filters, pages and empty states."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.template import Library
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from municipality.core.date_words import NOTHING
from municipality.core.name_lists import COMMA, all_names
from municipality.core.worded import sentences
from municipality.web.components.cells import StateCell, drawings
from municipality.web.components.drawing import draw
from municipality.web.components.entries import entries

register = Library()


@dataclass(frozen=True)
class Tab:
    """One tab: a link with a count, which `spoken` explains to a screen reader, and a badge where
    its part of the page is in a state of its own.
    """

    label: str
    address: str
    count: int | None = None
    current: bool = False
    spoken: str = ""
    state: StateCell | None = None


@register.simple_tag
def tabs(items, label: str = "") -> SafeString:
    """`{% tabs items %}`: links with counts, the current one underlined, from `Tab` objects."""
    return draw("tabs", items=items, label=label or _("表示の切替え"))


@register.simple_tag
def crumb(label: str, address: str = "") -> SafeString:
    """`{% crumb label address %}`: one place on the way to this page; the last one has no address
    (breadcrumb).
    """
    if address:
        return format_html('<li><a href="{}">{}</a></li>', address, label)
    return format_html('<li aria-current="page">{}</li>', label)


@register.simple_tag
def empty_state(
    title: str,
    text: str = "",
    action_url: str = "",
    action_label: str = "",
    *,
    more_url: str = "",
    more_label: str = "",
) -> SafeString:
    """`{% empty_state title text url label %}`: nothing is here yet, what is missing, and the one
    thing to do.
    """
    action = {
        "action_url": action_url,
        "action_label": action_label,
        "more_url": more_url,
        "more_label": more_label,
    }
    return draw("empty", title=title, text=text, **action)


register.filter("all_names", all_names)


register.simple_tag(sentences)
"""`{% sentences first second %}`: one after the other, as the reader's language sets them."""


@register.filter
def listed(things) -> SafeString:
    """`{{ names|listed }}`: one after the other, each on one line."""
    return format_html_join(
        str(COMMA), '<span class="nw">{}</span>', ((thing,) for thing in things)
    )


@register.simple_tag
def empty_filtered(clear_url: str) -> SafeString:
    """`{% empty_filtered url %}`: the filter leaves nothing; the link clears it."""
    return draw("empty_filtered", clear_url=clear_url)


@register.simple_tag(takes_context=True)
def pager(context, page, name: str = "page") -> SafeString:
    """`{% pager page %}`: which rows of how many, and the other pages of a `Page`; filters stay in
    the address.
    """
    query = context["request"].GET.copy()
    links = []
    for place in page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1):
        query[name] = place
        links.append((place, f"?{query.urlencode()}" if isinstance(place, int) else ""))
    return draw("pager", page=page, links=links, total=page.paginator.count)


@register.simple_tag(takes_context=True)
def export_button(context) -> SafeString:
    """`{% export_button %}`: the list of this page as a file, narrowed as it is. Nothing where the
    view gives no `export`.
    """
    if not context.get("export"):
        return SafeString()
    query = context["request"].GET.copy()
    query.pop("page", None)
    addresses = {}
    for form in ("xlsx", "csv", "cp932"):
        query["file"] = form
        addresses[form] = f"?{query.urlencode()}"
    return draw("export_button", addresses=addresses)


@register.simple_tag(takes_context=True)
def filter_bar(context, form, total: int | None = None) -> SafeString:
    """`{% filter_bar form total=n %}`: the filters of a list as a form whose values stand in the
    address.
    """
    request = context["request"]
    filtered = any(request.GET.get(bound.html_name) for bound in form.visible_fields())
    return draw("filter_bar", form=form, total=total, filtered=filtered, path=request.path)


@register.simple_tag(takes_context=True)
def sort_link(context, label: str, key: str, numeric: bool = False) -> SafeString:
    """`{% sort_link label 'name' %}`: a `th` that sorts by `?sort=name`, then `?sort=-name`, and
    says which it is.
    """
    query = context["request"].GET.copy()
    now = query.get("sort", "")
    order = {key: "ascending", f"-{key}": "descending"}.get(now, "")
    query["sort"] = f"-{key}" if now == key else key
    query.pop("page", None)
    shape = {"ascending": "up", "descending": "down"}.get(order, "")
    return draw(
        "sort_link",
        label=label,
        address=f"?{query.urlencode()}",
        order=order,
        shape=shape,
        numeric=numeric,
    )


@dataclass(frozen=True)
class ListColumn:
    """One column of a list: its head, and the kind of its cells, a key of `cells.CELLS`.

    `sort` is the word of `?sort=` by which this column sorts. `silent` heads are read, not shown
    (a column of buttons). `wide` cells take a whole line of a list with `pairs`.
    """

    label: str
    kind: str = "text"
    sort: str = ""
    silent: bool = False
    wide: bool = False


@dataclass(frozen=True)
class Nothing:
    """What stands in place of a list without rows: what is missing, and the one thing to do.
    `clear` is the address without the filter, where the filter is what left nothing. Without a
    title the text is one plain sentence, for a list below a heading of its own.
    """

    title: str = ""
    text: str = ""
    address: str = ""
    label: str = ""
    clear: str = ""


@dataclass(frozen=True)
class ListTable:
    """A list as a page shows it: columns, and rows of plain values, one for each column.

    A value is what the kind of its column takes; None is "—". Without columns the rows are
    `ListEntry` objects, one under another. `page` is the part of the list that is shown, None for
    one that is whole. `today` lets days of another fiscal year show their year. `named_by` is the
    place of the column that names the row. On a phone the short cells of a list with `pairs` stand
    two in a line. `anchors` are the words by which an address points at a row, one for each row.
    """

    columns: Sequence[ListColumn]
    rows: Sequence[Any]
    nothing: Nothing = Nothing()
    caption: str = ""
    page: Any = None
    today: date | None = None
    named_by: int = 0
    pairs: bool = False
    anchors: Sequence[str] = ()


@register.simple_tag(takes_context=True)
def listing(context, of: ListTable) -> SafeString:
    """`{% listing people %}`: a list as a table (a block per row on narrow screens) with its pages,
    or what stands in place of one without rows.
    """
    if not of.rows:
        return _instead(of.nothing)
    drawn = _table(context, of) if of.columns else entries(context, of.rows)
    return SafeString(drawn + (pager(context, of.page) if of.page else ""))


def _table(context: Any, of: ListTable) -> SafeString:
    return format_html(
        '<div class="tw"><table class="stackt{}">{}<thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>",
        " two" if of.pairs else "",
        format_html("<caption>{}</caption>", of.caption) if of.caption else "",
        SafeString("".join(_head(context, column) for column in of.columns)),
        _rows(context, of),
    )


def _instead(nothing: Nothing) -> SafeString:
    if nothing.clear:
        return empty_filtered(nothing.clear)
    if not nothing.title:
        return format_html("<p>{}</p>", nothing.text) if nothing.text else SafeString()
    return empty_state(nothing.title, nothing.text, nothing.address, nothing.label)


def _head(context: Any, column: ListColumn) -> SafeString:
    numeric = column.kind == "number"
    if column.sort:
        return sort_link(context, column.label, column.sort, numeric=numeric)
    label = (
        format_html('<span class="vh">{}</span>', column.label) if column.silent else column.label
    )
    return format_html('<th scope="col"{}>{}</th>', NUMERIC if numeric else "", label)


NUMERIC, WIDE = SafeString(' class="num"'), SafeString(' class="wide"')


def _rows(context: Any, of: ListTable) -> SafeString:
    """Tags are put together once per column; a row costs what its values cost."""
    cells = drawings(context)
    drawn = [cells[column.kind] for column in of.columns]
    blank = ["" if column.silent else NOTHING for column in of.columns]
    opened = [_opening(column) for column in of.columns]
    closed = ["</td>"] * len(opened)
    opened[of.named_by], closed[of.named_by] = SafeString('<th scope="row">'), "</th>"
    starts: list[str] = [format_html('<tr id="{}">', anchor) for anchor in of.anchors]
    parts: list[str] = []
    for row, start in zip(of.rows, starts or ["<tr>"] * len(of.rows), strict=True):
        parts.append(start)
        for value, cell, opening, empty, closing in zip(
            row, drawn, opened, blank, closed, strict=True
        ):
            parts += (opening, empty if value is None else cell(value, of.today), closing)
        parts.append("</tr>")
    return SafeString("".join(parts))


def _opening(column: ListColumn) -> SafeString:
    if column.silent:
        return SafeString('<td class="nw">')
    look = NUMERIC if column.kind == "number" else WIDE if column.wide else ""
    return format_html('<td{} data-l="{}">', look, column.label)


def tabs_of(
    labels: Mapping[str, Any],
    current: str,
    *,
    counts: Mapping[str, int] | None = None,
    address: Callable[[str], str] = "?tab={}".format,
) -> list[Tab]:
    """The tabs over a list: word in the address → label, with its count where there is one."""
    counted = counts or {}
    return [
        Tab(label, address(key), counted.get(key), key == current) for key, label in labels.items()
    ]
