"""No file within the accepted size takes more memory than a job may have, whatever it holds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.build.hostile_files import SHAPES

MOST_MEGABYTES = 300

TAKEN = {
    *("a hundred sheets", "some names", "some cell formats", "some shared strings"),
    "different cells, one rare letter",
}
"""Files with nothing wrong in the rows that count."""

OFTEN = {
    "quotes": "100,000文字を超えるセル",
    "controls at the end": "100,000行を超えています",
    "attributes": "展開すると大きすぎるファイルです",
    "a bomb": "展開すると大きすぎるファイルです",
}
"""What `make test` tries, and what is said of it; `make soak` tries them all."""


def read(name: str, folder: Path) -> dict:
    """What a process of its own says of the file."""
    file = folder / "file"
    file.write_bytes(SHAPES[name]())
    run = subprocess.run(
        [sys.executable, "-m", "bench.memory", str(file)],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings_test"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.mark.parametrize(("name", "words"), OFTEN.items(), ids=OFTEN)
def test_a_hostile_file_is_refused_in_a_line_and_in_little_memory(name, words, tmp_path):
    told = read(name, tmp_path)
    assert told["megabytes"] < MOST_MEGABYTES
    assert words in told["said"][0]


@pytest.mark.soak
@pytest.mark.parametrize("name", sorted(set(SHAPES) - set(OFTEN)))
def test_every_hostile_file_is_read_in_little_memory(name, tmp_path):
    told = read(name, tmp_path)
    assert told["megabytes"] < MOST_MEGABYTES
    assert told["said"] or name in TAKEN
