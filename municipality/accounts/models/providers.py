"""Identity providers of the bodies, as the office sets them. One provider of the installation may
come from the environment instead.
"""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from municipality.core.encryption import open_secret, seal_secret
from municipality.core.models import BodyModel, BodyQuerySet


class ProviderQuerySet(BodyQuerySet):
    """Identity providers of a body."""

    def in_use(self) -> Self:
        """Active providers, with which people can sign in."""
        return self.filter(is_active=True)

    def named(self, slug: str) -> Self:
        """Provider with this name, or None."""
        return self.filter(slug=slug[:20])


class IdentityProvider(BodyModel):
    """OpenID Connect provider through which people of one body sign in. It gives access to this
    body only.

    `slug` is part of the address to which the provider sends people back, and never changes.
    """

    slug = models.SlugField(_("戻り先の名前"), max_length=20, unique=True)
    name = models.CharField(_("ボタンに出る名前"), max_length=60)
    issuer = models.CharField(_("発行者(issuer)のアドレス"), max_length=255)
    client_id = models.CharField(_("クライアントID"), max_length=255)
    sealed_secret = models.BinaryField(_("暗号化したクライアントシークレット"))
    end_session = models.CharField(_("ログアウトのアドレス"), max_length=255, blank=True)
    checked_at = models.DateTimeField(_("接続を確かめた日時"), null=True, blank=True)
    tried_at = models.DateTimeField(_("接続を試した日時"), null=True, blank=True)
    is_active = models.BooleanField(_("ログインに使う"), default=False)

    objects = ProviderQuerySet.as_manager()

    class Meta:
        verbose_name = _("庁内アカウントの接続先")
        verbose_name_plural = _("庁内アカウントの接続先")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def secret(self) -> str:
        """The client secret in clear."""
        return open_secret(bytes(self.sealed_secret)).decode()

    @staticmethod
    def seal(secret: str) -> bytes:
        """Encrypted form of the client secret, as it is stored."""
        return seal_secret(secret.encode())
