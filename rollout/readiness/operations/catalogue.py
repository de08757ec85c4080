"""Catalogue of readiness criteria: the one of the product, and the copy of a body."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from municipality.organisation.models import Municipality
from rollout.readiness.models import Criterion

FILE = Path(__file__).resolve().parents[2] / "catalogue" / "readiness.toml"


@lru_cache(maxsize=1)
def readiness() -> dict[str, Any]:
    """Catalogue of the product: `version` and the list `criterion`."""
    return tomllib.loads(FILE.read_text("utf-8"))


def load_criteria(body: Municipality) -> int:
    """Copy the catalogue into the body, once for each version; the version it has. Safe to
    repeat.
    """
    version = readiness()["version"]
    if not Criterion.objects.of(body).filter(catalogue_version=version).exists():
        rows = [
            _criterion(body, version, order, item)
            for order, item in enumerate(readiness()["criterion"], 1)
        ]
        Criterion.objects.bulk_create(rows, ignore_conflicts=True)
    return version


def _criterion(body: Municipality, version: int, order: int, item: dict[str, Any]) -> Criterion:
    blocker_level = item.get("blocker_level", 0)
    return Criterion(
        municipality=body,
        catalogue_version=version,
        order=order,
        code=item["code"],
        axis=item["axis"],
        weight=item["weight"],
        title=item["title"],
        question=item["question"],
        levels=item["levels"],
        english=item["en"],
        blocker=bool(blocker_level),
        blocker_level=blocker_level,
        blocker_may_not_apply=item.get("blocker_may_not_apply", False),
    )


def current_version(body: Municipality) -> int:
    """Newest version of the catalogue that the body has; the product's own when it has none yet."""
    newest = (
        Criterion.objects.of(body)
        .order_by("-catalogue_version")
        .values_list("catalogue_version", flat=True)
        .first()
    )
    return newest if newest is not None else load_criteria(body)
