"""Forms of sign-in, second factor, invitation and one's own account. They validate; they never
save.
"""

from __future__ import annotations

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
)
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.accounts.models import User
from municipality.accounts.operations.second_factor import plain_token
from municipality.accounts.operations.sign_in import plain_name
from municipality.accounts.password_rules import refuse_own_names
from municipality.core.rate_limits import NAME_BY_INVITATION
from municipality.organisation.models import Member

NAME = _("ログイン名")

NEW_PASSWORD = _("新しいパスワード")

AGAIN = _("パスワード(確認のためもう一度)")

NOT_THE_SAME = _("2つのパスワードが同じではありません。")


def _unadorned(form: forms.Form, **labels: Any) -> None:
    """Use our labels and remove the placeholders of the library: a placeholder disappears while one
    types.
    """
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
    for name, label in labels.items():
        form.fields[name].label = label


def password_rules() -> str:
    """Rules for passwords in one line."""
    return " ".join(str(text) for text in password_validators_help_texts())


class SignInForm(LoginForm):
    """The library's form, asking for the name of sign-in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _unadorned(self, login=NAME, password=_("パスワード"))
        self.fields["login"].help_text = _(
            "招待を受け取ったときに決めた名前です。メールアドレスのこともあります。"
        )
        self.fields["password"].help_text = ""

    def clean_login(self) -> str:
        """The name as stored; full-width letters and capitals are accepted."""
        return plain_name(super().clean_login())


class RequestPasswordResetForm(ResetPasswordForm):
    """The library's form for a new password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _unadorned(self, email=_("メールアドレス"))


class NewPasswordForm(ResetPasswordKeyForm):
    """The library's form behind the link of the mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _unadorned(self, password1=NEW_PASSWORD, password2=AGAIN)


class FirstPasswordForm(SetPasswordForm):
    """The library's form for a user without a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _unadorned(self, password1=NEW_PASSWORD, password2=AGAIN)


class OwnPasswordForm(ChangePasswordForm):
    """The library's form for another password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _unadorned(self, oldpassword=_("いまのパスワード"), password1=NEW_PASSWORD, password2=AGAIN)


class ReauthenticationForm(ReauthenticateForm):
    """The library's form that asks for the password again before an important change."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _unadorned(self, password=_("パスワード"))
        self.fields["password"].help_text = ""


class TokenForm(forms.Form):
    """The six digits of the authenticator app; full-width ones are read as well."""

    token = forms.CharField(
        label=_("6桁の数字"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}
        ),
    )

    def clean_token(self) -> str:
        """Exactly six digits."""
        token = plain_token(self.cleaned_data["token"])
        if len(token) != 6 or not token.isascii() or not token.isdigit():
            raise ValidationError(_("6桁の数字を入力してください。例 482015"))
        return token


class TableForm(forms.Form):
    """The code of one number of the printed table: eight digits; full-width ones, blanks and
    hyphens are read as well.
    """

    token = forms.CharField(
        label=_("8桁の数字"),
        max_length=30,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "autofocus": True}
        ),
    )

    def clean_token(self) -> str:
        """Exactly eight digits."""
        token = plain_token(self.cleaned_data["token"]).replace("-", "")
        if len(token) != 8 or not token.isascii() or not token.isdigit():
            raise ValidationError(_("8桁の数字を入力してください。例 4820 1573"))
        return token


class RecoveryForm(forms.Form):
    """One recovery code."""

    token = forms.CharField(
        label=_("回復コード"),
        max_length=40,
        help_text=_("例 7K3M-Q2ZD-9XWT。大文字と小文字、ハイフンの有無は問いません。"),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


class PasswordPairForm(forms.Form):
    """A new password of the member, twice."""

    password1 = forms.CharField(
        label=_("パスワード"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=AGAIN,
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, member: Member, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.member = member
        self.fields["password1"].help_text = password_rules()

    def clean(self) -> dict[str, Any]:
        """Both entries are equal and satisfy the password rules."""
        cleaned = super().clean() or self.cleaned_data
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", NOT_THE_SAME)
        elif first:
            try:
                validate_password(first, self._person(cleaned))
                refuse_own_names(first, [self.member])
            except ValidationError as error:
                self.add_error("password1", error)
        return cleaned

    def _person(self, cleaned: dict[str, Any]) -> User:
        return self.member.user or User(username=cleaned.get("username", ""))


class AcceptForm(PasswordPairForm):
    """Name of sign-in, password and language of a person who accepts an invitation."""

    username = forms.CharField(
        label=NAME,
        max_length=150,
        help_text=_(
            "メールアドレス、または英数字と . _ - @ + による3文字以上の名前。次回からのログインに使います。"
        ),
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    language = forms.ChoiceField(
        label=pgettext_lazy("設定", "言語"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )
    field_order = ("username", "password1", "password2", "language")

    def clean_username(self) -> str:
        """The name as stored; refuses other letters than the allowed ones and names that are
        taken.
        """
        name = plain_name(self.cleaned_data["username"])
        if (
            len(name) < 3
            or not name.isascii()
            or not all(letter.isalnum() or letter in "._-@+" for letter in name)
        ):
            raise ValidationError(
                _("英数字と . _ - @ + だけの、3文字以上の名前にしてください。例 y.takase")
            )
        if NAME_BY_INVITATION.is_used_up(str(self.member.pk)):
            raise ValidationError(
                _("使われている名前が続いたため、1時間ほどたってから、もう一度行ってください。")
            )
        if User.objects.filter(username=name).exists():
            NAME_BY_INVITATION.take(str(self.member.pk))
            raise ValidationError(
                _("このログイン名は、すでに使われています。別の名前にしてください。")
            )
        return name


class AccountForm(forms.Form):
    """One's own settings."""

    language = forms.ChoiceField(
        label=pgettext_lazy("設定", "言語"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )
    email = forms.EmailField(
        label=_("パスワードの再設定に使うメールアドレス"),
        required=False,
        help_text=_(
            "自分だけが読めるアドレスにしてください。空にすると、再設定は事務局に頼むことになります。"
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class LanguageForm(forms.Form):
    """The language of the pages."""

    language = forms.ChoiceField(label=pgettext_lazy("設定", "言語"), choices=settings.LANGUAGES)


class RenewalForm(forms.Form):
    """Reason for resetting a person's sign-in, and how the identity was confirmed."""

    reason = forms.CharField(
        label=_("本人を確かめた方法と理由"),
        max_length=200,
        help_text=_("例 窓口で職員証を見て本人を確かめた。スマートフォンの機種変更のため。"),
    )
