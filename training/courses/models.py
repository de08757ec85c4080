"""Courses (研修), and the query set of personal training records."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.addresses import page_address
from municipality.core.models import BodyModel, BodyQuerySet
from municipality.core.worded import in_language, is_english
from municipality.organisation.models import Grant
from training.courses.people import own_people


class Course(BodyModel):
    """A course (研修): for whom, how, how long, how long it counts, and its material.

    `audience` are roles. `required_for_pilots` is the mark as the office set it last; on which days
    the course was required of participants stands in its `requirements`. `english` may hold title
    and materials for readers of English.
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
        return in_language(self.title, self.english.get("title", ""))

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

    def requirement_from(self, day: date) -> CourseRequirement | None:
        """The period in which it is required on that day, else the next one; None without."""
        periods = [row for row in self.requirements.all() if row.lasts_to(day)]
        return min(periods, key=lambda row: row.starts_on or date.min, default=None)

    def is_required_on(self, day: date) -> bool:
        """Whether every participant of a pilot must have completed it on that day."""
        period = self.requirement_from(day)
        return period is not None and period.holds_on(day)

    def _english(self, part: str) -> str:
        return self.english.get(part, "") if is_english() else ""


class CourseRequirement(BodyModel):
    """Days on which a course is required of participants of pilots (必須研修), both included.

    `starts_on` None holds from the beginning, `ends_on` None until further notice. Days that have
    passed are never changed: what was asked of a pilot stays what it was.
    """

    course = models.ForeignKey(
        Course,
        models.CASCADE,
        related_name="requirements",
        verbose_name=pgettext_lazy("研修", "研修"),
    )
    starts_on = models.DateField(pgettext_lazy("期間", "開始日"), null=True, blank=True)
    ends_on = models.DateField(pgettext_lazy("期間", "終了日"), null=True, blank=True)

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("必須研修の期間")
        verbose_name_plural = _("必須研修の期間")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["course"],
                condition=Q(ends_on=None),
                name="a_course_is_required_by_one_open_period",
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="a_requirement_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} {self.starts_on} {self.ends_on}"

    def holds_on(self, day: date) -> bool:
        """Whether the day lies in the period."""
        begun = self.starts_on is None or self.starts_on <= day
        return begun and self.lasts_to(day)

    def lasts_to(self, day: date) -> bool:
        """Whether it has not ended before the day."""
        return self.ends_on is None or day <= self.ends_on


class PersonalQuerySet(BodyQuerySet):
    """Personal training records, visible to the person, their manager, the office and HR."""

    def visible_to(self, member) -> Self:
        """Own records and those of one's people, because training is personal."""
        return self.filter(
            Q(member=member) | Q(member__in=own_people(member)),
            municipality_id=member.municipality_id,
        )
