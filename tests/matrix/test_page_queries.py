"""How many queries a page costs, for every address and every persona who gets it: session, user,
second factor, authority and history included; and what a page links with a query (tabs, filters,
orders, pages). And that more rows do not cost more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from django.db import transaction

from municipality.organisation.models import Department
from tests.world.asking import Answer
from tests.world.growing import more_of_everything

from .linked import Linked, addresses_in, links_in, one_of_each
from .sending import SENDING
from .table import ROWS
from .walk import Case, cases_of, sampled, send

pytestmark = pytest.mark.django_db

OF_A_LIST, OF_A_PAGE = 10, 14

LISTS = {
    "evaluation:actions",
    "evaluation:held",
    "evaluation:indicators",
    "evaluation:one_on_ones",
    "evaluation:period",
    "evaluation:reviews",
    "evaluation:sheets",
    "municipality:announcements",
    "municipality:arrivals",
    "municipality:closed_days",
    "municipality:decisions",
    "municipality:departments",
    "municipality:deputies",
    "municipality:disposals",
    "municipality:duties",
    "municipality:hold",
    "municipality:imports",
    "municipality:log",
    "municipality:mails",
    "municipality:notices",
    "municipality:people",
    "municipality:posts",
    "municipality:providers",
    "municipality:routes",
    "municipality:slips",
    "municipality:transfers",
    "pilots:participants",
    "pilots:pilots",
    "pilots:usages",
    "rollout:readiness",
    "training:course",
    "training:training",
}
"""Pages that are mainly rows of one kind."""

FEW = "what may be told of few people is asked of all pilots, their evidence and the last month"
PLANNED = "whether its departments are ready is asked of three tables, and which days are open"
MEASURED = f"{PLANNED}; what its departments handed in each month, of two"
REQUIRED = "whether a course is required is asked of its periods, beside the numbers of people"
STAGES = "shows every stage: one clear query for each table, none for each row"

EXCEPTIONS: dict[str, tuple[int, str]] = {
    "dashboard:dashboard": (26, STAGES),
    "dashboard:home": (23, STAGES),
    "evaluation:held": (13, "the look leaves four queries in the log"),
    "evaluation:one_on_one": (15, "three tables, who leads the person, and the look in the log"),
    "evaluation:period": (19, "one's own sheet, others', the numbers, and the look in the log"),
    "evaluation:review_edit": (
        23,
        (
            "the figures beside the fields: the months of both periods read once from six tables, "
            "what is no usage from two for each period"
        ),
    ),
    "evaluation:reviews": (11, "the open days are asked for the mark of what is late"),
    "evaluation:sheets": (11, "the open days are asked for the mark of what is late"),
    "evaluation:review": (
        30,
        (
            "an open review measures its month as it stands, the months of both periods read once; "
            "for who reads no small numbers what is published beside it"
        ),
    ),
    "municipality:arrivals": (21, "people, pauses and ends of accounts, and the look in the log"),
    "municipality:checklist": (23, "sixteen tables, one question each"),
    "municipality:decision": (
        27,
        "the decision in seven tables, what is decided in seven, what of it is so today, who acts",
    ),
    "municipality:decision_print": (31, "the page of the decision, and the look in the log"),
    "municipality:department": (
        31,
        "six tables, one question each, what four apps tell of it, and the look in the log",
    ),
    "municipality:deputies": (12, "five tables, one question each"),
    "municipality:disposals": (
        12,
        "the log is asked for what is past, its first line and the first kept",
    ),
    "municipality:hold": (11, "notices by kind, by person, and how many of these"),
    "municipality:log": (15, "the lines, how many, who and where, and the look in the log"),
    "municipality:mails": (
        12,
        "five questions: troubled mails, how many, of what, tests, addresses",
    ),
    "municipality:member": (20, "nine tables, one question each, and the look in the log"),
    "municipality:organisation_check": (
        22,
        "eleven tables, one question each, and the look in the log",
    ),
    "municipality:people": (16, "five questions, and the look in the log"),
    "municipality:routes": (15, "eight questions: the list, what can be chosen, what was changed"),
    "municipality:running": (15, "ten parts, one question each"),
    "municipality:slips": (16, "five questions, and the printing in the log"),
    "rollout:conditions": (16, "five tables, one question each, and who grants exceptions"),
    "rollout:exception": (
        15,
        "who grants exceptions, and whether they lead a pilot, beside the page",
    ),
    "training:course": (12, "the course, its period, one's own assignment, the list, and how many"),
    "pilots:usages": (
        18,
        "the records, how many, of these not counted, the weeks around, pilots, staff, open days",
    ),
    "pilots:expansion": (25, FEW),
    "pilots:pilots": (22, FEW),
    "pilots:edit": (16, PLANNED),
    "pilots:expand": (22, MEASURED),
    "pilots:expansion_edit": (25, MEASURED),
    "pilots:pilot": (32, FEW),
    "training:training": (11, REQUIRED),
}
"""Pages that need more, with how many and why."""

CHOSEN = "the department that is asked for is looked up, beside those that can be chosen"

ASKED_FOR: dict[tuple[str, str], tuple[int, str]] = {
    ("municipality:arrivals", "department=0"): (22, CHOSEN),
    ("municipality:log", "department=0"): (16, CHOSEN),
    ("municipality:people", "department=0"): (17, CHOSEN),
    ("pilots:usages", "department=0"): (19, CHOSEN),
}
"""Pages that need more when they are asked for with this query, with how many and why."""

GROWN = {
    "absence",
    "action",
    "announcement",
    "answer",
    "assignment",
    "attachment",
    "circulation",
    "course",
    "criterion",
    "decision",
    "deputy",
    "disposal",
    "duty",
    "evaluationperiod",
    "expansion",
    "expansiondepartment",
    "fileimport",
    "goal",
    "identityprovider",
    "indicator",
    "invitation",
    "mail",
    "member",
    "notice",
    "oneonone",
    "pair",
    "participant",
    "passed",
    "pilot",
    "pilotdepartment",
    "post",
    "privatenote",
    "promise",
    "remark",
    "renewal",
    "revision",
    "routestep",
    "routetemplate",
    "sheet",
    "step",
    "successcriterion",
    "superior",
    "transfer",
    "usage",
}
"""The kinds of rows of which there are more in the grown body."""

PREPARED = {name for name, sending in SENDING.items() if sending.given}
"""Pages that are asked for in a state that is taken back before a link is followed."""

NAMES = list(dict.fromkeys(row.name for row in ROWS if row.method == "GET"))


class Seen(NamedTuple):
    """What the addresses cost, by name, object and persona; what their pages link with a query; and
    the page on which each persona first met each address that is none of the table's.
    """

    costs: dict[str, dict[str, int]]
    links: dict[tuple[str, str, str], Linked]
    met: dict[tuple[str, str], str]


def answers(world, asker, name: str, *, every: bool = True) -> Iterator[tuple[Case, Answer]]:
    """One address as every persona gets it with `every` object of which they get the page, or with
    the first.
    """
    personas: set[str] = set()
    for row in ROWS:
        if (row.name, row.method) != (name, "GET"):
            continue
        for case in cases_of(world, row):
            if case.status == 200 and (every or case.who not in personas):
                yield case, send(world, asker, row, case)
                personas.add(case.who)


def costs(world, asker, name: str, *, every: bool = True) -> dict[str, int]:
    """The queries of one address by object and persona."""
    return {
        label(case): answer.queries for case, answer in answers(world, asker, name, every=every)
    }


def label(case: Case) -> str:
    """The object and the persona."""
    return f"{case.slot or '-'} {case.who}"


def limit(name: str) -> int:
    """How many queries the page may take where nothing else is said."""
    return OF_A_LIST if name in LISTS else OF_A_PAGE


@pytest.fixture(scope="module")
def seen(world, asker) -> Seen:
    """Every address in the world as it is."""
    seen = Seen({}, {}, {})
    opened: set[tuple[str, str]] = set()
    for name in NAMES:
        seen.costs[name] = {}
        for case, answer in answers(world, asker, name):
            seen.costs[name][label(case)] = answer.queries
            for link in links_in(answer.content, case.address, case.who):
                seen.links.setdefault((link.name, link.shape, link.who), link)
            if name not in PREPARED:
                for address in addresses_in(answer.content):
                    seen.met.setdefault((case.who, address), case.address)
            opened.add((case.who, case.address))
    for key in opened & seen.met.keys():
        del seen.met[key]
    return seen


@pytest.fixture(scope="module")
def before(seen) -> dict[str, dict[str, int]]:
    """What every address costs in the world as it is."""
    return seen.costs


@pytest.fixture(scope="module")
def grown(world, before) -> Iterator[set[str]]:
    """The body with two more of everything; the kinds of which there are more."""
    with transaction.atomic():
        yield {kind for kind, count in more_of_everything(world.here).items() if count}
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_costs_no_more_than_it_may(name, before):
    most = EXCEPTIONS[name][0] if name in EXCEPTIONS else limit(name)
    assert {who: count for who, count in before[name].items() if count > most} == {}


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_no_exception_outlives_its_reason(name, before):
    assert max(before[name].values()) == EXCEPTIONS[name][0] > limit(name)


def test_every_list_is_an_address_and_every_exception_has_a_reason():
    assert LISTS | set(EXCEPTIONS) <= set(NAMES)
    assert all(reason for _number, reason in EXCEPTIONS.values())


# --- behind the question mark ---------------------------------------------------------------------


def over(asker, links: list[Linked]) -> list[tuple[str, str, str, int]]:
    """The links whose pages cost more than they may."""
    found = []
    for link in links:
        answer = asker.ask(link.who, "GET", link.address)
        if answer.status == 200 and answer.queries > most_of(link.name, link.shape):
            found.append((link.name, link.shape, link.who, answer.queries))
    return found


def most_of(name: str, shape: str) -> int:
    """How many queries a page may take that is asked for with a query."""
    if (name, shape) in ASKED_FOR:
        return ASKED_FOR[name, shape][0]
    return EXCEPTIONS[name][0] if name in EXCEPTIONS else limit(name)


def test_what_a_page_links_costs_no_more_than_it_may(asker, seen, record_property):
    """Each query as the first persona who gets it; `make soak` asks as every persona."""
    links = one_of_each(seen.links.values())
    record_property("cases", len(links))
    assert over(asker, links) == []


def test_no_query_outlives_its_reason(asker, seen):
    """Each that is named is still met, and still costs more than the page without it."""
    links = [link for link in seen.links.values() if (link.name, link.shape) in ASKED_FOR]
    most: dict[tuple[str, str], int] = {}
    for link in links:
        queries = asker.ask(link.who, "GET", link.address).queries
        most[link.name, link.shape] = max(queries, most.get((link.name, link.shape), 0))
    assert most == {key: number for key, (number, _reason) in ASKED_FOR.items()}
    assert all(number > EXCEPTIONS[name][0] for (name, _shape), number in most.items())


@pytest.mark.soak
def test_what_a_page_links_costs_no_more_for_any_persona(asker, seen, record_property):
    record_property("cases", len(seen.links))
    assert over(asker, list(seen.links.values())) == []


def shut(asker, met: dict[tuple[str, str], str]) -> dict[tuple[str, str], tuple[str, int]]:
    """The links that do not open for who got them, with their page and the answer."""
    asked = {key: asker.ask(key[0], "GET", key[1]).status for key in met}
    return {key: (met[key], status) for key, status in asked.items() if status not in {200, 302}}


def test_no_page_links_what_its_reader_may_not_open(asker, seen, record_property):
    """Each kind of address for a third of the people; `make soak` follows every link."""
    kinds = {(who, re.sub("[0-9]+", "0", link)): (who, link) for who, link in seen.met}
    met = {key: seen.met[key] for key in sampled(sorted(kinds.values()), 0)}
    record_property("cases", len(met))
    assert shut(asker, met) == {}


@pytest.mark.soak
def test_no_page_links_what_nobody_may_open(asker, seen, record_property):
    record_property("cases", len(seen.met))
    assert shut(asker, seen.met) == {}


# --- more rows ------------------------------------------------------------------------------------


def grown_by(world, asker, name: str, before: dict[str, int]) -> dict[str, tuple[int, int]]:
    """By object and persona what an address cost before and costs now, where it costs more."""
    return {
        case: (before[case], count)
        for case, count in costs(world, asker, name, every=False).items()
        if count > before[case]
    }


@pytest.mark.parametrize("name", NAMES)
def test_more_rows_do_not_cost_more(name, world, asker, before, grown):
    assert grown_by(world, asker, name, before[name]) == {}


def test_there_are_more_of_what_the_lists_show(grown):
    assert grown >= GROWN


def asks_for_each_row(department: Department) -> str:
    """An address that costs a query."""
    return f"/{Department.objects.values_list('municipality').get(pk=department.pk)[0]}/"


@pytest.mark.selfcheck
def test_a_query_for_each_row_is_found(world, asker, before, grown, monkeypatch):
    monkeypatch.setattr(Department, "get_absolute_url", asks_for_each_row)
    name = "municipality:departments"
    assert "- office" in grown_by(world, asker, name, before[name])


@pytest.mark.selfcheck
def test_queries_over_the_limit_are_found(world, asker, monkeypatch):
    monkeypatch.setattr(Department, "get_absolute_url", asks_for_each_row)
    name = "municipality:departments"
    assert max(costs(world, asker, name).values()) > limit(name)
