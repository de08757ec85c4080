"""What this room offers to the ground floor."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.rooms import Nav, NoticeKind, Room, Subject
from municipality.rules import anyone

from .deadlines import DEADLINES
from .handing import HAND_OVERS
from .operations.catalogue import keep_catalogue
from .operations.opening import open_due_reviews
from .operations.reviews import MATTER, decided, sent_back, submitted
from .rules import works_here
from .subject import content

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
        _("期限までに行い、終わったら状況を報告してください。"),
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
    "indicator.loaded": _("指標の定義を登録しました"),
    "note.kept": _("自分だけのメモを書きました"),
    "one_on_one.corrected": _("1on1の記録を訂正しました"),
    "one_on_one.listed": _("1on1の実施状況を見ました"),
    "one_on_one.read": _("1on1の記録を読みました"),
    "one_on_one.recorded": _("1on1を記録しました"),
    "pair.ended": _("1on1の組を終えました"),
    "pair.moved": _("1on1の組の部署を改めました"),
    "pair.started": _("1on1を始めました"),
    "period.planned": _("評価期間を設定しました"),
    "promise.kept": _("1on1の約束を済みにしました"),
    "review.closed": _("レビューを締めました"),
    "review.decided": _("レビューが決裁されました"),
    "review.opened": _("レビューを開きました"),
    "review.remarked": _("レビューに所見を加えました"),
    "review.reopened": _("レビューを決裁から戻しました"),
    "review.requested": _("レビューを決裁に回しました"),
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
)

room = Room(
    name="evaluation",
    deadlines=DEADLINES,
    subjects=(SUBJECT,),
    notices=NOTICES,
    navigation=NAVIGATION,
    daily=(keep_catalogue, open_due_reviews),
    verbs=VERBS,
    hand_overs=HAND_OVERS,
)
