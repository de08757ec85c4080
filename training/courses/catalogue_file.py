"""Starter courses of a body, which it can change and extend on screen."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from municipality.organisation.models import Municipality
from training.courses.models import Course

FILE = Path(__file__).resolve().parents[1] / "catalogue" / "courses.toml"


@lru_cache(maxsize=1)
def courses() -> list[dict[str, Any]]:
    """Starter courses as the file defines them."""
    return tomllib.loads(FILE.read_text("utf-8"))["course"]


def starter_courses(body: Municipality) -> list[Course]:
    """Starter courses that the body does not have yet, not saved."""
    known = set(Course.objects.of(body).values_list("code", flat=True))
    return [_course(body, item) for item in courses() if item["code"] not in known]


def _course(body: Municipality, item: dict[str, Any]) -> Course:
    english = {key: text.strip() for key, text in item["en"].items()}
    return Course(
        municipality=body,
        code=item["code"],
        title=item["title"],
        mode=item["mode"],
        minutes=item["minutes"],
        validity_months=item.get("validity_months"),
        audience=item["audience"],
        required_for_pilots=item.get("required_for_pilots", False),
        materials=item["materials"].strip(),
        english=english,
    )
