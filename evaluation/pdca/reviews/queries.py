"""What keeps a review from being closed, and what the review before it set out to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from evaluation.pdca.actions.models import Action
from evaluation.pdca.indicators.models import Indicator
from evaluation.pdca.reviews.models import Review
from municipality.core.addresses import page_address


@dataclass(frozen=True)
class Lack:
    """One thing that a review needs before it is closed, in words, and the page that mends it."""

    words: str
    address: str


def read_lacks(review: Review) -> list[Lack]:
    """What is missing for closing. Two queries."""
    return lacks_of(
        review,
        has_figures=Indicator.objects.of(review.municipality_id).current().exists(),
        incomplete=incomplete_actions(review),
    )


def incomplete_actions(review: Review) -> Iterable[Action]:
    """The open actions the review looks at that lack what, who or until when."""
    return Action.objects.followed_by(review).incomplete()


def lacks_of(review: Review, *, has_figures: bool, incomplete: Iterable[Action]) -> list[Lack]:
    """What is missing for closing, in the order of the page; empty when it can be closed. Nothing
    is read here: what a page has read already it hands in.
    """
    edit = page_address("evaluation:review_edit", review.municipality_id, review.pk)
    texts = [
        Lack(
            _("「%(field)s」が入力されていません。") % {"field": Review.words_for(part)},
            f"{edit}#id_{part}",
        )
        for part in Review.NEEDED
        if not getattr(review, part).strip()
    ]
    figures = [] if has_figures else [_without_figures(review)]
    return [*texts, *figures, *(_incomplete(action) for action in incomplete)]


def _without_figures(review: Review) -> Lack:
    address = page_address("evaluation:indicators", review.municipality_id)
    return Lack(_("指標の定義が登録されていないため、数値を固定できません。"), address)


def _incomplete(action: Action) -> Lack:
    words = _("改善項目「%(what)s」に、内容・担当・期限のすべてが必要です。")
    return Lack(words % {"what": action.what or "—"}, action.get_absolute_url())


def previous_review(review: Review) -> Review | None:
    """The review of the period before, of the same body or department, once it was closed."""
    before = review.period.previous
    return (
        Review.objects.of(review.municipality_id)
        .filter(department=review.department_id)
        .of_period(before)
        .exclude(state=Review.State.ENTERING)
        .select_related("department", "municipality")
        .first()
    )
