"""人事異動: how the people stood when work was last handed over, each hand-over, and each thing
that passed.
"""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.addresses import page_address
from municipality.core.models import BodyModel, BodyQuerySet
from municipality.organisation.models import Member


class Roll(BodyModel):
    """The people as the last hand-over left them: who held which post and role where. The next one
    begins from here.

    `stamp` names the day and the state of the postings that were looked at, so that nothing is
    looked at twice.
    """

    stamp = models.CharField(_("見た時点の照合値"), max_length=200)
    kept = models.JSONField(_("引継ぎの起点"), default=dict)

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("引継ぎの起点")
        verbose_name_plural = _("引継ぎの起点")
        constraints = [models.UniqueConstraint(fields=["municipality"], name="a_body_has_one_roll")]

    def __str__(self) -> str:
        return self.stamp


class TransferQuerySet(BodyQuerySet):
    """Transfers."""

    def visible_to(self, member) -> Self:
        """All for the office; for others those in which something came to them or went from
        them.
        """
        rows = self.filter(municipality_id=member.municipality_id)
        if member.authority.is_office:
            return rows
        return rows.filter(
            Exists(Passed.objects.visible_to(member).filter(transfer=OuterRef("pk")))
        )


class Transfer(BodyModel):
    """One hand-over: on this day people or departments changed, and work passed. Open until
    everybody concerned was told.
    """

    day = models.DateField(_("引継ぎの日"))
    began_at = models.DateTimeField(_("引継ぎを始めた日時"))
    finished_at = models.DateTimeField(_("引継ぎを終えた日時"), null=True, blank=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("異動", "引継ぎ")
        verbose_name_plural = pgettext_lazy("異動", "引継ぎ")
        ordering = ["-day", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality"],
                condition=Q(finished_at=None),
                name="a_body_hands_over_one_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return self.day.isoformat()

    def get_absolute_url(self) -> str:
        """Address of the transfer's page."""
        return page_address("municipality:transfer", self.municipality_id, self.pk)


class PassedQuerySet(BodyQuerySet):
    """Handed-over items."""

    def visible_to(self, member) -> Self:
        """Items that the member took over or handed over; all of the body for the office."""
        rows = self.filter(municipality_id=member.municipality_id)
        return (
            rows if member.authority.is_office else rows.filter(Q(taker=member) | Q(giver=member))
        )


class Passed(BodyModel):
    """An item handed over from one person to another, ended with its holder, or left vacant."""

    class Outcome(models.TextChoices):
        TAKEN = "taken", pgettext_lazy("異動", "引継ぎ")
        ENDED = "ended", pgettext_lazy("異動", "終了")
        VACANT = "vacant", pgettext_lazy("異動", "後任なし")

    transfer = models.ForeignKey(
        Transfer,
        models.CASCADE,
        related_name="things",
        verbose_name=pgettext_lazy("異動", "引継ぎ"),
    )
    kind = models.CharField(_("仕事の種類"), max_length=40)
    object_id = models.BigIntegerField(_("対象の番号"))
    title = models.CharField(pgettext_lazy("異動", "件名"), max_length=250)
    note = models.CharField(pgettext_lazy("異動", "補足"), max_length=250, blank=True)
    outcome = models.CharField(_("引継ぎの結果"), max_length=6, choices=Outcome)
    giver = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("異動", "前任者"),
    )
    taker = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("異動", "後任者"),
    )

    objects = PassedQuerySet.as_manager()

    class Meta:
        verbose_name = _("引き継いだ仕事")
        verbose_name_plural = _("引き継いだ仕事")
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["transfer", "kind", "object_id", "taker"],
                name="a_thing_passes_to_a_person_once",
            ),
            models.UniqueConstraint(
                fields=["transfer", "kind", "object_id"],
                condition=Q(taker=None),
                name="a_thing_is_left_once",
            ),
            models.CheckConstraint(
                condition=Q(outcome="taken", taker__isnull=False)
                | (~Q(outcome="taken") & Q(taker=None)),
                name="what_passed_has_its_taker",
            ),
        ]
        indexes = [models.Index(fields=["taker", "transfer"], name="passed_to_a_member")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.object_id} {self.outcome}"
