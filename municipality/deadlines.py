"""What is due on the ground floor: decisions that wait for a post's holder, and 後閲."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .models import Municipality, Step
from .rooms import Deadline, due_rows


def steps_to_take(municipality: Municipality, today: date):
    """Steps whose turn it is, one row per holder; the drafter is never asked for their own."""
    rows: Any = Step.objects.of(municipality).current().with_holders(today)
    rows = rows.exclude(holder=F("decision__drafter"))
    return due_rows(
        rows,
        "decision.step",
        opened="opened_at__date",
        member="holder",
        path="department__path",
        title="decision__title",
        note="decision__drafter__name",
        object_id="decision_id",
    )


def steps_to_review(municipality: Municipality, today: date):
    """Decisions that a deputy made and the post's holder has not read yet (後閲)."""
    rows = Step.objects.of(municipality).filter(
        capacity=Step.Capacity.DEPUTY, reviewed_at=None, state=Step.State.APPROVED
    )
    return due_rows(
        rows.with_holders(today),
        "decision.review",
        opened="acted_at__date",
        member="holder",
        path="department__path",
        title="decision__title",
        note="acted_name",
        object_id="decision_id",
    )


DEADLINES = (
    Deadline(
        "decision.step",
        pgettext_lazy("対応の種類", "決裁"),
        _("内容を確認"),
        _("%(title)s"),
        "municipality:decision",
        steps_to_take,
    ),
    Deadline(
        "decision.review",
        pgettext_lazy("対応の種類", "後閲"),
        pgettext_lazy("組織", "後閲する"),
        _("「%(title)s」の後閲"),
        "municipality:decision",
        steps_to_review,
    ),
)
