"""Deputies (代決) and absences (不在)."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.models import BodyModel, DatedQuerySet
from municipality.organisation.models import Department, Member, Post


class Deputy(BodyModel):
    """A member named to decide (代決) in place of a post's holder who is away. A deputy of a deputy
    does not exist.
    """

    department = models.ForeignKey(
        Department,
        models.PROTECT,
        related_name="deputies",
        verbose_name=pgettext_lazy("組織", "部署"),
    )
    post = models.ForeignKey(
        Post, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("組織", "職位")
    )
    member = models.ForeignKey(
        Member, models.PROTECT, related_name="deputising", verbose_name=_("代決する人")
    )
    matter = models.CharField(
        _("決裁の対象"), max_length=40, blank=True, help_text=_("空欄は、すべての対象です。")
    )
    starts_on = models.DateField(pgettext_lazy("期間", "開始日"))
    ends_on = models.DateField(pgettext_lazy("期間", "終了日"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("代決する人の指定")
        verbose_name_plural = _("代決する人の指定")

    def __str__(self) -> str:
        return f"{self.department_id}/{self.post_id} → {self.member_id}"


class AbsenceQuerySet(DatedQuerySet):
    """Absences of people."""

    def visible_to(self, member) -> Self:
        """One's own; all of the body's for the office."""
        rows = self.filter(municipality_id=member.municipality_id)
        return rows if member.authority.is_office else rows.filter(member=member)


class Absence(BodyModel):
    """A person cannot decide from one day to another (不在), with the reason. Telework is no
    absence.
    """

    member = models.ForeignKey(
        Member, models.PROTECT, related_name="absences", verbose_name=pgettext_lazy("人", "職員")
    )
    reason = models.CharField(_("不在の理由"), max_length=60)
    starts_on = models.DateField(pgettext_lazy("期間", "開始日"))
    ends_on = models.DateField(pgettext_lazy("期間", "終了日"))

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("決裁", "不在")
        verbose_name_plural = pgettext_lazy("決裁", "不在")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="absence_ends_after_it_starts"
            )
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.starts_on}"


def not_away(postings, day):
    """Those of the postings whose holders are not away (不在)."""
    return postings.exclude(member__in=Absence.objects.on(day).values("member"))
