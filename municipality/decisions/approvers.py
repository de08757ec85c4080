"""Who stands at the steps of decisions on a day: holders, who of them is away, and who may act in
their place.

One place for pages, rules and telling, in as many queries for one step as for a hundred.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef

from municipality.decisions.models import Absence, Deputy, Step, StepKind, Superior
from municipality.organisation.models import Posting

Place = tuple[int, int]
"""A post in a department, by their numbers."""


def place_of(row: Step | Superior) -> Place:
    """Place of a step: its department and post."""
    return row.department_id, row.post_id


@dataclass(frozen=True)
class StepActors:
    """Who may act at some steps on a day: members (by number) at each place, absences, names,
    deputies and the superior posts of the steps.
    """

    held: dict[Place, list[int]]
    away: frozenset[int]
    names: dict[int, str]
    deputies: dict[Place, list[tuple[int, str]]] = field(default_factory=dict)
    superiors: dict[int, list[Superior]] = field(default_factory=dict)

    @classmethod
    def of(cls, steps: Iterable[Step], day: date) -> StepActors:
        """Read the actors of these steps: one query while every step has somebody present, three
        more for those who may act in their place.
        """
        steps = list(steps)
        here = cls(*held_posts({place_of(step) for step in steps}, day))
        resting = [step for step in steps if here.lack(step)]
        if not resting:
            return here
        superiors = _superiors(resting)
        above = cls(
            *held_posts({place_of(row) for rows in superiors.values() for row in rows}, day)
        )
        deputies, named_away, names = _deputies(
            {place_of(step) for step in resting if step.kind == StepKind.DECIDE}, day
        )
        away = here.away | above.away | named_away
        return cls(
            {**here.held, **above.held},
            away,
            {**here.names, **above.names, **names},
            deputies,
            superiors,
        )

    def holders(self, step: Step) -> list[int]:
        """Numbers of the members who hold the step's post, the drafter included."""
        return self.held.get(place_of(step), [])

    def own(self, step: Step) -> list[int]:
        """Numbers of the members who may act by their post: the holders except the drafter, also a
        holder who returns during an absence.
        """
        return [number for number in self.holders(step) if number != step.decision.drafter_id]

    def _there(self, row: Step | Superior, drafter: int) -> list[int]:
        return [n for n in self.held.get(place_of(row), []) if n != drafter and n not in self.away]

    def lack(self, step: Step) -> str:
        """Why nobody may act by post: away or vacant; empty when somebody may."""
        if self._there(step, step.decision.drafter_id):
            return ""
        return Step.Lack.AWAY if self.own(step) else Step.Lack.VACANT

    def all_away(self, step: Step) -> bool:
        """Whether every holder has recorded an absence. False when the post is vacant."""
        return bool(self.holders(step)) and set(self.holders(step)) <= self.away

    def deputies_of(self, step: Step) -> list[int]:
        """Members who may decide in place of the decider (代決) now: named for the matter, present,
        and not the drafter.
        """
        if step.kind != StepKind.DECIDE or not self.all_away(step):
            return []
        named = [
            n
            for n, matter in self.deputies.get(place_of(step), [])
            if matter in ("", step.decision.matter)
        ]
        return sorted({n for n in named if n != step.decision.drafter_id and n not in self.away})

    def raising(self, step: Step) -> Superior | None:
        """Superior post that may approve in place of the step's post (引上げ) now: the nearest one
        with somebody present; None when there is none.
        """
        if step.kind == StepKind.DECIDE or not self.lack(step):
            return None
        drafter = step.decision.drafter_id
        return next(
            (row for row in self.superiors.get(step.pk, []) if self._there(row, drafter)), None
        )

    def raisers_of(self, step: Step) -> list[int]:
        """Numbers of the members who may approve in place of a lower post now."""
        superior = self.raising(step)
        return self._there(superior, step.decision.drafter_id) if superior else []

    def in_place(self, step: Step) -> list[int]:
        """Numbers of the members who may act without holding the step's post."""
        return self.deputies_of(step) or self.raisers_of(step)

    def may_act(self, number: int, step: Step) -> bool:
        """Whether this member may act at the step, in any capacity."""
        return number in self.own(step) or number in self.in_place(step)


def _superiors(steps: list[Step]) -> dict[int, list[Superior]]:
    """Superior posts by step, the nearest first. Steps that are not saved yet have none."""
    superiors: dict[int, list[Superior]] = defaultdict(list)
    numbers = [step.pk for step in steps if step.pk]
    for row in (
        Superior.objects.filter(step__in=numbers).select_related("post").order_by("distance")
    ):
        superiors[row.step_id].append(row)
    return dict(superiors)


def _is_away(day: date) -> Exists:
    return Exists(Absence.objects.on(day).filter(member=OuterRef("member")))


def held_posts(
    places: set[Place], day: date
) -> tuple[dict[Place, list[int]], frozenset[int], dict[int, str]]:
    """Who holds the posts, who of them is away, and their names. One query, whatever the posts."""
    rows = Posting.objects.present(day).filter(
        department__in={place[0] for place in places}, post__in={place[1] for place in places}
    )
    members: dict[Place, list[int]] = defaultdict(list)
    away, names = set(), {}
    for department, post, member, name, is_away in rows.order_by("member").values_list(
        "department", "post", "member", "member__name", _is_away(day)
    ):
        if (department, post) in places and member not in members[department, post]:
            members[department, post].append(member)
            names[member] = name
            away |= {member} if is_away else set()
    return {place: people for place, people in members.items() if people}, frozenset(away), names


def _deputies(
    places: set[Place], day: date
) -> tuple[dict[Place, list[tuple[int, str]]], frozenset[int], dict[int, str]]:
    """Deputies by post with their matters, those of them who are away, and their names. One query,
    none without places.
    """
    if not places:
        return {}, frozenset(), {}
    posted = Posting.objects.present(day).filter(member=OuterRef("member"))
    rows = Deputy.objects.on(day).filter(
        Exists(posted), department__in={place[0] for place in places}
    )
    deputies: dict[Place, list[tuple[int, str]]] = defaultdict(list)
    away, names = set(), {}
    for department, post, member, matter, name, is_away in rows.values_list(
        "department", "post", "member", "matter", "member__name", _is_away(day)
    ):
        deputies[department, post].append((member, matter))
        names[member] = name
        away |= {member} if is_away else set()
    return dict(deputies), frozenset(away), names
