"""A day in a form lies within the range that the system plans in."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from municipality.web.forms import DayField


@pytest.mark.parametrize("text", ["1950-01-01", "2026-11-30", "令和12年4月1日"])
def test_a_day_within_it_is_taken(text):
    assert isinstance(DayField().clean(text), date)


@pytest.mark.parametrize("text", ["0001-01-01", "1949-12-31", "9999-12-31", "令和99年1月1日"])
def test_a_day_outside_it_is_refused_with_the_range(text):
    with pytest.raises(ValidationError, match="昭和25年1月1日"):
        DayField().clean(text)


@pytest.mark.parametrize(
    ("language", "shown", "hint"),
    [
        ("ja", "令和8年11月30日", "例 令和8年4月1日、R8.4.1"),
        ("en", "30 Nov 2026", "For example 1 Apr 2026"),
    ],
)
def test_a_day_is_filled_in_and_hinted_as_it_is_typed_in_the_language(language, shown, hint):
    with override(language):
        field = DayField()
        assert field.prepare_value(date(2026, 11, 30)) == shown
        assert str(field.help_text) == hint
        assert field.clean(shown) == date(2026, 11, 30)


@pytest.mark.parametrize("text", ["", None])
def test_an_empty_field_stays_empty(text):
    assert DayField(required=False).clean(text) is None


@pytest.mark.usefixtures("tenth")
@pytest.mark.parametrize(
    ("text", "example"),
    [("12/18", "2026/12/18"), ("12月18日", "令和8年12月18日"), ("１／９", "2027/1/9")],
)
def test_a_day_without_its_year_is_refused_with_how_to_type_it(text, example):
    with pytest.raises(ValidationError, match=f"年がありません。{example} のように"):
        DayField().clean(text)


@pytest.mark.parametrize("text", ["12", "18日", "12/18/2026", "来月"])
def test_what_is_no_day_at_all_is_told_the_ways_to_type_one(text):
    with pytest.raises(ValidationError, match="日付として読めません。"):
        DayField().clean(text)
