"""A reader who writes down everything that is published and works out what follows: no group of
fewer people than the body's least number is found, on whatever way.
"""

from __future__ import annotations

import pytest
from django.db import transaction

from tests.build.equations import Equations
from tests.build.published import a_published_town
from tests.dashboard.overview.reader import a_reader

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tenth")]


def groups_found(seed: int, who: str) -> dict:
    """Groups of few people that the reader finds in the town of this number."""
    reader = a_reader(a_published_town(seed), who)
    reader.crawl()
    return reader.found(least=5)


@pytest.mark.parametrize(("seed", "who"), [(1, "consultant"), (2, "auditor"), (3, "consultant")])
def test_whoever_reads_everything_finds_no_group_of_few_people(seed, who):
    assert groups_found(seed, who) == {}


@pytest.mark.soak
@pytest.mark.parametrize("who", ["consultant", "auditor"])
@pytest.mark.parametrize("seed", range(100, 130))
def test_in_no_town_drawn_by_lot_is_a_group_of_few_people_found(seed, who):
    assert groups_found(seed, who) == {}


def test_something_is_published_at_all():
    """An empty page tells nothing, and proves nothing."""
    kinds = set()
    for seed in (21, 29):
        with transaction.atomic():
            reader = a_reader(a_published_town(seed), "consultant")
            reader.crawl()
            kinds |= {kind for kind, _what in reader.read}
            transaction.set_rollback(True)
    assert kinds >= {"K01", "K02", "K03", "K06", "percent", "breakdown", "pilot", "agreed"}
    assert kinds >= {"K24", "K26", "K27", "mean", "tile", "workbook"}


@pytest.mark.selfcheck
def test_an_open_gate_is_found(monkeypatch):
    monkeypatch.setattr("municipality.core.small_cells.is_small", lambda count, least: False)
    kinds = {group[0] for group in groups_found(2, "consultant")}
    assert kinds >= {"taker", "behind", "unmet", "no goals"}


@pytest.mark.parametrize(
    ("sums", "found"),
    [
        ([({"a": 1, "b": 1, "c": 1}, 20), ({"a": 1, "b": 1}, 17)], {"c": (3, 3)}),
        ([({"a": 1, "b": 1}, 9)], {}),
        ([({"a": 1, "b": 1}, 9), ({"a": 1, "c": 1}, 20), ({"b": 1, "c": 1}, 15)], {"b": (2, 2)}),
    ],
)
def test_the_solver_finds_what_follows(sums, found):
    equations = Equations()
    for terms, total in sums:
        equations.add(terms, total)
    assert equations.found(5) == found
