"""Page of a pilot: stages, criteria with present values, participants, and next actions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.core.date_words import NOTHING, month_name
from municipality.core.figures import number_words, tenths
from municipality.core.small_cells import Gate
from municipality.organisation.models import Member
from municipality.organisation.rules import may_see_names
from municipality.web.components.cells import LinkCell, StateCell
from municipality.web.components.lists import ListColumn, ListTable
from municipality.web.components.states import face
from municipality.web.paging import page_of
from pilots.days.models import DAY_MINUTES
from pilots.expansion.small_numbers import hides_thresholds
from pilots.lifecycle.operations.decisions import PILOT
from pilots.lifecycle.requirements import conditions_to_request, conditions_to_start
from pilots.participants.exports import participants
from pilots.participants.models import Participant
from pilots.participants.operations.participation import OPEN_TO_PARTICIPANTS
from pilots.participants.readiness import (
    ParticipantsReadiness,
    participants_readiness,
    training_words,
)
from pilots.participants.rules import gate_of_pilot, may_see_participants
from pilots.planning.catalogue_file import PILOT_INDICATORS
from pilots.planning.checks import plan_notes
from pilots.planning.decisions import no_route
from pilots.planning.models import Expansion, Pilot
from pilots.planning.operations import left_open
from pilots.planning.rules import may_run
from pilots.planning.wording import (
    amount_words,
    joined,
    limit_words,
    missing_words,
    share_words,
)
from pilots.results.criteria_results import FIGURES, measured
from pilots.results.evidence import latest_result
from pilots.results.figures import PilotFigures
from pilots.results.missing_months import missing_months_words, missing_names_words
from pilots.results.presenters import (
    criteria_listing,
    frozen_lines,
    latest_decision,
    lines,
    names_of_missing,
    without_thresholds,
)
from pilots.results.small_numbers import hidden_pilots

if TYPE_CHECKING:
    from django.core.paginator import Page

STOPPABLE = (Pilot.State.PLANNED, Pilot.State.APPROVED, Pilot.State.RUNNING)
"""States in which a pilot can only be stopped; in evaluation it is finished with an outcome."""


@dataclass(frozen=True)
class PilotStage:
    """Stage of the pilot in the row of stages."""

    label: Any
    state: str
    note: str = ""


@dataclass(frozen=True)
class PilotTile:
    """Figure of the pilot up to now."""

    name: Any
    value_text: str = ""
    unit: str = ""
    base_text: str = ""
    missing_text: str = ""
    mark_text: str = ""
    suppressed: bool = False
    change_text: str = ""
    change_good: bool | None = None
    definition_url: str = ""


@dataclass(frozen=True)
class MonthBar:
    """Days of telework in one month."""

    label: str
    value: float | None
    text: str
    style: str = "main"
    address: str = ""


@dataclass(frozen=True)
class ParticipantLine:
    """Participant with the missing courses, and the page of the participant where the reader may
    open it.
    """

    participant: Participant
    missing: list
    address: str = ""


def sheet(pilot: Pilot, member: Member, today: date, page: str = "1") -> dict[str, Any]:
    """Template context of the pilot's page for this member on this day; participants are paged."""
    readiness = participants_readiness(pilot, today)
    expansions = list(pilot.expansions.order_by("-pk"))
    open_expansion = next((row for row in expansions if row.state in Expansion.OPEN), None)
    sees = bool(may_see_participants(member, pilot))
    result = latest_result(pilot)
    present = (
        measured(pilot, today, readiness) if pilot.started_at and (sees or not result) else None
    )
    figures = (
        result.figures
        if result
        else present.as_they_run(pilot.first_day, today)
        if present
        else None
    )
    gate = gate_of_pilot(member, pilot)
    pilots = hidden_pilots(pilot.municipality, gate, today)
    hidden = gate.hides([*readiness.groups, *(figures.groups if figures else [])]) or (
        pilots.hides_frozen(pilot, result.values) if result else pilots.hides(pilot, figures)
    )
    criteria = (
        frozen_lines(pilot, result, present, names_of_missing(present, member), hidden=hidden)
        if result
        else lines(pilot, figures, hidden=hidden)
    )
    if hides_thresholds(pilot, member, today):
        criteria = without_thresholds(criteria)
    conditions = _conditions(pilot, today, readiness, gate, hidden=hidden)
    people = _people(readiness, member, sees=sees)
    runs, decision = bool(may_run(member, pilot)), latest_decision(PILOT, pilot.pk, member)
    asks = runs and pilot.state == Pilot.State.PLANNED
    return {
        "pilot": pilot,
        "names": bool(may_see_names(member)),
        "runs": runs,
        "sees": sees,
        "stages": stages(pilot),
        "limit": limit_words(pilot.days_per_week, pilot.half_days),
        "plan_notes": [] if pilot.is_started else plan_notes(pilot),
        "plan_open": pilot.is_plan_open,
        "may_edit": pilot.is_plan_open
        and (pilot.state == Pilot.State.PLANNED or bool(left_open(pilot))),
        "readiness": readiness,
        "training": ""
        if pilot.started_at
        else training_words(readiness, counts=not hidden, lead=gate.is_open),
        "criteria": criteria_listing(criteria, measured=figures is not None),
        "result": result,
        "differs": bool(result and present and present != result.figures),
        "people": people_listing(page_of(people, page)),
        "export": participants(pilot, people) if people else None,
        "fixed_at": max((row.fixed_at for row in pilot.rows_of_criteria), default=None),
        "people_words": people_words(readiness, gate, last=pilot.last_day(today), hidden=hidden),
        "measured_to": date.fromisoformat(result.values["last"])
        if result
        else pilot.last_day(today),
        "ended": today >= pilot.ends_on,
        "tiles": _tiles(figures, present if result else None, hidden=hidden) if figures else [],
        "bars": _bars(figures) if figures and not hidden else [],
        "conditions": conditions,
        "ready": all(condition.met for condition in conditions),
        "decision": decision,
        "no_route": no_route(PILOT, pilot, member, today, decision) if asks else "",
        "expansions": expansions,
        "open_expansion": open_expansion,
        "may_ask": pilot.is_started and not open_expansion,
        "open_to_people": pilot.state in OPEN_TO_PARTICIPANTS,
        "may_stop": pilot.state in STOPPABLE and not open_expansion,
    }


