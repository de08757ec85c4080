"""What a reader of no small numbers is told by a review, beside everything that its other periods,
the whole body and the pilots tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from evaluation.pdca.indicators.models import Indicator
from evaluation.pdca.indicators.rules import hidden_codes, tell_apart
from evaluation.pdca.reviews.models import Review, ReviewFigure, ReviewRevision
from municipality.core.figures import Figure
from municipality.core.periods import Period
from municipality.core.small_cells import Gate, groups
from municipality.organisation.models import Municipality
from pilots.days.breakdown import hidden_by_parts
from pilots.days.month_usage import MonthUsage
from pilots.days.rules import USAGE_CODES

Place = int | None
"""Number of a review's department, None for the body."""

FrozenFigures = dict[Period, dict[str, Figure]]
"""Frozen figures of one place by period and code."""


EarlierClosings = dict[Place, list[tuple[Period, dict[str, Figure]]]]
"""By place, what was told at each closing of a period that was opened again."""


@dataclass(frozen=True)
class Published:
    """The frozen figures of a fiscal year and of the period before it, by place; of those that
    count people. `earlier` are those of closings that were opened again: what was told stays told.
    """

    by_place: dict[Place, FrozenFigures] = field(default_factory=dict)
    earlier: EarlierClosings = field(default_factory=dict)

    def before(self, place: Place, period: Period) -> list[dict[str, Figure]]:
        """Figures of the earlier closings of one review, the first one first."""
        return [figures for each, figures in self.earlier.get(place, []) if _same(each, period)]

    def of(self, place: Place, period: Period) -> dict[str, Figure]:
        """Figures of one review; none while it is open."""
        frozen = self.by_place.get(place, {})
        return next((frozen[each] for each in frozen if _same(each, period)), {})

    def inside(self, place: Place, period: Period) -> list[tuple[Period, dict[str, Figure]]]:
        """Reviews of shorter periods inside this one, with their earlier closings."""
        reviews = [*self.by_place.get(place, {}).items(), *self.earlier.get(place, [])]
        return [
            (each, figures)
            for each, figures in reviews
            if each.cadence != period.cadence
            and period.first <= each.first
            and each.last <= period.last
        ]


def _same(one: Period, other: Period) -> bool:
    return (one.cadence, one.first) == (other.cadence, other.first)


def read_published(
    municipality: Municipality | str, places: Iterable[Place], since: date, until: date
) -> Published:
    """Frozen figures that count people of the reviews that lie between the days. Two queries, three
    where a review was opened again.
    """
    wanted = set(places)
    rows = ReviewFigure.objects.of(municipality).filter(
        _between(wanted, since, until), indicator__counts_people=True
    )
    published = Published(earlier=read_earlier_closings(municipality, wanted, since, until))
    for row in rows.select_related("review", "indicator"):
        frozen = published.by_place.setdefault(row.review.department_id, {})
        frozen.setdefault(row.review.period, {})[row.indicator.code] = row.figure
    return published


def read_earlier_closings(
    municipality: Municipality | str, places: Iterable[Place], since: date, until: date
) -> EarlierClosings:
    """What the reviews between the days told before they were opened again, the body's among them.
    One query, two where one was.
    """
    closings = list(
        ReviewRevision.objects.of(municipality)
        .filter(_between(set(places), since, until))
        .select_related("review")
        .order_by("number")
    )
    numbers = {row["indicator"] for closing in closings for row in closing.content["figures"]}
    known = Indicator.objects.of(municipality).filter(counts_people=True).in_bulk(numbers)
    earlier: EarlierClosings = {}
    for closing in closings:
        figures = {
            known[row["indicator"]].code: known[row["indicator"]].figure(
                row["numerator"], row["denominator"], row.get("details", {}), row["missing"]
            )
            for row in closing.content["figures"]
            if row["indicator"] in known
        }
        of_place = earlier.setdefault(closing.review.department_id, [])
        of_place.append((closing.review.period, figures))
    return earlier


def _between(places: set[Place], since: date, until: date) -> Q:
    """Rows of the reviews of these places and of the body that lie between the days."""
    of_place = Q(review__department=None) | Q(review__department__in=places - {None})
    return of_place & Q(review__first__gte=since, review__last__lte=until)


