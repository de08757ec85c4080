"""One small number and every place that would tell it: page, file, dashboard, home, live and frozen
figures hide it alike, and show it alike to who may read it.
"""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.home.department_now import last_month, read_now
from dashboard.overview.page import read_board
from evaluation.pdca.reviews.figures import rows_of
from municipality.core.small_cells import MARK
from municipality.organisation.models import Member
from municipality.organisation.open_days import open_days
from pilots.participants.models import Participant
from tests.build.dashboard import AS_OF
from tests.build.evaluation import a_closed, a_pilot_between, a_review, a_town, reviews_opened
from tests.build.municipality import a_member, at, signed_in
from tests.build.pilots import used

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tenth")]


def a_pilot_of(town, *, participants: int, takers: int):
    """A pilot of 企画財政課 since October with so many participants, so many of whom teleworked; five
    of the department do not take part.
    """
    people = [a_member(town.kikaku) for _number in range(participants)]
    for _number in range(2):
        a_member(town.kikaku)
    pilot = a_pilot_between(town.kikaku, town.chief, date(2026, 10, 1), date(2026, 12, 25))
    Participant.objects.bulk_create(
        Participant(
            municipality=town.body,
            pilot=pilot,
            member=member,
            department=town.kikaku,
            state="agreed",
            asked_on=date(2026, 9, 1),
            agreed_on=date(2026, 9, 2),
        )
        for member in people
    )
    for member in people[:takers]:
        used(member, town.kikaku, date(2026, 10, 5))
    reviews_opened(town, at(2026, 11, 2))
    return pilot


def takers_hidden(town, who: str, pilot) -> dict[str, bool]:
    """Where the number of people who teleworked in October is told: is it hidden there?"""
    member = Member.objects.get(pk=getattr(town, who).pk)
    client = signed_in(member)
    board = read_board(member, open_days(town.body.pk), AS_OF)
    tile = next(each for each in board.figures.tiles if "対象" in each.name)
    now = read_now(member, AS_OF)
    live = {row.indicator.code: row for row in rows_of(a_review(town), member)}["K03"]
    frozen = {row.indicator.code: row for row in rows_of(a_closed(town), member)}["K03"]
    sheet = client.get(pilot.get_absolute_url()).context
    return {
        "dashboard": tile.suppressed,
        "departments": board.usage.rows[0].hidden,
        "home": dict(now.pairs)["実施者"] == MARK,
        "open review": live.suppressed,
        "closed review": frozen.suppressed,
        "pilot": all(each.suppressed for each in sheet["tiles"]),
    }


OUTLETS = ("dashboard", "departments", "home", "open review", "closed review", "pilot")


@pytest.mark.parametrize(
    ("who", "takers", "hidden"),
    [
        ("consultant", 2, True),
        ("auditor", 2, True),
        ("mayor", 2, False),
        ("consultant", 9, True),
        ("consultant", 6, False),
    ],
)
def test_every_outlet_hides_the_same_number_from_the_same_readers(who, takers, hidden):
    town = a_town()
    pilot = a_pilot_of(town, participants=12, takers=takers)
    assert last_month(AS_OF).first == date(2026, 10, 1)
    assert takers_hidden(town, who, pilot) == dict.fromkeys(OUTLETS, hidden)


@pytest.mark.parametrize(
    ("participants", "shown"), [(0, ("0", "0")), (3, (MARK, MARK)), (5, ("5", "5"))]
)
def test_the_list_of_pilots_and_its_file_hide_the_same_number(participants, shown):
    town = a_town()
    pilot = a_pilot_of(town, participants=participants, takers=0)
    client = signed_in(town.consultant)
    page = client.get("/993018/pilots/").content.decode()
    cell = page[page.index('data-l="参加者(人)"') :].split("</td>")[0]
    file = b"".join(client.get("/993018/pilots/?file=csv")).decode("utf-8-sig")
    row = next(line for line in file.splitlines() if pilot.name in line)
    assert (MARK if MARK in cell else cell.split(">")[1], row.split(",")[-1].strip('"')) == shown
