"""Deadline of handing in a month's usage records, or of declaring 実績なし."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import CharField, F, QuerySet
from django.db.models.functions import Cast, Substr
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.date_words import kept_month
from municipality.deadlines.kinds import Deadline, due_rows
from municipality.organisation.models import Duty, Municipality
from pilots.days.models import UsageMonth
from pilots.days.month_states import missing_months


def to_hand_in(municipality: Municipality, today: date) -> QuerySet[UsageMonth]:
    """Missing months, due from the manager of the department."""
    return _due(missing_months(municipality), "usage.hand_in", role="manager")


def to_hand_in_as_clerk(municipality: Municipality, today: date) -> QuerySet[UsageMonth]:
    """Missing months, due from the 庶務担当 of the department as well."""
    clerks = Duty.objects.of(municipality).clerks(today)
    rows = missing_months(municipality).filter(department__duties__in=clerks)
    return _due(rows, "usage.hand_in_clerk", member="department__duties__member_id")


def _due(rows: QuerySet[UsageMonth], rule: str, **whom: Any) -> QuerySet[UsageMonth]:
    return due_rows(
        rows,
        rule,
        opened="opened_at__date",
        path="department__path",
        title="department__name",
        note=Substr(Cast(F("month"), CharField()), 1, 7),
        **whom,
    )


KIND, ACTION = pgettext_lazy("対応の種類", "実施記録"), _("提出・申告")

TITLE = _("実施記録の提出(%(note)s)%(title)s")

DEADLINES = (
    Deadline(
        "usage.hand_in",
        KIND,
        ACTION,
        TITLE,
        "pilots:usage_month",
        to_hand_in,
        model=UsageMonth,
        whom=_("部署の所属長"),
        opens_itself=True,
        list_page="pilots:usages",
        note_words=kept_month,
    ),
    Deadline(
        "usage.hand_in_clerk",
        pgettext_lazy("対応の種類", "実施記録(庶務担当)"),
        ACTION,
        TITLE,
        "pilots:usage_month",
        to_hand_in_as_clerk,
        model=UsageMonth,
        whom=_("部署の庶務担当"),
        list_page="pilots:usages",
        escalates="nobody",
        same_as="usage.hand_in",
        opens_itself=True,
        note_words=kept_month,
    ),
)
