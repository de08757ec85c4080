"""The evidence (根拠) of an expansion: what a pilot has shown, frozen before anybody is asked to
approve.

Numbers, dates and departments; no names of persons. The dictionary is what its hash is made of:
once written it is never computed again, and whoever reads it later reads these values.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from municipality.audit.chain import canonical
from municipality.organisation.models import Department, Posting
from pilots.planning.models import Pilot
from pilots.planning.readiness import readiness_values
from pilots.planning.wording import joined
from pilots.results.criteria_results import Judged, judge_all, last_day, measured
from rollout.readiness.queries import readiness_of_all

FORM = 2
"""The form of the dictionary. Evidence of form 1 says of a department only whether its readiness was
confirmed (`ready`); it is read as it was written.
"""


def digest(evidence: dict[str, Any]) -> str:
    """SHA-256 of the evidence's canonical JSON."""
    return hashlib.sha256(canonical(evidence).encode()).hexdigest()


def measure_evidence(
    pilot: Pilot, departments: Iterable[Department], *, now: datetime
) -> dict[str, Any]:
    """Results of the pilot as of now, and the state of the target departments. In Japanese, as the
    document will be.
    """
    today = timezone.localdate(now)
    measurement = measured(pilot, today)
    with override("ja"):
        return {
            "form": FORM,
            "measured_at": timezone.localtime(now).isoformat(timespec="seconds"),
            "first": pilot.first_day.isoformat(),
            "last": last_day(pilot, today).isoformat(),
            "interim": today < pilot.ends_on,
            "pilot": _pilot_values(pilot, len(measurement.readiness.agreed)),
            "criteria": [
                _criterion_values(judged)
                for judged in judge_all(pilot.rows_of_criteria, measurement)
            ],
            "departments": _department_values(departments, today),
        }


def _pilot_values(pilot: Pilot, participants: int) -> dict[str, Any]:
    return {
        "number": pilot.pk,
        "name": pilot.name,
        "kind": str(pilot.get_kind_display()),
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
        "name": str(judged.measure.name),
        "unit": str(judged.measure.unit),
        "definition": str(judged.measure.definition),
        "direction": criterion.direction,
        "threshold": str(criterion.threshold),
        "fixed_on": timezone.localdate(criterion.fixed_at).isoformat(),
        "value": None if judged.value is None else str(judged.value),
        "numerator": _text(figure.numerator),
        "denominator": _text(figure.denominator),
        "missing": len(figure.missing),
        "is_rate": figure.is_rate,
        "met": judged.met,
    }


def _text(number: float | Decimal | None) -> str | None:
    """Numbers as text, so that every database returns exactly what was hashed."""
    if number is None:
        return None
    number = Decimal(str(number)).quantize(Decimal("0.001")).normalize()
    return f"{number:f}"


def _department_values(departments: Iterable[Department], today: date) -> list[dict[str, Any]]:
    departments = list(departments)
    answers = readiness_of_all(departments, today)
    return [
        {"code": row.code, "name": row.name, "staff": _staff(row, today)}
        | readiness_values(answers[row.pk])
        for row in departments
    ]


def _staff(department: Department, today: date) -> int:
    """Number of people who work there or below on that day, by their main posting."""
    posted = Posting.objects.on(today).filter(kind=Posting.Kind.MAIN, status=Posting.Status.PRESENT)
    below = Department.objects.of(department.municipality_id).below(department.path)
    return posted.filter(department__in=below).values("member").distinct().count()


def unmet(evidence: dict[str, Any]) -> list[dict[str, Any]]:
    """Criteria that were not met."""
    return [row for row in evidence["criteria"] if row["met"] is False]


def unjudged(evidence: dict[str, Any]) -> list[dict[str, Any]]:
    """Criteria that could not be judged."""
    return [row for row in evidence["criteria"] if row["met"] is None]


def met(evidence: dict[str, Any]) -> list[dict[str, Any]]:
    """Criteria that were met."""
    return [row for row in evidence["criteria"] if row["met"]]


def unready(evidence: dict[str, Any]) -> list[dict[str, Any]]:
    """Departments to go to whose readiness is not confirmed."""
    return [row for row in evidence["departments"] if not is_confirmed(row)]


def is_confirmed(row: dict[str, Any]) -> bool:
    """Was the readiness of this department of the evidence confirmed, in either form?"""
    return row["confirmed_on"] is not None if "confirmed_on" in row else row["ready"]


def exceptions(evidence: dict[str, Any]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Each 必須条件 that was passed over, with its department; none in form 1."""
    return [
        (row, exception)
        for row in evidence["departments"]
        for exception in row.get("exceptions", [])
    ]


def names_exception(evidence: dict[str, Any], department: Department, code: str) -> bool:
    """Does the evidence show that this condition of the department was passed over?"""
    return any(
        row["code"] == department.code and exception["code"] == code
        for row, exception in exceptions(evidence)
    )


def weakness(evidence: dict[str, Any]) -> str:
    """Weak points of the evidence in one sentence of the active language; empty when there are
    none.
    """
    parts = []
    if count := len(unmet(evidence)):
        parts.append(ngettext("未達の基準%(n)s件", "未達の基準%(n)s件", count) % {"n": count})
    if count := len(unjudged(evidence)):
        parts.append(
            ngettext("判定できない基準%(n)s件", "判定できない基準%(n)s件", count) % {"n": count}
        )
    if rows := unready(evidence):
        parts.append(
            _("準備度評価が未確定の部署(%(names)s)")
            % {"names": joined(row["name"] for row in rows)}
        )
    return _("%(parts)sがあるまま展開を求めています") % {"parts": joined(parts)} if parts else ""
