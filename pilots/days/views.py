"""Pages of a department's month of usage records."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from municipality.core.refusals import anyone
from municipality.web.pages import done, page, show
from pilots.days import operations
from pilots.days.models import NoTelework, UsageMonth
from pilots.days.presenters import usage_month_sheet
from pilots.days.rules import may_declare_month, may_remind_month

JOINED = "department municipality"


@page(anyone, of=UsageMonth, related=JOINED)
def usage_month(request: HttpRequest, row: UsageMonth) -> HttpResponse:
    """A department's month: records, 実績なし, or nothing yet."""
    return show(request, "pilots/days/usage_month.html", usage_month_sheet(row, request.member))


@page(may_declare_month, of=UsageMonth, methods="POST", related=JOINED)
def declare(request: HttpRequest, row: UsageMonth) -> HttpResponse:
    """Declare 実績なし."""
    operations.declare_no_telework(row.department, row.month, by=request.member, now=request.now)
    return done(request, _("この月の実績なしを申告しました。"), row)


@page(may_remind_month, of=UsageMonth, methods="POST", related=JOINED)
def remind(request: HttpRequest, row: UsageMonth) -> HttpResponse:
    """Remind the department."""
    count = operations.remind_to_hand_in(row, by=request.member, now=request.now)
    words = ngettext("%(n)s人に督促しました。", "%(n)s人に督促しました。", count)
    return done(request, words % {"n": count}, row)


@page(may_declare_month, of=UsageMonth, methods="POST", related=JOINED)
def withdraw(request: HttpRequest, row: UsageMonth) -> HttpResponse:
    """Take 実績なし back."""
    declared = NoTelework.objects.visible_to(request.member).filter(month=row.month)
    operations.withdraw_declaration(
        get_object_or_404(declared, department=row.department_id),
        by=request.member,
        now=request.now,
    )
    return done(request, _("実績なしの申告を取り消しました。"), row)
