"""Building a body: the body itself, its departments over time, its posts and its people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict
from municipality.organisation.models import (
    Department,
    DepartmentVersion,
    Duty,
    Grant,
    Member,
    Municipality,
    Post,
    Posting,
    paths_to,
)
from municipality.organisation.operations.postings import postings_changed

PATH_DIGITS = 10


def check_digit(five: str) -> str:
    """The sixth digit of a 全国地方公共団体コード: weights 6 5 4 3 2, (11 − sum mod 11) mod 10 (JIS
    X 0402).
    """
    total = sum(int(digit) * weight for digit, weight in zip(five, (6, 5, 4, 3, 2), strict=True))
    return str((11 - total % 11) % 10)


def is_code(code: str) -> bool:
    """Is this a 6-digit code with a right check digit?"""
    return len(code) == 6 and code.isascii() and code.isdigit() and check_digit(code[:5]) == code[5]


@operation
def create_body(code: str, name: str, *, today: date, **fields) -> Municipality:
    """Create a body with its root department and the post of its office. Raises Conflict for a bad
    or known code.
    """
    if not is_code(code):
        raise Conflict(
            _(
                "団体コード「%(code)s」の検査数字が合いません。6桁の全国地方公共団体コードを入力してください。"
            )
            % {"code": code}
        )
    if Municipality.objects.filter(pk=code).exists():
        raise Conflict(_("団体コード「%(code)s」は登録済みです。") % {"code": code})
    body = Municipality.objects.create(pk=code, name=name, **fields)
    starts_on = date(today.year - 1 if today.month < 4 else today.year, 4, 1)
    add_department(
        body, code="", name=name, kind=Department.Kind.BODY, parent=None, starts_on=starts_on
    )
    record(None, "municipality.created", municipality=body, code=code, name=name)
    return body


@operation
def add_department(
    body: Municipality,
    *,
    code: str,
    name: str,
    kind: str,
    parent: Department | None,
    starts_on: date,
    ends_on: date | None = None,
) -> Department:
    """Add a department with its first version and its place in the tree."""
    department = Department.objects.create(
        municipality=body,
        code=code,
        name=name,
        kind=kind,
        parent=parent,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    department.path = f"{parent.path if parent else body.root_path}{department.pk:0{PATH_DIGITS}d}/"
    department.save(update_fields=["path"])
    DepartmentVersion.objects.create(
        municipality=body,
        department=department,
        name=name,
        kind=kind,
        parent=parent,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    return department


@operation
def post_member(
    member: Member,
    *,
    department: Department,
    post: Post,
    roles: list[str],
    starts_on: date,
    kind: str = Posting.Kind.MAIN,
    ends_on: date | None = None,
    status: str = Posting.Status.PRESENT,
) -> Posting:
    """Give the member a post in a department from a day on, with its roles. Raises Conflict where
    the person holds another main posting (本務) on one of these days.
    """
    if kind == Posting.Kind.MAIN:
        _refuse_second_main(member, starts_on, ends_on)
    posting = Posting.objects.create(
        municipality_id=member.municipality_id,
        member=member,
        department=department,
        post=post,
        kind=kind,
        status=status,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    Grant.objects.bulk_create(
        Grant(municipality_id=member.municipality_id, posting=posting, role=role)
        for role in dict.fromkeys(roles)
    )
    postings_changed(member.municipality_id, [member.pk])
    return posting


def _refuse_second_main(member: Member, starts_on: date, ends_on: date | None) -> None:
    """Under the lock of the body that files of people take as well: of two at once one is told."""
    Municipality.objects.select_for_update(no_key=True).get(pk=member.municipality_id)
    others = Posting.objects.filter(member=member, kind=Posting.Kind.MAIN)
    others = others.filter(Q(ends_on=None) | Q(ends_on__gte=starts_on))
    if ends_on is not None:
        others = others.filter(starts_on__lte=ends_on)
    if other := others.select_related("department", "post").first():
        raise Conflict(
            _(
                "本務の期間が、登録済みの本務(%(where)s)と重なっています。前の本務を先に終えてください。"
            )
            % {"where": other}
        )


@operation
def give_duty(
    member: Member, kind: str, *, department: Department, starts_on: date, by: Member | None
) -> Duty:
    """Give the member a duty (職務) from a day on."""
    duty = Duty.objects.create(
        municipality_id=member.municipality_id,
        member=member,
        department=department,
        kind=kind,
        starts_on=starts_on,
    )
    record(by, "duty.given", member, municipality=member.municipality_id, kind=kind)
    return duty


@operation
def apply_versions(body: Municipality, now: datetime) -> int:
    """Rewrite today's name, kind, parent and path of departments whose version begins; how many
    changed. Safe to repeat.

    All of a day together: two that change places would lie below each other if one came first.
    """
    today = timezone.localdate(now)
    changed: list[dict[str, Any]] = []
    moved = False
    for version in (
        DepartmentVersion.objects.of(body)
        .on(today)
        .select_related("department")
        .order_by("starts_on")
    ):
        department = version.department
        wanted = {"name": version.name, "kind": version.kind, "parent_id": version.parent_id}
        if any(getattr(department, field) != value for field, value in wanted.items()):
            Department.objects.filter(pk=department.pk).update(**wanted)
            changed.append({"department": department.pk, **wanted})
            moved |= department.parent_id != version.parent_id
    if moved:
        rewrite_paths(body)
    if changed:
        record(None, "department.begun", municipality=body, departments=changed)
    return len(changed)


def rewrite_paths(body: Municipality) -> None:
    """Compute every department's path anew from the parents."""
    rows = {row.pk: row for row in Department.objects.of(body)}

    def path_of(row: Department) -> str:
        above = path_of(rows[row.parent_id]) if row.parent_id else body.root_path
        return f"{above}{row.pk:0{PATH_DIGITS}d}/"

    for row in rows.values():
        row.path = path_of(row)
    Department.objects.bulk_update(rows.values(), ["path"], batch_size=500)


def hold_departments(departments: Iterable[Department]) -> None:
    """Wait for whoever changes what a plan of these departments stands on, or approves one: all
    lock the departments with those above them, in the same order, until the transaction ends.
    """
    paths = {path for row in departments for path in paths_to(row.path)}
    rows = Department.objects.filter(path__in=paths).select_for_update(no_key=True)
    list(rows.order_by("pk"))
