"""Pilot (試行): departments, period and method of a trial of telework, and its success criteria."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import DateField, Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce, Greatest, Least, TruncDate
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from municipality.core.addresses import page_address
from municipality.core.models import BodyModel, BodyQuerySet, States
from municipality.decisions.models import Step
from municipality.organisation.models import Department, Member


@dataclass(frozen=True)
class Face:
    """State as a badge shows it."""

    tone: str
    label: str


class PilotKind(models.TextChoices):
    """Kind of a pilot."""

    DEPARTMENT = "department", _("部署での試行")
    MANAGERS = "managers", _("管理職の先行実施")
    CONTINUITY = "continuity", _("業務継続(BCP)訓練")
    SATELLITE = "satellite", _("サテライトオフィスの試行")


ALONE_IN_ITS_DEPARTMENTS = (PilotKind.DEPARTMENT, PilotKind.SATELLITE)
"""Kinds that no department has two of at one time: a day of telework would count for both. Managers
go ahead, and the drill of 業務継続 is held, beside a pilot of their department.
"""


class Method(models.TextChoices):
    """The seven ways to connect (方式) of the Ministry's security guideline, fifth edition."""

    VPN = "vpn", _("VPN方式")
    REMOTE_DESKTOP = "remote_desktop", _("リモートデスクトップ方式")
    VDI = "vdi", _("仮想デスクトップ(VDI)方式")
    CONTAINER = "container", _("セキュアコンテナ方式")
    BROWSER = "browser", _("セキュアブラウザ方式")
    CLOUD = "cloud", _("クラウドサービス方式")
    STANDALONE = "standalone", _("スタンドアロン方式")


def subjects_decided_by(member: Member, matter: str):
    """Numbers of the subjects of this matter whose decision has a step for a post that the member
    holds.
    """
    return Step.objects.filter(
        member.authority.holds("department", "post"), decision__matter=matter
    ).values("decision__subject_id")


def led_by(member: Member, prefix: str = "") -> Q:
    """Condition for pilots that the member leads, as a manager of any department, or working in one
    of the pilot's departments; not after moving away.
    """
    named = Q(**{f"{prefix}lead": member})
    if member.authority.is_manager:
        return named
    here = PilotDepartment.objects.filter(department__path__in=member.authority.home_paths)
    return named & Q(**{f"{prefix}pk__in": here.values("pilot")})


def first_day_of(prefix: str = "") -> Greatest:
    """`Pilot.first_day` in the database, of a pilot that has started."""
    started = TruncDate(f"{prefix}started_at")
    return Greatest(f"{prefix}starts_on", started, output_field=DateField())


def end_day_of(prefix: str = "") -> Least:
    """`Pilot.end_day` in the database."""
    over = Coalesce(TruncDate(f"{prefix}finished_at"), f"{prefix}ends_on")
    return Least(f"{prefix}ends_on", over, output_field=DateField())


class PilotQuerySet(BodyQuerySet):
    """Pilots, by visibility and by period."""

    def visible_to(self, member: Member) -> Self:
        """Pilots of departments in reach, those one leads or takes part in, and those one is asked
        to decide on.
        """
        here = PilotDepartment.objects.filter(
            member.authority.reach("department__path"), pilot=OuterRef("pk")
        )
        widened = PilotDepartment.objects.filter(
            pilot=OuterRef("pk"),
            pilot__expansions__in=subjects_decided_by(member, "pilots.expansion"),
        )
        return self.filter(
            Exists(here)
            | led_by(member)
            | Q(pk__in=member.participations.values("pilot"))
            | Q(pk__in=subjects_decided_by(member, "pilots.pilot"))
            | Exists(widened),
            municipality_id=member.municipality_id,
        )

    def running_in(self, first: date, last: date) -> Self:
        """Pilots that ran on some day between the two, both included: started, and not ended before
        the first.
        """
        rows = self.filter(started_at__isnull=False)
        days = rows.alias(first_day_in=first_day_of(), last_day_in=end_day_of())
        return days.filter(first_day_in__lte=last, last_day_in__gte=first)


