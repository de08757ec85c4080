"""The way of the whole body through the seven phases (0–6), computed from what is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from evaluation.pdca.reviews.models import Review
from municipality.core.date_words import era_day
from municipality.organisation.models import Department, Grant, Member, Municipality, path_after
from pilots.participants.models import Participant
from pilots.planning.models import Expansion, Pilot, PilotDepartment, PilotKind
from rollout.readiness.models import Assessment, Round

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
class RoundProgress:
    """A round of readiness: the departments that were asked, and those confirmed of them."""

    name: str
    asked: int
    confirmed: int


@dataclass(frozen=True)
class Progress:
    """What the phases are judged by, the same for everybody in the body; and the names in the
    reader's sight, which are None for what lies out of it.
    """

    rounds: list[RoundProgress]
    departments: int
    led: int
    tried: int
    has_office: bool
    has_decided_pilot: bool
    has_running_pilot: bool
    has_approved_expansion: bool
    has_deciding_expansion: bool
    has_decided_year: bool
    decided_pilot: str | None = None
    running_pilot: str | None = None
    running_until: date | None = None
    approved_expansion: str | None = None
    deciding_expansion: str | None = None


def read_progress(member: Member, today: date) -> Progress:
    """The progress of the member's body on a day. Two queries: the rounds, and all that is one
    number or name of the body.
    """
    columns = body_counts(member.municipality, today) | names_in_sight(member)
    row: dict[str, Any] = {**Municipality.objects.values(**columns).get(pk=member.municipality_id)}
    return Progress(rounds=rounds_of(member), **row)


def rounds_of(member: Member) -> list[RoundProgress]:
    """The rounds in which departments were asked, oldest first."""
    confirmed = Q(assessments__state=Assessment.State.CONFIRMED)
    rows = Round.objects.visible_to(member).annotate(
        asked=Count("assessments"), confirmed=Count("assessments", filter=confirmed)
    )
    values = rows.filter(asked__gt=0).order_by("number").values_list("name", "asked", "confirmed")
    return [RoundProgress(*row) for row in values]


def body_counts(body: Municipality, today: date) -> dict[str, Any]:
    """Columns of the body's row: how many departments are how far, and whether a thing was done
    anywhere.
    """
    departments = Department.objects.of(body).on(today).answering()
    grants = Grant.objects.on(today).filter(municipality=body)
    managers = grants.filter(role="manager", posting__department=OuterRef("pk"))
    tried = (
        PilotDepartment.objects.of(body)
        .filter(Exists(_took_part(today)), department=OuterRef("pk"))
        .exclude(pilot__kind=PilotKind.MANAGERS)
    )
    pilots, expansions = Pilot.objects.of(body), Expansion.objects.of(body)
    years = Review.objects.of(body).filter(department=None, cadence="year")
    return {
        "departments": count_of(departments),
        "led": count_of(departments.filter(Exists(managers))),
        "tried": count_of(departments.filter(Exists(tried))),
        "has_office": Exists(grants.filter(role="office")),
        "has_decided_pilot": Exists(pilots.filter(state__in=DECIDED_ON)),
        "has_running_pilot": Exists(pilots.filter(state__in=Pilot.STARTED)),
        "has_approved_expansion": Exists(expansions.filter(state=Expansion.State.APPROVED)),
        "has_deciding_expansion": Exists(expansions.filter(state=Expansion.State.DECIDING)),
        "has_decided_year": Exists(years.filter(state=Review.State.DECIDED)),
    }


def _took_part(today: date) -> QuerySet[Participant]:
    """Within a query of the departments of pilots: who took part there or below up to the day, the
    manager of the department apart: a manager alone does not try for the department.
    """
    leads = Grant.objects.on(OuterRef("pilot__starts_on")).filter(
        role="manager",
        posting__member=OuterRef("member"),
        posting__department=OuterRef(OuterRef("department")),
    )
    return Participant.objects.took_part(date.min, today).filter(
        ~Exists(leads),
        pilot=OuterRef("pilot"),
        department__path__gte=OuterRef("department__path"),
        department__path__lt=path_after(OuterRef("department__path")),
    )


def names_in_sight(member: Member) -> dict[str, Any]:
    """Columns of the body's row: the first decided and the last running pilot, the first approved
    and the last waiting expansion, of those that the member may see.
    """
    pilots, expansions = Pilot.objects.visible_to(member), Expansion.objects.visible_to(member)
    decided = pilots.filter(state__in=DECIDED_ON).order_by("starts_on", "pk")
    running = pilots.filter(state__in=Pilot.STARTED).order_by("-starts_on", "-pk")
    approved = expansions.filter(state=Expansion.State.APPROVED).order_by("pk")
    deciding = expansions.filter(state=Expansion.State.DECIDING).order_by("-pk")
    return {
        "decided_pilot": Subquery(decided.values("name")[:1]),
        "running_pilot": Subquery(running.values("name")[:1]),
        "running_until": Subquery(running.values("ends_on")[:1]),
        "approved_expansion": Subquery(approved.values("name")[:1]),
        "deciding_expansion": Subquery(deciding.values("name")[:1]),
    }


def count_of(rows: QuerySet) -> Coalesce:
    """The number of rows of one body, as a column."""
    counts = rows.order_by().values("municipality").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counts), 0)


def phases(progress: Progress) -> list[Phase]:
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
        _organised(progress),
        _analysed(progress),
        _ruled(progress),
        _piloted(progress),
        _expanded(progress),
        _settled(progress),
        (False, ""),
    ]
    listed: list[Phase] = []
    for number, (label, (done, note)) in enumerate(zip(labels, judged, strict=True)):
        reached = all(phase.state == "done" for phase in listed)
        state = "todo" if not reached else "done" if done else "now"
        listed.append(Phase(number, label, state, note if reached else ""))
    return listed


def _organised(progress: Progress) -> tuple[bool, str]:
    """Phase 0: an office, departments, and a manager who answers for each."""
    if not progress.departments:
        return False, _("次は部署の登録です。担当は事務局です。")
    if progress.led < progress.departments:
        missing = progress.departments - progress.led
        return False, ngettext(
            "所属長のいない部署が%(n)s部署あります。",
            "所属長のいない部署が%(n)s部署あります。",
            missing,
        ) % {"n": missing}
    words = ngettext(
        "%(n)s部署の所属長が決まっています",
        "%(n)s部署の所属長が決まっています",
        progress.departments,
    )
    return progress.has_office, words % {"n": progress.departments}


def _analysed(progress: Progress) -> tuple[bool, str]:
    """Phase 1: a round of readiness in which every department is confirmed."""
    complete = [each for each in progress.rounds if each.confirmed == each.asked]
    if complete:
        last = complete[-1]
        words = ngettext(
            "%(round)sは%(n)s部署すべて確定", "%(round)sは%(n)s部署すべて確定", last.confirmed
        )
        return True, words % {"round": last.name, "n": last.confirmed}
    if not progress.rounds:
        return False, _("次は準備度評価の受付開始です。担当は事務局です。")
    last = progress.rounds[-1]
    words = _("%(round)sは%(total)s部署のうち%(n)s部署が確定しています。")
    return False, words % {"round": last.name, "n": last.confirmed, "total": last.asked}


def _ruled(progress: Progress) -> tuple[bool, str]:
    """Phase 2: method, limits and success criteria of a first pilot are decided."""
    if not progress.has_decided_pilot:
        return False, _("次は試行の計画と決裁です。担当は事務局と所属長です。")
    if progress.decided_pilot is None:
        return True, _("試行の実施が決裁済み")
    return True, _("「%(name)s」の実施が決裁済み") % {"name": progress.decided_pilot}


def _piloted(progress: Progress) -> tuple[bool, str]:
    """Phase 3: an expansion was decided on a pilot's evidence."""
    if progress.has_approved_expansion:
        return True, _approved(progress)
    if progress.has_deciding_expansion:
        return False, _deciding(progress)
    if progress.has_running_pilot:
        return False, _running(progress)
    return False, _("次は試行の開始です。担当は試行の責任者です。")


