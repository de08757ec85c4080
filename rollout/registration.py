"""Registration of the preparing stage with the apps below."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from municipality.core.refusals import anyone
from municipality.core.registry import Nav, Registration
from municipality.notifications.kinds import NoticeKind
from municipality.transfers.handover_items import by_role
from rollout.readiness.deadlines import DEADLINES

NOTICES = (
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


VERBS = {
    "readiness.round_opened": _("準備度評価の回を始めました"),
    "readiness.round_closed": _("準備度評価の回を終えました"),
    "readiness.answered": _("準備度評価に回答を入力しました"),
    "readiness.submitted": _("準備度評価を提出しました"),
    "readiness.reviewed": _("準備度評価の回答を確認しました"),
    "readiness.confirmed": _("準備度評価を確定しました"),
    "readiness.returned": _("準備度評価を差し戻しました"),
}


registration = Registration(
    name="rollout",
    deadlines=DEADLINES,
    notices=NOTICES,
    verbs=VERBS,
    navigation=(Nav("prepare", _("準備度評価"), "rollout:readiness", anyone, order=10),),
    hand_overs=tuple(by_role(deadline) for deadline in DEADLINES),
)
