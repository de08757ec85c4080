"""組織の確認: what would keep work from finding its person, on a day. The check page asks it of
today, the preview of a transfer of the day on which it takes effect.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from municipality.accounts.models import Invitation
from municipality.decisions.models import Decision, Deputy, RouteStep, Step
from municipality.organisation.models import (
    Department,
    Duty,
    EmploymentKind,
    Member,
    Municipality,
    Posting,
)
from municipality.organisation.staff_on import Place, Roster

OUTSIDE_ROLES = {"consultant", "auditor"}

UNMANAGED = {Department.Kind.BODY.value, Department.Kind.UNIT.value}
"""Kinds of departments that need no manager of their own: the body itself, and 係, which answer to
the department above.
"""

MOST_LISTED = 200
"""How many lines of one kind a page lists; how many there are is always said."""


CHECKS: dict[str, tuple[Any, Any, str]] = {
    "department.manager": (
        _("所属長のいない部署"),
        _("評価や決裁は上位の所属長に回ります。職員のファイルで所属長を登録してください。"),
        "municipality:imports",
    ),
    "department.ended": (
        _("終わった部署に残る職員"),
        _("終わった部署の発令が続いています。異動先の発令を登録してください。"),
        "municipality:imports",
    ),
    "member.post": (
        _("発令のない職員"),
        _("発令がないと、何も見られず、仕事も届きません。職員のファイルで発令を登録してください。"),
        "municipality:imports",
    ),
    "member.mains": (
        _("本務が重なっている職員"),
        _("本務が2つあると、所属長も2人になります。職員のファイルで一方に終了日を入れてください。"),
        "municipality:imports",
    ),
    "member.account": (
        _("アカウントのない職員"),
        _("招待すると、本人がアカウントを登録できます。"),
        "municipality:people?account=none",
    ),
    "member.powerless": (
        _("役割がなく、何もできない職員"),
        _("職員のファイルで役割を登録してください。"),
        "municipality:imports",
    ),
    "member.outside": (
        _("職員に数えている外部専門家・監査"),
        _("職員の人数に入っています。職員のページで任用区分を確かめてください。"),
        "municipality:people",
    ),
    "deputy.gone": (
        _("異動・退職した代決者"),
        _("この人はもう代決できません。別の人を指定してください。"),
        "municipality:deputies",
    ),
    "deputy.ended": (
        _("指定の期間が終わった代決者"),
        _("続けるときは、新しい期間で指定し直してください。"),
        "municipality:deputies",
    ),
    "route.post": (
        _("就いている人のいない職位を通る決裁経路"),
        _("このままでは、新しい決裁がこの段階で止まります。"),
        "municipality:routes",
    ),
    "step.post": (
        _("就いている人のいない段階がある決裁"),
        _("この段階に来ると決裁が止まります。人事情報を確認してください。"),
        "municipality:decision",
    ),
    "duty.security": (
        _("情報セキュリティ責任者のいない団体"),
        _("必須条件の例外を承認できません。職務のページで、団体の職員に付与してください。"),
        "municipality:duties",
    ),
    "duty.gone": (
        _("担当者のいない職務"),
        _("職務のページで、別の人に付与してください。"),
        "municipality:duties",
    ),
}
"""Each kind of gap: what it is called, what it means and how it is mended, and the page that mends
it.
"""


PER_ROW = {"municipality:decision"}


@dataclass(frozen=True)
class Gap:
    """Something without its person: the check, a text, and the number of the row that its page
    needs.
    """

    code: str
    text: str
    number: int = 0

    def address(self, municipality: Municipality | str) -> str:
        """Address of the form that fixes it."""
        code = municipality if isinstance(municipality, str) else municipality.pk
        name, _mark, query = CHECKS[self.code][2].partition("?")
        address = reverse(name, args=[code, self.number] if name in PER_ROW else [code])
        return f"{address}?{query}" if query else address


def gaps_of(municipality: Municipality, roster: Roster) -> list[Gap]:
    """All gaps on the roster's day. Four queries."""
    return [
        *_departments(roster),
        *_deputies(municipality, roster),
        *_routes(municipality, roster),
        *_steps(municipality, roster),
        *_duties(municipality, roster),
    ]


def _departments(roster: Roster) -> list[Gap]:
    """Departments with people and without a manager or executive of their own; people in
    departments that have ended.
    """
    peopled = {place.department for place in roster.places}
    without = [
        pk
        for pk, kind in roster.kinds.items()
        if kind not in UNMANAGED
        and pk in roster.live
        and pk in peopled
        and not roster.leadership.has_leader(roster.path(pk))
    ]
    ended = sorted(peopled - roster.live)
    return [Gap("department.manager", roster.names[pk], pk) for pk in without] + [
        Gap("department.ended", roster.names[pk], pk) for pk in ended
    ]


def _deputies(municipality: Municipality, roster: Roster) -> list[Gap]:
    """Deputies in force who have no posting, and deputies whose period is over without a
    follower.
    """
    rows = Deputy.objects.of(municipality).filter(starts_on__lte=roster.day)
    named = list(rows.select_related("department", "post", "member").order_by("starts_on", "pk"))
    gaps: dict[tuple[int, int, str], Gap | None] = {}
    for row in named:
        key, text = (
            (row.department_id, row.post_id, row.matter),
            f"{row.department} {row.post} → {row.member}",
        )
        in_force = row.ends_on is None or row.ends_on >= roster.day
        if in_force and roster.posted(row.member_id):
            gaps[key] = None
        elif in_force:
            gaps[key] = Gap("deputy.gone", text, row.pk)
        elif key not in gaps or gaps[key] is not None:
            gaps[key] = Gap("deputy.ended", text, row.pk)
    return [gap for gap in gaps.values() if gap is not None]


