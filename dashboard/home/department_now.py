"""One's department now: a few figures of the last full month, for the rail of 対応事項."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from evaluation.pdca.actions.models import Action
from evaluation.pdca.reviews.panels import open_actions_label
from evaluation.pdca.reviews.small_numbers import hidden_of, read_published
from evaluation.pdca.wording import missing_words
from municipality.core.date_words import NOTHING, short_day
from municipality.core.figures import Figure, has_moved, number_words
from municipality.core.periods import Period
from municipality.core.small_cells import MARK
from municipality.organisation.models import Department, Member, after
from municipality.organisation.rules import gate_of
from pilots.days.breakdown import hidden_by_parts
from pilots.days.indicators import figures_of
from pilots.days.month_states import begun_departments
from pilots.days.month_usage import read_periods
from pilots.days.rules import USAGE_CODES, hidden_usage
from rollout.readiness.models import Assessment
from rollout.readiness.scores import Scores


@dataclass(frozen=True)
class DepartmentNow:
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
    """A department with the open actions of its own reviews and those of the body's that are in its
    member's sight, the scores of the last round in which it was confirmed, and how far it is in the
    running one; None before the first.
    """

    pk: int
    name: str
    code: str
    actions: int
    bodys_actions: int
    scores: dict[str, Any] | None
    round_name: str | None
    confirmed_at: datetime | None
    running: str | None
    running_state: str | None

    @property
    def is_body(self) -> bool:
        """Is it the body itself?"""
        return self.code == ""


def own_department(member: Member) -> OwnDepartment | None:
    """The department the member belongs to; None where it is not there any more. One query."""
    assessments = Assessment.objects.filter(department=OuterRef("pk")).order_by("-round__number")
    confirmed = assessments.confirmed()[:1]
    running = assessments.filter(round__closed_at=None).exclude(state=Assessment.State.CONFIRMED)[
        :1
    ]
    path = own_path(member)
    own = Q(review__department__path__gte=path, review__department__path__lt=after(path))
    row = (
        Department.objects.filter(path=path)
        .values_list(
            "pk",
            "name",
            "code",
            _open_actions(member, own),
            _open_actions(member, Q(review__department=None)),
            Subquery(confirmed.values("scores")),
            Subquery(confirmed.values("round__name")),
            Subquery(confirmed.values("confirmed_at")),
            Subquery(running.values("round__name")),
            Subquery(running.values("state")),
        )
        .first()
    )
    return None if row is None else OwnDepartment(*row)


def _open_actions(member: Member, which: Q) -> Coalesce:
    """How many of these actions are open and in the member's sight."""
    rows = Action.objects.visible_to(member).open().filter(which).order_by()
    return Coalesce(Subquery(rows.values("municipality").annotate(n=Count("pk")).values("n")), 0)


def read_now(member: Member, today: date) -> DepartmentNow | None:
    """The figures of the member's department and of what lies below it. Seven queries, up to three
    more for who reads no small numbers.
    """
    department, month, path = own_department(member), last_month(today), own_path(member)
    if department is None:
        return None
    begun = begun_departments(member.municipality_id, month.last)
    usage = read_periods(begun, [department.pk], [month])[month]
    figures = figures_of(usage)
    place = None if department.is_body else department.pk
    gate = gate_of(member)
    hidden = not gate.is_open and (
        "K03" in hidden_by_parts(usage[0], gate) or _hides(member, place, month, figures)
    )
    pairs = [
        *_usage(figures, begun.tree.names, hidden=hidden),
        *_readiness(department),
        (open_actions_label(member, path), _actions(department)),
    ]
    address = reverse("municipality:department", args=[member.municipality_id, department.pk])
    return DepartmentNow(department.name, address, month, pairs)


def last_month(today: date) -> Period:
    """The last month that is over."""
    return Period.holding(Period.MONTH, today).previous


def _usage(
    figures: Mapping[str, Figure], names: Mapping[int, str], *, hidden: bool
) -> list[tuple[str, str]]:
    """Who did of those who could, and how much; `hidden` where few people stand behind it and the
    reader sees no persons.
    """
    rate, days = figures["K03"], figures["K04"]
    if not rate.denominator and days.numerator is None:
        return []
    share = _("%(n)s人 / 対象%(of)s人") % {
        "n": number_words(rate.numerator or 0),
        "of": number_words(rate.denominator or 0),
    }
    nothing = rate.numerator is None
    words = (
        pgettext("指標", "未提出")
        if days.value is None
        else f"{number_words(days.value, 1)}{pgettext('単位', '人日')}"
    )
    return [
        (
            pgettext("指標", "実施者"),
            MARK
            if hidden
            else pgettext("指標", "未提出")
            if nothing
            else _with_missing(share, rate, names),
        ),
        (pgettext("指標", "延べ日数"), MARK if hidden else _with_missing(words, days, names)),
    ]


def _with_missing(words: str, figure: Figure, names: Mapping[int, str]) -> str:
    """12.0人日(未提出: 総務課): a figure of which a part is missing says so."""
    missing = missing_words(figure, names) if figure.value is not None else ""
    return f"{words}({missing})" if missing else words


def _hides(member: Member, place: int | None, month: Period, figures: Mapping[str, Figure]) -> bool:
    """Must the figures be hidden from a member who sees no small numbers? As on 状況一覧: where they
    tell of few people themselves, where they are no longer those of the closed review, of which few
    people may be the difference, of an earlier closing, or of the rest of the body. At most three
    queries.
    """
    gate = gate_of(member)
    if "K03" in hidden_usage(figures, gate):
        return True
    if figures["K03"].numerator is None:
        return False
    published = read_published(member.municipality_id, {None, place}, month.first, month.last)
    now = {code: figures[code] for code in USAGE_CODES}
    closed = published.of(place, month)
    return (
        "K03" in hidden_usage(closed, gate)
        or any(has_moved(closed[code], now[code]) for code in closed.keys() & {"K03", "K04"})
        or "K03" in hidden_of(place, month, now, published, gate)
    )


def _readiness(department: OwnDepartment) -> list[tuple[str, str]]:
    """The total of the last confirmed round with its day, and how far the running one is."""
    pairs = []
    if department.scores is not None:
        total = Scores.read(department.scores).total.value
        known = f"{department.round_name} {short_day(department.confirmed_at)}"
        words = NOTHING if total is None else f"{total:.1f} ({known})"
        pairs.append((pgettext("指標", "準備度"), words))
    if department.running is not None and department.running_state is not None:
        state = Assessment.State(department.running_state).label
        pairs.append((department.running, str(state)))
    return pairs


def _actions(department: OwnDepartment) -> str:
    """The open actions of the department, beside it those of the body; of the body all."""
    own, whole = department.actions, department.bodys_actions
    if department.is_body:
        own, whole = own + whole, 0
    words = ngettext("%(n)s件", "%(n)s件", own) % {"n": own}
    if whole:
        words = ngettext(
            "%(own)s(ほかに団体全体 %(n)s件)", "%(own)s(ほかに団体全体 %(n)s件)", whole
        ) % {"own": words, "n": whole}
    return words
