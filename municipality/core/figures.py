"""A measured number with what it was counted from, how months add up, and what may be compared."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

COUNT, RATE, MEAN, DURATION = "count", "rate", "mean", "duration"


@dataclass(frozen=True)
class Figure:
    """What was counted over what. Nothing to measure is not zero: then `value` is None. The
    denominator of a count or of a duration (days of people) is how many people could be in it,
    where that is known; it is no part of the value.

    `missing` are the numbers of the departments that did not hand in; they stay in the
    denominator. `population` names who could be counted, where that can change. `version` is the
    version of the definition, 0 where nobody said. `people` are the groups of people behind it
    where numerator and denominator do not tell them.
    """

    numerator: float | None
    denominator: float | None = None
    missing: tuple[int, ...] = ()
    kind: str = COUNT
    population: str = ""
    version: int = 0
    people: tuple[int, ...] | None = None

    @property
    def is_rate(self) -> bool:
        """Is it a share in percent?"""
        return self.kind == RATE

    @property
    def value(self) -> float | None:
        """The count, the duration, the percentage of a rate or the mean; None where nothing was
        handed in or the denominator is 0.
        """
        if self.numerator is None or self.kind in (COUNT, DURATION):
            return self.numerator
        if self.denominator is None:
            return self.numerator if self.kind == MEAN else None
        share = self.numerator / self.denominator if self.denominator else None
        return share * 100 if share is not None and self.is_rate else share

    @property
    def groups(self) -> tuple[int, ...]:
        """The groups of people behind a figure that counts people: who is counted and, of a rate,
        who of its denominator is not.
        """
        if self.numerator is None:
            return ()
        if self.people is not None:
            return self.people
        counted = round(self.numerator)
        if self.is_rate:
            return (counted, round(self.denominator or 0) - counted)
        return (counted,)


TENTH = Decimal("0.1")


def half_up(number: float | Decimal, decimals: int = 1) -> Decimal:
    """A number to so many decimals, half up, as it is shown."""
    place = TENTH if decimals == 1 else Decimal(1).scaleb(-decimals)
    return Decimal(str(number)).quantize(place, ROUND_HALF_UP)


def number_words(value: float | Decimal, decimals: int = 0, *, signed: bool = False) -> str:
    """1,240 or −3.5, with +/± when signed: thousands with a comma, a true minus sign."""
    shown = half_up(value, decimals)
    sign = "−" if shown < 0 else "" if not signed else "±" if shown == 0 else "+"
    return f"{sign}{abs(shown):,}"


def shown_step(now: float | Decimal, before: float | Decimal, decimals: int = 1) -> Decimal:
    """The difference of two numbers as they are shown: 79.2 and 70.8 are 8.4 apart."""
    return half_up(now, decimals) - half_up(before, decimals)


def tenths(figure: Figure) -> Decimal | None:
    """Value of a figure to one decimal, half up; None without a value. Comparison with a threshold
    uses it as it is shown.
    """
    if figure.value is None:
        return None
    exact = Decimal(str(figure.numerator))
    if figure.kind in (RATE, MEAN) and figure.denominator:
        exact = exact * (100 if figure.is_rate else 1) / Decimal(str(figure.denominator))
    return half_up(exact)


def added(months: Sequence[Figure], *, population: str = "") -> Figure:
    """The figure of a longer period that adds the numerators and denominators of its months."""
    known = [month.numerator for month in months if month.numerator is not None]
    bases = [month.denominator for month in months if month.denominator is not None]
    return Figure(
        sum(known) if known else None,
        sum(bases) if bases else None,
        missing_of(months),
        months[0].kind,
        population,
        people=people_by_month(months),
    )


def people_by_month(months: Sequence[Figure]) -> tuple[int, ...]:
    """The groups of people behind each month, one month after the other; zeros for a month in which
    nobody handed in, so that each month keeps its place.
    """
    rows = [month.groups for month in months]
    nobody = (0,) * max(map(len, rows), default=0)
    return tuple(count for row in rows for count in row or nobody)


def mean_of(months: Sequence[Figure]) -> Figure:
    """The figure of a longer period that is the mean of its months; months without a value are
    left out.
    """
    values = [month.value for month in months if month.value is not None]
    return Figure(
        sum(values) if values else None,
        len(values) or None,
        missing_of(months),
        MEAN,
        people=people_by_month(months),
    )


def has_moved(frozen: Figure, present: Figure) -> bool:
    """Do the tables say something else now than what was frozen? Of a count or a duration only the
    number is said.
    """
    if present.kind in (COUNT, DURATION):
        return frozen.numerator != present.numerator
    return (frozen.numerator, frozen.denominator) != (present.numerator, present.denominator)


def missing_of(figures: Sequence[Figure]) -> tuple[int, ...]:
    """Departments that are missing in any of the figures."""
    return tuple(sorted({number for figure in figures for number in figure.missing}))


def with_missing_of(figure: Figure, other: Figure | None) -> Figure:
    """The figure as incomplete as the two together: what is missing in either is missing in it."""
    return replace(figure, missing=missing_of([figure, other])) if other else figure


def population_key(kind: str, numbers: Collection[int]) -> str:
    """A name of a set with its members: departments:2:3f9c01ab:4,17; empty for none. Keys that were
    frozen before members were kept end with the digest.
    """
    if not numbers:
        return ""
    text = ",".join(str(number) for number in sorted(numbers))
    return f"{kind}:{len(numbers)}:{hashlib.sha256(text.encode()).hexdigest()[:8]}:{text}"


def same_population(one: str, other: str) -> bool:
    """Do two keys name the same set? Their members, which old keys lack, are in the digest."""
    return one.split(":")[:3] == other.split(":")[:3]


def members_of(population: str) -> frozenset[int]:
    """Numbers of the set's members; none where the key does not keep them."""
    kept = population.split(":")[3:]
    return frozenset(int(number) for text in kept for number in text.split(","))


