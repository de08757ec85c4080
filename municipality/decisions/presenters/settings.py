"""The lists among the settings of decisions: routes, deputies and absences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.core.addresses import page_address
from municipality.core.date_words import span_words
from municipality.decisions.models import Absence, Deputy
from municipality.web.components.cells import ActionCell, Words
from municipality.web.components.dates import number
from municipality.web.components.lists import ListColumn, ListTable, Nothing

if TYPE_CHECKING:
    from django.core.paginator import Page


def routes_listing(page: Page, labels: Mapping[str, Any]) -> ListTable:
    """Routes of one page, each with its `variant_label` and whether it `lacks_managers`; `labels`
    are the words of what is decided.
    """
    columns = (
        ListColumn(_("決裁の対象")),
        ListColumn(pgettext("決裁", "決裁区分"), "words"),
        ListColumn(pgettext("決裁", "段階"), "words"),
        ListColumn(_("1段階の日数(開庁日)"), "number"),
        ListColumn(pgettext("一覧", "操作"), "action", silent=True),
    )
    rows = [
        (
            labels[route.matter],
            [(route.name,), *((Words(line, "small"),) for line in _conditions(route))],
            _stages(route),
            route.open_days,
            ActionCell(
                pgettext("決裁", "使わない"),
                page_address("municipality:route_stop", route.municipality_id, route.pk),
                posts=True,
                confirm=_("この決裁経路の使用をやめますか。"),
            ),
        )
        for route in page
    ]
    return ListTable(columns, rows, Nothing(text=_("当てはまる決裁経路はありません。")), page=page)


def _conditions(route: Any) -> Iterator[str]:
    """When the route is taken, a line for each condition."""
    if route.department:
        yield _("%(place)sとその下の起案") % {"place": route.department}
    if route.variant:
        yield _("%(kind)sの件") % {"kind": route.variant_label}
    if route.least_yen:
        yield _("%(yen)s円以上の件") % {"yen": number(route.least_yen)}


def _stages(route: Any) -> list[tuple[str | Words]]:
    """A line for each step, and what the route lacks."""
    lines: list[tuple[str | Words]] = []
    for step in route.steps.all():
        asked = (
            _("対象部署の所属長") if step.is_of_subject else f"{step.department or ''} {step.post}"
        )
        lines.append((f"{step.order} {step.get_kind_display()} {asked}",))
    if route.lacks_managers:
        missing = _(
            "対象部署の所属長に合議する段階がありません。展開先などの所属長の意見を聞くため、加えてください。"
        )
        lines.append((Words(missing, "small"),))
    return lines


def deputies_listing(rows: Iterable[Deputy], labels: Mapping[str, Any]) -> ListTable:
    """Who decides in whose place; `labels` are the words of what is decided."""
    columns = (
        ListColumn(_("決裁者の職位")),
        ListColumn(_("代決する人")),
        ListColumn(_("決裁の対象")),
        ListColumn(pgettext("決裁", "期間")),
        ListColumn(pgettext("一覧", "操作"), "action", silent=True),
    )
    lines = [
        (
            f"{row.department} {row.post}",
            row.member,
            labels.get(row.matter, row.matter) if row.matter else _("すべての対象"),
            span_words(row.starts_on, row.ends_on, brief=False),
            ActionCell(
                pgettext("入力", "取り消す"),
                page_address("municipality:deputy_remove", row.municipality_id, row.pk),
                posts=True,
            ),
        )
        for row in rows
    ]
    return ListTable(columns, lines, Nothing(text=_("代決する人は、指定されていません。")))


def absences_listing(rows: Iterable[Absence]) -> ListTable:
    """Who is away; taking it back leads to the settings again."""
    columns = (
        ListColumn(pgettext("人", "氏名")),
        ListColumn(pgettext("人", "期間")),
        ListColumn(_("不在の理由")),
        ListColumn(pgettext("一覧", "操作"), "action", silent=True),
    )
    lines = [
        (
            row.member,
            span_words(row.starts_on, row.ends_on, brief=False),
            row.reason,
            ActionCell(
                pgettext("入力", "取り消す"),
                page_address("municipality:absence_remove", row.municipality_id, row.pk),
                posts=True,
                values={"settings": 1},
            ),
        )
        for row in rows
    ]
    return ListTable(columns, lines, Nothing(text=_("不在の予定は、登録されていません。")))
