"""PDCA punctuality: which reviews of the fiscal year were closed in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import F, QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import pgettext

from dashboard.overview.lines import FactLine, lines
from dashboard.overview.scope import Scope
from evaluation.pdca.reviews.models import Review
from municipality.core.periods import Period

IN_TIME, LATE, GOING, TO_COME, NONE = "in_time", "late", "going", "to_come", "none"

SHAPES = {IN_TIME: "check-circle", LATE: "triangle", GOING: "half", TO_COME: "open", NONE: ""}

TONES = {IN_TIME: "c-ok", LATE: "c-bad", GOING: "c-key", TO_COME: "c-mut", NONE: ""}


@dataclass(frozen=True)
class Dot:
    """One review: its mark, and where it leads. `mark` is empty in months in which none of this
    cadence ends.
    """

    mark: str
    address: str = ""

    @property
    def shape(self) -> str:
        """The icon."""
        return SHAPES.get(self.mark, "")

    @property
    def tone(self) -> str:
        """The class of its colour."""
        return TONES.get(self.mark, "")

    @property
    def word(self) -> str:
        """The mark in words."""
        return mark_word(self.mark)


@dataclass(frozen=True)
class Punctuality:
    """The reviews of a fiscal year: one line of dots per cadence, a column per month."""

    fiscal_year: int
    months: list[int]
    rows: list[tuple[str, list[Dot]]]
    closed: int
    in_time: int
    overdue: list[FactLine]

    @property
    def legend(self) -> list[Dot]:
        """What the marks mean."""
        return [Dot(mark) for mark in (IN_TIME, LATE, GOING, TO_COME)]


def mark_word(mark: str) -> str:
    """A mark in words."""
    return {
        IN_TIME: pgettext("レビューの期限", "期限内"),
        LATE: pgettext("レビューの期限", "遅れ"),
        GOING: pgettext("レビューの期限", "進行中"),
        TO_COME: pgettext("レビューの期限", "これから"),
        NONE: pgettext("レビューの期限", "対象外"),
    }.get(mark, "")


def review_lines(scope: Scope) -> list[QuerySet]:
    """The scope's own reviews of the fiscal year, as facts; nothing for a scope without reviews of
    its own.
    """
    if not scope.has_reviews:
        return []
    year = Period.holding(Period.YEAR, scope.today)
    rows = Review.objects.visible_to(scope.member).filter(department=scope.root)
    rows = rows.filter(last__gte=year.first, last__lte=year.last)
    closed = TruncDate("closed_at")
    return [
        lines(
            rows,
            "review",
            number=F("pk"),
            text=F("cadence"),
            more=F("last"),
            since=closed,
            day=F("due_on"),
        )
    ]


def read_punctuality(scope: Scope, found: dict[str, list[FactLine]]) -> Punctuality:
    """The dots from the facts of the page."""
    year = Period.holding(Period.YEAR, scope.today)
    known = {(line.text, line.more[:10]): line for line in found["review"]}
    months = [month for half in year.parts for quarter in half.parts for month in quarter.parts]
    rows = [
        (
            str(cadence.label),
            [
                _dot(scope, Period.holding(cadence.value, month.last), month, known)
                for month in months
            ],
        )
        for cadence in Review.Cadence
    ]
    closed = [line for line in found["review"] if line.since]
    overdue = [
        line for line in found["review"] if not line.since and line.day and line.day < scope.today
    ]
    in_time = sum(line.since <= line.day for line in closed if line.since and line.day)
    return Punctuality(
        year.first.year,
        [month.first.month for month in months],
        rows,
        len(closed),
        in_time,
        overdue,
    )


def _dot(
    scope: Scope, period: Period, month: Period, known: dict[tuple[str, str], FactLine]
) -> Dot:
    if period.last != month.last:
        return Dot("")
    line = known.get((period.cadence, period.last.isoformat()))
    if line is None:
        return Dot(TO_COME if period.last >= scope.month.first else NONE)
    return Dot(
        _mark(line, scope.today), reverse("evaluation:review", args=[scope.code, line.number])
    )


def _mark(line: FactLine, today: date) -> str:
    if line.day is None:
        return GOING
    if line.since:
        return IN_TIME if line.since <= line.day else LATE
    return LATE if line.day < today else GOING
