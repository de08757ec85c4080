"""Forms of 人事異動 and 組織改正. They validate; they never save."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.name_lists import all_names
from municipality.core.spreadsheets.table import MOST_BYTES
from municipality.organisation.forms import BodyForm
from municipality.organisation.models import Department, Member
from municipality.transfers.operations.reorganisation import Target
from municipality.web.forms import DayField, FilledSelect, SeveralField

KINDS = [choice for choice in Department.Kind.choices if choice[0] != Department.Kind.BODY]

CODE = r"^[0-9A-Za-z_-]+$"


class DepartmentChangeForm(BodyForm):
    """Name, kind and parent of a department from a day on."""

    on = DayField(
        label=_("変更する日"),
        help_text=_("この日から新しい名称・上位部署になります。例 令和9年4月1日"),
    )
    name = forms.CharField(label=pgettext_lazy("部署", "部署名"), max_length=80)
    kind = forms.ChoiceField(label=pgettext_lazy("部署", "種別"), choices=KINDS)
    parent = forms.ModelChoiceField(
        Department.objects.none(),
        label=pgettext_lazy("部署", "上位部署"),
        empty_label=None,
        widget=FilledSelect,
    )

    def __init__(self, department: Department, today: date, data: Any = None) -> None:
        initial = {"name": department.name, "kind": department.kind, "parent": department.parent_id}
        super().__init__(department.municipality, data, initial=initial)
        self.department, self.today = department, today
        rows = Department.objects.of(department.municipality_id).on(today).exclude(pk=department.pk)
        self.fields["parent"].queryset = rows  # type: ignore[attr-defined]

    def clean_on(self) -> date:
        """A future day, because the past is never rewritten."""
        if self.cleaned_data["on"] <= self.today:
            raise ValidationError(_("明日以後の日付を入力してください。"))
        return self.cleaned_data["on"]


class DepartmentEndForm(BodyForm):
    """End of a department: merged into an existing one, continued as a new one, or split into two
    new ones. Other departments may be merged at the same time.
    """

    on = DayField(
        label=_("組織改正の日"),
        help_text=_("この部署は前日で終わり、この日から引継ぎ先で続きます。"),
    )
    others = SeveralField(
        Department.objects.none(),
        label=_("一緒に統合する部署"),
        required=False,
        help_text=_("2つ以上の部署を1つにするときに選びます。Ctrlキーを押しながら複数選べます。"),
    )
    target = forms.ModelChoiceField(
        Department.objects.none(),
        label=_("引継ぎ先の部署"),
        required=False,
        empty_label=_("新しい部署を作る"),
    )
    code = forms.RegexField(CODE, label=_("新しい部署の部署コード"), max_length=20, required=False)
    name = forms.CharField(label=_("新しい部署の部署名"), max_length=80, required=False)
    kind = forms.ChoiceField(
        label=_("新しい部署の種別"), choices=KINDS, initial=Department.Kind.SECTION
    )
    parent = forms.ModelChoiceField(
        Department.objects.none(),
        label=_("新しい部署の上位部署"),
        empty_label=None,
        widget=FilledSelect,
    )
    second_code = forms.RegexField(
        CODE,
        label=_("分割先の部署コード"),
        max_length=20,
        required=False,
        help_text=_(
            "1つの部署を2つに分けるときだけ入力してください。種別と上位部署は、新しい部署と同じになります。"
        ),
    )
    second_name = forms.CharField(label=_("分割先の部署名"), max_length=80, required=False)
    members = forms.CharField(
        label=_("分割先へ移る人の職員番号"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "1行に1人ずつ入力してください。ここにない人と、部署の記録や進行中の仕事は、引継ぎ先に移ります。"
        ),
    )

    groups = (
        (
            _("1つの部署に引き継ぐとき"),
            _("今ある部署を選ぶか、新しい部署の内容を入力してください。"),
            ("target", "code", "name", "kind", "parent"),
        ),
        (_("ほかの部署も一緒に統合するとき"), "", ("others",)),
        (_("2つの部署に分けるとき"), "", ("second_code", "second_name", "members")),
    )

    def __init__(self, department: Department, today: date, data: Any = None) -> None:
        super().__init__(department.municipality, data, initial={"parent": department.parent_id})
        self.department, self.today = department, today
        rows = Department.objects.of(department.municipality_id).filter(ends_on=None)
        others = rows.answering().exclude(pk=department.pk)
        for name, choices in (
            ("others", others),
            ("target", others),
            ("parent", rows.exclude(pk=department.pk)),
        ):
            self.fields[name].queryset = choices  # type: ignore[attr-defined]

    def clean_on(self) -> date:
        """A future day."""
        if self.cleaned_data["on"] <= self.today:
            raise ValidationError(_("明日以後の日付を入力してください。"))
        return self.cleaned_data["on"]

    def clean_members(self) -> tuple[int, ...]:
        """Members of the body by their numbers."""
        numbers = self.cleaned_data["members"].split()
        rows = Member.objects.of(self.body).filter(number__in=numbers).values_list("number", "pk")
        known = dict(rows)
        if unknown := [number for number in numbers if number not in known]:
            raise ValidationError(
                _("登録されていない職員番号があります。 %(numbers)s")
                % {"numbers": all_names(unknown)}
            )
        return tuple(known.values())

    def clean(self) -> dict[str, Any]:
        """Either an existing department or a complete new one; the second one complete or empty."""
        cleaned = super().clean() or {}
        self._whole(cleaned, "code", "name", needed=not cleaned.get("target"))
        self._whole(cleaned, "second_code", "second_name", needed=bool(cleaned.get("members")))
        for name in ("code", "second_code"):
            if (
                cleaned.get(name)
                and Department.objects.of(self.body).filter(code=cleaned[name]).exists()
            ):
                self.add_error(name, _("この部署コードは登録済みです。"))
        if cleaned.get("code") and cleaned.get("code") == cleaned.get("second_code"):
            self.add_error("second_code", _("2つの部署に別の部署コードを付けてください。"))
        return cleaned

    def _whole(self, cleaned: dict[str, Any], *names: str, needed: bool) -> None:
        if needed or any(cleaned.get(name) for name in names):
            for name in names:
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("この項目を入力してください。"))

    @property
    def sources(self) -> list[Department]:
        """Departments that end."""
        return [self.department, *self.cleaned_data["others"]]

    @property
    def targets(self) -> list[Target]:
        """Departments in which they continue."""
        cleaned = self.cleaned_data
        new = {"kind": cleaned["kind"], "parent": cleaned["parent"]}
        chosen = cleaned["target"]
        first = (
            Target(department=chosen)
            if chosen
            else Target(code=cleaned["code"], name=cleaned["name"], **new)
        )
        if not cleaned["second_code"]:
            return [first]
        second = Target(
            code=cleaned["second_code"],
            name=cleaned["second_name"],
            members=cleaned["members"],
            **new,
        )
        return [first, second]


FURTHEST = timedelta(days=400)


class TransferForm(forms.Form):
    """Staff list of a day: who works where from that day on."""

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
        """Today or a future day within about a year."""
        day = self.cleaned_data["whole_on"]
        if not self.today <= day <= self.today + FURTHEST:
            raise ValidationError(_("今日から400日以内の日を入力してください。"))
        return day

    def clean_file(self) -> Any:
        """Refuse a file that is too large before reading it."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(_("ファイルが大きすぎます。20MB以内のファイルにしてください。"))
        return file


class SureForm(forms.Form):
    """Confirmation that the names of the people who would be ended by a staff list were checked."""

    sure = forms.BooleanField(label=_("一覧にない職員が終了することを、氏名で確かめました"))
