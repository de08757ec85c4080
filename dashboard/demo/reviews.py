"""The story's reviews: opened by the clock, written, closed and decided by people, with remarks and
actions.
"""

from __future__ import annotations

from datetime import date

from dashboard.demo.organisation import Body, at
from dashboard.demo.review_texts import ADVICE, REMARKS, texts_of
from dashboard.demo.trials import decide
from evaluation.pdca.actions.models import Action
from evaluation.pdca.actions.operations import add_action, finish_action, report_on
from evaluation.pdca.indicators.operations import load_indicators
from evaluation.pdca.reviews.models import Review
from evaluation.pdca.reviews.operations.reviews import (
    add_remark,
    close_review,
    request_review_decision,
    save_review,
)
from evaluation.pdca.schedule.operations import open_due_reviews
from municipality.core.date_words import local_day
from municipality.organisation.models import Member

DAYS_LATE = 3
ACTIONS = (
    ("電話の転送を2課で試す", "manager", 6),
    ("在宅勤務の日の連絡手順を1枚にまとめる", "staff", -2),
    ("未実施の参加者に理由を聞き取る", "hr", 3),
    ("貸与端末の台数を来年度の計画に反映する", "office", 9),
)


def load_indicators_of(body: Body) -> None:
    """Load the definitions that the figures are frozen with."""
    load_indicators(body.body)


def open_reviews(body: Body) -> None:
    """Let the clock open what each month's first open day opens."""
    for months in range(-5, 1):
        day = body.calendar.add(body.month(months).first - date.resolution, 1)
        if day <= body.as_of:
            open_due_reviews(body.body, at(day, 6))
            _work(body, months)
    open_due_reviews(body.body, at(body.as_of, 6))


def _work(body: Body, months: int) -> None:
    """What people do with the reviews that lie open in a month: all of the past, some of the
    last.
    """
    rows = (
        Review.objects.of(body.body)
        .filter(state=Review.State.ENTERING)
        .select_related("department", "municipality")
    )
    for review in rows.order_by("last", "cadence", "department__path"):
        late = (
            review.department_id is None and review.cadence == Review.Cadence.MONTH and months == -3
        )
        day = min(body.calendar.add(review.due_on, 2 if late else -1), body.ago(1))
        if day < local_day(review.opened_at):
            continue
        if months == 0 and not _is_done_early(body, review):
            continue
        _close(body, review, day)


def _is_done_early(body: Body, review: Review) -> bool:
    """Of the last month's reviews that of the office's department is open, and the body's own until
    some days after its due day.
    """
    if review.department is None:
        return (
            review.cadence != Review.Cadence.MONTH
            or body.calendar.between(review.due_on, body.as_of) > DAYS_LATE
        )
    return review.department.code != body.plan.office


def _close(body: Body, review: Review, day: date) -> None:
    writer = _writer(body, review)
    number = Review.objects.of(body.body).exclude(state=Review.State.ENTERING).count()
    save_review(review, **texts_of(review, number), edition=review.edition, by=writer)
    if review.department is None and review.cadence == Review.Cadence.MONTH:
        _talk(body, review, day)
    close_review(review, by=writer, now=at(day, 16))
    if review.department is None:
        _request(body, review, day)


def _writer(body: Body, review: Review) -> Member:
    return body.office if review.department is None else body.manager(review.department.code)


def _talk(body: Body, review: Review, day: date) -> None:
    """A remark from a manager, advice from outside, and in the last review but one what is to be
    improved.
    """
    add_remark(
        review,
        text=REMARKS[review.first.month % len(REMARKS)],
        by=body.actor(body.part["manager"]),
        now=at(day, 11),
    )
    if "consultant" in body.part:
        advice = ADVICE[review.first.month % len(ADVICE)]
        add_remark(review, text=advice, by=body.actor(body.part["consultant"]), now=at(day, 13))
    if review.first == body.month(-2).first:
        for what, part, days in ACTIONS:
            due = body.ahead(days) if days > 0 else body.ago(-days)
            action = add_action(
                review, what=what, who=body.part[part], due_on=due, by=body.office, now=at(day, 14)
            )
            if days < 0:
                _report_late(body, action, body.part[part])
        done = add_action(
            review,
            what="貸与端末の設定書を直す",
            who=body.office,
            due_on=body.ago(1),
            by=body.office,
            now=at(day, 14),
        )
        finish_action(
            done,
            outcome="設定書の第2版を配りました。",
            by=body.office,
            now=at(max(day, body.ago(6)), 15),
        )


def _report_late(body: Body, action: Action, who: Member) -> None:
    """Whoever is late with an action says how far it is and asks for another day."""
    report_on(
        action,
        text="下書きはできましたが、防災担当の確認がまだ済んでいません。",
        wanted_due_on=body.ahead(5),
        by=body.actor(who),
        now=at(body.ago(1), 16),
    )


def _request(body: Body, review: Review, day: date) -> None:
    """The body's reviews go to decision; that of the last month still waits for the first post."""
    waits = review.cadence == Review.Cadence.MONTH and review.first == body.month(-1).first
    decision = request_review_decision(
        review, by=body.office, now=at(max(day, body.ago(2)) if waits else day, 17)
    )
    if not waits:
        decide(body, decision, min(body.calendar.add(day, 1), body.ago(1)))
