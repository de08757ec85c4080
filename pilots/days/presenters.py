"""Usage records and the month of a department, for one reader."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.core.addresses import page_address
from municipality.core.date_words import day_words, month_words
from municipality.core.periods import Period
from municipality.core.worded import sentences
from municipality.organisation.models import Department, Member
from municipality.organisation.rules import is_office, may_see_names
from municipality.web.components.cells import LinkCell, Words
from municipality.web.components.lists import ListColumn, ListTable, Nothing
from municipality.web.paging import page_of
from pilots.days.day_checks import clock_hours
from pilots.days.exports import usage_export
from pilots.days.forms import UsageFilter
from pilots.days.models import NoTelework, Submission, Usage, UsageMonth
from pilots.days.month_states import month_states
from pilots.days.queries import YEAR, declared_months, last_reminded, months_to_hand_in, uncounted
from pilots.days.remarks import UsageRemark, facts_of, remark_rules, words_of_count
from pilots.days.rules import (
    corrects,
    may_declare,
    may_hand_in_for,
    may_hand_in_records,
    may_remind_month,
    may_see_records,
)
from pilots.planning.wording import joined

if TYPE_CHECKING:
    from django.core.paginator import Page
    from django.db.models import QuerySet

WEEK = timedelta(days=6)

TONES = {Submission.RECORDED: "ok", Submission.NONE: "neutral", Submission.MISSING: "warn"}


def usage_month_sheet(row: UsageMonth, member: Member, today: date) -> dict[str, Any]:
    """Context of the page of a department's month."""
    period = Period.holding(Period.MONTH, row.month)
    states = month_states(row.municipality_id, [period])[period.first]
    state = states.get(row.department_id, Submission.MISSING)
    declared = (
        NoTelework.objects.visible_to(member)
        .filter(department=row.department_id, month=row.month)
        .select_related("declared_by")
        .first()
    )
    may_remind = state == Submission.MISSING and bool(may_remind_month(member, row))
    reminded_at = last_reminded(row) if may_remind else None
    asked: Any = {"month": row.month, "department": row.department_id}
    return {
        "row": row,
        "state": state,
        "tone": TONES[state],
        "declared": declared,
        "is_missing": state == Submission.MISSING,
        "is_overtaken": state == Submission.RECORDED and declared is not None,
        "may_declare": bool(may_declare(member, row.department)),
        "may_hand_in": bool(may_hand_in_for(member, row.department)),
        "may_remind": may_remind,
        "reminded_at": reminded_at,
        "reminded_today": bool(reminded_at and timezone.localdate(reminded_at) == today),
        "names": bool(may_see_names(member)),
        "records_address": _address("pilots:usages", row.municipality_id, **asked)
        if may_see_records(member)
        else "",
        "new_address": _address("pilots:usage_new", row.municipality_id, **asked),
    }


def _address(page: str, municipality: str, month: date, department: Department | int | None) -> str:
    """A page of records that keeps the month, and the department where there is one."""
    number = getattr(department, "pk", department)
    kept = {"month": f"{month:%Y-%m}"} | ({"department": number} if number else {})
    return page_address(page, municipality, query=kept)


def records_address(chosen: UsageFilter, page: str = "pilots:usages") -> str:
    """The list as it was filtered, or another page that keeps month and department."""
    return _address(page, chosen.municipality, chosen.chosen_month.first, chosen.chosen_department)


def usage_list(member: Member, query: QueryDict, today: date) -> dict[str, Any]:
    """Records in sight of one month, the latest first, each with what is remarkable of it."""
    chosen = UsageFilter(member, today, query)
    rows = records(member, chosen)
    page: Any = page_of(rows, query.get("page"))
    return {
        "filter": chosen,
        "rows": page,
        "month": chosen.chosen_month.first,
        "listing": usage_listing(page, member, today, uncounted_words(rows)),
        "missing": missing_listing(member, today),
        "declared": declared_listing(member, today),
        "may_hand_in": bool(may_hand_in_records(member)),
        "new_address": records_address(chosen, "pilots:usage_new"),
        "export": usage_export(rows, lambda part: remarks_of(part, member))
        if page.paginator.count
        else None,
    }


def missing_listing(member: Member, today: date) -> ListTable:
    """Months of the last year that are 未提出 and about which the reader may do something."""
    columns = (
        ListColumn(pgettext("実施記録", "未提出の月")),
        ListColumn(pgettext("組織", "部署")),
        ListColumn(pgettext("一覧", "次にすること"), "link"),
    )
    rows = [
        (month_words(row.month), row.name, LinkCell(row.action, row.address))
        for row in months_to_hand_in(member, today - YEAR, today)
    ]
    return ListTable(columns, rows)


