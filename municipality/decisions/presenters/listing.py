"""The list of decisions for one reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.core.date_words import day_words
from municipality.core.name_lists import COMMA
from municipality.web.components.cells import LinkCell, StateCell, Words
from municipality.web.components.lists import ListColumn, ListTable, Nothing
from municipality.web.components.states import face

if TYPE_CHECKING:
    from django.core.paginator import Page

    from municipality.decisions.models import Decision


def decisions_listing(page: Page, tab: str) -> ListTable:
    """Decisions of one page, each with its current steps as `turns`."""
    columns = (
        ListColumn(pgettext("決裁", "件名"), "link"),
        ListColumn(pgettext("決裁", "状態"), "state"),
        ListColumn(pgettext("決裁", "起案"), "words"),
        ListColumn(_("いまの段階"), "words"),
    )
    rows = [_row(decision) for decision in page]
    return ListTable(columns, rows, _nothing(tab), _("新しい起案から順に並べています。"), page)


def _row(decision: Decision) -> tuple[Any, ...]:
    drafted = (Words(day_words(decision.drafted_at), "whole"), f" {decision.drafter}")
    return (
        LinkCell(decision.title, decision.get_absolute_url()),
        StateCell(*face(decision)),
        (drafted,),
        (_turns(decision),) if decision.turns else None,  # type: ignore[attr-defined]
    )


def _turns(decision: Any) -> list[str | Words]:
    parts: list[str | Words] = []
    for step in decision.turns:
        parts += [str(COMMA)] if parts else []
        since = _("%(day)sから") % {"day": day_words(step.opened_at)}
        parts += [f"{step.department} {step.post} ", Words(since, "aside")]
    return parts


def _nothing(tab: str) -> Nothing:
    if tab == "mine":
        return Nothing(
            _("あなたの決裁を待っているものはありません"),
            _("決裁の依頼が届くと、ここと対応事項に表示されます。"),
        )
    later = _("案件のページから決裁に回すと、ここに表示されます。")
    if tab == "others":
        return Nothing(_("ほかの人の番の決裁はありません"), later)
    if tab == "drafted":
        return Nothing(_("起案したものはありません"), later)
    return Nothing(_("決裁はまだありません"), later)
