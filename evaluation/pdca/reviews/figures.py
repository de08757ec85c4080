"""The figures of a review as its page shows them: frozen or live, with the period before, and
suppressed where they must be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evaluation.pdca.indicators.measures import USAGE_CODES
from evaluation.pdca.indicators.models import Indicator
from evaluation.pdca.reviews.measuring import (
    definitions,
    measure_review,
    previous_figures,
    stamp_of,
)
from evaluation.pdca.reviews.models import Review
from evaluation.pdca.rules import sees_persons
from evaluation.pdca.wording import base_words, change_words, figure_words
from municipality.core.periods import Figure
from municipality.organisation.models import Member

SUPPRESSED = "＊"


@dataclass(frozen=True)
class FigureRow:
    """One line of the table: words ready to show. `now` is the present figure where it differs from
    the frozen one.
    """

    indicator: Indicator
    value: str
    previous: str
    change: str
    good: bool | None
    base: str
    missing: int = 0
    now: str = ""
    suppressed: bool = False


def rows_of(review: Review, viewer: Member) -> list[FigureRow]:
    """The figures of the review for this reader.

    Who may not see persons gets no figures of single departments (numbers of neighbours could be
    subtracted), and in the body's own review none that could stand for fewer people than the body's
    threshold.
    """
    persons = sees_persons(viewer)
    if not persons and not review.is_bodys_own:
        return []
    shown = _live(review) if review.is_entering else _frozen(review)
    if persons:
        return shown
    least = review.municipality.small_cell
    return [
        _hidden(row) if row.indicator.code in _too_small(review, shown, least) else row
        for row in shown
    ]


def _live(review: Review) -> list[FigureRow]:
    known, figures, before = (
        definitions(review.municipality_id),
        measure_review(review),
        previous_figures(review),
    )
    return [
        _row(known[code], figure, before.get(code))
        for code, figure in figures.items()
        if code in known
    ]


def _frozen(review: Review) -> list[FigureRow]:
    rows = list(review.figures.select_related("indicator"))
    present = measure_review(review) if stamp_of(review) != review.stamp else {}
    return [
        _row(row.indicator, row.figure, row.previous, present.get(row.indicator.code))
        for row in rows
    ]


def _row(
    indicator: Indicator, figure: Figure, previous: Figure | None, present: Figure | None = None
) -> FigureRow:
    value = figure_words(figure, indicator)
    now = figure_words(present, indicator) if present is not None else ""
    differs = present is not None and (now, base_words(present, indicator)) != (
        value,
        base_words(figure, indicator),
    )
    return FigureRow(
        indicator=indicator,
        value=value,
        previous=figure_words(previous, indicator),
        change=change_words(figure, previous, indicator),
        good=is_better(figure, previous, indicator),
        base=base_words(figure, indicator),
        missing=figure.missing,
        now=now if differs else "",
    )


def is_better(figure: Figure, previous: Figure | None, indicator: Indicator) -> bool | None:
    """Did the figure move the way it should? None where it did not move, or where neither way is
    better.
    """
    if (
        previous is None
        or figure.value is None
        or previous.value is None
        or figure.value == previous.value
    ):
        return None
    if indicator.direction == Indicator.Direction.LEVEL:
        return None
    return (figure.value > previous.value) == (indicator.direction == Indicator.Direction.UP)


def _too_small(review: Review, shown: list[FigureRow], least: int) -> set[str]:
    """Codes of the figures that could stand for too few people, now, frozen or in the period
    before.
    """
    sources: list[Mapping[str, Figure]] = [previous_figures(review), measure_review(review)]
    if not review.is_entering:
        sources.append(
            {row.indicator.code: row.figure for row in review.figures.select_related("indicator")}
        )
    people = {row.indicator.code for row in shown if row.indicator.counts_people}
    small = {
        code
        for source in sources
        for code, figure in source.items()
        if code in people and is_small(figure, code, least)
    }
    return small | (USAGE_CODES & people if small & {"K01", "K02", "K03"} else set())


def is_small(figure: Figure, code: str, least: int) -> bool:
    """Does the figure tell of more than nobody and fewer than `least` people, on either side of its
    fraction line?
    """
    if code in ("K04", "K06") or figure.numerator is None:
        return False
    counts = [figure.numerator]
    if figure.denominator is not None:
        counts += [figure.denominator, figure.denominator - figure.numerator]
    return any(0 < count < least for count in counts)


def _hidden(row: FigureRow) -> FigureRow:
    return FigureRow(
        row.indicator, SUPPRESSED, SUPPRESSED, SUPPRESSED, None, SUPPRESSED, suppressed=True
    )
