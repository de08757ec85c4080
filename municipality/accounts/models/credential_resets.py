"""Requests to reset a lost sign-in: one person requests, a second one confirms."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.addresses import page_address
from municipality.core.models import BodyModel, BodyQuerySet, States
from municipality.organisation.models import Member


class RenewalQuerySet(BodyQuerySet):
    """Requests to reset a sign-in."""

    def visible_to(self, member: Member) -> Self:
        """Those about the people in the member's reach, never those about oneself: who asks in
        one's name must not be oneself.
        """
        return self.filter(
            member__in=Member.objects.visible_to(member).exclude(pk=member.pk),
            municipality_id=member.municipality_id,
        )

    def waiting(self, now) -> Self:
        """Requests that are neither answered nor expired."""
        return self.filter(state=Renewal.State.ASKED, expires_at__gt=now)


class Renewal(BodyModel):
    """Request to reset the sign-in of a person who lost password or second factor (ログインのやり直し). One
    person requests, a second one confirms; neither is the person concerned.

    Only after the confirmation the invitation is sent with which the person sets both again.
    """

    class State(States):
        ASKED = "asked", pgettext_lazy("やり直し", "確認待ち")
        CONFIRMED = "confirmed", pgettext_lazy("やり直し", "確認済み")
        REFUSED = "refused", pgettext_lazy("やり直し", "取りやめ")

    State.tones = {State.ASKED: "warn", State.CONFIRMED: "ok", State.REFUSED: "stop"}
    ARROWS: ClassVar = {State.ASKED: (State.CONFIRMED, State.REFUSED)}

    member = models.ForeignKey(
        Member, models.PROTECT, related_name="renewals", verbose_name=pgettext_lazy("人", "職員")
    )
    reason = models.CharField(_("本人を確かめた方法と理由"), max_length=200)
    state = models.CharField(
        pgettext_lazy("組織", "状態"), max_length=9, choices=State, default=State.ASKED
    )
    asked_by = models.ForeignKey(
        Member, models.PROTECT, related_name="+", verbose_name=_("申し込んだ人")
    )
    asked_at = models.DateTimeField(_("申し込んだ日時"))
    expires_at = models.DateTimeField(_("確認の期限"))
    answered_by = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("確認した人"),
    )
    answered_at = models.DateTimeField(_("確認した日時"), null=True, blank=True)

    objects = RenewalQuerySet.as_manager()

    class Meta:
        verbose_name = _("ログインのやり直し")
        verbose_name_plural = _("ログインのやり直し")
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(state="asked"),
                name="renewal_is_asked_for_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(asked_by=F("member")), name="renewal_is_not_asked_for_oneself"
            ),
            models.CheckConstraint(
                condition=Q(answered_by=None) | ~Q(answered_by=F("member")),
                name="renewal_is_not_confirmed_for_oneself",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed")
                | (Q(answered_by__isnull=False) & ~Q(answered_by=F("asked_by"))),
                name="renewal_takes_two_persons",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "state"], name="renewal_waiting_in_a_body")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.asked_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return page_address("municipality:renewal", self.municipality_id, self.pk)
