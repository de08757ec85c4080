"""The list of decisions as one reader sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.web.components.dates import day
from municipality.web.components.lists import (
    DataList,
    Link,
    ListColumn,
    Nothing,
    State,
    Words,
)
from municipality.web.components.states import face

if TYPE_CHECKING:
    from django.core.paginator import Page

    from municipality.decisions.models import Decision


def decisions_listing(page: Page, tab: str) -> DataList:
    """The decisions of one page, each with its steps of now as `turns`."""
    columns = (
        ListColumn(pgettext("決裁", "件名"), "link"),
        ListColumn(pgettext("決裁", "状態"), "state"),
        ListColumn(pgettext("決裁", "起案"), "words"),
        ListColumn(_("いまの段階"), "words"),
    )
    rows = [_row(decision) for decision in page]
    return DataList(columns, rows, _nothing(tab), _("新しい起案から順に並べています。"), page)


def _row(decision: Decision) -> tuple[Any, ...]:
    drafted = (Words(day(decision.drafted_at), "whole"), f" {decision.drafter}")
    return (
        Link(decision.title, decision.get_absolute_url()),
        State(*face(decision)),
        (drafted,),
        (_turns(decision),) if decision.turns else None,  # type: ignore[attr-defined]
    )


def _turns(decision: Any) -> list[str | Words]:
    parts: list[str | Words] = []
    for step in decision.turns:
        parts += ["、"] if parts else []
        since = _("%(day)sから") % {"day": day(step.opened_at)}
        parts += [f"{step.department} {step.post} ", Words(since, "aside")]
    return parts


def _nothing(tab: str) -> Nothing:
    if tab == "mine":
        return Nothing(
            _("あなたの決裁を待っているものはありません"),
            _("決裁の依頼が届くと、ここと対応事項に表示されます。"),
        )
    later = _("試行や展開申請、レビューのページから決裁に回すと、ここに表示されます。")
    if tab == "drafted":
        return Nothing(_("起案したものはありません"), later)
    return Nothing(_("決裁はまだありません"), later)
