"""The catalogue of indicators: read from its file, written into a body's table once per version."""

from __future__ import annotations

import tomllib
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from evaluation.pdca.indicators.models import Indicator
from municipality.audit.log import operation, record
from municipality.organisation.models import Municipality

FILE = Path(__file__).resolve().parents[2] / "catalogue" / "indicators.toml"


@lru_cache(maxsize=1)
def catalogue() -> tuple[dict[str, Any], ...]:
    """The definitions as the file has them, in its order."""
    return tuple(tomllib.loads(FILE.read_text(encoding="utf-8"))["indicator"])


def load_indicators(body: Municipality) -> int:
    """Write the definitions that the body lacks; how many. A new version is a new row beside the
    old one. Repeatable.
    """
    known = set(Indicator.objects.of(body).values_list("code", "definition_version"))
    missing = [facts for facts in catalogue() if (facts["code"], facts["version"]) not in known]
    return _write(body, missing) if missing else 0


@operation
def _write(body: Municipality, missing: list[dict[str, Any]]) -> int:
    rows = Indicator.objects.bulk_create(
        [_indicator(body, facts) for facts in missing], ignore_conflicts=True
    )
    record(None, "indicator.loaded", municipality=body, codes=[facts["code"] for facts in missing])
    return len(rows)


def _indicator(body: Municipality, facts: dict[str, Any]) -> Indicator:
    return Indicator(
        municipality=body,
        code=facts["code"],
        definition_version=facts["version"],
        name=facts["name"],
        name_en=facts["name_en"],
        unit=facts["unit"],
        unit_en=facts.get("unit_en", ""),
        decimals=facts["decimals"],
        is_rate=facts["rate"],
        counts_people=facts["people"],
        direction=facts["direction"],
        formula=facts["formula"],
        formula_en=facts["formula_en"],
        note=facts.get("note", ""),
        note_en=facts.get("note_en", ""),
    )


def keep_catalogue(municipality: Municipality, now: datetime) -> int:
    """The daily job: every body has the present definitions. It opens nothing, so it counts
    nothing.
    """
    load_indicators(municipality)
    return 0
