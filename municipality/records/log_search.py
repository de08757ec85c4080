"""Searching the access log: filter, paging by line number, and lines in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.audit.event_groups import of_group
from municipality.audit.models import Entry, Verification
from municipality.core.models import BodyModel
from municipality.core.registry import personal_verbs, verbs
from municipality.organisation.models import Member, Municipality, Posting, after
from municipality.organisation.people_search import people_called
from municipality.organisation.rules import may_see_names
from municipality.records.forms import LogFilter
from municipality.web.paging import PER_PAGE

MOST_COUNTED = 10_000

MOST_CHECKS = 62

PERSON = "municipality.member"


def kinds() -> list[tuple[str, Any]]:
    """Tables that a line can refer to, as (label, name), by name."""
    tables = [
        (model._meta.label_lower, model._meta.verbose_name)
        for model in apps.get_models()
        if issubclass(model, BodyModel)
    ]
    return sorted(tables, key=lambda item: str(item[1]))


def filter_of(body: Municipality, data: Any) -> LogFilter:
    """Filter form with the values that the page sent."""
    return LogFilter(body, sorted(verbs().items(), key=lambda item: str(item[1])), kinds(), data)


def narrowed(
    rows: QuerySet[Entry], form: LogFilter, body: Municipality, reader: Member
) -> QuerySet[Entry]:
    """Lines that match the filter; an unreadable value filters nothing. By person or department no
    line is found whose person the reader is not told.
    """
    form.is_valid()
    cleaned = form.cleaned_data
    if first := cleaned.get("first"):
        rows = rows.filter(at__gte=_midnight(first))
    if last := cleaned.get("last"):
        rows = rows.filter(at__lt=_midnight(last + timedelta(days=1)))
    if group := cleaned.get("group"):
        rows = rows.filter(of_group(group))
    if verb := cleaned.get("verb"):
        rows = rows.filter(verb=verb)
    if not may_see_names(reader) and (cleaned.get("person") or cleaned.get("department")):
        rows = rows.exclude(_own_acts())
    if text := cleaned.get("person"):
        rows = rows.filter(actor_id__in=_people(body, text))
    if department := cleaned.get("department"):
        rows = rows.annotate(on_day=TruncDate("at")).filter(_posted_below(body, department.path))
    return _about(rows, cleaned.get("kind", ""), cleaned.get("target", ""), body)


def _midnight(day: date) -> datetime:
    """Start of a day in Japan."""
    return datetime.combine(day, time(), timezone.get_default_timezone())


def _people(body: Municipality, text: str) -> QuerySet[Any, Any]:
    return people_called(Member.objects.of(body), text).values("pk")


def _posted_below(body: Municipality, path: str) -> Exists:
    """Lines whose actor was posted in the department or below it on the day of the line."""
    day = OuterRef("on_day")
    held = Posting.objects.of(body).filter(
        Q(ends_on=None) | Q(ends_on__gte=day),
        member=OuterRef("actor_id"),
        starts_on__lte=day,
        department__path__gte=path,
        department__path__lt=after(path),
    )
    return Exists(held)


def _about(rows: QuerySet[Entry], kind: str, target: str, body: Municipality) -> QuerySet[Entry]:
    """Lines about an object: a person by name or number, any other object by its number in its
    address.
    """
    if kind:
        rows = rows.filter(subject_type=kind)
    if not target:
        return rows
    if kind in {"", PERSON}:
        return rows.filter(subject_type=PERSON, subject_id__in=_people(body, target))
    number = target.lstrip("#＃")
    return (
        rows.filter(subject_id=int(number))
        if number.isascii() and number.isdigit() and len(number) < 19
        else rows.none()
    )


@dataclass(frozen=True)
class LogPage:
    """One page of the log: its lines, and the line numbers at which the newer and the older page
    begin.
    """

    rows: list[Entry]
    newer: int | None
    older: int | None
    total: int
    counted: bool


def log_page(rows: QuerySet[Entry], before: str, behind: str) -> LogPage:
    """The page that ends before a line, or the one that begins behind it; the newest without
    either.

    Nothing is counted beyond MOST_COUNTED, and no page is reached by counting through those in
    front of it.
    """
    after_line, before_line = _number(behind), _number(before)
    if after_line is not None:
        entries = list(rows.filter(seq__gt=after_line).order_by("seq")[: PER_PAGE + 1])
        more, shown = len(entries) > PER_PAGE, entries[:PER_PAGE][::-1]
        older = shown[-1].seq if shown else None
        newer = shown[0].seq if shown and more else None
    else:
        older_rows = rows if before_line is None else rows.filter(seq__lt=before_line)
        entries = list(older_rows.order_by("-seq")[: PER_PAGE + 1])
        more, shown = len(entries) > PER_PAGE, entries[:PER_PAGE]
        older = shown[-1].seq if shown and more else None
        newer = shown[0].seq if shown and before_line is not None else None
    total = rows.order_by()[: MOST_COUNTED + 1].count()
    return LogPage(shown, newer, older, min(total, MOST_COUNTED), total <= MOST_COUNTED)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def name_rows(rows: Iterable[Entry], body: Municipality, reader: Member) -> None:
    """Set the words of each line: actor, act and object; of an object only its kind and number, of
    a person the name. One query.

    Who acted for themselves is told to those who may see names; to others the line tells what it
    was about, by one more query for each kind of row.
    """
    listed = list(rows)
    numbers = {row.actor_id for row in listed} | {
        row.subject_id for row in listed if row.subject_type == PERSON
    }
    people = Member.objects.of(body).filter(
        pk__in=[number for number in numbers if number is not None]
    )
    names = {pk: (name, number) for pk, name, number in people.values_list("pk", "name", "number")}
    for row in listed:
        row.actor, row.actor_number = names.get(row.actor_id or 0, ("", ""))  # type: ignore[attr-defined]
        row.said = verbs().get(row.verb, row.verb)  # type: ignore[attr-defined]
        row.thing = _kind_of(row.subject_type)  # type: ignore[attr-defined]
        named = row.subject_type == PERSON
        row.person = names.get(row.subject_id or 0, ("", ""))[0] if named else ""  # type: ignore[attr-defined]
    if not may_see_names(reader):
        _withhold(listed)


def _withhold(rows: list[Entry]) -> None:
    """Leave out who acted for themselves, and name in place of an answer what it was to. Of a row
    that is gone nobody knows whose it was.
    """
    acts = [(row, personal_verbs()[row.verb]) for row in rows if row.verb in personal_verbs()]
    for act in dict.fromkeys(act for _row, act in acts):
        own = [row for row, of in acts if of == act]
        table = apps.get_model(act.table)
        given = table._base_manager.filter(pk__in=[row.subject_id for row in own])
        known = {
            number: (person, asked)
            for number, person, asked in given.values_list("pk", act.person, act.asked or "pk")
        }
        for row in own:
            person, asked = known.get(row.subject_id, (None, None))
            if person not in (None, row.actor_id):
                continue
            words = pgettext("履歴", "本人") if person else _("本人または担当者")
            row.actor, row.actor_number = words, ""  # type: ignore[attr-defined]
            if act.asked:
                related = table._meta.get_field(act.asked).related_model
                row.thing, row.subject_id = related._meta.verbose_name, asked  # type: ignore[attr-defined]


def _own_acts() -> Q:
    """Lines of people who acted for themselves."""
    own = Q(pk__in=[])
    for verb, act in personal_verbs().items():
        rows = apps.get_model(act.table)._base_manager.filter(pk=OuterRef("subject_id"))
        others = rows.exclude(**{act.person: OuterRef("actor_id")})
        own |= Q(~Exists(others), verb=verb)
    return own


def _kind_of(label: str) -> Any:
    """Name of a table in words; a removed table shows its label."""
    try:
        return apps.get_model(label)._meta.verbose_name if label else ""
    except LookupError:
        return label


def checks_of(body: Municipality) -> list[Verification]:
    """Latest checks of the body's chain and of the instance's own, the newest first. One query."""
    chains = Q(chain__municipality=body) | Q(chain__municipality__isnull=True)
    return list(
        Verification.objects.filter(chains)
        .select_related("chain")
        .order_by("-day", "chain")[:MOST_CHECKS]
    )
