"""MBO: one sheet per person and period, and the goals on it."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluation.appraisal.access.reach import leads_today
from evaluation.appraisal.schemes.models import EvaluationPeriod
from municipality.core.addresses import page_address
from municipality.core.models import BodyModel, BodyQuerySet, States
from municipality.organisation.models import Department, Member


class SheetQuerySet(BodyQuerySet):
    """Sheets, visible to their person, the evaluator of today and HR."""

    def visible_to(self, member: Member) -> Self:
        """One's own; those one evaluates, while one leads the person's department; all of the body
        for HR. Nobody else's.
        """
        if member.authority.is_hr:
            return self.filter(municipality_id=member.municipality_id)
        wanted = Q(member=member)
        if member.authority.is_manager or member.authority.is_executive:
            wanted |= Q(evaluator=member) & Q(leads_today(member, "member"))
        return self.filter(wanted, municipality_id=member.municipality_id)

    def overdue(self, today: date) -> Self:
        """Sheets past the day by which their person or their evaluator was to act."""
        writing = Q(state__in=[Sheet.State.DRAFT, Sheet.State.RETURNED], goals_due_on__lt=today)
        return self.filter(writing | Q(state=Sheet.State.SUBMITTED, agree_due_on__lt=today))

    def written(self) -> Self:
        """Sheets on which somebody has written or done something."""
        return self.filter(~Q(state=Sheet.State.DRAFT) | Q(goals__isnull=False)).distinct()


class Sheet(BodyModel):
    """The goal sheet (目標シート) of one person in one period, and who evaluates it (the nearest
    manager).
    """

    class State(States):
        DRAFT = "draft", pgettext_lazy("目標", "作成中")
        SUBMITTED = "submitted", pgettext_lazy("目標", "面談待ち")
        RETURNED = "returned", pgettext_lazy("目標", "差戻し")
        AGREED = "agreed", pgettext_lazy("目標", "確定")

    State.tones = {"draft": "neutral", "submitted": "run", "returned": "back", "agreed": "ok"}
    ARROWS = {
        State.DRAFT: {State.SUBMITTED},
        State.RETURNED: {State.SUBMITTED},
        State.SUBMITTED: {State.AGREED, State.RETURNED},
    }

    period = models.ForeignKey(
        EvaluationPeriod,
        models.PROTECT,
        related_name="sheets",
        verbose_name=pgettext_lazy("目標", "評価期間"),
    )
    member = models.ForeignKey(
        Member, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("人", "職員")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("組織", "部署")
    )
    evaluator = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("目標", "評価者"),
    )
    state = models.CharField(_("シートの状態"), max_length=9, choices=State, default=State.DRAFT)
    opened_at = models.DateTimeField(_("シートを開いた日時"))
    goals_due_on = models.DateField(_("目標の提出期限"))
    submitted_at = models.DateTimeField(_("提出した日時"), null=True, blank=True)
    agree_due_on = models.DateField(_("面談と確定の期限"), null=True, blank=True)
    return_comment = models.TextField(_("差戻しの理由"), max_length=1000, blank=True)
    agreed_by = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("確定した人"),
    )
    agreed_at = models.DateTimeField(_("確定した日時"), null=True, blank=True)

    objects = SheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("目標シート")
        verbose_name_plural = _("目標シート")
        ordering = ["-period__starts_on", "department__path", "member__kana", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["period", "member"], name="a_person_has_one_sheet_in_a_period"
            ),
            models.CheckConstraint(
                condition=Q(evaluator=None) | ~Q(evaluator=F("member")),
                name="nobody_evaluates_their_own_sheet",
            ),
            models.CheckConstraint(
                condition=Q(agreed_by=None) | ~Q(agreed_by=F("member")),
                name="nobody_agrees_their_own_goals",
            ),
            models.CheckConstraint(
                condition=Q(state="agreed", agreed_by__isnull=False, agreed_at__isnull=False)
                | (~Q(state="agreed") & Q(agreed_by=None, agreed_at=None)),
                name="sheet_is_agreed_when_it_says_so",
            ),
            models.CheckConstraint(
                condition=~Q(state="submitted")
                | Q(submitted_at__isnull=False, agree_due_on__isnull=False),
                name="submitted_sheet_has_its_time_and_the_evaluators_due_day",
            ),
        ]
        indexes = [models.Index(fields=["evaluator", "state"], name="sheet_by_evaluator")]

    def __str__(self) -> str:
        return f"{self.period} {self.member}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return page_address("evaluation:sheet", self.municipality_id, self.pk)

    @property
    def is_open_to_its_member(self) -> bool:
        """Whether the person can still write goals: before submission, or after 差戻し."""
        return self.state in (self.State.DRAFT, self.State.RETURNED)


class GoalQuerySet(BodyQuerySet):
    """Goals, visible to members who may read their sheet."""

    def visible_to(self, member: Member) -> Self:
        """The goals of the sheets that the member may read."""
        return self.filter(sheet__in=Sheet.objects.visible_to(member))


class Goal(BodyModel):
    """A goal: title, measure of success, weight (%) and difficulty."""

    class Difficulty(models.TextChoices):
        A = "A", _("A(難しい)")
        B = "B", _("B(ふつう)")
        C = "C", _("C(易しい)")

    sheet = models.ForeignKey(
        Sheet, models.CASCADE, related_name="goals", verbose_name=_("目標シート")
    )
    order = models.PositiveSmallIntegerField(pgettext_lazy("目標", "順番"))
    title = models.CharField(pgettext_lazy("目標", "目標"), max_length=120)
    measure = models.TextField(_("達成を測る物差し"), max_length=600)
    weight = models.PositiveSmallIntegerField(
        pgettext_lazy("目標", "ウエイト"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    difficulty = models.CharField(
        pgettext_lazy("目標", "難易度"), max_length=1, choices=Difficulty, default=Difficulty.B
    )

    objects = GoalQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("目標", "目標")
        verbose_name_plural = pgettext_lazy("目標", "目標")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "order"], name="goals_of_a_sheet_are_numbered_once"
            ),
            models.CheckConstraint(
                condition=Q(weight__gte=1, weight__lte=100), name="goal_weight_is_1_to_100"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id}:{self.order}"
