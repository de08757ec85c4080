"""The open days of a body, read from its tables."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db.models import BooleanField, CharField, Value

from municipality.core.periods import OpenDays
from municipality.organisation.models import BodyHoliday, ClosedDay, Municipality, NationalHoliday


def open_days(municipality: Municipality | str) -> OpenDays:
    """The open days of the body (a Municipality or its code), in one query over its tables and the
    installation's.

    Holidays of a year: the body's own import, else the installation's table, else the library.
    """
    code = municipality if isinstance(municipality, str) else municipality.pk
    national = NationalHoliday.objects.order_by().values_list(
        "date", Value("national", CharField()), Value(False, BooleanField())
    )
    taken = (
        BodyHoliday.objects.of(code)
        .order_by()
        .values_list("date", Value("taken", CharField()), Value(False, BooleanField()))
    )
    local = (
        ClosedDay.objects.of(code)
        .order_by()
        .values_list("date", Value("local", CharField()), "is_open")
    )
    holidays: dict[str, dict[int, set[date]]] = {
        "national": defaultdict(set),
        "taken": defaultdict(set),
    }
    closed: set[date] = set()
    opened: set[date] = set()
    for day, source, is_open in national.union(taken, local, all=True):
        if source in holidays:
            holidays[source][day.year].add(day)
        else:
            (opened if is_open else closed).add(day)
    of_year = holidays["national"] | holidays["taken"]
    return OpenDays(
        closed=closed,
        opened=opened,
        national={year: frozenset(days) for year, days in of_year.items()},
    )
