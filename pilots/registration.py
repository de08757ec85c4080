"""Registration of the pilots with the apps below."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.refusals import anyone
from municipality.core.registry import (
    Measure,
    Nav,
    PersonalVerb,
    Registration,
    SettingPage,
    Subject,
)
from municipality.decisions.notices import route_wanted
from pilots.days.deadlines import DEADLINES as USAGE_DEADLINES
from pilots.days.declarations import DECLARATIONS
from pilots.days.imports import IMPORTS
from pilots.days.indicators import CODES, usage_figures
from pilots.days.notices import USAGE_NOTICES, USAGE_VERBS
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
from pilots.expansion.notices import EXPANSION_NOTICES, EXPANSION_VERBS
from pilots.expansion.operations import decisions as expansion_decisions
from pilots.expansion.operations import requests
from pilots.expansion.small_numbers import expansion_for_few
from pilots.lifecycle.deadlines import DEADLINES
from pilots.lifecycle.decision_content import pilot_content_of, pilot_for_few
from pilots.lifecycle.notices import LIFECYCLE_NOTICES, LIFECYCLE_VERBS
from pilots.lifecycle.operations import decisions as operations_decisions
from pilots.lifecycle.operations.steps import freeze_open_results
from pilots.participants.handover_items import HAND_OVERS
from pilots.participants.notices import PARTICIPANT_NOTICES, PARTICIPANT_VERBS
from pilots.planning.events import PLANNING_VERBS
from pilots.planning.rules import leads_in
from pilots.results.events import RESULT_VERBS

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


registration = Registration(
    name="pilots",
    deadlines=(*DEADLINES, *USAGE_DEADLINES),
    subjects=SUBJECTS,
    imports=(*IMPORTS, DECLARATIONS),
    notices=(
        *PARTICIPANT_NOTICES,
        *LIFECYCLE_NOTICES,
        *EXPANSION_NOTICES,
        *USAGE_NOTICES,
        *(route_wanted(subject) for subject in SUBJECTS),
    ),
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
    verbs={
        **PLANNING_VERBS,
        **RESULT_VERBS,
        **PARTICIPANT_VERBS,
        **LIFECYCLE_VERBS,
        **EXPANSION_VERBS,
        **USAGE_VERBS,
    },
    personal_verbs={
        **dict.fromkeys(
            ("pilot.agreed", "pilot.declined"), PersonalVerb("pilots.participant", asked="pilot")
        ),
        **dict.fromkeys(
            ("usage.added", "usage.corrected", "usage.deleted"), PersonalVerb("pilots.usage")
        ),
    },
    hand_overs=(*HAND_OVERS, *PLAN_HAND_OVERS),
    measures=(Measure(CODES, usage_figures),),
    postings_changed=(follow_postings,),
    panels=(pilots_panel,),
    stakes=(leads_in,),
)
