"""Registration of the pilots with the apps below."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.refusals import anyone
from municipality.core.registry import Measure, Nav, Registration, SettingPage, Subject
from municipality.notifications.kinds import NoticeKind
from pilots.days.deadlines import DEADLINES as USAGE_DEADLINES
from pilots.days.declarations import DECLARATIONS
from pilots.days.imports import IMPORTS
from pilots.days.indicators import CODES, usage_figures
from pilots.days.operations.records import follow_postings
from pilots.days.operations.submissions import open_usage_months
from pilots.days.panels import pilots_panel
from pilots.days.rules import may_see_records
from pilots.expansion.decision_content import (
    expansion_content_of,
    expansion_today_of,
    yen_of_expansion,
)
from pilots.expansion.handover import HAND_OVERS as PLAN_HAND_OVERS
from pilots.expansion.operations import decisions as expansion_decisions
from pilots.expansion.operations import requests
from pilots.expansion.small_numbers import expansion_for_few
from pilots.lifecycle.deadlines import DEADLINES
from pilots.lifecycle.decision_content import pilot_content_of, pilot_for_few
from pilots.lifecycle.operations import decisions as operations_decisions
from pilots.lifecycle.operations.steps import freeze_open_results
from pilots.participants.handover_items import HAND_OVERS

SUBJECTS = (
    Subject(
        operations_decisions.PILOT,
        _("試行の実施"),
        "pilots:pilot",
        pilot_content_of,
        checked=operations_decisions.pilot_checked,
        submitted=operations_decisions.pilot_submitted,
        decided=operations_decisions.pilot_decided,
        returned=operations_decisions.pilot_returned,
        ended=operations_decisions.pilot_ended,
        departments=operations_decisions.departments_of_pilot,
        few=pilot_for_few,
    ),
    Subject(
        requests.EXPANSION,
        pgettext_lazy("試行", "展開申請"),
        "pilots:expansion",
        expansion_content_of,
        submitted=expansion_decisions.expansion_submitted,
        decided=expansion_decisions.expansion_decided,
        returned=expansion_decisions.expansion_returned,
        ended=expansion_decisions.expansion_ended,
        checked=expansion_decisions.expansion_checked,
        yen=yen_of_expansion,
        few=expansion_for_few,
        today=expansion_today_of,
        departments=requests.departments_of_expansion,
        suggests_managers=True,
    ),
)


NOTICES = (
    NoticeKind(
        "pilots.asked",
        _("「%(title)s」への参加の依頼"),
        _("内容を確認し、参加するかどうかを返事してください。"),
        "pilots:participant",
    ),
    NoticeKind(
        "pilots.courses",
        _("試行「%(title)s」への参加により、必須研修%(count)s件を割り当てました"),
        _("%(courses)sを、試行の開始までに受講してください。"),
        "pilots:participant",
    ),
    NoticeKind(
        "pilots.lead_courses",
        _("試行「%(title)s」の責任者として、必須研修%(count)s件を割り当てました"),
        _("%(courses)sを、試行の開始までに受講してください。"),
        "pilots:pilot",
    ),
    NoticeKind(
        "pilots.approved",
        _("「%(title)s」が承認されました"),
        _("参加者の同意と研修を確かめ、開始日に始めてください。"),
        "pilots:pilot",
    ),
    NoticeKind(
        "pilots.widened",
        _("「%(title)s」が新しい試行になりました"),
        _("展開申請が承認されました。参加者を加え、開始の準備をしてください。"),
        "pilots:pilot",
    ),
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


VERBS = {
    "pilot.planned": _("試行を計画しました"),
    "pilot.changed": _("試行の計画を変更しました"),
    "pilot.criteria_fixed": _("成功の基準を固定しました"),
    "pilot.participants_added": _("参加者を加えました"),
    "pilot.agreed": _("参加に同意しました"),
    "pilot.declined": _("参加しないことにしました"),
    "pilot.removed": _("参加者から外しました"),
    "pilot.approved": _("試行の実施が承認されました"),
    "pilot.returned": _("試行が差し戻されました"),
    "pilot.withdrawn": _("試行の決裁が取り下げられました"),
    "pilot.rejected": _("試行が却下されました"),
    "pilot.started": _("試行を始めました"),
    "pilot.evaluating": _("試行の評価を始めました"),
    "pilot.measured_again": _("評価中の試行の数値を集計し直しました"),
    "pilot.result_frozen": _("試行の結果の数値を固定しました"),
    "pilot.finished": _("試行を終えました"),
    "expansion.requested": _("展開を申請しました"),
    "expansion.changed": _("展開申請を変更しました"),
    "expansion.department_planned": _("展開先の部署の計画を変更しました"),
    "expansion.approved": _("展開申請が承認されました"),
    "expansion.returned": _("展開申請が差し戻されました"),
    "expansion.rejected": _("展開申請が却下されました"),
    "expansion.withdrawn": _("展開申請が取り下げられました"),
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


registration = Registration(
    name="pilots",
    deadlines=(*DEADLINES, *USAGE_DEADLINES),
    subjects=SUBJECTS,
    imports=(*IMPORTS, DECLARATIONS),
    notices=NOTICES,
    navigation=(
        Nav("try", pgettext_lazy("案内", "試行"), "pilots:pilots", anyone, order=20),
        Nav("try", pgettext_lazy("案内", "実施記録"), "pilots:usages", may_see_records, order=30),
    ),
    settings=(
        SettingPage(
            "body",
            "pilots:usage_setting",
            _("実施記録の取込み"),
            _("取り込むファイルと画面の入力が異なるときに、どちらを残すかを決めます。"),
        ),
    ),
    daily=(open_usage_months, freeze_open_results),
    verbs=VERBS,
    personal_verbs=dict.fromkeys(("pilot.agreed", "pilot.declined"), "pilot"),
    hand_overs=(*HAND_OVERS, *PLAN_HAND_OVERS),
    measures=(Measure(CODES, usage_figures),),
    postings_changed=(follow_postings,),
    panels=(pilots_panel,),
)
