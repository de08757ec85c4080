"""Progress of a review, as the steps over its page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from evaluation.pdca.reviews.models import Review
from municipality.web.components.steps import step


def review_steps(review: Review) -> list[dict[str, Any]]:
    """開始 → 入力と締め → 決裁 → 決裁済."""
    reached = {"entering": 1, "closed": 2, "deciding": 2, "decided": 4}[review.state]
    return [
        step(pgettext("レビュー", "開始"), reached, 0, review.opened_at),
        step(_("入力と締め"), reached, 1, review.closed_at or review.due_on),
        step(pgettext("評価", "決裁"), reached, 2, None, waits=review.state == Review.State.CLOSED),
        step(pgettext("レビュー", "決裁済"), reached, 3, review.decided_at),
    ]
