"""Form that chooses the department whose manager's view the office previews."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.organisation.forms import BodyForm
from municipality.organisation.models import Department, Municipality


class PreviewForm(BodyForm):
    """Department whose manager's view is previewed."""

    department = forms.ModelChoiceField(
        Department.objects.none(),
        label=pgettext_lazy("組織", "部署"),
        empty_label=_("部署を選んでください"),
        help_text=_("その部署の所属長として、自分の部署と下位の部署が見える状態になります。"),
    )

    def __init__(self, body: Municipality, today: date, data: Any = None) -> None:
        super().__init__(body, data)
        rows = Department.objects.of(body).answering().on(today).order_by("path")
        self.fields["department"].queryset = rows  # type: ignore[attr-defined]
