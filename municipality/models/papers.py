"""Papers of a decision (添付・追加資料), and who is to read it when it is decided (供覧)."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .base import BodyModel, BodyQuerySet
from .decisions import Decision
from .organisation import Department, Post
from .people import Member, Posting


class AttachmentQuerySet(BodyQuerySet):
    """Papers. Their bytes are fetched only where they are read."""

    def visible_to(self, member) -> Self:
        """Papers of the decisions one may see."""
        return self.filter(decision__in=Decision.objects.visible_to(member))

    def of_revision(self, number: int) -> Self:
        """What belongs to the decision's revision of that number: added by then, and not left out before."""
        return self.filter(Q(last_revision=None) | Q(last_revision__gte=number), first_revision__lte=number)

    def light(self) -> Self:
        """Without the bytes."""
        return self.defer("content")


class Attachment(BodyModel):
    """A paper of a decision with its SHA-256. What was once frozen in a revision is never replaced nor deleted: it can only
    be left out of the next revision (`last_revision`). `number` counts the papers of one decision.
    """

    class Role(models.TextChoices):
        ATTACHED = "attached", pgettext_lazy("決裁", "添付")
        LATER = "later", pgettext_lazy("決裁", "追加資料")
        RECORD = "record", _("決裁の記録")

    decision = models.ForeignKey(
        Decision, models.PROTECT, related_name="attachments", verbose_name=pgettext_lazy("決裁", "決裁")
    )
    number = models.PositiveSmallIntegerField(pgettext_lazy("組織", "番号"))
    role = models.CharField(_("資料の種類"), max_length=8, choices=Role)
    name = models.CharField(_("ファイル名"), max_length=100)
    size = models.PositiveIntegerField(_("大きさ(バイト)"))
    sha256 = models.CharField(_("資料の照合値"), max_length=64)
    content = models.BinaryField(_("資料の内容"))
    first_revision = models.PositiveSmallIntegerField(pgettext_lazy("決裁", "最初の版"))
    last_revision = models.PositiveSmallIntegerField(pgettext_lazy("決裁", "最後の版"), null=True, blank=True)
    added_by = models.ForeignKey(
        Member, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("決裁", "加えた人")
    )
    added_at = models.DateTimeField(_("加えた日時"))

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("決裁の資料")
        verbose_name_plural = _("決裁の資料")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["decision", "number"], name="paper_of_a_decision_by_number")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Where it is read, below its decision."""
        return reverse("municipality:decision_file", args=[self.municipality_id, self.decision_id, self.number])


class CirculationQuerySet(BodyQuerySet):
    """Who is to read decisions."""

    def visible_to(self, member) -> Self:
        """Those of the decisions one may see."""
        return self.filter(decision__in=Decision.objects.visible_to(member))

    def unread(self) -> Self:
        """Open to be read, and not read yet."""
        return self.filter(read_at=None, due_on__isnull=False)

    def with_readers(self, day) -> Self:
        """One row per circulation to a post and holder on that day, with the person as `holder`."""
        return self.filter(
            Q(department__postings__ends_on=None) | Q(department__postings__ends_on__gte=day),
            department__postings__post=F("post"),
            department__postings__starts_on__lte=day,
            department__postings__status=Posting.Status.PRESENT,
            department__postings__member__is_active=True,
        ).annotate(holder=F("department__postings__member"))

    def to(self, member) -> Self:
        """What is circulated to the member: by name, or to a post that they hold."""
        return self.filter(Q(member=member) | member.authority.holds("department", "post"))


class Circulation(BodyModel):
    """供覧: a person, or whoever holds a post, is to read the decision once it is made. Reading it decides nothing."""

    decision = models.ForeignKey(
        Decision, models.PROTECT, related_name="circulations", verbose_name=pgettext_lazy("決裁", "決裁")
    )
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("供覧する人")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=pgettext_lazy("組織", "部署")
    )
    post = models.ForeignKey(
        Post, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=pgettext_lazy("組織", "職位")
    )
    named_at = models.DateTimeField(_("供覧に加えた日時"))
    opened_at = models.DateTimeField(_("供覧を始めた日時"), null=True, blank=True)
    due_on = models.DateField(pgettext_lazy("決裁", "期限"), null=True, blank=True)
    read_by = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=pgettext_lazy("決裁", "読んだ人")
    )
    read_at = models.DateTimeField(_("読んだ日時"), null=True, blank=True)

    objects = CirculationQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("決裁", "供覧")
        verbose_name_plural = pgettext_lazy("決裁", "供覧")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(member__isnull=False, department=None, post=None)
                | Q(member=None, department__isnull=False, post__isnull=False),
                name="circulated_to_a_person_or_a_post",
            ),
            models.CheckConstraint(
                condition=Q(read_by=None, read_at=None) | Q(read_by__isnull=False, read_at__isnull=False),
                name="circulation_both_read_by_and_at",
            ),
            models.UniqueConstraint(fields=["decision", "member"], name="circulated_to_a_person_once"),
            models.UniqueConstraint(fields=["decision", "department", "post"], name="circulated_to_a_post_once"),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id} → {self.member_id or self.post_id}"
