"""Write the exact versions of everything that is installed, with hashes and without addresses.

    python -m tools.lock            keep what is locked, add what pyproject.toml asks for besides
    python -m tools.lock --upgrade  take the newest versions that pyproject.toml allows

uv does it, with the same index, mirror and certificates that pip is configured with.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tools.bootstrap import as_pip, quiet

LOCKS = {
    "requirements.txt": ["pyproject.toml", "--group", "setup"],
    "requirements-dev.txt": ["pyproject.toml", "--group", "dev", "-c", "requirements.txt"],
    "tools/uv.txt": ["tools/uv.in"],
    "tools/node.txt": ["tools/node.in"],
}
"""Lock file → what it is made from, in this order: the tests run on the locked application."""

OPTIONS = ["--generate-hashes", "--universal", "--python-version", "3.11"]


def main(*options: str) -> int:
    """Lock one file after the other; the first that cannot be resolved ends it."""
    python = Path(sys.executable)
    with tempfile.TemporaryDirectory(prefix="uv-") as folder:
        pip = [sys.executable, "-m", "pip", "install", "-q", "--require-hashes", "--no-deps"]
        subprocess.run([*pip, "--target", folder, "-r", "tools/uv.txt"], env=quiet(), check=True)
        for lock, sources in LOCKS.items():
            command = [f"{folder}/bin/uv", "pip", "compile", "-q", *OPTIONS, *options]
            named = ["--custom-compile-command", "make lock", *sources, "-o", lock]
            if subprocess.run([*command, *named], env=as_pip(python)).returncode:
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
