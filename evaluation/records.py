"""The one door to personal records: fetching what somebody may read and noting that it was read are one act.

Goals, talks and private notes are read here and nowhere else (a test watches over it). Out of sight is 404, for whoever
it is: the office, executives, other managers, the manager one level higher, the manager of yesterday.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery
from django.shortcuts import get_object_or_404

from municipality.models import Department, Member
from municipality.operations import operation, record
from municipality.periods import Period

from .models import EvaluationPeriod, Goal, OneOnOne, Pair, PrivateNote, Promise, Sheet

PER_PAGE = 50


@dataclass(frozen=True)
class OpenSheet:
    """A sheet that was opened: with its goals and the sum of their weights (%)."""

    sheet: Sheet
    goals: list[Goal]

    @property
    def weight(self) -> int:
        """The sum of the weights, 100 when it can be handed in."""
        return sum(goal.weight for goal in self.goals)


@operation
def open_sheet(member: Member, pk: int) -> OpenSheet:
    """Read a sheet with its goals; the access log says so. Raises Http404 out of sight."""
    sheet = find_sheet(member, pk)
    record(member, "sheet.read", sheet)
    return OpenSheet(sheet, list(sheet.goals.all()))


def find_sheet(member: Member, pk: int) -> Sheet:
    """The sheet to act on, without its goals: the act notes itself. Raises Http404 out of sight."""
    rows = Sheet.objects.visible_to(member).select_related(
        "period", "member", "evaluator", "department", "municipality"
    )
    return get_object_or_404(rows, pk=pk)


def own_sheets(member: Member) -> list[Sheet]:
    """One's own sheets, newest first: period and state, no goals."""
    return list(Sheet.objects.of(member.municipality_id).filter(member=member).select_related("period", "evaluator"))


def sheet_of(member: Member, period: EvaluationPeriod) -> Sheet | None:
    """One's own sheet in a period, to act on; None when one has none."""
    return (
        Sheet.objects.filter(member=member, period=period)
        .select_related("period", "member", "evaluator", "department")
        .first()
    )


@operation
def sheets_of_others(member: Member, period: EvaluationPeriod, number: Any = 1) -> Page:
    """The sheets of a period that one evaluates (all for HR): whose, and how far; no goals. One entry for the page."""
    rows = Sheet.objects.visible_to(member).filter(period=period).exclude(member=member)
    listed = Paginator(rows.select_related("member", "department", "evaluator"), PER_PAGE).get_page(number)
    if listed.object_list:
        record(member, "sheet.listed", period, count=len(listed.object_list))
    return listed


def to_evaluate(member: Member) -> list[Any]:
    """Per period: how many sheets of others one may read, and how many wait for one's own agreement. One query."""
    rows = Sheet.objects.visible_to(member).exclude(member=member).order_by("-period__starts_on")
    waiting = Q(state=Sheet.State.SUBMITTED, evaluator=member)
    grouped = rows.values("period", "period__name", "period__starts_on", "period__ends_on")
    return list(
        grouped.annotate(
            n=Count("pk"), agreed=Count("pk", filter=Q(state="agreed")), waiting=Count("pk", filter=waiting)
        )
    )


def agreed_by_department(departments: QuerySet[Department], period: EvaluationPeriod) -> list[Any]:
    """Per department: sheets opened, handed in and agreed. Numbers only, nobody's name. One query."""
    rows = Sheet.objects.filter(period=period, department__in=departments).order_by("department__path")
    handed_in = Q(state__in=[Sheet.State.SUBMITTED, Sheet.State.AGREED])
    grouped = rows.values("department__path", "department__name")
    return list(
        grouped.annotate(
            n=Count("pk"), handed_in=Count("pk", filter=handed_in), agreed=Count("pk", filter=Q(state="agreed"))
        )
    )


def without_evaluator(period: EvaluationPeriod) -> int:
    """How many sheets of the period nobody evaluates today, because no manager is in post."""
    return Sheet.objects.filter(period=period, evaluator=None).exclude(state=Sheet.State.AGREED).count()


@dataclass(frozen=True)
class OpenTalk:
    """A talk that was opened: with what was promised and, if one wrote one, one's own private note."""

    talk: OneOnOne
    promises: list[Promise]
    note: str
    note_edition: int


@operation
def open_talk(member: Member, pk: int) -> OpenTalk:
    """Read a 1on1; the access log says so. The private note is one's own, decrypted. Raises Http404 out of sight."""
    talk = find_talk(member, pk)
    note = PrivateNote.objects.visible_to(member).filter(one_on_one=talk).first()
    record(member, "one_on_one.read", talk)
    promises = list(talk.promises.select_related("owner"))
    return OpenTalk(talk, promises, note.text if note else "", note.edition if note else 0)


def find_talk(member: Member, pk: int) -> OneOnOne:
    """The talk to act on. Raises Http404 out of sight."""
    rows = OneOnOne.objects.visible_to(member).select_related("pair__manager", "pair__member", "municipality")
    return get_object_or_404(rows, pk=pk)


def find_promise(member: Member, pk: int) -> Promise:
    """One's own promise, to act on. Raises Http404 for anybody else's."""
    rows = Promise.objects.visible_to(member).filter(owner=member).select_related("one_on_one__pair", "municipality")
    return get_object_or_404(rows, pk=pk)


def find_pair(member: Member, pk: int) -> Pair:
    """The pair to act on. Raises Http404 out of sight."""
    rows = Pair.objects.visible_to(member).select_related("manager", "member", "department", "municipality")
    return get_object_or_404(rows, pk=pk)


def own_pairs(member: Member, today: date) -> list[Pair]:
    """One's running pairs with the day of the last talk (`last_on`) and the day set for the next (`meets_on`)."""
    latest = OneOnOne.objects.filter(pair=OuterRef("pk")).order_by("-held_on", "-pk")
    rows = Pair.objects.visible_to(member).running(today, today).select_related("manager", "member", "department")
    return list(
        rows.annotate(last_on=Subquery(latest.values("held_on")[:1]), meets_on=Subquery(latest.values("next_on")[:1]))
    )


def talks_of(pair: Pair, number: Any = 1) -> Page:
    """The talks of a pair: when, how and how many promises are left; not what was said."""
    rows = pair.talks.only("held_on", "minutes", "mode", "next_on", "municipality", "pair")
    counted = rows.annotate(left=Count("promises", filter=Q(promises__done_at=None)))
    return Paginator(counted.order_by("-held_on", "-pk"), PER_PAGE).get_page(number)


@operation
def held(member: Member, departments: QuerySet[Department], period: Period, number: Any = 1) -> Page:
    """Which pairs of the departments met in the period, and when last: that, and nothing else. One entry for the page."""
    met = Q(talks__held_on__range=(period.first, period.last))
    pairs = Pair.objects.filter(department__in=departments).running(period.first, period.last)
    rows = pairs.annotate(times=Count("talks", filter=met), last_on=Max("talks__held_on", filter=met))
    shown = rows.values("department__name", "times", "last_on", who=F("member__name"), by=F("manager__name"))
    listed = Paginator(shown.order_by("department__path", "member__kana", "pk"), PER_PAGE).get_page(number)
    if listed.object_list:
        record(member, "one_on_one.listed", municipality=member.municipality_id, count=len(listed.object_list))
    return listed


def paired_members(manager: Member) -> QuerySet:
    """Numbers of the people with whom the manager runs a pair."""
    return Pair.objects.filter(manager=manager, ends_on=None).values("member")
