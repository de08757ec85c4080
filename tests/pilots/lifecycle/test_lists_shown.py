"""What the lists of pilots and of their participants show with one row and with three, for each
kind of reader.
"""

from __future__ import annotations

from datetime import date

import pytest

from municipality.core.small_cells import MARK
from pilots.participants.models import Participant
from pilots.planning.models import Pilot
from tests.build.evaluation import a_pilot_between
from tests.build.lists import rows_shown
from tests.build.municipality import a_member
from tests.build.town import Town, with_another_body

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tenth")]

SEE_NAMES = ("office", "hr", "executive", "manager")
SEE_NO_PERSONS = ("consultant", "auditor")
OUT_OF_SIGHT = ("other manager", "other body")
DAYS = ((4, 5), (6, 7), (8, 9))


@pytest.fixture
def towns() -> tuple[Town, Town]:
    return with_another_body()


def a_pilot(town: Town, place: int = 0) -> Pilot:
    """A finished pilot of 総務課, led by its manager; the later the place, the later it was."""
    first, last = DAYS[place]
    pilot = a_pilot_between(
        town.soumu, town.people["manager"], date(2026, first, 1), date(2026, last, 28), over=True
    )
    Pilot.objects.filter(pk=pilot.pk).update(name=f"試行{place + 1}")
    return Pilot.objects.get(pk=pilot.pk)


def taking_part(town: Town, pilot: Pilot, count: int) -> list[str]:
    """So many have agreed, the member of staff among them; their names."""
    people = [town.people["staff"]]
    people += [a_member(town.soumu, name=f"参加 {number}") for number in range(1, count)]
    Participant.objects.bulk_create(
        Participant(
            municipality=town.body,
            pilot=pilot,
            member=person,
            department=town.soumu,
            state="agreed",
            asked_on=date(2026, 3, 1),
            agreed_on=date(2026, 3, 2),
        )
        for person in people
    )
    return [person.name for person in people]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_pilots_shows_each_as_far_as_its_reader_may_know(towns, count):
    town, other = towns
    for place in range(count):
        taking_part(town, a_pilot(town, place), 1)
    names = [f"試行{place + 1}" for place in reversed(range(count))]
    lead = town.people["manager"].name
    seen = {who: rows_shown(town.client(who), f"/{town.body.pk}/pilots/") for who in town.people}
    for who, number, ending in (
        *((who, "1", lead) for who in SEE_NAMES),
        ("staff", MARK, lead),
        *((who, MARK, MARK) for who in SEE_NO_PERSONS),
    ):
        assert [row.split()[0] for row in seen[who]] == names, who
        assert all(f" {number} " in f"{row} " for row in seen[who]), seen[who]
        assert all(row.endswith(ending) for row in seen[who]), seen[who]
    assert not any(seen[who] for who in OUT_OF_SIGHT)
    assert rows_shown(other.client("office"), f"/{other.body.pk}/pilots/") == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_participants_are_listed_for_who_may_see_them_and_oneself_for_oneself(towns, count):
    town, _other = towns
    pilot = a_pilot(town)
    names = taking_part(town, pilot, count)
    address = f"pilots/{pilot.pk}/"
    seen = {
        who: [
            name
            for name in names
            for row in rows_shown(town.client(who), f"/{town.body.pk}/{address}")
            if name in row
        ]
        for who in town.people
    }
    everybody = {who: sorted(seen[who]) for who in SEE_NAMES}
    assert everybody == dict.fromkeys(SEE_NAMES, sorted(names))
    assert seen["staff"] == names[:1]
    assert not any(seen[who] for who in SEE_NO_PERSONS)
    assert {who: town.get(who, address) for who in OUT_OF_SIGHT} == dict.fromkeys(OUT_OF_SIGHT, 404)
    assert {town.get(who, address) for who in (*SEE_NAMES, "staff", *SEE_NO_PERSONS)} == {200}
