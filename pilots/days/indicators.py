"""What the pilots count: K01 to K07 and K35 of the catalogue, over departments and a period.

`departments` is whatever names the departments to count, those below included: a queryset, or a
list. A department that has begun and has neither handed in nor declared 実績なし is `missing`: its
people stay in the denominator, since 未提出 is not zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from municipality.core.figures import (
    DURATION,
    MEAN,
    RATE,
    Figure,
    added,
    mean_of,
    missing_of,
    population_key,
)
from municipality.core.periods import Period
from municipality.organisation.models import Department
from pilots.days.models import DAY_MINUTES
from pilots.days.month_usage import MonthUsage, read_months

Departments = Iterable[Department] | QuerySet

SECTIONS = {Department.Kind.SECTION, Department.Kind.OFFICE, Department.Kind.BRANCH}

CODES = ("K01", "K02", "K03", "K04", "K06", "K07", "K35")


def usage_figures(departments: Departments, period: Period) -> dict[str, Figure]:
    """K01 to K07 and K35 of the catalogue, by code. Six queries, and one for the departments."""
    rows = list(departments)
    return figures_of(read_months(rows, period.months))


def figures_of(months: Sequence[MonthUsage]) -> dict[str, Figure]:
    """The figures of the months of one period.

    The denominator of K01 and K04 is the staff who were here on any day of the period.

    K01 テレワーク実施者数 (人): distinct people with a record. K02 実施率(全職員) (%): of the staff on
    the first day of the month those with a record. K03 実施率(対象職員) (%): of the staff of begun
    departments those with a record. K04 延べ実施日数 (人日). K06 1人当たり実施日数 (日): K04 over
    K01. K07 部署カバー率 (%): see `coverage`. K35 参加者実施率 (%): of those who took part in
    running pilots those with a record. K02, K03 and K35 of a longer period add their months, K06 is
    the mean of its months.
    """
    missing = missing_of([people_figure(month) for month in months])
    reported = any(month.is_reported for month in months)
    doers = {member for month in months for member, _department in month.done}
    days = sum(sum(month.done.values()) for month in months) / (2 * DAY_MINUTES)
    here = len({member for month in months for member in month.present})
    return {
        "K01": Figure(
            len(doers) if reported else None,
            here,
            missing,
            people=distinct_people(months) if len(months) > 1 and reported else None,
        ),
        "K02": longer([of_staff(month) for month in months]),
        "K03": longer([of_eligible(month) for month in months], _begun_key(months)),
        "K04": Figure(days if reported else None, here, missing, DURATION),
        "K06": mean_of_months([per_person(month) for month in months]),
        "K07": coverage(months, missing),
        "K35": longer([of_participants(month) for month in months], _pilots_key(months)),
    }


def longer(months: list[Figure], population: str = "") -> Figure:
    """The figure of the months together; a single month stays as it is."""
    if len(months) == 1:
        return Figure(
            months[0].numerator, months[0].denominator, months[0].missing, RATE, population
        )
    return added(months, population=population)


def mean_of_months(months: list[Figure]) -> Figure:
    """The mean of the months; a single month stays as it is."""
    return months[0] if len(months) == 1 else mean_of(months)


def distinct_people(months: Sequence[MonthUsage]) -> tuple[int, ...]:
    """Groups of people that K01 of a longer period tells of, beside K01 of the months, quarters and
    halves inside it: each month's first, then those of every shorter period, those of none, those
    of both halves.
    """
    by_month = {month.month.first: {member for member, _place in month.done} for month in months}
    whole = frozenset().union(*by_month.values())
    counts = [len(doers) for doers in by_month.values()]
    for parts in _splits(list(by_month.values())):
        counts += [len(part) for part in parts] + [len(whole - part) for part in parts]
        counts.append(sum(map(len, parts)) - len(set().union(*parts)))
    return (*counts, len(whole))


def _splits(months: list[set[int]]) -> list[list[set[int]]]:
    """The doers of a year by half, by quarter and by month, each with what it is split from: two
    halves, two quarters of each, three months of each.
    """
    if len(months) == 3:
        return [months]
    middle = len(months) // 2
    halves = [months[:middle], months[middle:]]
    split = [set[int]().union(*half) for half in halves]
    return [split, *(rest for half in halves for rest in _splits(half))]


def people_figure(month: MonthUsage) -> Figure:
    """K01 of one month."""
    doers = {member for member, _department in month.done}
    return Figure(len(doers) if month.is_reported else None, missing=month.missing)


def of_staff(month: MonthUsage) -> Figure:
    """K02 of one month; neither numerator nor denominator where nobody was asked to hand in."""
    if not month.is_reported and not month.missing:
        return Figure(None, kind=RATE)
    return _share(month, month.staff, month.doers, month.missing)


def of_eligible(month: MonthUsage) -> Figure:
    """K03 of one month."""
    missing = month.missing_of(month.eligible.values())
    return _share(month, month.eligible, month.doers, missing)


def of_participants(month: MonthUsage) -> Figure:
    """K35 of one month."""
    missing = month.missing_of(month.participants.values())
    return _share(month, month.participants, month.participants_with_records, missing)


def _share(
    month: MonthUsage, people: dict[int, int], doers: set[int], missing: tuple[int, ...]
) -> Figure:
    """Of these people those with a record anywhere in the month."""
    takers = len(doers & people.keys())
    return Figure(takers if month.is_reported else None, len(people), missing, RATE)


def per_person(month: MonthUsage) -> Figure:
    """K06 of one month: days per person with telework; None when there is none."""
    doers = {member for member, _department in month.done}
    days = sum(month.done.values()) / (2 * DAY_MINUTES)
    return Figure(days if doers else None, len(doers) or None, month.missing, MEAN, people=())


def coverage(months: Sequence[MonthUsage], missing: tuple[int, ...]) -> Figure:
    """K07 部署カバー率 (%): departments of the size of a section with a record in the period, there
    or below, over all such departments; as the organisation is on the last day of the period.
    """
    tree, last = months[-1].tree, months[-1].month.last
    used = {department for month in months for _member, department in month.done}
    sections = {
        row.pk
        for row in months[-1].departments
        if tree.exists(row.pk, last) and tree.version(row.pk, last).kind in SECTIONS
    }
    covered = {above for number in used for above in tree.line(number, last)} & sections
    reported = any(month.is_reported for month in months)
    return Figure(len(covered) if reported else None, len(sections), missing, RATE)


def _begun_key(months: Sequence[MonthUsage]) -> str:
    numbers = {number for month in months for number in month.eligible.values()}
    return population_key("departments", numbers)


def _pilots_key(months: Sequence[MonthUsage]) -> str:
    return population_key("pilots", {number for month in months for number in month.pilots})
