"""Whose figures a member looks at on 状況一覧: the departments in reach, with or without
persons.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.core.periods import Period
from municipality.organisation.models import Department, Member, Posting
from municipality.organisation.rules import may_see_small_counts


@dataclass(frozen=True)
class Scope:
    """The departments in sight on a day, those below included; `root` is the one at the top, None
    for the whole body.

    `people` counts who is mainly posted in a department, by its number. `persons` says whether
    small numbers may be shown.
    """

    member: Member
    today: date
    departments: list[Department]
    people: dict[int, int]
    persons: bool

    @property
    def code(self) -> str:
        """The body's code."""
        return self.member.municipality_id

    @property
    def least(self) -> int:
        """How few people may stand behind a shown number."""
        return 0 if self.persons else self.member.municipality.small_cell

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
        return pgettext("並び", "、").join(row.name for row in self.roots)

    @property
    def month(self) -> Period:
        """The last month that is over."""
        return Period.holding(Period.MONTH, self.today).previous


def scope_of(member: Member, today: date) -> Scope:
    """The scope of a member on a day. One query."""
    rows = list(departments_of(member, today))
    people = {row.pk: row.people for row in rows}
    return Scope(member, today, list(rows), people, may_see_small_counts(member))


def departments_of(member: Member, today: date) -> QuerySet[Any]:
    """The departments in reach in the order of the tree, each with how many `people` are mainly
    posted there.
    """
    posted = Posting.objects.on(today).filter(department=OuterRef("pk"), kind=Posting.Kind.MAIN)
    count = (
        posted.order_by()
        .values("department")
        .annotate(n=Count("member", distinct=True))
        .values("n")
    )
    reached = Department.objects.visible_to(member).on(today)
    return reached.annotate(people=Coalesce(Subquery(count), 0)).order_by("path")
