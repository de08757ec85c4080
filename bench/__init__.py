"""Benchmarks: our pages beside the barest Django page that shows the same rows, on the same
database, interleaved.
"""

from __future__ import annotations

from config.env import fresh_keys


def own_installation(folder: str) -> dict[str, str]:
    """What the environment says of an installation of its own below the folder."""
    return {**fresh_keys(), "VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings"}
