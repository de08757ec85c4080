"""Registration of evaluation with the apps below: reviews, actions, goals, 1on1, and its own
indicators.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluation.appraisal.access.rules import works_here
from evaluation.appraisal.one_on_ones.deadlines import promises_to_keep
from evaluation.appraisal.one_on_ones.handover import pairs_passing, pass_pair
from evaluation.appraisal.one_on_ones.indicators import one_on_one_rate
from evaluation.appraisal.sheets.deadlines import goals_to_agree, goals_to_write
from evaluation.appraisal.sheets.handover import pass_sheet, sheets_passing
from evaluation.appraisal.sheets.indicators import goals_agreed
from evaluation.pdca.actions.deadlines import actions_to_do, days_to_answer
from evaluation.pdca.actions.handover import actions_passing, pass_action
from evaluation.pdca.actions.models import Action
from evaluation.pdca.indicators.operations import keep_catalogue
from evaluation.pdca.reviews.deadlines import reviews_to_close
from evaluation.pdca.reviews.decision_content import content, content_for_few, notices
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
from municipality.core.registry import HandOver, Measure, Nav, Registration, Subject
from municipality.deadlines.kinds import Deadline
from municipality.notifications.kinds import NoticeKind
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
    *(by_role(deadline) for deadline in DEADLINES if deadline.rule == "review.enter"),
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


NOTICES = (
    NoticeKind(
        "sheet.agreed",
        _("目標が確定しました(%(period)s)"),
        _("評価者との面談を経て、目標が確定しました。"),
        "evaluation:sheet",
    ),
    NoticeKind(
        "sheet.returned",
        _("目標の差戻し(%(period)s)"),
        _("理由を確かめ、目標を直して、もう一度提出してください。"),
        "evaluation:sheet",
    ),
    NoticeKind(
        "action.given",
        _("改善項目の担当になりました「%(what)s」"),
        _("期限までに行い、経過と結果を報告してください。"),
        "evaluation:action",
    ),
    NoticeKind(
        "action.taken",
        _("改善項目の担当が変わりました「%(what)s」"),
        _("担当がほかの人に変わりました。この改善項目で行うことはもうありません。"),
        "evaluation:action",
    ),
    NoticeKind(
        "action.moved",
        _("改善項目の期限が変わりました「%(what)s」"),
        _("新しい期限と変更の理由を確かめてください。"),
        "evaluation:action",
    ),
    NoticeKind(
        "action.wanted",
        _("改善項目の期限を変えたいという希望があります「%(what)s」"),
        _("経過の報告を読み、期限を変更するかどうかを決めてください。"),
        "evaluation:action",
    ),
    NoticeKind(
        "action.reopened",
        _("改善項目が進行中に戻りました「%(what)s」"),
        _("戻した理由を確かめ、続きを行ってください。"),
        "evaluation:action",
    ),
)


NAVIGATION = (
    Nav("settle", _("目標と評価"), "evaluation:sheets", works_here, order=10),
    Nav("settle", pgettext_lazy("案内", "1on1"), "evaluation:one_on_ones", works_here, order=20),
    Nav("improve", pgettext_lazy("案内", "レビュー"), "evaluation:reviews", anyone, order=10),
    Nav("improve", pgettext_lazy("案内", "改善項目"), "evaluation:actions", anyone, order=20),
    Nav("improve", pgettext_lazy("案内", "指標"), "evaluation:indicators", anyone, order=30),
)


VERBS = {
    "action.added": _("改善項目を加えました"),
    "action.cancelled": _("改善項目を取りやめました"),
    "action.changed": _("改善項目を変更しました"),
    "action.finished": _("改善項目を完了しました"),
    "action.given": _("改善項目の担当を変更しました"),
    "action.moved": _("改善項目の期限を変更しました"),
    "action.reopened": _("改善項目を進行中に戻しました"),
    "action.reported": _("改善項目の経過を報告しました"),
    "indicator.loaded": _("指標の定義を登録しました"),
    "note.kept": _("自分だけのメモを書きました"),
    "one_on_one.corrected": _("1on1の記録を訂正しました"),
    "one_on_one.listed": _("1on1の実施状況を見ました"),
    "one_on_one.read": _("1on1の記録を読みました"),
    "one_on_one.recorded": _("1on1を記録しました"),
    "pair.ended": _("1on1の組を終えました"),
    "pair.moved": _("1on1の組の部署を改めました"),
    "pair.started": _("1on1を始めました"),
    "period.changed": _("評価期間を変更しました"),
    "period.withdrawn": _("評価期間を取り消しました"),
    "period.planned": _("評価期間を設定しました"),
    "promise.kept": _("1on1の約束を済みにしました"),
    "review.closed": _("レビューを締めました"),
    "review.decided": _("レビューが決裁されました"),
    "review.opened": _("レビューを開きました"),
    "review.remarked": _("レビューに所見を加えました"),
    "review.reopened": _("レビューを決裁から戻しました"),
    "review.requested": _("レビューを決裁に回しました"),
    "review.revised": _("レビューの締めを解きました"),
    "review.saved": _("レビューの内容を保存しました"),
    "sheet.agreed": _("目標を確定しました"),
    "sheet.handed_over": _("目標シートを引き継ぎました"),
    "sheet.listed": _("目標シートの一覧を見ました"),
    "sheet.opened": _("目標シートを開きました"),
    "sheet.read": _("目標シートを読みました"),
    "sheet.returned": _("目標を差し戻しました"),
    "sheet.saved": _("目標を保存しました"),
    "sheet.submitted": _("目標を提出しました"),
}


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
    notices=NOTICES,
    navigation=NAVIGATION,
    daily=(keep_catalogue, open_due_reviews),
    verbs=VERBS,
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
