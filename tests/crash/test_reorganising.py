"""A process that dies on the day of a reorganisation leaves nothing half done: what ended lies
below its successor once the day is run again.
"""

from __future__ import annotations

import signal
import sys
from datetime import date
from pathlib import Path

import pytest

from municipality.organisation.models import Department
from municipality.organisation.operations.departments import rewrite_paths
from municipality.transfers.operations.reorganisation import Target, reorganise
from tests.build import evaluation as build
from tests.build.municipality import at

from .processes import Crew, crew, free_port

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]
DAY = date(2027, 4, 1)


def run_the_day(team: Crew, **extra: str) -> int:
    team.run("day", [sys.executable, "manage.py", "run_day", DAY.isoformat()], **extra)
    return team.processes.pop("day").wait(120)


def test_a_process_that_dies_on_the_day_leaves_no_department_at_its_old_place(tmp_path: Path):
    town = build.a_town()
    target = Target(code="0900", name="財務課", kind="section", parent=town.root)
    reorganise([town.kikaku, town.zeimu], [target], on=DAY, by=town.office, now=at(2026, 11, 10))
    with crew(tmp_path, free_port()) as team:
        marker = str(tmp_path / "crashed")
        died = run_the_day(team, CRASH_AT="departments.followed", CRASH_MARKER=marker)
        assert died == -signal.SIGKILL
        assert run_the_day(team) == 0
    town.kikaku.refresh_from_db()
    assert town.kikaku.parent == Department.objects.get(code="0900")
    kept = dict(Department.objects.values_list("pk", "path"))
    rewrite_paths(town.body)
    assert kept == dict(Department.objects.values_list("pk", "path"))
