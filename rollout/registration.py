"""Registration of the preparing stage with the apps below."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from municipality.core.refusals import anyone
from municipality.core.registry import Nav, Registration, SettingPage
from municipality.transfers.handover_items import by_role
from rollout.readiness.deadlines import DEADLINES, EXCEPTIONS
from rollout.readiness.notices import READINESS_NOTICES, READINESS_VERBS
from rollout.readiness.panels import readiness_panel

registration = Registration(
    name="rollout",
    deadlines=DEADLINES,
    notices=READINESS_NOTICES,
    verbs=READINESS_VERBS,
    navigation=(Nav("prepare", _("準備度評価"), "rollout:readiness", anyone, order=10),),
    settings=(
        SettingPage(
            "decisions",
            "rollout:exception_post",
            _("例外を承認する職位"),
            _(
                "必須条件の例外を承認する職位を決めます。定めないときは、情報セキュリティ責任者が承認します。"
            ),
        ),
    ),
    panels=(readiness_panel,),
    hand_overs=tuple(by_role(deadline) for deadline in DEADLINES if deadline != EXCEPTIONS),
)
