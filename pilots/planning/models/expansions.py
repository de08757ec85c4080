"""Expansion (展開申請): further departments, requested on the evidence of a pilot."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.addresses import page_address
from municipality.core.models import BodyModel, BodyQuerySet, States
from municipality.organisation.models import Department, Member

from .pilots import Method, Pilot, subjects_decided_by


class ExpansionQuerySet(BodyQuerySet):
    """Expansions, by visibility."""

    def visible_to(self, member: Member) -> Self:
        """Expansions of visible pilots, into visible departments, and those that the member is
        asked to decide on.
        """
        here = ExpansionDepartment.objects.filter(
            member.authority.reach("department__path"), expansion=OuterRef("pk")
        )
        return self.filter(
            Exists(here)
            | Q(pilot__in=Pilot.objects.visible_to(member))
            | Q(pk__in=subjects_decided_by(member, "pilots.expansion")),
            municipality_id=member.municipality_id,
        )


class Expansion(BodyModel):
    """Further departments are to try telework, because of what a pilot has shown.

    `evidence` was measured and frozen before the request, `evidence_hash` is the SHA-256 of its
    canonical JSON. Approved, it makes one pilot per department (state 承認), once. Money in yen.
    """

    class State(States):
        DRAFT = "draft", pgettext_lazy("展開申請の状態", "下書き")
        DECIDING = "deciding", pgettext_lazy("展開申請の状態", "決裁中")
        APPROVED = "approved", pgettext_lazy("展開申請の状態", "承認")
        REJECTED = "rejected", pgettext_lazy("展開申請の状態", "却下")
        WITHDRAWN = "withdrawn", pgettext_lazy("展開申請の状態", "取下げ")

    State.tones = {
        "draft": "neutral",
        "deciding": "run",
        "approved": "ok",
        "rejected": "stop",
        "withdrawn": "neutral",
    }
    ARROWS = {
        State.DRAFT: {State.DECIDING, State.WITHDRAWN},
        State.DECIDING: {State.APPROVED, State.REJECTED, State.WITHDRAWN, State.DRAFT},
    }
    OPEN = (State.DRAFT, State.DECIDING)

    pilot = models.ForeignKey(
        Pilot, models.PROTECT, related_name="expansions", verbose_name=_("もとの試行")
    )
    name = models.CharField(_("展開の名前"), max_length=80)
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
    initial_yen = models.PositiveBigIntegerField(pgettext_lazy("試行", "初期費用"), default=0)
    monthly_yen = models.PositiveBigIntegerField(pgettext_lazy("試行", "月額費用"), default=0)
    explanation = models.TextField(_("起案者の説明"), max_length=2000, blank=True)
    departments = models.ManyToManyField(
        Department,
        through="ExpansionDepartment",
        related_name="expansions",
        verbose_name=pgettext_lazy("試行", "対象部署"),
    )
    evidence = models.JSONField(pgettext_lazy("展開申請", "根拠"))
    evidence_hash = models.CharField(_("根拠の照合値"), max_length=64)
    evidence_at = models.DateTimeField(_("根拠を固定した日時"))
    state = models.CharField(_("展開申請の状態"), max_length=9, choices=State, default=State.DRAFT)
    requested_by = models.ForeignKey(
        Member, models.PROTECT, related_name="+", verbose_name=_("申請した人")
    )
    decided_at = models.DateTimeField(_("結果の出た日時"), null=True, blank=True)

    objects = ExpansionQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("試行", "展開申請")
        verbose_name_plural = pgettext_lazy("試行", "展開申請")
        ordering = ["-evidence_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="expansion_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(days_per_week__range=(1, 5)), name="expansion_days_fit_in_a_week"
            ),
            models.CheckConstraint(
                condition=~Q(evidence_hash=""), name="an_expansion_never_goes_without_evidence"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "deciding"], decided_at=None)
                | Q(state__in=["approved", "rejected", "withdrawn"], decided_at__isnull=False),
                name="a_settled_expansion_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The application's page."""
        return page_address("pilots:expansion", self.municipality_id, self.pk)

    @cached_property
    def places(self) -> list[Department]:
        """Departments that it requests, in the order of the organisation. One query, then
        cached.
        """
        return [row.department for row in self.plans]

    @property
    def plans(self) -> list[ExpansionDepartment]:
        """What each department's pilot will be, in the order of the organisation. One query."""
        rows = self.department_rows.select_related("department", "lead")
        return sorted(rows, key=lambda row: row.department.path)


class ExpansionDepartmentQuerySet(BodyQuerySet):
    """Departments of expansions."""

    def visible_to(self, member: Member) -> Self:
        """Those of expansions that the member may see."""
        return self.filter(expansion__in=Expansion.objects.visible_to(member))


class ExpansionDepartment(BodyModel):
    """Department that an expansion requests, with what its pilot will be, and the one pilot that
    was created for it on approval.

    `criteria` are indicator, direction and threshold of each; an empty list leaves them to the
    department, None (from before they could be set) takes those of the source over as decided.
    Without a `lead` it is the department's manager on the day of the approval.
    """

    expansion = models.ForeignKey(
        Expansion,
        models.CASCADE,
        related_name="department_rows",
        verbose_name=pgettext_lazy("試行", "展開申請"),
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        related_name="expansion_rows",
        verbose_name=pgettext_lazy("組織", "部署"),
    )
    purpose = models.TextField(pgettext_lazy("試行", "目的"), max_length=1000, blank=True)
    scope = models.TextField(_("対象の業務"), max_length=1000, blank=True)
    lead = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("試行の責任者"),
    )
    criteria = models.JSONField(_("成功の基準"), null=True, blank=True)
    pilot = models.OneToOneField(
        Pilot,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("承認でできた試行"),
    )

    objects = ExpansionDepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("展開の対象部署")
        verbose_name_plural = _("展開の対象部署")
        constraints = [
            models.UniqueConstraint(
                fields=["expansion", "department"], name="an_expansion_names_a_department_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.expansion_id} {self.department_id}"

    def get_absolute_url(self) -> str:
        """The page on which its plan is written."""
        return page_address("pilots:expansion_department", self.municipality_id, self.pk)

    @property
    def wanted(self) -> list[tuple[str, str, Decimal]]:
        """Its criteria as (indicator, direction, threshold)."""
        return [
            (row["indicator"], row["direction"], Decimal(row["threshold"]))
            for row in self.criteria or ()
        ]
