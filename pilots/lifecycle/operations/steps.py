"""Starting, evaluating and finishing a pilot."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from municipality.audit.log import operation, record
from municipality.clock.operations.guarded import each_guarded
from municipality.core.date_words import era_day
from municipality.core.refusals import Conflict, require
from municipality.core.transitions import move
from municipality.organisation.models import Member, Municipality
from municipality.organisation.open_days import open_days
from pilots.lifecycle.requirements import conditions_to_start, require_all
from pilots.planning.models import Expansion, Pilot
from pilots.planning.operations import hold
from pilots.planning.rules import may_run
from pilots.results.criteria_results import measured
from pilots.results.evidence import latest_result
from pilots.results.models import PilotResult
from pilots.results.operations import close_pilot, freeze_result

REPORT_OPEN_DAYS = 10
"""Open days after the last day of a pilot within which its evaluation is due."""


@operation
def start_pilot(pilot: Pilot, *, by: Member, now: datetime) -> Pilot:
    """Start the pilot (実施中). Raises Conflict with the first missing condition: approval, day,
    criteria, agreement, or training (naming people and courses).
    """
    require(may_run(by, pilot))
    hold(pilot)
    require_all(conditions_to_start(pilot, timezone.localdate(now)))
    due_on = open_days(pilot.municipality_id).add(pilot.ends_on, REPORT_OPEN_DAYS)
    move(pilot, Pilot.State.RUNNING, started_at=now, report_due_on=due_on)
    record(by, "pilot.started", pilot, report_due_on=due_on)
    return pilot


@operation
def begin_evaluation(pilot: Pilot, *, by: Member, now: datetime) -> Pilot:
    """Start the evaluation (評価中), from the pilot's last day on."""
    require(may_run(by, pilot))
    hold(pilot)
    if pilot.state == Pilot.State.RUNNING and timezone.localdate(now) < pilot.ends_on:
        raise Conflict(
            _("終了日は%(day)sです。この日から評価を始められます。")
            % {"day": era_day(pilot.ends_on)},
            pilot.get_absolute_url(),
        )
    move(pilot, Pilot.State.EVALUATING)
    result = freeze_result(pilot, PilotResult.Stage.INTERIM, now=now)
    record(by, "pilot.evaluating", pilot, result=result.hash)
    return pilot


@operation
def measure_again(pilot: Pilot, *, by: Member, now: datetime) -> PilotResult:
    """Take in what came after judging started (追加の実施記録): a new result, the earlier one stays.
    Raises Conflict when nothing differs, and while an expansion is being decided on the earlier
    one.
    """
    require(may_run(by, pilot))
    hold(pilot)
    earlier = latest_result(pilot)
    if pilot.state != Pilot.State.EVALUATING or earlier is None:
        raise Conflict(
            _("数値を集計し直せるのは、評価中の試行だけです。"), pilot.get_absolute_url()
        )
    if pilot.expansions.filter(state=Expansion.State.DECIDING).exists():
        raise Conflict(
            _("展開申請の決裁が終わるまで、数値を集計し直せません。"), pilot.get_absolute_url()
        )
    if measured(pilot, timezone.localdate(now)) == earlier.figures:
        raise Conflict(_("数値は、固定したものから変わっていません。"), pilot.get_absolute_url())
    result = freeze_result(pilot, PilotResult.Stage.INTERIM, now=now)
    record(by, "pilot.measured_again", pilot, was=earlier.hash, result=result.hash)
    return result


def freeze_open_results(municipality: Municipality, now: datetime) -> int:
    """Daily job: freeze what is judged or over without a result, as pilots were before results
    were kept; how many. Safe to repeat.
    """
    kept = PilotResult.objects.filter(pilot=OuterRef("pk"))
    final = kept.filter(stage=PilotResult.Stage.FINAL)
    begun = Pilot.objects.of(municipality).filter(started_at__isnull=False)
    over = begun.filter(~Exists(final), state=Pilot.State.FINISHED)
    judged = begun.filter(~Exists(kept), state=Pilot.State.EVALUATING)
    rows = {pilot.pk: (pilot, PilotResult.Stage.FINAL) for pilot in over}
    rows |= {pilot.pk: (pilot, PilotResult.Stage.INTERIM) for pilot in judged}

    def freeze(row: tuple[Pilot, str]) -> int:
        return _freeze_late(*row, now)

    return each_guarded(municipality, "pilots.freeze_open_results ", rows, freeze, now=now).done


@operation
def _freeze_late(pilot: Pilot, stage: str, now: datetime) -> int:
    result = freeze_result(pilot, stage, now=now)
    values = {"stage": stage, "result": result.hash}
    record(None, "pilot.result_frozen", pilot, municipality=pilot.municipality_id, **values)
    return 1


@operation
def finish_pilot(pilot: Pilot, *, outcome: str, note: str, by: Member, now: datetime) -> Pilot:
    """Finish the pilot with an outcome and its reason. 継続 and 展開 require the evaluation, 展開 also an
    approved expansion; 中止 is possible at any time except while an expansion is open.
    """
    require(may_run(by, pilot))
    if not note.strip():
        raise Conflict(_("結果の理由を入力してください。"))
    hold(pilot)
    refuse_unless_ending(pilot)
    if reason := why_not(pilot, outcome):
        raise Conflict(reason, pilot.get_absolute_url())
    return close_pilot(pilot, outcome, note.strip(), by=by, now=now)


def refuse_unless_ending(pilot: Pilot) -> None:
    """Raises Conflict while the pilot can be finished with no outcome at all."""
    if pilot.state == Pilot.State.FINISHED:
        reason = _("この試行は、すでに完了しています。")
    elif pilot.state == Pilot.State.DECIDING:
        reason = _("決裁中の試行は終えられません。起案者が決裁を取り下げてください。")
    elif pilot.expansions.filter(state__in=Expansion.OPEN).exists():
        reason = _("展開申請の決裁が終わるまで、試行を終えられません。")
    else:
        return
    raise Conflict(reason, pilot.get_absolute_url())


def why_not(pilot: Pilot, outcome: str) -> str:
    """Reason why a pilot that can be finished cannot have this outcome now; empty when it can."""
    if outcome != Pilot.Outcome.STOP and pilot.state != Pilot.State.EVALUATING:
        return _("「継続」「展開」は、評価中の試行だけに付けられます。")
    if (
        outcome == Pilot.Outcome.EXPAND
        and not pilot.expansions.filter(state=Expansion.State.APPROVED).exists()
    ):
        return _("「展開」は、展開申請が決裁された試行だけに付けられます。")
    return ""
