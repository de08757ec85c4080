"""Numbers are read from digits as people type them, and from no other sign."""

from __future__ import annotations

import pytest

from municipality.core.digits import DECIMAL, WHOLE, narrow


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("12", "12"),
        ("３：３０", "3:30"),
        ("３．５", "3.5"),
        ("ｶﾞ", "ガ"),
        ("³", "³"),
        ("3³", "3³"),
        ("①②", "①②"),
        ("½", "½"),
        ("٣", "٣"),
        ("㋀", "㋀"),
    ],
)
def test_letters_take_their_usual_width_and_other_signs_for_numbers_stay(typed, text):
    assert narrow(typed) == text


@pytest.mark.parametrize("text", ["0", "12", "-5", "+3", "4.0"])
def test_whole_numbers(text):
    assert WHOLE.fullmatch(text)


@pytest.mark.parametrize("text", ["", "³", "1_000", "1e3", "4.5", "٣", "NaN"])
def test_what_is_no_whole_number(text):
    assert not WHOLE.fullmatch(text)


@pytest.mark.parametrize("text", ["0.5", "12", "-5.", ".5"])
def test_decimal_numbers(text):
    assert DECIMAL.fullmatch(text)


@pytest.mark.parametrize("text", ["", ".", "1e3", "NaN", "Infinity", "1_0.5", "½"])
def test_what_is_no_decimal_number(text):
    assert not DECIMAL.fullmatch(text)
