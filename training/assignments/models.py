"""Assignments (受講割当): courses that a person has to complete by a day."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.addresses import page_address
from municipality.core.models import BodyModel, States
from municipality.organisation.models import Member, Posting
from training.courses.models import Course, PersonalQuerySet


def home_of(today: date, column: str) -> Subquery:
    """Subquery for a column of the person's main department on that day."""
    main = (
        Posting.objects.on(today)
        .filter(member=OuterRef("member"), kind=Posting.Kind.MAIN)
        .order_by("starts_on")
    )
    return Subquery(main.values(f"department__{column}")[:1])


class AssignmentQuerySet(PersonalQuerySet):
    """Assignments, by state, and with the person's department."""

    def open(self) -> Self:
        """Neither completed nor cancelled."""
        return self.filter(state=Assignment.State.ASSIGNED)

    def standing_on(self, day: date) -> Self:
        """Those that had not been cancelled at the end of that day."""
        return self.filter(Q(cancelled_on=None) | Q(cancelled_on__gt=day))

    def with_home(self, today: date) -> Self:
        """Each with `home_name`, the person's main department on that day."""
        return self.annotate(home_name=home_of(today, "name"))


class Assignment(BodyModel):
    """A person is to take a course by a day (受講割当). At most one of a course is open for a
    person. One that was cancelled keeps the day of it, so that an ended month stands; who is asked
    again has a new one.
    """

    class State(States):
        ASSIGNED = "assigned", pgettext_lazy("受講割当", "未修了")
        COMPLETED = "completed", pgettext_lazy("受講割当", "修了")
        CANCELLED = "cancelled", pgettext_lazy("受講割当", "取消し")

    State.tones = {"assigned": "run", "completed": "ok", "cancelled": "stop"}
    ARROWS = {
        State.ASSIGNED: {State.COMPLETED, State.CANCELLED},
        # The completion was voided.
        State.COMPLETED: {State.ASSIGNED},
    }

    course = models.ForeignKey(
        Course,
        models.PROTECT,
        related_name="assignments",
        verbose_name=pgettext_lazy("研修", "研修"),
    )
    member = models.ForeignKey(
        Member, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("人", "職員")
    )
    due_on = models.DateField(_("受講の期限"))
    reason = models.CharField(_("割当ての理由"), max_length=200, blank=True)
    state = models.CharField(_("受講の状態"), max_length=10, choices=State, default=State.ASSIGNED)
    assigned_by = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("割り当てた人"),
    )
    assigned_at = models.DateTimeField(_("割り当てた日時"))
    cancelled_on = models.DateField(_("割当てを取り消した日"), null=True, blank=True)
    completion = models.ForeignKey(
        "training.Completion",
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
                condition=Q(state="completed", completion__isnull=False)
                | (~Q(state="completed") & Q(completion=None)),
                name="completed_assignment_has_its_completion",
            ),
            models.CheckConstraint(
                condition=Q(state="cancelled", cancelled_on__isnull=False)
                | (~Q(state="cancelled") & Q(cancelled_on=None)),
                name="cancelled_assignment_has_its_day",
            ),
        ]
        indexes = [
            models.Index(fields=["member", "state"], name="assignment_of_a_member"),
            models.Index(
                fields=["municipality", "due_on"],
                condition=Q(state="assigned"),
                name="assignment_that_is_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course} {self.member}"

    def get_absolute_url(self) -> str:
        """The page of this row."""
        return page_address("training:assignment", self.municipality_id, self.pk)

    @property
    def is_open(self) -> bool:
        """Whether it is still to be completed."""
        return self.state == self.State.ASSIGNED
