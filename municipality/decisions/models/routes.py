"""決裁経路: routes of the matters, edited by the office and copied into each decision."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.models import BodyModel, BodyQuerySet
from municipality.organisation.models import Department, Post


class RouteTemplate(BodyModel):
    """A route that matters of one kind take (決裁区分): edited by the office, copied into each
    decision.

    A matter may have several. One with a condition (`department`: drafted there or below,
    `least_yen`: costs at least so much) binds whatever meets it; among those that bind alike the
    drafter chooses.
    """

    matter = models.CharField(_("決裁の対象"), max_length=40)
    name = models.CharField(_("決裁区分の名称"), max_length=60)
    is_active = models.BooleanField(pgettext_lazy("組織", "使う"), default=True)
    open_days = models.PositiveSmallIntegerField(_("1段階の日数(開庁日)"), default=3)
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("起案する部署の条件"),
    )
    least_yen = models.PositiveBigIntegerField(_("金額の条件(円以上)"), null=True, blank=True)

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("決裁経路のひな型")
        verbose_name_plural = _("決裁経路のひな型")
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "matter", "name"], name="route_name_is_unique_in_its_matter"
            )
        ]

    def __str__(self) -> str:
        return self.name


class StepKind(models.TextChoices):
    """Kind of a step: what the holder of its post does."""

    APPROVE = "approve", pgettext_lazy("決裁", "承認")
    AGREE = "agree", pgettext_lazy("決裁", "合議")
    DECIDE = "decide", pgettext_lazy("決裁", "決裁")


class RouteStep(BodyModel):
    """One stage of a route. With a department the post is that department's; without one it is the
    nearest such post at or above the drafter's department. Steps of the same order run side by side
    and all must agree.
    """

    template = models.ForeignKey(
        RouteTemplate, models.CASCADE, related_name="steps", verbose_name=_("決裁経路のひな型")
    )
    order = models.PositiveSmallIntegerField(pgettext_lazy("決裁", "順番"))
    kind = models.CharField(_("段階の種類"), max_length=8, choices=StepKind)
    post = models.ForeignKey(
        Post, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("組織", "職位")
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("組織", "部署"),
    )

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("ひな型の段階")
        verbose_name_plural = _("ひな型の段階")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return f"{self.order} {self.post}"
