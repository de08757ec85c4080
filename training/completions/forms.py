"""Forms that record a completion."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from municipality.web.forms import DayField


class ReadForm(forms.Form):
    """Confirmation that the person worked through the material."""

    read = forms.BooleanField(
        label=gettext_lazy("教材を最後まで読み、自分に当てはめて確かめました")
    )


class CompletionForm(forms.Form):
    """Completion as the office records it."""

    completed_on = DayField(
        label=pgettext_lazy("研修", "修了日"), widget=forms.TextInput({"class": "in-s"})
    )
    score = forms.IntegerField(
        label=pgettext_lazy("研修", "点数"), min_value=0, max_value=100, required=False
    )

    def __init__(self, data: Any = None, *, today: date):
        super().__init__(data, initial={"completed_on": today})
        self.today = today

    def clean_completed_on(self) -> date:
        """Today or earlier."""
        day = self.cleaned_data["completed_on"]
        if day > self.today:
            raise ValidationError(_("修了日は、今日以前の日にしてください。"))
        return day
