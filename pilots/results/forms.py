"""Form of the success criteria."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from pilots.planning.models import Pilot, SuccessCriterion
from pilots.results.criteria_results import MEASURES


class CriteriaForm(forms.Form):
    """One line for each indicator: a threshold and its direction. A line without a threshold is no
    criterion.
    """

    edition = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, pilot: Pilot, data: Any = None) -> None:
        super().__init__(data, initial={"edition": pilot.edition})
        known = {row.indicator: row for row in pilot.rows_of_criteria}
        for code, measure in MEASURES.items():
            row = known.get(code)
            self.fields[f"threshold_{code}"] = forms.DecimalField(
                label=measure.name,
                required=False,
                min_value=0,
                max_value=99_999_999,
                max_digits=9,
                decimal_places=1,
                initial=row and f"{row.threshold:f}".removesuffix(".0"),
                widget=forms.NumberInput(
                    attrs={"class": "in in-s", "inputmode": "decimal", "step": "0.1"}
                ),
            )
            self.fields[f"direction_{code}"] = forms.ChoiceField(
                label=_("%(name)sの向き") % {"name": measure.name},
                choices=SuccessCriterion.Direction.choices,
                required=False,
                initial=row.direction if row else SuccessCriterion.Direction.AT_LEAST,
                widget=forms.Select(attrs={"class": "in in-s"}),
            )

    @property
    def lines(self) -> list[tuple[Any, Any, Any]]:
        """Lines as (measure, threshold field, direction field) in the order of the catalogue."""
        return [
            (measure, self[f"threshold_{code}"], self[f"direction_{code}"])
            for code, measure in MEASURES.items()
        ]

    def clean(self) -> dict[str, Any]:
        """At least one criterion; a rate is at most 100."""
        cleaned = super().clean() or {}
        for code, measure in MEASURES.items():
            if measure.unit == "%" and (cleaned.get(f"threshold_{code}") or 0) > 100:
                self.add_error(
                    f"threshold_{code}",
                    _("%(name)sのしきい値は100以下で入力してください。") % {"name": measure.name},
                )
        if not self.errors and not self.wanted:
            self.add_error(
                f"threshold_{next(iter(MEASURES))}", _("成功の基準を1件以上決めてください。")
            )
        return cleaned

    @property
    def wanted(self) -> list[tuple[str, str, Any]]:
        """Entered criteria as (indicator, direction, threshold)."""
        cleaned = self.cleaned_data
        return [
            (
                code,
                cleaned[f"direction_{code}"] or SuccessCriterion.Direction.AT_LEAST,
                cleaned[f"threshold_{code}"],
            )
            for code in MEASURES
            if cleaned.get(f"threshold_{code}") is not None
        ]
