"""組織改正: a department gets another name or place, several become one, or one becomes several,
from a day on.

What has dates is written at once, ended the day before and begun on the day. What has none,
decisions on their way and routes, follows on the day by the clock. The department that ended keeps
its name and its records; it lies below its successor from then on, so that whoever leads the
successor answers for what was left.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from municipality.audit.log import operation, record
from municipality.clock.operations.guarded import each_guarded
from municipality.core.crash_points import point
from municipality.core.periods import ONE_DAY
from municipality.core.refusals import Conflict, require
from municipality.decisions.models import Decision, Deputy, RouteStep, RouteTemplate, Step
from municipality.organisation.models import (
    Department,
    DepartmentVersion,
    Duty,
    Grant,
    Member,
    Municipality,
    Posting,
)
from municipality.organisation.operations.departments import add_department, rewrite_paths
from municipality.organisation.operations.postings import clear_mended_overlaps
from municipality.organisation.rules import is_office

OPEN_STEPS = (Step.State.WAITING, Step.State.CURRENT)


@dataclass(frozen=True)
class Target:
    """Department in which another continues: an existing one, or the values of a new one. `members`
    go there; the first target takes the rest.
    """

    department: Department | None = None
    code: str = ""
    name: str = ""
    kind: str = ""
    parent: Department | None = None
    members: tuple[int, ...] = field(default=())

    @property
    def label(self) -> str:
        """Name of the department."""
        return self.department.name if self.department else self.name


@operation
def change_department(
    department: Department,
    *,
    name: str,
    kind: str,
    parent: Department,
    on: date,
    by: Member,
    now: datetime,
) -> DepartmentVersion:
    """Give a department another name, kind or place from a day on. Raises Conflict below itself,
    for a day that is too early, or without change.
    """
    require(is_office(by))
    if parent.pk == department.pk or parent.path.startswith(department.path):
        raise Conflict(_("自分自身や下位の部署を、上位部署にすることはできません。"))
    version = _version_from(department, on, name=name, kind=kind, parent=parent)
    details = {"name": name, "kind": kind, "parent": parent.pk, "starts_on": on}
    record(by, "department.changed", department, before=department.name, **details)
    return version


def _version_from(department: Department, on: date, **values: Any) -> DepartmentVersion:
    """Version that begins on the day; the one before ends the day before. Raises Conflict when
    later versions exist.
    """
    rows = DepartmentVersion.objects.of(department.municipality_id).filter(department=department)
    if rows.filter(starts_on__gt=on).exists():
        raise Conflict(_("この日より後に始まる変更が登録されています。"))
    before = (
        rows.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on)
        .order_by("-starts_on")
        .first()
    )
    if before is None:
        raise Conflict(_("この日には、部署がまだないか、もう終わっています。"))
    if all(getattr(before, name) == value for name, value in values.items()):
        raise Conflict(_("変わるところがありません。"))
    if before.starts_on == on:
        DepartmentVersion.objects.filter(pk=before.pk).update(**values, edition=F("edition") + 1)
        return before
    last = before.ends_on
    DepartmentVersion.objects.filter(pk=before.pk).update(
        ends_on=on - ONE_DAY, edition=F("edition") + 1
    )
    return DepartmentVersion.objects.create(
        municipality_id=department.municipality_id,
        department=department,
        starts_on=on,
        ends_on=last,
        **values,
    )


@operation
def reorganise(
    sources: list[Department], targets: list[Target], *, on: date, by: Member, now: datetime
) -> list[Department]:
    """End the departments the day before, and let people and duties go on in the targets from the
    day on.

    Raises Conflict for a day that has passed or lies before a department's first, and for a code
    that is taken.
    """
    require(is_office(by))
    Municipality.objects.select_for_update(no_key=True).get(pk=by.municipality_id)
    _check(sources, targets, on, timezone.localdate(now))
    places = [target.department or _found(target, on, by) for target in targets]
    elsewhere = {
        number: place
        for target, place in zip(targets, places, strict=True)
        for number in target.members
    }
    for source in sources:
        _move_people(source, places[0], elsewhere, on)
        for model, names in (
            (Duty, ("member_id", "kind")),
            (Deputy, ("member_id", "post_id", "matter")),
        ):
            _move_dated(model, names, source, places[0], on)
        for child in Department.objects.of(by.municipality_id).on(on).filter(parent=source):
            _version_from(child, on, name=child.name, kind=child.kind, parent=places[0])
        _end(source, places, on)
    clear_mended_overlaps(by.municipality_id)
    details = {"targets": [place.pk for place in places], "starts_on": on}
    record(
        by,
        "department.reorganised",
        sources[0],
        sources=[source.pk for source in sources],
        **details,
    )
    return places


def _check(sources: list[Department], targets: list[Target], on: date, today: date) -> None:
    if on <= today:
        raise Conflict(_("組織改正の日は、明日以後の日にしてください。"))
    for source in sources:
        if source.is_body or source.starts_on >= on or source.ends_on is not None:
            raise Conflict(
                _("部署「%(name)s」は、この日に終えられません。") % {"name": source.name}
            )
        if any(_below(target.department or target.parent, source) for target in targets):
            raise Conflict(_("終わる部署の下に、引継ぎ先を置くことはできません。"))


def _below(place: Department | None, source: Department) -> bool:
    return place is not None and place.path.startswith(source.path)


def _found(target: Target, on: date, by: Member) -> Department:
    if Department.objects.of(by.municipality_id).filter(code=target.code).exists():
        raise Conflict(_("部署コード「%(code)s」は登録済みです。") % {"code": target.code})
    values = {
        "code": target.code,
        "name": target.name,
        "kind": target.kind,
        "parent": target.parent,
    }
    return add_department(by.municipality, starts_on=on, **values)  # type: ignore[arg-type]


def lasting(rows: QuerySet, on: date) -> QuerySet:
    """Dated rows that are in force on the day or begin later."""
    return rows.filter(Q(ends_on=None) | Q(ends_on__gte=on))


def _move_people(
    source: Department, first: Department, elsewhere: dict[int, Department], on: date
) -> None:
    """Postings that continue go to the new department with the same post, state and roles."""
    for posting in lasting(Posting.objects.filter(department=source), on).prefetch_related(
        "grants"
    ):
        place = elsewhere.get(posting.member_id, first)
        if posting.starts_on >= on:
            Posting.objects.filter(pk=posting.pk).update(department=place, edition=F("edition") + 1)
            continue
        roles = [grant.role for grant in posting.grants.all()]
        begun = Posting.objects.create(
            municipality_id=posting.municipality_id,
            member_id=posting.member_id,
            department=place,
            post_id=posting.post_id,
            kind=posting.kind,
            status=posting.status,
            starts_on=on,
            ends_on=posting.ends_on,
            overlaps_from_before=posting.overlaps_from_before,
        )
        Grant.objects.bulk_create(
            Grant(municipality_id=posting.municipality_id, posting=begun, role=role)
            for role in roles
        )
        Posting.objects.filter(pk=posting.pk).update(ends_on=on - ONE_DAY, edition=F("edition") + 1)


def _move_dated(
    model: Any, names: tuple[str, ...], source: Department, place: Department, on: date
) -> None:
    """Duties and deputies of the department continue in the new one."""
    for row in lasting(model.objects.filter(department=source), on):
        if row.starts_on >= on:
            model.objects.filter(pk=row.pk).update(department=place, edition=F("edition") + 1)
            continue
        values = {name: getattr(row, name) for name in names}
        model.objects.get_or_create(
            municipality_id=row.municipality_id,
            department=place,
            starts_on=on,
            **values,
            defaults={"ends_on": row.ends_on},
        )
        model.objects.filter(pk=row.pk).update(ends_on=on - ONE_DAY, edition=F("edition") + 1)


def _end(source: Department, places: list[Department], on: date) -> None:
    versions = DepartmentVersion.objects.filter(department=source)
    lasting(versions, on).filter(starts_on__lt=on).update(
        ends_on=on - ONE_DAY, edition=F("edition") + 1
    )
    Department.objects.filter(pk=source.pk).update(
        ends_on=on - ONE_DAY,
        successor=places[0],
        further_successors=[place.pk for place in places[1:]],
        edition=F("edition") + 1,
    )


def follow_successors(body: Municipality, now: datetime) -> int:
    """Let what has no dates follow on the day: the tree, routes, and decisions on their way. How
    many departments. Safe to repeat.
    """
    today = timezone.localdate(now)
    rows = Department.objects.of(body).filter(ends_on__lt=today, successor__isnull=False)
    ended = list(rows.exclude(parent=F("successor")).select_related("successor"))
    return _follow_all(body, {source.pk: source for source in ended}, now) if ended else 0


@operation
def _follow_all(body: Municipality, ended: dict[int, Department], now: datetime) -> int:
    """Follow all departments that ended and rewrite the tree in one transaction."""
    followed = each_guarded(body, "municipality.follow_successors ", ended, _follow, now=now).done
    point("departments.followed")
    rewrite_paths(body)
    return followed


@operation
def _follow(source: Department) -> int:
    """Update one department: completed steps keep its old name, and open steps go to the
    successor.
    """
    steps = Step.objects.filter(
        department=source, state__in=OPEN_STEPS, decision__state=Decision.State.RUNNING
    ).update(department=source.successor, edition=F("edition") + 1)
    routes = RouteStep.objects.filter(department=source).update(department=source.successor)
    RouteTemplate.objects.filter(department=source).update(department=source.successor)
    Department.objects.filter(pk=source.pk).update(parent=source.successor)
    record(
        None,
        "department.followed",
        source,
        successor=source.successor_id,
        steps=steps,
        routes=routes,
    )
    return 1
