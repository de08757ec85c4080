"""How far a sheet or a review is, as the steps over its page."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from .models import Review, Sheet


def step(label: str, reached: int, at: int, day: date | datetime | None, *, waits: bool = False) -> dict[str, Any]:
    """One stage: done before the one reached, now at it, unless that one only `waits` for somebody to begin it."""
    state = "done" if at < reached else "now" if at == reached and not waits else "todo"
    return {"label": label, "state": state, "note": day_words(day)}


def day_words(day: date | datetime | None) -> str:
    """11/6 or 6 Nov, local."""
    if isinstance(day, datetime):
        day = timezone.localdate(day)
    return date_format(day, pgettext("短い日付", "n/j")) if day else ""


def steps_of(sheet: Sheet) -> list[dict[str, Any]]:
    """入力 → 面談 → 確定."""
    reached = {Sheet.State.DRAFT: 0, Sheet.State.RETURNED: 0, Sheet.State.SUBMITTED: 1, Sheet.State.AGREED: 3}[
        Sheet.State(sheet.state)
    ]
    handed_in = sheet.submitted_at if reached else sheet.goals_due_on
    return [
        step(_("目標の提出"), reached, 0, handed_in),
        step(_("面談と確定"), reached, 1, sheet.agreed_at or sheet.agree_due_on or sheet.period.agree_due_on),
    ]


def review_steps(review: Review) -> list[dict[str, Any]]:
    """開始 → 入力と締め → 決裁 → 決裁済."""
    reached = {"entering": 1, "closed": 2, "deciding": 2, "decided": 4}[review.state]
    return [
        step(pgettext("レビュー", "開始"), reached, 0, review.opened_at),
        step(_("入力と締め"), reached, 1, review.closed_at or review.due_on),
        step(pgettext("評価", "決裁"), reached, 2, None, waits=review.state == Review.State.CLOSED),
        step(pgettext("レビュー", "決裁済"), reached, 3, review.decided_at),
    ]
