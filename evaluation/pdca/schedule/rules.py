"""When the review of a period is due, and which periods are over."""

from __future__ import annotations

from datetime import date

from municipality.core.periods import ONE_DAY, Period
from municipality.organisation.open_days import OpenDays

DUE_OPEN_DAYS = {Period.MONTH: 5, Period.QUARTER: 10, Period.HALF: 15}
"""By which open day after the period a review is due (monthly, quarterly, half-yearly)."""

YEAR_DUE = (4, 30)
"""By which day of April the annual review is due as a draft; on a closed day the next open day."""


def due_day(period: Period, calendar: OpenDays) -> date:
    """Due day of closing the review of a period, in open days after its last day."""
    if period.cadence == Period.YEAR:
        return calendar.roll(date(period.last.year, *YEAR_DUE))
    return calendar.nth_after(period.last, DUE_OPEN_DAYS[period.cadence])


def due_day_when_late(period: Period, opened_on: date, calendar: OpenDays) -> date:
    """Due day of a review that opens when its own due day has come, since its department was not
    known to have been active before: as many open days from the opening as others have, so that
    nobody is late from the first moment on.
    """
    due_on = due_day(period, calendar)
    days = DUE_OPEN_DAYS.get(period.cadence, DUE_OPEN_DAYS[Period.HALF])
    return due_on if opened_on < due_on else calendar.add(opened_on, days)


def ended_periods(since: date, today: date) -> list[Period]:
    """Months, quarters, halves and years whose last day lies from `since` to yesterday: by that
    day, shortest first.
    """
    missed, day = [], since.replace(day=1)
    while day < today:
        month = Period.holding(Period.MONTH, day)
        whole = [Period.holding(cadence, day) for cadence in Period.MONTHS]
        missed += [
            period for period in whole if period.last == month.last and since <= period.last < today
        ]
        day = month.last + ONE_DAY
    return missed
