"""Reviews with their frozen figures, their earlier closings and what was said about them."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluation.pdca.indicators.models import Indicator
from evaluation.pdca.rules import reviews_in_sight
from evaluation.pdca.wording import review_title
from municipality.core.addresses import page_address
from municipality.core.figures import Figure
from municipality.core.models import BodyModel, BodyQuerySet, States
from municipality.core.periods import Period
from municipality.organisation.models import Department, Grant, Member


class ReviewQuerySet(BodyQuerySet):
    """Reviews, visible to members responsible for their department."""

    def visible_to(self, member: Member) -> Self:
        """The reviews in the reach of one's roles, and the body's own. Where one is staff, once
        they are closed or decided.
        """
        return self.filter(reviews_in_sight(member), municipality_id=member.municipality_id)

    def of_period(self, period: Period) -> Self:
        """Reviews of one period."""
        return self.filter(cadence=period.cadence, first=period.first)


class Review(BodyModel):
    """Review of one period, of the body (department None) or of one department: Plan, Do, Check,
    Act.
    """

    class Cadence(models.TextChoices):
        MONTH = "month", pgettext_lazy("レビュー", "月次")
        QUARTER = "quarter", pgettext_lazy("レビュー", "四半期")
        HALF = "half", pgettext_lazy("レビュー", "半期")
        YEAR = "year", pgettext_lazy("レビュー", "年次")

    class State(States):
        ENTERING = "entering", pgettext_lazy("レビュー", "入力中")
        CLOSED = "closed", pgettext_lazy("レビュー", "締め")
        DECIDING = "deciding", pgettext_lazy("レビュー", "決裁中")
        DECIDED = "decided", pgettext_lazy("レビュー", "決裁済")

    State.tones = {"entering": "run", "closed": "ok", "deciding": "run", "decided": "ok"}
    ARROWS = {
        State.ENTERING: {State.CLOSED},
        State.CLOSED: {State.DECIDING, State.ENTERING},
        State.DECIDING: {State.DECIDED, State.CLOSED},
    }
    PARTS = ("plan_text", "do_text", "check_text", "act_text")
    NEEDED = ("do_text", "check_text", "act_text")
    """Texts without which a review is not closed."""

    cadence = models.CharField(_("レビューの周期"), max_length=7, choices=Cadence)
    first = models.DateField(_("期間の初日"))
    last = models.DateField(_("期間の末日"))
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("組織", "部署"),
        help_text=_("空欄は、団体全体のレビューです。"),
    )
    due_on = models.DateField(_("締めの期限"))
    state = models.CharField(
        _("レビューの状態"), max_length=8, choices=State, default=State.ENTERING
    )
    plan_text = models.TextField(_("今期のねらい"), max_length=4000, blank=True)
    do_text = models.TextField(pgettext_lazy("レビュー", "行ったこと"), max_length=4000, blank=True)
    check_text = models.TextField(_("結果と分析"), max_length=4000, blank=True)
    act_text = models.TextField(_("次に向けて"), max_length=4000, blank=True)
    opened_at = models.DateTimeField(_("開いた日時"))
    closed_by = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("レビュー", "締めた人"),
    )
    closed_at = models.DateTimeField(_("締めた日時"), null=True, blank=True)
    stamp = models.CharField(_("締めたときの元データの照合値"), max_length=80, blank=True)
    """Not written any more: what changed since the closing is measured. Reviews closed earlier keep
    theirs.
    """
    decided_at = models.DateTimeField(_("決裁された日時"), null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("評価", "レビュー")
        verbose_name_plural = pgettext_lazy("評価", "レビュー")
        ordering = ["-last", "cadence", "department__path", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "cadence", "first", "department"],
                condition=Q(department__isnull=False),
                name="a_department_reviews_a_period_once",
            ),
            models.UniqueConstraint(
                fields=["municipality", "cadence", "first"],
                condition=Q(department=None),
                name="a_body_reviews_a_period_once",
            ),
            models.CheckConstraint(
                condition=Q(last__gt=F("first")), name="review_period_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(state="entering", closed_by=None, closed_at=None)
                | (~Q(state="entering") & Q(closed_by__isnull=False, closed_at__isnull=False)),
                name="review_is_closed_when_it_says_so",
            ),
            models.CheckConstraint(
                condition=Q(state="decided", decided_at__isnull=False)
                | (~Q(state="decided") & Q(decided_at=None)),
                name="review_is_decided_when_it_says_so",
            ),
        ]
        indexes = [
            models.Index(fields=["municipality", "state", "due_on"], name="review_to_be_entered")
        ]

    def __str__(self) -> str:
        return (
            f"{self.get_cadence_display()} {self.first.isoformat()} {self.department or ''}".strip()
        )

    def get_absolute_url(self) -> str:
        """Its page."""
        return page_address("evaluation:review", self.municipality_id, self.pk)

    @property
    def title(self) -> str:
        """Title such as 月次レビュー 令和8年10月分, in the reader's language."""
        return review_title(self)

    @property
    def place(self) -> str:
        """Name of the department, or of the body."""
        return (self.department or self.municipality).name

    @property
    def period(self) -> Period:
        """Days of the period."""
        return Period(self.first, self.last, self.cadence)

    @classmethod
    def words_for(cls, part: str) -> str:
        """What one of the texts is called on pages and in decisions."""
        return str(getattr(cls._meta.get_field(part), "verbose_name", part))

    @property
    def is_bodys_own(self) -> bool:
        """Whether it is the review of the whole body."""
        return self.department_id is None

    @property
    def is_entering(self) -> bool:
        """Whether it is open, so that its figures still change."""
        return self.state == self.State.ENTERING

    @property
    def is_open_to_changes(self) -> bool:
        """Whether texts and actions can be changed: until it is put to decision."""
        return self.state in (self.State.ENTERING, self.State.CLOSED)


