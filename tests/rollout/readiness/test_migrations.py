"""What an earlier version copied into answers is taken out of those that nobody has begun."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from rollout.readiness.models import Answer, Assessment
from tests.build import rollout as build
from tests.build.municipality import at

pytestmark = pytest.mark.django_db
MIGRATION = import_module("rollout.migrations.0003_answers_nobody_gave")


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
