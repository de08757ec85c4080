"""The access log as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from municipality.records.log_search import name_rows
from municipality.web.exports import Export

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from municipality.audit.models import Entry
    from municipality.organisation.models import Member, Municipality

MOST_LINES = 100_000
"""How many lines one file may have."""

COLUMNS = (
    (pgettext_lazy("履歴", "行の番号"), lambda row: row.seq),
    (pgettext_lazy("履歴", "日時"), lambda row: f"{timezone.localtime(row.at):%Y-%m-%d %H:%M:%S}"),
    (pgettext_lazy("履歴", "行った人"), lambda row: row.actor),
    (pgettext_lazy("人", "職員番号"), lambda row: row.actor_number),
    (gettext_lazy("行ったこと"), lambda row: row.said),
    (gettext_lazy("対象の種類"), lambda row: row.thing),
    (gettext_lazy("対象の番号"), lambda row: row.subject_id),
    (pgettext_lazy("履歴", "対象の人"), lambda row: row.person),
)


def log_lines(rows: QuerySet[Entry], body: Municipality, reader: Member) -> Export:
    """Lines of the log without content, as this reader may see them, the newest first. One more
    query for each 2,000 lines.
    """
    return Export(
        "log",
        _("アクセスログ"),
        COLUMNS,
        rows.order_by("-seq"),
        prepare=lambda part: name_rows(part, body, reader),
    )
