"""The answers of a department (準備度), one for each criterion, with their review."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.models import BodyModel, DepartmentalQuerySet
from municipality.organisation.models import Member
from rollout.readiness.models.assessments import Assessment
from rollout.readiness.models.criteria import TOP_LEVEL, Criterion
from rollout.readiness.scores import is_unmet


class AnswerQuerySet(DepartmentalQuerySet):
    """Answers, visible to members who see the department."""

    department_field = "assessment__department"


class Answer(BodyModel):
    """Answer of a department to one criterion, and its review. Both levels are kept.

    Levels are 0–4; None is not answered, or not reviewed: confirming writes no review that nobody
    made. `previous_level` and `previous_comment` are those confirmed in the round before, shown
    beside and never taken for an answer. What is `not_applicable` has no level, its reason is the
    comment. `edition` is the assessment's at the last change of this answer, so that two people on
    two axes do not collide. `returned_level` and `returned_comment` are what the department had
    said when it was sent back, `return_reply` its words to what was asked of this item then.
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
    previous_comment = models.TextField(_("前回のコメント"), blank=True, max_length=1000)
    not_applicable = models.BooleanField(pgettext_lazy("準備度", "該当なし"), default=False)
    return_remark = models.TextField(_("差戻しの指摘"), blank=True, max_length=1000)
    return_reply = models.TextField(_("指摘への返答"), blank=True, max_length=1000)
    returned_level = models.PositiveSmallIntegerField(_("差戻しの時の段階"), null=True, blank=True)
    returned_comment = models.TextField(_("差戻しの時のコメント"), blank=True, max_length=1000)
    answered_by = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("回答した人"),
    )
    answered_at = models.DateTimeField(_("回答した日時"), null=True, blank=True)
    reviewed_by = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("確認した人"),
    )
    reviewed_at = models.DateTimeField(_("確認した日時"), null=True, blank=True)

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
            models.CheckConstraint(
                condition=Q(not_applicable=False)
                | (Q(own_level=None, reviewed_level=None) & ~Q(comment="")),
                name="what_does_not_apply_has_a_reason_and_no_level",
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
    def is_reviewed(self) -> bool:
        """Did somebody look at it? What does not apply has no level to review."""
        return self.reviewed_level is not None or self.reviewed_by_id is not None

    def is_lowered_by(self, level: int | None) -> bool:
        """Would this reviewed level be lower than the department's own?"""
        return level is not None and self.own_level is not None and level < self.own_level

    @property
    def is_lowered(self) -> bool:
        """Is the department's own level lower than the one confirmed in the round before?"""
        return self._is_below_previous(self.own_level)

    def lacks_reason(
        self, level: int | None, comment: str, *, not_applicable: bool = False
    ) -> bool:
        """Would this own level be lowered, or a level given up as 該当なし, with no word of its own?
        The comment of the round before says nothing of it.
        """
        given_up = not_applicable and self.previous_level is not None
        explained = comment.strip() not in ("", self.previous_comment.strip())
        return (given_up or self._is_below_previous(level)) and not explained

    @property
    def is_unexplained(self) -> bool:
        """Is it lowered, or given up as 該当なし, without a reason?"""
        return self.lacks_reason(self.own_level, self.comment, not_applicable=self.not_applicable)

    def _is_below_previous(self, level: int | None) -> bool:
        previous = self.previous_level
        return level is not None and previous is not None and level < previous

    @property
    def is_changed_since_return(self) -> bool:
        """Does the department say something else than when it was sent back?"""
        return (self.own_level, self.comment) != (self.returned_level, self.returned_comment)

    @property
    def waits_for_reply(self) -> bool:
        """Was it named when it was sent back, and neither changed nor replied to since?"""
        return bool(self.return_remark) and not (self.return_reply or self.is_changed_since_return)

    @property
    def is_blocking(self) -> bool:
        """Whether it is an unmet 必須条件."""
        return is_unmet(self.criterion, self.level)
