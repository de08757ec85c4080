"""Days on which the town hall is closed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.models import BodyModel, BodyQuerySet


class NationalHoliday(models.Model):
    """A national holiday from the Cabinet Office's table. For a year that has rows here they
    replace the library's.
    """

    date = models.DateField(pgettext_lazy("暦", "日付"), unique=True)
    name = models.CharField(pgettext_lazy("暦", "名称"), max_length=60)

    class Meta:
        verbose_name = pgettext_lazy("暦", "祝日")
        verbose_name_plural = pgettext_lazy("暦", "祝日")
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class ClosedDay(BodyModel):
    """A day on which this body is closed of its own accord, or open although it would be closed."""

    date = models.DateField(pgettext_lazy("暦", "日付"))
    name = models.CharField(pgettext_lazy("暦", "名称"), max_length=60)
    is_open = models.BooleanField(_("臨時に開庁する日"), default=False)

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("団体の閉庁日")
        verbose_name_plural = _("団体の閉庁日")
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "date"], name="closed_day_stands_once")
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class BodyHoliday(BodyModel):
    """A national holiday as the body took it from the Cabinet Office's file.

    For a year that has rows here they replace the installation's table and the library's, in this
    body alone: one body's office must not move another body's due dates.
    """

    date = models.DateField(pgettext_lazy("暦", "日付"))
    name = models.CharField(pgettext_lazy("暦", "名称"), max_length=60)

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("取り込んだ祝日")
        verbose_name_plural = _("取り込んだ祝日")
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "date"], name="body_holiday_stands_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"
