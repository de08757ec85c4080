"""Figures on a review's page: frozen or present values, with the period before, and hidden where
required.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from evaluation.pdca.indicators.models import Indicator
from evaluation.pdca.reviews.measurement import (
    ReviewUsage,
    definitions,
    measured,
    previous_figures,
)
from evaluation.pdca.reviews.models import Review, ReviewRevision
from evaluation.pdca.reviews.small_numbers import (
    agreeing_before,
    has_open_months,
    hidden_by_months,
    hidden_of,
    people_figures,
    published_beside,
)
from evaluation.pdca.wording import (
    KnownNames,
    base_words,
    change_words,
    counted_by,
    figure_words,
    joined_words,
    mark_words,
    missing_words,
    none_missing_words,
    previous_words,
    shown_change,
    with_base,
)
from municipality.core.figures import (
    POPULATION,
    Figure,
    why_not_comparable,
    with_missing_of,
)
from municipality.core.periods import Period
from municipality.core.small_cells import MARK, Gate
from municipality.organisation.models import Department, Member
from municipality.organisation.rules import gate_of, may_see_names
from pilots.days.month_usage import MonthUsage
from pilots.planning.models import Pilot


@dataclass(frozen=True)
class ReviewSources:
    """What the figures of a review are read from, each read once: by code the figures of its own
    period, those of the period before, and of a closed review those of both as the tables say today
    where asked for; and the usage behind them.
    """

    usage: ReviewUsage
    indicators: Mapping[str, Indicator]
    own: Mapping[str, Figure]
    before: Mapping[str, Figure]
    present: Mapping[str, Figure]
    before_now: Mapping[str, Figure] = field(default_factory=dict)


@dataclass(frozen=True)
class Hiding:
    """Codes of a review whose figures are hidden from a reader, and those whose period before
    is.
    """

    codes: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()


@dataclass(frozen=True)
class RowFigures:
    """The figures of one code: of the review's own period, of the period before, and of a closed
    review what both are today.
    """

    indicator: Indicator
    own: Figure
    before: Figure | None = None
    present: Figure | None = None
    before_now: Figure | None = None

    @property
    def compared(self) -> tuple[Figure, Figure | None]:
        """The two that are compared, as frozen: incomplete where a department was missing at the
        closing or is missing today.
        """
        own = with_missing_of(self.own, self.present)
        return own, self.before and with_missing_of(self.before, self.before_now)

    @property
    def has_other_pilots(self) -> bool:
        """Are other pilots counted than in the period before?"""
        return (
            self.before is not None
            and self.before.population.startswith("pilots:")
            and POPULATION in why_not_comparable(self.own, self.before)
        )

    @property
    def is_redefined(self) -> bool:
        """Is it counted by another definition today, so that nothing can be said of now?"""
        return self.present is not None and self.present.version != self.own.version


@dataclass(frozen=True)
class FigureRow:
    """Row of the table in words. `now` is the present figure where it differs from the frozen
    one, `before_now` that of the period before; where it `is_redefined`, there is none to compare.
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
    before_now: str = ""
    is_redefined: bool = False
    is_unchanged: bool = False
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
    hiding = hiding_of(review, figures, gate)
    rows = [_figures_of(indicator, figures) for indicator in figures.indicators.values()]
    write = RowWriter(review.cadence, names_in_sight(viewer, rows))
    return [
        _hidden(row.indicator)
        if row.indicator.code in hiding.codes
        else _without_before(write.row(row))
        if row.indicator.code in hiding.before
        else write.row(row)
        for row in rows
    ]


def _figures_of(indicator: Indicator, figures: ReviewSources) -> RowFigures:
    code = indicator.code
    return RowFigures(
        indicator,
        figures.own[code],
        figures.before.get(code),
        figures.present.get(code),
        figures.before_now.get(code),
    )


def _without_before(row: FigureRow) -> FigureRow:
    return replace(
        row,
        previous=MARK,
        change=MARK,
        good=None,
        is_unchanged=False,
        mark="",
        before_now="",
    )


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

    def hidden(
        of: Period, known: Mapping[str, Figure], months: Sequence[MonthUsage]
    ) -> frozenset[str]:
        by_months = hidden_by_months((place, of), months, known, published, gate)
        return hidden_of(place, of, known, published, gate, by_parts=by_months)

    usage = figures.usage
    agreeing = agreeing_before(review, before, published, gate)
    return Hiding(
        hidden(period, own, usage.own),
        hidden(period.previous, before, usage.before) | (frozenset(before) - agreeing),
    )


