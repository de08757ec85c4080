"""One world of two municipalities with the same names and codes and neighbouring ids, built once
per set-up of the database.

`town` holds the bodies and the personas, `preparing`, `trying` and `judging` what belongs to the
stages, `readers` who may read which text, `marks` the canaries, `scanner` looks for them in every
response, `asking` asks without leaving a trace.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from municipality.organisation.models import Member, Post
from municipality.organisation.operations.departments import add_department, post_member

from . import judging, preparing, trying
from .marks import Marks, Registry
from .town import OFFICE_OTHER, Town, give_accounts, settle

CODE, OTHER_CODE = "993018", "993026"


@dataclass
class World:
    """The body in question, its twin, and the canaries of both."""

    here: Town
    there: Town
    canaries: Registry

    @property
    def personas(self) -> dict[str, int | None]:
        """Each persona with the number of their user; None for who is signed out."""
        users = {
            name: member.user_id for name, member in self.here.people.items() if member.user_id
        }
        return {"signed_out": None, **users, OFFICE_OTHER: self.there.people["office"].user_id}

    def absent(self, family: str) -> int:
        """The number of a thing that does not exist: the next one."""
        return type(next(iter(self.here.things[family].values()))).objects.latest("pk").pk + 1


def build_world() -> World:
    """Both bodies, step by step side by side, so that what is alike has neighbouring numbers."""
    canaries = Registry()
    here, there = Town(CODE, "あおば町"), Town(OTHER_CODE, "みどり町")
    marks = Marks(canaries, CODE), Marks(canaries, OTHER_CODE)
    for _step in zip_longest(_town(here, marks[0]), _town(there, marks[1])):
        pass
    give_accounts(here, there, marks[0])
    _only_there(there)
    return World(here, there, canaries)


def _only_there(town: Town) -> None:
    """A department and a person whose code and number the first body does not know."""
    place = add_department(
        town.body,
        code="0777",
        name="水道課",
        kind="section",
        parent=town.departments["root"],
        starts_on=town.since,
    )
    member = Member.objects.create(
        municipality=town.body, number="900001", name="木村 波", kana="キムラ ナミ"
    )
    post = Post.objects.get(municipality=town.body, title="主事")
    post_member(member, department=place, post=post, roles=["staff"], starts_on=town.since)


def _town(town: Town, mark: Marks) -> Iterator[None]:
    for part in (
        settle,
        preparing.ground_floor,
        preparing.readiness,
        preparing.learning,
        trying.pilots,
        trying.usages,
        judging.goals,
        judging.talks,
        judging.reviews,
    ):
        yield from part(town, mark)
