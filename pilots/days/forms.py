"""Forms of usage records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from municipality.core.date_words import month_words
from municipality.core.periods import Period
from municipality.organisation.models import Department, Member
from municipality.organisation.people_fields import PersonField
from municipality.web.forms import EditionForm, area, day
from pilots.days.day_checks import clock_hours, day_fault, record_faults
from pilots.days.imports import hours
from pilots.days.imports import start as start_time
from pilots.days.models import Usage
from pilots.days.queries import method_of_pilots, people_recorded_by
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
        self.municipality = member.municipality_id
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
    """What is recorded of a day, and the reason for entering it on a page (`by` whom)."""

    by: Member

    unit = forms.ChoiceField(label=pgettext_lazy("実施記録", "単位"), choices=Usage.Unit)
    time = forms.CharField(
        label=pgettext_lazy("実施記録", "時間数"),
        required=False,
        max_length=10,
        help_text=gettext_lazy("単位が「時間」のときに、3.5 または 3:30 のように入力します。"),
        widget=forms.TextInput(attrs={"class": "in-s"}),
    )
    start = forms.CharField(
        label=pgettext_lazy("実施記録", "開始時刻"),
        required=False,
        max_length=10,
        help_text=gettext_lazy(
            "同じ日に時間単位の記録が2件以上あるときに、9:30 のように入力します。"
        ),
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
        """時間 requires its time, and may have a start; the other units have theirs."""
        cleaned = super().clean() or {}
        unit = cleaned.get("unit")
        cleaned["minutes"] = Usage.MINUTES.get(unit) if unit else None
        if unit == Usage.Unit.HOURS and cleaned.get("what") != "delete":
            self._read("time", "minutes", hours)
            if cleaned.get("start"):
                self._read("start", "start", start_time)
        else:
            cleaned["start"] = ""
        return cleaned

    def _read(self, field: str, name: str, read: Callable[[str], Any]) -> None:
        try:
            self.cleaned_data[name] = read(self.cleaned_data.get(field, ""))
        except ValueError as error:
            self.add_error(field, str(error))

    def check_others(self, member: Member, day: date, corrected: Usage | None = None) -> None:
        """Say at its field why the record does not fit beside the others of the day."""
        others = Usage.objects.visible_to(self.by).filter(member=member, day=day)
        others = others.exclude(pk=corrected.pk) if corrected else others
        values = {name: self.cleaned_data[name] for name in ("unit", "minutes", "start")}
        for field, fault in record_faults(others, **values, corrected=corrected).items():
            self.add_error(field, fault)

    @property
    def values(self) -> dict[str, Any]:
        """What is recorded."""
        names = ("unit", "minutes", "start", "place", "method")
        return {name: self.cleaned_data[name] for name in names}


class UsageAddForm(UsageValuesForm):
    """One record that no file holds, entered by a member for the people they hand in for. It
    presets what follows from the month and department that were `asked` for, and guesses nothing.
    """

    field_order = ("who", "day")

    def __init__(self, by: Member, today: date, asked: UsageFilter, data: Any = None) -> None:
        month, department = asked.chosen_month, asked.chosen_department
        known: dict[str, Any] = {"day": today if month.first <= today <= month.last else None}
        if department is not None:
            known["method"] = method_of_pilots(by, department, month)
        super().__init__(data, initial=known)
        people = people_recorded_by(by, today)
        self.by, self.today = by, today
        fields: Any = self.fields
        for name, choices in (("place", Usage.Place.choices), ("method", Method.choices)):
            fields[name].choices = [("", _("選んでください")), *choices]
        self.fields["who"] = PersonField(people, label=pgettext_lazy("人", "職員"))
        self.fields["day"] = day(label=pgettext_lazy("実施記録", "実施日"))
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """The day must be one for which the record may be entered, and have room for it."""
        cleaned = super().clean()
        if "who" not in cleaned or "day" not in cleaned:
            return cleaned
        who, on = cleaned["who"], cleaned["day"]
        if fault := day_fault(who, on, by=self.by, today=self.today):
            self.add_error("day", fault)
        elif not self.errors:
            self.check_others(who, on)
        return cleaned


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

    def __init__(self, usage: Usage, by: Member, data: Any = None) -> None:
        is_hours = usage.unit == Usage.Unit.HOURS
        stored = {name: getattr(usage, name) for name in ("unit", "start", "place", "method")}
        stored["time"] = clock_hours(usage.minutes) if is_hours else ""
        super().__init__(data, initial={**stored, "edition": usage.edition})
        self.usage, self.by = usage, by

    def clean(self) -> dict[str, Any]:
        """A correction must fit beside the other records of the day."""
        cleaned = super().clean()
        if not self.errors and not self.deletes:
            self.check_others(self.usage.member, self.usage.day, self.usage)
        return cleaned

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
