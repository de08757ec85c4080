"""通知の受け取り方: one's own hours of mail and the calendar's secret address; and the calendar
itself, open by its secret.
"""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from municipality.notifications.models import MailHours
from municipality.reminders.calendar_feed import calendar_of
from municipality.reminders.forms import HoursForm
from municipality.reminders.models import CalendarFeed
from municipality.reminders.operations import calendar_feed
from municipality.reminders.operations.mail_hours import set_mail_hours
from municipality.web.pages import done, show, valid

RECEIVING = "municipality_outside:receiving"


@require_http_methods(["GET", "HEAD", "POST"])
def receiving(request: HttpRequest) -> HttpResponse:
    """Hours and days at which one takes mail, and the address of one's calendar."""
    own = MailHours.objects.filter(user=request.user.pk).first()
    names = ("from_hour", "days_off", "paused_until")
    form = HoursForm(
        request.today,
        request.POST or None,
        initial={name: getattr(own, name) for name in names} if own else {},
    )
    if valid(request, form):
        set_mail_hours(request.user, **form.cleaned_data)
        return done(request, _("通知の受け取り方を変更しました。"), RECEIVING)
    return show(
        request,
        "municipality/reminders/receiving.html",
        {"form": form, "own": own, **_feed(request)},
    )


def _feed(request: HttpRequest) -> dict:
    return {"feed": CalendarFeed.objects.filter(user=request.user.pk).first()}


@require_POST
def calendar_make(request: HttpRequest) -> HttpResponse:
    """Make a new secret address of one's calendar, shown this once."""
    token = calendar_feed.make_feed(request.user, now=request.now)
    address = f"{settings.BASE_URL}{reverse('municipality_outside:calendar', args=[token])}"
    return show(request, "municipality/reminders/receiving_made.html", {"address": address})


@require_POST
def calendar_end(request: HttpRequest) -> HttpResponse:
    """End the secret address of one's calendar."""
    calendar_feed.end_feed(request.user)
    return done(request, _("予定表のアドレスを止めました。"), RECEIVING)


@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar of whoever the secret belongs to. It says how many things are due on which day,
    and nothing else.
    """
    user = calendar_feed.user_of(token)
    if user is None:
        raise Http404
    with translation.override(user.language or settings.LANGUAGE_CODE):
        content = calendar_of(user, request.today)
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"}
    for name, value in headers.items():
        response.headers[name] = value
    return get_conditional_response(request, etag=etag, response=response) or response
