"""通知: one's own inbox. Reading is told by POST, so that nothing that only follows links reads in one's place."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from municipality.exports import lists
from municipality.models import Notice
from municipality.operations.notices import mark_read
from municipality.pages import done, page, show
from municipality.rules import anyone
from municipality.wording import worded

PER_PAGE = 50


@page(anyone)
def notice_list(request: HttpRequest) -> HttpResponse:
    """What one was told, the newest first, worded in one's own language."""
    rows = Notice.objects.visible_to(request.member)
    unread = request.GET.get("show") == "unread"
    listed = Paginator(rows.unread() if unread else rows, PER_PAGE).get_page(request.GET.get("page"))
    waiting = request.unread_notices = rows.unread().count()  # the frame shows the same number
    tabs = [
        {"label": _("すべての通知"), "address": "?", "current": not unread},
        {"label": _("未読の通知"), "address": "?show=unread", "count": waiting, "current": unread},
    ]
    lines = [(notice, worded(notice)) for notice in listed]
    context = {"rows": listed, "lines": lines, "tabs": tabs, "unread": unread, "waiting": waiting}
    context["export"] = lists.notices(listed.paginator.object_list, worded)
    return show(request, "municipality/notices.html", context)


@page(anyone, of=Notice, methods="POST")
def notice_open(request: HttpRequest, notice: Notice) -> HttpResponse:
    """Mark as read and go to what it is about."""
    mark_read(Notice.objects.visible_to(request.member).filter(pk=notice.pk), now=request.now)
    return redirect(worded(notice).address or reverse("municipality:notices", args=[request.municipality.pk]))


@page(anyone, methods="POST")
def notices_read(request: HttpRequest) -> HttpResponse:
    """Mark all as read."""
    mark_read(Notice.objects.visible_to(request.member), now=request.now)
    return done(request, _("すべて既読にしました。"), reverse("municipality:notices", args=[request.municipality.pk]))
