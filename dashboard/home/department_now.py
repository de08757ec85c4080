"""One's department now: a few figures of the last full month, for the rail of 対応事項."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from django.db.models import F, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from dashboard.overview.lines import FactLine, counted, lines, the_count
from evaluation.pdca.reviews.models import Action
from municipality.core.periods import Figure, Period
from municipality.core.small_cells import MARK
from municipality.organisation.models import Department, Member, after
from municipality.organisation.rules import may_see_small_counts
from pilots.days.indicators import HALVES, Tally
from pilots.days.models import Usage
from pilots.days.rules import hidden_usage
from pilots.participants.models import Participant
from pilots.planning.models import Pilot
from rollout.readiness.models import Assessment
from rollout.readiness.scores import Scores


@dataclass(frozen=True)
class Now:
    """A department (or the body) and its figures as (label, value) pairs; the figures are those of
    `month`.
    """

    name: str
    address: str
    month: Period
    pairs: list[tuple[str, str]]


def own_path(member: Member) -> str:
    """The path of the department the member belongs to: the body itself only for those who are
    posted nowhere below.
    """
    return max(member.authority.home_paths, key=len, default=member.municipality.root_path)


def now_of(member: Member, today: date) -> list[QuerySet]:
    """The parts of the query for the member's department and what lies below it."""
    path, month = own_path(member), last_month(today)
    inside = {"department__path__gte": path, "department__path__lt": after(path)}
    running = Pilot.objects.running_in(month.first, month.last).filter(
        municipality=member.municipality_id
    )
    usages = Usage.objects.filter(**inside).between(month.first, month.last)
    agreed = Participant.objects.agreed().filter(**inside, pilot__in=running)
    handed_in = Assessment.objects.handed_in().filter(department__path=path)
    return [
        lines(Department.objects.filter(path=path), "here", number=F("pk"), text=F("name")),
        lines(
            usages,
            "done",
            number=F("member"),
            count=Sum(HALVES),
            text=F("department"),
            per=("member", "department"),
        ),
        lines(agreed, "expected", number=F("member"), text=F("department")),
        lines(
            handed_in,
            "readiness",
            number=F("round__number"),
            text=F("scores"),
            more=F("round__name"),
        ),
        counted(Action.objects.open().filter(review__department__path=path), "actions"),
    ]


def read_now(found: dict[str, list[FactLine]], member: Member, today: date) -> Now | None:
    """The figures among the facts of a page; None for somebody whose department is not there."""
    if not found["here"]:
        return None
    here, month = found["here"][0], last_month(today)
    tally = Tally(
        {(line.number, int(line.text)): line.count for line in found["done"]},
        {line.number: int(line.text) for line in found["expected"]},
    )
    pairs = [
        *_usage(tally, member),
        *_readiness(found["readiness"]),
        *_actions(the_count(found, "actions")),
    ]
    return Now(
        here.text,
        reverse("municipality:department", args=[member.municipality_id, here.number]),
        month,
        pairs,
    )


def last_month(today: date) -> Period:
    """The last month that is over."""
    return Period.holding(Period.MONTH, today).previous


def _usage(tally: Tally, member: Member) -> list[tuple[str, str]]:
    """Who did of those who could, and how much; hidden where few people stand behind it and the
    reader sees no persons.
    """
    if not tally.expected and not tally.done:
        return []
    takers, eligible = tally.takers or 0, tally.eligible
    least = 0 if may_see_small_counts(member) else member.municipality.small_cell
    hidden = hidden_usage({"K03": Figure(takers, eligible, is_rate=True)}, least)
    share = _("%(n)s人 / 対象%(of)s人") % {"n": takers, "of": eligible}
    days = (
        f"{tally.days:.1f}{pgettext('単位', '人日')}"
        if tally.days is not None
        else pgettext("指標", "未提出")
    )
    return [
        (pgettext("指標", "実施者"), MARK if hidden else share),
        (pgettext("指標", "延べ日数"), MARK if hidden else days),
    ]


def _readiness(rows: list[FactLine]) -> list[tuple[str, str]]:
    if not rows:
        return []
    latest = max(rows, key=lambda line: line.number)
    total = Scores.read(json.loads(latest.text)).total.value
    return [(pgettext("指標", "準備度"), "—" if total is None else f"{total:.1f} ({latest.more})")]


def _actions(count: int) -> list[tuple[str, str]]:
    return [(_("進行中の改善項目"), ngettext("%(n)s件", "%(n)s件", count) % {"n": count})]
