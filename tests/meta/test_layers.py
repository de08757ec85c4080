"""Everything goes down only: apps, subjects, layers. import-linter holds it; here a fault is
planted in a copy of the source, to see that each contract finds it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
APPS = ("config", "municipality", "rollout", "training", "pilots", "evaluation", "dashboard")
NO_SUBJECTS = {"management", "migrations", "models"}
"""Folders of an app that belong to Django."""
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
    "a file without a layer": ("pilots/days/extras.py", ""),
    "a file of no page that looks up": ("pilots/days/remarks.py", "import pilots.days.views.days"),
}


def contracts(folder: Path) -> list[dict[str, Any]]:
    """The contracts of import-linter in this folder's pyproject."""
    configured = tomllib.loads((folder / "pyproject.toml").read_text())
    return list(configured["tool"]["importlinter"]["contracts"])


def subjects_without_layers(folder: Path) -> list[str]:
    """Folders with code that one of the contracts "Subjects of …" orders, and that none about
    layers holds. What is ordered itself by such a contract has subjects instead of layers.
    """
    ordered = [each for each in contracts(folder) if each["name"].startswith("Subjects of ")]
    groups = {container for each in ordered for container in each["containers"]}
    layered = {
        container
        for each in contracts(folder)
        if each["name"].startswith("Layers ")
        for container in each["containers"]
    }
    subjects = {
        f"{container}.{place.name}"
        for container in groups
        for place in (folder / container.replace(".", "/")).iterdir()
        if place.name not in NO_SUBJECTS and any(place.glob("*.py"))
    }
    return sorted(subjects - groups - layered)


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


def test_every_app_is_ordered_by_subjects():
    ordered = {name for each in contracts(ROOT) for name in each.get("containers", ())}
    assert set(APPS) - {"config"} <= ordered


def test_every_subject_is_ordered_by_layers():
    assert subjects_without_layers(ROOT) == []


@pytest.mark.selfcheck
def test_a_subject_without_layers_is_found(tmp_path):
    for app in APPS:
        shutil.copytree(ROOT / app, tmp_path / app, ignore=shutil.ignore_patterns("__pycache__"))
    configured = (ROOT / "pyproject.toml").read_text()
    (tmp_path / "pyproject.toml").write_text(configured.replace('"pilots.days", ', ""))
    (tmp_path / "evaluation/pdca/extras").mkdir()
    (tmp_path / "evaluation/pdca/extras/rules.py").touch()
    assert subjects_without_layers(tmp_path) == ["evaluation.pdca.extras", "pilots.days"]


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
