"""Notices and history of the steps of a pilot (試行): how they are worded."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from municipality.notifications.kinds import NoticeKind

LIFECYCLE_NOTICES = (
    NoticeKind(
        "pilots.approved",
        _("「%(title)s」の実施が決裁されました"),
        _("参加者の同意と研修を確かめ、開始日に始めてください。"),
        "pilots:pilot",
    ),
)

LIFECYCLE_VERBS = {
    "pilot.approved": _("試行の実施が決裁されました"),
    "pilot.returned": _("試行が差し戻されました"),
    "pilot.taken_back": _("試行を引き戻しました"),
    "pilot.withdrawn": _("試行の決裁が取り下げられました"),
    "pilot.rejected": _("試行が却下されました"),
    "pilot.started": _("試行を始めました"),
    "pilot.evaluating": _("試行の評価を始めました"),
    "pilot.measured_again": _("評価中の試行の数値を集計し直しました"),
    "pilot.result_frozen": _("試行の結果の数値を固定しました"),
    "pilot.finished": _("試行を終えました"),
}
