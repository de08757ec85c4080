"""The evaluation period (評価期間)."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.addresses import page_address
from municipality.core.models import BodyModel, BodyQuerySet, States


class EvaluationPeriodQuerySet(BodyQuerySet):
    """Evaluation periods: everybody who works in the body knows them."""

    def overlapping(self, starts_on: date, ends_on: date) -> Self:
        """Periods that share a day with these days."""
        return self.filter(starts_on__lte=ends_on, ends_on__gte=starts_on)


class EvaluationPeriod(BodyModel):
    """Period of work with goals (a half year or a year), and the due days of setting and agreeing
    them.
    """

    class State(States):
        PLANNED = "planned", pgettext_lazy("評価期間", "準備中")
        OPEN = "open", pgettext_lazy("評価期間", "実施中")

    State.tones = {"planned": "neutral", "open": "run"}
    ARROWS = {State.PLANNED: {State.OPEN}}

    name = models.CharField(_("評価期間の名称"), max_length=60)
    fiscal_year = models.PositiveSmallIntegerField(pgettext_lazy("評価期間", "年度"))
    starts_on = models.DateField(pgettext_lazy("期間", "開始日"))
    ends_on = models.DateField(pgettext_lazy("期間", "終了日"))
    goals_due_on = models.DateField(_("目標の提出期限"))
    agree_due_on = models.DateField(_("面談と確定の期限"))
    state = models.CharField(
        _("評価期間の状態"), max_length=7, choices=State, default=State.PLANNED
    )
    opened_at = models.DateTimeField(_("シートを開いた日時"), null=True, blank=True)

    objects = EvaluationPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("目標", "評価期間")
        verbose_name_plural = pgettext_lazy("目標", "評価期間")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "name"], name="evaluation_period_name_is_unique"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="evaluation_period_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(state="planned", opened_at=None)
                | Q(state="open", opened_at__isnull=False),
                name="evaluation_period_is_opened_when_it_says_so",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return page_address("evaluation:period", self.municipality_id, self.pk)
