"""The most memory that reading one file of people takes: `python -m bench.memory FILE`.

Reading is all that depends on the shape of a file; what is planned and written is limited by its
rows (see bench/files.py).
"""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path

import django


def megabytes() -> float:
    """The most memory of this process; what its parent had before the fork does not count."""
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(peak[1]) / 1024 if peak else 0.0


def read(content: bytes) -> list[str]:
    """What is said of the file, read up to its values."""
    from municipality.core.registry import import_kinds
    from municipality.imports.rows import columns_of, read_rows

    kind = import_kinds()["people"]
    table = kind.table_in("people", content)
    columns, findings, _notes = columns_of(kind, table)
    findings = findings or read_rows(columns, table)[1]
    return [str(finding) for finding in findings]


if __name__ == "__main__":
    django.setup()
    start = time.monotonic()
    said = read(Path(sys.argv[1]).read_bytes())
    spent = time.monotonic() - start
    print(json.dumps({"said": said[:100], "megabytes": megabytes(), "seconds": spent}))
