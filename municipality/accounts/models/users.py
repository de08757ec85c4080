"""Accounts, and the identities at identity providers that are bound to them."""

from __future__ import annotations

import unicodedata

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import BaseUserManager
from django.core.validators import MinLengthValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


def _plain(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


class UserManager(BaseUserManager):
    """Creates users. Who gets an account is decided by an invitation."""

    def create_user(self, username: str, password: str | None = None, **fields) -> User:
        """Create a user with this name of sign-in; without a password no sign-in by password is
        possible.
        """
        user = User(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):  # type: ignore[django-manager-missing]
    """Somebody who signs in, in however many bodies. What they may do stands in their Members, not
    here.

    `username` is kept in NFKC and small letters. Until `enrols_until` an authenticator may be
    registered without having one: an account that was left without for longer needs a new
    invitation.
    """

    username = models.CharField(
        _("ログイン名"), max_length=150, unique=True, validators=[MinLengthValidator(3)]
    )
    email = models.EmailField(_("メールアドレス"), blank=True)
    language = models.CharField(
        pgettext_lazy("設定", "言語"),
        max_length=2,
        choices=[("ja", "日本語"), ("en", "English")],
        blank=True,
    )
    is_active = models.BooleanField(_("利用できる"), default=True)
    date_joined = models.DateTimeField(pgettext_lazy("組織", "登録日時"), default=timezone.now)
    enrols_until = models.DateTimeField(_("認証アプリを登録できる期限"), null=True, blank=True)

    objects = UserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = pgettext_lazy("組織", "利用者")
        verbose_name_plural = pgettext_lazy("組織", "利用者")

    def __str__(self) -> str:
        return self.username

    def set_password(self, raw_password: str | None) -> None:
        """The password in NFKC: full-width letters of a Japanese keyboard are the same password."""
        super().set_password(_plain(raw_password) if raw_password is not None else None)

    def check_password(self, raw_password: str | None) -> bool:
        """Whether the password is right. One from before, when it was kept as it was typed, is
        right as well.
        """
        if raw_password is None:
            return False
        plain = _plain(raw_password)
        if super().check_password(plain):
            return True
        return plain != raw_password and super().check_password(raw_password)

    def is_verified(self) -> bool:
        """True when the second factor was shown. In a request django-otp's middleware sets it;
        elsewhere it is False.
        """
        return False


class Identity(models.Model):
    """An identity at a body's own identity provider that opens an account: issuer and subject,
    bound at an invitation.

    Nothing else that the provider tells (names, mail addresses) is looked at or kept.
    """

    user = models.ForeignKey(
        User,
        models.CASCADE,
        related_name="identities",
        verbose_name=pgettext_lazy("組織", "利用者"),
    )
    issuer = models.CharField(_("認証する側"), max_length=255)
    subject = models.CharField(_("認証する側での番号"), max_length=255)
    bound_at = models.DateTimeField(_("結び付けた日時"))

    class Meta:
        verbose_name = _("庁内アカウント")
        verbose_name_plural = _("庁内アカウント")
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="identity_opens_one_account")
        ]

    def __str__(self) -> str:
        return f"{self.issuer} {self.user_id}"
