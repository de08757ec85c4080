"""Invitations: how a person gets an account."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.models import BodyModel, BodyQuerySet
from municipality.organisation.models import Member


class InvitationQuerySet(BodyQuerySet):
    """Invitations of a body."""

    def pending(self, now) -> Self:
        """Invitations that can still be accepted."""
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=now)


class Invitation(BodyModel):
    """Invitation of a member to create an account, or to reset the sign-in (`renews`). It works
    once.

    It is looked up by the digest of its secret, or of the short code that is its first half and is
    typed from paper. The secret itself is stored encrypted while it can still be sent or printed,
    and erased when it is accepted or revoked.
    """

    member = models.ForeignKey(
        Member, models.PROTECT, related_name="invitations", verbose_name=pgettext_lazy("人", "職員")
    )
    digest = models.CharField(pgettext_lazy("組織", "照合値"), max_length=64, unique=True)
    code_digest = models.CharField(_("短いコードの照合値"), max_length=64, blank=True)
    sealed_token = models.BinaryField(_("暗号化した招待の鍵"), null=True)
    renews = models.BooleanField(_("ログインのやり直し"), default=False)
    invited_by = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("招待した人"),
    )
    invited_at = models.DateTimeField(_("招待した日時"))
    expires_at = models.DateTimeField(pgettext_lazy("組織", "有効期限"))
    accepted_at = models.DateTimeField(_("受け入れた日時"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("取り消した日時"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("人", "招待")
        verbose_name_plural = pgettext_lazy("人", "招待")
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at=None, revoked_at=None) | Q(sealed_token=None),
                name="closed_invitation_keeps_no_secret",
            ),
        ]
        indexes = [
            models.Index(fields=["member", "-invited_at"], name="invitation_latest_of_a_member"),
            models.Index(fields=["code_digest"], name="invitation_by_its_short_code"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.invited_at:%Y-%m-%d}"
