"""Rounds of readiness (準備度), and what each department hands in."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.addresses import page_address
from municipality.core.models import BodyModel, BodyQuerySet, DepartmentalQuerySet, States
from municipality.core.periods import ONE_DAY
from municipality.organisation.models import Department, Member
from rollout.readiness.models.exceptions import grants_exceptions
from rollout.readiness.scores import Scores


class Round(BodyModel):
    """A round (回) in which the departments answer. Only one is open at a time."""

    class State(States):
        OPEN = "open", pgettext_lazy("準備度の回", "受付中")
        CLOSED = "closed", pgettext_lazy("準備度の回", "受付終了")

    State.tones = {"open": "run", "closed": "neutral"}
    ARROWS = {State.OPEN: {State.CLOSED}, State.CLOSED: {State.OPEN}}

    name = models.CharField(pgettext_lazy("準備度の回", "名称"), max_length=60)
    number = models.PositiveSmallIntegerField(pgettext_lazy("準備度の回", "回の番号"))
    opens_on = models.DateField(_("受付の開始日"))
    due_on = models.DateField(_("提出の期限"))
    catalogue_version = models.PositiveSmallIntegerField(_("項目表の版"))
    state = models.CharField(
        pgettext_lazy("準備度の回", "回の状態"), max_length=6, choices=State, default=State.OPEN
    )
    opened_by = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("受付を開始した人"),
    )
    closed_by = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("受付を締め切った人"),
    )
    closed_at = models.DateTimeField(_("受付を締め切った日時"), null=True, blank=True)

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("準備度評価の回")
        verbose_name_plural = _("準備度評価の回")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "number"], name="round_number_is_unique_in_its_body"
            ),
            models.UniqueConstraint(
                fields=["municipality"],
                condition=Q(state="open"),
                name="one_round_is_open_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("opens_on")), name="round_is_due_after_it_opens"
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None)
                | Q(state="closed", closed_at__isnull=False),
                name="closed_round_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of this row."""
        return page_address("rollout:readiness", self.municipality_id, query={"round": self.pk})

    @property
    def is_open(self) -> bool:
        """Whether answers are still accepted."""
        return self.state == self.State.OPEN

    @property
    def earliest_new_due_on(self) -> date:
        """The earliest day to which its due date may be moved: after the present one, or that one
        too when a closed round is opened again.
        """
        return self.due_on + ONE_DAY if self.is_open else self.due_on


class AssessmentQuerySet(DepartmentalQuerySet):
    """Assessments, seen by whoever sees the department, and by who grants exceptions in the
    body.
    """

    def visible_to(self, member: Member) -> Self:
        """Those of the departments in reach; all of the body for whoever grants exceptions."""
        return self.filter(
            member.authority.reach("department__path") | grants_exceptions(member),
            municipality_id=member.municipality_id,
        )

    def to_answer(self) -> Self:
        """Assessments to be answered by their department: not submitted, or returned, while the
        round is open.
        """
        return self.filter(state__in=Assessment.ANSWERING, round__state=Round.State.OPEN)

    def to_confirm(self) -> Self:
        """Submitted assessments that wait for the office."""
        return self.filter(state=Assessment.State.SUBMITTED)

    def confirmed(self) -> Self:
        """Confirmed assessments, those of the newest round first."""
        return self.filter(state=Assessment.State.CONFIRMED).order_by("-round__number")

    def before(self, round_: Round) -> Self:
        """Those of the rounds before."""
        return self.filter(round__number__lt=round_.number)

    def newer_than(self, assessment: Assessment) -> Self:
        """Those of the same department in later rounds."""
        return self.filter(
            department=assessment.department_id, round__number__gt=assessment.round.number
        )

    def newest_confirmed(self) -> dict[int, Assessment]:
        """By department the confirmed assessment of the newest round. One query."""
        rows: list[Any] = list(self.confirmed().select_related("round"))
        return {row.department_id: row for row in reversed(rows)}

    def handed_in(self) -> Self:
        """Submitted or confirmed assessments, whose scores may be shown."""
        return self.filter(state__in=[Assessment.State.SUBMITTED, Assessment.State.CONFIRMED])


