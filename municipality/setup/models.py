"""Signs of life of the parts of the installation, and the marks of the set-up checklist."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from municipality.core.models import BodyModel, BodyQuerySet
from municipality.organisation.models import Member


class Pulse(models.Model):
    """When a part of the system last showed life (scheduler, worker): what is silent too long is
    said on screen.
    """

    name = models.CharField(_("動いている部分"), max_length=40, unique=True)
    at = models.DateTimeField(_("最後に動いた日時"))

    class Meta:
        verbose_name = _("動作の記録")
        verbose_name_plural = _("動作の記録")

    def __str__(self) -> str:
        return f"{self.name} {self.at}"


class SetupMark(BodyModel):
    """A line of the checklist that the office declared not needed for its body."""

    item = models.CharField(_("準備の項目"), max_length=40)
    marked_by = models.ForeignKey(
        Member, models.PROTECT, related_name="+", verbose_name=_("不要とした人")
    )
    marked_at = models.DateTimeField(_("不要とした日時"))

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("不要とした準備の項目")
        verbose_name_plural = _("不要とした準備の項目")
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "item"], name="setup_item_is_marked_once"
            ),
        ]

    def __str__(self) -> str:
        return self.item
