"""A 必須条件 that was passed over reads 例外承認(…まで) on every page that tells readiness."""

from __future__ import annotations

from datetime import date

import pytest

from rollout.readiness.operations.exceptions import grant_exception
from tests.build import rollout as build
from tests.build.municipality import at, signed_in, with_duty

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tenth")]
TOLD = "例外承認(令和9年3月31日まで)"


@pytest.fixture
def passed(town):
    """総務課 is confirmed with I2 and D2 at 1; I2 is passed over until 31 March 2027."""
    with_duty(town.executive, "security", town.root)
    round_ = build.a_round(town.body, town.office)
    town.row = build.confirmed(round_, town.soumu, town.manager, town.office, I2=1, D2=1)
    answer = town.row.answers.select_related("criterion").get(criterion__code="I2")
    answer.assessment = town.row
    terms = {"reason": "閲覧だけの業務に限るため。", "valid_until": date(2027, 3, 31)}
    grant_exception(answer, **terms, by=town.executive, now=at(2026, 10, 20))
    return town


def test_the_list_names_it_with_its_department_and_its_condition(passed):
    page = signed_in(passed.office).get(f"/{passed.body.pk}/readiness/").content.decode()
    assert page.count(TOLD) == 2, "in the row of the department, and beside the condition"
    assert f"I2 {TOLD}" in page
    assert f"D2 {TOLD}" not in page
    assert "うち1部署に例外承認があります。" in page


def test_the_assessment_says_it_at_the_condition_and_on_top(passed):
    client = signed_in(passed.manager)
    page = client.get(passed.row.get_absolute_url()).content.decode()
    assert page.count(TOLD) == 2
    assert client.get(passed.row.conditions_address).content.decode().count(TOLD) == 1


def test_it_ends_with_the_level_it_was_granted_for(passed):
    passed.row.answers.filter(criterion__code="I2").update(reviewed_level=0)
    page = signed_in(passed.office).get(f"/{passed.body.pk}/readiness/").content.decode()
    assert "例外承認" not in page