class Pilot(BodyModel):
    """Telework tried in some departments for some time. Its success criteria are fixed before it
    starts.

    `expansion` names the approved expansion that this pilot arose from; `answers_due_on` is the
    last open day before it, by which participants answer (empty for pilots planned before that was
    kept); `report_due_on` is the day by which its evaluation is due, written down when it starts.
    """

    class State(States):
        PLANNED = "planned", pgettext_lazy("試行の状態", "計画中")
        DECIDING = "deciding", pgettext_lazy("試行の状態", "決裁中")
        APPROVED = "approved", pgettext_lazy("試行の状態", "承認")
        RUNNING = "running", pgettext_lazy("試行の状態", "実施中")
        EVALUATING = "evaluating", pgettext_lazy("試行の状態", "評価中")
        FINISHED = "finished", pgettext_lazy("試行の状態", "完了")

    State.tones = {
        "planned": "neutral",
        "deciding": "run",
        "approved": "ok",
        "running": "run",
        "evaluating": "run",
        "finished": "ok",
    }
    ARROWS = {
        State.PLANNED: {State.DECIDING, State.FINISHED},
        State.DECIDING: {State.APPROVED, State.PLANNED, State.FINISHED},
        State.APPROVED: {State.RUNNING, State.FINISHED},
        State.RUNNING: {State.EVALUATING, State.FINISHED},
        State.EVALUATING: {State.FINISHED},
    }
    STARTED = (State.RUNNING, State.EVALUATING)
    JUDGED = (State.EVALUATING, State.FINISHED)

    class Outcome(models.TextChoices):
        EXPAND = "expand", pgettext_lazy("試行の結果", "展開")
        CONTINUE = "continue", pgettext_lazy("試行の結果", "継続")
        STOP = "stop", pgettext_lazy("試行の結果", "中止")

    name = models.CharField(_("試行の名前"), max_length=170)
    kind = models.CharField(
        pgettext_lazy("試行", "種別"),
        max_length=10,
        choices=PilotKind,
        default=PilotKind.DEPARTMENT,
    )
    purpose = models.TextField(pgettext_lazy("試行", "目的"), max_length=1000)
    scope = models.TextField(_("対象の業務"), max_length=1000, blank=True)
    starts_on = models.DateField(pgettext_lazy("期間", "開始日"))
    ends_on = models.DateField(pgettext_lazy("期間", "終了日"))
    method = models.CharField(
        pgettext_lazy("試行", "接続方式"),
        max_length=16,
        choices=Method,
        default=Method.REMOTE_DESKTOP,
    )
    days_per_week = models.PositiveSmallIntegerField(
        _("1週間の上限"), default=2, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    half_days = models.BooleanField(_("半日単位の実施を認める"), default=True)
    lead = models.ForeignKey(
        Member, models.PROTECT, related_name="led_pilots", verbose_name=_("試行の責任者")
    )
    departments = models.ManyToManyField(
        Department,
        through="PilotDepartment",
        related_name="pilots",
        verbose_name=pgettext_lazy("試行", "対象部署"),
    )
    expansion = models.ForeignKey(
        "pilots.Expansion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="next_pilots",
        verbose_name=_("もとの展開申請"),
    )
    state = models.CharField(_("試行の状態"), max_length=10, choices=State, default=State.PLANNED)
    outcome = models.CharField(_("試行の結果"), max_length=8, choices=Outcome, blank=True)
    outcome_note = models.TextField(_("結果の理由"), max_length=1000, blank=True)
    readiness = models.JSONField(_("決裁に回したときの準備度"), default=list, blank=True)
    planned_at = models.DateTimeField(_("計画した日時"))
    started_at = models.DateTimeField(_("始めた日時"), null=True, blank=True)
    finished_at = models.DateTimeField(_("終えた日時"), null=True, blank=True)
    answers_due_on = models.DateField(_("参加の返事の期限"), null=True, blank=True)
    report_due_on = models.DateField(_("評価の期限"), null=True, blank=True)

    objects = PilotQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("試行", "試行")
        verbose_name_plural = pgettext_lazy("試行", "試行")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="pilot_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(days_per_week__range=(1, 5)), name="pilot_days_fit_in_a_week"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["planned", "deciding", "approved"],
                    started_at=None,
                    report_due_on=None,
                )
                | Q(
                    state__in=["running", "evaluating"],
                    started_at__isnull=False,
                    report_due_on__isnull=False,
                )
                | Q(state="finished"),
                name="a_running_pilot_has_its_start",
            ),
            models.CheckConstraint(
                condition=(Q(state="finished", finished_at__isnull=False) & ~Q(outcome=""))
                | (~Q(state="finished") & Q(outcome="", finished_at=None)),
                name="a_finished_pilot_has_its_outcome",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "state", "-starts_on"], name="pilot_list")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The pilot's page."""
        return page_address("pilots:pilot", self.municipality_id, self.pk)

    @property
    def face(self) -> Face:
        """State as it is shown: with its outcome once finished."""
        tone = type(self).State.tones[self.state]
        if not self.outcome:
            return Face(tone, self.get_state_display())
        words = {"state": self.get_state_display(), "outcome": self.get_outcome_display()}
        return Face(tone, gettext("%(state)s(%(outcome)s)") % words)

    @cached_property
    def places(self) -> list[Department]:
        """Departments of the pilot by name. One query, then cached."""
        return sorted(
            (row.department for row in self.department_rows.select_related("department")),
            key=lambda row: row.path,
        )

    @cached_property
    def rows_of_criteria(self) -> list[SuccessCriterion]:
        """Success criteria in the order of the catalogue. One query, then cached."""
        return list(self.criteria.all())

    @property
    def is_plan_open(self) -> bool:
        """Whether its plan can be changed: while it is planned; after an expansion until its
        criteria are fixed.
        """
        if self.state == self.State.APPROVED and self.expansion_id:
            return not self.rows_of_criteria
        return self.state == self.State.PLANNED

    @property
    def is_started(self) -> bool:
        """Whether it is running or being evaluated."""
        return self.state in self.STARTED

    @property
    def is_judged(self) -> bool:
        """Whether its judging has started, so that its figures are frozen."""
        return self.state in self.JUDGED and self.started_at is not None

    @property
    def first_day(self) -> date:
        """First day that counts: the day of the start, but not before its planned first day."""
        return (
            max(self.starts_on, timezone.localdate(self.started_at))
            if self.started_at
            else self.starts_on
        )

    def last_day(self, on: date) -> date:
        """Last day that counts as of a day: that day, but not after the end of the pilot."""
        return min(on, self.end_day)

    @property
    def end_day(self) -> date:
        """Last day of the pilot: its planned one, or before it the day on which it was finished."""
        over = timezone.localdate(self.finished_at) if self.finished_at else self.ends_on
        return min(self.ends_on, over)


