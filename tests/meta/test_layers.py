"""Everything goes down only: apps, subjects, layers. import-linter holds it; here a fault is
planted in a copy of the source, to see that each contract finds it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
APPS = ("config", "municipality", "rollout", "training", "pilots", "evaluation", "dashboard")
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"
PLANTED = {
    "an app that looks ahead": ("municipality/core/refusals.py", "import pilots.planning.models"),
    "a subject that looks up": ("municipality/audit/chain.py", "import municipality.setup.models"),
    "a layer that looks up": ("pilots/planning/models/pilots.py", "import pilots.planning.forms"),
    "judging of people and of reviews": (
        "evaluation/pdca/rules.py",
        "import evaluation.appraisal.access.rules",
    ),
    "a subject without a place": ("training/extras/__init__.py", ""),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LINT, "--no-logo", "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_import_goes_down():
    found = lint(ROOT)
    assert found.returncode == 0, found.stdout


def test_no_edge_is_left_out():
    assert "ignore_imports" not in (ROOT / "pyproject.toml").read_text()


@pytest.mark.selfcheck
@pytest.mark.parametrize("fault", PLANTED)
def test_each_contract_finds_a_planted_import(fault, tmp_path):
    for app in APPS:
        shutil.copytree(ROOT / app, tmp_path / app, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    name, line = PLANTED[fault]
    (tmp_path / name).parent.mkdir(exist_ok=True)
    with (tmp_path / name).open("a") as module:
        module.write(f"\n{line}\n")
    found = lint(tmp_path)
    assert found.returncode == 1, found.stdout
    assert "BROKEN" in found.stdout or "exhaustive" in found.stdout


@pytest.mark.selfcheck
def test_an_import_inside_a_function_is_found():
    source = "def late():\n    import json\n\n    return json\n"
    found = subprocess.run(
        [
            sys.executable,
            "-m",
            "ruff",
            "check",
            "--stdin-filename",
            "pilots/planning/rules.py",
            "-",
        ],
        cwd=ROOT,
        input=source,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 1
    assert "PLC0415" in found.stdout
