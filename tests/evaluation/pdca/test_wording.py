"""Why two figures are not compared, in words of what is counted."""

from __future__ import annotations

import pytest
from django.utils import translation

from evaluation.pdca.indicators.models import Indicator
from evaluation.pdca.wording import (
    KnownNames,
    change_words,
    counted_by,
    mark_words,
    previous_words,
)
from municipality.core.figures import Figure, population_key

NAMES = KnownNames({1: "総務課", 2: "税務課"}, {5: "第1回試行", 6: "第2回試行"})
BEFORE, NOW = Figure(11, 14, kind="rate"), Figure(11, 13, kind="rate")


@pytest.mark.parametrize("before", [None, Figure(None), Figure(None, 14, (2,), kind="rate")])
def test_without_a_figure_before_there_is_nothing_to_compare(before):
    assert mark_words(Figure(4, 14, (1,), kind="rate"), before, "people", NAMES) == ""


@pytest.mark.parametrize(
    ("code", "cadence", "ja", "en"),
    [
        ("K24", "month", "対象が14人から13人に変わりました", "people counted went from 14 to 13"),
        (
            "K03",
            "quarter",
            "対象が延べ14人から延べ13人に変わりました",
            "person-months counted went from 14 to 13",
        ),
        (
            "K06",
            "month",
            "実施者が14人から13人に変わりました",
            "people who teleworked went from 14",
        ),
        ("K26", "month", "対象が14組から13組に変わりました", "pairs counted went from 14 to 13"),
        (
            "K07",
            "quarter",
            "対象が14部署から13部署に変わりました",
            "departments counted went from 14 to 13",
        ),
        (
            "K26",
            "year",
            "値のある月が14か月から13か月に変わりました",
            "months with a value went from 14 to 13",
        ),
    ],
)
def test_the_mark_says_who_or_what_is_counted_before_and_now(code, cadence, ja, en):
    counted = counted_by(code, cadence)
    assert mark_words(NOW, BEFORE, counted, NAMES) == ja
    with translation.override("en"):
        assert en in mark_words(NOW, BEFORE, counted, NAMES)
    assert change_words(NOW, BEFORE, Indicator(decimals=1)) == "—"


def test_where_a_change_stands_over_another_base_both_bases_are_told():
    rate = Indicator(unit="%", decimals=1, is_rate=True)
    now = Figure(13, 15, kind="rate")
    assert change_words(now, BEFORE, rate) == "+8.1"
    assert previous_words(BEFORE, now, rate) == "78.6% (11 / 14)"
    assert previous_words(BEFORE, Figure(12, 14, kind="rate"), rate) == "78.6%"
    assert previous_words(None, now, rate) == "—"


def moved(kind: str, before: list[int], now: list[int], names: KnownNames = NAMES) -> str:
    figures = [Figure(1, 2, kind="rate", population=population_key(kind, s)) for s in (before, now)]
    return mark_words(figures[1], figures[0], "people", names)


def test_what_came_and_left_is_named_for_who_sees_it():
    assert (
        moved("pilots", [5], [6]) == "対象が変わりました: 第2回試行が加わり、第1回試行が外れました"
    )
    assert (
        moved("departments", [1], [2]) == "対象が変わりました: 税務課が加わり、総務課が外れました"
    )
    assert moved("pilots", [5], [5, 6]) == "対象が変わりました: 試行 1→2"
    assert moved("pilots", [5], [6], KnownNames()) == "対象の試行が入れ替わりました"
    assert moved("departments", [1], [2], KnownNames({1: "総務課"})) == (
        "対象の部署が入れ替わりました"
    )


def test_old_keys_without_members_say_that_they_changed():
    now, before = (
        Figure(1, 2, kind="rate", population=key) for key in ("pilots:1:aa", "pilots:1:bb")
    )
    assert mark_words(now, before, "people", NAMES) == "対象の試行が入れ替わりました"


def test_the_mark_tells_every_reason_that_holds():
    before = Figure(11, 14, kind="rate", population=population_key("pilots", [5]), version=1)
    now = Figure(11, 16, (2,), "rate", population_key("pilots", [5, 6]), version=2)
    with translation.override("ja"):
        assert mark_words(now, before, "people", NAMES) == (
            "定義の版が変わりました、対象が変わりました: 試行 1→2、"
            "未提出の部署があるため比べられません"
        )
