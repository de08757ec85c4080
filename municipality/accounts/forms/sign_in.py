"""Forms of the settings of sign-in. They validate; they never save."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.protected_addresses import is_protected
from municipality.organisation.models import Department
from municipality.web.forms import EditionForm, WholeField


class SignInSettingsForm(EditionForm):
    """Settings of sign-in to the body, each with its effect."""

    session_idle_minutes = WholeField(
        label=_("操作がないときにログアウトするまでの時間(分)"),
        min_value=5,
        help_text=_(
            "離席した端末を他の人に使われないためのものです。終わる2分前に知らせ、入力中の内容は残ります。"
        ),
    )
    session_absolute_hours = WholeField(
        label=_("ログインが続く最長の時間(時間)"),
        min_value=1,
        help_text=_("操作を続けていても、この時間でログインし直します。"),
    )
    code_tables = forms.BooleanField(
        label=_("確認コード表を使える"),
        required=False,
        help_text=_(
            "認証アプリを入れる端末がない人が、印刷した表の数字で2つ目の確認をします。外しても、登録済みの表は使えます。"
        ),
    )

    def clean_session_idle_minutes(self) -> int:
        """At most the limit of the installation."""
        return _at_most(
            self.cleaned_data["session_idle_minutes"], settings.SESSION_IDLE_SECONDS // 60
        )

    def clean_session_absolute_hours(self) -> int:
        """At most the limit of the installation."""
        return _at_most(
            self.cleaned_data["session_absolute_hours"], settings.SESSION_ABSOLUTE_SECONDS // 3600
        )


def _at_most(value: int, most: int) -> int:
    if value > most:
        raise ValidationError(
            _("このシステム全体の上限の%(most)s以下にしてください。") % {"most": most}
        )
    return value


class OnboardingFilter(forms.Form):
    """Filter of the page of registration states; an unreadable value filters nothing."""

    department = forms.ModelChoiceField(
        Department.objects.none(),
        label=pgettext_lazy("組織", "部署"),
        required=False,
        empty_label=_("すべての部署"),
    )
    stage = forms.ChoiceField(
        required=False,
        choices=[(name, name) for name in ("none", "expired", "invited", "half", "ready")],
        widget=forms.HiddenInput,
    )

    def __init__(self, departments: Any, data: Any) -> None:
        super().__init__(data)
        self.fields["department"].queryset = departments  # type: ignore[attr-defined]


class InvitationCodeForm(forms.Form):
    """The short code of a printed invitation."""

    code = forms.CharField(
        label=_("招待状のコード"),
        max_length=40,
        help_text=_("例 abcd-efgh-jkmn。大文字と小文字、ハイフンの有無は問いません。"),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class NewProviderForm(forms.Form):
    """An identity provider of the body."""

    name = forms.CharField(
        label=_("ボタンに出る名前"),
        max_length=60,
        help_text=_("ログインの画面のボタンに出ます。例 庁内アカウント"),
    )
    issuer = forms.CharField(
        label=_("発行者(issuer)のアドレス"),
        max_length=255,
        help_text=_(
            "庁内の認証の担当者に聞いてください。例 https://login.example.lg.jp/realms/staff"
        ),
        widget=forms.URLInput(attrs={"spellcheck": "false"}),
    )
    client_id = forms.CharField(
        label=_("クライアントID"),
        max_length=255,
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )
    secret = forms.CharField(
        label=_("クライアントシークレット"),
        max_length=255,
        help_text=_("暗号化して保管し、画面には二度と出しません。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def clean_issuer(self) -> str:
        """An address that this installation may connect to."""
        issuer = self.cleaned_data["issuer"].strip()
        if not is_protected(issuer) or "?" in issuer or "#" in issuer:
            raise ValidationError(_("https:// で始まるアドレスを入力してください。"))
        return issuer


class ProviderForm(NewProviderForm, EditionForm):
    """Form of an existing provider; an empty secret keeps the stored one."""

    field_order = ["name", "issuer", "client_id", "secret", "edition"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["secret"].required = False
        self.fields["secret"].help_text = _("変えるときだけ入力してください。")
