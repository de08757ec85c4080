"""Forms of reviews. They validate; they never save."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluation.pdca.reviews.models import Review
from municipality.web.forms import EditionForm, area


def _text(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, max_length=4000, widget=area(), required=False
    )


class ReviewForm(EditionForm):
    """Texts of a review."""

    plan_text = _text(
        _("今期のねらい"),
        _("この期間に何を目標としたか。前回の「次に向けて」を受けて書きます。"),
    )
    do_text = _text(
        pgettext_lazy("レビュー", "行ったこと"),
        _("目標に対して実際に行ったこと。締めるまでに必要です。"),
    )
    check_text = _text(
        _("結果と分析"),
        _("数値と現場の声から検証した結果を書きます。増減の理由も書きます。締めるまでに必要です。"),
    )
    act_text = _text(
        _("次に向けて"),
        _("次の期間に続けること、改めること。次のレビューで振り返ります。締めるまでに必要です。"),
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


class ReopenReviewForm(forms.Form):
    """Why a closed review is opened again."""

    reason = forms.CharField(label=_("締めを解く理由"), max_length=1000, widget=area(3))


class RemarkForm(forms.Form):
    """Remark on a review."""

    text = forms.CharField(label=pgettext_lazy("レビュー", "所見"), max_length=2000, widget=area())

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["text"].label = label
