"""Improvement actions (改善項目): one row from the review that raised it to its end, its history, and
what was known of it at each closing.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluation.pdca.rules import reviews_in_sight
from municipality.core.addresses import page_address
from municipality.core.models import BodyModel, BodyQuerySet, States
from municipality.organisation.models import Member

if TYPE_CHECKING:
    from evaluation.pdca.reviews.models import Review


class ActionQuerySet(BodyQuerySet):
    """Actions of reviews."""

    def visible_to(self, member: Member) -> Self:
        """The actions of the reviews one may see, and those one has or had to do oneself."""
        held = ActionEntry.objects.filter(earlier_who=member).values("action")
        return self.filter(
            Q(who=member) | Q(pk__in=held) | reviews_in_sight(member, "review__"),
            municipality_id=member.municipality_id,
        )

    def of_reviews_visible_to(self, member: Member) -> Self:
        """The actions of the reviews one may see."""
        return self.filter(
            reviews_in_sight(member, "review__"), municipality_id=member.municipality_id
        )

    def open(self) -> Self:
        """Not done and not called off."""
        return self.filter(state=Action.State.OPEN)

    def overdue(self, today) -> Self:
        """Open ones whose day has passed."""
        return self.open().filter(due_on__lt=today)

    def incomplete(self) -> Self:
        """Open ones that lack what, who or until when."""
        return self.open().filter(Q(what="") | Q(who=None) | Q(due_on=None))

    def followed_by(self, review: Review) -> Self:
        """What a review looks at: the actions it raised, and those that earlier reviews of the same
        kind raised and that were still open when its period began.
        """
        ended_since = Q(finished_at__date__gte=review.first)
        return self.filter(
            Q(review=review) | Q(state=Action.State.OPEN) | ended_since,
            municipality_id=review.municipality_id,
            review__cadence=review.cadence,
            review__department=review.department_id,
            review__first__lte=review.first,
        ).exclude(state=Action.State.CARRIED)

    def with_last_report(self) -> Self:
        """With the text and the time of the latest report of each."""
        reports = ActionEntry.objects.filter(
            action=OuterRef("pk"), kind=ActionEntry.Kind.REPORT
        ).order_by("-at", "-pk")
        return self.annotate(
            last_report=Subquery(reports.values("text")[:1]),
            last_report_at=Subquery(reports.values("at")[:1]),
        )


class Action(BodyModel):
    """Something to improve (改善項目): what, who, until when. One row for its whole life: later
    reviews follow it until it ends.
    """

    class State(States):
        OPEN = "open", pgettext_lazy("改善項目", "進行中")
        DONE = "done", pgettext_lazy("改善項目", "完了")
        CANCELLED = "cancelled", pgettext_lazy("改善項目", "取りやめ")
        CARRIED = "carried", pgettext_lazy("改善項目", "次回へ繰越")

    State.tones = {"open": "run", "done": "ok", "cancelled": "stop", "carried": "neutral"}
    ARROWS = {
        State.OPEN: {State.DONE, State.CANCELLED},
        State.DONE: {State.OPEN},
        State.CANCELLED: {State.OPEN},
    }

    review = models.ForeignKey(
        "evaluation.Review",
        models.PROTECT,
        related_name="actions",
        verbose_name=pgettext_lazy("評価", "レビュー"),
    )
    what = models.CharField(_("何をするか"), max_length=200, blank=True)
    who = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("誰がするか"),
    )
    due_on = models.DateField(_("いつまでにするか"), null=True, blank=True)
    state = models.CharField(_("改善項目の状態"), max_length=9, choices=State, default=State.OPEN)
    added_at = models.DateTimeField(_("加えた日時"))
    finished_at = models.DateTimeField(_("終えた日時"), null=True, blank=True)
    outcome = models.TextField(_("どうなったか"), max_length=1000, blank=True)
    carried_from = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="carried_to",
        verbose_name=_("繰越元の改善項目"),
        help_text=_("繰越のたびに写しを作っていた時期の記録です。"),
    )
    continued_as = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="earlier_copies",
        verbose_name=_("繰越を重ねた末の改善項目"),
        help_text=_("写しから、いまの改善項目へ導きます。"),
    )

    last_report: str | None
    last_report_at: datetime | None
    """Read by `with_last_report` only."""

    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("評価", "改善項目")
        verbose_name_plural = pgettext_lazy("評価", "改善項目")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["done", "cancelled"], finished_at__isnull=False)
                | Q(state__in=["open", "carried"], finished_at=None),
                name="action_is_finished_when_it_says_so",
            )
        ]
        indexes = [
            models.Index(
                fields=["municipality", "due_on"], condition=Q(state="open"), name="action_open"
            )
        ]

    def __str__(self) -> str:
        return self.what

    def get_absolute_url(self) -> str:
        """Its page."""
        return page_address("evaluation:action", self.municipality_id, self.pk)

    @property
    def is_open(self) -> bool:
        """Is it still to be done?"""
        return self.state == self.State.OPEN


class ActionEntry(BodyModel):
    """A line in the history (経過) of an action: what was reported or changed, by whom, why. It never
    changes.
    """

    class Kind(models.TextChoices):
        ADDED = "added", pgettext_lazy("改善項目の経過", "追加")
        CHANGED = "changed", pgettext_lazy("改善項目の経過", "内容の変更")
        REPORT = "report", pgettext_lazy("改善項目の経過", "経過の報告")
        DUE = "due", pgettext_lazy("改善項目の経過", "期限の変更")
        HOLDER = "holder", pgettext_lazy("改善項目の経過", "担当の変更")
        DONE = "done", pgettext_lazy("改善項目の経過", "完了")
        CANCELLED = "cancelled", pgettext_lazy("改善項目の経過", "取りやめ")
        REOPENED = "reopened", pgettext_lazy("改善項目の経過", "進行中に戻す")

    action = models.ForeignKey(
        Action,
        models.CASCADE,
        related_name="entries",
        verbose_name=pgettext_lazy("評価", "改善項目"),
    )
    kind = models.CharField(_("経過の種類"), max_length=9, choices=Kind)
    text = models.TextField(_("経過の内容"), max_length=1000, blank=True)
    by = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("経過を書いた人"),
    )
    at = models.DateTimeField(_("経過の日時"))
    due_on = models.DateField(
        _("新しい期限"), null=True, blank=True, help_text=_("経過の報告では、希望する期限です。")
    )
    earlier_due_on = models.DateField(_("それまでの期限"), null=True, blank=True)
    who = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("新しい担当"),
    )
    earlier_who = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("それまでの担当"),
    )

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("改善項目の経過")
        verbose_name_plural = _("改善項目の経過")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.action_id} {self.kind}"


class ActionInReviewQuerySet(BodyQuerySet):
    """What was known of actions, visible with the review that was closed."""

    def visible_to(self, member: Member) -> Self:
        """Of the reviews one may see."""
        return self.filter(
            reviews_in_sight(member, "review__"), municipality_id=member.municipality_id
        )


class ActionInReview(BodyModel):
    """What was known of an action when a review was closed. It stays as it was, whatever becomes of
    the action.
    """

    State = Action.State

    review = models.ForeignKey(
        "evaluation.Review",
        models.CASCADE,
        related_name="known_actions",
        verbose_name=pgettext_lazy("評価", "レビュー"),
    )
    action = models.ForeignKey(
        Action,
        models.PROTECT,
        related_name="known_in",
        verbose_name=pgettext_lazy("評価", "改善項目"),
    )
    state = models.CharField(_("改善項目の状態"), max_length=9, choices=Action.State)
    due_on = models.DateField(_("いつまでにするか"), null=True, blank=True)
    who = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("誰がするか"),
    )
    last_report = models.TextField(_("最新の報告"), max_length=1000, blank=True)
    outcome = models.TextField(_("どうなったか"), max_length=1000, blank=True)
    known_at = models.DateTimeField(_("固定した日時"))

    objects = ActionInReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("締めたときの改善項目")
        verbose_name_plural = _("締めたときの改善項目")
        ordering = ["due_on", "action_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "action"], name="an_action_is_known_once_in_a_review"
            )
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.action_id}"
