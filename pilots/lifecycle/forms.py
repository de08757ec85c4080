"""Form that finishes a pilot."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from pilots.lifecycle.operations.steps import why_not
from pilots.planning.models import Pilot


class FinishForm(forms.Form):
    """Outcome of a pilot and its reason."""

    outcome = forms.ChoiceField(label=gettext_lazy("試行の結果"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=gettext_lazy("結果の理由"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("基準の達成の状況と、次にどうするかを書いてください。"),
    )

    def __init__(self, pilot: Pilot, data: Any = None) -> None:
        super().__init__(data)
        field: Any = self.fields["outcome"]
        field.choices = [
            (value, label) for value, label in Pilot.Outcome.choices if not why_not(pilot, value)
        ]
        if len(field.choices) == 1:
            self.initial["outcome"] = field.choices[0][0]