class PilotPartQuerySet(BodyQuerySet):
    """Rows that belong to a pilot."""

    def visible_to(self, member: Member) -> Self:
        """Rows of pilots that the member may see."""
        return self.filter(pilot__in=Pilot.objects.visible_to(member))


class PilotDepartment(BodyModel):
    """Department of a pilot."""

    pilot = models.ForeignKey(
        Pilot,
        models.CASCADE,
        related_name="department_rows",
        verbose_name=pgettext_lazy("試行", "試行"),
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        related_name="pilot_rows",
        verbose_name=pgettext_lazy("組織", "部署"),
    )

    objects = PilotPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("試行の対象部署")
        verbose_name_plural = _("試行の対象部署")
        constraints = [
            models.UniqueConstraint(
                fields=["pilot", "department"], name="a_department_is_in_a_pilot_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pilot_id} {self.department_id}"


class SuccessCriterion(BodyModel):
    """By what a pilot will be judged: an indicator, a direction and a threshold, fixed before the
    start and not after.

    The threshold is in the unit of the indicator (人, %, 人日), with one decimal.
    """

    class Direction(models.TextChoices):
        AT_LEAST = "at_least", pgettext_lazy("基準値", "以上")
        AT_MOST = "at_most", pgettext_lazy("基準値", "以下")

    pilot = models.ForeignKey(
        Pilot, models.CASCADE, related_name="criteria", verbose_name=pgettext_lazy("試行", "試行")
    )
    indicator = models.CharField(pgettext_lazy("試行", "指標"), max_length=8)
    direction = models.CharField(
        pgettext_lazy("試行", "以上・以下"),
        max_length=8,
        choices=Direction,
        default=Direction.AT_LEAST,
    )
    threshold = models.DecimalField(
        pgettext_lazy("試行", "基準値"),
        max_digits=9,
        decimal_places=1,
        validators=[MinValueValidator(0)],
    )
    fixed_at = models.DateTimeField(_("固定した日時"))

    objects = PilotPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("成功の基準")
        verbose_name_plural = _("成功の基準")
        ordering = ["indicator"]
        constraints = [
            models.UniqueConstraint(
                fields=["pilot", "indicator"], name="an_indicator_judges_a_pilot_once"
            ),
            models.CheckConstraint(
                condition=Q(threshold__gte=0), name="a_threshold_is_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.direction} {self.threshold}"
