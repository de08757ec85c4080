"""Form of an expansion (展開申請)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from municipality.organisation.models import Member
from pilots.expansion.evidence import measure_evidence, weakness
from pilots.expansion.models import Expansion
from pilots.expansion.operations.requests import trying
from pilots.planning.forms import (
    YEN_LIMIT,
    SpanForm,
    all_departments,
    chosen_against,
    offer_departments,
)
from pilots.planning.models import Pilot
from pilots.planning.readiness import reason_words
from pilots.planning.wording import joined


class ExpansionForm(SpanForm):
    """New expansion, or change of a returned one. An explanation is required when the evidence is
    weak.
    """

    initial_yen = forms.IntegerField(
        label=pgettext_lazy("試行", "初期費用"),
        min_value=0,
        max_value=YEN_LIMIT,
        initial=0,
        widget=forms.NumberInput(attrs={"data-unit": pgettext_lazy("単位", "円")}),
    )
    monthly_yen = forms.IntegerField(
        label=pgettext_lazy("試行", "月額費用"),
        min_value=0,
        max_value=YEN_LIMIT,
        initial=0,
        widget=forms.NumberInput(attrs={"data-unit": pgettext_lazy("単位", "円")}),
    )
    explanation = forms.CharField(
        label=gettext_lazy("起案者の説明"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy(
            "達成できない基準、判定できない基準、準備度評価が未確定の部署があるときは、理由と対応を必ず書いてください。"
        ),
    )
    edition = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def __init__(
        self,
        pilot: Pilot,
        member: Member,
        now: datetime,
        today: date,
        data: Any = None,
        *,
        expansion: Expansion | None = None,
    ) -> None:
        super().__init__(
            data, initial=self._initial(expansion) if expansion else self._proposal(pilot)
        )
        self.pilot, self.now = pilot, now
        self.fields["name"].label = gettext_lazy("展開の名前")
        own = [row.pk for row in pilot.places]
        offer_departments(self, all_departments(member, today).exclude(pk__in=own), today)

    @staticmethod
    def _proposal(pilot: Pilot) -> dict[str, Any]:
        return {
            "method": pilot.method,
            "days_per_week": pilot.days_per_week,
            "half_days": pilot.half_days,
        }

    def _initial(self, expansion: Expansion) -> dict[str, Any]:
        initial = {
            name: getattr(expansion, name) for name in self.base_fields if name != "departments"
        }
        return {**initial, "departments": [row.pk for row in expansion.places]}

    def clean(self) -> dict[str, Any]:
        """The departments are free in that time, and weak evidence has an explanation."""
        cleaned = super().clean()
        departments = list(cleaned.get("departments") or [])
        if not self.errors and (
            busy := trying(self.pilot, cleaned["starts_on"], cleaned["ends_on"], departments)
        ):
            names = joined(row.name for row in busy)
            self.add_error(
                "departments", _("%(names)sは、この期間にすでに試行の対象です。") % {"names": names}
            )
        for answer in chosen_against(self):
            for reason in answer.open_conditions:
                words = _(
                    "%(department)s: %(reason)s満たすか、例外の承認を受けてから申請してください。"
                )
                self.add_error(
                    "departments",
                    words % {"department": answer.department, "reason": reason_words(reason)},
                )
        unexplained = not self.errors and not cleaned["explanation"].strip()
        if unexplained and (
            weak := weakness(measure_evidence(self.pilot, departments, now=self.now))
        ):
            self.add_error(
                "explanation", _("%(weak)s。その理由と対応を入力してください。") % {"weak": weak}
            )
        return cleaned
