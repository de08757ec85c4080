"""Passing over a 必須条件 in writing (例外承認), and whose it is to do so."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.date_words import formal_day
from municipality.core.models import BodyModel, BodyQuerySet, DepartmentalQuerySet
from municipality.organisation.models import Department, Duty, Member, Post, Posting

EXCEPTION_TEXT = 1000
"""Characters of the reason and of the conditions."""


class ExceptionPost(BodyModel):
    """The post that grants exceptions in this body, where the body has named one. Without a row it
    is whoever carries the duty 情報セキュリティ責任者 of the body.
    """

    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("組織", "部署")
    )
    post = models.ForeignKey(
        Post, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("組織", "職位")
    )

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("例外を承認する職位")
        verbose_name_plural = _("例外を承認する職位")
        constraints = [
            models.UniqueConstraint(
                fields=["municipality"], name="one_post_grants_exceptions_in_a_body"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.post}"


class BlockerExceptionQuerySet(DepartmentalQuerySet):
    """Exceptions, seen by whoever sees the department, and by who grants them."""

    def visible_to(self, member: Member) -> Self:
        """Those of the departments in reach; all of the body for whoever grants exceptions."""
        return self.filter(
            member.authority.reach("department__path") | grants_exceptions(member),
            municipality_id=member.municipality_id,
        )

    def on(self, day: date) -> Self:
        """Granted by that day, not over, and not revoked before its end."""
        return self.filter(
            Q(revoked_at=None) | Q(revoked_at__date__gt=day),
            granted_at__date__lte=day,
            valid_until__gte=day,
        )


class BlockerException(BodyModel):
    """An open 必須条件 of a department is passed over until a day, with the reason and conditions
    of a named post.

    `granted_as` is the title at that moment: it stands in decisions, where no person is named. The
    condition is named by its code, so that the exception outlives the round it was granted in;
    `level` is the one it stood at then, and nothing lower is passed over.
    """

    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("組織", "部署")
    )
    criterion = models.CharField(_("必須条件の記号"), max_length=6)
    level = models.PositiveSmallIntegerField(_("例外を承認したときの段階"))
    reason = models.TextField(_("例外を認める理由"), max_length=EXCEPTION_TEXT)
    conditions = models.TextField(_("例外に付ける条件"), max_length=EXCEPTION_TEXT, blank=True)
    valid_until = models.DateField(_("例外の期限"))
    granted_by = models.ForeignKey(
        Member, models.PROTECT, related_name="+", verbose_name=_("例外を承認した人")
    )
    granted_as = models.CharField(_("承認したときの職位"), max_length=120)
    granted_at = models.DateTimeField(_("例外を承認した日時"))
    revoked_by = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("例外を取り消した人"),
    )
    revoked_at = models.DateTimeField(_("例外を取り消した日時"), null=True, blank=True)

    objects = BlockerExceptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("必須条件の例外承認")
        verbose_name_plural = _("必須条件の例外承認")
        ordering = ["-granted_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(granted_as=""),
                name="exception_says_why_and_as_what_it_was_granted",
            ),
            models.CheckConstraint(
                condition=Q(revoked_by=None, revoked_at=None)
                | Q(revoked_by__isnull=False, revoked_at__isnull=False),
                name="revoked_exception_says_by_whom_and_when",
            ),
        ]
        indexes = [models.Index(fields=["department", "criterion"], name="exception_by_department")]

    def __str__(self) -> str:
        return f"{self.department} {self.criterion}"

    @property
    def label(self) -> str:
        """How a 必須条件 that it passes over reads, wherever readiness is told: 例外承認(…まで)."""
        return _("例外承認(%(day)sまで)") % {"day": formal_day(self.valid_until)}

    def holds_on(self, day: date) -> bool:
        """Is it in force on that day, as far as its end and its revocation say?"""
        revoked = self.revoked_at is not None and timezone.localdate(self.revoked_at) <= day
        return not revoked and self.valid_until >= day

    def covers(self, level: int | None) -> bool:
        """Does it pass the condition over at that level? At a lower one than it was granted for
        nobody weighed the risk.
        """
        return level is not None and level >= self.level

    def passes_over(self, level: int | None, day: date) -> bool:
        """Does it pass a condition at that level over on that day?"""
        return self.holds_on(day) and self.covers(level)


def grantors(municipality: str, day: date) -> QuerySet[Member]:
    """Who grants exceptions on that day: holders of the post that the body named, else who carries
    the duty 情報セキュリティ責任者 of the body. Also part of other queries.
    """
    named = ExceptionPost.objects.of(municipality)
    held = Posting.objects.in_service(day).filter(
        department__in=named.values("department"), post__in=named.values("post")
    )
    duties = Duty.objects.of(municipality).on(day)
    duties = duties.filter(kind=Duty.Kind.SECURITY, department__code="")
    by_duty = ~Exists(named) & Q(pk__in=duties.values("member"))
    rows = Member.objects.of(municipality).filter(is_active=True)
    return rows.filter(Q(pk__in=held.values("member")) | by_duty)


def grants_exceptions(member: Member) -> Q:
    """True for every row when the member is one of those who grant exceptions in the body: part of
    a query, none of its own.
    """
    day = member.authority.day
    return Q(Exists(grantors(member.municipality_id, day).filter(pk=member.pk)))
