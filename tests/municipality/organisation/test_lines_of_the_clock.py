"""What the clock changes in the organisation leaves a line, and only when it changed something."""

from __future__ import annotations

from datetime import date

import pytest

from municipality.audit.models import Entry
from municipality.organisation.models import DepartmentVersion
from municipality.organisation.operations.departments import apply_versions
from tests.build.municipality import a_body, a_department, at

pytestmark = pytest.mark.django_db


def test_a_department_that_changes_by_the_clock_leaves_one_line():
    body = a_body()
    department = a_department(body, "総務課")
    begins = date(2026, 10, 1)
    DepartmentVersion.objects.filter(department=department).update(ends_on=date(2026, 9, 30))
    DepartmentVersion.objects.create(
        municipality=body,
        department=department,
        name="総務部総務課",
        kind=department.kind,
        parent=department.parent,
        starts_on=begins,
    )
    assert [apply_versions(body, at(2026, month, 1)) for month in (9, 10, 11)] == [0, 1, 0]
    line = Entry.objects.select_related("content").get(verb="department.begun")
    assert line.actor_id is None
    (changed,) = line.content.body["departments"]
    assert (changed["department"], changed["name"]) == (department.pk, "総務部総務課")
