"""Deadline of handing in a month's usage records, or of declaring 実績なし."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import (
    Cast,
    Concat,
    ExtractMonth,
    ExtractYear,
    Length,
    Substr,
    TruncMonth,
)
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.deadlines.kinds import Deadline, due_rows
from municipality.organisation.models import Duty, Municipality
from pilots.days.models import NoTelework, Usage, UsageMonth

YEAR_BEFORE_REIWA = 2018


def _after(path: OuterRef) -> Concat:
    """The first string behind every path below: `after` of the departments, in the database."""
    return Concat(Substr(path, 1, Length(path) - 1), Value("0"), output_field=CharField())


def missing_months(municipality: Municipality) -> QuerySet[UsageMonth]:
    """Opened months without a record and without a declaration."""
    recorded = Usage.objects.annotate(month_of=TruncMonth("day")).filter(
        municipality=OuterRef("municipality"),
        month_of=OuterRef("month"),
        department__path__gte=OuterRef("department__path"),
        department__path__lt=_after(OuterRef("department__path")),
    )
    declared = NoTelework.objects.filter(department=OuterRef("department"), month=OuterRef("month"))
    rows = UsageMonth.objects.of(municipality)
    return rows.filter(~Exists(recorded), ~Exists(declared))


def to_hand_in(municipality: Municipality, today: date) -> QuerySet[UsageMonth]:
    """Missing months, due from the manager of the department."""
    return _due(missing_months(municipality), "usage.hand_in", role="manager")


def to_hand_in_as_clerk(municipality: Municipality, today: date) -> QuerySet[UsageMonth]:
    """Missing months, due from the 庶務担当 of the department as well."""
    held = Q(department__duties__kind=Duty.Kind.CLERK, department__duties__starts_on__lte=today)
    until = Q(department__duties__ends_on=None) | Q(department__duties__ends_on__gte=today)
    rows = missing_months(municipality).filter(held & until)
    return _due(rows, "usage.hand_in_clerk", member="department__duties__member_id")


def _due(rows: QuerySet[UsageMonth], rule: str, **whom: Any) -> QuerySet[UsageMonth]:
    return due_rows(
        rows,
        rule,
        opened="opened_at__date",
        path="department__path",
        title="department__name",
        note=_month_words(),
        **whom,
    )


def _month_words() -> Concat:
    """令和8年11月, as official texts write a month."""
    year = Cast(ExtractYear("month") - YEAR_BEFORE_REIWA, CharField())
    month = Cast(ExtractMonth("month"), CharField())
    return Concat(Value("令和"), year, Value("年"), month, Value("月"), output_field=CharField())


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
    ),
    Deadline(
        "usage.hand_in_clerk",
        KIND,
        ACTION,
        TITLE,
        "pilots:usage_month",
        to_hand_in_as_clerk,
        model=UsageMonth,
        whom=_("部署の庶務担当"),
        escalates="nobody",
        opens_itself=True,
    ),
)
