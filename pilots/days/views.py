"""Pages of usage records: their list, adding and correcting one, how files are taken in, and the
month of a department, where 実績なし is declared and withdrawn.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from municipality.core.refusals import anyone
from municipality.organisation.rules import is_office
from municipality.organisation.setting_pages import show_setting
from municipality.web.pages import done, page, show, valid
from pilots.days.forms import UsageAddForm, UsageFilter, UsageRecordForm, UsageSettingForm
from pilots.days.models import NoTelework, Usage, UsageMonth, UsageSetting
from pilots.days.operations import records, submissions
from pilots.days.presenters import (
    added_words,
    month_address,
    record_sheet,
    records_address,
    usage_list,
    usage_month_sheet,
)
from pilots.days.rules import (
    may_correct,
    may_declare_month,
    may_hand_in_records,
    may_remind_month,
    may_see_records,
)


@page(may_see_records)
def usages(request: HttpRequest) -> HttpResponse:
    """The usage records in sight, month by month."""
    context = usage_list(request.member, request.GET, request.today)
    return show(request, "pilots/days/usages.html", context)


@page(may_hand_in_records, methods="GET POST")
def usage_new(request: HttpRequest) -> HttpResponse:
    """Add one record that no file holds."""
    asked = UsageFilter(request.member, request.today, request.GET)
    form = UsageAddForm(request.member, request.today, asked, request.POST or None)
    if not valid(request, form):
        context = {"form": form, "list_address": records_address(asked)}
        return show(request, "pilots/days/usage_new.html", context)
    said = {name: form.cleaned_data[name] for name in ("day", "reason")}
    usage = records.add_usage(
        form.cleaned_data["who"], **said, **form.values, by=request.member, now=request.now
    )
    words = added_words(usage, request.member)
    return done(request, words, month_address(usage, asked.chosen_department))


@page(may_correct, of=Usage, methods="GET POST", related="member department file")
def usage_record(request: HttpRequest, usage: Usage) -> HttpResponse:
    """Correct or delete one record, with a reason."""
    form = UsageRecordForm(usage, request.member, request.POST or None)
    context = record_sheet(usage, request.member)
    if not valid(request, form):
        return show(request, "pilots/days/usage_record.html", {"form": form, **context})
    said = {"edition": form.cleaned_data["edition"], "reason": form.cleaned_data["reason"]}
    if form.deletes:
        records.delete_usage(usage, **said, by=request.member, now=request.now)
        return done(request, _("実施記録を削除しました。"), context["list_address"])
    records.correct_usage(usage, **said, **form.values, by=request.member, now=request.now)
    return done(request, _("実施記録を訂正しました。"), context["list_address"])


@page(is_office, methods="GET POST")
def usage_setting(request: HttpRequest) -> HttpResponse:
    """Whether a file replaces what was entered on a page."""
    stored = UsageSetting.objects.visible_to(request.member).first()
    initial = {"file_wins": bool(stored and stored.file_wins)}
    form = UsageSettingForm(request.POST if request.method == "POST" else None, initial=initial)
    if valid(request, form):
        records.set_file_wins(
            request.municipality, form.cleaned_data["file_wins"], by=request.member, now=request.now
        )
        return done(request, _("設定を保存しました。"), request.path)
    return show_setting(
        request, "pilots:usage_setting", "pilots/days/usage_setting.html", {"form": form}
    )


JOINED = "department municipality"


@page(anyone, of=UsageMonth, related=JOINED)
def usage_month(request: HttpRequest, row: UsageMonth) -> HttpResponse:
    """A department's month: records, 実績なし, or nothing yet."""
    return show(
        request,
        "pilots/days/usage_month.html",
        usage_month_sheet(row, request.member, request.today),
    )


@page(may_declare_month, of=UsageMonth, methods="POST", related=JOINED)
def declare(request: HttpRequest, row: UsageMonth) -> HttpResponse:
    """Declare 実績なし."""
    submissions.declare_no_telework(row.department, row.month, by=request.member, now=request.now)
    return done(request, _("この月の実績なしを申告しました。"), row)


@page(may_remind_month, of=UsageMonth, methods="POST", related=JOINED)
def remind(request: HttpRequest, row: UsageMonth) -> HttpResponse:
    """Remind the department."""
    count = submissions.remind_to_hand_in(row, by=request.member, now=request.now)
    words = ngettext("%(n)s人に督促しました。", "%(n)s人に督促しました。", count)
    return done(request, words % {"n": count}, row)


@page(may_declare_month, of=UsageMonth, methods="POST", related=JOINED)
def withdraw(request: HttpRequest, row: UsageMonth) -> HttpResponse:
    """Take 実績なし back."""
    declared = NoTelework.objects.visible_to(request.member).filter(month=row.month)
    submissions.withdraw_declaration(
        get_object_or_404(declared, department=row.department_id),
        by=request.member,
        now=request.now,
    )
    return done(request, _("実績なしの申告を取り消しました。"), row)
