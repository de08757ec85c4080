"""Forms of the pilots. They check what was typed and never save."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from municipality.forms import DayField
from municipality.models import Department, Member

from .choices import all_departments, candidates, departments_for, leads_for
from .evidence import measure_evidence, weakness
from .judging import MEASURES
from .models import Expansion, Kind, Method, Pilot, SuccessCriterion
from .operations.expanding import trying
from .operations.running import why_not
from .wording import day_words, joined

YEN_LIMIT = 10**12


def department_label(department: Any) -> str:
    """The name with the department above it where that is not the body, and how many people work there."""
    above = department.parent
    name = f"{above.name} {department.name}" if above and not above.is_body else department.name
    return _("%(name)s(%(n)s人)") % {"name": name, "n": department.staff}


class DepartmentsField(forms.ModelMultipleChoiceField):
    """Departments as boxes to tick."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, department: Any) -> str:
        """Name and number of people."""
        return department_label(department)


def offer(form: forms.Form, name: str, rows: QuerySet) -> None:
    """Let the field choose among these rows and no others."""
    field: Any = form.fields[name]
    field.queryset = rows


class SpanForm(forms.Form):
    """What a pilot and an expansion have in common: where, from when to when, how, how often."""

    name = forms.CharField(label=gettext_lazy("試行の名前"), max_length=80)
    departments = DepartmentsField(Department.objects.none(), label=pgettext_lazy("試行", "対象部署"))
    starts_on = DayField(label=pgettext_lazy("期間", "開始日"), widget=forms.TextInput(attrs={"class": "in-s"}))
    ends_on = DayField(label=pgettext_lazy("期間", "終了日"), widget=forms.TextInput(attrs={"class": "in-s"}))
    method = forms.ChoiceField(
        label=pgettext_lazy("試行", "接続方式"), choices=Method.choices, initial=Method.REMOTE_DESKTOP
    )
    days_per_week = forms.IntegerField(
        label=gettext_lazy("1週間の上限"), min_value=1, max_value=5, initial=2, help_text=gettext_lazy("1人が1週間に実施できる日数です。"),
        widget=forms.NumberInput(attrs={"data-unit": pgettext_lazy("単位", "日")}),
    )  # fmt: skip
    half_days = forms.BooleanField(label=gettext_lazy("半日単位の実施を認める"), required=False, initial=True)

    def clean(self) -> dict[str, Any]:
        """The end does not lie before the start."""
        facts = super().clean() or {}
        starts_on, ends_on = facts.get("starts_on"), facts.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error(
                "ends_on", _("終了日は開始日(%(day)s)以後の日にしてください。") % {"day": day_words(starts_on)}
            )
        return facts