def _conditions(
    pilot: Pilot, today: date, readiness: ParticipantsReadiness, gate: Gate, *, hidden: bool
) -> list:
    """What the pilot needs next; what counts people without the number where that is hidden, and
    nothing of the staff of its departments or of one person for a reader behind the gate.
    """
    if pilot.state == Pilot.State.PLANNED:
        return conditions_to_request(pilot, today, reach=gate.is_open)
    if pilot.state != Pilot.State.APPROVED:
        return []
    conditions = conditions_to_start(pilot, today, readiness)[1:]
    shown = [each for each in conditions if gate.is_open or not each.of_one]
    return [each.without_number() for each in shown] if hidden else shown


def stages(pilot: Pilot) -> list[PilotStage]:
    """The six states in their order; a pilot that was stopped early shows where."""
    order = list(Pilot.State)
    here = order.index(Pilot.State(pilot.state))
    if pilot.expansion_id:
        order.remove(Pilot.State.PLANNED)
        order.remove(Pilot.State.DECIDING)
        here -= 2
    finished = pilot.state == Pilot.State.FINISHED
    return [
        PilotStage(
            state.label, "done" if index < here or finished else "now" if index == here else "todo"
        )
        for index, state in enumerate(order)
    ]


def people_words(readiness: ParticipantsReadiness, gate: Gate, *, last: date, hidden: bool) -> str:
    """How many agreed and how many were asked, and how many were taken out since the start: where
    these are few, the reader is not told who is left of all those counted either.
    """
    if hidden:
        return _("少人数のため人数は表示しません。")
    parted, waiting = readiness.parted(last), len(readiness.waiting)
    agreed = _("%(n)s人が同意") % {"n": len(readiness.agreed)}
    parts = [] if gate.hides([parted]) else [agreed]
    parts += [_("%(n)s人が同意待ち") % {"n": waiting}] if waiting else []
    if parted:
        count = gate.shown(_("%(n)s人") % {"n": parted}, [parted])
        parts.append(_("途中で外れた人 %(count)s") % {"count": count})
    return joined(parts) if readiness.people or parted else ""


def _people(
    readiness: ParticipantsReadiness, member: Member, *, sees: bool
) -> list[ParticipantLine]:
    """All participants for members who may read the names; for others only themselves."""
    people = [row for row in readiness.people if sees or row.member_id == member.pk]
    mine = Participant.objects.visible_to(member).filter(pk__in=[row.pk for row in people])
    opens = set(mine.values_list("pk", flat=True)) if people else set()
    return [
        ParticipantLine(
            row,
            readiness.missing.get(row.member_id, []),
            row.get_absolute_url() if row.pk in opens else "",
        )
        for row in people
    ]


