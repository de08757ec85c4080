"""Drafts that the office took over from a drafter who is away or gone."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.models import BodyModel, BodyQuerySet
from municipality.decisions.models.decisions import Decision
from municipality.organisation.models import Member


class TakeoverQuerySet(BodyQuerySet):
    """Takeovers of drafts."""

    def visible_to(self, member) -> Self:
        """Those of the decisions one may see."""
        return self.filter(decision__in=Decision.objects.visible_to(member))


class Takeover(BodyModel):
    """The drafter of a decision changed before it was sent: from whom to whom, when and why."""

    decision = models.ForeignKey(
        Decision,
        models.PROTECT,
        related_name="takeovers",
        verbose_name=pgettext_lazy("決裁", "決裁"),
    )
    former = models.ForeignKey(
        Member, models.PROTECT, related_name="+", verbose_name=_("前の起案者")
    )
    taken_by = models.ForeignKey(
        Member, models.PROTECT, related_name="+", verbose_name=_("起案を引き継いだ人")
    )
    taken_at = models.DateTimeField(_("起案を引き継いだ日時"))
    reason = models.TextField(_("引き継ぐ理由"), max_length=400)

    objects = TakeoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("起案の引継ぎ")
        verbose_name_plural = _("起案の引継ぎ")
        ordering = ["taken_at", "pk"]

    def __str__(self) -> str:
        return f"{self.decision_id}: {self.former_id} → {self.taken_by_id}"
