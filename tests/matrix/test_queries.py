"""What stands behind the question mark opens no door: every tab, filter, search and page of a list,
by every persona.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings

from tests.world.town import INSIDE

from .table import ROWS
from .walk import address_of

pytestmark = pytest.mark.django_db
QUERIES: dict[str, list[dict[str, str]]] = {
    "dashboard:home": [
        {"tab": "department"},
        {"tab": "waiting"},
        {"due": "overdue"},
        {"due": "later", "tab": "department"},
        {"fy": "2020"},
    ],
    "dashboard:dashboard": [{"fy": "2020"}],
    "municipality:decisions": [
        {"tab": "all", "file": "csv"},
        {"file": "xlsx"},
        {"file": "csv"},
        {"tab": "drafted"},
        {"tab": "all"},
        {"tab": "all", "page": "2"},
    ],
    "municipality:people": [
        {"q": "安", "file": "csv"},
        {"file": "xlsx"},
        {"file": "csv"},
        {"q": "安藤"},
        {"q": "zq"},
        {"q": "000"},
        {"account": "none"},
        {"account": "invited"},
        {"account": "ready"},
        {"department": "own"},
        {"department": "other"},
        {"department": "there"},
        {"page": "2"},
    ],
    "municipality:arrivals": [
        {"stage": "invited"},
        {"stage": "ready"},
        {"department": "own"},
        {"department": "there"},
        {"page": "2"},
    ],
    "municipality:slips": [
        {"per": "1"},
        {"department": "own"},
        {"department": "there"},
        {"page": "2"},
    ],
    "municipality:notices": [
        {"file": "xlsx"},
        {"file": "csv"},
        {"show": "unread"},
        {"show": "due"},
        {"show": "late"},
        {"show": "told"},
        {"page": "2"},
    ],
    "municipality:hold": [{"page": "2"}],
    "municipality:mails": [{"page": "2"}],
    "municipality:announcements": [{"page": "2"}],
    "municipality:log": [
        {"verb": "member.read"},
        {"person": "職員"},
        {"person": "900001"},
        {"first": "2026-01-01", "last": "2099-12-31"},
        {"group": "reading"},
        {"group": "change"},
        {"kind": "municipality.member", "target": "900001"},
        {"kind": "evaluation.sheet"},
        {"kind": "evaluation.sheet", "target": "#1"},
        {"target": "安藤"},
        {"department": "own"},
        {"department": "there"},
        {"before": "5"},
        {"after": "5"},
        {"before": "999999999999999999999"},
    ],
    "municipality:log_export": [
        {"as": "csv"},
        {"as": "cp932"},
        {"as": "xlsx", "verb": "member.read"},
    ],
    "municipality:imports": [{"file": "xlsx"}, {"file": "csv"}, {"page": "2"}],
    "rollout:readiness": [
        {"file": "xlsx"},
        {"file": "csv"},
        {"state": "returned"},
        {"round": "there"},
        {"page": "2"},
    ],
    "training:completions": [
        {"file": "xlsx"},
        {"file": "csv"},
        {"which": "all"},
        {"which": "voided", "source": "file"},
        {"course": "0"},
        {"page": "2"},
    ],
    "training:course": [
        {"file": "xlsx"},
        {"file": "csv"},
        {"state": "assigned"},
        {"state": "cancelled"},
        {"page": "2"},
    ],
    "pilots:pilots": [
        {"file": "xlsx"},
        {"file": "csv"},
        {"state": "planned"},
        {"state": "finished"},
        {"page": "2"},
    ],
    "pilots:usages": [
        {"file": "xlsx"},
        {"file": "csv"},
        {"month": "2026-08"},
        {"month": "2026-08", "department": "own"},
        {"month": "2026-08", "department": "there"},
        {"page": "2"},
    ],
    "pilots:pilot": [{"file": "xlsx"}, {"file": "csv"}, {"page": "2"}],
    "evaluation:period": [{"file": "xlsx"}, {"file": "csv"}, {"page": "2"}],
    "evaluation:held": [{"file": "xlsx"}, {"file": "csv"}, {"month": "previous"}],
    "evaluation:pair": [{"page": "2"}],
    "evaluation:reviews": [
        {"file": "xlsx"},
        {"file": "csv"},
        {"tab": "month"},
        {"tab": "quarter"},
        {"tab": "half"},
        {"tab": "year"},
        {"page": "2"},
    ],
    "evaluation:action_due": [{"to": "2026-12-01"}],
    "evaluation:actions": [
        {"file": "xlsx"},
        {"file": "csv"},
        {"tab": "mine"},
        {"tab": "open"},
        {"tab": "done"},
        {"tab": "open", "page": "2"},
    ],
    "municipality:departments": [{"file": "xlsx"}, {"file": "csv"}, {"page": "2"}],
    "municipality:closed_days": [{"file": "xlsx"}, {"file": "csv"}],
    "training:training": [{"file": "xlsx"}, {"file": "csv"}, {"use": "out"}, {"use": "all"}],
    "evaluation:indicators": [{"file": "xlsx"}, {"file": "csv"}],
    "municipality:import_current": [{"file": "csv"}, {"file": "xlsx"}],
}
"""Addresses with what they can be asked; own, other and there stand for the numbers of these
departments (or of the round).
"""

DRAWN = {
    "through": (
        "names an identity provider on the page after signing out; "
        "tests/municipality/accounts/test_providers.py"
    ),
    "sort": (
        "municipality/web/components/lists.py draws the link of a column's head; it sorts what "
        "was fetched for the reader"
    ),
}


def filled(world, name: str, query: dict[str, str]) -> str:
    """The query with the numbers in it."""
    there = (
        world.there.things["round"]["any"]
        if name.startswith("rollout")
        else world.there.departments["own"]
    )
    numbers = {
        "there": there.pk,
        **{slot: department.pk for slot, department in world.here.departments.items()},
    }
    return urlencode({key: numbers.get(value, value) for key, value in query.items()})


@pytest.mark.parametrize("name", QUERIES)
def test_no_query_shows_more_than_the_page(name, world, asker, record_property):
    row = next(row for row in ROWS if (row.name, row.method) == (name, "GET"))
    found, count = [], 0
    for slot in [slot for slot in row.cells if slot != "absent"]:
        for query in QUERIES[name]:
            address = f"{address_of(world, row, slot)}?{filled(world, name, query)}"
            for who in INSIDE:
                answer = asker.ask(who, "GET", address)
                count += 1
                if answer.status != row.expected(slot, who) or answer.changed or answer.leak:
                    found.append(f"{who} {address}: {answer.status} {answer.leak}")
    record_property("cases", count)
    assert found == []


def test_everything_that_a_page_reads_from_its_query_is_asked():
    asked = {key for queries in QUERIES.values() for query in queries for key in query}
    read = set()
    for app in (
        "config",
        "municipality",
        "rollout",
        "training",
        "pilots",
        "evaluation",
        "dashboard",
    ):
        for file in (Path(settings.BASE_DIR) / app).rglob("*.py"):
            read |= set(re.findall(r'\b(?:GET|query)\.get\("(\w+)"', file.read_text()))
    assert read - asked - set(DRAWN) - {"next"} == set()
