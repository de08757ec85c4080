"""Text that is frozen as message and values is worded in the language of who reads it."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, override, pgettext_lazy

from municipality.core.date_words import era_day, period_words, span_words
from municipality.core.name_lists import some_names
from municipality.core.periods import Period
from municipality.core.worded import (
    FORMS,
    UNREADABLE,
    in_language,
    kept,
    said,
    sentences,
    strung,
    worded,
)

AUGUST, OCTOBER = date(2026, 8, 3), date(2026, 10, 30)

TEXTS = [
    (lambda: span_words(AUGUST, OCTOBER), "令和8年8月3日(月)から10月30日(金)まで"),
    (lambda: period_words(Period.holding(Period.QUARTER, AUGUST)), "令和8年度 第2四半期"),
    (lambda: some_names(["総務課", "税務課", "住民課", "福祉課"]), "総務課、税務課、住民課ほか1件"),
    (lambda: in_language("接続の方式", "Way of connecting"), "接続の方式"),
    (lambda: strung(" ", "I2", era_day(AUGUST)), "I2 令和8年8月3日(月)"),
    (lambda: said(ngettext_lazy("%(n)s年", "%(n)s年", 2), n=2), "2年"),
    (lambda: pgettext_lazy("決裁", "決裁"), "決裁"),
]


@pytest.mark.parametrize(("make", "japanese"), TEXTS)
def test_each_reads_what_was_frozen_in_their_language(make, japanese):
    assert make() == japanese
    frozen = json.loads(json.dumps(kept(make())))
    with override("en"):
        assert worded(frozen) == make() != japanese
        assert kept(make()) == frozen
        assert kept(worded(frozen)) == frozen
    assert worded(frozen) == japanese


def test_what_was_typed_or_frozen_as_text_stays_as_it_is():
    typed = {"spec": [["目的", "窓口の100%(予約)s を保つ"]], "tables": [], "score": 2.9}
    with override("en"):
        assert worded(kept(typed)) == typed
    words = said(_("理由「%(text)s」"), text="100%(予約)s")
    assert worded(kept(words)) == words == "理由「100%(予約)s」"


def test_a_unit_without_words_is_no_message():
    assert (said("%"), kept(said("%"))) == ("%", "%")


@pytest.mark.parametrize(
    "altered",
    [
        {"says": "%(n)s人", "values": {"m": 1}},
        {"says": 3},
        {"says": "人", "extra": 1},
        {"as": "nobody", "of": []},
        {"as": "era_day", "of": []},
        {"as": "era_day", "of": [{"date": "never"}, True]},
    ],
)
def test_what_somebody_altered_breaks_no_page(altered):
    assert UNREADABLE in str(worded({"lead": altered})["lead"])


def test_the_names_that_stand_in_frozen_contents_are_never_renamed():
    assert {*FORMS} == {
        "sentences",
        "era_day",
        "fiscal_year",
        "in_language",
        "month",
        "month_name",
        "strung",
        "unit",
    }


def test_sentences_stand_apart_in_english_only():
    assert sentences("一つ。", "", "二つ。") == "一つ。二つ。"
    with override("en"):
        assert sentences("One.", "", "Two.") == "One. Two."
