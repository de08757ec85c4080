"""Form of an expansion (展開申請)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy, pgettext_lazy

from municipality.organisation.leadership import nearest_holders
from municipality.organisation.models import Member
from municipality.organisation.people_fields import PersonField
from municipality.web.forms import WholeField
from pilots.expansion.evidence import condition_words, measure_evidence, unexplained_words
from pilots.expansion.operations.plans import extent_of
from pilots.expansion.operations.requests import trying
from pilots.planning.checks import busy_words
from pilots.planning.forms import (
    YEN_LIMIT,
    SpanForm,
    all_departments,
    chosen_against,
    leads_for,
    offer_departments,
)
from pilots.planning.models import Expansion, ExpansionDepartment, Pilot
from pilots.results.forms import CriteriaFieldsForm


class ExpansionForm(SpanForm):
    """New expansion, or change of a returned one. An explanation is required when the evidence is
    weak.
    """

    initial_yen = WholeField(
        label=pgettext_lazy("試行", "初期費用"),
        min_value=0,
        max_value=YEN_LIMIT,
        initial=0,
        widget=forms.NumberInput(attrs={"data-unit": pgettext_lazy("単位", "円")}),
    )
    monthly_yen = WholeField(
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
        self.offer_days(member, today)

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
        first, last = self.typed_days
        if first and last and (busy := trying(self.pilot, first, last, departments)):
            self.add_error("departments", busy_words(busy))
        for answer in chosen_against(self):
            for reason in answer.open_conditions:
                self.add_error("departments", condition_words(reason))
        explanation = cleaned.get("explanation")
        if departments and explanation == "":
            evidence = measure_evidence(self.pilot, departments, now=self.now)
            if words := unexplained_words(evidence, explanation):
                self.add_error("explanation", words)
        return cleaned


class PlanForm(CriteriaFieldsForm):
    """What the pilot of a receiving department will be. Without criteria the department fixes them
    before its start.
    """

    purpose = forms.CharField(
        label=pgettext_lazy("試行", "目的"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("この部署で何を確かめるかを書いてください。決裁の伺いに載ります。"),
    )
    scope = forms.CharField(
        label=gettext_lazy("対象の業務"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self, plan: ExpansionDepartment, member: Member, today: date, data: Any = None
    ) -> None:
        initial = {name: getattr(plan, name) for name in ("purpose", "scope", "edition")}
        super().__init__(data, initial={**initial, "lead": plan.lead})
        self.fields["lead"] = PersonField(
            leads_of_plan(plan, member, today),
            label=gettext_lazy("試行の責任者"),
            required=False,
            help_text=gettext_lazy(
                "氏名か職員番号で探せます。空欄のときは、承認の時の所属長が責任者になります。"
            ),
        )
        self.offer_criteria(plan.wanted, extent_of(plan), today)


def leads_of_plan(plan: ExpansionDepartment, member: Member, today: date) -> QuerySet[Member]:
    """Who can lead the pilot: who can lead one of the source, the managers of the department, and
    who is named already.
    """
    managers = nearest_holders("manager", plan.department.path, today)
    seen = leads_for(member, plan.expansion.pilot).values("pk")
    named = [plan.lead_id, *(each.pk for each in managers)]
    return Member.objects.of(member.municipality_id).filter(Q(pk__in=seen) | Q(pk__in=named))
