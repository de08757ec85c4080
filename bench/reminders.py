"""Planning of the reminders of a city: 19,600 things newly due, and the same when everybody was
told of them before. Seconds of processor time, which other processes do not change.
"""

from __future__ import annotations

import os
import time
from datetime import datetime
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from bench import own_installation
from bench.files import a_body, floor, people_file

THINGS = 19_600
MOST_SECONDS = 2.0
NOW = datetime(2026, 11, 6, 9, 0, tzinfo=ZoneInfo("Asia/Tokyo"))


def a_city(things: int = THINGS) -> Any:
    """A body of so many people, each of whom has to take a course by today."""
    from municipality.organisation.models import Member
    from training.assignments.models import Assignment
    from training.courses.models import Course

    body = a_body("993018")
    floor(people_file(things), body)
    course = Course.objects.create(municipality=body, code="K01", title="研修", minutes=30)
    Assignment.objects.bulk_create(
        Assignment(
            municipality=body, course=course, member=member, due_on=NOW.date(), assigned_at=NOW
        )
        for member in Member.objects.of(body)
    )
    return body


def planned(body: Any) -> tuple[int, float]:
    """How many notices one planning writes, and its seconds."""
    from municipality.reminders.operations.planning import plan_reminders

    start = time.process_time()
    written = plan_reminders(body, now=NOW)
    return written, time.process_time() - start


def report() -> None:
    """The table, from a database of its own."""
    import django
    from django.core.management import call_command

    with TemporaryDirectory() as folder:
        os.environ |= own_installation(folder)
        django.setup()
        call_command("migrate", verbosity=0)
        call_command("createcachetable")
        body = a_city()
        print(f"{'reminders':<28}{'seconds':>9}{'written':>9}   {THINGS:,} things due")
        for name in ("newly due", "told before"):
            written, seconds = planned(body)
            over = "" if seconds <= MOST_SECONDS else "   over"
            print(f"{name:<28}{seconds:>8.2f}s{written:>9,}{over}")
