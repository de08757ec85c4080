"""The first few of many names, and how many more there are."""

from __future__ import annotations

import pytest
from django.utils import translation

from municipality.core.name_lists import some_names

NAMES = ["総務課", "税務課", "住民課", "福祉課", "建設課"]


@pytest.mark.parametrize(
    ("count", "counted", "ja", "en"),
    [
        (0, "things", "", ""),
        (1, "things", "総務課", "総務課"),
        (3, "things", "総務課、税務課、住民課", "総務課, 税務課, 住民課"),
        (4, "things", "総務課、税務課、住民課ほか1件", "総務課, 税務課, 住民課 and 1 more"),
        (5, "people", "総務課、税務課、住民課ほか2人", "総務課, 税務課, 住民課 and 2 more"),
        (5, "days", "総務課、税務課、住民課ほか2日", "総務課, 税務課, 住民課 and 2 more"),
        (
            5,
            "departments",
            "総務課、税務課、住民課ほか2部署",
            "総務課, 税務課, 住民課 and 2 other departments",
        ),
    ],
)
def test_three_names_are_told_and_the_number_of_the_others(count, counted, ja, en):
    assert some_names(NAMES[:count], counted=counted) == ja
    with translation.override("en"):
        assert some_names(NAMES[:count], counted=counted) == en


def test_most_and_what_stands_between_them_can_be_given():
    assert some_names(NAMES, 2, joint="・") == "総務課・税務課ほか3件"
