"""List of pilots as a file, with the columns and hidden numbers of the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.core.name_lists import all_names
from municipality.web.exports import Export
from pilots.planning.models import Pilot


def pilots(
    rows: QuerySet[Pilot], taking_part: Callable[[Any], int | str], *, names: bool
) -> Export:
    """Pilots, each with how many take or took part as its reader may be told; names only when
    the reader may see them.
    """
    lead = ((pgettext("試行", "責任者"), lambda row: row.lead.name),) if names else ()
    return Export(
        "pilots",
        _("試行の一覧"),
        (
            (_("試行の名前"), lambda row: row.name),
            (pgettext("試行", "状態"), lambda row: row.get_state_display()),
            (
                pgettext("試行", "対象部署"),
                lambda row: all_names(each.department.name for each in row.department_rows.all()),
            ),
            (pgettext("試行", "開始日"), lambda row: row.starts_on),
            (pgettext("試行", "終了日"), lambda row: row.ends_on),
            (_("参加者(人)"), taking_part),
            *lead,
        ),
        rows,
    )