class Assessment(BodyModel):
    """One department's answers in one round (準備度評価): filled in and submitted there, reviewed
    and confirmed by the office.

    `scores` are the result of the answers as they stand, rewritten with each change; `due_on` is
    the round's due date, later only when the office sent the answers back.
    """

    class State(States):
        NOT_STARTED = "not_started", pgettext_lazy("準備度評価", "未着手")
        ENTERING = "entering", pgettext_lazy("準備度評価", "入力中")
        SUBMITTED = "submitted", pgettext_lazy("準備度評価", "提出")
        RETURNED = "returned", pgettext_lazy("準備度評価", "差戻し")
        CONFIRMED = "confirmed", pgettext_lazy("準備度評価", "確定")

    State.tones = {
        "not_started": "neutral",
        "entering": "run",
        "submitted": "run",
        "returned": "back",
        "confirmed": "ok",
    }
    ANSWERING = (State.NOT_STARTED, State.ENTERING, State.RETURNED)
    ARROWS = {
        State.NOT_STARTED: {State.ENTERING},
        State.ENTERING: {State.SUBMITTED},
        State.SUBMITTED: {State.RETURNED, State.CONFIRMED},
        State.RETURNED: {State.SUBMITTED},
    }

    round = models.ForeignKey(
        Round, models.PROTECT, related_name="assessments", verbose_name=_("準備度評価の回")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("組織", "部署")
    )
    state = models.CharField(
        _("評価の状態"), max_length=12, choices=State, default=State.NOT_STARTED
    )
    due_on = models.DateField(_("提出の期限"))
    submitted_by = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("提出した人"),
    )
    submitted_at = models.DateTimeField(_("提出した日時"), null=True, blank=True)
    confirm_due_on = models.DateField(_("確定の期限"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("確定した人"),
    )
    confirmed_at = models.DateTimeField(_("確定した日時"), null=True, blank=True)
    remark = models.TextField(_("差戻しの理由"), blank=True, max_length=1000)
    returned_by = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("差し戻した人"),
    )
    returned_at = models.DateTimeField(_("差し戻した日時"), null=True, blank=True)
    scores = models.JSONField(_("観点ごとの点"), default=dict, blank=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("準備度評価")
        verbose_name_plural = _("準備度評価")
        ordering = ["department__path"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "department"], name="department_is_assessed_once_a_round"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["not_started", "entering"])
                | Q(
                    submitted_by__isnull=False,
                    submitted_at__isnull=False,
                    confirm_due_on__isnull=False,
                ),
                name="submitted_assessment_says_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="confirmed", confirmed_by__isnull=False, confirmed_at__isnull=False
                )
                | (~Q(state="confirmed") & Q(confirmed_by=None, confirmed_at=None)),
                name="only_a_confirmed_assessment_says_who_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("submitted_by")),
                name="nobody_confirms_what_they_submitted",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned", remark=""), name="returned_assessment_says_why"
            ),
        ]
        indexes = [models.Index(fields=["municipality", "state"], name="assessment_by_state")]

    def __str__(self) -> str:
        return f"{self.department} {self.round}"

    def get_absolute_url(self) -> str:
        """The page of this row."""
        return page_address("rollout:assessment", self.municipality_id, self.pk)

    @property
    def conditions_address(self) -> str:
        """The page of its 必須条件: what is open, passed over, looked at again."""
        return page_address("rollout:conditions", self.municipality_id, self.pk)

    @property
    def earliest_new_due_on(self) -> date:
        """The earliest day to which its due date may be moved."""
        return self.due_on + ONE_DAY

    @property
    def is_answering(self) -> bool:
        """Whether the department may answer. The round has to be open as well."""
        return self.state in self.ANSWERING

    def is_late(self, today: date) -> bool:
        """Is the due date past while the department may still answer?"""
        return self.is_answering and self.round.is_open and self.due_on < today

    @property
    def is_confirmed(self) -> bool:
        """Did the office confirm it?"""
        return self.state == self.State.CONFIRMED

    @property
    def is_handed_in(self) -> bool:
        """Whether its scores may be shown. An assessment that is being answered or was returned
        counts as 未提出.
        """
        return self.state in (self.State.SUBMITTED, self.State.CONFIRMED)

    @property
    def result(self) -> Scores:
        """Scores by axis and in total, as of the last change."""
        return Scores.read(self.scores)
