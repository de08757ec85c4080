"""What the rules of a body were, and which lines of the checklist it does not need."""

from __future__ import annotations

from typing import Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.models import BodyModel, BodyQuerySet
from municipality.organisation.models.people import Member


class OfficeQuerySet(BodyQuerySet):
    """What only the project office sees."""

    def visible_to(self, member) -> Self:
        """All of the body's for its office, nothing for anybody else."""
        return (
            self.filter(municipality_id=member.municipality_id)
            if member.authority.is_office
            else self.none()
        )


class EmploymentKind(BodyModel):
    """A 任用区分 of the body, and whether people of it are staff in what is counted (職員に数える).

    People whose 任用区分 is blank, or stands in no row yet, count as staff.
    """

    name = models.CharField(_("任用区分の名称"), max_length=40)
    counts_as_staff = models.BooleanField(_("職員に数える"), default=True)

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("組織", "任用区分")
        verbose_name_plural = pgettext_lazy("組織", "任用区分")
        ordering = ["-counts_as_staff", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "name"], name="employment_kind_stands_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class SettingVersion(BodyModel):
    """What one group of settings was from a moment to another; without an end it is in force.

    `key` names the group (`body`, `closed_days`, `route:<matter>` …), `values` is all of it. The
    first version of a group that was changed has no beginning: it stood since the body was founded.
    """

    key = models.CharField(_("設定の種類"), max_length=80)
    values = models.JSONField(_("設定の内容"), encoder=DjangoJSONEncoder)
    starts_at = models.DateTimeField(pgettext_lazy("設定", "いつから"), null=True)
    ends_at = models.DateTimeField(pgettext_lazy("設定", "いつまで"), null=True)
    changed_by = models.ForeignKey(
        Member, models.PROTECT, null=True, related_name="+", verbose_name=_("変更した人")
    )

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("設定の履歴")
        verbose_name_plural = _("設定の履歴")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "key"],
                condition=Q(ends_at=None),
                name="one_version_of_a_setting_is_in_force",
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(starts_at=None) | Q(ends_at__gte=F("starts_at")),
                name="setting_version_ends_after_it_starts",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "key"], name="setting_version_by_key")]

    def __str__(self) -> str:
        return f"{self.key} {self.starts_at}"