class PilotForm(SpanForm):
    """Planning a pilot, or changing the plan (then with its edition)."""

    kind = forms.ChoiceField(label=pgettext_lazy("試行", "種別"), choices=Kind.choices, initial=Kind.DEPARTMENT)
    purpose = forms.CharField(
        label=pgettext_lazy("試行", "目的"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("何を確かめる試行かを書いてください。決裁の伺いに載ります。"),
    )  # fmt: skip
    scope = forms.CharField(
        label=gettext_lazy("対象の業務"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("例 資料作成、予算要求、照会への回答"),
    )  # fmt: skip
    lead = forms.ModelChoiceField(
        Member.objects.none(), label=gettext_lazy("試行の責任者"), empty_label=None,
        help_text=gettext_lazy("開始と評価の期限は、この人に知らせます。"),
    )  # fmt: skip
    edition = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    field_order = [
        "name", "kind", "purpose", "departments", "starts_on", "ends_on", "method", "days_per_week", "half_days", "scope", "lead",
    ]  # fmt: skip

    def __init__(self, member: Member, today: date, data: Any = None, *, pilot: Pilot | None = None) -> None:
        super().__init__(data, initial=self._initial(pilot) if pilot else {"lead": member.pk})
        places = departments_for(member, today)
        if pilot:
            kept = all_departments(member, today).filter(pk__in=[row.pk for row in pilot.places])
            places = all_departments(member, today).filter(
                pk__in=[*places.values_list("pk", flat=True), *kept.values_list("pk", flat=True)]
            )
        offer(self, "departments", places)
        offer(self, "lead", leads_for(member, pilot))

    def _initial(self, pilot: Pilot) -> dict[str, Any]:
        facts = {name: getattr(pilot, name) for name in self.base_fields if name not in ("departments", "lead")}
        return {**facts, "departments": [row.pk for row in pilot.places], "lead": pilot.lead_id}


class CriteriaForm(forms.Form):
    """One line per indicator: a threshold and its direction. A line without a threshold is no criterion."""

    edition = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, pilot: Pilot, data: Any = None) -> None:
        super().__init__(data, initial={"edition": pilot.edition})
        known = {row.indicator: row for row in pilot.rows_of_criteria}
        for code, measure in MEASURES.items():
            row = known.get(code)
            self.fields[f"threshold_{code}"] = forms.DecimalField(
                label=measure.name, required=False, min_value=0, max_value=99_999_999, max_digits=9, decimal_places=1,
                initial=row and f"{row.threshold:f}".removesuffix(".0"),
                widget=forms.NumberInput(attrs={"class": "in in-s", "inputmode": "decimal", "step": "0.1"}),
            )  # fmt: skip
            self.fields[f"direction_{code}"] = forms.ChoiceField(
                label=_("%(name)sの向き") % {"name": measure.name}, choices=SuccessCriterion.Direction.choices, required=False,
                initial=row.direction if row else SuccessCriterion.Direction.AT_LEAST, widget=forms.Select(attrs={"class": "in in-s"}),
            )  # fmt: skip

    @property
    def lines(self) -> list[tuple[Any, Any, Any]]:
        """(measure, threshold field, direction field) in the order of the catalogue."""
        return [(measure, self[f"threshold_{code}"], self[f"direction_{code}"]) for code, measure in MEASURES.items()]

    def clean(self) -> dict[str, Any]:
        """At least one criterion; a rate is at most 100."""
        facts = super().clean() or {}
        for code, measure in MEASURES.items():
            if measure.unit == "%" and (facts.get(f"threshold_{code}") or 0) > 100:
                self.add_error(
                    f"threshold_{code}", _("%(name)sのしきい値は100以下で入力してください。") % {"name": measure.name}
                )
        if not self.errors and not self.wanted:
            self.add_error(f"threshold_{next(iter(MEASURES))}", _("成功の基準を1件以上決めてください。"))
        return facts

    @property
    def wanted(self) -> list[tuple[str, str, Any]]:
        """What was asked for, as (indicator, direction, threshold)."""
        facts = self.cleaned_data
        return [
            (code, facts[f"direction_{code}"] or SuccessCriterion.Direction.AT_LEAST, facts[f"threshold_{code}"])
            for code in MEASURES if facts.get(f"threshold_{code}") is not None
        ]  # fmt: skip


class CandidatesField(forms.ModelMultipleChoiceField):
    """People as boxes to tick, each with the department they work in."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, member: Any) -> str:
        """Name and department."""
        return _("%(name)s(%(department)s)") % {"name": member.name, "department": member.home}


class ParticipantsForm(forms.Form):
    """People of the pilot's departments to be asked."""

    members = CandidatesField(
        Member.objects.none(), label=gettext_lazy("参加を依頼する職員"),
        help_text=gettext_lazy("選んだ職員に参加の依頼が届きます。同意は本人だけが行えます。"),
    )  # fmt: skip
    device = forms.CharField(
        label=pgettext_lazy("試行", "端末"), max_length=60, required=False,
        help_text=gettext_lazy("例 貸与端末。選んだ職員に共通のときだけ入力してください。"),
    )  # fmt: skip

    def __init__(self, pilot: Pilot, today: date, data: Any = None) -> None:
        super().__init__(data)
        offer(self, "members", candidates(pilot, today))


class FinishForm(forms.Form):
    """How a pilot ends, and why."""

    outcome = forms.ChoiceField(label=gettext_lazy("試行の結果"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=gettext_lazy("結果の理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("基準の達成の状況と、次にどうするかを書いてください。"),
    )  # fmt: skip

    def __init__(self, pilot: Pilot, data: Any = None) -> None:
        super().__init__(data)
        field: Any = self.fields["outcome"]
        field.choices = [(value, label) for value, label in Pilot.Outcome.choices if not why_not(pilot, value)]
        if len(field.choices) == 1:
            self.initial["outcome"] = field.choices[0][0]


class ExpansionForm(SpanForm):
    """Asking for an expansion, or changing one that came back. An explanation is demanded where the evidence is weak."""

    initial_yen = forms.IntegerField(
        label=pgettext_lazy("試行", "初期費用"), min_value=0, max_value=YEN_LIMIT, initial=0,
        widget=forms.NumberInput(attrs={"data-unit": pgettext_lazy("単位", "円")}),
    )  # fmt: skip
    monthly_yen = forms.IntegerField(
        label=pgettext_lazy("試行", "月額費用"), min_value=0, max_value=YEN_LIMIT, initial=0,
        widget=forms.NumberInput(attrs={"data-unit": pgettext_lazy("単位", "円")}),
    )  # fmt: skip
    explanation = forms.CharField(
        label=gettext_lazy("起案者の説明"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("達成できない基準、判定できない基準、準備度評価が未確定の部署があるときは、理由と対応を必ず書いてください。"),
    )  # fmt: skip
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
        super().__init__(data, initial=self._initial(expansion) if expansion else self._proposal(pilot))
        self.pilot, self.now = pilot, now
        self.fields["name"].label = gettext_lazy("展開の名前")
        own = [row.pk for row in pilot.places]
        offer(self, "departments", all_departments(member, today).exclude(pk__in=own))

    @staticmethod
    def _proposal(pilot: Pilot) -> dict[str, Any]:
        return {"method": pilot.method, "days_per_week": pilot.days_per_week, "half_days": pilot.half_days}

    def _initial(self, expansion: Expansion) -> dict[str, Any]:
        facts = {name: getattr(expansion, name) for name in self.base_fields if name != "departments"}
        return {**facts, "departments": [row.pk for row in expansion.places]}

    def clean(self) -> dict[str, Any]:
        """The departments are free in that time; what speaks against is explained."""
        facts = super().clean()
        departments = list(facts.get("departments") or [])
        if not self.errors and (busy := trying(self.pilot, facts["starts_on"], facts["ends_on"], departments)):
            names = joined(row.name for row in busy)
            self.add_error("departments", _("%(names)sは、この期間にすでに試行の対象です。") % {"names": names})
        unexplained = not self.errors and not facts["explanation"].strip()
        if unexplained and (weak := weakness(measure_evidence(self.pilot, departments, now=self.now))):
            self.add_error("explanation", _("%(weak)s。その理由と対応を入力してください。") % {"weak": weak})
        return facts


class PilotFilter(forms.Form):
    """Which pilots the list shows."""

    state = forms.ChoiceField(label=gettext_lazy("試行の状態"), required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        field: Any = self.fields["state"]
        field.choices = [("", pgettext("絞り込み", "すべて")), *Pilot.State.choices]
