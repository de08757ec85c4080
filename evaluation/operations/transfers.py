"""人事異動: unfinished sheets go to the new department's manager, pairs that are no longer one end, actions find a successor.

Who lost the right to read lost it at midnight already (`visible_to` asks today's postings); this gives it to the next.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import F

from evaluation.evaluators import Lines
from evaluation.models import Action, EvaluationPeriod, Pair, Sheet
from municipality.models import Municipality
from municipality.operations import record
from municipality.rooms import Passing
from municipality.roster import Change, Roster


def sheets_passing(municipality: Municipality, change: Change) -> list[Passing]:
    """Sheets whose person mainly works elsewhere than noted, or whose evaluator leads that department no longer.

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


def _left_behind(after: Roster, lines: Lines, member: int, department: int, leader: int | None) -> bool:
    """Does the person mainly work elsewhere than noted, or does the leader lead that department no longer?"""
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
    """The new evaluator is told; a sheet whose person left, or whose evaluator stays, only changes its department."""
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


def pairs_passing(municipality: Municipality, change: Change) -> list[Passing]:
    """A pair follows its member into another department of the same manager; otherwise it ended the day before.

    Talks, promises and notes stay with the two: nothing of them passes to anybody.
    """
    after, lines = change.after, Lines.of(change.after)
    rows = Pair.objects.of(municipality).filter(ends_on=None)
    found = []
    for number, manager, member, department in rows.values_list("pk", "manager", "member", "department"):
        if not _left_behind(after, lines, member, department, manager):
            continue
        main = after.main(member)
        place = main.department if main else 0
        stays = bool(place) and any(after.path(place).startswith(led) for led in lines.led.get(manager, ()))
        if not stays or place != department:
            new = {"department_id": place} if stays else {}
            found.append(Passing(number, "", (manager,), ends=True, facts={"seen": department, "new": new}))
    return found


def pass_pair(passing: Passing, day: date) -> bool:
    """Write where the pair belongs now, or its end."""
    rows = Pair.objects.filter(pk=passing.object_id, department=passing.facts["seen"], ends_on=None)
    pair = rows.first()
    if pair is None:
        return False
    facts = passing.facts["new"] or {"ends_on": max(pair.starts_on, day - timedelta(days=1))}
    if not rows.update(**facts, edition=F("edition") + 1):
        return False
    record(None, "pair.moved" if passing.facts["new"] else "pair.ended", pair, municipality=pair.municipality_id)
    return True


def actions_passing(municipality: Municipality, change: Change) -> list[Passing]:
    """Open actions of people who moved: for the successor, else for who leads the review's department, or the office."""
    office = change.after.leading("office", 0)
    rows = Action.objects.of(municipality).open().filter(who__isnull=False)
    found = []
    for number, what, who, department in rows.values_list("pk", "what", "who", "review__department"):
        if not change.moved(who):
            continue
        heir = change.heir(who, department) if department else change.successor(who) or next(iter(office), None)
        found.append(Passing(number, what, (who,), () if heir in (None, who) else (heir,)))
    return found


def pass_action(passing: Passing, day: date) -> bool:
    """The successor has to do it; without one it stays as it is and the office is told. False when somebody was first."""
    rows = Action.objects.filter(pk=passing.object_id, who=passing.gives[0], state=Action.State.OPEN)
    if not passing.takes:
        return rows.exists()
    return bool(rows.update(who=passing.takes[0], edition=F("edition") + 1))
