"""Catalogue of indicators: read from its files, copied into a body once for each version."""

from __future__ import annotations

import tomllib
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from evaluation.pdca.indicators.models import Indicator
from municipality.audit.log import operation, record
from municipality.organisation.models import Municipality
from pilots.planning.catalogue_file import definitions

FILE = Path(__file__).resolve().parents[2] / "catalogue" / "indicators.toml"


@lru_cache(maxsize=1)
def catalogue() -> tuple[dict[str, Any], ...]:
    """Definitions in the order of the files: those of reviews, then those of pilots alone."""
    own = tomllib.loads(FILE.read_text(encoding="utf-8"))["indicator"]
    return (*own, *definitions())


def load_indicators(body: Municipality) -> int:
    """Add the definitions that the body does not have; their number. A new version is a new row
    beside the old one. Safe to repeat.
    """
    known = set(Indicator.objects.of(body).values_list("code", "definition_version"))
    missing = [entry for entry in catalogue() if (entry["code"], entry["version"]) not in known]
    return _write(body, missing) if missing else 0


@operation
def _write(body: Municipality, missing: list[dict[str, Any]]) -> int:
    rows = Indicator.objects.bulk_create(
        [_indicator(body, entry) for entry in missing], ignore_conflicts=True
    )
    record(None, "indicator.loaded", municipality=body, codes=[entry["code"] for entry in missing])
    return len(rows)


def _indicator(body: Municipality, entry: dict[str, Any]) -> Indicator:
    return Indicator(
        municipality=body,
        code=entry["code"],
        definition_version=entry["version"],
        name=entry["name"],
        name_en=entry["name_en"],
        unit=entry["unit"],
        unit_en=entry.get("unit_en", ""),
        decimals=entry["decimals"],
        is_rate=entry["rate"],
        counts_people=entry["people"],
        direction=entry["direction"],
        formula=entry["formula"],
        formula_en=entry["formula_en"],
        note=entry.get("note", ""),
        note_en=entry.get("note_en", ""),
    )


def keep_catalogue(municipality: Municipality, now: datetime) -> int:
    """Daily job: add the present definitions to every body. Returns 0: it opens nothing."""
    load_indicators(municipality)
    return 0
