"""Nobody asks rows by a name that only a later subject gave them."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from .habits import APPS
from .upward import is_below, looks_up, names_given, own_names, read_ranks

ASKED: dict[str, str] = {}
"""Lookups that stay, each with its reason."""


def found_in(module: str, text: str) -> list[str]:
    return [*looks_up(module, text, names_given(), own_names(), read_ranks())]


def test_no_lookup_goes_up():
    root = Path(settings.BASE_DIR)
    given, known, ranks = names_given(), own_names(), read_ranks()
    found = {
        finding
        for app in APPS
        for path in sorted((root / app).rglob("*.py"))
        if "migrations" not in path.parts
        for finding in looks_up(
            ".".join(path.relative_to(root).with_suffix("").parts),
            path.read_text(encoding="utf-8"),
            given,
            known,
            ranks,
        )
    }
    assert found - ASKED.keys() == set()
    assert ASKED.keys() - found == set(), "no longer needed"


@pytest.mark.selfcheck
@pytest.mark.parametrize(
    "text",
    [
        "Department.objects.filter(pilots__state='running')\n",
        "rows.values_list('pk', 'pilots__name')\n",
        "rows.prefetch_related('pilots')\n",
    ],
)
def test_a_lookup_that_goes_up_is_found(text):
    assert found_in("rollout.readiness.queries", text)
    assert not found_in("pilots.planning.checks", text)


def test_subjects_and_apps_have_their_order():
    ranks = read_ranks()
    assert is_below("pilots.planning.checks", "pilots.results.models", ranks)
    assert not is_below("pilots.results.models", "pilots.planning.checks", ranks)
    assert is_below("rollout.readiness.rules", "pilots.planning.models", ranks)
    assert is_below("evaluation.pdca.actions.models", "evaluation.pdca.reviews.models", ranks)
    assert not is_below("pilots.planning.rules", "pilots.planning.views", ranks)
