"""What is due in this room: reviews, actions, goals to write, goals to agree, promises.

Titles of personal things carry no name and no content: reminders also reach those to whom a delay is escalated.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, Substr
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.models import Municipality
from municipality.rooms import LEADING, Deadline, due_rows

from .models import Action, EvaluationPeriod, Promise, Review, Sheet


def _month(field: str) -> Substr:
    return Substr(Cast(F(field), CharField()), 1, 7)


def reviews_to_close(municipality: Municipality, today: date):
    """Reviews not closed yet: the body's own is the office's, a department's its manager's."""
    rows = Review.objects.of(municipality).filter(state=Review.State.ENTERING)
    span = Case(
        When(cadence=Review.Cadence.MONTH, then=_month("first")),
        default=Concat(_month("first"), Value("–"), _month("last"), output_field=CharField()),
        output_field=CharField(),
    )
    due = due_rows(
        rows, "review.enter", opened="opened_at__date", path=Coalesce(F("department__path"), Value(municipality.root_path)),
        title=Coalesce(F("department__name"), F("municipality__name")), note=span,
    )  # fmt: skip
    role = Case(When(department=None, then=Value("office")), default=Value("manager"), output_field=CharField())
    return due.annotate(d_role=role)


def actions_to_do(municipality: Municipality, today: date):
    """Open actions that have somebody and a day."""
    rows = Action.objects.of(municipality).open().filter(who__isnull=False, due_on__isnull=False).exclude(what="")
    return due_rows(
        rows, "action.do", opened="added_at__date", member="who_id", title="what",
        path=Coalesce(F("review__department__path"), Value(municipality.root_path)),
        note=Coalesce(F("review__department__name"), F("municipality__name")),
    )  # fmt: skip


def goals_to_write(municipality: Municipality, today: date):
    """Sheets that their person has not handed in."""
    rows = Sheet.objects.of(municipality).filter(
        state__in=[Sheet.State.DRAFT, Sheet.State.RETURNED],
        period__state=EvaluationPeriod.State.OPEN,
        period__ends_on__gte=today,
    )
    return due_rows(
        rows, "sheet.goals", due="goals_due_on", opened="opened_at__date", member="member_id", path="department__path",
        title="period__name", above="evaluator_id",
    )  # fmt: skip


def goals_to_agree(municipality: Municipality, today: date):
    """Sheets that wait for the interview and the evaluator's agreement."""
    rows = Sheet.objects.of(municipality).filter(state=Sheet.State.SUBMITTED, evaluator__isnull=False)
    return due_rows(
        rows, "sheet.agree", due="agree_due_on", opened="submitted_at__date", member="evaluator_id", path="department__path",
        title="period__name", role=LEADING,
    )  # fmt: skip


def promises_to_keep(municipality: Municipality, today: date):
    """Promises of running pairs that were not ticked off."""
    running = Q(one_on_one__pair__ends_on=None)
    rows = Promise.objects.of(municipality).open().filter(running)
    leads = Case(
        When(owner=F("one_on_one__pair__manager"), then=Value(LEADING)), default=Value(""), output_field=CharField()
    )
    return due_rows(
        rows, "promise.keep", opened="one_on_one__recorded_at__date", member="owner_id", path="one_on_one__pair__department__path",
        title=Cast(F("one_on_one__held_on"), CharField()), object_id="one_on_one_id", role=leads,
    )  # fmt: skip


DEADLINES = (
    Deadline(
        "review.enter", pgettext_lazy("対応の種類", "レビュー"), _("入力して締める"), _("レビューの締め %(title)s %(note)s"),
        "evaluation:review", reviews_to_close, whom=_("部署の所属長(団体のものは事務局)"), opens_itself=True,
    ),
    Deadline(
        "action.do", pgettext_lazy("対応の種類", "改善項目"), _("状況を報告"), _("%(title)s"), "evaluation:action", actions_to_do,
        whom=_("改善項目の担当者"),
    ),
    Deadline(
        "sheet.goals", pgettext_lazy("対応の種類", "目標"), _("目標を入力"), _("目標の提出 %(title)s"), "evaluation:sheet",
        goals_to_write, escalates="manager", whom=_("目標を立てる本人"),
    ),
    Deadline(
        "sheet.agree", pgettext_lazy("対応の種類", "面談"), _("面談して確定"), _("目標の面談と確定 %(title)s"), "evaluation:sheet",
        goals_to_agree, escalates="nobody", whom=_("一次評価者"),
    ),
    Deadline(
        "promise.keep", pgettext_lazy("対応の種類", "約束"), _("済みにする"), _("1on1の約束 %(title)s"), "evaluation:one_on_one",
        promises_to_keep, escalates="nobody", whom=_("約束した本人"),
    ),
)  # fmt: skip