DEFINITION, POPULATION, INCOMPLETE, COUNTED = "definition", "population", "incomplete", "counted"


def not_comparable(now: Figure, before: Figure) -> str:
    """The first of the reasons why two figures must not be compared; empty when they may."""
    return next(iter(why_not_comparable(now, before)), "")


def why_not_comparable(now: Figure, before: Figure) -> tuple[str, ...]:
    """Every reason why two figures must not be compared: another definition, another population, a
    month that is incomplete; where none of these holds, others who are counted.

    Where the denominators of two rates or counts differ, a change is one only if it is more than
    those who came or left can have made: 11 of 14 → 4 of 6 is no fall, since seven of the eight who
    left may have done it, and 50 of 100 → 60 of 105 is a rise, since five came and ten more do it.
    Of means numerator and value must have moved in the same direction. Of a duration nobody knows
    the most that one person adds, so that other people make it another figure.
    """
    known = now.population and before.population
    holds = {
        DEFINITION: now.version and before.version and now.version != before.version,
        POPULATION: known and not same_population(now.population, before.population),
        INCOMPLETE: now.missing or before.missing,
    }
    if reasons := tuple(reason for reason, applies in holds.items() if applies):
        return reasons
    return (COUNTED,) if other_base(now, before) and not _moved_anyway(now, before) else ()


def other_base(now: Figure, before: Figure) -> bool:
    """Do two figures with a value stand over different denominators, as far as these are known?"""
    return (
        now.value is not None
        and before.value is not None
        and None not in (now.denominator, before.denominator)
        and now.denominator != before.denominator
    )


def _moved_anyway(now: Figure, before: Figure) -> bool:
    """Did it move whatever those did who came or left? Of a mean and of a duration nobody knows the
    most that one of them can add.
    """
    if now.kind == DURATION:
        return False
    step = (now.numerator or 0) - (before.numerator or 0)
    if now.kind == MEAN:
        return step * ((now.value or 0) - (before.value or 0)) > 0
    came = (now.denominator or 0) - (before.denominator or 0)
    return not min(came, 0) <= step <= max(came, 0)
