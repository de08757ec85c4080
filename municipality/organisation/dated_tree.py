"""The tree of departments as it was or will be on a day.

A department that has ended lies below its successor from the next day on, as in the present tree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from functools import cache

from municipality.core.periods import ONE_DAY
from municipality.organisation.models import Department, DepartmentVersion


class DatedTree:
    """Departments of a body with their versions. A day before a department's first version is told
    by the first, a day after its last by the last.
    """

    def __init__(self, versions: Iterable[DepartmentVersion]) -> None:
        self.departments: dict[int, Department] = {}
        self.versions: dict[int, list[DepartmentVersion]] = defaultdict(list)
        for row in sorted(versions, key=lambda row: row.starts_on):
            self.departments[row.department_id] = row.department
            self.versions[row.department_id].append(row)
        self.line = cache(self._line)

    @property
    def root(self) -> int:
        """The body itself; 0 before its first department."""
        return next((number for number, row in self.departments.items() if row.is_body), 0)

    @property
    def names(self) -> dict[int, str]:
        """Names of the departments today, by number."""
        return {number: row.name for number, row in self.departments.items()}

    def version(self, number: int, day: date) -> DepartmentVersion:
        """Name, kind and parent of the department on the day."""
        begun = [row for row in self.versions[number] if row.starts_on <= day]
        return begun[-1] if begun else self.versions[number][0]

    def exists(self, number: int, day: date) -> bool:
        """Is the department in force on the day?"""
        row = self.departments[number]
        return row.starts_on <= day and (row.ends_on is None or day <= row.ends_on)

    def successor(self, number: int, day: date) -> int | None:
        """The department that continues this one, where it has ended before the day."""
        row = self.departments[number]
        return row.successor_id if row.ends_on is not None and row.ends_on < day else None

    def standing(self, number: int, day: date) -> int:
        """The department itself, or the last of its successors by the day."""
        seen = {number}
        while (after := self.successor(number, day)) is not None and after not in seen:
            seen.add(after)
            number = after
        return number

    def _line(self, number: int, day: date) -> tuple[int, ...]:
        """The department and those above it on the day, the nearest first."""
        line, above = [], number
        while above and above not in line:
            line.append(above)
            above = self.successor(above, day) or self.version(above, day).parent_id or 0
        return tuple(line)

    def below(self, number: int, day: date) -> list[int]:
        """The department and those below it on the day."""
        return [each for each in self.departments if number in self.line(each, day)]

    def population(self, roots: Collection[int], day: date) -> list[Department]:
        """Departments that count for these on the day: they and all below them, in the order of the
        tree. Below the body lies every one, those that have ended or begin later among them.
        """
        numbers = {number for root in roots for number in self.below(root, day)}
        ordered = sorted(numbers, key=lambda number: self.line(number, day)[::-1])
        return [self.departments[number] for number in ordered]

    def beginnings(self, since: dict[int, date], last: date) -> dict[int, date]:
        """Days from which something holds of departments, with those of the successors that take it
        over by the last day: from the day after the end on.
        """
        begins: dict[int, date] = {}
        waiting = list(since.items())
        while waiting:
            number, day = waiting.pop()
            if day > last or day >= begins.get(number, date.max):
                continue
            begins[number], row = day, self.departments[number]
            if row.ends_on is not None and row.successor_id is not None:
                since_then = max(day, row.ends_on + ONE_DAY)
                successors = (row.successor_id, *row.further_successors)
                waiting += [(successor, since_then) for successor in successors]
        return begins
