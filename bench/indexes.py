"""Questions to large tables, by their index and without: a log of 120,000 lines in two chains,
60,000 notices and 60,000 assignments of one body. Milliseconds, the best of five; on SQLite, which
can be told to use no index.
"""

from __future__ import annotations

import os
import time
from datetime import date, datetime
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from bench import own_installation
from bench.files import a_body
from bench.reminders import a_city

PEOPLE = 2_000
ROWS = 60_000
NOW = datetime(2026, 11, 6, 9, 0, tzinfo=ZoneInfo("Asia/Tokyo"))


def fill(body: Any) -> None:
    """Lines of two chains, notices of twelve kinds, and assignments that are nearly all closed."""
    from municipality.audit.models import Chain, Entry
    from municipality.notifications.models import Notice
    from municipality.organisation.models import Member
    from training.assignments.models import Assignment
    from training.courses.models import Course

    people = list(Member.objects.of(body).values_list("pk", flat=True))
    for of in (body, a_body("993026")):
        chain, _made = Chain.objects.get_or_create(municipality=of)
        Entry.objects.bulk_create(
            Entry(
                chain=chain, seq=1_000 + n, at=NOW, verb=f"kind.{n % 40}", actor_id=people[n % 99]
            )
            for n in range(ROWS)
        )
    Notice.objects.bulk_create(
        Notice(
            municipality=body,
            member_id=people[n % len(people)],
            rule=f"kind.{n % 12}",
            object_id=n // 12,
            due_on=NOW.date(),
            key=str(n),
            told_at=NOW,
            params={"escalated": True},
        )
        for n in range(ROWS)
    )
    course = Course.objects.create(municipality=body, code="K02", title="研修", minutes=30)
    Assignment.objects.bulk_create(
        Assignment(
            municipality=body,
            course=course,
            member_id=people[n % len(people)],
            due_on=date(2026, 4, 1 + n % 28),
            assigned_at=NOW,
            state="cancelled",
        )
        for n in range(ROWS - PEOPLE)
    )


def questions(body: Any) -> dict[str, Any]:
    """The rows that are asked for, by name."""
    from municipality.audit.models import Entry
    from municipality.notifications.models import Notice
    from municipality.organisation.models import Member
    from training.assignments.models import Assignment, home_of

    log = Entry.objects.filter(chain__municipality=body).order_by("-seq")
    notices = Notice.objects.of(body).order_by()
    assignments = Assignment.objects.of(body).open().order_by()
    first = Member.objects.of(body).first()
    return {
        "log: newest page of a chain": log[:51],
        "log: newest page of one act": log.filter(verb="kind.7")[:51],
        "notices of one thing": notices.filter(rule="kind.7", object_id=4_000),
        "notices of 400 things": notices.filter(rule="kind.7", object_id__in=range(400)),
        "open assignments of a person": assignments.filter(member=first),
        "open assignments, department": assignments.annotate(path=home_of(NOW.date(), "path")),
    }


def best(statement: str, values: tuple[Any, ...]) -> float:
    """Milliseconds of the fastest of five."""
    from django.db import connection

    spent = []
    with connection.cursor() as cursor:
        for _turn in range(5):
            start = time.perf_counter()
            cursor.execute(statement, values)
            cursor.fetchall()
            spent.append((time.perf_counter() - start) * 1000)
    return min(spent)


def report() -> None:
    """The table, from a database of its own."""
    import django
    from django.core.management import call_command

    with TemporaryDirectory() as folder:
        os.environ |= own_installation(folder)
        django.setup()
        call_command("migrate", verbosity=0)
        call_command("createcachetable")
        body = a_city(PEOPLE)
        fill(body)
        print(f"{'question':<32}{'without':>11}{'by index':>11}   {ROWS:,} rows of each kind")
        for name, rows in questions(body).items():
            statement, values = rows.query.sql_with_params()
            table = f'FROM "{rows.model._meta.db_table}"'
            slow = best(statement.replace(table, f"{table} NOT INDEXED", 1), values)
            print(f"{name:<32}{slow:>9.1f}ms{best(statement, values):>9.1f}ms")
