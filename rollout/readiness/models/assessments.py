"""Rounds of readiness (準備度), and the answers of each department."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.addresses import page_address
from municipality.core.models import BodyModel, BodyQuerySet, DepartmentalQuerySet, States
from municipality.organisation.models import Department, Member
from rollout.readiness.models.criteria import TOP_LEVEL, Criterion
from rollout.readiness.scores import Scores, is_unmet


class Round(BodyModel):
    """A round (回) in which the departments answer. Only one is open at a time."""

    class State(States):
        OPEN = "open", pgettext_lazy("準備度の回", "受付中")
        CLOSED = "closed", pgettext_lazy("準備度の回", "終了")

    State.tones = {"open": "run", "closed": "neutral"}
    ARROWS = {State.OPEN: {State.CLOSED}}

    name = models.CharField(pgettext_lazy("準備度の回", "回の名前"), max_length=60)
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
        verbose_name=pgettext_lazy("準備度の回", "始めた人"),
    )
    closed_by = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("準備度の回", "終えた人"),
    )
    closed_at = models.DateTimeField(_("終えた日時"), null=True, blank=True)

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


class AssessmentQuerySet(DepartmentalQuerySet):
    """Assessments, visible to members who see the department."""

    def to_answer(self) -> Self:
        """Assessments to be answered by their department: not submitted, or returned, while the
        round is open.
        """
        return self.filter(state__in=Assessment.ANSWERING, round__state=Round.State.OPEN)

    def to_confirm(self) -> Self:
        """Submitted assessments that wait for the office."""
        return self.filter(state=Assessment.State.SUBMITTED)

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
    def is_answering(self) -> bool:
        """Whether the department may answer. The round has to be open as well."""
        return self.state in self.ANSWERING

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


class AnswerQuerySet(DepartmentalQuerySet):
    """Answers, visible to members who see the department."""

    department_field = "assessment__department"


class Answer(BodyModel):
    """Answer of a department to one criterion, and its review. Both levels are kept.

    Levels are 0–4; None is not answered, or not reviewed. `previous_level` is the confirmed level
    of the previous round.
    """

    assessment = models.ForeignKey(
        Assessment, models.CASCADE, related_name="answers", verbose_name=_("準備度評価")
    )
    criterion = models.ForeignKey(
        Criterion, models.PROTECT, related_name="+", verbose_name=_("準備度の項目")
    )
    own_level = models.PositiveSmallIntegerField(_("自己評価の段階"), null=True, blank=True)
    comment = models.TextField(_("部署のコメント"), blank=True, max_length=1000)
    reviewed_level = models.PositiveSmallIntegerField(_("確認後の段階"), null=True, blank=True)
    reviewed_comment = models.TextField(_("確認者のコメント"), blank=True, max_length=1000)
    previous_level = models.PositiveSmallIntegerField(_("前回の段階"), null=True, blank=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("準備度の回答")
        verbose_name_plural = _("準備度の回答")
        ordering = ["criterion__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "criterion"], name="criterion_is_answered_once"
            ),
            models.CheckConstraint(
                condition=Q(own_level=None) | Q(own_level__lte=TOP_LEVEL),
                name="own_level_is_0_to_4",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_level=None) | Q(reviewed_level__lte=TOP_LEVEL),
                name="reviewed_level_is_0_to_4",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion} {self.level}"

    @property
    def level(self) -> int | None:
        """Level that counts: the reviewed one where there is one."""
        return self.own_level if self.reviewed_level is None else self.reviewed_level

    @property
    def own_text(self) -> str:
        """Description of the department's level."""
        return "" if self.own_level is None else self.criterion.words.levels[self.own_level]

    @property
    def reviewed_text(self) -> str:
        """Description of the reviewed level."""
        return (
            "" if self.reviewed_level is None else self.criterion.words.levels[self.reviewed_level]
        )

    @property
    def difference(self) -> int | None:
        """Reviewed level minus own level; None while one of them is missing."""
        if self.own_level is None or self.reviewed_level is None:
            return None
        return self.reviewed_level - self.own_level

    @property
    def is_blocking(self) -> bool:
        """Whether it is an unmet 必須条件."""
        return is_unmet(self.criterion, self.level)
