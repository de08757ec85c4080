"""Frozen results of pilots (試行の結果の数値)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.models import BodyModel
from pilots.planning.models import Pilot, PilotPartQuerySet
from pilots.results.figures import PilotFigures


class PilotResult(BodyModel):
    """Figures of a pilot as they were when its judging started (interim) or ended (final).

    `values` is what `measure_result` gave and is never computed again; `hash` is the SHA-256 of its
    canonical JSON. The latest row of a pilot counts: while it is judged it can be measured again,
    which adds a row and keeps the earlier one.
    """

    class Stage(models.TextChoices):
        INTERIM = "interim", _("評価の開始時")
        FINAL = "final", _("評価の終了時")

    pilot = models.ForeignKey(
        Pilot, models.CASCADE, related_name="results", verbose_name=pgettext_lazy("試行", "試行")
    )
    stage = models.CharField(_("数値を固定した時点"), max_length=7, choices=Stage)
    values = models.JSONField(_("固定した数値の内容"))
    hash = models.CharField(_("数値の照合値"), max_length=64)
    measured_at = models.DateTimeField(_("数値を固定した日時"))

    objects = PilotPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("試行の結果の数値")
        verbose_name_plural = _("試行の結果の数値")
        ordering = ["measured_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pilot"], condition=Q(stage="final"), name="a_pilot_ends_with_one_result"
            ),
            models.CheckConstraint(condition=~Q(hash=""), name="a_result_has_its_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.pilot_id} {self.stage} {self.measured_at:%Y-%m-%d}"

    @cached_property
    def figures(self) -> PilotFigures:
        """The frozen figures."""
        return PilotFigures.of(self.values["figures"])
