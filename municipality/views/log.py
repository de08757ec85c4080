"""アクセスログ: who did and who read what, for auditors and the office. Content and values are not shown."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from municipality.forms import LogFilter
from municipality.models import Entry, Member
from municipality.operations.reading import note_reading
from municipality.pages import page, show
from municipality.rooms import verbs
from municipality.rules import may_see_log

PER_PAGE = 50
PERSON = "municipality.member"


@page(may_see_log)
def log_list(request: HttpRequest) -> HttpResponse:
    """The lines of the body's chain, the newest first, filtered by verb, person and period."""
    form = LogFilter(sorted(verbs().items(), key=lambda item: str(item[1])), request.GET)
    rows = narrowed(Entry.objects.visible_to(request.member), form, request)
    listed = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    _name(request, listed)
    note_reading("log.read", by=request.member, page=listed.number, query=request.GET.dict())
    return show(
        request, "municipality/log.html", {"rows": listed, "filter": form, "filtered": any(request.GET.values())}
    )


def narrowed(rows: QuerySet[Entry], form: LogFilter, request: HttpRequest) -> QuerySet[Entry]:
    """The lines that the filter leaves; what it cannot read narrows nothing."""
    form.is_valid()
    facts = form.cleaned_data
    if verb := facts.get("verb"):
        rows = rows.filter(verb=verb)
    if text := facts.get("person"):
        people = Member.objects.of(request.municipality).filter(Q(name__contains=text) | Q(number=text))
        rows = rows.filter(actor_id__in=people.values("pk"))
    if first := facts.get("first"):
        rows = rows.filter(at__gte=_midnight(first))
    if last := facts.get("last"):
        rows = rows.filter(at__lt=_midnight(last + timedelta(days=1)))
    return rows


def _midnight(day: Any) -> datetime:
    """The first moment of a day in Japan."""
    return datetime.combine(day, time(), timezone.get_default_timezone())


def _name(request: HttpRequest, listed: Page) -> None:
    """Give each line its words: who, what, and which thing; of a thing only its kind and number, of a person the name. One query."""
    numbers = {row.actor_id for row in listed} | {row.subject_id for row in listed if row.subject_type == PERSON}
    names = dict(Member.objects.of(request.municipality).filter(pk__in=numbers - {None}).values_list("pk", "name"))
    for row in listed:
        row.actor = names.get(row.actor_id, "")
        row.said = verbs().get(row.verb, row.verb)
        row.thing = _kind_of(row.subject_type)
        row.person = names.get(row.subject_id, "") if row.subject_type == PERSON else ""


def _kind_of(label: str) -> Any:
    """The name of a table in words; a table that is gone keeps its label."""
    try:
        return apps.get_model(label)._meta.verbose_name if label else ""
    except LookupError:
        return label
