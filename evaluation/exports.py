"""The lists of reviews, actions, indicators and sheets as files. What was said in talks and goals is never in one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.exports.listing import Export
from municipality.models import Member

from .models import Action, Indicator, Review


def reviews(rows: Iterable[Any]) -> Export:
    """Reviews with their dates."""
    return Export(
        "reviews", _("レビューの一覧"),
        (
            (pgettext("評価", "レビュー"), lambda row: row.title),
            (pgettext("レビュー", "対象"), _place),
            (pgettext("レビュー", "状態"), lambda row: row.get_state_display()),
            (_("締めの期限"), lambda row: row.due_on),
            (pgettext("レビュー", "締めた日"), lambda row: row.closed_at),
        ),
        rows,
    )  # fmt: skip


def _place(row: Review) -> str:
    return _("%(name)s全体") % {"name": row.place} if row.is_bodys_own else str(row.place)


def actions(rows: QuerySet[Action], reader: Member, *, persons: bool) -> Export:
    """Actions; who is to do them only for who may see persons, and oneself."""

    def who(row: Action) -> str:
        if row.who is None:
            return ""
        return row.who.name if persons or row.who_id == reader.pk else pgettext("レビュー", "担当者")

    return Export(
        "actions", _("改善項目の一覧"),
        (
            (pgettext("改善項目", "何を"), lambda row: row.what),
            (pgettext("改善項目", "誰が"), who),
            (pgettext("改善項目", "いつまで"), lambda row: row.due_on),
            (pgettext("改善項目", "状態"), lambda row: row.get_state_display()),
            (pgettext("レビュー", "対象"), lambda row: str(row.review.place)),
            (pgettext("評価", "レビュー"), lambda row: row.review.title),
        ),
        rows,
    )  # fmt: skip


def indicators(rows: Iterable[Indicator]) -> Export:
    """Every definition, earlier versions too."""
    return Export(
        "indicators", _("指標の定義"),
        (
            (_("指標コード"), lambda row: row.code),
            (pgettext("指標", "指標"), lambda row: row.shown_name),
            (pgettext("指標", "計算式"), lambda row: row.shown_formula),
            (pgettext("指標", "単位"), lambda row: row.shown_unit),
            (_("望ましい方向"), lambda row: row.get_direction_display()),
            (pgettext("指標", "定義の版"), lambda row: row.definition_version),
            (pgettext("指標", "注記"), lambda row: row.shown_note),
        ),
        rows,
    )  # fmt: skip


def sheets(period: Any, rows: Iterable[Any], *, evaluators: bool) -> Export:
    """Whose sheets, and how far; no goals. The evaluator for HR alone, as on the page."""
    named = (
        ((pgettext("目標", "評価者"), lambda row: row.evaluator.name if row.evaluator else ""),) if evaluators else ()
    )
    return Export(
        "sheets", _("目標シートの一覧"),
        (
            (pgettext("人", "氏名"), lambda row: row.member.name),
            (pgettext("組織", "部署"), lambda row: row.department.name),
            (pgettext("目標", "状態"), lambda row: row.get_state_display()),
            (_("目標の提出期限"), lambda row: row.goals_due_on),
            (_("面談と確定の期限"), lambda row: row.agree_due_on),
            *named,
        ),
        rows, about=period,
    )  # fmt: skip


def held(month: date, rows: Iterable[Any]) -> Export:
    """Which pairs met in a month: that, and nothing of what was said."""
    return Export(
        "held", _("1on1の実施状況"),
        (
            (pgettext("1on1", "対象の月"), lambda _row: f"{month:%Y-%m}"),
            (pgettext("人", "職員"), lambda row: row["who"]),
            (pgettext("組織", "部署"), lambda row: row["department__name"]),
            (_("1on1を行う人"), lambda row: row["by"]),
            (pgettext("1on1", "実施"), lambda row: pgettext("1on1", "実施済み") if row["times"] else pgettext("1on1", "未実施")),
            (_("実施した日"), lambda row: row["last_on"]),
        ),
        rows,
    )  # fmt: skip
