"""What a pilot has shown, measured once and frozen (根拠): for its own result, and for the
expansions that build on it.

Numbers, dates, departments and messages (`core.worded`); no names of persons. The dictionary is
what its hash is made of: once written it is never computed again, and whoever reads it later reads
these values.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from municipality.audit.chain import canonical
from municipality.core.worded import kept, worded
from pilots.planning.models import Pilot, PilotKind
from pilots.planning.wording import amount_words, counted_words, met_words, threshold_words
from pilots.results.criteria_results import Judged, judge_all, measured
from pilots.results.missing_months import missing_months_words
from pilots.results.models import PilotResult

FORM = 2
"""The form of the dictionary. Evidence of form 1 says of a department only whether its readiness
was confirmed (`ready`); it is read as it was written. Names and units are messages (`core.worded`),
in older evidence of either form Japanese text; `worded` reads both.
"""


def digest(evidence: dict[str, Any]) -> str:
    """SHA-256 of the evidence's canonical JSON."""
    return hashlib.sha256(canonical(evidence).encode()).hexdigest()


def measure_result(pilot: Pilot, *, now: datetime) -> dict[str, Any]:
    """Results of the pilot as of now."""
    today = timezone.localdate(now)
    figures = measured(pilot, today)
    judged = judge_all(pilot.rows_of_criteria, figures)
    return {
        "form": FORM,
        "measured_at": timezone.localtime(now).isoformat(timespec="seconds"),
        "first": pilot.first_day.isoformat(),
        "last": pilot.last_day(today).isoformat(),
        "interim": today < pilot.ends_on,
        "pilot": _pilot_values(pilot, figures.participants),
        "criteria": [_criterion_values(row) for row in judged],
        "figures": figures.values,
    }


def latest_result(pilot: Pilot) -> PilotResult | None:
    """The frozen result that counts, of a pilot whose judging has started. One query then."""
    return pilot.results.last() if pilot.is_judged else None


def result_values(pilot: Pilot, *, now: datetime) -> dict[str, Any]:
    """What was frozen when judging started or ended; before that, what is measured now."""
    result = latest_result(pilot)
    return result.values if result else measure_result(pilot, now=now)


def _pilot_values(pilot: Pilot, participants: int) -> dict[str, Any]:
    return {
        "number": pilot.pk,
        "name": pilot.name,
        "kind": kept(PilotKind(pilot.kind).label),
        "state": pilot.state,
        "departments": [{"code": row.code, "name": row.name} for row in pilot.places],
        "participants": participants,
        "started_on": pilot.first_day.isoformat(),
        "ends_on": pilot.ends_on.isoformat(),
    }


def _criterion_values(judged: Judged) -> dict[str, Any]:
    criterion, figure = judged.criterion, judged.figure
    return {
        "code": criterion.indicator,
        "name": kept(judged.indicator.name),
        "unit": kept(judged.indicator.unit),
        "definition": kept(judged.indicator.definition),
        "direction": criterion.direction,
        "threshold": str(criterion.threshold),
        "fixed_on": timezone.localdate(criterion.fixed_at).isoformat(),
        "value": None if judged.value is None else str(judged.value),
        "numerator": _text(figure.numerator),
        "denominator": _text(figure.denominator),
        "missing": len(figure.missing),
        "missing_months": [[name, day.isoformat()] for name, day in judged.missing_months],
        "is_rate": figure.is_rate,
        "met": judged.met,
    }


def _text(number: float | Decimal | None) -> str | None:
    """Numbers as text, so that every database returns exactly what was hashed."""
    if number is None:
        return None
    number = Decimal(str(number)).quantize(Decimal("0.001")).normalize()
    return f"{number:f}"


def evidence_row(row: dict[str, Any]) -> list[Any]:
    """Criterion of the evidence as a row of five cells: name, threshold, value, counts, verdict."""
    name, unit = worded(row["name"]), worded(row["unit"])
    months = [(name, date.fromisoformat(day)) for name, day in row.get("missing_months", ())]
    counted = counted_words(
        _number(row["numerator"]),
        _number(row["denominator"]),
        row["missing"],
        missing_months_words(months),
    )
    limit = threshold_words(Decimal(row["threshold"]), unit, row["direction"])
    return [
        name,
        limit,
        amount_words(_number(row["value"]), unit),
        counted,
        met_words(row["met"]),
    ]


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
