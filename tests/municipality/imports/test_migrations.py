"""Files that wait when the compressed column arrives stay readable, forwards and backwards."""

from __future__ import annotations

from typing import Any

import pytest

from municipality.imports.models import FileImport
from tests.build.migrations import migrated
from tests.build.municipality import a_body, at

CONTENT = "氏名,部署\r\n職員 太郎,総務課\r\n".encode() * 50
BEFORE = ("municipality", "0011_papers_and_circulation")
AFTER = ("municipality", "0012_pack_files")


def migrate(target: tuple[str, str]) -> Any:
    """Bring the database to a migration and return the models as they were then."""
    return migrated(target).get_model("municipality", "FileImport")


@pytest.mark.usefixtures("_newest_afterwards")
def test_waiting_files_are_packed_and_unpacked():
    body = a_body()
    for name, content in (("people.csv", CONTENT), ("nothing.csv", b"")):
        FileImport.objects.create(
            municipality=body,
            kind="people",
            name=name,
            content=content,
            digest="0" * 64,
            uploaded_at=at(2026, 4, 1),
        )

    old = migrate(BEFORE)
    assert bytes(old.objects.get(name="people.csv").content) == CONTENT
    assert bytes(old.objects.get(name="nothing.csv").content) == b""

    new = migrate(AFTER)
    assert len(new.objects.get(name="people.csv").content) < len(CONTENT) / 10
    assert FileImport.objects.get(name="people.csv").content == CONTENT
    assert bytes(FileImport.objects.get(name="nothing.csv").content) == b""
