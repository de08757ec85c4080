"""Reading the settings changes nothing on the disk; what is needed is made where it is used."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from config.env import fresh_keys


def run(folder: Path, code: str, **environment: str) -> str:
    """What a process of its own prints that has `folder` to keep things in."""
    kept = ("PATH", "HOME", "LANG")
    known = {name: os.environ[name] for name in kept if name in os.environ}
    known |= {"VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command,
        cwd=settings.BASE_DIR,
        env=known | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


READ = "from django.conf import settings; settings.DEBUG; print(settings.EMAIL_HOST)"


def test_reading_the_settings_makes_nothing(tmp_path):
    folder = tmp_path / "var"
    assert run(folder, READ, **fresh_keys()) == "localhost"
    assert not folder.exists()


def test_addresses_lead_to_the_port_that_was_served_last(tmp_path):
    code = READ.replace("EMAIL_HOST", "BASE_URL")
    assert run(tmp_path, code, **fresh_keys()) == "http://127.0.0.1:8000"
    (tmp_path / "port").write_text("8141\n")
    assert run(tmp_path, code, **fresh_keys()) == "http://127.0.0.1:8141"
    assert run(tmp_path, code, PORT="8001", **fresh_keys()) == "http://127.0.0.1:8001"


def test_settings_that_miss_their_keys_make_none(tmp_path):
    folder = tmp_path / "var"
    with pytest.raises(subprocess.CalledProcessError) as missed:
        run(folder, READ)
    assert "secrets.json is missing" in missed.value.stderr
    assert not folder.exists()


def test_a_command_makes_the_missing_keys_in_a_folder_of_the_owner(tmp_path):
    folder = tmp_path / "var"
    run(folder, "import sys, manage; sys.argv = ['manage.py', 'diffsettings']; manage.main()")
    assert [path.name for path in folder.iterdir()] == ["secrets.json"]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_queue_makes_its_folders_where_it_is_used(tmp_path):
    folder = tmp_path / "var"
    use = "from config.celery import app; app.conf.broker_url"
    run(folder, use, **fresh_keys())
    assert {path.name for path in (folder / "queue").iterdir()} == {"messages", "control"}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_with_a_broker_server_the_scheduler_still_has_a_place_for_its_file(tmp_path):
    folder = tmp_path / "var"
    use = "from config.celery import app; app.conf.broker_url"
    run(folder, use, REDIS_URL="redis://127.0.0.1:6379/0", **fresh_keys())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(("collected", "root"), [("0", "None"), ("1", "static")])
def test_static_files_have_a_folder_only_where_they_are_collected(tmp_path, collected, root):
    code = "from django.conf import settings; r = settings.STATIC_ROOT; print(r and r.name)"
    assert run(tmp_path, code, STATIC_COLLECTED=collected, **fresh_keys()) == root
