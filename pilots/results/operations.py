"""Fixing the success criteria of a pilot, and freezing its figures."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict, require
from municipality.core.transitions import change, move
from municipality.organisation.models import Member
from pilots.participants.operations.courses import release_courses, release_lead_courses
from pilots.planning.catalogue_file import PILOT_INDICATORS
from pilots.planning.checks import PlanExtent, beyond_reach, reach_of
from pilots.planning.models import Pilot, SuccessCriterion
from pilots.planning.operations import require_planned
from pilots.planning.rules import may_run
from pilots.results.evidence import digest, measure_result
from pilots.results.models import PilotResult


@operation
def fix_criteria(
    pilot: Pilot,
    *,
    criteria: Iterable[tuple[str, str, Decimal]],
    edition: int,
    by: Member,
    now: datetime,
) -> list[SuccessCriterion]:
    """Fix by what the pilot will be judged, as (indicator, direction, threshold): they replace
    those fixed before.

    Only while it is planned; from the request on nobody can change them. Raises Conflict later,
    without any, and when stale.
    """
    require(may_run(by, pilot))
    require_planned(pilot)
    wanted = list(criteria)
    if not wanted:
        raise Conflict(_("成功の基準を1件以上決めてください。"))
    if unknown := [
        indicator
        for indicator, _direction, _threshold in wanted
        if indicator not in PILOT_INDICATORS
    ]:
        raise Conflict(_("指標「%(code)s」では、試行を判定できません。") % {"code": unknown[0]})
    reach = reach_of(PlanExtent.of(pilot), timezone.localdate(now))
    for row in wanted:
        if reason := beyond_reach(*row, reach):
            raise Conflict(f"{PILOT_INDICATORS[row[0]].name} {reason}")
    change(pilot, edition=edition)
    pilot.criteria.all().delete()
    rows = [
        _criterion(pilot, indicator, direction, threshold, now)
        for indicator, direction, threshold in wanted
    ]
    pilot.rows_of_criteria = sorted(rows, key=lambda row: row.indicator)
    record(
        by,
        "pilot.criteria_fixed",
        pilot,
        criteria=[f"{row.indicator} {row.direction} {row.threshold}" for row in rows],
    )
    return SuccessCriterion.objects.bulk_create(rows)


@operation
def freeze_result(pilot: Pilot, stage: str, *, now: datetime) -> PilotResult:
    """Measure the pilot and keep its figures with their hash: they count from now on, whatever
    comes in later.
    """
    values = measure_result(pilot, now=now)
    return PilotResult.objects.create(
        municipality_id=pilot.municipality_id,
        pilot=pilot,
        stage=stage,
        values=values,
        hash=digest(values),
        measured_at=now,
    )


@operation
def close_pilot(
    pilot: Pilot,
    outcome: str,
    note: str,
    *,
    by: Member | None,
    now: datetime,
    verb: str = "pilot.finished",
) -> Pilot:
    """Mark the pilot as finished, freeze its figures if it had started, and cancel the open courses
    that it required. The caller checks that it may be finished.
    """
    move(pilot, Pilot.State.FINISHED, outcome=outcome, outcome_note=note, finished_at=now)
    values = {"outcome": outcome, "note": note}
    if pilot.started_at:
        values["result"] = freeze_result(pilot, PilotResult.Stage.FINAL, now=now).hash
    record(by, verb, pilot, municipality=pilot.municipality_id, **values)
    today = timezone.localdate(now)
    release_courses(pilot.participants.all(), on=today, by=by)
    release_lead_courses(pilot, on=today, by=by)
    return pilot


def _criterion(
    pilot: Pilot, indicator: str, direction: str, threshold: Decimal, now: datetime
) -> SuccessCriterion:
    return SuccessCriterion(
        municipality_id=pilot.municipality_id,
        pilot=pilot,
        indicator=indicator,
        direction=direction,
        threshold=Decimal(threshold).quantize(Decimal("0.1")),
        fixed_at=now,
    )
