"""設定: what the office sets for its body, one page per subject."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from municipality.core.addresses import page_address
from municipality.core.periods import Period
from municipality.organisation import exports
from municipality.organisation.forms import ClosedDayForm, SettingsForm
from municipality.organisation.models import ClosedDay
from municipality.organisation.open_days import open_days
from municipality.organisation.operations import settings as operations
from municipality.organisation.presenters import closed_days_listing
from municipality.organisation.rules import is_office
from municipality.organisation.setting_pages import show_setting
from municipality.web.pages import done, page, valid

FIELDS = (
    "name",
    "kana",
    "kind",
    "network",
    "small_cell",
    "sending",
    "sender",
    "reply_to",
    "contact",
    "edition",
)


@page(is_office, methods="GET POST")
def settings_page(request: HttpRequest) -> HttpResponse:
    """The body's own settings, each with what it does."""
    body = request.municipality
    form = SettingsForm(
        request.POST or None, initial={name: getattr(body, name) for name in FIELDS}
    )
    if not valid(request, form):
        return show_setting(
            request, "settings", "municipality/organisation/settings.html", {"form": form}
        )
    operations.change_body(body, **form.cleaned_data, by=request.member, now=request.now)
    return done(
        request,
        _("設定を保存しました。"),
        page_address("municipality:settings", request.municipality.pk),
    )


@page(is_office, methods="GET POST")
def closed_days_page(request: HttpRequest) -> HttpResponse:
    """Days on which the body departs from the calendar, and a form for one more."""
    form = ClosedDayForm(request.municipality, request.POST or None)
    if valid(request, form):
        values = form.cleaned_data
        day, name, is_open = values["date"], values["name"], values["is_open"]
        operations.add_closed_day(
            request.municipality,
            day,
            name=name,
            is_open=is_open,
            by=request.member,
            now=request.now,
        )
        return done(
            request,
            _("閉庁日を登録しました。"),
            page_address("municipality:closed_days", request.municipality.pk),
        )
    year = Period.holding(Period.YEAR, request.today)
    count = open_days(request.municipality).within(year.first, year.last)
    days = ClosedDay.objects.visible_to(request.member).filter(date__gte=year.first)
    context = {
        "form": form,
        "listing": closed_days_listing(days),
        "year": year,
        "count": count,
        "export": exports.closed_days(days),
    }
    return show_setting(
        request, "closed_days", "municipality/organisation/closed_days.html", context
    )


@page(is_office, of=ClosedDay, methods="POST")
def closed_day_remove(request: HttpRequest, closed: ClosedDay) -> HttpResponse:
    """Remove a closed day: the day counts again as the calendar says."""
    operations.remove_closed_day(closed, by=request.member, now=request.now)
    return done(
        request,
        _("閉庁日を削除しました。"),
        page_address("municipality:closed_days", request.municipality.pk),
    )
