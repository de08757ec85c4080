"""Forms of usage records."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy, pgettext_lazy

from municipality.core.date_words import month_words
from municipality.core.periods import Period
from municipality.organisation.forms import PersonField
from municipality.organisation.models import Department, Member
from municipality.web.forms import EditionForm, area, day
from pilots.days.imports import hours
from pilots.days.models import Usage
from pilots.planning.models import Method

MONTHS = 13
"""Months that the list of records offers: the present one and the year before."""


class UsageFilter(forms.Form):
    """Filter of the list of records: a month, and a department in reach."""

    month = forms.ChoiceField(label=pgettext_lazy("期間", "月"), required=False)
    department = forms.ModelChoiceField(
        Department.objects.none(),
        label=pgettext_lazy("組織", "部署"),
        required=False,
        empty_label=pgettext_lazy("絞り込み", "すべて"),
    )

    def __init__(self, member: Member, today: date, data: Any = None) -> None:
        super().__init__(data)
        month, months = Period.holding(Period.MONTH, today), []
        for _number in range(MONTHS):
            months.append((f"{month.first:%Y-%m}", month_words(month.first)))
            month = month.previous
        asked = read_month((data or {}).get("month", ""), today)
        if asked and asked not in [known for known, _words in months]:
            months.append((asked, month_words(date.fromisoformat(f"{asked}-01"))))
        fields: Any = self.fields
        fields["month"].choices = months
        fields["department"].queryset = Department.objects.visible_to(member)
        self.present = Period.holding(Period.MONTH, today)

    @property
    def chosen_month(self) -> Period:
        """The month asked for, or the present one."""
        text = self._asked("month")
        return (
            Period.holding(Period.MONTH, date.fromisoformat(f"{text}-01")) if text else self.present
        )

    @property
    def chosen_department(self) -> Department | None:
        """The department asked for."""
        return self._asked("department")

    def _asked(self, name: str) -> Any:
        """What one field asks for; of the others one may be none of its choices."""
        return None if name in self.errors or not self.is_bound else self.cleaned_data[name]


FIRST_YEAR, YEARS_AHEAD = 1950, 10
"""Months that an address may name, as the days of a form."""


def read_month(text: str, today: date) -> str:
    """A month as 2026-08; empty for any other text, and for a month out of range."""
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        return ""
    near = FIRST_YEAR <= month.year <= today.year + YEARS_AHEAD
    return text if near and text == f"{month:%Y-%m}" else ""


class UsageValuesForm(forms.Form):
    """What is recorded of a day, and the reason for entering it on a page."""

    unit = forms.ChoiceField(label=pgettext_lazy("実施記録", "単位"), choices=Usage.Unit)
    time = forms.CharField(
        label=pgettext_lazy("実施記録", "時間数"),
        required=False,
        max_length=10,
        help_text=gettext_lazy("単位が「時間」のときに、3.5 または 3:30 のように入力します。"),
        widget=forms.TextInput(attrs={"class": "in-s"}),
    )
    place = forms.ChoiceField(label=pgettext_lazy("実施記録", "場所"), choices=Usage.Place)
    method = forms.ChoiceField(label=pgettext_lazy("実施記録", "方式"), choices=Method)
    reason = forms.CharField(
        label=pgettext_lazy("実施記録", "理由"),
        max_length=200,
        widget=area(2),
        help_text=gettext_lazy("操作の記録に残ります。"),
    )

    def clean(self) -> dict[str, Any]:
        """時間 requires its time; the other units have theirs."""
        cleaned = super().clean() or {}
        unit = cleaned.get("unit")
        cleaned["minutes"] = Usage.MINUTES.get(unit) if unit else None
        if unit == Usage.Unit.HOURS and cleaned.get("what") != "delete":
            try:
                cleaned["minutes"] = hours(cleaned.get("time", ""))
            except ValueError as error:
                self.add_error("time", str(error))
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """What is recorded."""
        return {name: self.cleaned_data[name] for name in ("unit", "minutes", "place", "method")}


class UsageAddForm(UsageValuesForm):
    """One record that no file holds."""

    field_order = ("who", "day")

    def __init__(self, people: QuerySet[Member], today: date, data: Any = None) -> None:
        super().__init__(data, initial={"day": today})
        self.fields["who"] = PersonField(people, label=pgettext_lazy("人", "職員"))
        self.fields["day"] = day(label=pgettext_lazy("実施記録", "実施日"))
        self.order_fields(self.field_order)


class UsageRecordForm(UsageValuesForm, EditionForm):
    """Correction or deletion of one record, with its reason."""

    field_order = ("edition", "what")
    what = forms.ChoiceField(
        label=pgettext_lazy("実施記録", "処理"),
        choices=[
            ("change", pgettext_lazy("実施記録", "訂正する")),
            ("delete", gettext_lazy("この記録を削除する")),
        ],
        widget=forms.RadioSelect,
        initial="change",
    )

    @staticmethod
    def initial_of(usage: Usage) -> dict[str, Any]:
        """The record as it stands."""
        is_hours = usage.unit == Usage.Unit.HOURS
        return {
            "unit": usage.unit,
            "time": f"{usage.minutes // 60}:{usage.minutes % 60:02d}" if is_hours else "",
            "place": usage.place,
            "method": usage.method,
            "edition": usage.edition,
        }

    @property
    def deletes(self) -> bool:
        """Whether the record is to be deleted."""
        return self.cleaned_data["what"] == "delete"


class UsageSettingForm(forms.Form):
    """Which entry counts when a file and a page differ."""

    file_wins = forms.BooleanField(
        label=gettext_lazy("同じ日の画面の入力と異なるときは、ファイルの内容に改める"),
        required=False,
        help_text=gettext_lazy(
            "外すと、画面の入力を残します。どちらの場合も、違いは取り込む前の確認に示します。"
        ),
    )
