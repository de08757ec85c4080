"""任用区分 and which of them count as staff; a body that has none yet is given its first ones."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict, require
from municipality.core.transitions import change
from municipality.organisation.models import (
    EmploymentKind,
    Grant,
    Member,
    Municipality,
    Posting,
)
from municipality.organisation.operations.setting_versions import keeping
from municipality.organisation.rules import is_office

SPECIAL, OUTSIDE = "特別職", "外部"

NOT_STAFF = (SPECIAL, "外部専門家", "監査委員", OUTSIDE)
"""What counts as staff in no body until its office says otherwise."""

SPECIAL_POSTS = (
    "町長",
    "副町長",
    "市長",
    "副市長",
    "村長",
    "副村長",
    "区長",
    "副区長",
    "知事",
    "副知事",
    "教育長",
    "監査委員",
)


def kinds_of(body: Municipality) -> dict[str, bool]:
    """Whether each kind counts as staff, by its name."""
    return dict(EmploymentKind.objects.of(body).values_list("name", "counts_as_staff"))


@operation
def add_employment_kind(
    body: Municipality, *, name: str, counts_as_staff: bool, by: Member, now: datetime
) -> EmploymentKind:
    """Add a kind. Raises Conflict for a name that stands."""
    require(is_office(by))
    with keeping(body, "employment_kinds", lambda: kinds_of(body), by=by, now=now):
        if EmploymentKind.objects.of(body).filter(name=name).exists():
            raise Conflict(_("「%(name)s」は登録済みです。") % {"name": name})
        kind = EmploymentKind.objects.create(
            municipality=body, name=name, counts_as_staff=counts_as_staff
        )
        record(by, "employment_kind.added", kind, counts_as_staff=counts_as_staff)
    return kind


@operation
def count_as_staff(
    kind: EmploymentKind, *, counts: bool, edition: int, by: Member, now: datetime
) -> EmploymentKind:
    """Count the people of a kind as staff, or no longer. Figures that were frozen stay."""
    require(is_office(by))
    body = kind.municipality
    with keeping(body, "employment_kinds", lambda: kinds_of(body), by=by, now=now):
        change(kind, edition=edition, counts_as_staff=counts)
        record(by, "employment_kind.changed", kind, counts_as_staff=counts)
    return kind


def add_unknown_kinds(body: Municipality, names: Iterable[str]) -> list[str]:
    """Add kinds that the body does not have, counted as staff; which. Two queries."""
    known = kinds_of(body)
    fresh = sorted({name for name in names if name and name not in known})
    EmploymentKind.objects.bulk_create(
        [
            EmploymentKind(municipality=body, name=name, counts_as_staff=name not in NOT_STAFF)
            for name in fresh
        ],
        ignore_conflicts=True,
    )
    return fresh


def keep_employment_kinds(municipality: Municipality, now: datetime) -> int:
    """Daily job: add a row for every 任用区分 that stands at a person. A body without any gets its
    first ones. Returns 0: it opens nothing.
    """
    used = set(
        Member.objects.of(municipality).order_by().values_list("employment", flat=True).distinct()
    )
    known = kinds_of(municipality)
    if not known or used - known.keys() - {""}:
        _fill(municipality, used, first=not known, now=now)
    return 0


@operation
def _fill(body: Municipality, used: set[str], *, first: bool, now: datetime) -> None:
    given = _give_kinds(body, now) if first else 0
    added = add_unknown_kinds(body, [*used, *(NOT_STAFF if first else ())])
    if added:
        record(None, "employment_kind.added", municipality=body, names=added)
    if given:
        record(None, "employment_kind.given", municipality=body, count=given)


def _give_kinds(body: Municipality, now: datetime) -> int:
    """Name the kind of those who are no staff by their post or roles and have none; how many."""
    held = Posting.objects.on(timezone.localdate(now)).filter(member=OuterRef("pk"))
    roles = Grant.objects.filter(posting__member=OuterRef("pk"))
    blank = Member.objects.of(body).filter(employment="")
    special = blank.filter(Exists(held.filter(post__title__in=SPECIAL_POSTS)))
    outside = blank.filter(
        Exists(roles.filter(role__in=("consultant", "auditor"))),
        ~Exists(roles.exclude(role__in=("consultant", "auditor"))),
    )
    return _give(special, SPECIAL) + _give(outside, OUTSIDE)


def _give(people: QuerySet[Member], name: str) -> int:
    numbers = list(people.values_list("pk", flat=True))
    return Member.objects.filter(pk__in=numbers).update(employment=name)
