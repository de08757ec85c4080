"""Looking at one 必須条件 again between two rounds (再確認)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.addresses import page_address
from municipality.core.models import BodyModel, DepartmentalQuerySet, States
from municipality.organisation.models import Member
from rollout.readiness.models.answers import Answer
from rollout.readiness.models.criteria import TOP_LEVEL

REEXAMINATION_TEXT = 1000
"""Characters of what changed, and of why it is declined."""


class ReexaminationQuerySet(DepartmentalQuerySet):
    """Re-examinations, seen by whoever sees the department."""

    department_field = "answer__assessment__department"


class Reexamination(BodyModel):
    """A department says that a 必須条件 of its confirmed assessment is at another level now, and why.
    The office or a consultant confirms or declines.

    `level_before` is the level that counted when it was asked; the row stays as the history of the
    answer.
    """

    class State(States):
        ASKED = "asked", pgettext_lazy("再確認", "確認待ち")
        CONFIRMED = "confirmed", pgettext_lazy("再確認", "確認済み")
        DECLINED = "declined", pgettext_lazy("再確認", "見送り")

    State.tones = {"asked": "run", "confirmed": "ok", "declined": "back"}
    ARROWS = {State.ASKED: {State.CONFIRMED, State.DECLINED}}

    answer = models.ForeignKey(
        Answer,
        models.CASCADE,
        related_name="reexaminations",
        verbose_name=_("準備度の回答"),
    )
    level = models.PositiveSmallIntegerField(_("いまの段階"))
    level_before = models.PositiveSmallIntegerField(_("再確認の前の段階"), null=True)
    comment = models.TextField(_("変わったこと"), max_length=REEXAMINATION_TEXT)
    asked_by = models.ForeignKey(
        Member, models.PROTECT, related_name="+", verbose_name=_("再確認を依頼した人")
    )
    asked_at = models.DateTimeField(_("再確認を依頼した日時"))
    due_on = models.DateField(_("再確認の期限"))
    state = models.CharField(_("再確認の状態"), max_length=9, choices=State, default=State.ASKED)
    remark = models.TextField(_("確認者の理由"), max_length=REEXAMINATION_TEXT, blank=True)
    decided_by = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("再確認した人"),
    )
    decided_at = models.DateTimeField(_("再確認した日時"), null=True, blank=True)

    objects = ReexaminationQuerySet.as_manager()

    class Meta:
        verbose_name = _("必須条件の再確認")
        verbose_name_plural = _("必須条件の再確認")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["answer"],
                condition=Q(state="asked"),
                name="answer_is_re_examined_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(level__lte=TOP_LEVEL), name="re_examined_level_is_0_to_4"
            ),
            models.CheckConstraint(
                condition=~Q(comment=""), name="re_examination_says_what_changed"
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_by=None, decided_at=None)
                | Q(
                    state__in=["confirmed", "declined"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="decided_re_examination_says_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined", remark=""),
                name="declined_re_examination_says_why",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                name="nobody_confirms_what_they_asked_to_re_examine",
            ),
        ]

    def __str__(self) -> str:
        return str(self.answer.criterion)

    def get_absolute_url(self) -> str:
        """Its place on the page of the department's conditions."""
        return page_address("rollout:conditions", self.municipality_id, self.answer.assessment_id)
