"""Notices and history of records of days (実施記録): how they are worded."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from municipality.notifications.kinds import NoticeKind

USAGE_NOTICES = (
    NoticeKind(
        "usage.asked",
        _("実施記録の提出の督促(%(department)s)"),
        _(
            "実施記録がまだ届いていません。だれもテレワークをしていないときは、実績なしを申告してください。"
        ),
        "pilots:usage_month",
        while_due=("usage.hand_in", "usage.hand_in_clerk"),
    ),
)

USAGE_VERBS = {
    "usage.month_opened": _("実施記録の提出を求めました"),
    "usage.none_declared": _("実績なしを申告しました"),
    "usage.none_withdrawn": _("実績なしの申告を取り消しました"),
    "usage.added": _("実施記録を加えました"),
    "usage.corrected": _("実施記録を訂正しました"),
    "usage.deleted": _("実施記録を削除しました"),
    "usage.setting_changed": _("実施記録の取込みの設定を変更しました"),
    "usage.reminded": _("実施記録の提出を督促しました"),
    "usage.recorded": _("実施記録を登録しました"),
}
