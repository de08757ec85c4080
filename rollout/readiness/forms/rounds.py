"""Forms of a round: opening it, its due date, who else is asked, which rows of it are shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from municipality.organisation.models import Department, Municipality
from municipality.organisation.open_days import open_days
from municipality.web.forms import DayField
from rollout.readiness.models import Assessment
from rollout.readiness.rules import why_not_due


class RoundForm(forms.Form):
    """A new round: its name, its due date, and which kinds of departments are asked."""

    name = forms.CharField(
        label=pgettext_lazy("準備度の回", "名称"),
        max_length=60,
        help_text=gettext_lazy("例 第2回(令和8年10月)"),
    )
    due_on = DayField(
        widget=forms.TextInput({"class": "in-s"}),
        label=gettext_lazy("提出の期限"),
        help_text=gettext_lazy("開庁日にしてください。例 令和8年11月6日、R8.11.6"),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        municipality: Municipality,
        departments: Iterable[Department],
        today: date,
        **kwargs: Any,
    ):
        super().__init__(data, **kwargs)
        self.municipality, self.today, self.departments = municipality, today, list(departments)
        counts = Counter(row.kind for row in self.departments)
        choices = [
            (kind.value, _kind_with_count(kind.label, counts[kind]))
            for kind in Department.Kind
            if counts[kind]
        ]
        initial = [kind for kind in counts if kind != Department.Kind.UNIT] or list(counts)
        self.fields["kinds"] = forms.MultipleChoiceField(
            label=_("回答する部署"),
            choices=choices,
            initial=initial,
            widget=forms.CheckboxSelectMultiple,
        )

    def clean_due_on(self) -> date:
        """A day on which answers may be due."""
        return due_day(self, earliest=self.today)

    @property
    def chosen(self) -> list[Department]:
        """The departments of the chosen kinds."""
        return [row for row in self.departments if row.kind in self.cleaned_data["kinds"]]


def _kind_with_count(label: Any, count: int) -> str:
    words = ngettext("%(kind)s(%(count)s部署)", "%(kind)s(%(count)s部署)", count)
    return words % {"kind": label, "count": count}


def due_day(form: RoundForm | DueForm, *, earliest: date) -> date:
    """The day that was typed. Raises ValidationError when answers cannot be due on it."""
    day = form.cleaned_data["due_on"]
    calendar = open_days(form.municipality)
    if reason := why_not_due(day, earliest=earliest, today=form.today, calendar=calendar):
        raise ValidationError(reason)
    return day


class DueForm(forms.Form):
    """A new due date, for a round or for one department, not before `earliest`."""

    due_on = DayField(
        label=gettext_lazy("新しい提出の期限"),
        widget=forms.TextInput({"class": "in-s"}),
        help_text=gettext_lazy("開庁日にしてください。例 令和8年11月6日、R8.11.6"),
    )

    def __init__(
        self, data: Any = None, *, municipality: Municipality, today: date, earliest: date
    ) -> None:
        super().__init__(data)
        self.municipality, self.today, self.earliest = municipality, today, earliest

    def clean_due_on(self) -> date:
        """A day on which answers may be due."""
        return due_day(self, earliest=self.earliest)


class AddDepartmentForm(forms.Form):
    """One more department for a running round."""

    department = forms.ModelChoiceField(
        Department.objects.none(), label=pgettext_lazy("組織", "部署"), empty_label=None
    )

    def __init__(self, data: Any = None, *, departments: QuerySet) -> None:
        super().__init__(data)
        field: Any = self.fields["department"]
        field.queryset = departments


class BoardFilter(forms.Form):
    """Which rows of the submission board are shown."""

    round = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices = [("", _("すべての状態")), *Assessment.State.choices]
        self.fields["state"] = forms.ChoiceField(
            label=pgettext("準備度評価", "状態"), required=False, choices=choices
        )
