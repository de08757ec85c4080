"""Files that wait are kept compressed from now on; their column stays the same."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

from django.db import migrations


def _each(apps: Any, change: Callable[[bytes], bytes]) -> None:
    files = apps.get_model("municipality", "FileImport").objects.exclude(content=b"")
    for pk in list(files.values_list("pk", flat=True)):
        content = files.values_list("content", flat=True).get(pk=pk)
        files.filter(pk=pk).update(content=change(bytes(content)))


def pack(apps: Any, _editor: Any) -> None:
    """Compress what waits."""
    _each(apps, zlib.compress)


def unpack(apps: Any, _editor: Any) -> None:
    """As it was handed in."""
    _each(apps, zlib.decompress)


class Migration(migrations.Migration):
    dependencies = [
        ("municipality", "0011_papers_and_circulation"),
    ]

    operations = [migrations.RunPython(pack, unpack)]