def published_beside(review: Review) -> Published:
    """What stands beside a review: the other periods of its place and of the body, of the fiscal
    year and the period before. Two queries, three where one of them was opened again.
    """
    year = Period.holding(Period.YEAR, review.first)
    since = min(year.first, review.period.previous.first)
    return read_published(review.municipality_id, {None, review.department_id}, since, year.last)


def has_open_months(review: Review) -> bool:
    """Is a month of this longer period still open, so that its figures are those of today? One
    query.
    """
    inside = Review.objects.of(review.municipality_id).filter(
        department=review.department_id,
        cadence=Review.Cadence.MONTH,
        first__gte=review.first,
        last__lte=review.last,
        state=Review.State.ENTERING,
    )
    return bool(review.period.parts) and inside.exists()


def hidden_of(
    place: Place,
    period: Period,
    figures: Mapping[str, Figure],
    published: Published,
    gate: Gate,
    *,
    by_parts: frozenset[str] = frozenset(),
) -> frozenset[str]:
    """Codes of the figures of one period that must be hidden: by themselves, since they differ by
    few from those of the periods inside or of an earlier closing, since the rest of the body is
    few, or `by_parts`, since they tell of one department.
    """
    apart = {
        code
        for part, others in published.inside(place, period)
        for code, figure in figures.items()
        if code in others and tell_apart(gate, code, (period, figure), (part, others[code]))
    }
    body = published.of(None, period) if place is not None else {}
    rest = {
        code
        for code, figure in figures.items()
        if code in body and gate.differ_by_few(groups(body[code]), groups(figure))
    }
    again = told_again(figures, published.before(place, period), gate)
    return hidden_codes(figures, gate, period) | with_others(apart | rest | again) | by_parts


def hidden_by_months(
    review: tuple[Place, Period],
    months: Sequence[MonthUsage],
    figures: Mapping[str, Figure],
    published: Published,
    gate: Gate,
) -> frozenset[str]:
    """Codes of usage that in a month of this place and period tell of one department, as it was
    told or as of now; a longer period less its other months tells of each month.
    """
    if gate.is_open or not USAGE_CODES & figures.keys():
        return frozenset()
    (place, period), hidden = review, set[str]()
    for usage in months:
        known = figures if not period.parts else published.of(place, usage.month)
        earlier = [missing_in(each) for each in published.before(place, usage.month)]
        hidden |= hidden_by_parts(usage, gate, missing_in(known), earlier)
    return frozenset(hidden)


def missing_in(figures: Mapping[str, Figure]) -> tuple[int, ...]:
    """Departments that had not handed in when these figures were told."""
    return figures["K03"].missing if "K03" in figures else ()


def told_again(
    figures: Mapping[str, Figure], earlier: Iterable[Mapping[str, Figure]], gate: Gate
) -> set[str]:
    """Codes of figures that differ by few people from what an earlier closing told: what was told
    first stays told. One figure of usage gives the others away.
    """
    codes = {
        code
        for others in earlier
        for code in figures.keys() & others.keys()
        if gate.differ_by_few(groups(others[code]), groups(figures[code]))
    }
    return codes | USAGE_CODES if codes & USAGE_CODES else codes


def with_others(codes: set[str]) -> frozenset[str]:
    """The codes with those that follow from them: who knows K01 and K04 knows K06."""
    return frozenset(codes | ({"K06"} if "K01" in codes else set()))


def agreeing_before(
    review: Review, before: Mapping[str, Figure], published: Published, gate: Gate
) -> frozenset[str]:
    """Codes of which the period before is told here as in its own review; of the others, few people
    came in between.
    """
    own = published.of(review.department_id, review.period.previous)
    return frozenset(
        code
        for code, figure in before.items()
        if code not in own or not gate.differ_by_few(groups(own[code]), groups(figure))
    )


def people_figures(
    indicators: Mapping[str, Indicator], figures: Mapping[str, Figure]
) -> dict[str, Figure]:
    """Those of the figures that count people, or departments by the people in them."""
    return {
        code: figure
        for code, figure in figures.items()
        if code in indicators and (indicators[code].counts_people or code in USAGE_CODES)
    }
