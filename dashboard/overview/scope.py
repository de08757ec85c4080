"""Whose figures a member looks at on 状況一覧: the departments in reach, and what may
be told of few people.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from municipality.core.name_lists import all_names
from municipality.core.periods import Period
from municipality.core.small_cells import Gate
from municipality.organisation.models import Department, Member
from municipality.organisation.rules import gate_of


@dataclass(frozen=True)
class Scope:
    """The departments in sight on a day, those below included; `root` is the one at the top, None
    for the whole body.

    `gate` says what may be told of few people.
    """

    member: Member
    today: date
    departments: list[Department]
    gate: Gate

    @property
    def code(self) -> str:
        """The body's code."""
        return self.member.municipality_id

    @property
    def is_body(self) -> bool:
        """Is it the whole body?"""
        return any(row.is_body for row in self.departments)

    @property
    def roots(self) -> list[Department]:
        """The topmost departments in sight."""
        paths = {row.path for row in self.departments}
        return [row for row in self.departments if not paths & set(row.ancestor_paths[:-1])]

    @property
    def root(self) -> Department | None:
        """The one department at the top, whose own reviews are shown; None for the body or for
        several.
        """
        return None if self.is_body or len(self.roots) != 1 else self.roots[0]

    @property
    def has_reviews(self) -> bool:
        """Are there reviews of exactly this scope?"""
        return self.is_body or len(self.roots) == 1

    @property
    def name(self) -> str:
        """What the scope is called."""
        if self.is_body:
            return _("%(body)s全体") % {"body": self.member.municipality.name}
        return all_names(row.name for row in self.roots)

    @property
    def month(self) -> Period:
        """The last month that is over."""
        return Period.holding(Period.MONTH, self.today).previous


def scope_of(member: Member, today: date) -> Scope:
    """The scope of a member on a day. One query."""
    reached = Department.objects.visible_to(member).on(today)
    return Scope(member, today, list(reached.order_by("path")), gate_of(member))
