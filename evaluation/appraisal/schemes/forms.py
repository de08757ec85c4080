"""Form of an evaluation period."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluation.appraisal.schemes.models import EvaluationPeriod, EvaluationPeriodQuerySet
from evaluation.appraisal.schemes.operations import overlap_words
from municipality.organisation.open_days import OpenDays
from municipality.web.forms import EditionForm, day, open_day


class EvaluationPeriodForm(forms.Form):
    """A new evaluation period."""

    name = forms.CharField(
        label=_("評価期間の名称"), max_length=60, help_text=_("例 令和8年度 下期")
    )
    starts_on = day(label=pgettext_lazy("期間", "開始日"))
    ends_on = day(label=pgettext_lazy("期間", "終了日"))

    def __init__(
        self, *args: Any, calendar: OpenDays, periods: EvaluationPeriodQuerySet, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.periods = periods
        self.fields["goals_due_on"] = open_day(calendar, label=_("目標の提出期限"))
        self.fields["agree_due_on"] = open_day(calendar, label=_("面談と確定の期限"))

    @staticmethod
    def shown(period: EvaluationPeriod) -> dict[str, Any]:
        """Initial values of a period that is edited."""
        names = ("name", "starts_on", "ends_on", "goals_due_on", "agree_due_on", "edition")
        return {name: getattr(period, name) for name in names}

    def clean_name(self) -> str:
        """A name that is not used yet."""
        name = self.cleaned_data["name"]
        if self.periods.filter(name=name).exists():
            raise ValidationError(_("同じ名称の評価期間があります。"))
        return name

    def clean(self) -> dict[str, Any]:
        """Days in ascending order."""
        cleaned = super().clean() or self.cleaned_data
        order = ("starts_on", "ends_on", _("終了日は、開始日より後の日にしてください。"))
        agree = (
            "goals_due_on",
            "agree_due_on",
            _("面談と確定の期限は、目標の提出期限より後の日にしてください。"),
        )
        for earlier, later, message in (order, agree):
            if cleaned.get(earlier) and cleaned.get(later) and cleaned[earlier] >= cleaned[later]:
                self.add_error(later, message)
        if cleaned.get("starts_on") and cleaned.get("ends_on") and not self.errors:
            taken = self.periods.overlapping(cleaned["starts_on"], cleaned["ends_on"]).first()
            if taken is not None:
                self.add_error("starts_on", overlap_words(taken))
        return cleaned


class EvaluationPeriodChangeForm(EditionForm, EvaluationPeriodForm):
    """A period whose name or days were set by mistake."""
