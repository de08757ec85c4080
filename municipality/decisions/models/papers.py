"""Papers of a decision (添付・追加資料), and who is to read it when it is decided (供覧)."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.addresses import page_address
from municipality.core.models import BodyModel, BodyQuerySet
from municipality.decisions.models.decisions import Decision
from municipality.organisation.models import Member


class AttachmentQuerySet(BodyQuerySet):
    """Papers. Their bytes are fetched only where they are read."""

    def visible_to(self, member) -> Self:
        """Papers of the decisions one may see."""
        return self.filter(decision__in=Decision.objects.visible_to(member))

    def of_revision(self, number: int) -> Self:
        """Papers of the decision's revision with that number: added by then and not removed
        before.
        """
        return self.filter(
            Q(last_revision=None) | Q(last_revision__gte=number), first_revision__lte=number
        )

    def light(self) -> Self:
        """Papers without their bytes."""
        return self.defer("content")


class Attachment(BodyModel):
    """A paper of a decision with its SHA-256. What was once frozen in a revision is never replaced
    nor deleted: it can only be left out of the next revision (`last_revision`). `number` counts the
    papers of one decision.
    """

    class Role(models.TextChoices):
        ATTACHED = "attached", pgettext_lazy("決裁", "添付")
        LATER = "later", pgettext_lazy("決裁", "追加資料")
        RECORD = "record", _("決裁の記録")

    decision = models.ForeignKey(
        Decision,
        models.PROTECT,
        related_name="attachments",
        verbose_name=pgettext_lazy("決裁", "決裁"),
    )
    number = models.PositiveSmallIntegerField(pgettext_lazy("組織", "番号"))
    role = models.CharField(_("資料の種類"), max_length=8, choices=Role)
    name = models.CharField(_("ファイル名"), max_length=100)
    size = models.PositiveIntegerField(_("大きさ(バイト)"))
    sha256 = models.CharField(_("資料の照合値"), max_length=64)
    content = models.BinaryField(_("資料の内容"))
    first_revision = models.PositiveSmallIntegerField(pgettext_lazy("決裁", "最初の版"))
    last_revision = models.PositiveSmallIntegerField(
        pgettext_lazy("決裁", "最後の版"), null=True, blank=True
    )
    added_by = models.ForeignKey(
        Member, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("決裁", "加えた人")
    )
    added_at = models.DateTimeField(_("加えた日時"))

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("決裁の資料")
        verbose_name_plural = _("決裁の資料")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "number"], name="paper_of_a_decision_by_number"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Address of the paper below its decision."""
        return page_address(
            "municipality:decision_file", self.municipality_id, self.decision_id, self.number
        )
