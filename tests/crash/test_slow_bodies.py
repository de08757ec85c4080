"""Bodies whose jobs are slow keep no mail waiting: the workers of an installation, as `serve`
starts them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from municipality.clock.models import JobRun
from municipality.management.commands.serve import commands
from municipality.organisation.models import Municipality
from municipality.tasks import daily_jobs
from tests.build import pilots as build
from tests.build.municipality import a_body

from .processes import Crew, crew, free_port, mail_server, until

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]
PROCESSES = 2


def start_as_serve_does(team: Crew) -> None:
    """Everything of an installation except its web server."""
    team.environment["WORKER_CONCURRENCY"] = str(PROCESSES)
    for name, command in commands("127.0.0.1", free_port()).items():
        if name != "web":
            team.run(name, command)


@contextmanager
def slow(*bodies: Municipality) -> Iterator[None]:
    """Meanwhile the jobs of these bodies wait for rows that another transaction holds."""
    for body in bodies:
        JobRun.objects.bulk_create(JobRun(municipality=body, job=name) for name in daily_jobs())
    elsewhere = connection.copy()
    elsewhere.set_autocommit(False)
    try:
        with elsewhere.cursor() as cursor:
            cursor.execute(f"SELECT id FROM {JobRun._meta.db_table} FOR UPDATE")
        yield
    finally:
        elsewhere.rollback()
        elsewhere.close()


def waiting_for_rows() -> int:
    """How many transactions of this database wait for a row that another holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return int(cursor.fetchone()[0])


def test_mails_go_out_while_as_many_bodies_are_slow_as_a_worker_has_processes(tmp_path: Path):
    town = build.a_town()
    bodies = town.body, a_body("131016", "ほかの町")
    with mail_server() as (letters, port), crew(tmp_path, port) as team, slow(*bodies):
        start_as_serve_does(team)
        assert until(lambda: waiting_for_rows() >= PROCESSES), "the bodies are not slow"
        build.a_requested(town)
        assert until(lambda: letters.taken != [], seconds=20), "mails wait for the bodies"
        assert waiting_for_rows() >= PROCESSES, "the bodies were not slow to the end"
