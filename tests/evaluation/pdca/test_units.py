"""A unit behind a number, as each language writes it."""

from __future__ import annotations

import pytest
from django.utils import translation

from municipality.core.worded import spaced_unit


@pytest.mark.parametrize(
    ("language", "unit", "written"),
    [
        ("ja", "人日", "人日"),
        ("en", "person-days", " person-days"),
        ("en", "%", "%"),
        ("ja", "%", "%"),
    ],
)
def test_an_english_word_stands_apart_from_its_number(language, unit, written):
    with translation.override(language):
        assert spaced_unit(unit) == written
