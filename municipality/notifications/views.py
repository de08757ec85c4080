"""通知: one's own inbox. Reading is told by POST, so that nothing that only follows links reads in
one's place.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.core.refusals import anyone
from municipality.notifications import exports
from municipality.notifications.models import Notice
from municipality.notifications.operations.notify import mark_read
from municipality.notifications.presenters import notices_listing
from municipality.notifications.wording import own_words, worded
from municipality.web.components.lists import tabs_of
from municipality.web.pages import done, page, show
from municipality.web.paging import page_of


@page(anyone)
def notice_list(request: HttpRequest) -> HttpResponse:
    """What one was told, the newest first, worded in one's own language, all of it or of one
    kind.
    """
    rows = Notice.objects.visible_to(request.member)
    kind = request.GET.get("show", "")
    wanted = {
        "unread": rows.unread(),
        "due": rows.due(),
        "late": rows.above(),
        "told": rows.events(),
    }.get(kind, rows)
    listed = page_of(wanted, request.GET.get("page"))
    waiting = request.unread_notices = rows.unread().count()  # the frame shows the same number
    words = own_words(request.municipality)
    here = kind if kind in _labels() else ""
    context = {
        "rows": listed,
        "listing": notices_listing(listed, words, request.municipality.pk, kind),
        "tabs": tabs_of(_labels(), here, counts={"unread": waiting}, address=_tab_address),
        "waiting": waiting,
    }
    context["export"] = exports.notices(
        listed.paginator.object_list, lambda notice: worded(notice, words)
    )
    return show(request, "municipality/notifications/notices.html", context)


def _labels() -> dict[str, str]:
    return {
        "": _("すべての通知"),
        "unread": _("未読の通知"),
        "due": pgettext("通知", "自分の期限"),
        "late": pgettext("通知", "遅れの連絡"),
        "told": pgettext("通知", "お知らせ"),
    }


def _tab_address(kind: str) -> str:
    return f"?show={kind}" if kind else "?"


@page(anyone, of=Notice, methods="POST")
def notice_open(request: HttpRequest, notice: Notice) -> HttpResponse:
    """Mark as read and go to what it is about; with `stay` back to the list."""
    mark_read(Notice.objects.visible_to(request.member).filter(pk=notice.pk), now=request.now)
    address = "" if "stay" in request.POST else worded(notice).address
    return redirect(address or reverse("municipality:notices", args=[request.municipality.pk]))


@page(anyone, methods="POST")
def notices_read(request: HttpRequest) -> HttpResponse:
    """Mark all as read."""
    mark_read(Notice.objects.visible_to(request.member), now=request.now)
    return done(
        request,
        _("すべて既読にしました。"),
        reverse("municipality:notices", args=[request.municipality.pk]),
    )