def declared_listing(member: Member, today: date) -> ListTable:
    """Months of the last year that were declared 実績なし: by whom, when, and the way to take it
    back.
    """
    columns = (
        ListColumn(_("実績なしの月")),
        ListColumn(pgettext("組織", "部署")),
        ListColumn(_("申告した人")),
        ListColumn(_("申告した日")),
        ListColumn(pgettext("実施記録", "備考")),
        ListColumn(pgettext("一覧", "次にすること"), "link"),
    )
    rows = [
        (
            month_words(row.month),
            row.department,
            row.declared_by or _("ファイルの取込み"),
            day_words(row.declared_at, today),
            _("後から実施記録が届き、実績ありとして数えています。") if row.is_overtaken else None,
            _withdrawal(row),
        )
        for row in declared_months(member, today - YEAR, today)
    ]
    return ListTable(columns, rows)


def _withdrawal(row: Any) -> LinkCell | None:
    if row.opened is None:
        return None
    address = page_address("pilots:usage_month", row.municipality_id, row.opened)
    words = _("申告を取り消す") if row.may_withdraw else _("この月を見る")
    return LinkCell(words, address)


def records(member: Member, chosen: UsageFilter) -> Any:
    """Records in sight of the month, and of the department if one is chosen."""
    month, department = chosen.chosen_month, chosen.chosen_department
    rows = Usage.objects.visible_to(member).between(month.first, month.last)
    if department is not None:
        rows = rows.filter(
            department__in=Department.objects.visible_to(member).below(department.path)
        )
    return rows.select_related("member", "department").order_by("-day", "member__kana", "pk")


def remarks_of(rows: list[Usage], member: Member) -> dict[int, list[UsageRemark]]:
    """Remarks by record. The whole weeks of these people are read, as far as the member sees
    them.
    """
    if not rows:
        return {}
    first, last = min(row.day for row in rows) - WEEK, max(row.day for row in rows) + WEEK
    people = {row.member_id for row in rows}
    around = Usage.objects.visible_to(member).filter(member__in=people).between(first, last)
    remarks = remark_rules(member.municipality_id).remarks(facts_of(row) for row in around)
    return {row.pk: remarks[facts_of(row)] for row in rows}


def uncounted_words(rows: QuerySet[Usage]) -> str:
    """How many of the records are not counted and why, so that list and figures add up; empty for
    none.
    """
    away, outside = uncounted(rows)
    return sentences(
        words_of_count(UsageRemark.NOT_POSTED, away) if away else "",
        words_of_count(UsageRemark.NOT_STAFF, outside) if outside else "",
    )


def usage_listing(page: Page, member: Member, today: date, caption: str) -> ListTable:
    """The records of one page; whoever may correct one is led to it."""
    rows, may = list(page), corrects(member)
    remarks = remarks_of(rows, member)
    columns = (
        ListColumn(pgettext("実施記録", "実施日"), "words"),
        ListColumn(pgettext("人", "氏名")),
        ListColumn(pgettext("組織", "部署")),
        ListColumn(pgettext("実施記録", "単位"), "words"),
        ListColumn(pgettext("実施記録", "場所")),
        ListColumn(pgettext("実施記録", "方式")),
        ListColumn(pgettext("実施記録", "備考"), "words"),
        ListColumn(_("記録の入力元")),
    )
    cells = [
        (
            [[_day(row, today, linked=may(row.department))]],
            row.member,
            row.department,
            [[Words(unit_words(row), "whole")]],
            row.get_place_display(),
            row.get_method_display(),
            [[str(each.label)] for each in remarks[row.pk]] or None,
            row.get_source_display(),
        )
        for row in rows
    ]
    nothing = Nothing(text=_("この月の実施記録はありません。"))
    more = page if page.has_other_pages() else None
    return ListTable(columns, cells, nothing, page=more, caption=caption)


def _day(row: Usage, today: date, *, linked: bool) -> LinkCell | Words:
    day = day_words(row.day, today)
    return LinkCell(day, row.get_absolute_url()) if linked else Words(day, "whole")


def unit_words(row: Usage) -> str:
    """終日, or 時間 with its start and how long it was."""
    if row.unit != Usage.Unit.HOURS:
        return str(row.get_unit_display())
    start = f" {row.start}" if row.start else ""
    return f"{row.get_unit_display()}{start} {clock_hours(row.minutes)}"


def added_words(usage: Usage, member: Member) -> str:
    """That a record was added, and what is remarkable of it: whoever mistyped the day or the method
    sees it at once.
    """
    remarks = [str(each.label) for each in remarks_of([usage], member)[usage.pk]]
    if not remarks:
        return _("実施記録を加えました。")
    words = _("実施記録を加えました。備考に「%(remarks)s」を付けました。")
    return words % {"remarks": joined(remarks)}


def month_address(usage: Usage, department: Department | None = None) -> str:
    """The list with the month of the record, and of the department where one is given."""
    return _address("pilots:usages", usage.municipality_id, usage.day, department)


def record_sheet(usage: Usage, member: Member) -> dict[str, Any]:
    """Context of the page of one record."""
    return {
        "usage": usage,
        "remarks": [str(each.label) for each in remarks_of([usage], member)[usage.pk]],
        "sees_file": bool(is_office(member)),
        "list_address": month_address(usage),
    }
