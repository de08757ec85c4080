"""Transfer (人事異動) of 1on1: pairs that are no longer valid end."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import F

from evaluation.appraisal.one_on_ones.models import Pair
from evaluation.appraisal.sheets.handover import _left_behind
from municipality.audit.log import record
from municipality.core.registry import Passing
from municipality.organisation.models import Municipality
from municipality.organisation.staff_on import StaffChange


def pairs_passing(municipality: Municipality, change: StaffChange) -> list[Passing]:
    """A pair follows its member into another department of the same manager; otherwise it ended the
    day before.

    Talks, promises and notes stay with the two: nothing of them passes to anybody.
    """
    after = change.after
    rows = Pair.objects.of(municipality).filter(ends_on=None)
    passings = []
    for number, manager, member, department in rows.values_list(
        "pk", "manager", "member", "department"
    ):
        if not _left_behind(after, member, department, manager):
            continue
        main = after.main(member)
        place = main.department if main else 0
        stays = bool(place) and after.leadership.leads(manager, after.path(place))
        if not stays or place != department:
            new = {"department_id": place} if stays else {}
            passings.append(
                Passing(number, "", (manager,), ends=True, values={"seen": department, "new": new})
            )
    return passings


def pass_pair(passing: Passing, day: date) -> bool:
    """Write the pair's new department, or its end."""
    rows = Pair.objects.filter(
        pk=passing.object_id, department=passing.values["seen"], ends_on=None
    )
    pair = rows.first()
    if pair is None:
        return False
    values = passing.values["new"] or {"ends_on": max(pair.starts_on, day - timedelta(days=1))}
    if not rows.update(**values, edition=F("edition") + 1):
        return False
    record(
        None,
        "pair.moved" if passing.values["new"] else "pair.ended",
        pair,
        municipality=pair.municipality_id,
    )
    return True