class ReviewFigure(BodyModel):
    """Figure at the closing of the review, with the definition it was computed with. It never
    changes.
    """

    review = models.ForeignKey(
        Review,
        models.CASCADE,
        related_name="figures",
        verbose_name=pgettext_lazy("評価", "レビュー"),
    )
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("指標", "指標")
    )
    numerator = models.FloatField(pgettext_lazy("指標", "分子"), null=True)
    denominator = models.FloatField(pgettext_lazy("指標", "分母"), null=True)
    missing = models.PositiveIntegerField(_("未提出の数"), default=0)
    previous_numerator = models.FloatField(_("前の期間の分子"), null=True)
    previous_denominator = models.FloatField(_("前の期間の分母"), null=True)
    details = models.JSONField(_("数値の成り立ち"), default=dict, blank=True)
    previous_details = models.JSONField(_("前の期間の数値の成り立ち"), default=dict, blank=True)
    """Kind, population, missing departments and groups of people, as `details_of` gives them; empty
    where a figure was frozen before they were kept.
    """
    frozen_at = models.DateTimeField(_("固定した日時"))

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("固定した数値")
        verbose_name_plural = _("固定した数値")
        ordering = ["indicator__code"]
        constraints = [
            models.UniqueConstraint(fields=["review", "indicator"], name="a_figure_is_frozen_once")
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.indicator_id}"

    @property
    def figure(self) -> Figure:
        """Figure in the form of the indicators."""
        details = {"version": self.indicator.definition_version, **self.details}
        return self.indicator.figure(self.numerator, self.denominator, details, self.missing)

    @property
    def previous(self) -> Figure:
        """Figure of the period before, as it was known at closing."""
        before = self.previous_numerator, self.previous_denominator
        return self.indicator.figure(*before, self.previous_details)


def details_of(figure: Figure) -> dict[str, Any]:
    """What is kept of a figure beside its two numbers."""
    return {
        "kind": figure.kind,
        "population": figure.population,
        "version": figure.version,
        "missing": list(figure.missing),
        "people": None if figure.people is None else list(figure.people),
    }


class ReviewRevision(BodyModel):
    """An earlier closing of a review that was reopened before its decision (改版): what was frozen
    then, who reopened it and why.

    `content` keeps the texts, the figures and the actions as keys and values, so that each reader
    gets them in their language.
    """

    review = models.ForeignKey(
        Review,
        models.CASCADE,
        related_name="revisions",
        verbose_name=pgettext_lazy("評価", "レビュー"),
    )
    number = models.PositiveSmallIntegerField(_("締めの回数の番号"))
    closed_by = models.ForeignKey(
        Member,
        models.PROTECT,
        related_name="+",
        verbose_name=pgettext_lazy("レビュー", "締めた人"),
    )
    closed_at = models.DateTimeField(_("締めた日時"))
    stamp = models.CharField(_("締めたときの元データの照合値"), max_length=80, blank=True)
    """As of the review: kept of closings that have one."""
    content = models.JSONField(_("締めたときの内容"), default=dict)
    reopened_by = models.ForeignKey(
        Member, models.PROTECT, related_name="+", verbose_name=_("締めを解いた人")
    )
    reopened_at = models.DateTimeField(_("締めを解いた日時"))
    reason = models.TextField(_("締めを解いた理由"), max_length=1000)

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("レビューの以前の締め")
        verbose_name_plural = _("レビューの以前の締め")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="a_closing_has_one_number")
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.number}"


class Remark(BodyModel):
    """Remark of a manager, the office or a consultant on a review (所見; 助言 from outside). Name and
    post are those of its day.
    """

    review = models.ForeignKey(
        Review,
        models.CASCADE,
        related_name="remarks",
        verbose_name=pgettext_lazy("評価", "レビュー"),
    )
    member = models.ForeignKey(
        Member, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("レビュー", "書いた人")
    )
    name = models.CharField(pgettext_lazy("人", "氏名"), max_length=80)
    post = models.CharField(_("書いた人の職位"), max_length=130, blank=True)
    role = models.CharField(_("書いた人の役割"), max_length=10, choices=Grant.Role)
    text = models.TextField(pgettext_lazy("レビュー", "所見"), max_length=2000)
    is_advice = models.BooleanField(_("助言である"), default=False)
    written_at = models.DateTimeField(_("書いた日時"))

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("レビュー", "所見")
        verbose_name_plural = pgettext_lazy("レビュー", "所見")
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return f"{self.review_id} {self.role}"