def rows_of_closing(closing: ReviewRevision, viewer: Member) -> list[FigureRow]:
    """The figures of an earlier closing. Two closings of one period differ by few people, so only
    who may read small numbers gets them.
    """
    if not gate_of(viewer).is_open:
        return []
    kept = closing.content["figures"]
    known = Indicator.objects.in_bulk([each["indicator"] for each in kept])
    rows = [_kept_figures(known[each["indicator"]], each) for each in kept]
    write = RowWriter(closing.review.cadence, names_in_sight(viewer, rows))
    return [write.row(row) for row in rows]


def _kept_figures(indicator: Indicator, kept: dict[str, Any]) -> RowFigures:
    now, before = (
        indicator.figure(
            kept[f"{when}numerator"],
            kept[f"{when}denominator"],
            kept.get(f"{when}details", {}),
            missing,
        )
        for when, missing in (("", kept["missing"]), ("previous_", 0))
    )
    return RowFigures(indicator, now, before)


def names_in_sight(viewer: Member, rows: Sequence[RowFigures]) -> KnownNames:
    """Names that the reader sees. One query, one more where the pilots of a figure changed."""
    departments = Department.objects.visible_to(viewer).values_list("pk", "name")
    pilots = Pilot.objects.visible_to(viewer).values_list("pk", "name")
    return KnownNames(
        dict(departments), dict(pilots) if any(row.has_other_pilots for row in rows) else {}
    )


def _live(review: Review) -> ReviewSources:
    usage, known = ReviewUsage(review), definitions(review.municipality_id)
    figures = measured(usage.own, review.period)
    shown = {code: known[code] for code in figures if code in known}
    return ReviewSources(usage, shown, figures, previous_figures(review, usage.before), {})


def frozen_figures(review: Review, *, late: bool) -> ReviewSources:
    """What the closing kept; with `late` also what the tables say now: a record, a transfer dated
    back, a course or a talk can have come in since.
    """
    rows, usage = list(review.figures.select_related("indicator")), ReviewUsage(review)
    return ReviewSources(
        usage,
        {row.indicator.code: row.indicator for row in rows},
        {row.indicator.code: row.figure for row in rows},
        {row.indicator.code: row.previous for row in rows},
        measured(usage.own, review.period) if late else {},
        measured(usage.before, review.period.previous) if late else {},
    )


def moved_rows(review: Review) -> list[FigureRow]:
    """Of a closed review the figures that are others today, or of which the period before is: for
    who may read small numbers.
    """
    figures = frozen_figures(review, late=True)
    departments = Department.objects.of(review.municipality_id).values_list("pk", "name")
    write = RowWriter(review.cadence, KnownNames(dict(departments)))
    rows = [write.row(_figures_of(each, figures)) for each in figures.indicators.values()]
    return [row for row in rows if row.now or row.before_now]


@dataclass(frozen=True)
class RowWriter:
    """Words of the figures of one review, which is of this cadence, for a reader who sees these
    names.
    """

    cadence: str
    names: KnownNames

    def row(self, figures: RowFigures) -> FigureRow:
        """The figures in words."""
        indicator, (figure, previous) = figures.indicator, figures.compared
        return FigureRow(
            indicator=indicator,
            value=figure_words(figure, indicator),
            previous=previous_words(previous, figure, indicator),
            change=change_words(figure, previous, indicator),
            good=is_better(figure, previous, indicator),
            is_unchanged=shown_change(figure, previous, indicator) == 0,
            base=base_words(figure, indicator),
            missing=missing_words(figures.own, self.names.departments),
            mark=mark_words(figure, previous, counted_by(indicator.code, self.cadence), self.names),
            now=self._now(figures.own, figures.present, indicator),
            before_now=self._now(figures.before, figures.before_now, indicator),
            is_redefined=figures.is_redefined,
        )

    def _now(self, frozen: Figure | None, present: Figure | None, indicator: Indicator) -> str:
        """The present figure with its fraction where these differ from the frozen one as both are
        shown, and who is missing by now; nothing by another definition.
        """
        if frozen is None or present is None or present.version != frozen.version:
            return ""
        names = self.names.departments
        value, base = figure_words(present, indicator), base_words(present, indicator)
        missing = none_missing_words(present, frozen) or missing_words(present, names)
        if (value, base) == (figure_words(frozen, indicator), base_words(frozen, indicator)):
            return missing if present.missing != frozen.missing else ""
        return joined_words(with_base(value, base), missing if present.value is not None else "")


def is_better(figure: Figure, previous: Figure | None, indicator: Indicator) -> bool | None:
    """Whether the figure moved in the good direction; None when it did not move, or when the
    indicator has no direction.
    """
    change = shown_change(figure, previous, indicator)
    if not change or indicator.direction == Indicator.Direction.LEVEL:
        return None
    return (change > 0) == (indicator.direction == Indicator.Direction.UP)


def _hidden(indicator: Indicator) -> FigureRow:
    return FigureRow(indicator, MARK, MARK, MARK, None, MARK, suppressed=True)
