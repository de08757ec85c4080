"""Improvement actions (改善項目) as a file."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from evaluation.pdca.actions.models import Action
from municipality.organisation.models import Member
from municipality.web.exports import Export


def actions(rows: QuerySet[Action], reader: Member, *, persons: bool) -> Export:
    """Actions; who is to do them only for who may see persons, and oneself."""

    def who(row: Action) -> str:
        if row.who is None:
            return ""
        return (
            row.who.name if persons or row.who_id == reader.pk else pgettext("レビュー", "担当者")
        )

    return Export(
        "actions",
        _("改善項目の一覧"),
        (
            (pgettext("改善項目", "何を"), lambda row: row.what),
            (pgettext("改善項目", "誰が"), who),
            (pgettext("改善項目", "いつまで"), lambda row: row.due_on),
            (pgettext("改善項目", "状態"), lambda row: row.get_state_display()),
            (_("最新の報告"), lambda row: row.last_report or ""),
            (_("どうなったか"), lambda row: row.outcome),
            (pgettext("レビュー", "対象"), lambda row: str(row.review.place)),
            (pgettext("評価", "レビュー"), lambda row: row.review.title),
        ),
        rows,
    )
