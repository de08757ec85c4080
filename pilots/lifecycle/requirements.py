"""What a pilot needs before its next step, each with the reason and the place that mends it.

The page shows the conditions; the operation asks the same and refuses with the first that is not
met.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from municipality.core.date_words import era_day
from municipality.core.refusals import Conflict
from municipality.core.small_cells import MARK
from pilots.participants.readiness import ParticipantsReadiness, participants_readiness
from pilots.planning.catalogue_file import PILOT_INDICATORS
from pilots.planning.checks import (
    PlanExtent,
    beyond_reach,
    busy_departments,
    busy_words,
    reach_of,
)
from pilots.planning.models import ALONE_IN_ITS_DEPARTMENTS, Pilot
from pilots.planning.readiness import against_words, exception_words, readiness_values
from pilots.planning.wording import joined, several
from rollout.readiness.queries import readiness_of_all


@dataclass(frozen=True)
class Condition:
    """Condition with its label, result, explanation, and the page that fixes it.

    `named` is the same explanation with names of persons, for members who may read them; `counts`
    says that it tells how many people, `of_one` that it tells of one person.
    """

    label: str
    met: bool
    note: str
    address: str = ""
    named: str = ""
    counts: bool = False
    of_one: bool = False

    def without_number(self) -> Condition:
        """The same for a reader of no small numbers."""
        return replace(self, note=MARK, named="") if self.counts else self


def conditions_to_request(pilot: Pilot, today: date, *, reach: bool = True) -> list[Condition]:
    """What must be present before a pilot is put to decision. Eight queries, six without what its
    departments can `reach`, which tells how many staff they have.
    """
    criteria = _criteria_in_reach(pilot, today) if reach else _criteria(pilot)
    return [criteria, departments_ready(pilot, today), _free(pilot, approved=False)]


def conditions_to_start(
    pilot: Pilot, today: date, readiness: ParticipantsReadiness | None = None
) -> list[Condition]:
    """What must hold before a pilot starts. Six queries, three when the participants' readiness is
    known.
    """
    readiness = readiness or participants_readiness(pilot, today)
    return [
        _approval(pilot),
        _day(pilot, today),
        _criteria(pilot),
        departments_ready(pilot, today),
        _free(pilot, approved=True),
        _agreement(pilot, readiness),
        _training(readiness),
        _lead_training(readiness),
    ]


def require_all(conditions: list[Condition]) -> None:
    """Raises Conflict with the first condition that is not met."""
    for condition in conditions:
        if not condition.met:
            raise Conflict(condition.named or condition.note, condition.address)


def _approval(pilot: Pilot) -> Condition:
    approved = pilot.state == Pilot.State.APPROVED
    note = (
        pgettext("試行", "承認済み")
        if approved
        else _("いまの状態は「%(state)s」です。決裁されてから始められます。")
        % {"state": pilot.get_state_display()}
    )
    return Condition(pgettext("試行の条件", "決裁"), approved, note)


def _day(pilot: Pilot, today: date) -> Condition:
    day = era_day(pilot.starts_on)
    if today >= pilot.starts_on:
        return Condition(pgettext("期間", "開始日"), True, day)
    return Condition(
        pgettext("期間", "開始日"),
        False,
        _("開始日は%(day)sです。この日から始められます。") % {"day": day},
    )


def _criteria(pilot: Pilot) -> Condition:
    count = len(pilot.rows_of_criteria)
    note = (
        ngettext("%(n)s件", "%(n)s件", count) % {"n": count}
        if count
        else _("成功の基準がまだありません。1件以上決めてください。")
    )
    return Condition(
        _("成功の基準"), bool(count), note, "" if count else _to(pilot, "pilots:criteria")
    )


def _criteria_in_reach(pilot: Pilot, today: date) -> Condition:
    """The criteria, which a shorter plan or fewer people may have put out of reach."""
    condition = _criteria(pilot)
    if not condition.met:
        return condition
    reach = reach_of(PlanExtent.of(pilot), today)
    for row in pilot.rows_of_criteria:
        if reason := beyond_reach(row.indicator, row.direction, row.threshold, reach):
            note = f"{PILOT_INDICATORS[row.indicator].name} {reason}"
            return Condition(condition.label, False, note, _to(pilot, "pilots:criteria"))
    return condition


def _free(pilot: Pilot, *, approved: bool) -> Condition:
    """No department is in another pilot at that time, nor in an expansion that is being decided
    unless only what is `approved` counts.
    """
    label, busy = _("ほかの試行との重なり"), []
    if pilot.kind in ALONE_IN_ITS_DEPARTMENTS:
        days = (pilot.starts_on, pilot.ends_on)
        busy = busy_departments(pilot.places, *days, but=pilot, approved=approved)
    if busy:
        return Condition(label, False, busy_words(busy), busy[0].address)
    return Condition(label, True, pgettext("試行の条件", "なし"))


def departments_ready(pilot: Pilot, today: date) -> Condition:
    """準備度評価と必須条件 of every department, as they stand on the day the pilot starts: an exception
    that ends before does not count. What was passed over is said with its reason, and by which
    post.
    """
    label = _("準備度評価と必須条件")
    answers = list(readiness_of_all(pilot.places, max(today, pilot.starts_on)).values())
    if against := [answer for answer in answers if not answer]:
        note = " ".join(against_words(answer) for answer in against)
        return Condition(label, False, note, against[0].open[0].address)
    exceptions = [
        exception_words(str(answer.department), each)
        for answer in answers
        for each in readiness_values(answer)["exceptions"]
    ]
    return Condition(label, True, " ".join(exceptions) or _("対象部署はすべて満たしています。"))


def _agreement(pilot: Pilot, readiness: ParticipantsReadiness) -> Condition:
    label = _("参加者の同意")
    if not readiness.people:
        address = _to(pilot, "pilots:participants")
        return Condition(
            label,
            False,
            _("参加者がまだいません。対象部署の職員を参加者に加えてください。"),
            address,
        )
    if not readiness.waiting:
        words = _("%(n)s人が同意") % {"n": len(readiness.agreed)}
        return Condition(label, True, words, counts=True)
    count, who = len(readiness.waiting), several([row.member.name for row in readiness.waiting])
    way_out = _("本人の同意を得るか、参加者から外してください。")
    note = ngettext("%(n)s人がまだ同意していません。", "%(n)s人がまだ同意していません。", count) % {
        "n": count
    }
    named = _("%(names)sがまだ同意していません。") % {"names": who}
    return Condition(
        label,
        False,
        note + way_out,
        f"{pilot.get_absolute_url()}#participants",
        named + way_out,
        counts=True,
    )


def _training(readiness: ParticipantsReadiness) -> Condition:
    label, agreed = _("必須研修の修了"), len(readiness.agreed)
    if not agreed:
        return Condition(label, False, _("同意した参加者がまだいません。"))
    if not readiness.lacking:
        return Condition(label, True, _("%(n)s人が修了") % {"n": agreed}, counts=True)
    who = [
        f"{row.member.name}({joined(course.name for course in readiness.missing[row.member_id])})"
        for row in readiness.lacking
    ]
    counts = {"done": agreed - len(who), "all": agreed}
    note = _("%(done)s / %(all)s人が修了。残る人が修了すると始められます。") % counts
    named = _("%(who)sが必須研修を修了していません。") % {"who": several(who)}
    return Condition(
        label,
        False,
        note,
        readiness.missing[readiness.lacking[0].member_id][0].get_absolute_url(),
        named,
        counts=True,
    )


def _lead_training(readiness: ParticipantsReadiness) -> Condition:
    label, lacking = _("責任者の必須研修"), readiness.lead_lacks
    if not lacking:
        return Condition(label, True, pgettext("試行", "修了"), of_one=True)
    titles = joined(course.name for course in lacking)
    note = _("試行の責任者が必須研修を修了していません。")
    named = _("試行の責任者の%(name)sが必須研修を修了していません(%(titles)s)。") % {
        "name": readiness.lead,
        "titles": titles,
    }
    address = lacking[0].get_absolute_url()
    return Condition(label, False, note, address, named, of_one=True)


def _to(pilot: Pilot, name: str) -> str:
    return reverse(name, args=[pilot.municipality_id, pilot.pk])
