"""One's department now: a few figures of the last full month, for the rail of 対応事項."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from evaluation.pdca.reviews.models import Action
from municipality.core.figures import Figure
from municipality.core.periods import Period
from municipality.core.small_cells import MARK
from municipality.organisation.models import Department, Member, after
from municipality.organisation.rules import may_see_small_counts
from pilots.days.indicators import usage_figures
from pilots.days.rules import hidden_usage
from rollout.readiness.models import Assessment
from rollout.readiness.scores import Scores


@dataclass(frozen=True)
class Now:
    """A department (or the body) and its figures as (label, value) pairs; the figures are those of
    `month`.
    """

    name: str
    address: str
    month: Period
    pairs: list[tuple[str, str]]


def own_path(member: Member) -> str:
    """The path of the department the member belongs to: the body itself only for those who are
    posted nowhere below.
    """
    return max(member.authority.home_paths, key=len, default=member.municipality.root_path)


@dataclass(frozen=True)
class OwnDepartment:
    """A department with its open actions, and the scores of the newest round it handed in; None
    before the first.
    """

    pk: int
    name: str
    actions: int
    scores: dict[str, Any] | None
    round_name: str | None


def own_department(member: Member) -> OwnDepartment | None:
    """The department the member belongs to; None where it is not there any more. One query."""
    newest = (
        Assessment.objects.handed_in()
        .filter(department=OuterRef("pk"))
        .order_by("-round__number")[:1]
    )
    actions = (
        Action.objects.open()
        .filter(review__department=OuterRef("pk"))
        .order_by()
        .values("review__department")
        .annotate(n=Count("pk"))
        .values("n")
    )
    row = (
        Department.objects.filter(path=own_path(member))
        .values_list(
            "pk",
            "name",
            Coalesce(Subquery(actions), 0),
            Subquery(newest.values("scores")),
            Subquery(newest.values("round__name")),
        )
        .first()
    )
    return None if row is None else OwnDepartment(*row)


def read_now(member: Member, today: date) -> Now | None:
    """The figures of the member's department and of what lies below it. Nine queries."""
    department, month, path = own_department(member), last_month(today), own_path(member)
    if department is None:
        return None
    below = Department.objects.filter(path__gte=path, path__lt=after(path))
    pairs = [
        *_usage(usage_figures(below, month), member),
        *_readiness(department),
        *_actions(department.actions),
    ]
    address = reverse("municipality:department", args=[member.municipality_id, department.pk])
    return Now(department.name, address, month, pairs)


def last_month(today: date) -> Period:
    """The last month that is over."""
    return Period.holding(Period.MONTH, today).previous


def _usage(figures: Mapping[str, Figure], member: Member) -> list[tuple[str, str]]:
    """Who did of those who could, and how much; hidden where few people stand behind it and the
    reader sees no persons.
    """
    rate, days = figures["K03"], figures["K04"]
    if not rate.denominator and days.numerator is None:
        return []
    least = 0 if may_see_small_counts(member) else member.municipality.small_cell
    hidden = "K03" in hidden_usage(figures, least)
    share = _("%(n)s人 / 対象%(of)s人") % {
        "n": round(rate.numerator or 0),
        "of": round(rate.denominator or 0),
    }
    nothing = rate.numerator is None
    words = (
        pgettext("指標", "未提出")
        if days.value is None
        else f"{days.value:.1f}{pgettext('単位', '人日')}"
    )
    return [
        (
            pgettext("指標", "実施者"),
            MARK if hidden else pgettext("指標", "未提出") if nothing else share,
        ),
        (pgettext("指標", "延べ日数"), MARK if hidden else words),
    ]


def _readiness(department: OwnDepartment) -> list[tuple[str, str]]:
    if department.scores is None:
        return []
    total = Scores.read(department.scores).total.value
    words = "—" if total is None else f"{total:.1f} ({department.round_name})"
    return [(pgettext("指標", "準備度"), words)]


def _actions(count: int) -> list[tuple[str, str]]:
    return [(_("進行中の改善項目"), ngettext("%(n)s件", "%(n)s件", count) % {"n": count})]
