"""Who may what with a readiness assessment: the whole table, written by hand."""

from __future__ import annotations

import pytest

from rollout.readiness.rules import (
    may_confirm,
    may_fill_in,
    may_open_round,
    may_review,
    may_submit,
)
from tests.build import rollout as build
from tests.build.municipality import a_department, a_member, with_duty

pytestmark = pytest.mark.django_db

RULES = (may_fill_in, may_submit, may_review, may_confirm, may_open_round)
MAY = {
    "manager": (True, True, False, False, False),
    "clerk": (True, False, False, False, False),
    "staff": (False, False, False, False, False),
    "other_manager": (False, False, False, False, False),
    "office": (False, False, True, True, True),
    "consultant": (False, False, True, False, False),
    "hr": (False, False, False, False, False),
    "auditor": (False, False, False, False, False),
    "executive": (False, False, False, False, False),
}


@pytest.mark.parametrize("person", MAY)
def test_who_may_what(town, person):
    assessment = build.an_assessment(build.a_round(town.body, town.office), town.soumu)
    assert tuple(bool(rule(getattr(town, person), assessment)) for rule in RULES) == MAY[person]


def test_the_manager_of_a_department_above_may_fill_in_and_submit(town):
    unit = a_department(town.body, "庶務係", parent=town.soumu, kind="unit")
    assessment = build.an_assessment(build.a_round(town.body, town.office), unit)
    assert may_fill_in(town.manager, assessment) is True
    assert may_submit(town.manager, assessment) is True


def test_a_clerk_fills_in_for_the_own_department_only(town):
    clerk = a_member(town.zeimu)
    with_duty(clerk, "clerk", town.soumu)
    with_duty(clerk, "security", town.zeimu)
    round_ = build.a_round(town.body, town.office)
    assert may_fill_in(clerk, build.an_assessment(round_, town.soumu)) is True
    assert not may_fill_in(clerk, build.an_assessment(round_, town.zeimu))


def test_nobody_reviews_or_confirms_what_they_submitted(town):
    both = a_member(town.zeimu, "manager", "office", post="課長")
    assessment = build.submitted(build.a_round(town.body, town.office), town.zeimu, both)
    assert not may_review(both, assessment)
    assert not may_confirm(both, assessment)
    assert may_confirm(town.office, assessment) is True
