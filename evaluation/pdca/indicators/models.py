"""Catalogue of indicators, one row for each version of a definition."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.addresses import page_address
from municipality.core.figures import COUNT, RATE, Figure
from municipality.core.models import BodyModel, BodyQuerySet
from municipality.core.worded import in_language, strung


class IndicatorQuerySet(BodyQuerySet):
    """Definitions of the body."""

    def current(self) -> Self:
        """Newest definition of each code."""
        newer = Indicator.objects.filter(
            municipality=models.OuterRef("municipality"),
            code=models.OuterRef("code"),
            definition_version__gt=models.OuterRef("definition_version"),
        )
        return self.filter(~models.Exists(newer))


class Indicator(BodyModel):
    """A definition of an indicator of the body. A changed definition is a new row, because figures
    keep the one they were computed with.
    """

    class Direction(models.TextChoices):
        UP = "up", _("高いほど良い")
        DOWN = "down", _("低いほど良い")
        LEVEL = "level", _("良し悪しなし")

    code = models.CharField(_("指標コード"), max_length=8)
    definition_version = models.PositiveSmallIntegerField(
        pgettext_lazy("指標", "定義の版"), default=1
    )
    name = models.CharField(_("指標の名称"), max_length=60)
    name_en = models.CharField(_("指標の名称(英語)"), max_length=80)
    unit = models.CharField(pgettext_lazy("指標", "単位"), max_length=10)
    unit_en = models.CharField(_("単位(英語)"), max_length=20, blank=True)
    decimals = models.PositiveSmallIntegerField(_("小数の桁数"), default=1)
    is_rate = models.BooleanField(_("割合である"), default=False)
    counts_people = models.BooleanField(_("人を数える"), default=False)
    direction = models.CharField(
        _("望ましい方向"), max_length=5, choices=Direction, default=Direction.UP
    )
    formula = models.CharField(pgettext_lazy("指標", "計算式"), max_length=200)
    formula_en = models.CharField(_("計算式(英語)"), max_length=240)
    note = models.CharField(pgettext_lazy("指標", "定義の注"), max_length=300, blank=True)
    note_en = models.CharField(_("定義の注(英語)"), max_length=360, blank=True)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("指標", "指標")
        verbose_name_plural = pgettext_lazy("指標", "指標")
        ordering = ["code", "-definition_version"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "code", "definition_version"],
                name="a_version_of_an_indicator_stands_once",
            )
        ]

    def __str__(self) -> str:
        return str(self.words)

    def get_absolute_url(self) -> str:
        """Its page."""
        return f"{page_address('evaluation:indicators', self.municipality_id)}#{self.code}"

    def figure(
        self,
        numerator: float | None,
        denominator: float | None,
        details: dict[str, Any],
        missing: int = 0,
    ) -> Figure:
        """Stored numbers as a figure. Of those frozen before details were kept only the number of
        missing departments is known.
        """
        people = details.get("people")
        return Figure(
            numerator,
            denominator,
            tuple(details.get("missing", [0] * missing)),
            details.get("kind", RATE if self.is_rate else COUNT),
            details.get("population", ""),
            details.get("version", 0),
            None if people is None else tuple(people),
        )

    def _in_language(self, field: str) -> str:
        return in_language(getattr(self, field), getattr(self, f"{field}_en"))

    @property
    def words(self) -> str:
        """Code and name in the reader's language."""
        return strung(" ", self.code, self.shown_name)

    @property
    def shown_name(self) -> str:
        """Name in the reader's language."""
        return self._in_language("name")

    @property
    def shown_unit(self) -> str:
        """Unit in the reader's language."""
        return self._in_language("unit")

    @property
    def shown_formula(self) -> str:
        """Formula in the reader's language."""
        return self._in_language("formula")

    @property
    def shown_note(self) -> str:
        """Note on the definition, in the reader's language."""
        return self._in_language("note")
