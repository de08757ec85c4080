"""Limits of a plan: no closed or past days, no department that is in a pilot already, no threshold
that nobody can reach. Forms and operations ask here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import median_low
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipality.core.addresses import page_address
from municipality.core.date_words import era_day
from municipality.core.periods import last_day_within
from municipality.core.worded import said
from municipality.organisation.models import Department, Grant, Posting, PostingQuerySet, after
from municipality.organisation.open_days import OpenDays, open_days
from municipality.organisation.queries import people_below
from pilots.planning.catalogue_file import PILOT_INDICATORS
from pilots.planning.models import (
    ALONE_IN_ITS_DEPARTMENTS,
    Expansion,
    ExpansionDepartment,
    Method,
    Pilot,
    PilotDepartment,
    PilotKind,
    SuccessCriterion,
)

TAKEN = (Pilot.State.APPROVED, Pilot.State.RUNNING, Pilot.State.EVALUATING)
"""States in which a pilot has its departments."""

WEEK_TOLD = 2
"""Days a week above which those who plan and decide are told: the limit a pilot begins with."""


MOST_YEARS = 2
"""Longest time of a pilot, since it tries what is to be decided."""


def why_not_span(starts_on: date, ends_on: date) -> str:
    """Why a pilot cannot last from one day to the other, in words; empty when it can."""
    if ends_on < starts_on:
        words = _("終了日は開始日(%(day)s)以後の日にしてください。")
        return words % {"day": era_day(starts_on)}
    last = last_day_within(starts_on, MOST_YEARS)
    if ends_on > last:
        words = _("試行の期間は%(years)s年以内です。終了日は%(day)sまでの日にしてください。")
        return words % {"years": MOST_YEARS, "day": era_day(last)}
    return ""


def why_not_days(starts_on: date, ends_on: date, calendar: OpenDays, today: date) -> list[str]:
    """Reasons why a pilot cannot have these days, in words; empty when it can."""
    against = []
    if starts_on < today:
        against.append(_("開始日は、今日以降の日にしてください。"))
    if words := why_not_span(starts_on, ends_on):
        against.append(words)
    for day in dict.fromkeys((starts_on, ends_on)):
        if not calendar.is_open(day):
            days = {"day": era_day(day), "next": era_day(calendar.roll(day))}
            against.append(_("%(day)sは閉庁日です。%(next)sなどの開庁日にしてください。") % days)
    return against


@dataclass(frozen=True)
class Busy:
    """Department that is taken in these days: by which pilot or expansion, in words, and the
    address of its page.
    """

    department: Department
    words: str
    address: str

    @classmethod
    def in_pilot(cls, department: Department, pilot: Pilot) -> Busy:
        """Department that a pilot takes."""
        words = _("%(department)sは、この期間に試行「%(pilot)s」の対象です。")
        names = {"department": department, "pilot": pilot}
        return cls(department, words % names, pilot.get_absolute_url())


def busy_departments(
    departments: Iterable[Department],
    first: date,
    last: date,
    *,
    states: Iterable[str] = TAKEN,
    but: Pilot | None = None,
    approved: bool = False,
) -> list[Busy]:
    """Those of the departments that overlap, in these days, with a pilot that has its departments
    to itself or with an expansion that is being decided: they themselves, one below or one above is
    in it. With `approved` expansions do not count, since of two that are being decided the first
    may be approved. Two queries, one with `approved`.
    """
    departments = list(departments)
    if not departments:
        return []
    asked = [] if approved else _asked_for(departments[0].municipality_id, first, last)
    rows = PilotDepartment.objects.filter(
        municipality_id=departments[0].municipality_id,
        pilot__kind__in=ALONE_IN_ITS_DEPARTMENTS,
        pilot__state__in=states,
        pilot__starts_on__lte=last,
        pilot__ends_on__gte=first,
    )
    if but is not None:
        rows = rows.exclude(pilot=but.pk)
    taken = list(rows.select_related("pilot", "department").order_by("pilot__starts_on", "pk"))
    busy = []
    for department in departments:
        holding = (row for row in taken if _overlap(row.department.path, department.path))
        if (row := next(holding, None)) is not None:
            busy.append(Busy.in_pilot(department, row.pilot))
            continue
        wanted = (row for row in asked if _overlap(row.path, department.path))
        if (place := next(wanted, None)) is not None:
            busy.append(_busy_in_expansion(department, place.number, place.name))
    return busy


class _Asked(NamedTuple):
    path: str
    number: int
    name: str


def _asked_for(body: str, first: date, last: date) -> list[_Asked]:
    """Departments that expansions being decided ask for in these days. One query."""
    rows = ExpansionDepartment.objects.of(body).filter(
        expansion__state=Expansion.State.DECIDING,
        expansion__starts_on__lte=last,
        expansion__ends_on__gte=first,
    )
    values = rows.values_list("department__path", "expansion", "expansion__name")
    return [_Asked(*row) for row in values.order_by("department__path")]


def _busy_in_expansion(department: Department, number: int, name: str) -> Busy:
    words = _("%(department)sは、この期間について決裁中の展開申請「%(expansion)s」の対象です。")
    names = {"department": department, "expansion": name}
    address = page_address("pilots:expansion", department.municipality_id, number)
    return Busy(department, words % names, address)


def held_twice_words(departments: Iterable[Department]) -> str:
    """Which department was chosen together with one that lies below it; empty for none."""
    rows = sorted(departments, key=lambda row: row.path)
    words = _("%(below)sは%(above)sに含まれています。どちらか一方を選んでください。")
    return " ".join(
        words % {"below": below, "above": above}
        for above in rows
        for below in rows
        if below.pk != above.pk and above.contains(below.path)
    )


def _overlap(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def busy_words(busy: Iterable[Busy]) -> str:
    """Which departments are in which pilot or expansion already."""
    return " ".join(row.words for row in busy)


@dataclass(frozen=True)
class PlanExtent:
    """Departments, kind, days and frequency of a plan: what it can come to depends on these."""

    body: str
    places: list[Department]
    kind: str
    starts_on: date
    ends_on: date
    days_per_week: int

    @classmethod
    def of(cls, pilot: Pilot) -> PlanExtent:
        """That of a pilot."""
        days = (pilot.starts_on, pilot.ends_on, pilot.days_per_week)
        return cls(pilot.municipality_id, pilot.places, pilot.kind, *days)


def posted_in(extent: PlanExtent, on: date) -> PostingQuerySet:
    """Postings of the people who may take part: present in the departments or below; in
    管理職の先行実施 only those who lead, or whose post has the rank of managers.
    """
    below = Q(pk__in=[])
    for department in extent.places:
        below |= Q(path__gte=department.path, path__lt=after(department.path))
    places = Department.objects.of(extent.body).filter(below)
    posted = Posting.objects.in_service(on).filter(department__in=places)
    if extent.kind == PilotKind.MANAGERS:
        posted = posted.filter(pk__in=_managing(extent.body, on).values("pk"))
    return posted


def _managing(body: str, on: date) -> PostingQuerySet:
    """Postings of managers and executives, and those with a post of the rank that managers usually
    have (課長級). One query for that rank.
    """
    posted = Posting.objects.on(on).filter(municipality_id=body)
    ranks = posted.filter(grants__role=Grant.Role.MANAGER, post__isnull=False)
    known = sorted(ranks.values_list("post__rank", flat=True))
    leading = Q(grants__role__in=[Grant.Role.MANAGER, Grant.Role.EXECUTIVE])
    return posted.filter(leading | Q(post__rank__lte=median_low(known)) if known else leading)


@dataclass(frozen=True)
class Reach:
    """Upper limits of a pilot: number of people, and of days that one of them can take."""

    people: int
    days: int

    def of(self, code: str) -> Decimal:
        """Greatest value that the indicator can have."""
        limits = {
            "percent": 100,
            "people": self.people,
            "days": self.days,
            "person_days": self.people * self.days,
        }
        return Decimal(limits[PILOT_INDICATORS[code].most])


def reach_of(extent: PlanExtent, today: date) -> Reach:
    """Upper limits of the plan with the people posted in its departments today. Two queries."""
    posted = posted_in(extent, today).filter(member__is_active=True)
    people = posted.values("member").distinct().count()
    return Reach(people, days_per_person(extent, open_days(extent.body)))


def reach_of_each(extent: PlanExtent, today: date) -> dict[int, Reach]:
    """What a plan for each of the departments alone can come to at most, by the department's
    number. Two queries.
    """
    posted = posted_in(extent, today).filter(member__is_active=True)
    days = days_per_person(extent, open_days(extent.body))
    people = people_below(extent.places, posted)
    return {number: Reach(count, days) for number, count in people.items()}


def days_per_person(extent: PlanExtent, calendar: OpenDays) -> int:
    """Open days that one person can take: in each week no more than the limit."""
    weeks: Counter[tuple[int, int]] = Counter()
    day = extent.starts_on
    while day <= extent.ends_on:
        weeks[day.isocalendar()[:2]] += calendar.is_open(day)
        day += timedelta(days=1)
    return sum(min(count, extent.days_per_week) for count in weeks.values())


def beyond_reach(code: str, direction: str, threshold: Decimal, reach: Reach) -> str:
    """Why nobody can reach this threshold, with what can be reached; empty when it can be."""
    most = reach.of(code)
    if direction != SuccessCriterion.Direction.AT_LEAST or threshold <= most:
        return ""
    limit = PILOT_INDICATORS[code].most
    if limit == "percent":
        return _("100%以下で入力してください。")
    amounts = {"most": f"{most:,.0f}", "people": reach.people, "days": reach.days}
    if limit == "people":
        return _("対象部署で参加できるのは%(people)s人です。その人数以下にしてください。") % amounts
    if limit == "person_days":
        return (
            _("最大で%(most)s人日(%(people)s人 × 1人%(days)s日)です。それ以下にしてください。")
            % amounts
        )
    return _("期間中に1人が実施できるのは最大%(days)s日です。それ以下にしてください。") % amounts


def plan_notes(pilot: Pilot | Expansion) -> list[str]:
    """What those who plan and decide are told of method and frequency."""
    notes = []
    if pilot.method == Method.STANDALONE:
        words = gettext_lazy(
            "スタンドアロン方式では、庁内のシステムにもネットワークにも接続できません。"
            "端末に入れた資料だけで行える業務に限られます。"
        )
        notes.append(said(words))
    if pilot.days_per_week > WEEK_TOLD:
        words = gettext_lazy(
            "1人週%(n)s日までの計画です。出勤する人で窓口と電話に対応できるか確かめてください。"
        )
        notes.append(said(words, n=pilot.days_per_week))
    return notes
