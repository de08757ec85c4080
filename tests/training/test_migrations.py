"""Migrations of training with the rows of a body made before them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from tests.build.migrations import migrated


@pytest.mark.usefixtures("_newest_afterwards")
def test_assignments_cancelled_before_get_the_day_that_is_known():
    """From the log, from a hand-over, and the day of the migration where neither tells."""
    apps = migrated(
        ("training", "0004_void_completion"), ("municipality", "0023_notices_of_a_thing")
    )
    body = apps.get_model("municipality", "Municipality").objects.create(
        code="993018", name="あおば町"
    )
    member = apps.get_model("municipality", "Member").objects.create(
        municipality=body, number="000001", name="安藤 海"
    )
    course = apps.get_model("training", "Course").objects.create(
        municipality=body, code="T1", title="T1", minutes=30
    )
    at = datetime(2026, 7, 1, tzinfo=UTC)
    facts = {"municipality": body, "course": course, "member": member, "assigned_at": at}
    rows = apps.get_model("training", "Assignment").objects
    logged, left, unknown, still_open = [
        rows.create(due_on=date(2026, 7, 31), state=state, **facts).pk
        for state in ("cancelled", "cancelled", "cancelled", "assigned")
    ]
    chain = apps.get_model("municipality", "Chain").objects.create(municipality=body)
    for seq, (verb, day) in enumerate(
        (("completion_voided", 10), ("assignment_cancelled", 12)), start=1
    ):
        apps.get_model("municipality", "Entry").objects.create(
            chain=chain,
            seq=seq,
            # 0:00 in Japan of the day after.
            at=datetime(2026, 8, day, 15, tzinfo=UTC),
            verb=f"training.{verb}",
            subject_type="training.assignment",
            subject_id=logged,
        )
    transfer = apps.get_model("municipality", "Transfer").objects.create(
        municipality=body, day=date(2026, 9, 1), began_at=at
    )
    apps.get_model("municipality", "Passed").objects.create(
        municipality=body, transfer=transfer, kind="training.leaving", object_id=left
    )
    before = timezone.localdate()
    apps = migrated(("training", "0007_cancelled_has_its_day"))
    rows = apps.get_model("training", "Assignment").objects
    days = dict(rows.values_list("pk", "cancelled_on"))
    assert before <= days.pop(unknown) <= timezone.localdate()
    assert days == {logged: date(2026, 8, 13), left: date(2026, 9, 1), still_open: None}
