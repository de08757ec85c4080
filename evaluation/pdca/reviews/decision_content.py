"""Content of the decision about a review: its texts, frozen figures and actions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, override, pgettext_lazy

from evaluation.pdca.actions.models import ActionInReview
from evaluation.pdca.reviews.figures import FigureRow, frozen_figures, hiding_of, moved_rows
from evaluation.pdca.reviews.models import Review, ReviewFigure
from evaluation.pdca.wording import (
    KnownNames,
    base_words,
    change_words,
    counted_by,
    figure_words,
    joined_words,
    mark_words,
    missing_words,
    previous_words,
)
from municipality.core.date_words import era_day, period_words, span_words
from municipality.core.frozen_content import (
    ASOF,
    key_of_table,
    keyed_head,
    keyed_spec,
    spec_for_few,
    table_for_few,
)
from municipality.core.small_cells import MARK, Gate
from municipality.core.worded import kept, said, worded
from municipality.organisation.models import Department, Grant

FIGURES = "figures"
"""Key of the table of figures."""

EARLIER_SPEC = {
    "レビューの対象": "place",
    "レビューの期間": "period",
    "今期のねらい": "plan",
    "行ったこと": "do",
    "分かったこと": "check",
    "次に向けて": "act",
    "改善項目": "actions",
}
"""Rows, none of which counts people, as they were called before keys were frozen."""

EARLIER_TABLES = {
    "締めで固定した数値": FIGURES,
    "改善項目": "actions",
    "所見・助言": "remarks",
}
"""The tables, as they were called then."""

EARLIER_COLUMNS = {
    "指標": "indicator",
    "今期": "value",
    "前の期間": "previous",
    "増減": "change",
    "分子 / 分母": "base",
    "定義": "version",
    "何を": "what",
    "状態": "state",
    "いつまで": "due",
    "誰が": "who",
    "種類": "kind",
    "書いた人": "author",
    "内容": "text",
}
"""Their columns, as they were called then."""

SAFE_COLUMNS = {
    FIGURES: {ASOF, "indicator", "value", "previous", "change", "base", "version"},
    "actions": {"what", "state", "due", "who"},
    "remarks": {"kind", "author", "text"},
}
"""What of each table is shown; the figures are looked at one by one."""


def content(pk: int, today: date) -> dict:
    """Content of the decision about a review, as it is frozen at submission."""
    review = Review.objects.select_related("department", "municipality", "closed_by").get(pk=pk)
    return {
        "lead": _("次のとおりレビューの結果を決定してよろしいか、伺います。"),
        **keyed_spec(_spec(review)),
        "tables": [table for table in _tables(review) if table["rows"]],
    }


def notices(pk: int) -> list[dict[str, str]]:
    """What moved since the closing, figure by figure; nothing while the review is open."""
    review = Review.objects.select_related("department", "municipality").get(pk=pk)
    rows = [] if review.is_entering else moved_rows(review)
    if not rows:
        return []
    title = ngettext(
        "締めの後に%(n)s件の数値が変わりました",
        "締めの後に%(n)s件の数値が変わりました",
        len(rows),
    )
    text = " ".join(map(_moved_words, rows))
    return [{"tone": "warn", "title": title % {"n": len(rows)}, "text": text}]


def _moved_words(row: FigureRow) -> str:
    """K04 延べ実施日数: 締めの時 3.0人日、いまは 5.0人日。 and the same of the period before."""
    own = _("%(name)s: 締めの時 %(then)s、いまは %(now)s。")
    before = _("%(name)s(前の期間): 締めの時 %(then)s、いまは %(now)s。")
    pairs = ((own, row.value, row.now), (before, row.previous, row.before_now))
    return " ".join(
        words % {"name": row.indicator, "then": then, "now": now}
        for words, then, now in pairs
        if now
    )


def _tables(review: Review) -> tuple[dict, ...]:
    return _figures(review), _actions(review), _remarks(review)


def _spec(review: Review) -> list[tuple[str, Any, Any]]:
    """Key, label and value of each row."""
    span = span_words(review.first, review.last)
    period = said(_("%(period)s(%(span)s)"), period=period_words(review.period), span=span)
    return [
        ("place", _("レビューの対象"), review.place),
        ("period", _("レビューの期間"), period),
        ("plan", _("今期のねらい"), review.plan_text or "—"),
        ("do", pgettext_lazy("レビュー", "行ったこと"), review.do_text or "—"),
        ("check", _("結果と分析"), review.check_text or "—"),
        ("act", _("次に向けて"), review.act_text or "—"),
        ("actions", pgettext_lazy("評価", "改善項目"), _actions_words(review)),
    ]


def _actions_words(review: Review) -> str:
    """How many there are; that there are none is said, too."""
    count = review.known_actions.count()
    return said(_("%(n)s件(下の表)"), n=count) if count else said(pgettext_lazy("改善項目", "なし"))


def _figures(review: Review) -> dict:
    departments = Department.objects.of(review.municipality_id).values_list("pk", "name")
    names = KnownNames(dict(departments))
    rows = [
        [
            row.indicator.words,
            figure_words(row.figure, row.indicator),
            previous_words(row.previous, row.figure, row.indicator),
            change_words(row.figure, row.previous, row.indicator),
            _base(row, review.cadence, names),
            said(_("第%(version)s版"), version=row.indicator.definition_version),
        ]
        for row in review.figures.select_related("indicator")
    ]
    head = {
        "indicator": pgettext_lazy("数値の列", "指標"),
        "value": pgettext_lazy("数値の列", "今期"),
        "previous": pgettext_lazy("数値の列", "前の期間"),
        "change": pgettext_lazy("数値の列", "増減"),
        "base": _("分子 / 分母"),
        "version": pgettext_lazy("数値の列", "定義"),
    }
    asof = said(_("%(day)sの締めで固定した値です。"), day=era_day(review.closed_at))
    title = _("締めで固定した数値")
    return {"key": FIGURES, "title": title, "asof": asof, "rows": rows} | keyed_head(head)


def content_for_few(number: int, content: dict, gate: Gate, today: date) -> dict:
    """The content with the figures that a reader with this gate may be shown.

    What was frozen at an earlier closing differs by few people from what stands now, so that of its
    figures none is shown that counts people.
    """
    review = Review.objects.select_related("department", "municipality").get(pk=number)
    figures = frozen_figures(review, late=False)
    hiding = hiding_of(review, figures, gate)
    with override("ja"):
        shown = {row[0]: row for row in worded(kept(_figures(review)["rows"]))}
        known = figures.indicators
        hidden = {str(known[code]) for code in hiding.codes & known.keys()}
        before = {str(known[code]) for code in hiding.before & known.keys()}
    tables = []
    for table in content["tables"]:
        key = key_of_table(table, EARLIER_TABLES)
        few = table_for_few(table, SAFE_COLUMNS.get(key, frozenset()), EARLIER_COLUMNS)
        if key == FIGURES:
            few["rows"] = [_for_few(row, shown, hidden, before) for row in few["rows"]]
        tables.append(few)
    return {
        **content,
        "spec": spec_for_few(content, EARLIER_SPEC.values(), EARLIER_SPEC),
        "tables": tables,
    }


def _for_few(
    row: list[Any], shown: Mapping[str, list[str]], hidden: set[str], before: set[str]
) -> list[Any]:
    """What the rows say is compared in Japanese, as which the older ones were frozen."""
    name, value, _previous, _change, base, version = row
    with override("ja"):
        said_then = worded(row)
    if said_then[0] in hidden or shown.get(said_then[0]) != said_then:
        return [name, MARK, MARK, MARK, MARK, version]
    if said_then[0] in before:
        return [name, value, MARK, MARK, base, version]
    return row


def _base(row: ReviewFigure, cadence: str, names: KnownNames) -> str:
    """Fraction, who is missing, and why it is not compared with the period before."""
    return joined_words(
        base_words(row.figure, row.indicator),
        missing_words(row.figure, names.departments),
        mark_words(row.figure, row.previous, counted_by(row.indicator.code, cadence), names),
    )


def _actions(review: Review) -> dict:
    """The actions as they were known at the closing."""
    rows = [
        [
            known.action.what,
            ActionInReview.State(known.state).label,
            era_day(known.due_on) if known.due_on else "—",
            str(known.who or "—"),
        ]
        for known in review.known_actions.select_related("action", "who")
    ]
    head = {
        "what": pgettext_lazy("改善項目", "何を"),
        "state": pgettext_lazy("数値の列", "状態"),
        "due": pgettext_lazy("改善項目", "いつまで"),
        "who": pgettext_lazy("改善項目", "誰が"),
    }
    title = pgettext_lazy("評価", "改善項目")
    return {"key": "actions", "title": title, "rows": rows} | keyed_head(head)


def _remarks(review: Review) -> dict:
    """所見 and 助言: post or role, never the name, since those may read the decision who see no
    persons.
    """
    rows = [
        [
            pgettext_lazy("レビュー", "助言")
            if remark.is_advice
            else pgettext_lazy("レビュー", "所見"),
            Grant.Role(remark.role).label if remark.is_advice else remark.post,
            remark.text,
        ]
        for remark in review.remarks.all()
    ]
    head = {
        "kind": pgettext_lazy("所見の列", "種類"),
        "author": pgettext_lazy("所見の列", "書いた人"),
        "text": pgettext_lazy("所見の列", "内容"),
    }
    return {"key": "remarks", "title": _("所見・助言"), "rows": rows} | keyed_head(head)
