"""The habits of the house hold in every file; and each check is seen to find the fault it is there
for.
"""

from __future__ import annotations

import subprocess
from pathlib import Path, PurePosixPath

import pytest
from django.conf import settings

from . import habits

SOURCES = {".py", ".html", ".txt", ".css", ".js"}


def files(*, of_tests: bool = False) -> list[PurePosixPath]:
    """Every file of ours in the work tree; those of tests, or the others."""
    root = Path(settings.BASE_DIR)
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    found = [PurePosixPath(name) for name in listed if PurePosixPath(name).suffix in SOURCES]
    return [
        path for path in found if (path.parts[0] == "tests") is of_tests and (root / path).exists()
    ]


@pytest.mark.parametrize("check", habits.CHECKS, ids=lambda check: check.__name__)
def test_no_file_of_the_house_breaks_it(check):
    root = Path(settings.BASE_DIR)
    looked_at = [path for path in files() if (check.__name__, str(path)) not in habits.EXEMPT]
    found = [finding for path in looked_at for finding in check(path, (root / path).read_text())]
    assert found == []


def test_the_lines_of_tests_end_where_all_do():
    root = Path(settings.BASE_DIR)
    found = [
        finding
        for path in files(of_tests=True)
        for finding in habits.python_lines(path, (root / path).read_text())
    ]
    assert found == []


def test_every_exemption_is_still_needed():
    root, checks = Path(settings.BASE_DIR), {check.__name__: check for check in habits.CHECKS}
    idle = [
        key
        for key in habits.EXEMPT
        if not list(checks[key[0]](PurePosixPath(key[1]), (root / key[1]).read_text()))
    ]
    assert idle == []


def test_every_word_of_the_mission_on_the_ground_floor_is_still_said():
    root = Path(settings.BASE_DIR)
    idle = [key for key in habits.GROUND_FLOOR_WORDS if key[1] not in (root / key[0]).read_text()]
    assert idle == []


LONG = "def long(request):\n" + "    x = 1\n" * 25
PLANTED = {
    "enumerated": (
        "pilots/lifecycle/rules.py",
        'if pilot.state in ("running", "finished"):\n    ...\n',
    ),
    "plain_migrations": (
        "pilots/migrations/0002_goals.py",
        "from pilots.planning.models import Goal\n",
    ),
    "bounded_files": (
        "pilots/views.py",
        "@page(anyone)\ndef add(request):\n    form = PaperForm(request.POST, request.FILES)\n",
    ),
    "path_ranges": (
        "rollout/readiness/rules.py",
        "rows.filter(department__path__startswith=path)\n",
    ),
    "short_words": ("training/courses/forms.py", "label = _('研修')\n"),
    "ground_floor_words": (
        "municipality/setup/checklist.py",
        "effect = _('試行は、部署ごとに行います。')\n",
    ),
    "clock": ("pilots/operations.py", "def start(pilot):\n    pilot.started_at = timezone.now()\n"),
    "sizes": ("pilots/views.py", LONG),
    "no_nameless_rooms": ("pilots/utils.py", ""),
    "locks": ("pilots/operations.py", "Pilot.objects.select_for_update().get(pk=1)\n"),
    "dangerous": ("pilots/views.py", "answer = mark_safe(text)\n"),
    "templates": ("templates/pilots/lifecycle/pilot.html", '<p style="color:red">'),
    "own_drawing": ("templates/pilots/lifecycle/pilot.html", '{{ pilot.starts_on|date:"Y-m-d" }}'),
    "template_lines": (
        "templates/pilots/lifecycle/pilot.html",
        f"<p>{'試' * 60}</p><p>{'行' * 60}</p>\n",
    ),
    "python_lines": ("pilots/views.py", f"words = '{'試' * 100}'\n"),
    "styles": ("static/css/base.css", "@import url(https://example.com/x.css)"),
    "four_eyes": (
        "pilots/models.py",
        "class Pilot:\n    def save(self, **kwargs):\n        pass\n",
    ),
}


@pytest.mark.selfcheck
@pytest.mark.parametrize("check", habits.CHECKS, ids=lambda check: check.__name__)
def test_each_check_finds_the_fault_it_is_there_for(check):
    name, text = PLANTED[check.__name__]
    assert list(check(PurePosixPath(name), text)) != []


@pytest.mark.selfcheck
@pytest.mark.parametrize("name", ["pilots/days/rules.py", "config/env.py"])
def test_a_long_function_is_found_in_every_layer(name):
    assert list(habits.sizes(PurePosixPath(name), LONG)) == [f"{name}:1 long has 25 statements"]


@pytest.mark.selfcheck
def test_a_word_of_the_mission_in_a_shared_template_is_found():
    path = PurePosixPath("templates/municipality/notifications/mail.txt")
    text = "テレワークのお知らせ"
    assert list(habits.ground_floor_words(path, text)) == [f"{path}:1 says テレワーク"]


@pytest.mark.selfcheck
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("templates/pilots/lifecycle/pilot.html", '<nav class="tabs">'),
        ("pilots/lifecycle/presenters.py", 'f"{at:%H:%M}"'),
    ],
)
def test_a_time_and_tabs_by_hand_are_found(name, text):
    assert list(habits.own_drawing(PurePosixPath(name), text)) != []


@pytest.mark.selfcheck
def test_a_migration_of_tables_and_rows_at_once_is_found():
    text = "migrations.AddField('pilot', 'goal', x)\nmigrations.RunPython(fill, keep)\n"
    path = PurePosixPath("pilots/migrations/0003_goal_of_each.py")
    assert list(habits.plain_migrations(path, text)) == [f"{path} changes tables and rows at once"]
