"""Address × method × persona × object against the table written by hand."""

from __future__ import annotations

import pytest

from .table import ROWS
from .walk import cases_of, differences, wrong_methods

pytestmark = pytest.mark.django_db
NAMES = list(dict.fromkeys(row.name for row in ROWS))


@pytest.mark.parametrize("name", NAMES)
def test_everybody_is_answered_as_the_table_says(name, world, asker, record_property):
    rows, found, count = [row for row in ROWS if row.name == name], [], 0
    for row in rows:
        cases = list(cases_of(world, row))
        count += len(cases)
        found += differences(world, asker, row, cases)
    cases = list(wrong_methods(world, rows[0], {row.method for row in rows}))
    found += differences(world, asker, rows[0], cases)
    record_property("cases", count + len(cases))
    assert found == [], "\n" + "\n".join(found)
