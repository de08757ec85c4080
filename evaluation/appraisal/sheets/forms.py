"""Forms of goal sheets. They validate; they never save."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluation.appraisal.sheets.models import Goal
from evaluation.appraisal.sheets.operations import MOST_GOALS
from municipality.web.forms import EditionForm, WholeField, area


class GoalsForm(EditionForm):
    """Up to MOST_GOALS goals in a row of blocks; an empty block is no goal. Cleans to a list in
    `goals`.
    """

    PARTS = ("title", "measure", "weight", "difficulty")

    def __init__(self, *args: Any, goals: list[Goal] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = []
        for n in range(1, MOST_GOALS + 1):
            self._add_block(n, goals[n - 1] if goals and len(goals) >= n else None)
            self.groups.append(
                (_("目標 %(n)s") % {"n": n}, "", [f"{part}_{n}" for part in self.PARTS])
            )

    def _add_block(self, n: int, goal: Goal | None) -> None:
        shown = (
            {part: getattr(goal, part) for part in self.PARTS}
            if goal
            else {"difficulty": Goal.Difficulty.B}
        )
        first = n == 1
        self.fields[f"title_{n}"] = forms.CharField(
            label=pgettext_lazy("目標", "目標"), max_length=120, required=first
        )
        self.fields[f"measure_{n}"] = forms.CharField(
            label=_("達成を測る物差し"),
            max_length=600,
            required=first,
            widget=area(3),
            help_text=_("何がどうなれば達成かを、第三者にも分かるように書きます。")
            if first
            else "",
        )
        self.fields[f"weight_{n}"] = WholeField(
            label=pgettext_lazy("目標", "ウエイト"),
            min_value=1,
            max_value=100,
            required=first,
            widget=forms.NumberInput(attrs={"data-unit": "%"}),
        )
        self.fields[f"difficulty_{n}"] = forms.ChoiceField(
            label=pgettext_lazy("目標", "難易度"), choices=Goal.Difficulty.choices, required=first
        )
        for part, value in shown.items():
            self.fields[f"{part}_{n}"].initial = value

    def clean(self) -> dict[str, Any]:
        """Each block that was begun is complete; empty blocks are dropped."""
        cleaned = super().clean() or self.cleaned_data
        goals = []
        for n in range(1, MOST_GOALS + 1):
            block = {part: cleaned.get(f"{part}_{n}") for part in self.PARTS}
            if not any(block[part] for part in ("title", "measure", "weight")):
                continue
            for part in self.PARTS:
                if not block[part] and f"{part}_{n}" not in self.errors:
                    words = {"n": n, "label": self.fields[f"{part}_{n}"].label}
                    self.add_error(
                        f"{part}_{n}", _("目標 %(n)sの「%(label)s」を入力してください。") % words
                    )
            goals.append(block)
        cleaned["goals"] = goals
        return cleaned


class ReturnGoalsForm(forms.Form):
    """Reason for returning goals."""

    comment = forms.CharField(label=_("差戻しの理由"), max_length=1000, widget=area(3))
