"""Notices and history of participants (参加者): how they are worded."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from municipality.notifications.kinds import NoticeKind

PARTICIPANT_NOTICES = (
    NoticeKind(
        "pilots.asked",
        _("「%(title)s」への参加の依頼"),
        _("内容を確認し、参加するかどうかを返事してください。"),
        "pilots:participant",
    ),
    NoticeKind(
        "pilots.courses",
        _("試行「%(title)s」への参加により、必須研修%(count)s件を割り当てました"),
        _("%(courses)sを、%(due)sまでに受講してください。"),
        "pilots:participant",
    ),
    NoticeKind(
        "pilots.lead_courses",
        _("試行「%(title)s」の責任者として、必須研修%(count)s件を割り当てました"),
        _("%(courses)sを、%(due)sまでに受講してください。"),
        "pilots:pilot",
    ),
)

PARTICIPANT_VERBS = {
    "pilot.participants_added": _("参加者を加えました"),
    "pilot.agreed": _("参加に同意しました"),
    "pilot.declined": _("参加しないことにしました"),
    "pilot.removed": _("参加者から外しました"),
}
