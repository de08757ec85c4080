"""Content of the decision about a review: its texts, frozen figures and actions. In Japanese."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from evaluation.pdca.reviews.models import Action, Review
from evaluation.pdca.wording import base_words, change_words, figure_words
from municipality.core.date_words import era_day, period_words, span_words


def content(pk: int) -> dict:
    """Content of the decision about a review, as it is frozen at submission, in Japanese."""
    review = Review.objects.select_related("department", "municipality", "closed_by").get(pk=pk)
    with translation.override("ja"):
        return {
            "lead": _("次のとおりレビューの結果を決定してよろしいか、伺います。"),
            "spec": _spec(review),
            "tables": [
                table
                for table in (_figures(review), _actions(review), _remarks(review))
                if table["rows"]
            ],
        }


def _spec(review: Review) -> list[list[str]]:
    return [
        [_("レビューの対象"), review.place],
        [
            _("レビューの期間"),
            f"{period_words(review.period)}({span_words(review.first, review.last)})",
        ],
        [_("今期のねらい"), review.plan_text or "—"],
        [pgettext("レビュー", "行ったこと"), review.do_text or "—"],
        [_("分かったこと"), review.check_text or "—"],
        [_("次に向けて"), review.act_text or "—"],
        [pgettext("評価", "改善項目"), _actions_words(review)],
    ]


def _actions_words(review: Review) -> str:
    """How many there are; that there are none is said, too."""
    count = _shown_actions(review).count()
    return _("%(n)s件(下の表)") % {"n": count} if count else pgettext("改善項目", "なし")


def _figures(review: Review) -> dict:
    rows = [
        [
            str(row.indicator),
            figure_words(row.figure, row.indicator),
            figure_words(row.previous, row.indicator),
            change_words(row.figure, row.previous, row.indicator),
            base_words(row.figure, row.indicator),
            _("第%(version)s版") % {"version": row.indicator.definition_version},
        ]
        for row in review.figures.select_related("indicator")
    ]
    head = [
        pgettext("数値の列", "指標"),
        pgettext("数値の列", "今期"),
        pgettext("数値の列", "前の期間"),
        pgettext("数値の列", "増減"),
        _("分子 / 分母"),
        pgettext("数値の列", "定義"),
    ]
    asof = _("%(day)sの締めで固定した値です。") % {"day": era_day(review.closed_at)}
    return {"title": _("締めで固定した数値"), "asof": asof, "head": head, "rows": rows}


def _shown_actions(review: Review) -> QuerySet[Action]:
    return review.actions.exclude(state=Action.State.CARRIED)


def _actions(review: Review) -> dict:
    rows = [
        [
            action.what,
            action.get_state_display(),
            era_day(action.due_on),
            str(action.who or "—"),
        ]
        for action in _shown_actions(review).select_related("who")
    ]
    head = [
        pgettext("改善項目", "何を"),
        pgettext("数値の列", "状態"),
        pgettext("改善項目", "いつまで"),
        pgettext("改善項目", "誰が"),
    ]
    return {"title": pgettext("評価", "改善項目"), "head": head, "rows": rows}


def _remarks(review: Review) -> dict:
    """所見 and 助言 as they stand when it is put to decision."""
    rows = [
        [
            f"{remark.post} {remark.name}".strip(),
            remark.text,
            pgettext("レビュー", "助言") if remark.is_advice else pgettext("レビュー", "所見"),
            era_day(remark.written_at),
        ]
        for remark in review.remarks.all()
    ]
    head = [
        pgettext("改善項目", "誰が"),
        pgettext("レビュー", "内容"),
        pgettext("レビュー", "種類"),
        pgettext("レビュー", "書いた日"),
    ]
    return {"title": _("所見と助言"), "head": head, "rows": rows}
