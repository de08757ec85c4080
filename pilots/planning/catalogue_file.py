"""Indicators by which a pilot can be judged, as the catalogue defines them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from municipality.core.worded import in_language, spaced_unit

FILE = Path(__file__).resolve().parents[1] / "catalogue" / "indicators.toml"


@lru_cache(maxsize=1)
def definitions() -> tuple[dict[str, Any], ...]:
    """Definitions in the order of the file."""
    return tuple(tomllib.loads(FILE.read_text(encoding="utf-8"))["indicator"])


@dataclass(frozen=True)
class PilotIndicator:
    """Definition of an indicator of pilots, in the reader's language."""

    entry: dict[str, Any]

    @property
    def name(self) -> str:
        """Its name."""
        return self._in_language("name")

    @property
    def unit(self) -> str:
        """Unit as it follows a number."""
        return spaced_unit(self._in_language("unit"))

    @property
    def definition(self) -> str:
        """How it is counted."""
        return self._in_language("formula")

    @property
    def is_rate(self) -> bool:
        """Is it a percentage?"""
        return self.entry["rate"]

    @property
    def is_of_usage(self) -> bool:
        """Is it counted from records, which a department can owe?"""
        return self.entry["source"] == "usage"

    @property
    def most(self) -> str:
        """What a threshold can come to at most: percent, days (of one person), people or
        person_days.
        """
        return self.entry["most"]

    @property
    def counts_days(self) -> bool:
        """Does it count days and not people?"""
        return self.most in ("days", "person_days")

    @property
    def per_head(self) -> str:
        """Of a total the code of the indicator that says the same of each participant; else
        empty.
        """
        return self.entry.get("per_head", "")

    def _in_language(self, field: str) -> str:
        return in_language(self.entry[field], self.entry.get(f"{field}_en", ""))


PILOT_INDICATORS = {entry["code"]: PilotIndicator(entry) for entry in definitions()}
"""The indicators of pilots by code."""
