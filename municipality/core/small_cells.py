"""The gate for small numbers: what a reader who sees no persons may be told of few people.

Every page, chart, table, file, decision, mail and feed asks it; nothing else compares a count with
the body's least number (`Municipality.small_cell`, at least 3, usually 5). Source: breakdowns of
fewer than five people are suppressed, since a small body knows its people. The rules, each over
groups of people, of which none may be of 1 to least − 1:

1. **Alone**: a count, and of a share the rest of its denominator (`hides`).
2. **Parts of a whole**: the whole less the shown parts (`parts`).
3. **One population inside another**, 参加者 in 対象職員 in 全職員: the difference (`differ_by_few`).
4. **A period inside another**: the longer less the shorter, month by month (`differ_by_few`).
5. **Told twice**, as frozen and as of now, or at two closings: the difference is made of those who
   came late (`differ_by_few`); what was told first stays told, and the later one is hidden.
6. **Departments beside people**: a number of departments in which people did something, where these
   are on average fewer than least in each.

Whoever reads what is published may know these rules as well.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django.utils.crypto import salted_hmac

from municipality.core.figures import Figure

MARK = "＊"
"""What stands for a hidden number on pages, in files and in figures."""


@dataclass(frozen=True)
class Suppression:
    """Numbers of the parts that are hidden, and whether the totals have to be hidden as well."""

    hidden: frozenset[int]
    total: bool


NOTHING_HIDDEN = Suppression(frozenset(), total=False)

ALL_HIDDEN = Suppression(frozenset(), total=True)


@dataclass(frozen=True)
class Gate:
    """What one reader may be told of few people: `least` is the smallest number of people that may
    stand behind a shown number, 0 where every number may be shown.
    """

    least: int = 0

    @property
    def is_open(self) -> bool:
        """May the reader be told every number?"""
        return not self.least

    def hides(self, counts: Iterable[int]) -> bool:
        """Must a figure over these groups of people be hidden when it stands alone (rule 1)?"""
        return is_hidden(counts, self.least)

    def shown(self, value: Any, counts: Iterable[int] | None = None) -> Any:
        """The value, or the mark in its place where few people stand behind it; a value that counts
        people needs no `counts` beside it.
        """
        return MARK if self.hides([value] if counts is None else counts) else value

    def parts(
        self,
        parts: Mapping[int, Sequence[int]],
        context: str,
        known: Collection[int] = (),
        zeros: Collection[int] = (),
    ) -> Suppression:
        """What of a breakdown is hidden (rule 2), beside what is `known` to be; each part has the
        number of what it counts. Of `zeros` the reader knows without the number that it is zero.
        The `context` names the breakdown and no day or month: of a town
        in which nothing changes, the same further parts are hidden each time.
        """
        if self.is_open:
            return NOTHING_HIDDEN
        return suppress(parts, self.least, secret_order(parts, context), known, zeros)

    def differ_by_few(self, one: Iterable[int], other: Iterable[int]) -> bool:
        """Do two rows of groups, of which one is contained in the other, differ by few people
        (rules 3 to 5)? Rows of unequal length cannot be compared, which hides, too.
        """
        return not self.is_open and any(
            here is None or there is None or is_small(abs(here - there), self.least)
            for here, there in zip_longest(one, other)
        )


def is_small(count: int, least: int) -> bool:
    """Could people be recognised behind the count? Nobody is behind a zero."""
    return 0 < count < least


def is_hidden(counts: Iterable[int], least: int) -> bool:
    """Must a figure over these groups of people be hidden when it stands alone?"""
    return any(is_small(count, least) for count in counts)


def groups(figure: Figure | None) -> list[int]:
    """The groups of people behind a figure that counts people: who is counted and, of a rate, who
    of its denominator is not.
    """
    return [] if figure is None else list(figure.groups)


def suppress(
    parts: Mapping[int, Sequence[int]],
    least: int,
    order: Iterable[int],
    known: Collection[int] = (),
    zeros: Collection[int] = (),
) -> Suppression:
    """Hide what counts fewer than `least` people, and with it one further part, or as many as
    subtraction demands. What is `known` to be hidden counts among the small ones.

    A part is a tuple of counts of different people (say: those who teleworked, those who did not).
    What is published beside the parts is each column's total and every sum of columns. The further
    parts are taken in an `order` of numbers that the reader does not know (`secret_order`); an
    order by size would tell sizes. Hidden together are, in each column, either nobody or at least
    `least` people; `zeros`, of which the reader knows the number, hide nobody else's. Where even
    all parts together do not reach that, everything is hidden, the totals and the zeros too.
    """
    few = {number for number, part in parts.items() if is_hidden(part, least)}
    small = few | (parts.keys() & {*known})
    rest = [number for number in order if number not in small]
    hidden = small | set(rest[:1]) if small else small
    for number in rest[1:]:
        if hidden and _gives_away(parts, hidden - {*zeros}, least):
            hidden.add(number)
    total = bool(hidden) and _gives_away(parts, hidden - {*zeros}, least)
    return Suppression(frozenset(hidden), total)


def _gives_away(parts: Mapping[int, Sequence[int]], hidden: set[int], least: int) -> bool:
    """Do the totals less the shown parts say too much about the hidden ones?"""
    sums = [sum(column) for column in zip(*(parts[number] for number in hidden), strict=True)]
    return len(hidden) < 2 or is_hidden(sums, least)


def secret_order(numbers: Iterable[int], context: str) -> list[int]:
    """The numbers in an order that follows from each alone, the context and the installation's
    secret key: one more number does not change how the others follow one another.
    """

    def key(number: int) -> str:
        return salted_hmac("municipality.core.small_cells", f"{context}:{number}").hexdigest()

    return sorted(numbers, key=key)
