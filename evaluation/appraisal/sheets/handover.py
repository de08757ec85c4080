"""What passes at a transfer (人事異動): unfinished sheets go to the new department's manager."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F

from evaluation.appraisal.access.evaluators import Lines
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
    after, lines = change.after, Lines.of(change.after)
    rows = Sheet.objects.of(municipality).filter(
        period__state=EvaluationPeriod.State.OPEN, period__ends_on__gte=after.day
    )
    facts = rows.values_list("pk", "period__name", "member", "department", "evaluator", "state")
    found = []
    for number, period, member, department, evaluator, state in facts:
        if not _left_behind(after, lines, member, department, evaluator):
            continue
        wanted = _new_hands(after, lines, member, department)
        if wanted != (department, evaluator):
            seen = {"department_id": department, "evaluator_id": evaluator}
            found.append(_sheet_passing(number, period, state, seen, wanted))
    return found


def _left_behind(
    after: Roster, lines: Lines, member: int, department: int, leader: int | None
) -> bool:
    """Does the person mainly work elsewhere than noted, or does the leader lead that department no
    longer?
    """
    main = after.main(member)
    if main is None or main.department != department:
        return True
    path = after.path(department)
    return leader is None or not any(path.startswith(led) for led in lines.led.get(leader, ()))


def _new_hands(after: Roster, lines: Lines, member: int, department: int) -> tuple[int, int | None]:
    main = after.main(member)
    if main is None:
        return department, None
    return main.department, lines.evaluator_of(member, after.path(main.department))


def _sheet_passing(
    number: int, period: str, state: str, seen: dict[str, Any], wanted: tuple[int, int | None]
) -> Passing:
    """The new evaluator is told; a sheet whose person left, or whose evaluator stays, only changes
    its department.
    """
    department, evaluator = wanted
    old = (seen["evaluator_id"],) if seen["evaluator_id"] else ()
    takes = (evaluator,) if evaluator and evaluator != seen["evaluator_id"] else ()
    ends = not takes and (evaluator is not None or state != Sheet.State.SUBMITTED)
    facts = {"seen": seen, "new": {"department_id": department, "evaluator_id": evaluator}}
    return Passing(number, period, old, takes, ends=ends, facts=facts)


def pass_sheet(passing: Passing, day: date) -> bool:
    """Write department and evaluator, if they are still those that were seen."""
    facts = passing.facts["new"]
    rows = Sheet.objects.filter(pk=passing.object_id, **passing.facts["seen"])
    sheet = rows.first()
    if sheet is None or not rows.update(**facts, edition=F("edition") + 1):
        return False
    record(None, "sheet.handed_over", sheet, municipality=sheet.municipality_id, **facts)
    return True
