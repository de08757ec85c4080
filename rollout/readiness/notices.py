"""Notices and history of readiness assessments (準備度評価): how they are worded."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from municipality.notifications.kinds import NoticeKind

READINESS_NOTICES = (
    NoticeKind(
        "readiness.opened",
        _("準備度評価「%(round)s」の受付が始まりました"),
        _("%(department)sの評価に、%(due)sまでに回答してください。"),
        "rollout:assessment",
        urgent=True,
    ),
    NoticeKind(
        "readiness.extended",
        _("準備度評価「%(round)s」の提出の期限が変わりました"),
        _("%(department)sの評価に、%(due)sまでに回答してください。"),
        "rollout:assessment",
    ),
    NoticeKind(
        "readiness.exception_asked",
        _("%(department)sの必須条件「%(criterion)s」の例外の承認を依頼されました"),
        _("内容を確認し、例外を承認するかどうかを決めてください。理由 %(remark)s"),
        "rollout:conditions",
    ),
    NoticeKind(
        "readiness.exception_declined",
        _("%(department)sの必須条件「%(criterion)s」の例外の承認が見送られました"),
        _("理由 %(remark)s"),
        "rollout:conditions",
    ),
    NoticeKind(
        "readiness.exception_dropped",
        _("%(department)sの必須条件「%(criterion)s」の例外の承認は不要になりました"),
        _("この条件は、確定した評価で支障がなくなりました。依頼の理由 %(remark)s"),
        "rollout:conditions",
    ),
    NoticeKind(
        "readiness.exception_granted",
        _("%(department)sの必須条件「%(criterion)s」の例外が承認されました"),
        _("%(granted_as)sが承認しました。理由 %(reason)s"),
        "rollout:conditions",
    ),
    NoticeKind(
        "readiness.exception_revoked",
        _("%(department)sの必須条件「%(criterion)s」の例外が取り消されました"),
        _("条件を満たすか、もう一度承認を受けるまで、この部署で新しい試行は始められません。"),
        "rollout:conditions",
    ),
    NoticeKind(
        "readiness.reexamination_asked",
        _("%(department)sの必須条件「%(criterion)s」の再確認を依頼されました"),
        _("段階%(before)sから%(after)sへ。%(remark)s"),
        "rollout:conditions",
    ),
    NoticeKind(
        "readiness.reexamination_confirmed",
        _("%(department)sの必須条件「%(criterion)s」を再確認しました"),
        _("段階が%(before)sから%(after)sに変わりました。"),
        "rollout:conditions",
    ),
    NoticeKind(
        "readiness.reexamination_declined",
        _("%(department)sの必須条件「%(criterion)s」の再確認を見送りました"),
        _("理由 %(remark)s"),
        "rollout:conditions",
    ),
    NoticeKind(
        "readiness.returned",
        _("差戻し「%(department)sの準備度評価(%(round)s)」"),
        _("理由 %(remark)s"),
        "rollout:assessment",
    ),
    NoticeKind(
        "readiness.confirmed",
        _("確定「%(department)sの準備度評価(%(round)s)」"),
        _("事務局が回答を確認し、確定しました。"),
        "rollout:assessment",
    ),
)

READINESS_VERBS = {
    "readiness.round_opened": _("準備度評価の受付を開始しました"),
    "readiness.round_closed": _("準備度評価の受付を締め切りました"),
    "readiness.round_extended": _("準備度評価の提出の期限を延ばしました"),
    "readiness.round_reopened": _("準備度評価の受付を再開しました"),
    "readiness.department_added": _("準備度評価の対象に部署を加えました"),
    "readiness.extended": _("部署の準備度評価の期限を延ばしました"),
    "readiness.exception_asked": _("必須条件の例外の承認を依頼しました"),
    "readiness.exception_declined": _("必須条件の例外の承認を見送りました"),
    "readiness.exception_dropped": _("必須条件の例外の承認の依頼が不要になりました"),
    "readiness.exception_carried_over": _("必須条件の例外の承認の依頼を新しい回に引き継ぎました"),
    "readiness.exception_granted": _("必須条件の例外を承認しました"),
    "readiness.exception_revoked": _("必須条件の例外を取り消しました"),
    "readiness.exception_post_named": _("例外を承認する職位を変更しました"),
    "readiness.reexamination_asked": _("必須条件の再確認を依頼しました"),
    "readiness.reexamination_confirmed": _("必須条件を再確認しました"),
    "readiness.reexamination_declined": _("必須条件の再確認を見送りました"),
    "readiness.answered": _("準備度評価に回答を入力しました"),
    "readiness.submitted": _("準備度評価を提出しました"),
    "readiness.reviewed": _("準備度評価の回答を確認しました"),
    "readiness.confirmed": _("準備度評価を確定しました"),
    "readiness.returned": _("準備度評価を差し戻しました"),
}
