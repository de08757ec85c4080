"""Forms of the personnel transfer. Forms validate; they never save."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .forms import BodyForm, DayField, MemberField
from .imports.tables import MOST_BYTES
from .models import Department, Duty, Member, Municipality

FURTHEST = timedelta(days=400)


class TransferForm(forms.Form):
    """The whole list of a day: who works where from that day on."""

    whole_on = DayField(
        label=pgettext_lazy("異動", "基準日"),
        help_text=_("この日現在の全職員一覧として読みます。例 令和9年4月1日、2027-04-01"),
    )
    file = forms.FileField(
        label=_("全職員一覧のファイル"),
        max_length=200,
        help_text=_("職員のファイルと同じ列です。CSV(UTF-8、シフトJIS)または xlsx、20MBまで。"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    def __init__(self, today: date, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        self.today = today

    def clean_whole_on(self) -> date:
        """Today or a day to come, within a year or so."""
        day = self.cleaned_data["whole_on"]
        if not self.today <= day <= self.today + FURTHEST:
            raise ValidationError(_("今日から400日以内の日を入力してください。"))
        return day

    def clean_file(self) -> Any:
        """Refuse before reading what is too large to be read."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(_("ファイルが大きすぎます。20MB以内のファイルにしてください。"))
        return file


class SureForm(forms.Form):
    """Whoever lets people be ended by their absence says that they looked at the names."""

    sure = forms.BooleanField(label=_("一覧にない職員が終了することを、氏名で確かめました"))


class DutyForm(BodyForm):
    """A duty for somebody, from a day on."""

    kind = forms.ChoiceField(label=pgettext_lazy("人", "職務"), choices=Duty.Kind.choices)
    department = forms.ModelChoiceField(
        Department.objects.none(), label=pgettext_lazy("組織", "部署"), empty_label=None
    )
    member = MemberField(label=_("担当する人の職員番号"))
    starts_on = DayField(label=pgettext_lazy("期間", "開始日"))
    ends_on = DayField(
        label=pgettext_lazy("期間", "終了日"), required=False, help_text=_("空欄のときは、終えるまで続きます。")
    )

    def clean_member(self) -> Member:
        """The person with this number."""
        return self.fields["member"].found(self.cleaned_data["member"], self.body)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        facts = super().clean() or {}
        first, last = facts.get("starts_on"), facts.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("開始日より後の日付を入力してください。"))
        return facts


class DutyChangeForm(BodyForm):
    """From which day somebody else carries the duty, or nobody does."""

    on = DayField(label=_("引継ぎの日"), help_text=_("この日から新しい人が担当します。前の人は前日までです。"))
    member = MemberField(
        label=_("引き継ぐ人の職員番号"), required=False, help_text=_("空欄のときは、後任を置かずに終えます。")
    )
    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, body: Municipality, duty: Duty, data: Any = None) -> None:
        super().__init__(body, data, initial={"edition": duty.edition})
        self.duty = duty

    def clean_on(self) -> date:
        """A day behind the duty's first."""
        if self.cleaned_data["on"] <= self.duty.starts_on:
            raise ValidationError(_("開始日より後の日付を入力してください。"))
        return self.cleaned_data["on"]

    def clean_member(self) -> Member | None:
        """The person with this number; nobody when it is left empty."""
        text = self.cleaned_data["member"]
        if not text:
            return None
        found = self.fields["member"].found(text, self.body)  # type: ignore[attr-defined]
        if found.pk == self.duty.member_id:
            raise ValidationError(_("いまの担当者とは別の人を入力してください。"))
        return found