def _approved(progress: Progress) -> str:
    if progress.approved_expansion is None:
        return _("展開申請が承認済み")
    return _("「%(name)s」が承認済み") % {"name": progress.approved_expansion}


def _deciding(progress: Progress) -> str:
    if progress.deciding_expansion is None:
        return _("展開申請が決裁中です。")
    return _("「%(name)s」の展開申請が決裁中です。") % {"name": progress.deciding_expansion}


def _running(progress: Progress) -> str:
    if progress.running_pilot is None or progress.running_until is None:
        return _("試行を実施しています。結果から展開を申請します。")
    words = _("「%(name)s」を%(day)sまで実施し、結果から展開を申請します。")
    return words % {"name": progress.running_pilot, "day": era_day(progress.running_until)}


def _expanded(progress: Progress) -> tuple[bool, str]:
    """Phase 4: every department has tried; managers who go ahead do not count for theirs."""
    words = _("%(total)s部署のうち%(n)s部署で実施") % {
        "total": progress.departments,
        "n": progress.tried,
    }
    return progress.tried >= progress.departments, words


def _settled(progress: Progress) -> tuple[bool, str]:
    """Phase 5: the year's review of the body was decided."""
    if progress.has_decided_year:
        return True, _("年次レビューが決裁済み")
    return False, _("次は年次レビューの決裁です。")
