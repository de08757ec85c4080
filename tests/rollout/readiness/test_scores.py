"""Scores: weighted means of what was answered; what is missing is not zero."""

from __future__ import annotations

import pytest

from rollout.readiness.models import Answer, Criterion
from rollout.readiness.scores import Score, Scores, score


def answer(axis="documents", *, weight=1, own=None, reviewed=None, code="D1", needs=0):
    criterion = Criterion(
        axis=axis, weight=weight, code=code, blocker=bool(needs), blocker_level=needs
    )
    return Answer(criterion=criterion, own_level=own, reviewed_level=reviewed)


def test_the_value_is_the_mean_of_the_levels_by_weight():
    found = score([answer(weight=3, own=4), answer(weight=1, own=0)])
    assert found.axes["documents"] == Score(points=12, weight=4, answered=2, total=2)
    assert found.axes["documents"].value == 3.0


def test_what_is_not_answered_is_counted_as_missing_and_not_as_zero():
    found = score([answer(weight=1, own=4), answer(weight=5)]).axes["documents"]
    assert (found.value, found.answered, found.total) == (4.0, 1, 2)


def test_an_axis_without_any_answer_has_no_value():
    found = score([answer(), answer()]).axes["documents"]
    assert (found.value, found.answered, found.total) == (None, 0, 2)


def test_the_total_weighs_all_criteria_of_all_axes():
    found = score(
        [answer(weight=3, own=1), answer("culture", weight=1, own=4), answer("culture", weight=2)]
    )
    assert found.total.value == 7 / 4
    assert (found.total.answered, found.total.total) == (2, 3)


def test_the_reviewed_level_counts_and_the_own_one_can_be_asked_for():
    answers = [answer(own=3, reviewed=1)]
    assert score(answers).total.value == 1.0
    assert score(answers, level="own_level").total.value == 3.0


@pytest.mark.parametrize(
    ("own", "reviewed", "unmet"),
    [
        (2, None, False),
        (1, None, True),
        (None, None, False),
        (3, 1, True),
        (1, 2, False),
        (0, None, True),
    ],
)
def test_a_required_condition_is_unmet_only_when_it_is_answered_below_its_level(
    own, reviewed, unmet
):
    given = answer(own=own, reviewed=reviewed, code="D2", needs=2)
    assert given.is_blocking is unmet
    assert score([given]).total.blockers == (["D2"] if unmet else [])


def test_a_low_level_of_another_criterion_blocks_nothing():
    assert score([answer(own=0)]).total.blockers == []


def test_scores_are_read_as_they_were_written():
    found = score([answer(weight=3, own=1, code="D2", needs=2), answer("skills", own=4)])
    assert Scores.read(found.write()) == found


@pytest.mark.parametrize(
    ("own", "reviewed", "difference"),
    [(3, 1, -2), (1, 3, 2), (2, 2, 0), (None, 2, None), (2, None, None)],
)
def test_the_difference_is_the_reviewed_level_minus_the_own_one(own, reviewed, difference):
    assert answer(own=own, reviewed=reviewed).difference == difference


def test_what_does_not_apply_is_answered_and_has_no_weight():
    given = answer(weight=5)
    given.not_applicable = True
    axis = score([answer(weight=1, own=4), given]).axes["documents"]
    assert (axis.value, axis.weight, axis.answered, axis.total) == (4.0, 1, 2, 2)
