"""What decisions about pilots and expansions freeze is the same whatever the drafter reads."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from municipality.core.date_words import era_day
from pilots.expansion.decision_content import expansion_content_of
from pilots.expansion.evidence import measure_evidence
from pilots.expansion.operations.plans import set_plan
from pilots.lifecycle.operations.decisions import request_pilot_decision
from pilots.participants.models import Participant
from pilots.planning.readiness import readiness_rows
from pilots.results.evidence import measure_result
from rollout.readiness.operations.exceptions import grant_exception, revoke_exception
from tests.build import pilots as build
from tests.build.frozen import decision_alike, frozen_alike, keys_of
from tests.build.municipality import at, with_duty

pytestmark = pytest.mark.django_db
TODAY, NOW = date(2026, 7, 23), at(2026, 7, 23)
NOTED = {"method": "standalone", "days_per_week": 3}
"""A plan of which those who decide are told something."""


@pytest.fixture
def town():
    return build.a_town()


def passed_over(town, department, manager, until=date(2027, 1, 31), **facts):
    """I2 of the department is not met, and was passed over."""
    if not town.mayor.duties.exists():
        with_duty(town.mayor, "security", town.root)
    now = at(2026, 6, 15)
    assessment = build.ready(town, department, manager, name="第2回", now=now, I2=1)
    answer = assessment.answers.select_related("criterion").get(criterion__code="I2")
    answer.assessment = assessment
    facts = {"reason": "閲覧だけに限るため。", "conditions": "月次で確かめる。", **facts}
    return grant_exception(answer, valid_until=until, by=town.mayor, now=at(2026, 7, 1), **facts)


def ask(pilot, member, department, **facts):
    Participant.objects.create(
        municipality=pilot.municipality,
        pilot=pilot,
        member=member,
        department=department,
        asked_on=TODAY,
        **facts,
    )


def test_of_a_pilot_that_is_simply_asked_for(town):
    decision = request_pilot_decision(build.a_planned(town), by=town.chief, now=NOW)
    assert keys_of(decision_alike(decision, TODAY)) >= {"criteria", "readiness", "training"}


def test_of_a_pilot_with_everything_that_is_told_of_one(town):
    passed_over(town, town.kikaku, town.chief, until=date(2026, 9, 30))
    pilot = build.a_planned(town, scope="資料作成", **NOTED)
    ask(pilot, town.staff[0], town.kikaku, state="agreed", agreed_on=TODAY)
    ask(pilot, town.staff[1], town.kikaku, state="asked")
    decision = request_pilot_decision(pilot, by=town.chief, now=NOW)
    assert keys_of(decision_alike(decision, TODAY)) >= {"exception", "method", "scope"}


def test_of_readiness_whose_exception_is_over(town):
    exception = passed_over(town, town.kikaku, town.chief, until=date(2026, 7, 10))
    [row] = frozen_alike(lambda: readiness_rows([town.kikaku], TODAY))
    assert row["open"][0]["ended"]["says"] == "例外の期限は%(day)sまでです。"
    revoke_exception(exception, by=town.mayor, now=at(2026, 7, 9))
    [row] = frozen_alike(lambda: readiness_rows([town.kikaku], TODAY))
    assert row["open"][0]["ended"]["says"] == "例外の承認は%(day)sに取り消されました。"


def test_of_an_expansion_on_weak_evidence(town):
    pilot = build.an_evaluated(
        town, criteria=[("K40", "at_least", Decimal(90)), ("K39", "at_least", Decimal(3))]
    )
    decision = build.decision_of(build.a_requested(town, pilot, **NOTED))
    keys = keys_of(decision_alike(decision, date(2026, 11, 4)))
    assert keys >= {"weakness", "method", "evidence", "readiness", "plans"}


def test_of_an_expansion_that_cannot_be_judged_yet(town):
    pilot = build.a_running(town)
    decision = build.decision_of(build.a_requested(town, pilot))
    assert "weakness" in keys_of(decision_alike(decision, date(2026, 11, 4)))


def test_of_an_expansion_with_an_exception_and_carried_criteria(town):
    passed_over(town, town.zeimu, town.tax_chief)
    decision = build.decision_of(build.a_requested(town))
    content = decision_alike(decision, date(2026, 11, 4))
    assert "exception" in keys_of(content)
    [table] = [each for each in content["tables"] if each["key"] == "plans"]
    assert "引き継いだ基準" in str(table["asof"])


@pytest.mark.parametrize("criteria", [[], [("K40", "at_least", Decimal(50))]])
def test_of_an_expansion_with_plans_of_its_departments(town, criteria):
    build.ready(town, town.zeimu, town.tax_chief, name="第2回")
    expansion = build.an_application(town, build.an_evaluated(town))
    plan = expansion.department_rows.get()
    set_plan(
        plan,
        edition=plan.edition,
        purpose="申告の審査を在宅で行う。",
        scope="申告書の審査",
        lead=town.tax_chief,
        criteria=criteria,
        by=town.chief,
        now=at(2026, 11, 4),
    )
    content = frozen_alike(lambda: expansion_content_of(expansion.pk, date(2026, 11, 4)))
    assert "plans" in keys_of(content)


def test_of_results_and_evidence(town):
    pilot, now = build.an_evaluated(town), at(2026, 11, 4)
    assert frozen_alike(lambda: measure_result(pilot, now=now))["form"] == 2
    assert frozen_alike(lambda: measure_evidence(pilot, [town.zeimu], now=now))["departments"]


@pytest.mark.selfcheck
@pytest.mark.parametrize("text", [lambda: f"{era_day(TODAY)} ", lambda: "ここに直に書いた文。"])
def test_a_text_that_lost_what_it_was_made_of_is_found(text):
    with pytest.raises(AssertionError):
        frozen_alike(text)
