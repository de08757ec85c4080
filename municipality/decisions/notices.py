"""Notices and history of decisions (決裁): how they are worded."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from municipality.core.registry import Subject
from municipality.notifications.kinds import NoticeKind


def route_wanted(subject: Subject) -> NoticeKind:
    """The notice to the office that somebody has no route for a thing of this matter. It leads to
    the thing's page, where the office may draft.
    """
    return NoticeKind(
        f"{subject.matter}.route_wanted",
        _("起案の依頼「%(title)s」"),
        _(
            "%(name)sさんには、この件を決裁に回せる経路がありません。代わりに起案するか、上位の職位が決裁する決裁経路を登録してください。"
        ),
        subject.page,
    )


DECISION_NOTICES = (
    NoticeKind(
        "decision.yours",
        _("決裁の依頼「%(title)s」"),
        _("内容を確認し、承認または差戻しをしてください。"),
        "municipality:decision",
        urgent=True,
        while_due=("decision.step",),
    ),
    NoticeKind(
        "decision.vacant",
        _("決裁が止まっています「%(title)s」"),
        _(
            "%(post)sに、いま確認できる人がいません。人事情報・不在の登録・代決する人の指定を確認してください。"
        ),
        "municipality:decision",
        urgent=True,
    ),
    NoticeKind(
        "decision.in_place",
        _("代わりの確認の依頼「%(title)s」"),
        _(
            "%(post)sの人がいないため、代決または引上げができます。行ったものは後閲の対象になります。"
        ),
        "municipality:decision",
        urgent=True,
    ),
    NoticeKind(
        "decision.decided",
        _("決裁済み「%(title)s」"),
        _("起案した件が決裁されました。"),
        "municipality:decision",
        urgent=True,
    ),
    NoticeKind(
        "decision.to_read",
        _("供覧「%(title)s」"),
        _("決裁された内容を読み、「確認しました」を押してください。"),
        "municipality:decision",
    ),
    NoticeKind(
        "decision.returned",
        _("差戻し「%(title)s」"),
        _("理由 %(comment)s"),
        "municipality:decision",
        urgent=True,
    ),
    NoticeKind(
        "decision.rejected",
        _("却下「%(title)s」"),
        _("理由 %(comment)s"),
        "municipality:decision",
        urgent=True,
    ),
)

DECISION_VERBS = {
    "route.set": _("決裁経路を設定しました"),
    "route.stopped": _("決裁経路の使用をやめました"),
    "deputy.named": _("代決する人を指定しました"),
    "deputy.removed": _("代決する人の指定を取り消しました"),
    "absence.added": _("不在を登録しました"),
    "absence.removed": _("不在を取り消しました"),
    "decision.route_wanted": _("起案の経路について事務局に依頼しました"),
    "decision.drafted": _("起案しました"),
    "decision.submitted": _("決裁に回しました"),
    "decision.approved": _("承認しました"),
    "decision.returned": _("差し戻しました"),
    "decision.paper_added": _("決裁に資料を加えました"),
    "decision.paper_left_out": _("決裁から資料を外しました"),
    "decision.paper_read": _("決裁の資料を開きました"),
    "decision.document_changed": _("文書番号・保存年限を変更しました"),
    "decision.recorded": _("外での決裁を記録しました"),
    "decision.circulated": _("供覧に加えました"),
    "decision.read_in_circulation": _("供覧を確認しました"),
    "decision.printed": _("決裁書を印刷しました"),
    "decision.taken_over": _("起案を引き継ぎました"),
    "decision.taken_back": _("引き戻しました"),
    "decision.skipped": _("起案者の段階を省略しました"),
    "decision.withdrawn": _("取り下げました"),
    "decision.rejected": _("却下しました"),
    "decision.decided": _("決裁されました"),
    "decision.reviewed": _("後閲しました"),
}
