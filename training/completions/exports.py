"""Completions as a file."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.web.exports import Export
from training.completions.models import Completion


def completions(rows: QuerySet[Completion]) -> Export:
    """Completions as they were recorded."""
    return Export(
        "completions",
        _("修了の記録"),
        (
            (pgettext("人", "職員番号"), lambda row: row.member.number),
            (pgettext("人", "氏名"), lambda row: row.member.name),
            (pgettext("組織", "部署"), lambda row: row.home_name),
            (_("研修コード"), lambda row: row.course.code),
            (pgettext("研修", "研修名"), lambda row: row.course.title),
            (pgettext("研修", "修了日"), lambda row: row.completed_on),
            (pgettext("研修", "点数"), lambda row: row.score),
            (pgettext("修了の記録", "記録の元"), lambda row: row.get_source_display()),
            (pgettext("研修", "取消しの理由"), lambda row: row.void_reason),
        ),
        rows,
    )
