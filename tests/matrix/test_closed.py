"""The matrix is closed: every address of the installation stands in it, nothing else does, and each
is reached by somebody.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import URLResolver, get_resolver
from django.urls import path as _path

from config.urls import urlpatterns as real
from municipality.accounts.views.public import accessibility as _view
from tests.world.town import INSIDE

from .sending import SENDING
from .table import ABSENT, OUTSIDE, ROWS, Row
from .table.outside import SHADOWED, WALKED

TOLD_ELSEWHERE = {
    "decision": "some forms ask for it in a state in which more people see it than at its page",
    "renewal": "the page of a person in sight tells of it",
    "exception": "the page of an assessment in sight lists them",
    "reexamination": "the page of an assessment in sight lists them",
    "expansion_plan": "the page of an expansion in sight has a row for each department",
    "usage": "the list of days counts those of departments in sight",
    "declared_month": "the list of days shows the months of departments in sight",
}
"""Families in sight without a page of their own for everybody who sees them, and where they see
them.
"""


def names(resolver: URLResolver, spaces: tuple[str, ...] = (), route: str = "") -> Iterator[str]:
    """The name of every pattern with its namespaces; of a nameless one its route."""
    for entry in resolver.url_patterns:
        here = route + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from names(entry, (*spaces, entry.namespace) if entry.namespace else spaces, here)
        else:
            yield ":".join([*spaces, entry.name]) if entry.name else here


def in_table() -> set[str]:
    return {row.name for row in ROWS} | {row.name for row in OUTSIDE}


def test_every_address_stands_in_the_table_and_the_table_names_no_other():
    found = set(names(get_resolver())) - set(SHADOWED)
    assert found - in_table() == set(), "not in the table"
    assert in_table() - found == set(), "gone"


def test_what_is_prepared_belongs_to_an_address():
    assert set(SENDING) - in_table() == set()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.name} {row.method}")
def test_every_address_of_a_body_is_reached_by_somebody(row):
    assert any("+" in letters for slot, letters in row.cells.items() if slot != ABSENT)


def told_apart(rows: list[Row]) -> list[str]:
    """Addresses at which a thing that is there is refused (403) to people who open no page of it,
    and one that is not there is absent (404): the answer tells them which things there are.
    """
    opened = {
        (row.family, slot, who)
        for row in rows
        if row.method == "GET"
        for slot, letters in row.cells.items()
        for who, letter in zip(INSIDE, letters, strict=True)
        if letter in "+="
    }
    return sorted(
        {
            row.name
            for row in rows
            if row.family and row.family not in TOLD_ELSEWHERE
            for slot, letters in row.cells.items()
            for who, letter, absent in zip(INSIDE, letters, row.cells[ABSENT], strict=True)
            if (letter, absent) == ("-", ".") and (row.family, slot, who) not in opened
        }
    )


def test_no_answer_tells_what_is_there_to_who_lacks_the_role():
    assert told_apart(ROWS) == []


def test_every_family_that_is_told_elsewhere_is_still_needed():
    idle = {
        family
        for family in TOLD_ELSEWHERE
        if not any(row.family == family and "-" in "".join(row.cells.values()) for row in ROWS)
    }
    assert idle == set()


@pytest.mark.selfcheck
def test_an_address_that_tells_what_is_there_is_found():
    refused, absent = "-" * len(INSIDE), "." * len(INSIDE)
    row = Row("municipality:duty", "GET", "duty", {"any": refused, ABSENT: absent})
    assert told_apart([row]) == [row.name]


def test_every_address_beside_the_bodies_is_reached_or_offered_to_nobody():
    reached = {row.name for row in OUTSIDE if set(row.letters) & set("+>r")}
    for name in {row.name for row in OUTSIDE} - reached - set(WALKED):
        assert {row.letters for row in OUTSIDE if row.name == name} == {"L22..."}, name


def test_each_address_stands_once_with_each_method():
    assert len({(row.name, row.method) for row in ROWS}) == len(ROWS)
    assert len({(row.name, row.method, row.state) for row in OUTSIDE}) == len(OUTSIDE)


@pytest.mark.selfcheck
def test_an_address_that_nobody_entered_is_found(settings):
    class More:
        urlpatterns = [_path("new/", _view, name="new"), _path("nameless/", _view), *real]

    settings.ROOT_URLCONF = More
    assert set(names(get_resolver())) - in_table() - set(SHADOWED) == {"new", "nameless/"}
