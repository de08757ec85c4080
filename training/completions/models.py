"""Completions of courses (修了)."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.addresses import page_address
from municipality.core.models import BodyModel
from municipality.organisation.models import Member
from training.assignments.models import Assignment, home_of
from training.courses.models import Course, PersonalQuerySet


class CompletionQuerySet(PersonalQuerySet):
    """Completions, by validity."""

    def valid_on(self, day) -> Self:
        """Completed by that day, not expired on it and not voided."""
        rows = self.filter(Q(expires_on=None) | Q(expires_on__gte=day), completed_on__lte=day)
        return rows.standing()

    def standing(self) -> Self:
        """Those that were not voided."""
        return self.filter(voided_at=None)

    def without_assignment(self) -> Self:
        """Those that closed no assignment: recorded by a file, or before anybody asked."""
        return self.exclude(Exists(Assignment.objects.filter(completion=OuterRef("pk"))))

    def with_home(self, today: date) -> Self:
        """Each with `home_name`, the person's main department on that day."""
        return self.annotate(home_name=home_of(today, "name"))


class Completion(BodyModel):
    """A person completed a course on a day (修了). `expires_on` is the last day on which it counts;
    None counts for good. One that was recorded wrongly is voided with a reason; its row stays.
    """

    class Source(models.TextChoices):
        SELF = "self", pgettext_lazy("修了の記録", "本人")
        OFFICE = "office", pgettext_lazy("修了の記録", "事務局")
        FILE = "file", _("ファイルの取込み")

    course = models.ForeignKey(
        Course,
        models.PROTECT,
        related_name="completions",
        verbose_name=pgettext_lazy("研修", "研修"),
    )
    member = models.ForeignKey(
        Member, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("人", "職員")
    )
    completed_on = models.DateField(pgettext_lazy("研修", "修了日"))
    score = models.PositiveSmallIntegerField(pgettext_lazy("研修", "点数"), null=True, blank=True)
    expires_on = models.DateField(_("有効期限の日"), null=True, blank=True)
    source = models.CharField(pgettext_lazy("研修", "記録の元"), max_length=6, choices=Source)
    voided_at = models.DateTimeField(_("修了を取り消した日時"), null=True, blank=True)
    voided_by = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("修了を取り消した人"),
    )
    void_reason = models.CharField(_("修了を取り消した理由"), max_length=200, blank=True)

    objects = CompletionQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("研修", "修了")
        verbose_name_plural = pgettext_lazy("研修", "修了")
        ordering = ["-completed_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "member", "completed_on"],
                condition=Q(voided_at=None),
                name="course_is_validly_completed_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(voided_at=None, void_reason="")
                | (Q(voided_at__isnull=False) & ~Q(void_reason="")),
                name="voided_completion_has_its_reason",
            ),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__lte=100), name="score_is_0_to_100"
            ),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gte=F("completed_on")),
                name="completion_expires_after_its_day",
            ),
        ]
        indexes = [models.Index(fields=["member", "course"], name="completion_of_a_member")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.course_id} {self.completed_on}"

    def get_absolute_url(self) -> str:
        """The page of this row."""
        return page_address("training:completion", self.municipality_id, self.pk)

    def is_valid_on(self, day: date) -> bool:
        """Whether it was completed by that day, has not expired on it and was not voided."""
        lasts = self.expires_on is None or self.expires_on >= day
        return self.voided_at is None and self.completed_on <= day and lasts
