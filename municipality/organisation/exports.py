"""Closed days and duties as files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.web.exports import Export


def closed_days(rows: Iterable[Any]) -> Export:
    """Days on which the body departs from the calendar."""
    return Export(
        "closed_days",
        _("閉庁日の一覧"),
        (
            (pgettext("暦", "日付"), lambda row: row.date),
            (pgettext("暦", "名称"), lambda row: row.name),
            (
                pgettext("暦", "扱い"),
                lambda row: _("臨時に開庁") if row.is_open else pgettext("暦", "閉庁"),
            ),
        ),
        rows,
    )


def duties(rows: QuerySet[Any]) -> Export:
    """Every duty, past, present and to come."""
    return Export(
        "duties",
        _("職務の一覧"),
        (
            (pgettext("人", "職務"), lambda duty: duty.get_kind_display()),
            (_("部署コード"), lambda duty: duty.department.code),
            (pgettext("部署", "部署名"), lambda duty: duty.department.name),
            (pgettext("人", "職員番号"), lambda duty: duty.member.number),
            (pgettext("人", "氏名"), lambda duty: duty.member.name),
            (pgettext("期間", "開始日"), lambda duty: duty.starts_on),
            (pgettext("期間", "終了日"), lambda duty: duty.ends_on),
        ),
        rows,
    )
