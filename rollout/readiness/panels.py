"""What the page of a department tells of its readiness."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from municipality.core.date_words import short_day
from municipality.core.name_lists import all_names
from municipality.core.registry import Panel
from municipality.organisation.models import Department, Member
from rollout.readiness.models import Assessment
from rollout.readiness.queries import ReadinessReason, readiness_of


def readiness_panel(member: Member, department: Department, today: date) -> Panel | None:
    """The round in which it was confirmed last, the running one, and what is not met; nothing
    before the first round. Four queries.
    """
    rows = Assessment.objects.visible_to(member).filter(department=department)
    listed = list(rows.select_related("round").order_by("-round__number"))
    if not listed:
        return None
    confirmed = next((row for row in listed if row.is_confirmed), None)
    running = next((row for row in listed if row.round.is_open and row != confirmed), None)
    entries = []
    if confirmed and confirmed.confirmed_at:
        words = f"{confirmed.round} {short_day(confirmed.confirmed_at)}"
        entries.append((_("最後に確定した回"), words))
    if running:
        entries.append((_("実施中の回"), f"{running.round} {running.get_state_display()}"))
    answer = readiness_of(department, today)
    unmet = [*answer.open_conditions, *answer.passed_over]
    entries.append((_("未達の必須条件"), _conditions(department, unmet)))
    if answer.passed_over:
        covered = [
            f"{_code(department, row)} {row.exception.label}"
            for row in answer.passed_over
            if row.exception
        ]
        entries.append((_("うち例外承認"), all_names(covered)))
    return Panel(
        pgettext("見出し", "準備度"),
        entries,
        (running or listed[0]).get_absolute_url(),
        _("準備度評価を見る"),
        late=_("準備度評価の提出が期限を過ぎています")
        if running and running.is_late(today)
        else "",
    )


def _conditions(department: Department, reasons: list[ReadinessReason]) -> str:
    """2件(I2、庶務係 M1), or none: with the name of a department below."""
    if not reasons:
        return pgettext("例外", "なし")
    codes = [_code(department, row) for row in reasons]
    named = all_names(codes)
    words = ngettext("%(n)s件(%(names)s)", "%(n)s件(%(names)s)", len(codes))
    return words % {"n": len(codes), "names": named}


def _code(department: Department, reason: ReadinessReason) -> str:
    return reason.code if reason.department == department else f"{reason.department} {reason.code}"