def people_listing(page: Page) -> ListTable:
    """The participants of one page, each with the courses that are missing."""
    columns = (
        ListColumn(pgettext("人", "氏名"), "link"),
        ListColumn(pgettext("組織", "部署")),
        ListColumn(pgettext("試行", "端末")),
        ListColumn(pgettext("参加者", "同意"), "state"),
        ListColumn(pgettext("試行", "必須研修"), "words"),
    )
    rows = [
        (
            LinkCell(str(line.participant.member), line.address),
            line.participant.department,
            line.participant.device or None,
            StateCell(*face(line.participant)),
            [_courses(line.missing)],
        )
        for line in page
    ]
    return ListTable(columns, rows, page=page if page.has_other_pages() else None)


def _courses(missing: list[Any]) -> list[StateCell | str | LinkCell]:
    if not missing:
        return [StateCell("ok", pgettext("試行", "修了"))]
    parts: list[StateCell | str | LinkCell] = [StateCell("warn", pgettext("研修", "未修了")), " "]
    for place, course in enumerate(missing):
        parts += [pgettext("列挙", "、")] if place else []
        parts.append(LinkCell(course.name, course.get_absolute_url()))
    return parts


def _tiles(figures: PilotFigures, present: PilotFigures | None, *, hidden: bool) -> list[PilotTile]:
    """The figures, and beside frozen ones the `present` ones that differ."""
    tiles = _tiles_of(figures)
    if hidden:
        return [PilotTile(tile.name, suppressed=True) for tile in tiles]
    if present is None:
        return tiles
    pairs = zip(tiles, _tiles_of(present), strict=True)
    return [replace(tile, mark_text=_now_words(tile, now)) for tile, now in pairs]


def _now_words(tile: PilotTile, now: PilotTile) -> str:
    if (now.value_text, now.base_text) == (tile.value_text, tile.base_text):
        return ""
    base = f" ({now.base_text})" if now.base_text else ""
    return _("現在の値 %(value)s") % {"value": f"{now.value_text}{now.unit}{base}"}


def _tiles_of(figures: PilotFigures) -> list[PilotTile]:
    persons = pgettext("単位", "人")
    missing = missing_words(len(figures.missing)) if figures.missing else ""
    lacking = missing_months_words(figures.missing_months) or missing
    nothing = lacking or ("" if figures.takers is not None else _("実施記録がまだありません"))
    rate = tenths(figures.rate)
    trained = FIGURES["K36"](figures)
    done = tenths(trained)
    values = [
        (pgettext("試行", "参加者数"), number_words(figures.participants), persons, "", ""),
        (PILOT_INDICATORS["K38"].name, _takers_words(figures), persons, "", nothing),
        (
            PILOT_INDICATORS["K40"].name,
            NOTHING if rate is None else f"{rate}",
            "%",
            share_words(figures.takers, figures.participants, persons),
            nothing,
        ),
        (
            PILOT_INDICATORS["K39"].name,
            amount_words(tenths(FIGURES["K39"](figures)), ""),
            pgettext("単位", "人日"),
            "",
            nothing,
        ),
        (
            _("実施者1人当たりの実施日数"),
            amount_words(figures.per_person, ""),
            pgettext("単位", "日"),
            "",
            nothing,
        ),
        (
            PILOT_INDICATORS["K36"].name,
            NOTHING if done is None else f"{done}",
            "%",
            share_words(trained.numerator, trained.denominator, persons),
            "",
        ),
    ]
    return [PilotTile(name, value, unit, base, empty) for name, value, unit, base, empty in values]


def _takers_words(figures: PilotFigures) -> str:
    return NOTHING if figures.takers is None else number_words(figures.takers)


def _bars(figures: PilotFigures) -> list[MonthBar]:
    """Days by month, with the departments that did not hand in; a month of which nothing is known
    has no value.
    """
    unit = pgettext("単位", "人日")
    owing: dict[date, list[str]] = defaultdict(list)
    for name, month in figures.missing_months:
        owing[month].append(name)
    bars = []
    for month in sorted({*figures.months, *owing}):
        halves = figures.months.get(month)
        days = None if halves is None else halves / (2 * DAY_MINUTES)
        parts = [] if days is None else [amount_words(days, unit)]
        parts += [missing_names_words(owing[month])] if month in owing else []
        bars.append(MonthBar(month_name(month), days, joined(parts)))
    return bars
