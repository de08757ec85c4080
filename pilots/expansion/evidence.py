"""The evidence (根拠) of an expansion: what a pilot has shown, and how the departments to go to
stand, frozen before anybody is asked to approve.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from municipality.core.worded import said
from municipality.organisation.models import Department, Posting
from municipality.organisation.queries import people_below, staff_postings
from pilots.planning.models import Pilot
from pilots.planning.readiness import readiness_values, reason_words
from pilots.planning.wording import joined
from pilots.results.evidence import result_values
from rollout.readiness.queries import ReadinessReason, readiness_of_all

OF_RESULT = ("form", "measured_at", "first", "last", "interim", "pilot", "criteria")
"""What the evidence takes over from the pilot's result."""


def measure_evidence(
    pilot: Pilot, departments: Iterable[Department], *, now: datetime
) -> dict[str, Any]:
    """Results of the pilot, those frozen if its judging has started, and the state of the target
    departments as of now.
    """
    values = result_values(pilot, now=now)
    rows = _department_values(departments, timezone.localdate(now))
    return {key: values[key] for key in OF_RESULT} | {"departments": rows}


def _department_values(departments: Iterable[Department], today: date) -> list[dict[str, Any]]:
    departments = list(departments)
    answers, staff = readiness_of_all(departments, today), _staff(departments, today)
    return [
        {"code": row.code, "name": row.name, "staff": staff[row.pk]}
        | readiness_values(answers[row.pk])
        for row in departments
    ]


def _staff(departments: list[Department], today: date) -> dict[int, int]:
    """Number of staff who work in each department or below on that day, as rates count 全職員. One
    query.
    """
    return people_below(departments, staff_postings(Posting.objects.on(today)))


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


def condition_words(reason: ReadinessReason) -> str:
    """That this 必須条件 has to be met, or passed over, before one applies."""
    words = _("%(department)s: %(reason)s満たすか、例外の承認を受けてから申請してください。")
    return words % {"department": reason.department, "reason": reason_words(reason)}


def unexplained_words(evidence: dict[str, Any], explanation: str) -> str:
    """That weak evidence lacks the drafter's explanation; empty when it needs none or has one."""
    weak = "" if explanation.strip() else weakness(evidence)
    words = _("%(weak)s。その理由と対応を「起案者の説明」に入力してください。")
    return words % {"weak": weak} if weak else ""


def weakness(evidence: dict[str, Any], *, verdicts: bool = True) -> str:
    """Weak points of the evidence in one sentence of the active language; empty when there are
    none. Without `verdicts` only those that tell nothing of the numbers.
    """
    parts = []
    if verdicts and (count := len(unmet(evidence))):
        words = ngettext_lazy("未達の基準%(n)s件", "未達の基準%(n)s件", count)
        parts.append(said(words, n=count))
    if verdicts and (count := len(unjudged(evidence))):
        words = ngettext_lazy("判定できない基準%(n)s件", "判定できない基準%(n)s件", count)
        parts.append(said(words, n=count))
    if rows := unready(evidence):
        names = joined(row["name"] for row in rows)
        parts.append(said(_("準備度評価が未確定の部署(%(names)s)"), names=names))
    words = _("%(parts)sがあるまま展開を求めています")
    return said(words, parts=joined(parts)) if parts else ""
