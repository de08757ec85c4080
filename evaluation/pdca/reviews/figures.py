"""Figures on a review's page: frozen or present values, with the period before, and hidden where
required.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from evaluation.pdca.indicators.measures import measure
from evaluation.pdca.indicators.models import Indicator
from evaluation.pdca.reviews.measuring import (
    definitions,
    previous_figures,
    reviewed_departments,
    stamp_of,
)
from evaluation.pdca.reviews.models import Review, ReviewRevision
from evaluation.pdca.reviews.small_numbers import (
    agreeing_before,
    has_open_months,
    hidden_of,
    people_figures,
    published_beside,
)
from evaluation.pdca.wording import (
    base_words,
    change_words,
    figure_words,
    mark_words,
    missing_words,
)
from municipality.core.figures import Figure, not_comparable
from municipality.core.small_cells import MARK, Gate
from municipality.organisation.models import Department, Member
from municipality.organisation.rules import gate_of, may_see_names


@dataclass(frozen=True)
class ReviewSources:
    """What the figures of a review are read from, each read once: by code the figures of its own
    period, those of the period before, and of a closed review those of today when records changed.
    """

    indicators: Mapping[str, Indicator]
    own: Mapping[str, Figure]
    before: Mapping[str, Figure]
    present: Mapping[str, Figure]


@dataclass(frozen=True)
class Hiding:
    """Codes of a review whose figures are hidden from a reader, and those whose period before
    is.
    """

    codes: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()


@dataclass(frozen=True)
class FigureRow:
    """Row of the table in words. `now` is the present figure where it differs from the frozen
    one.
    """

    indicator: Indicator
    value: str
    previous: str
    change: str
    good: bool | None
    base: str
    missing: str = ""
    mark: str = ""
    now: str = ""
    suppressed: bool = False


def rows_of(review: Review, viewer: Member) -> list[FigureRow]:
    """The figures of the review for this reader.

    Who comes from outside gets no figures of single departments (numbers of neighbours could be
    subtracted). Who may not read small numbers gets none that could stand for fewer people than the
    body's threshold.
    """
    if not may_see_names(viewer) and not review.is_bodys_own:
        return []
    gate = gate_of(viewer)
    figures = _live(review) if review.is_entering else frozen_figures(review, late=gate.is_open)
    hiding, names = hiding_of(review, figures, gate), names_in_sight(viewer)
    return [
        _hidden(indicator)
        if code in hiding.codes
        else _without_before(_row_of(indicator, figures, names))
        if code in hiding.before
        else _row_of(indicator, figures, names)
        for code, indicator in figures.indicators.items()
    ]


def _row_of(indicator: Indicator, figures: ReviewSources, names: Mapping[int, str]) -> FigureRow:
    code = indicator.code
    return _row(
        indicator, figures.own[code], figures.before.get(code), figures.present.get(code), names
    )


def _without_before(row: FigureRow) -> FigureRow:
    return replace(row, previous=MARK, change=MARK, good=None, mark="")


def hiding_of(review: Review, figures: ReviewSources, gate: Gate) -> Hiding:
    """What of the review's figures a reader with this gate is not told. Nothing is read for who may
    be told everything.

    What changed since the closing is made of few people, so that such a reader gets what was frozen
    and nothing beside it. As long as a month is open, a longer period that is closed already would
    tell what came in since.
    """
    if gate.is_open:
        return Hiding()
    place, period, people = review.department_id, review.period, figures.indicators
    own, before = (people_figures(people, each) for each in (figures.own, figures.before))
    if not review.is_entering and has_open_months(review):
        return Hiding(frozenset(own), frozenset(before))
    published = published_beside(review)
    hidden = hidden_of(place, period, own, published, gate)
    hidden_before = hidden_of(place, period.previous, before, published, gate)
    agreeing = agreeing_before(review, before, published, gate)
    return Hiding(hidden, hidden_before | (frozenset(before) - agreeing))


def rows_of_closing(closing: ReviewRevision, viewer: Member) -> list[FigureRow]:
    """The figures of an earlier closing. Two closings of one period differ by few people, so only
    who may read small numbers gets them.
    """
    if not gate_of(viewer).is_open:
        return []
    kept = closing.content["figures"]
    known = Indicator.objects.in_bulk([each["indicator"] for each in kept])
    names = names_in_sight(viewer)
    return [_kept_row(known[each["indicator"]], each, names) for each in kept]


def _kept_row(indicator: Indicator, kept: dict[str, Any], names: Mapping[int, str]) -> FigureRow:
    now, before = (
        indicator.figure(
            kept[f"{when}numerator"],
            kept[f"{when}denominator"],
            kept.get(f"{when}details", {}),
            missing,
        )
        for when, missing in (("", kept["missing"]), ("previous_", 0))
    )
    return _row(indicator, now, before, None, names)


def names_in_sight(viewer: Member) -> dict[int, str]:
    """Names of the departments that the reader sees, by number. One query."""
    return dict(Department.objects.visible_to(viewer).values_list("pk", "name"))


def _live(review: Review) -> ReviewSources:
    departments = reviewed_departments(review)
    known, figures = definitions(review.municipality_id), measure(departments, review.period)
    shown = {code: known[code] for code in figures if code in known}
    return ReviewSources(shown, figures, previous_figures(review, departments), {})


def frozen_figures(review: Review, *, late: bool) -> ReviewSources:
    """What the closing kept; with `late` also what the tables say now, where records changed."""
    rows = list(review.figures.select_related("indicator"))
    return ReviewSources(
        {row.indicator.code: row.indicator for row in rows},
        {row.indicator.code: row.figure for row in rows},
        {row.indicator.code: row.previous for row in rows},
        measure(reviewed_departments(review), review.period)
        if late and stamp_of(review) != review.stamp
        else {},
    )


def _row(
    indicator: Indicator,
    figure: Figure,
    previous: Figure | None,
    present: Figure | None,
    names: Mapping[int, str],
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
        missing=missing_words(figure, names),
        mark=mark_words(figure, previous),
        now=now if differs else "",
    )


def is_better(figure: Figure, previous: Figure | None, indicator: Indicator) -> bool | None:
    """Whether the figure moved in the good direction; None when it did not move, or when the
    indicator has no direction.
    """
    if (
        previous is None
        or not_comparable(figure, previous)
        or figure.value is None
        or previous.value is None
        or figure.value == previous.value
    ):
        return None
    if indicator.direction == Indicator.Direction.LEVEL:
        return None
    return (figure.value > previous.value) == (indicator.direction == Indicator.Direction.UP)


def _hidden(indicator: Indicator) -> FigureRow:
    return FigureRow(indicator, MARK, MARK, MARK, None, MARK, suppressed=True)
