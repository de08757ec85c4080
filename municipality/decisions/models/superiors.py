"""Superior posts of a step, for approval in its place (引上げ)."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.models import BodyModel, BodyQuerySet
from municipality.decisions.models.deputies import not_away
from municipality.organisation.models import Department, Post, Posting


class SuperiorQuerySet(BodyQuerySet):
    """Superior posts of steps."""

    def nearest(self, day) -> Self:
        """Posts with somebody present other than the drafter, while no nearer post has anybody
        present.
        """
        nearer = Superior.objects.filter(
            step=OuterRef("step"), distance__lt=OuterRef("distance")
        ).attended(day)
        return self.attended(day).filter(~Exists(nearer))

    def attended(self, day) -> Self:
        """Posts with somebody present other than the drafter."""
        held = Posting.objects.present(day).filter(
            department=OuterRef("department"), post=OuterRef("post")
        )
        return self.filter(
            Exists(not_away(held, day).exclude(member=OuterRef("step__decision__drafter")))
        )


class Superior(BodyModel):
    """A higher post of the same route that may approve in place of a step's (引上げ) while nobody
    is there; the nearest first.
    """

    step = models.ForeignKey(
        "municipality.Step", models.CASCADE, related_name="superiors", verbose_name=_("決裁の段階")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("組織", "部署")
    )
    post = models.ForeignKey(
        Post, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("組織", "職位")
    )
    distance = models.PositiveSmallIntegerField(_("近い順の番号"))

    objects = SuperiorQuerySet.as_manager()

    class Meta:
        verbose_name = _("引上げのできる職位")
        verbose_name_plural = _("引上げのできる職位")
        ordering = ["distance"]
        constraints = [
            models.UniqueConstraint(
                fields=["step", "distance"], name="superior_of_a_step_by_distance"
            )
        ]

    def __str__(self) -> str:
        return f"{self.step_id} ↑{self.distance}"
