"""Forms of the pages of people and departments."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.organisation.forms import BodyForm
from municipality.organisation.models import Department
from municipality.web.forms import DayField, EditionForm


class PeopleFilter(forms.Form):
    """Filter of the list of people; an unreadable value filters nothing."""

    q = forms.CharField(label=_("氏名・カナ・職員番号"), max_length=80, required=False)
    department = forms.ModelChoiceField(
        Department.objects.none(),
        label=pgettext_lazy("組織", "部署"),
        required=False,
        empty_label=_("すべての部署"),
    )
    account = forms.ChoiceField(
        label=_("アカウント"),
        required=False,
        choices=[
            ("", _("すべての状態")),
            ("none", pgettext_lazy("アカウント", "未招待")),
            ("invited", pgettext_lazy("アカウント", "招待中")),
            ("ready", pgettext_lazy("アカウント", "登録済")),
        ],
    )

    def __init__(self, departments: Any, data: Any) -> None:
        super().__init__(data)
        self.fields["department"].queryset = departments  # type: ignore[attr-defined]


class MemberForm(EditionForm):
    """Data of a person that the office edits."""

    name = forms.CharField(
        label=pgettext_lazy("人", "氏名"),
        max_length=80,
        help_text=_("姓と名の間に空白を入れてください。"),
    )
    kana = forms.CharField(label=pgettext_lazy("人", "カナ"), max_length=120, required=False)
    mail = forms.EmailField(
        label=_("メールアドレス"),
        required=False,
        help_text=_("通知の届け先です。ログインには使いません。"),
    )
    employment = forms.CharField(
        label=pgettext_lazy("人", "任用区分"), max_length=40, required=False
    )


class DepartmentForm(BodyForm):
    """A new department."""

    code = forms.RegexField(
        r"^[0-9A-Za-z_-]+$",
        label=_("部署コード"),
        max_length=20,
        error_messages={"invalid": _("半角の英数字で入力してください。")},
        help_text=_("人事の番号と同じものを使ってください。先頭の0も残ります。"),
    )
    name = forms.CharField(label=pgettext_lazy("部署", "部署名"), max_length=80)
    kind = forms.ChoiceField(
        label=pgettext_lazy("部署", "種別"),
        choices=[choice for choice in Department.Kind.choices if choice[0] != Department.Kind.BODY],
    )
    parent = forms.ModelChoiceField(
        Department.objects.none(), label=pgettext_lazy("部署", "上位部署"), empty_label=None
    )
    starts_on = DayField(label=pgettext_lazy("期間", "開始日"))

    def clean_code(self) -> str:
        """A code that no other department has."""
        if Department.objects.of(self.body).filter(code=self.cleaned_data["code"]).exists():
            raise ValidationError(_("この部署コードは登録済みです。"))
        return self.cleaned_data["code"]
