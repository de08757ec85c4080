"""PDCA punctuality: which reviews of the fiscal year were closed in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext

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
class ReviewDates:
    """The dates of one review: its period, its deadline and its closing."""

    pk: int
    cadence: str
    last: date
    due_on: date
    closed_at: datetime | None

    @property
    def closed_on(self) -> date | None:
        """The day of the closing, as the town hall's calendar has it."""
        return None if self.closed_at is None else timezone.localdate(self.closed_at)

    @property
    def is_in_time(self) -> bool:
        """Was it closed by its deadline?"""
        return self.closed_on is not None and self.closed_on <= self.due_on


@dataclass(frozen=True)
class Punctuality:
    """The reviews of a fiscal year: one line of dots per cadence, a column per month."""

    fiscal_year: int
    months: list[int]
    rows: list[tuple[str, list[Dot]]]
    closed: int
    in_time: int
    overdue: list[ReviewDates]

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


def reviews_of_year(scope: Scope, year: Period) -> list[ReviewDates]:
    """The scope's own reviews of a fiscal year; none for a scope without reviews of its own. One
    query.
    """
    if not scope.has_reviews:
        return []
    rows = Review.objects.visible_to(scope.member).filter(
        department=scope.root, last__gte=year.first, last__lte=year.last
    )
    values = rows.values_list("pk", "cadence", "last", "due_on", "closed_at")
    return [ReviewDates(*row) for row in values]


def read_punctuality(scope: Scope) -> Punctuality:
    """The dots of the fiscal year of the day."""
    year = Period.holding(Period.YEAR, scope.today)
    reviews = reviews_of_year(scope, year)
    by_period = {(review.cadence, review.last): review for review in reviews}
    months = [month for half in year.parts for quarter in half.parts for month in quarter.parts]
    rows = [
        (
            str(cadence.label),
            [
                _dot(scope, Period.holding(cadence.value, month.last), month, by_period)
                for month in months
            ],
        )
        for cadence in Review.Cadence
    ]
    return Punctuality(
        year.first.year,
        [month.first.month for month in months],
        rows,
        closed=sum(review.closed_on is not None for review in reviews),
        in_time=sum(review.is_in_time for review in reviews),
        overdue=[
            review for review in reviews if review.closed_on is None and review.due_on < scope.today
        ],
    )


def _dot(
    scope: Scope, period: Period, month: Period, reviews: dict[tuple[str, date], ReviewDates]
) -> Dot:
    if period.last != month.last:
        return Dot("")
    review = reviews.get((period.cadence, period.last))
    if review is None:
        return Dot(TO_COME if period.last >= scope.month.first else NONE)
    address = reverse("evaluation:review", args=[scope.code, review.pk])
    return Dot(_mark(review, scope.today), address)


def _mark(review: ReviewDates, today: date) -> str:
    if review.closed_on is not None:
        return IN_TIME if review.is_in_time else LATE
    return LATE if review.due_on < today else GOING
