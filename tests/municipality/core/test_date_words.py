"""Days, spans, months and years in words, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from municipality.core import date_words as words
from municipality.core.periods import Period, read_date

NOV, JAN = date(2026, 11, 9), date(2027, 1, 12)
NIGHT = datetime(2026, 11, 8, 16, 0, tzinfo=UTC)
QUARTER, MONTH = Period.holding("quarter", JAN), Period.holding("month", JAN)


@pytest.mark.parametrize(
    ("said", "ja", "en"),
    [
        (lambda: words.day_words(NOV), "11月9日(月)", "9 Nov 2026"),
        (lambda: words.day_words(NIGHT), "11月9日(月)", "9 Nov 2026"),
        (lambda: words.day_words(JAN, NOV), "1月12日(火)", "12 Jan 2027"),
        (lambda: words.day_words(date(2027, 4, 1), NOV), "令和9年4月1日(木)", "1 Apr 2027"),
        (lambda: words.era_day(JAN), "令和9年1月12日(火)", "12 Jan 2027"),
        (lambda: words.era_day(JAN, date(2027, 1, 5)), "1月12日(火)", "12 Jan"),
        (lambda: words.era_day(date(2019, 4, 30)), "平成31年4月30日(火)", "30 Apr 2019"),
        (lambda: words.era_day(date(2019, 5, 1)), "令和元年5月1日(水)", "1 May 2019"),
        (lambda: words.era_day(date(1926, 12, 24)), "1926年12月24日(金)", "24 Dec 1926"),
        (lambda: words.month_day(NOV), "11月9日", "9 Nov"),
        (lambda: words.weekday_day(NOV), "11月9日(月)", "Mon 9 Nov"),
        (lambda: words.formal_day(NOV), "令和8年11月9日", "9 Nov 2026"),
        (lambda: words.short_day(NIGHT), "11/9", "9 Nov"),
        (lambda: words.weekday(NOV), "月", "Mon"),
        (lambda: words.seal_day(NOV), "8.11.9", "8.11.9"),
        (lambda: words.span_words(NOV), "令和8年11月9日(月)から", "from 9 Nov 2026"),
        (
            lambda: words.span_words(JAN, date(2027, 3, 31)),
            "令和9年1月12日(火)から3月31日(水)まで",
            "12 Jan 2027 to 31 Mar",
        ),
        (
            lambda: words.span_words(JAN, date(2027, 3, 31), brief=False),
            "令和9年1月12日(火)から令和9年3月31日(水)まで",
            "12 Jan 2027 to 31 Mar 2027",
        ),
        (
            lambda: words.span_words(NOV, date(2027, 1, 12), date(2026, 7, 1)),
            "令和8年11月9日(月)から令和9年1月12日(火)まで",
            "9 Nov 2026 to 12 Jan 2027",
        ),
        (
            lambda: words.span_days(NOV, date(2026, 12, 18), NOV),
            ("11月9日(月)", "12月18日(金)"),
            ("9 Nov 2026", "18 Dec 2026"),
        ),
        (
            lambda: words.span_days(NOV, JAN, NOV),
            ("令和8年11月9日(月)", "令和9年1月12日(火)"),
            ("9 Nov 2026", "12 Jan 2027"),
        ),
        (
            lambda: words.span_days(JAN, date(2027, 4, 1), NOV),
            ("令和9年1月12日(火)", "令和9年4月1日(木)"),
            ("12 Jan 2027", "1 Apr 2027"),
        ),
        (lambda: words.with_year("12/18", NOV), "2026/12/18", "2026/12/18"),
        (lambda: words.with_year("1-9", NOV), "2027-1-9", "2027-1-9"),
        (lambda: words.with_year("１月 ９日", NOV), "令和9年1月9日", "令和9年1月9日"),
        (lambda: words.fiscal_year_words(2019), "令和元年度", "FY2019"),
        (lambda: words.fiscal_year_words(2018), "平成30年度", "FY2018"),
        (lambda: words.month_name(NOV), "11月", "Nov"),
        (lambda: words.month_words(NOV), "令和8年11月", "November 2026"),
        (lambda: words.short_month(NOV), "令和8年11月", "Nov 2026"),
        (lambda: words.period_words(MONTH), "令和9年1月分", "January 2027"),
        (lambda: words.period_words(QUARTER), "令和8年度 第4四半期", "FY2026, quarter 4"),
        (lambda: words.short_period(QUARTER), "1–3月", "Jan–Mar"),
        (lambda: words.short_period(MONTH), "1月", "Jan"),
    ],
)
def test_a_day_is_said_as_the_reader_says_it(said, ja, en):
    with translation.override("ja"):
        assert said() == ja
    with translation.override("en"):
        assert said() == en


def test_nothing_is_a_dash_and_an_empty_seal():
    assert [words.day_words(None), words.era_day(None), words.short_day(None)] == ["—"] * 3
    assert (words.seal_day(None), words.formal_day(None)) == ("", "")


@pytest.mark.parametrize("day", [date(2019, 5, 1), date(2019, 4, 30), date(1989, 1, 7), NOV])
def test_what_is_said_is_read_back(day):
    with translation.override("ja"):
        assert read_date(words.era_day(day).split("(")[0]) == day
    for language in ("ja", "en"):
        with translation.override(language):
            assert read_date(words.formal_day(day)) == day


@pytest.mark.parametrize("text", ["9 Nov 2026", "9 November 2026", "９ nov 2026", "09 NOV. 2026"])
def test_an_english_date_is_read(text):
    assert read_date(text) == NOV


@pytest.mark.parametrize("text", ["31 Apr 2026", "9 Nox 2026", "9 Nov 26", "Nov 2026"])
def test_what_is_no_english_date_is_refused(text):
    with pytest.raises(ValueError):
        read_date(text)
