"""人事異動: unfinished sheets go to the new department's manager, and pairs that are no longer one end. By the clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Left, Length
from django.utils import timezone

from evaluation.evaluators import Lines, places_of
from evaluation.models import EvaluationPeriod, Pair, Sheet
from evaluation.models.reach import LEADING, main_postings
from municipality.models import Grant, Municipality
from municipality.operations import operation, record


def hand_over(municipality: Municipality, now: datetime) -> int:
    """Put right what a transfer left behind, each row in its own transaction; how many. Safe to repeat.

    Who lost the right to read lost it at midnight already (`visible_to` asks today's postings); this gives it to the next.
    The sheets of a period that is over stay where they were.
    """
    today = timezone.localdate(now)
    return _hand_over_sheets(municipality, today) + _end_pairs(municipality, today)


def _hand_over_sheets(municipality: Municipality, today: date) -> int:
    rows = Sheet.objects.of(municipality).filter(period__state=EvaluationPeriod.State.OPEN, period__ends_on__gte=today)
    sheets = list(left_behind(rows, "evaluator", today).select_related("period", "member"))
    if not sheets:
        return 0
    lines, places = Lines(municipality, today), places_of([sheet.member_id for sheet in sheets], today)
    return sum(_hand_over(sheet, _new_hands(sheet, lines, places)) for sheet in sheets)


def left_behind(rows: QuerySet, leader: str, today: date) -> QuerySet:
    """Rows whose person mainly works elsewhere today than noted, or whose leader leads that department no longer."""
    here = main_postings(today).filter(member=OuterRef("member"), department=OuterRef("department"))
    place = "posting__department__path"
    leading = Grant.objects.on(today).filter(role__in=LEADING, posting__member=OuterRef(leader))
    above = leading.filter(**{place: Left(OuterRef("department__path"), Length(place))})
    return rows.filter(~Exists(here) | ~Exists(above))


def _new_hands(sheet: Sheet, lines: Lines, places: dict[int, tuple[int, str]]) -> dict[str, Any]:
    if sheet.member_id not in places:
        return {"department_id": sheet.department_id, "evaluator_id": None}
    department_id, path = places[sheet.member_id]
    return {"department_id": department_id, "evaluator_id": lines.evaluator_of(sheet.member_id, path)}


@operation
def _hand_over(sheet: Sheet, facts: dict[str, Any]) -> int:
    seen = {"department_id": sheet.department_id, "evaluator_id": sheet.evaluator_id}
    if facts == seen or not Sheet.objects.filter(pk=sheet.pk, **seen).update(**facts, edition=F("edition") + 1):
        return 0
    record(None, "sheet.handed_over", sheet, municipality=sheet.municipality_id, **facts)
    return 1


def _end_pairs(municipality: Municipality, today: date) -> int:
    pairs = list(
        left_behind(Pair.objects.of(municipality).filter(ends_on=None), "manager", today).select_related(
            "manager", "member"
        )
    )
    if not pairs:
        return 0
    lines, places = Lines(municipality, today), places_of([pair.member_id for pair in pairs], today)
    return sum(_settle(pair, lines, places.get(pair.member_id), today) for pair in pairs)


@operation
def _settle(pair: Pair, lines: Lines, place: tuple[int, str] | None, today: date) -> int:
    """A pair follows its member into another department of the same manager; otherwise it ended yesterday."""
    stays = place is not None and any(place[1].startswith(led) for led in lines.led.get(pair.manager_id, ()))
    yesterday = max(pair.starts_on, today - timedelta(days=1))
    facts = {"department_id": place[0]} if place is not None and stays else {"ends_on": yesterday}
    seen = {"department_id": pair.department_id, "ends_on": None}
    if {**seen, **facts} == seen or not Pair.objects.filter(pk=pair.pk, **seen).update(
        **facts, edition=F("edition") + 1
    ):
        return 0
    record(None, "pair.moved" if stays else "pair.ended", pair, municipality=pair.municipality_id)
    return 1
