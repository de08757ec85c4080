"""The only access to 1on1 records: fetching a record and logging the access are one act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page
from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery
from django.shortcuts import get_object_or_404

from evaluation.appraisal.one_on_ones.models import OneOnOne, Pair, PrivateNote, Promise
from municipality.audit.log import operation, record
from municipality.core.periods import Period
from municipality.organisation.models import Department, Member
from municipality.web.paging import page_of


@dataclass(frozen=True)
class OpenTalk:
    """A 1on1 that was opened, with its promises and the reader's own private note, if any."""

    talk: OneOnOne
    promises: list[Promise]
    note: str
    note_edition: int


@operation
def open_talk(member: Member, pk: int) -> OpenTalk:
    """Open a 1on1; the access is logged. The private note is the reader's own, decrypted. Raises
    Http404 when not visible.
    """
    talk = find_talk(member, pk)
    note = PrivateNote.objects.visible_to(member).filter(one_on_one=talk).first()
    record(member, "one_on_one.read", talk)
    promises = list(talk.promises.select_related("owner"))
    return OpenTalk(talk, promises, note.text if note else "", note.edition if note else 0)


def find_talk(member: Member, pk: int) -> OneOnOne:
    """1on1 to act on. Raises Http404 when not visible."""
    rows = OneOnOne.objects.visible_to(member).select_related(
        "pair__manager", "pair__member", "municipality"
    )
    return get_object_or_404(rows, pk=pk)


def find_promise(member: Member, pk: int) -> Promise:
    """Own promise to act on. Raises Http404 for everybody else."""
    rows = (
        Promise.objects.visible_to(member)
        .filter(owner=member)
        .select_related("one_on_one__pair", "municipality")
    )
    return get_object_or_404(rows, pk=pk)


def find_pair(member: Member, pk: int) -> Pair:
    """Pair to act on. Raises Http404 when not visible."""
    rows = Pair.objects.visible_to(member).select_related(
        "manager", "member", "department", "municipality"
    )
    return get_object_or_404(rows, pk=pk)


def own_pairs(member: Member, today: date) -> list[Pair]:
    """One's running pairs with the day of the last 1on1 (`last_on`) and of the next one
    (`meets_on`).
    """
    latest = OneOnOne.objects.filter(pair=OuterRef("pk")).order_by("-held_on", "-pk")
    rows = (
        Pair.objects.visible_to(member)
        .running(today, today)
        .select_related("manager", "member", "department")
    )
    return list(
        rows.annotate(
            last_on=Subquery(latest.values("held_on")[:1]),
            meets_on=Subquery(latest.values("next_on")[:1]),
        )
    )


def talks_of(pair: Pair, number: Any = 1) -> Page:
    """1on1 of a pair: day, mode and number of open promises, without content."""
    rows = pair.talks.only("held_on", "minutes", "mode", "next_on", "municipality", "pair")
    counted = rows.annotate(left=Count("promises", filter=Q(promises__done_at=None)))
    return page_of(counted.order_by("-held_on", "-pk"), number)


@operation
def held(
    member: Member, departments: QuerySet[Department], period: Period, number: Any = 1
) -> Page:
    """Pairs of the departments that met in the period, and their last day, without content. One log
    entry for the page.
    """
    met = Q(talks__held_on__range=(period.first, period.last))
    pairs = Pair.objects.filter(department__in=departments).running(period.first, period.last)
    rows = pairs.annotate(
        times=Count("talks", filter=met), last_on=Max("talks__held_on", filter=met)
    )
    shown = rows.values(
        "department__name", "times", "last_on", who=F("member__name"), by=F("manager__name")
    )
    listed = page_of(shown.order_by("department__path", "member__kana", "pk"), number)
    if listed.object_list:
        record(
            member,
            "one_on_one.listed",
            municipality=member.municipality_id,
            count=len(listed.object_list),
        )
    return listed


def paired_members(manager: Member) -> QuerySet:
    """Numbers of the members with whom the manager has a running pair."""
    return Pair.objects.filter(manager=manager, ends_on=None).values("member")
