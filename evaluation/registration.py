"""Registration of evaluation with the apps below: reviews, actions, goals, 1on1, and its own
indicators.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluation.appraisal.access.rules import works_here
from evaluation.appraisal.one_on_ones.deadlines import promises_to_keep
from evaluation.appraisal.one_on_ones.events import ONE_ON_ONE_VERBS
from evaluation.appraisal.one_on_ones.handover import pairs_passing, pass_pair
from evaluation.appraisal.one_on_ones.indicators import one_on_one_rate
from evaluation.appraisal.schemes.events import PERIOD_VERBS
from evaluation.appraisal.sheets.deadlines import goals_to_agree, goals_to_write
from evaluation.appraisal.sheets.handover import pass_sheet, sheets_passing
from evaluation.appraisal.sheets.indicators import goals_agreed
from evaluation.appraisal.sheets.notices import SHEET_NOTICES, SHEET_VERBS
from evaluation.pdca.actions.deadlines import actions_to_do, days_to_answer
from evaluation.pdca.actions.handover import actions_passing, pass_action
from evaluation.pdca.actions.models import Action
from evaluation.pdca.actions.notices import ACTION_NOTICES, ACTION_VERBS
from evaluation.pdca.indicators.events import INDICATOR_VERBS
from evaluation.pdca.indicators.operations import keep_catalogue
from evaluation.pdca.reviews.deadlines import reviews_to_close, reviews_to_send
from evaluation.pdca.reviews.decision_content import content, content_for_few, notices
from evaluation.pdca.reviews.events import REVIEW_VERBS
from evaluation.pdca.reviews.models import Review
from evaluation.pdca.reviews.operations.reviews import (
    MATTER,
    cadence_of,
    decided,
    departments_asked,
    sent_back,
    submitted,
)
from evaluation.pdca.reviews.panels import reviews_panel
from evaluation.pdca.schedule.operations import check_undo, open_due_reviews
from evaluation.pdca.wording import span_of_months
from municipality.core.date_words import kept_day
from municipality.core.refusals import anyone
from municipality.core.registry import (
    HandOver,
    Measure,
    Nav,
    PersonalVerb,
    Registration,
    Subject,
)
from municipality.deadlines.kinds import Deadline
from municipality.decisions.notices import route_wanted
from municipality.transfers.handover_items import by_role

DEADLINES = (
    Deadline(
        "review.enter",
        pgettext_lazy("対応の種類", "レビュー"),
        _("入力して締める"),
        _("レビューの締め %(title)s %(note)s"),
        "evaluation:review",
        reviews_to_close,
        model=Review,
        whom=_("部署の所属長(団体のものは事務局)"),
        opens_itself=True,
        note_words=span_of_months,
        list_page="evaluation:reviews",
        list_query="tab=open",
    ),
    Deadline(
        "review.send",
        pgettext_lazy("対応の種類", "レビュー"),
        _("決裁に回す"),
        _("締めたレビューの決裁 %(title)s %(note)s"),
        "evaluation:review",
        reviews_to_send,
        model=Review,
        whom=_("部署の所属長(団体のものは事務局)"),
        note_words=span_of_months,
        list_page="evaluation:reviews",
    ),
    Deadline(
        "action.do",
        pgettext_lazy("対応の種類", "改善項目"),
        _("状況を報告"),
        _("%(title)s"),
        "evaluation:action",
        actions_to_do,
        model=Action,
        whom=_("改善項目の担当者"),
        list_page="evaluation:actions",
        list_query="tab=open",
    ),
    Deadline(
        "action.new_day",
        pgettext_lazy("対応の種類", "改善項目"),
        _("期限の変更を検討"),
        _("期限の変更の希望(%(note)s) %(title)s"),
        "evaluation:action",
        days_to_answer,
        model=Action,
        whom=_("部署の所属長(団体のものは事務局)"),
        list_page="evaluation:actions",
        list_query="tab=open",
        note_words=kept_day,
    ),
    Deadline(
        "sheet.goals",
        pgettext_lazy("対応の種類", "目標"),
        _("目標を入力"),
        _("目標の提出 %(title)s"),
        "evaluation:sheet",
        goals_to_write,
        escalates="manager",
        whom=_("目標を立てる本人"),
        list_page="evaluation:sheets",
    ),
    Deadline(
        "sheet.agree",
        pgettext_lazy("対応の種類", "面談"),
        _("面談して確定"),
        _("目標の面談と確定 %(title)s"),
        "evaluation:sheet",
        goals_to_agree,
        escalates="nobody",
        note_names_person=True,
        whom=_("一次評価者"),
        list_page="evaluation:sheets",
    ),
    Deadline(
        "promise.keep",
        pgettext_lazy("対応の種類", "約束"),
        _("済みにする"),
        _("1on1の約束 %(title)s"),
        "evaluation:one_on_one",
        promises_to_keep,
        escalates="nobody",
        whom=_("約束した本人"),
        title_words=kept_day,
    ),
)


HAND_OVERS = (
    *(by_role(deadline) for deadline in DEADLINES if deadline.rule.startswith("review.")),
    HandOver(
        "action",
        pgettext_lazy("対応の種類", "改善項目"),
        "evaluation:action",
        actions_passing,
        pass_action,
    ),
    HandOver("sheet", _("目標シート"), "evaluation:sheet", sheets_passing, pass_sheet),
    HandOver("pair", _("1on1の組"), "", pairs_passing, pass_pair),
)


NAVIGATION = (
    Nav("settle", _("目標と評価"), "evaluation:sheets", works_here, order=10),
    Nav("settle", pgettext_lazy("案内", "1on1"), "evaluation:one_on_ones", works_here, order=20),
    Nav("improve", pgettext_lazy("案内", "レビュー"), "evaluation:reviews", anyone, order=10),
    Nav("improve", pgettext_lazy("案内", "改善項目"), "evaluation:actions", anyone, order=20),
    Nav("improve", pgettext_lazy("案内", "指標"), "evaluation:indicators", anyone, order=30),
)


SUBJECT = Subject(
    MATTER,
    pgettext_lazy("評価", "レビュー"),
    "evaluation:review",
    content,
    decided,
    submitted=submitted,
    returned=sent_back,
    ended=sent_back,
    departments=departments_asked,
    variant=cadence_of,
    variants=tuple(Review.Cadence.choices),
    few=content_for_few,
    notices=notices,
)


registration = Registration(
    name="evaluation",
    deadlines=DEADLINES,
    subjects=(SUBJECT,),
    notices=(*SHEET_NOTICES, *ACTION_NOTICES, route_wanted(SUBJECT)),
    navigation=NAVIGATION,
    daily=(keep_catalogue, open_due_reviews),
    verbs={
        **PERIOD_VERBS,
        **SHEET_VERBS,
        **ONE_ON_ONE_VERBS,
        **ACTION_VERBS,
        **REVIEW_VERBS,
        **INDICATOR_VERBS,
    },
    personal_verbs={
        **dict.fromkeys(
            ("sheet.saved", "sheet.submitted", "sheet.read"), PersonalVerb("evaluation.sheet")
        ),
        "promise.kept": PersonalVerb("evaluation.promise", "owner"),
        "note.kept": PersonalVerb("evaluation.oneonone", "pair__member"),
    },
    hand_overs=HAND_OVERS,
    preview_notes=(_("目標と1on1の記録は表示されません。"),),
    measures=(
        Measure(
            ("K26",), lambda departments, period: {"K26": one_on_one_rate(departments, period)}
        ),
        Measure(("K27",), lambda departments, period: {"K27": goals_agreed(departments, period)}),
    ),
    undo_checks=(check_undo,),
    panels=(reviews_panel,),
)
