"""Forms of reviews. They validate; they never save."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluation.pdca.reviews.models import Review
from municipality.web.forms import EditionForm, area


class ReviewForm(EditionForm):
    """Texts of a review."""

    plan_text = forms.CharField(
        label=_("今期のねらい"), max_length=4000, widget=area(), required=False
    )
    do_text = forms.CharField(
        label=pgettext_lazy("レビュー", "行ったこと"),
        max_length=4000,
        widget=area(),
        required=False,
    )
    check_text = forms.CharField(
        label=_("分かったこと"), max_length=4000, widget=area(), required=False
    )
    act_text = forms.CharField(
        label=_("次に向けて"), max_length=4000, widget=area(), required=False
    )

    groups = (
        (pgettext_lazy("PDCA", "P 計画"), "", ["plan_text"]),
        (pgettext_lazy("PDCA", "D 実施"), "", ["do_text"]),
        (pgettext_lazy("PDCA", "C 評価"), "", ["check_text"]),
        (pgettext_lazy("PDCA", "A 改善"), "", ["act_text"]),
    )

    @staticmethod
    def shown(review: Review) -> dict[str, Any]:
        """Initial values of the form."""
        return {"edition": review.edition, **{part: getattr(review, part) for part in Review.PARTS}}


class RemarkForm(forms.Form):
    """Remark on a review."""

    text = forms.CharField(label=pgettext_lazy("レビュー", "所見"), max_length=2000, widget=area())

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["text"].label = label
