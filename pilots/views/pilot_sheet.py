"""A pilot as it is read: its stages, its criteria with what is measured so far, its people, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.models import Decision, Member
from pilots.judging import Judged, Measured, judge_all, last_day, measure_of, measured, tenths
from pilots.models import DAY_MINUTES, Expansion, Participant, Pilot, SuccessCriterion
from pilots.operations import OPEN_TO_PARTICIPANTS
from pilots.operations.deciding import PILOT
from pilots.operations.running import why_not
from pilots.rules import may_run, may_see_participants
from pilots.standing import Standing, standing
from pilots.steps import conditions_to_request, conditions_to_start
from pilots.wording import NOTHING, amount_words, limit_words, met_words, share_words, threshold_words

MET_TONES = {True: "ok", False: "bad", None: "warn"}
SUPPRESSED = "＊"
STOPPABLE = (Pilot.State.PLANNED, Pilot.State.APPROVED, Pilot.State.RUNNING)
"""States in which a pilot can only be stopped; in evaluation it is finished with an outcome."""


@dataclass(frozen=True)
class Stage:
    """One stage of the pilot in the row of stages."""

    label: Any
    state: str
    note: str = ""


@dataclass(frozen=True)
class Tile:
    """A figure of the pilot so far."""

    name: Any
    value_text: str = ""
    unit: str = ""
    base_text: str = ""
    missing_text: str = ""
    suppressed: bool = False
    change_text: str = ""
    change_good: bool | None = None
    definition_url: str = ""


@dataclass(frozen=True)
class Bar:
    """Days of one month."""

    label: str
    value: float
    text: str
    style: str = "main"
    address: str = ""


@dataclass(frozen=True)
class Line:
    """A criterion in words; `tone` and `verdict` only when it was measured."""

    name: Any
    definition: Any
    threshold: str
    value: str = ""
    share: str = ""
    verdict: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Person:
    """A participant with the courses that are still missing."""

    participant: Participant
    missing: list


def sheet(pilot: Pilot, member: Member, today: date) -> dict[str, Any]:
    """Everything the pilot's page shows, for this member on this day."""
    stand = standing(pilot, today)
    sees = bool(may_see_participants(member, pilot))
    found = measured(pilot, today, stand) if pilot.started_at else None
    conditions = _conditions(pilot, today, stand)
    expansions = list(pilot.expansions.all()) if pilot.started_at else []
    open_expansion = next((row for row in expansions if row.state in Expansion.OPEN), None)
    hidden = not sees and len(stand.agreed) < pilot.municipality.small_cell
    return {
        "pilot": pilot, "runs": bool(may_run(member, pilot)), "sees": sees, "stages": stages(pilot),
        "limit": limit_words(pilot.days_per_week, pilot.half_days), "criteria": lines(pilot, found, hidden=hidden),
        "fixed_at": max((row.fixed_at for row in pilot.rows_of_criteria), default=None), "stand": stand,
        "people": _people(stand, member, sees=sees), "counts_hidden": hidden, "measured_to": last_day(pilot, today),
        "tiles": _tiles(found, hidden=hidden) if found else [], "bars": _bars(found) if found and not hidden else [],
        "conditions": conditions, "ready": all(condition.met for condition in conditions), "decision": latest_decision(PILOT, pilot.pk, member),
        "expansions": expansions, "open_expansion": open_expansion, "may_ask": pilot.is_started and not open_expansion,
        "open_to_people": pilot.state in OPEN_TO_PARTICIPANTS,
        "may_stop": not why_not(pilot, Pilot.Outcome.STOP) and not open_expansion and pilot.state in STOPPABLE,
        "ended": today >= pilot.ends_on,
    }  # fmt: skip


def latest_decision(matter: str, number: int, member: Member) -> Decision | None:
    """The latest decision about a subject, if the member may see it."""
    found = Decision.objects.visible_to(member).filter(matter=matter, subject_id=number)
    return found.order_by("-drafted_at", "-pk").first()


def _conditions(pilot: Pilot, today: date, stand: Standing) -> list:
    if pilot.state == Pilot.State.PLANNED:
        return conditions_to_request(pilot)
    return conditions_to_start(pilot, today, stand)[1:] if pilot.state == Pilot.State.APPROVED else []


def stages(pilot: Pilot) -> list[Stage]:
    """The six states in their order; one that was stopped early shows where it was stopped."""
    order = list(Pilot.State)
    here = order.index(Pilot.State(pilot.state))
    if pilot.expansion_id:
        order.remove(Pilot.State.PLANNED)
        order.remove(Pilot.State.DECIDING)
        here -= 2
    finished = pilot.state == Pilot.State.FINISHED
    return [
        Stage(state.label, "done" if index < here or finished else "now" if index == here else "todo")
        for index, state in enumerate(order)
    ]


def lines(pilot: Pilot, found: Measured | None, *, hidden: bool) -> list[Line]:
    """The criteria, with what was measured once the pilot has begun."""
    if found is None:
        return [_plain(criterion) for criterion in pilot.rows_of_criteria]
    return [_judged(judged, hidden=hidden) for judged in judge_all(pilot.rows_of_criteria, found)]


def _plain(criterion: SuccessCriterion) -> Line:
    measure = measure_of(criterion)
    limit = threshold_words(criterion.threshold, str(measure.unit), criterion.direction)
    return Line(measure.name, measure.definition, limit)


def _judged(judged: Judged, *, hidden: bool) -> Line:
    unit, figure, criterion = str(judged.measure.unit), judged.figure, judged.criterion
    share = share_words(figure.numerator, figure.denominator, pgettext("単位", "人"))
    return Line(
        judged.measure.name, judged.measure.definition, threshold_words(criterion.threshold, unit, criterion.direction),
        value=SUPPRESSED if hidden else amount_words(judged.value, unit), share=SUPPRESSED if hidden else share,
        verdict=met_words(judged.met), tone=MET_TONES[judged.met],
    )  # fmt: skip


def _people(stand: Standing, member: Member, *, sees: bool) -> list[Person]:
    """All for those who may read the names; for others only oneself."""
    return [
        Person(row, stand.missing.get(row.member_id, [])) for row in stand.people if sees or row.member_id == member.pk
    ]


def _tiles(found: Measured, *, hidden: bool) -> list[Tile]:
    tally, persons = found.tally, pgettext("単位", "人")
    missing = _("%(n)s部署が未提出") % {"n": tally.missing} if tally.missing else ""
    nothing = "" if tally.done else missing or _("実施記録がまだありません")
    rate = tenths(found.rate)
    share = share_words(tally.takers, tally.eligible, persons)
    return [
        Tile(_("実施者数"), str(tally.takers or NOTHING), persons, missing, nothing, hidden),
        Tile(_("実施率(対象職員)"), f"{rate}" if rate is not None else NOTHING, "%", share, nothing, hidden),
        Tile(
            _("延べ実施日数"),
            amount_words(tally.days and round(tally.days, 1), ""),
            pgettext("単位", "人日"),
            "",
            nothing,
            hidden,
        ),
    ]


def _bars(found: Measured) -> list[Bar]:
    rows = [(month, halves / (2 * DAY_MINUTES)) for month, halves in found.months.items()]
    unit = pgettext("単位", "人日")
    return [Bar(date_format(month, pgettext("月の書式", "n月")), days, f"{days:,.1f}{unit}") for month, days in rows]
