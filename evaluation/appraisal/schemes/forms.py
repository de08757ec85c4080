"""Form of an evaluation period."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.periods import OpenDays
from municipality.web.forms import day


class EvaluationPeriodForm(forms.Form):
    """A new evaluation period."""

    name = forms.CharField(
        label=_("評価期間の名称"), max_length=60, help_text=_("例 令和8年度 下期")
    )
    starts_on = day(label=pgettext_lazy("期間", "開始日"))
    ends_on = day(label=pgettext_lazy("期間", "終了日"))
    goals_due_on = day(label=_("目標の提出期限"))
    agree_due_on = day(label=_("面談と確定の期限"))

    def __init__(self, *args: Any, calendar: OpenDays, periods: QuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.calendar, self.periods = calendar, periods

    def clean_name(self) -> str:
        """A name that is not used yet."""
        name = self.cleaned_data["name"]
        if self.periods.filter(name=name).exists():
            raise ValidationError(_("同じ名称の評価期間があります。"))
        return name

    def clean_goals_due_on(self) -> date | None:
        """An open day."""
        return self._open_day("goals_due_on")

    def clean_agree_due_on(self) -> date | None:
        """An open day."""
        return self._open_day("agree_due_on")

    def _open_day(self, field: str) -> date | None:
        due_on = self.cleaned_data[field]
        if due_on is not None and not self.calendar.is_open(due_on):
            words = {
                "day": due_on.isoformat(),
                "next": self.calendar.roll(due_on).isoformat(),
            }
            raise ValidationError(
                _("%(day)sは閉庁日です。%(next)sなどの開庁日にしてください。"), params=words
            )
        return due_on

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
        return cleaned
