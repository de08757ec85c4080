"""What the decision of a review freezes is the same whatever the drafter reads."""

from __future__ import annotations

from datetime import date

import pytest

from evaluation.pdca.reviews.operations.reviews import add_remark
from evaluation.pdca.wording import KnownNames, mark_words, missing_words, with_base
from municipality.core.figures import Figure, population_key
from tests.build import evaluation as build
from tests.build.frozen import decision_alike, frozen_alike, keys_of
from tests.build.municipality import at

pytestmark = pytest.mark.django_db
KNOWN = KnownNames({1: "あおば町", 2: "企画財政課"}, {5: "Trial 1", 6: "Trial 2"})


def test_of_a_review_with_figures_actions_and_remarks():
    town = build.a_town()
    review = build.a_review(town, town.kikaku)
    build.with_action(review, town.chief)
    add_remark(review, text="当番を見直す。", by=town.consultant, now=at(2026, 11, 5))
    add_remark(review, text="よい進み方。", by=town.deputy_mayor, now=at(2026, 11, 5))
    _review, decision = build.a_deciding(town)
    content = decision_alike(decision, date(2026, 11, 9))
    assert keys_of(content) >= {"figures", "actions", "remarks"}


def figure(*members: int, people: int = 14, version: int = 1, kind: str = "departments"):
    """A rate over these departments or pilots."""
    return Figure(11, people, (), "rate", population_key(kind, members), version)


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (figure(1), figure(1, version=2)),
        (figure(1), figure(1, 2)),
        (figure(5, kind="pilots"), figure(5, 6, kind="pilots")),
        (figure(1), figure(2)),
        (figure(5, kind="pilots"), figure(7, kind="pilots")),
        (figure(1), Figure(11, 14, (2,), "rate", population_key("departments", [1]), 1)),
    ],
)
@pytest.mark.parametrize("counted", ["people", "pairs"])
def test_of_every_reason_why_figures_are_not_compared(before, now, counted):
    build.a_town()
    assert frozen_alike(lambda: mark_words(now, before, counted, KNOWN))


@pytest.mark.parametrize(
    "counted", ["people", "people_months", "takers", "pairs", "departments", "months"]
)
def test_of_everything_that_can_be_counted(counted):
    was, now = Figure(11, 14, kind="rate"), Figure(11, 13, kind="rate")
    assert frozen_alike(lambda: with_base(mark_words(now, was, counted, KNOWN), "11 / 13"))


@pytest.mark.parametrize("missing", [(2,), (2, 9)])
def test_of_who_is_missing(missing):
    build.a_town()
    assert frozen_alike(lambda: missing_words(Figure(1, 2, missing), KNOWN.departments))
