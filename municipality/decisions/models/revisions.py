"""Frozen content of a decision, one revision for each submission."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.models import BodyModel, BodyQuerySet
from municipality.decisions.models.decisions import Decision


class Revision(BodyModel):
    """Content of a decision at one submission (第n版): frozen, with the SHA-256 of its canonical
    JSON.
    """

    decision = models.ForeignKey(
        Decision,
        models.PROTECT,
        related_name="revisions",
        verbose_name=pgettext_lazy("決裁", "決裁"),
    )
    number = models.PositiveSmallIntegerField(pgettext_lazy("決裁", "版"))
    content = models.JSONField(_("伺いの内容"))
    hash = models.CharField(_("内容の照合値"), max_length=64)
    frozen_at = models.DateTimeField(_("固定した日時"))

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("組織", "決裁の版")
        verbose_name_plural = pgettext_lazy("組織", "決裁の版")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "number"], name="revision_stands_once")
        ]

    def __str__(self) -> str:
        return f"{self.decision_id} v{self.number}"
