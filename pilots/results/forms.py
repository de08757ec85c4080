"""Form of the success criteria."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from municipality.web.forms import DecimalNumberField
from pilots.planning.catalogue_file import PILOT_INDICATORS
from pilots.planning.checks import PlanExtent, beyond_reach, reach_of
from pilots.planning.models import Pilot, SuccessCriterion
from pilots.results.criteria_results import FIGURES

Criterion = tuple[str, str, Decimal]
"""Indicator, direction and threshold."""


class CriteriaFieldsForm(forms.Form):
    """One line for each indicator: a threshold and its direction. A line without a threshold is no
    criterion, and none may be out of reach.
    """

    edition = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def offer_criteria(
        self, criteria: Iterable[Criterion], extent: PlanExtent, today: date
    ) -> None:
        """Add the lines, filled with these criteria; `extent` says what can be reached."""
        self.extent, self.today = extent, today
        known = {row[0]: row for row in criteria}
        for code in FIGURES:
            name = PILOT_INDICATORS[code].name
            _code, direction, threshold = known.get(code, (code, "", None))
            self.fields[f"threshold_{code}"] = DecimalNumberField(
                label=name,
                required=False,
                min_value=0,
                max_value=99_999_999,
                max_digits=9,
                decimal_places=1,
                initial=None if threshold is None else f"{threshold:f}".removesuffix(".0"),
                widget=forms.NumberInput(
                    attrs={"class": "in in-s", "inputmode": "decimal", "step": "0.1"}
                ),
            )
            self.fields[f"direction_{code}"] = forms.ChoiceField(
                label=_("%(name)sの以上・以下") % {"name": name},
                choices=SuccessCriterion.Direction.choices,
                required=False,
                initial=direction or SuccessCriterion.Direction.AT_LEAST,
                widget=forms.Select(attrs={"class": "in in-s"}),
            )

    @property
    def lines(self) -> list[tuple[Any, Any, Any]]:
        """Lines as (indicator, threshold field, direction field) in the order of the catalogue."""
        return [
            (PILOT_INDICATORS[code], self[f"threshold_{code}"], self[f"direction_{code}"])
            for code in FIGURES
        ]

    def clean(self) -> dict[str, Any]:
        """Refuse a threshold that nobody can reach."""
        cleaned = super().clean() or {}
        reach = reach_of(self.extent, self.today)
        for code, direction, threshold in self.wanted:
            if reason := beyond_reach(code, direction, threshold, reach):
                self.add_error(f"threshold_{code}", f"{PILOT_INDICATORS[code].name} {reason}")
        return cleaned

    @property
    def wanted(self) -> list[Criterion]:
        """Entered criteria as (indicator, direction, threshold)."""
        cleaned = self.cleaned_data
        return [
            (
                code,
                cleaned.get(f"direction_{code}") or SuccessCriterion.Direction.AT_LEAST,
                cleaned[f"threshold_{code}"],
            )
            for code in FIGURES
            if cleaned.get(f"threshold_{code}") is not None
        ]


class CriteriaForm(CriteriaFieldsForm):
    """The success criteria of a pilot: at least one."""

    def __init__(self, pilot: Pilot, today: date, data: Any = None) -> None:
        super().__init__(data, initial={"edition": pilot.edition})
        known = [(row.indicator, row.direction, row.threshold) for row in pilot.rows_of_criteria]
        self.offer_criteria(known, PlanExtent.of(pilot), today)

    def clean(self) -> dict[str, Any]:
        """Refuse a form without any criterion."""
        cleaned = super().clean()
        if not self.errors and not self.wanted:
            self.add_error(
                f"threshold_{next(iter(FIGURES))}", _("成功の基準を1件以上決めてください。")
            )
        return cleaned
