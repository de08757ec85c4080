"""Pages of reviews for one reader."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from evaluation.pdca.reviews.action_rows import ActionRow, action_rows
from evaluation.pdca.reviews.figures import FigureRow, rows_of, rows_of_closing
from evaluation.pdca.reviews.models import Remark, Review
from evaluation.pdca.reviews.operations.reviews import MATTER, post_of
from evaluation.pdca.reviews.queries import (
    Lack,
    incomplete_actions,
    lacks_of,
    previous_review,
    read_lacks,
)
from evaluation.pdca.reviews.steps import review_steps
from evaluation.pdca.rules import may_remark, may_write_review
from municipality.core.date_words import short_period
from municipality.decisions.models import Decision
from municipality.decisions.operations.routes import why_not_draft
from municipality.organisation.models import Grant, Member
from municipality.organisation.open_days import OpenDays, open_days
from municipality.organisation.rules import may_see_names
from municipality.web.components.cells import LinkCell, StateCell, due_cell
from municipality.web.components.lists import ListColumn, ListTable, Nothing, Tab, tabs_of
from municipality.web.components.states import face
from pilots.days.queries import MonthToHandIn, months_to_hand_in

if TYPE_CHECKING:
    from django.core.paginator import Page


def listed(request: HttpRequest) -> tuple[list[Tab], QuerySet]:
    """Tabs over the list of reviews with their counts (one query), and the rows of the chosen
    tab.
    """
    visible = Review.objects.visible_to(request.member)
    entering = Q(state=Review.State.ENTERING)
    waiting = {
        "open": (_("締めを待つもの"), entering),
        "late": (pgettext("レビュー", "期限超過"), entering & Q(due_on__lt=request.today)),
    }
    kinds = {key: (label, Q(cadence=key)) for key, label in Review.Cadence.choices}
    labels = {key: label for key, (label, _rule) in {**waiting, **kinds}.items()}
    wanted = {key: rule for key, (_label, rule) in {**waiting, **kinds}.items()}
    counts = visible.order_by().aggregate(
        **{f"n_{key}": Count("pk", filter=rule) for key, rule in wanted.items()}
    )
    asked = request.GET.get("tab", "")
    chosen = (
        asked
        if asked in labels
        else "month"
        if counts["n_month"] and not counts["n_open"]
        else "open"
    )
    counted = {key: counts[f"n_{key}"] for key in labels}
    tabs = tabs_of(labels, chosen, counts=counted)
    return tabs, visible.filter(wanted[chosen])


def reviews_listing(page: Page, today: date, *, waiting: bool) -> ListTable:
    """Reviews of one page; `waiting` is the tab of those to be closed."""
    columns = (
        ListColumn(pgettext("評価", "レビュー"), "link"),
        ListColumn(pgettext("レビュー", "対象")),
        ListColumn(pgettext("レビュー", "状態"), "state"),
        ListColumn(_("締めの期限"), "due"),
        ListColumn(pgettext("レビュー", "締めた日"), "day"),
    )
    calendar = open_days(page[0].municipality_id) if page else OpenDays()
    rows = [_review_row(review, today, calendar) for review in page]
    return ListTable(
        columns, rows, _nothing(waiting), _("新しい期間から順に並べています。"), page, today
    )


def _review_row(review: Review, today: date, calendar: OpenDays) -> tuple[Any, ...]:
    whole = _("%(name)s全体") % {"name": review.place}
    return (
        LinkCell(review.title, review.get_absolute_url()),
        whole if review.is_bodys_own else str(review.place),
        StateCell(*face(review)),
        due_cell(review.due_on, today, calendar) if review.is_entering else review.due_on,
        review.closed_at,
    )


def _nothing(waiting: bool) -> Nothing:
    if waiting:
        return Nothing(
            _("締めを待つレビューはありません"),
            _(
                "月・四半期・半期・年度が終わると、試行や実施記録のある部署のレビューが、次の開庁日に自動で開きます。"
            ),
        )
    return Nothing(
        _("この周期のレビューはまだありません"),
        _("試行か実施記録があると、期間が終わった後の開庁日に自動で開きます。"),
    )


def sheet(review: Review, member: Member, today: date) -> dict[str, Any]:
    """Everything the page of one review shows to this reader."""
    figures = rows_of(review, member)
    writes = bool(may_write_review(member, review)) and review.is_open_to_changes
    persons = bool(may_see_names(member))
    remarks = bool(may_remark(member, review)) and review.state != Review.State.DECIDED
    calendar = open_days(review.municipality_id) if review.is_entering else None
    left = calendar.left(today, review.due_on) if calendar else 0
    actions = action_rows(review, today, calendar)
    lacks = _lacks(review, figures, actions) if writes else []
    decision = _decision(review, member)
    return {
        "review": review,
        "steps": review_steps(review),
        "columns": _columns(review),
        "figures": figures,
        "to_hand_in": _to_hand_in(review, member) if any(row.missing for row in figures) else [],
        "version": _version(figures),
        "actions": actions,
        "lacks": lacks,
        "carried": sum(row.is_from_before for row in actions),
        "remarks": [_shown(remark, persons, member) for remark in review.remarks.all()],
        "parts": _parts(review, member),
        "decision": decision,
        "no_route": _no_route(review, member, today, decision) if writes else "",
        "persons": persons,
        "may_write": writes,
        **_tones(lacks),
        "closings": _closings(review, member, persons),
        "may_remark": remarks,
        "speaking": post_of(member) if remarks else "",
        "left": left,
        "late": -left,
        "today": today,
    }


def writing(review: Review, member: Member) -> dict[str, Any]:
    """What stands beside the fields while somebody writes: the figures, what the review before set
    out to do, and what is missing.
    """
    figures = rows_of(review, member)
    incomplete = incomplete_actions(review)
    return {
        "review": review,
        "figures": figures,
        "columns": _columns(review),
        "before": previous_review(review),
        "lacks": lacks_of(review, has_figures=bool(figures), incomplete=incomplete),
    }


def _lacks(review: Review, figures: list[FigureRow], actions: list[ActionRow]) -> list[Lack]:
    """What is missing: for closing, from what the page shows anyway; for the decision on a closed
    review, as the operation reads it, since its page shows what was known then.
    """
    if not review.is_entering:
        return read_lacks(review)
    incomplete = [row.action for row in actions if row.lacks]
    return lacks_of(review, has_figures=bool(figures), incomplete=incomplete)


def _columns(review: Review) -> dict[str, str]:
    return {"now": short_period(review.period), "before": short_period(review.period.previous)}


def _to_hand_in(review: Review, member: Member) -> list[MonthToHandIn]:
    """Missing months of the period about which the reader may do something."""
    path = review.department.path if review.department else ""
    return months_to_hand_in(member, review.first, review.last, path)


def _tones(lacks: list[Lack]) -> dict[str, str]:
    """Which of the two buttons is the next step (filled): to write while something is missing, then
    to close.
    """
    return (
        {"write_tone": "1", "close_tone": "2"} if lacks else {"write_tone": "2", "close_tone": "1"}
    )


def _version(figures: list[FigureRow]) -> int | None:
    """Version of the definitions when all figures have the same one, so that it is shown once."""
    versions = {row.indicator.definition_version for row in figures}
    return versions.pop() if len(versions) == 1 else None


def _shown(remark: Remark, persons: bool, reader: Member) -> dict[str, Any]:
    """Remark with its author's name and post, or with the role alone for readers who may not see
    persons.
    """
    named = persons or remark.member_id == reader.pk
    return {
        "name": remark.name if named else remark.get_role_display(),
        "post": (remark.post if remark.role != Grant.Role.CONSULTANT else remark.get_role_display())
        if named
        else "",
        "text": remark.text,
        "is_advice": remark.is_advice,
        "written_at": remark.written_at,
    }


def _closings(review: Review, member: Member, persons: bool) -> list[dict[str, Any]]:
    """The earlier closings of a review that was reopened: when, by whom, and why."""
    rows = review.revisions.select_related("closed_by", "reopened_by")
    return [
        {
            "closing": row,
            "closed_by": row.closed_by.name if persons else "",
            "reopened_by": row.reopened_by.name if persons else "",
            "texts": [
                (Review.words_for(part), row.content["texts"][part]) for part in Review.PARTS
            ],
            "figures": rows_of_closing(row, member),
        }
        for row in rows
    ]


def _parts(review: Review, member: Member) -> list[Review]:
    """Reviews of the shorter periods inside: a quarter's months, a half's quarters, a year's
    halves.
    """
    parts = review.period.parts
    if not parts:
        return []
    rows = Review.objects.visible_to(member).filter(
        cadence=parts[0].cadence, first__in=[part.first for part in parts]
    )
    return list(
        rows.filter(department=review.department_id)
        .select_related("department", "municipality")
        .order_by("first")
    )


def _no_route(review: Review, member: Member, today: date, decision: Decision | None) -> str:
    """Why this reader could not send what they draft about the closed review; empty when they
    can.
    """
    if review.is_entering or (decision and decision.closed_at is None):
        return ""
    return why_not_draft(MATTER, review.pk, by=member, day=today, department=review.department)


def _decision(review: Review, member: Member) -> Decision | None:
    """Latest decision about the review, if this reader may see it."""
    if review.is_entering:
        return None
    return Decision.objects.visible_to(member).filter(matter=MATTER, subject_id=review.pk).first()
