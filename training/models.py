"""Training (研修): the courses, who is to take them by when, and who completed them."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from municipality.models import BodyModel, BodyQuerySet, Grant, Member, Posting, States

from .people import own_people


class Course(BodyModel):
    """A course (研修): for whom, how, how long, how long it counts, and its material.

    `audience` are roles. `required_for_pilots` courses are asked of every participant before a pilot starts.
    `english` may hold title and materials for readers of English.
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
            models.UniqueConstraint(fields=["municipality", "code"], name="course_code_is_unique_in_its_body"),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="course_takes_time"),
            models.CheckConstraint(
                condition=Q(validity_months=None) | Q(validity_months__gte=1), name="course_counts_for_a_month_or_more"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of this row."""
        return reverse("training:course", args=[self.municipality_id, self.pk])

    @property
    def name(self) -> str:
        """The title in the reader's language."""
        return self._english("title") or self.title

    @property
    def text(self) -> str:
        """The material in the reader's language."""
        return self._english("materials") or self.materials

    @property
    def audience_names(self) -> list[str]:
        """The roles it is for, in words."""
        return [str(Grant.Role(role).label) for role in self.audience]

    @property
    def is_self_paced(self) -> bool:
        """Does one complete it by oneself, by working through the material?"""
        return self.mode == self.Mode.ELEARNING

    def _english(self, part: str) -> str:
        return self.english.get(part, "") if (get_language() or "ja").startswith("en") else ""


class PersonalQuerySet(BodyQuerySet):
    """Rows about one person's training: seen by that person, by their manager, by the office and HR."""

    def visible_to(self, member) -> Self:
        """One's own and those of one's own people. Nobody else sees who learned what."""
        return self.filter(Q(member=member) | Q(member__in=own_people(member)), municipality_id=member.municipality_id)


class CompletionQuerySet(PersonalQuerySet):
    """Completions, by whether they still count."""

    def valid_on(self, day) -> Self:
        """Completed by that day and not expired on it."""
        return self.filter(Q(expires_on=None) | Q(expires_on__gte=day), completed_on__lte=day)


class Completion(BodyModel):
    """A person completed a course on a day (修了). `expires_on` is the last day on which it counts; None counts for good."""

    class Source(models.TextChoices):
        SELF = "self", pgettext_lazy("修了の記録", "本人")
        OFFICE = "office", pgettext_lazy("修了の記録", "事務局")
        FILE = "file", _("ファイルの取込み")

    course = models.ForeignKey(
        Course, models.PROTECT, related_name="completions", verbose_name=pgettext_lazy("研修", "研修")
    )
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("人", "職員"))
    completed_on = models.DateField(pgettext_lazy("研修", "修了日"))
    score = models.PositiveSmallIntegerField(pgettext_lazy("研修", "点数"), null=True, blank=True)
    expires_on = models.DateField(_("有効期限の日"), null=True, blank=True)
    source = models.CharField(pgettext_lazy("研修", "記録の元"), max_length=6, choices=Source)

    objects = CompletionQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("研修", "修了")
        verbose_name_plural = pgettext_lazy("研修", "修了")
        ordering = ["-completed_on"]
        constraints = [
            models.UniqueConstraint(fields=["course", "member", "completed_on"], name="course_is_completed_once_a_day"),
            models.CheckConstraint(condition=Q(score=None) | Q(score__lte=100), name="score_is_0_to_100"),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gte=F("completed_on")),
                name="completion_expires_after_its_day",
            ),
        ]
        indexes = [models.Index(fields=["member", "course"], name="completion_of_a_member")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.course_id} {self.completed_on}"


class AssignmentQuerySet(PersonalQuerySet):
    """Assignments, by whether they wait, and with the department that the person belongs to."""

    def open(self) -> Self:
        """Not completed and not cancelled."""
        return self.filter(state=Assignment.State.ASSIGNED)

    def with_home(self, today) -> Self:
        """Each with `home_path` and `home_name`, the member's main department of that day."""
        main = Posting.objects.on(today).filter(member=OuterRef("member"), kind=Posting.Kind.MAIN).order_by("starts_on")
        return self.annotate(
            home_path=Subquery(main.values("department__path")[:1]),
            home_name=Subquery(main.values("department__name")[:1]),
        )


class Assignment(BodyModel):
    """A person is to take a course by a day (受講割当). At most one of a course is open for a person."""

    class State(States):
        ASSIGNED = "assigned", pgettext_lazy("受講割当", "未修了")
        COMPLETED = "completed", pgettext_lazy("受講割当", "修了")
        CANCELLED = "cancelled", pgettext_lazy("受講割当", "取消し")

    State.tones = {"assigned": "run", "completed": "ok", "cancelled": "stop"}
    ARROWS = {State.ASSIGNED: {State.COMPLETED, State.CANCELLED}}

    course = models.ForeignKey(
        Course, models.PROTECT, related_name="assignments", verbose_name=pgettext_lazy("研修", "研修")
    )
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("人", "職員"))
    due_on = models.DateField(_("受講の期限"))
    reason = models.CharField(_("割当ての理由"), max_length=200, blank=True)
    state = models.CharField(_("受講の状態"), max_length=10, choices=State, default=State.ASSIGNED)
    assigned_by = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("割り当てた人")
    )
    assigned_at = models.DateTimeField(_("割り当てた日時"))
    completion = models.ForeignKey(
        Completion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
        verbose_name=pgettext_lazy("研修", "修了"),
    )

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("研修の受講割当")
        verbose_name_plural = _("研修の受講割当")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "member"],
                condition=Q(state="assigned"),
                name="one_assignment_is_open_per_course_and_member",
            ),
            models.CheckConstraint(
                condition=Q(state="completed", completion__isnull=False) | (~Q(state="completed") & Q(completion=None)),
                name="completed_assignment_has_its_completion",
            ),
        ]
        indexes = [
            models.Index(fields=["member", "state"], name="assignment_of_a_member"),
            models.Index(
                fields=["municipality", "due_on"], condition=Q(state="assigned"), name="assignment_that_is_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course} {self.member}"

    def get_absolute_url(self) -> str:
        """The page of this row."""
        return reverse("training:assignment", args=[self.municipality_id, self.pk])

    @property
    def is_open(self) -> bool:
        """Is it still to be done?"""
        return self.state == self.State.ASSIGNED
