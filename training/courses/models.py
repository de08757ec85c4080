"""Courses (研修), and the query set of personal training records."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from municipality.core.addresses import page_address
from municipality.core.models import BodyModel, BodyQuerySet
from municipality.organisation.models import Grant
from training.courses.people import own_people


class Course(BodyModel):
    """A course (研修): for whom, how, how long, how long it counts, and its material.

    `audience` are roles. `required_for_pilots` courses are asked of every participant before a
    pilot starts. `english` may hold title and materials for readers of English.
    """

    class Mode(models.TextChoices):
        ELEARNING = "elearning", _("eラーニング")
        GROUP = "group", pgettext_lazy("研修の形式", "集合研修")
        ONLINE = "online", _("オンライン研修")

    code = models.CharField(_("研修コード"), max_length=20)
    title = models.CharField(pgettext_lazy("研修", "研修名"), max_length=80)
    mode = models.CharField(_("研修の形式"), max_length=10, choices=Mode, default=Mode.ELEARNING)
    minutes = models.PositiveSmallIntegerField(_("所要時間(分)"))
    validity_months = models.PositiveSmallIntegerField(_("有効期間(月)"), null=True, blank=True)
    audience = models.JSONField(_("対象の役割"), default=list)
    required_for_pilots = models.BooleanField(_("試行の前に必須"), default=False)
    materials = models.TextField(pgettext_lazy("研修", "教材"), blank=True)
    english = models.JSONField(_("英語の文面"), default=dict, blank=True)
    is_active = models.BooleanField(_("いま使う研修"), default=True)

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("研修", "研修")
        verbose_name_plural = pgettext_lazy("研修", "研修")
        ordering = ["-required_for_pilots", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "code"], name="course_code_is_unique_in_its_body"
            ),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="course_takes_time"),
            models.CheckConstraint(
                condition=Q(validity_months=None) | Q(validity_months__gte=1),
                name="course_counts_for_a_month_or_more",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of this row."""
        return page_address("training:course", self.municipality_id, self.pk)

    @property
    def name(self) -> str:
        """Title in the reader's language."""
        return self._english("title") or self.title

    @property
    def text(self) -> str:
        """Material in the reader's language."""
        return self._english("materials") or self.materials

    @property
    def audience_names(self) -> list[str]:
        """Names of the roles in the audience."""
        return [str(Grant.Role(role).label) for role in self.audience]

    @property
    def is_self_paced(self) -> bool:
        """Whether the person completes it alone, by working through the material."""
        return self.mode == self.Mode.ELEARNING

    def _english(self, part: str) -> str:
        return self.english.get(part, "") if (get_language() or "ja").startswith("en") else ""


class PersonalQuerySet(BodyQuerySet):
    """Personal training records, visible to the person, their manager, the office and HR."""

    def visible_to(self, member) -> Self:
        """Own records and those of one's people, because training is personal."""
        return self.filter(
            Q(member=member) | Q(member__in=own_people(member)),
            municipality_id=member.municipality_id,
        )
