"""What an earlier version copied into answers is taken out of those that nobody has begun, and
exceptions of before get the level that they were granted for, and what was sent back before is
known as it stood.
"""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from municipality.core.refusals import Conflict
from rollout.readiness.models import Answer, Assessment, BlockerException
from rollout.readiness.operations.answers import submit_assessment
from rollout.readiness.operations.exceptions import grant_exception
from rollout.readiness.operations.reexaminations import ask_to_reexamine, confirm_reexamination
from rollout.readiness.operations.reviews import return_assessment
from tests.build import rollout as build
from tests.build.municipality import at, with_duty

pytestmark = pytest.mark.django_db
MIGRATION = import_module("rollout.migrations.0003_answers_nobody_gave")
LEVELS = import_module("rollout.migrations.0006_set_level_of_exceptions")
RETURNED = import_module("rollout.migrations.0008_answers_when_returned")


def test_copied_answers_are_emptied_where_nobody_began_and_kept_elsewhere(town):
    first = build.a_round(town.body, town.office)
    build.confirmed(first, town.soumu, town.manager, town.office, level=2)
    build.closed(first, town.office)
    second = build.a_round(town.body, town.office, "第2回", now=at(2026, 10, 20))
    begun = build.entering(second, town.zeimu, town.other_manager, level=1)
    copied = build.an_assessment(second, town.soumu)
    Answer.objects.filter(assessment=copied).update(own_level=2, comment="前回の根拠")
    Assessment.objects.filter(pk=copied.pk).update(scores=begun.scores)

    MIGRATION.empty(apps, connection.schema_editor())

    rows = Answer.objects.filter(assessment=copied)
    told = set(rows.values_list("own_level", "previous_level", "comment", "previous_comment"))
    assert told == {(None, 2, "", "前回の根拠")}
    total = Assessment.objects.get(pk=copied.pk).result.total
    assert (total.answered, total.total, total.value) == (0, 28, None)
    assert set(Answer.objects.filter(assessment=begun).values_list("own_level", flat=True)) == {1}
    assert Assessment.objects.get(pk=begun.pk).result == begun.result


def test_an_exception_of_before_gets_the_level_at_which_it_was_granted(town):
    with_duty(town.executive, "security", town.root)
    first = build.a_round(town.body, town.office)
    confirmed = build.confirmed(first, town.soumu, town.manager, town.office, I2=1)
    answer = confirmed.answers.select_related("criterion").get(criterion__code="I2")
    answer.assessment = confirmed
    terms = {"reason": "閲覧だけ", "valid_until": at(2027, 3, 31).date()}
    kept = grant_exception(answer, **terms, by=town.executive, now=at(2026, 10, 20))
    asked = ask_to_reexamine(
        answer, level=0, comment="回線がない", by=town.manager, now=at(2026, 10, 21)
    )
    confirm_reexamination(asked, by=town.office, now=at(2026, 10, 22))
    build.closed(first, town.office)
    second = build.a_round(town.body, town.office, "第2回", now=at(2026, 11, 2))
    build.confirmed(second, town.soumu, town.manager, town.office, now=at(2026, 11, 2), I2=0)
    unknown = BlockerException.objects.create(
        municipality=town.body,
        department=town.zeimu,
        criterion="I2",
        level=3,
        reason="閲覧だけ",
        valid_until=terms["valid_until"],
        granted_by=town.executive,
        granted_as="副町長",
        granted_at=at(2026, 10, 20),
    )
    BlockerException.objects.filter(pk=kept.pk).update(level=0)

    LEVELS.set_levels(apps, connection.schema_editor())

    kept.refresh_from_db()
    unknown.refresh_from_db()
    assert (kept.level, unknown.level) == (1, 0)


def test_what_was_sent_back_before_is_not_handed_in_unchanged(town):
    row = build.entering(build.a_round(town.body, town.office), town.soumu, town.manager)
    submit_assessment(row, by=town.manager, now=at(2026, 10, 20))
    return_assessment(row, remark="根拠を書いてください。", by=town.office, now=at(2026, 10, 21))
    row.answers.update(returned_level=None, returned_comment="")

    RETURNED.keep_what_was_returned(apps, connection.schema_editor())

    with pytest.raises(Conflict, match="どの項目も変わっていません"):
        submit_assessment(row, by=town.manager, now=at(2026, 10, 22))
    row.answers.filter(criterion__code="I2").update(comment="手順書を付けた")
    assert submit_assessment(row, by=town.manager, now=at(2026, 10, 22))
