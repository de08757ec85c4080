"""Migrations of the pilots and of training with the rows of a body made before them."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def migrated(*names: tuple[str, str]):
    """The apps as these migrations leave them."""
    executor = MigrationExecutor(connection)
    executor.migrate(list(names))
    return MigrationExecutor(connection).loader.project_state(list(names)).apps


@pytest.fixture
def _newest_afterwards(transactional_db):
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.mark.usefixtures("_newest_afterwards")
def test_records_of_before_get_parts_and_required_courses_a_period():
    apps = migrated(("pilots", "0004_codes_of_criteria"), ("training", "0001_initial"))
    body = apps.get_model("municipality", "Municipality").objects.create(
        code="993018", name="あおば町"
    )
    department = apps.get_model("municipality", "Department").objects.create(
        municipality=body, code="0101", name="企画財政課", starts_on=date(2026, 4, 1)
    )
    member = apps.get_model("municipality", "Member").objects.create(
        municipality=body, number="000001", name="安藤 海"
    )
    usages = apps.get_model("pilots", "Usage").objects
    for unit, place in (
        ("hours", "home"),
        ("hours", "satellite"),
        ("morning", "home"),
        ("morning", "satellite"),
    ):
        usages.create(
            municipality=body,
            member=member,
            department=department,
            day=date(2026, 8, 4),
            unit=unit,
            place=place,
            minutes=60,
        )
    courses = apps.get_model("training", "Course").objects
    for code, required, active in (("T1", True, True), ("T2", False, True), ("T3", True, False)):
        courses.create(
            municipality=body,
            code=code,
            title=code,
            minutes=30,
            required_for_pilots=required,
            is_active=active,
        )
    apps = migrated(
        ("pilots", "0008_usage_is_recorded_once"), ("training", "0003_required_from_the_beginning")
    )
    rows = apps.get_model("pilots", "Usage").objects.order_by("pk")
    assert list(rows.values_list("unit", "place", "part", "source")) == [
        ("hours", "home", "1", "file"),
        ("hours", "satellite", "2", "file"),
        ("morning", "home", "", "file"),
        ("morning", "satellite", "2", "file"),
    ]
    periods = apps.get_model("training", "CourseRequirement").objects
    assert list(periods.values_list("course__code", "starts_on", "ends_on")) == [("T1", None, None)]
