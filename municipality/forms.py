"""Forms of the ground floor, and the two fields that every form of the house shares. Forms validate; they never save."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .imports.kinds import ImportKind
from .imports.tables import MOST_BYTES
from .models import Department, Member, Municipality
from .periods import read_date


class DayField(forms.CharField):
    """A day in one text field, in either calendar: 2026-04-01, 2026/4/1, 令和8年4月1日, R8.4.1."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 20)
        kwargs.setdefault("help_text", _("例 令和8年4月1日、2026-04-01"))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show a date as ISO; text that was typed as it was typed."""
        return value.isoformat() if isinstance(value, date) else value

    def clean(self, value: Any) -> date | None:
        """The date, or None when it may be empty and is."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return read_date(text)
        except ValueError:
            raise ValidationError(
                _("日付として読めません。令和8年4月1日 または 2026-04-01 のように入力してください。")
            ) from None


class EditionForm(forms.Form):
    """A form that edits a row: it carries the edition it was filled from, so that a stale save is refused."""

    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class BodyForm(forms.Form):
    """A form whose choices are those of one body."""

    def __init__(self, body: Municipality, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.body = body
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = field.queryset.model.objects.of(body)  # type: ignore[union-attr]


class MemberField(forms.CharField):
    """A person of the body by 職員番号. A list of everybody would be too long to choose from."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 20)
        kwargs.setdefault("help_text", _("職員番号を入力してください。先頭の0も入力します。"))
        super().__init__(**kwargs)

    def found(self, text: str, body: Municipality) -> Member:
        """The one active person with this number."""
        rows = list(Member.objects.of(body).filter(number=text, is_active=True)[:2])
        if not rows:
            raise ValidationError(_("この職員番号の人は登録されていません。"))
        if len(rows) > 1:
            raise ValidationError(_("この職員番号の人が複数います。職員のページから操作してください。"))
        return rows[0]


class ImportForm(forms.Form):
    """A file to take in, and what it holds."""

    kind = forms.ChoiceField(label=_("ファイルの種類"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=pgettext_lazy("取込み", "ファイル"),
        max_length=200,
        help_text=_("CSV(UTF-8、シフトJIS)または xlsx。20MBまで、1行目は見出し。列の順番は自由です。"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    def __init__(self, kinds: list[ImportKind], data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        self.fields["kind"].choices = [(kind.kind, kind.label) for kind in kinds]  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        """Refuse before reading what is too large to be read."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(_("ファイルが大きすぎます。20MB以内のファイルにしてください。"))
        return file


class PeopleFilter(forms.Form):
    """What the list of people is narrowed to; what cannot be read narrows nothing."""

    q = forms.CharField(label=_("氏名・カナ・職員番号"), max_length=80, required=False)
    department = forms.ModelChoiceField(
        Department.objects.none(), label=pgettext_lazy("組織", "部署"), required=False, empty_label=_("すべての部署")
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
    """What the office keeps of a person."""

    name = forms.CharField(
        label=pgettext_lazy("人", "氏名"), max_length=80, help_text=_("姓と名の間に空白を入れてください。")
    )
    kana = forms.CharField(label=pgettext_lazy("人", "カナ"), max_length=120, required=False)
    mail = forms.EmailField(
        label=_("メールアドレス"), required=False, help_text=_("通知の届け先です。ログインには使いません。")
    )
    employment = forms.CharField(label=pgettext_lazy("人", "任用区分"), max_length=40, required=False)


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
        """A code names one department."""
        if Department.objects.of(self.body).filter(code=self.cleaned_data["code"]).exists():
            raise ValidationError(_("この部署コードは登録済みです。"))
        return self.cleaned_data["code"]
