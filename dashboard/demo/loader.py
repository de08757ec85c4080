"""Loading a demonstration: refused beside real data, each body all or nothing, and nothing mailed
on the way.
"""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import override

from dashboard.demo.courses import assign_due_now, load_courses_of
from dashboard.demo.goals import load_goals, load_talks
from dashboard.demo.organisation import Body, at, create_demo_body
from dashboard.demo.plans import BodyPlan, city, designated, prefecture, town
from dashboard.demo.readiness import load_readiness
from dashboard.demo.reviews import load_indicators_of, open_reviews
from dashboard.demo.trials import load_expansion, load_trials
from municipality.audit.log import operation
from municipality.core.periods import Period
from municipality.core.refusals import Conflict
from municipality.notifications.models import Notice
from municipality.notifications.operations.notify import mark_read
from municipality.organisation.models import Municipality
from municipality.reminders.operations.planning import plan_reminders

SIZES = {
    "town": lambda: [town()],
    "city": lambda: [city()],
    "designated": lambda: [designated()],
    "prefecture": lambda: list(prefecture()),
}
MONTHS_OF_HISTORY = 9
DAYS_OF_REMINDERS = 6


def refuse_beside_real() -> None:
    """Raises Conflict when a real body lives in this installation."""
    real = Municipality.objects.filter(is_demo=False).order_by("pk").first()
    if real is not None:
        raise Conflict(
            _("実在の団体「%(name)s」が登録されているため、デモのデータは扱えません。")
            % {"name": real.name}
        )


def is_loaded() -> bool:
    """Is there a demonstration body already?"""
    return Municipality.objects.filter(is_demo=True).exists()


def load(size: str, *, seed: int, as_of: date) -> list[Municipality]:
    """Load a demonstration of this size as of a day; the bodies it made. Raises Conflict beside
    real or loaded data.
    """
    refuse_beside_real()
    if is_loaded():
        raise Conflict(_("デモのデータは読み込み済みです。"))
    with override("ja"):
        return [load_body(plan, seed=seed, as_of=as_of).body for plan in SIZES[size]()]


@operation
def load_body(plan: BodyPlan, *, seed: int, as_of: date) -> Body:
    """One body, lived in for some months, in one transaction. Mails are switched on when all is
    there.
    """
    month = Period.holding(Period.MONTH, as_of)
    for _step in range(MONTHS_OF_HISTORY):
        month = month.previous
    since = Period.holding(Period.YEAR, month.first).first
    body = create_demo_body(plan, seed=seed, as_of=as_of, since=since)
    load_indicators_of(body)
    load_readiness(body)
    load_courses_of(body)
    running = load_trials(body)
    assign_due_now(body)
    load_goals(body)
    load_talks(body)
    open_reviews(body)
    load_expansion(body, running)
    _remind(body)
    Municipality.objects.filter(pk=plan.code).update(sending=True, ready_at=at(body.ago(180), 9))
    return body


def _remind(body: Body) -> None:
    """The reminders of the last days as they were sent, on screen only; the older ones have been
    read.
    """
    for days in range(DAYS_OF_REMINDERS, -1, -1):
        plan_reminders(body.body, now=at(body.ago(days), 8))
    older = Notice.objects.of(body.body).filter(told_at__lt=at(body.ago(2), 0))
    mark_read(older, now=at(body.ago(1), 9))