def _routes(municipality: Municipality, roster: Roster) -> list[Gap]:
    """Stages of routes in use whose post nobody holds: in their department, or anywhere for a
    relative stage.
    """
    held = {post for (_department, post) in roster.by_post}
    rows = (
        RouteStep.objects.of(municipality)
        .filter(template__is_active=True, post__isnull=False)
        .select_related("template")
    )
    gaps = []
    for row in rows.order_by("template", "order", "pk"):
        department = row.department_id
        if roster.holders(department, row.post_id or 0) if department else row.post_id in held:
            continue
        place = f"{roster.names.get(department, '')} " if department else ""
        gaps.append(
            Gap(
                "route.post",
                f"{row.template.name} — {place}{roster.titles.get(row.post_id or 0, '')}",
                row.template_id,
            )
        )
    return gaps


def _steps(municipality: Municipality, roster: Roster) -> list[Gap]:
    """Running decisions with an open or later step at a post that nobody but the drafter holds."""
    rows = Step.objects.of(municipality).filter(
        decision__state=Decision.State.RUNNING, state__in=[Step.State.WAITING, Step.State.CURRENT]
    )
    values = rows.order_by("decision", "order").values_list(
        "decision", "decision__title", "decision__drafter", "department", "post"
    )
    stuck = {
        number: title
        for number, title, drafter, department, post in values
        if not set(roster.holders(department, post)) - {drafter}
    }
    return [Gap("step.post", title, number) for number, title in stuck.items()]


def _duties(municipality: Municipality, roster: Roster) -> list[Gap]:
    """Duties that had a holder and have nobody present on the day, and the body's 情報セキュリティ責任者
    where it never had one; those of ended departments are ignored.
    """
    rows = (
        Duty.objects.of(municipality).filter(starts_on__lte=roster.day).order_by("starts_on", "pk")
    )
    gaps: dict[tuple[int, str], Gap | None] = {}
    for pk, department, kind, member, ends_on in rows.values_list(
        "pk", "department", "kind", "member", "ends_on"
    ):
        if department not in roster.live:
            continue
        if (ends_on is None or ends_on >= roster.day) and roster.posted(member):
            gaps[department, kind] = None
        elif (department, kind) not in gaps:
            label = Duty.Kind(kind).label if kind in Duty.Kind.values else kind
            gaps[department, kind] = Gap("duty.gone", f"{roster.names[department]} {label}", pk)
    never = [
        Gap("duty.security", roster.names[pk])
        for pk, kind in roster.kinds.items()
        if kind == Department.Kind.BODY and (pk, Duty.Kind.SECURITY.value) not in gaps
    ]
    return [*never, *(gap for gap in gaps.values() if gap is not None)]


def people_gaps(municipality: Municipality, roster: Roster, now: Any) -> list[Gap]:
    """People without a posting, with two main postings or without a role, people from outside who
    count as staff, and the number of people without account and invitation. Two queries.
    """
    outside = EmploymentKind.objects.of(municipality).filter(counts_as_staff=False)
    not_staff = set(outside.values_list("name", flat=True))
    ahead = Posting.objects.filter(member=OuterRef("pk"), starts_on__gt=roster.day)
    asked = Invitation.objects.pending(now).filter(member=OuterRef("pk"))
    rows = Member.objects.of(municipality).filter(is_active=True).order_by("kana", "number")
    people: Any = rows.annotate(comes=Exists(ahead), invited=Exists(asked))
    gaps, uninvited = [], 0
    for pk, name, user, comes, invited, employment in people.values_list(
        "pk", "name", "user", "comes", "invited", "employment"
    ):
        places = roster.by_member.get(pk, [])
        gaps += [
            Gap(code, name, pk) for code in _misplaced(places, is_staff=employment not in not_staff)
        ]
        if not places and not comes and user is not None:
            gaps.append(Gap("member.post", name, pk))
        elif places and user is None and not invited:
            uninvited += 1
        elif roster.posted(pk) and not any(place.roles for place in places):
            gaps.append(Gap("member.powerless", name, pk))
    if uninvited:
        gaps.append(
            Gap("member.account", gettext("招待していない職員 %(count)s人") % {"count": uninvited})
        )
    return gaps


def _misplaced(places: list[Place], *, is_staff: bool) -> Iterator[str]:
    """Codes of what is wrong with one person's places on the day."""
    if is_staff and any(OUTSIDE_ROLES.intersection(place.roles) for place in places):
        yield "member.outside"
    if sum(place.is_main for place in places) > 1:
        yield "member.mains"


def new_gaps(municipality: Municipality, before: Roster, after: Roster) -> list[Gap]:
    """Gaps after a change that did not exist before it."""
    known = {(gap.code, gap.number) for gap in gaps_of(municipality, before)}
    return [gap for gap in gaps_of(municipality, after) if (gap.code, gap.number) not in known]
