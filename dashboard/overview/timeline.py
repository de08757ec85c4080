"""The pilots of the fiscal year on a line of months."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import pgettext

from dashboard.overview.scope import Scope
from municipality.core.date_words import month_name
from municipality.core.periods import Period
from pilots.planning.models import Expansion, Pilot

MOST_SPANS = 50

STYLES = {
    Pilot.State.PLANNED: "plan",
    Pilot.State.DECIDING: "wait",
    Pilot.State.APPROVED: "wait",
    Pilot.State.RUNNING: "run",
    Pilot.State.EVALUATING: "run",
    Pilot.State.FINISHED: "done",
}


@dataclass(frozen=True)
class PilotSpan:
    """One bar, in months from the beginning of the line; `since` and `until` for the table beside
    it.
    """

    label: str
    start: float
    end: float
    word: str
    style: str
    address: str
    since: date
    until: date


@dataclass(frozen=True)
class Timeline:
    """The line of a fiscal year; `today` lies between 0 and 12. `more` bars, those that end first,
    are left out in a large body.
    """

    months: list[str]
    spans: list[PilotSpan]
    today: float
    year: Period
    more: int = 0


def read_timeline(scope: Scope) -> Timeline:
    """The bars of the fiscal year of the day, by their first day."""
    year = Period.holding(Period.YEAR, scope.today)
    spans = [*pilot_spans(scope, year), *expansion_spans(scope, year)]
    words = [month_name(month.first) for month in year.months]
    shown = sorted(spans, key=lambda span: (span.until, span.label), reverse=True)[:MOST_SPANS]
    shown.sort(key=lambda span: (span.since, span.label))
    return Timeline(words, shown, place(year, scope.today), year, len(spans) - len(shown))


def pilot_spans(scope: Scope, year: Period) -> list[PilotSpan]:
    """Bars of the pilots in sight that touch the fiscal year. One query."""
    rows = Pilot.objects.visible_to(scope.member).filter(
        starts_on__lte=year.last, ends_on__gte=year.first
    )
    values = rows.values_list("pk", "name", "state", "outcome", "starts_on", "ends_on")
    return [
        _span(
            year,
            name,
            since,
            until,
            word=state_word(state, outcome),
            style=STYLES[Pilot.State(state)],
            address=reverse("pilots:pilot", args=[scope.code, pk]),
        )
        for pk, name, state, outcome, since, until in values
    ]


def expansion_spans(scope: Scope, year: Period) -> list[PilotSpan]:
    """Bars of the expansions in sight that wait for their decision. One query."""
    rows = Expansion.objects.visible_to(scope.member).filter(
        state=Expansion.State.DECIDING, starts_on__lte=year.last, ends_on__gte=year.first
    )
    return [
        _span(
            year,
            name,
            since,
            until,
            word=str(Expansion.State.DECIDING.label),
            style="wait",
            address=reverse("pilots:expansion", args=[scope.code, pk]),
        )
        for pk, name, since, until in rows.values_list("pk", "name", "starts_on", "ends_on")
    ]


def state_word(state: str, outcome: str) -> str:
    """The state of a pilot in words, with its outcome where there is one."""
    word = str(Pilot.State(state).label)
    if not outcome:
        return word
    values = {"state": word, "outcome": Pilot.Outcome(outcome).label}
    return pgettext("試行の状態と結果", "%(state)s(%(outcome)s)") % values


def _span(
    year: Period, name: str, since: date, until: date, *, word: str, style: str, address: str
) -> PilotSpan:
    start, end = place(year, max(since, year.first)), place(year, min(until, year.last), end=True)
    return PilotSpan(name, start, end, word, style, address, since, until)


def place(year: Period, day: date, *, end: bool = False) -> float:
    """Where a day lies on the line: its month, and how far into it."""
    month = (day.year - year.first.year) * 12 + day.month - year.first.month
    return month + (day.day if end else day.day - 1) / calendar.monthrange(day.year, day.month)[1]
