"""The pilots of the fiscal year on a line of months."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import pgettext

from dashboard.overview.lines import FactLine, lines
from dashboard.overview.scope import Scope
from municipality.core.date_words import month_name
from municipality.core.periods import Period
from pilots.expansion.models import Expansion
from pilots.planning.models import Pilot

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


def pilot_lines(scope: Scope) -> list[QuerySet]:
    """The pilots that touch the fiscal year, and the expansions that wait for their decision, as
    facts.
    """
    year = Period.holding(Period.YEAR, scope.today)
    inside = {"starts_on__lte": year.last, "ends_on__gte": year.first}
    pilots = Pilot.objects.visible_to(scope.member).filter(**inside)
    waiting = Expansion.objects.visible_to(scope.member).filter(
        state=Expansion.State.DECIDING, **inside
    )
    return [
        lines(
            pilots,
            "pilot",
            number=F("pk"),
            text=F("name"),
            more=F("state"),
            since=F("starts_on"),
            day=F("ends_on"),
        ),
        lines(pilots.exclude(outcome=""), "outcome", number=F("pk"), text=F("outcome")),
        lines(
            waiting,
            "expansion",
            number=F("pk"),
            text=F("name"),
            since=F("starts_on"),
            day=F("ends_on"),
        ),
    ]


def read_timeline(scope: Scope, found: dict[str, list[FactLine]]) -> Timeline:
    """The bars from the facts of the page, by their first day."""
    year = Period.holding(Period.YEAR, scope.today)
    outcomes = {line.number: Pilot.Outcome(line.text) for line in found["outcome"]}
    spans = [
        _span(
            year,
            line,
            _word(line, outcomes),
            STYLES[Pilot.State(line.more)],
            _page(scope, "pilots:pilot", line),
        )
        for line in found["pilot"]
    ]
    word = str(Expansion.State.DECIDING.label)
    spans += [
        _span(year, line, word, "wait", _page(scope, "pilots:expansion", line))
        for line in found["expansion"]
    ]
    months = [part for half in year.parts for quarter in half.parts for part in quarter.parts]
    words = [month_name(month.first) for month in months]
    shown = sorted(spans, key=lambda span: (span.until, span.label), reverse=True)[:MOST_SPANS]
    shown.sort(key=lambda span: (span.since, span.label))
    return Timeline(words, shown, place(year, scope.today), year, len(spans) - len(shown))


def _page(scope: Scope, name: str, line: FactLine) -> str:
    return reverse(name, args=[scope.code, line.number])


def _word(line: FactLine, outcomes: dict[int, Pilot.Outcome]) -> str:
    state = str(Pilot.State(line.more).label)
    if line.number not in outcomes:
        return state
    facts = {"state": state, "outcome": outcomes[line.number].label}
    return pgettext("試行の状態と結果", "%(state)s(%(outcome)s)") % facts


def _span(year: Period, line: FactLine, word: str, style: str, address: str) -> PilotSpan:
    since, until = line.since or year.first, line.day or year.last
    start, end = place(year, max(since, year.first)), place(year, min(until, year.last), end=True)
    return PilotSpan(line.text, start, end, word, style, address, since, until)


def place(year: Period, day: date, *, end: bool = False) -> float:
    """Where a day lies on the line: its month, and how far into it."""
    month = (day.year - year.first.year) * 12 + day.month - year.first.month
    return month + (day.day if end else day.day - 1) / calendar.monthrange(day.year, day.month)[1]
