"""Address × method × persona × object against the table written by hand. `make test` lets a third
of the people ask for what nobody may see, another third at the next address; `make soak` everybody.
"""

from __future__ import annotations

import pytest

from .table import ROWS
from .walk import cases_of, differences, wrong_methods

pytestmark = pytest.mark.django_db
NAMES = list(dict.fromkeys(row.name for row in ROWS))


def ask_everybody(world, asker, name, turn=None) -> tuple[int, list[str]]:
    """Number of requests to the address, and what was answered otherwise than the table says."""
    rows, found, count = [row for row in ROWS if row.name == name], [], 0
    for row in rows:
        cases = list(cases_of(world, row, turn))
        count += len(cases)
        found += differences(world, asker, row, cases)
    cases = list(wrong_methods(world, rows[0], {row.method for row in rows}, turn))
    found += differences(world, asker, rows[0], cases)
    return count + len(cases), found


@pytest.mark.parametrize("name", NAMES)
def test_everybody_is_answered_as_the_table_says(name, world, asker, record_property):
    count, found = ask_everybody(world, asker, name, NAMES.index(name))
    record_property("cases", count)
    assert found == [], "\n" + "\n".join(found)


@pytest.mark.soak
def test_all_people_are_answered_so_at_all_addresses(world, asker):
    found = [line for name in NAMES for line in ask_everybody(world, asker, name)[1]]
    assert found == [], "\n" + "\n".join(found)
