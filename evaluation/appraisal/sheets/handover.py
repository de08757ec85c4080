"""Transfer (人事異動) of goal sheets: unfinished sheets go to the new department's manager."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F

from evaluation.appraisal.access.evaluators import evaluator_of
from evaluation.appraisal.schemes.models import EvaluationPeriod
from evaluation.appraisal.sheets.models import Sheet
from municipality.audit.log import record
from municipality.core.registry import Passing
from municipality.organisation.models import Municipality
from municipality.organisation.staff_on import Roster, StaffChange


def sheets_passing(municipality: Municipality, change: StaffChange) -> list[Passing]:
    """Sheets whose person mainly works elsewhere than noted, or whose evaluator leads that
    department no longer.

    The sheets of a period that is over stay where they were.
    """
    after = change.after
    rows = Sheet.objects.of(municipality).filter(
        period__state=EvaluationPeriod.State.OPEN, period__ends_on__gte=after.day
    )
    values = rows.values_list("pk", "period__name", "member", "department", "evaluator", "state")
    passings = []
    for number, period, member, department, evaluator, state in values:
        if not _left_behind(after, member, department, evaluator):
            continue
        wanted = _new_hands(after, member, department)
        if wanted != (department, evaluator):
            seen = {"department_id": department, "evaluator_id": evaluator}
            passings.append(_sheet_passing(number, period, state, seen, wanted))
    return passings


def _left_behind(after: Roster, member: int, department: int, leader: int | None) -> bool:
    """Whether the person mainly works in another department than stored, or the leader no longer
    leads that department.
    """
    main = after.main(member)
    if main is None or main.department != department:
        return True
    return leader is None or not after.leadership.leads(leader, after.path(department))


def _new_hands(after: Roster, member: int, department: int) -> tuple[int, int | None]:
    main = after.main(member)
    if main is None:
        return department, None
    return main.department, evaluator_of(after.leadership, member, after.path(main.department))


def _sheet_passing(
    number: int, period: str, state: str, seen: dict[str, Any], wanted: tuple[int, int | None]
) -> Passing:
    """Hand-over of a sheet. The new evaluator is notified; a sheet whose person left, or whose
    evaluator stays, only changes its department.
    """
    department, evaluator = wanted
    old = (seen["evaluator_id"],) if seen["evaluator_id"] else ()
    takes = (evaluator,) if evaluator and evaluator != seen["evaluator_id"] else ()
    ends = not takes and (evaluator is not None or state != Sheet.State.SUBMITTED)
    details = {"seen": seen, "new": {"department_id": department, "evaluator_id": evaluator}}
    return Passing(number, period, old, takes, ends=ends, values=details)


def pass_sheet(passing: Passing, day: date) -> bool:
    """Write department and evaluator, unless the stored ones were changed meanwhile."""
    values = passing.values["new"]
    rows = Sheet.objects.filter(pk=passing.object_id, **passing.values["seen"])
    sheet = rows.first()
    if sheet is None or not rows.update(**values, edition=F("edition") + 1):
        return False
    record(None, "sheet.handed_over", sheet, municipality=sheet.municipality_id, **values)
    return True
