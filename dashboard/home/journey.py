"""The way of the whole body through the seven phases (0–6), computed from what is there."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from dashboard.overview.lines import FactLine, counted, lines, the_count
from evaluation.pdca.reviews.models import Review
from municipality.core.date_words import western_day
from municipality.organisation.models import Department, Grant, Municipality
from pilots.expansion.models import Expansion
from pilots.planning.models import Pilot, PilotDepartment
from rollout.readiness.models import Assessment

DECIDED_ON = (
    Pilot.State.APPROVED,
    Pilot.State.RUNNING,
    Pilot.State.EVALUATING,
    Pilot.State.FINISHED,
)


@dataclass(frozen=True)
class Phase:
    """One phase of the rollout; `state` is done, now or todo, `note` says why, or what comes next
    and who has it.
    """

    number: int
    label: str
    state: str
    note: str = ""


@dataclass(frozen=True)
class Facts:
    """What the phases are judged by."""

    departments: int
    led: int
    has_office: bool
    rounds: dict[str, Counter]
    pilots: list[FactLine]
    tried: int
    expansions: dict[str, list[str]]
    yearly: int


def journey_of(body: Municipality, today: date) -> list[QuerySet]:
    """The parts of the query that the journey needs."""
    answering = Department.objects.of(body).on(today).answering()
    grants = Grant.objects.on(today).filter(municipality=body)
    started = PilotDepartment.objects.of(body).filter(
        pilot__started_at__isnull=False, department__in=answering
    )
    rounds = Assessment.objects.of(body).annotate(
        of_round=F("round__number"), round_name=F("round__name")
    )
    decided = Review.objects.of(body).filter(
        department=None, cadence="year", state=Review.State.DECIDED
    )
    expansions = Expansion.objects.of(body)
    return [
        counted(answering, "departments"),
        counted(
            grants.filter(role="manager", posting__department__in=answering),
            "led",
            over="posting__department",
        ),
        counted(grants.filter(role="office"), "office"),
        lines(
            rounds,
            "round",
            number=F("of_round"),
            count=Count("pk"),
            text=F("round_name"),
            more=F("state"),
            per=("of_round", "round_name", "state"),
        ),
        lines(
            Pilot.objects.of(body).filter(state__in=DECIDED_ON),
            "pilot",
            number=F("pk"),
            text=F("name"),
            more=F("state"),
            since=F("starts_on"),
            day=F("ends_on"),
        ),
        counted(started, "tried", over="department"),
        lines(expansions, "expansion", number=F("pk"), text=F("name"), more=F("state")),
        counted(decided, "yearly"),
    ]


def read_facts(found: dict[str, list[FactLine]]) -> Facts:
    """The facts of the journey among those of a page."""
    rounds: dict[int, tuple[str, Counter]] = {}
    for line in found["round"]:
        rounds.setdefault(line.number, (line.text, Counter()))[1][line.more] += line.count
    expansions: dict[str, list[str]] = defaultdict(list)
    for line in sorted(found["expansion"], key=lambda line: line.number):
        expansions[line.more].append(line.text)
    return Facts(
        departments=the_count(found, "departments"),
        led=the_count(found, "led"),
        has_office=the_count(found, "office") > 0,
        rounds={name: states for _number, (name, states) in sorted(rounds.items())},
        pilots=sorted(found["pilot"], key=lambda line: (line.since or date.min, line.number)),
        tried=the_count(found, "tried"),
        expansions=expansions,
        yearly=the_count(found, "yearly"),
    )


def phases(facts: Facts) -> list[Phase]:
    """The seven phases. One is done when its own condition holds and all before it are done; the
    first that is not, is now.
    """
    labels = [
        _("体制と目的"),
        pgettext("段階", "現状分析"),
        _("要件とルール"),
        pgettext("段階", "試行"),
    ]
    labels += [_("段階的な展開"), pgettext("段階", "本格運用"), pgettext("段階", "発展")]
    judged = [
        _organised(facts),
        _analysed(facts),
        _ruled(facts),
        _piloted(facts),
        _expanded(facts),
        _settled(facts),
        (False, ""),
    ]
    found: list[Phase] = []
    for number, (label, (done, note)) in enumerate(zip(labels, judged, strict=True)):
        reached = all(phase.state == "done" for phase in found)
        state = "todo" if not reached else "done" if done else "now"
        found.append(Phase(number, label, state, note if reached else ""))
    return found


def _organised(facts: Facts) -> tuple[bool, str]:
    """Phase 0: an office, departments, and a manager who answers for each."""
    if not facts.departments:
        return False, _("次は部署の登録です。担当は事務局です。")
    if facts.led < facts.departments:
        missing = facts.departments - facts.led
        return False, ngettext(
            "所属長のいない部署が%(n)s部署あります。",
            "所属長のいない部署が%(n)s部署あります。",
            missing,
        ) % {"n": missing}
    words = ngettext(
        "%(n)s部署の所属長が決まっています", "%(n)s部署の所属長が決まっています", facts.departments
    )
    return facts.has_office, words % {"n": facts.departments}


def _analysed(facts: Facts) -> tuple[bool, str]:
    """Phase 1: a round of readiness in which every department is confirmed."""
    confirmed = Assessment.State.CONFIRMED
    complete = [name for name, states in facts.rounds.items() if set(states) == {confirmed}]
    if complete:
        number = facts.rounds[complete[-1]][confirmed]
        words = ngettext("%(round)sは%(n)s部署すべて確定", "%(round)sは%(n)s部署すべて確定", number)
        return True, words % {"round": complete[-1], "n": number}
    if not facts.rounds:
        return False, _("次は準備度評価の受付開始です。担当は事務局です。")
    name, states = list(facts.rounds.items())[-1]
    words = _("%(round)sは%(total)s部署のうち%(n)s部署が確定しています。")
    return False, words % {"round": name, "n": states[confirmed], "total": states.total()}


def _ruled(facts: Facts) -> tuple[bool, str]:
    """Phase 2: method, limits and success criteria of a first pilot are decided."""
    if facts.pilots:
        return True, _("「%(name)s」の実施が決裁済み") % {"name": facts.pilots[0].text}
    return False, _("次は試行の計画と決裁です。担当は事務局と所属長です。")


def _piloted(facts: Facts) -> tuple[bool, str]:
    """Phase 3: an expansion was decided on a pilot's evidence."""
    if approved := facts.expansions.get(Expansion.State.APPROVED):
        return True, _("「%(name)s」が承認済み") % {"name": approved[0]}
    if deciding := facts.expansions.get(Expansion.State.DECIDING):
        return False, _("「%(name)s」の展開申請が決裁中です。") % {"name": deciding[-1]}
    running = [line for line in facts.pilots if line.more in Pilot.STARTED and line.day]
    if running and running[-1].day:
        facts_of = {
            "name": running[-1].text,
            "day": western_day(running[-1].day),
        }
        return False, _("「%(name)s」を%(day)sまで実施し、結果から展開を申請します。") % facts_of
    return False, _("次は試行の開始です。担当は試行の責任者です。")


def _expanded(facts: Facts) -> tuple[bool, str]:
    """Phase 4: every department has tried."""
    words = _("%(total)s部署のうち%(n)s部署で実施") % {"total": facts.departments, "n": facts.tried}
    return facts.tried >= facts.departments, words


def _settled(facts: Facts) -> tuple[bool, str]:
    """Phase 5: the year's review of the body was decided."""
    if facts.yearly:
        return True, _("年次レビューが決裁済み")
    return False, _("次は年次レビューの決裁です。")
