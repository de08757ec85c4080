"""Usage records as a file, with the remarks of the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.core.name_lists import all_names
from municipality.web.exports import Export
from pilots.days.models import Usage
from pilots.days.remarks import UsageRemark


def usage_export(
    rows: Any, remarks_of: Callable[[list[Usage]], dict[int, list[UsageRemark]]]
) -> Export:
    """Records as far as the reader sees them on the page."""

    def prepare(part: list[Any]) -> None:
        remarks = remarks_of(part)
        for row in part:
            row.remarks = remarks[row.pk]

    return Export(
        "usages",
        pgettext("実施記録", "実施記録"),
        (
            (pgettext("実施記録", "実施日"), lambda row: row.day),
            (pgettext("人", "職員番号"), lambda row: row.member.number),
            (pgettext("人", "氏名"), lambda row: row.member.name),
            (pgettext("組織", "部署"), lambda row: row.department.name),
            (pgettext("実施記録", "単位"), lambda row: row.get_unit_display()),
            (_("開始時刻または枝番"), lambda row: row.part),
            (_("時間数(分)"), lambda row: row.minutes),
            (pgettext("実施記録", "場所"), lambda row: row.get_place_display()),
            (pgettext("実施記録", "方式"), lambda row: row.get_method_display()),
            (
                pgettext("実施記録", "備考"),
                lambda row: all_names(each.label for each in row.remarks),
            ),
            (_("記録の入力元"), lambda row: row.get_source_display()),
        ),
        rows,
        prepare=prepare,
    )
