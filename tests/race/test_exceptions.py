"""Two people who grant exceptions pass over the same 必須条件 at once: one exception stands, the other
is told. The same of two who ask for one.
"""

from __future__ import annotations

from datetime import date

import pytest

from municipality.core.refusals import Conflict
from rollout.readiness.models import BlockerException, ExceptionRequest
from rollout.readiness.operations.exceptions import ask_for_exception, grant_exception
from tests.build import rollout as build
from tests.build.municipality import a_body, a_department, a_member, at, root_of, with_duty

from .together import together

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
AT_ONCE, NOW = 8, at(2026, 10, 20)


@pytest.fixture
def blocked():
    """Who answers for information security, and the condition that a department does not meet."""
    body = a_body()
    root, department = root_of(body), a_department(body, "総務課")
    office, manager = a_member(root, "office"), a_member(department, "manager", post="課長")
    officer = a_member(root, "executive", post="副町長")
    with_duty(officer, "security", root)
    round_ = build.a_round(body, office)
    assessment = build.confirmed(round_, department, manager, office, I2=1)
    return officer, office, assessment


def answer_of(assessment):
    answer = assessment.answers.select_related("criterion").get(criterion__code="I2")
    answer.assessment = assessment
    return answer


def test_of_many_grants_at_once_one_stands(blocked):
    officer, _office, assessment = blocked
    terms = {"reason": "住民の情報を扱わないため。", "valid_until": date(2027, 3, 31)}
    answers = [answer_of(assessment) for _ in range(AT_ONCE)]
    came = together(
        [
            lambda answer=answer: grant_exception(answer, **terms, by=officer, now=NOW)
            for answer in answers
        ]
    )
    assert [type(one) for one in came].count(Conflict) == AT_ONCE - 1, came
    assert BlockerException.objects.count() == 1


def test_of_many_requests_at_once_one_stands(blocked):
    _officer, office, assessment = blocked
    answers = [answer_of(assessment) for _ in range(AT_ONCE)]
    came = together(
        [
            lambda answer=answer: ask_for_exception(answer, reason="理由", by=office, now=NOW)
            for answer in answers
        ]
    )
    assert [type(one) for one in came].count(Conflict) == AT_ONCE - 1, came
    assert ExceptionRequest.objects.count() == 1


def test_no_request_stays_open_for_a_condition_that_is_passed_over_at_once(blocked):
    officer, office, assessment = blocked
    terms = {"reason": "住民の情報を扱わないため。", "valid_until": date(2027, 3, 31)}

    def grant():
        return grant_exception(answer_of(assessment), **terms, by=officer, now=NOW)

    def ask():
        return ask_for_exception(answer_of(assessment), reason="理由", by=office, now=NOW)

    together([grant, ask] * (AT_ONCE // 2))
    assert BlockerException.objects.count() == 1
    assert not ExceptionRequest.objects.waiting().exists()
