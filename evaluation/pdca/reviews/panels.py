"""What the page of a department tells of its reviews and actions."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from evaluation.pdca.actions.models import Action
from evaluation.pdca.reviews.models import Review
from evaluation.pdca.rules import sees_before_closing
from evaluation.pdca.wording import joined_words
from municipality.core.registry import Panel
from municipality.organisation.models import Department, Member


def reviews_panel(member: Member, department: Department, today: date) -> Panel | None:
    """Its open reviews and actions in the member's sight, and which of them are late; nothing
    before its first review, and no number of open reviews for who sees none before they are closed.
    Two queries.
    """
    reviews = Review.objects.visible_to(member).filter(department=department)
    entering = Q(state=Review.State.ENTERING)
    counted = reviews.aggregate(
        all=Count("pk"),
        open=Count("pk", filter=entering),
        late=Count("pk", filter=entering & Q(due_on__lt=today)),
    )
    if not counted["all"]:
        return None
    actions = Action.objects.visible_to(member).filter(review__department=department)
    going = actions.open().aggregate(all=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)))
    late = _late_words(counted["late"], going["late"])
    entering_rows = [(_("入力中のレビュー"), _count(counted["open"]))]
    return Panel(
        pgettext("評価", "レビュー"),
        [
            *(entering_rows if sees_before_closing(member, department.path) else []),
            (open_actions_label(member, department.path), _count(going["all"])),
        ],
        reverse("evaluation:reviews", args=[member.municipality_id]),
        _("レビューを見る"),
        late=_("%(what)sが期限を過ぎています") % {"what": late} if late else "",
    )


def open_actions_label(member: Member, path: str) -> str:
    """進行中の改善項目 of the department with this path; for who sees a part of them it says so."""
    if sees_before_closing(member, path):
        return _("進行中の改善項目")
    return _("進行中の改善項目(閲覧できるもの)")


def _late_words(reviews: int, actions: int) -> str:
    """レビュー1件、改善項目2件: how many of which are late; empty for none."""
    return joined_words(
        ngettext("レビュー%(n)s件", "レビュー%(n)s件", reviews) % {"n": reviews} if reviews else "",
        ngettext("改善項目%(n)s件", "改善項目%(n)s件", actions) % {"n": actions} if actions else "",
    )


def _count(number: int) -> str:
    return ngettext("%(n)s件", "%(n)s件", number) % {"n": number}
