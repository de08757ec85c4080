"""Retention of the log (保存年限) and the disposal of old lines (廃棄)."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.audit.models import VerbGroup
from municipality.core.addresses import page_address
from municipality.core.models import BodyModel, BodyQuerySet, States
from municipality.organisation.models import Member


class Retention(BodyModel):
    """Retention of a group of lines in fiscal years, counted from 1 April after the year of the
    line.
    """

    class Years(models.IntegerChoices):
        ONE = 1, pgettext_lazy("保存年限", "1年")
        THREE = 3, pgettext_lazy("保存年限", "3年")
        FIVE = 5, pgettext_lazy("保存年限", "5年")
        TEN = 10, pgettext_lazy("保存年限", "10年")
        THIRTY = 30, pgettext_lazy("保存年限", "30年")

    group = models.CharField(_("操作の種類"), max_length=10, choices=VerbGroup)
    years = models.PositiveSmallIntegerField(pgettext_lazy("廃棄", "保存年限"), choices=Years)

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("記録の保存年限")
        verbose_name_plural = _("記録の保存年限")
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "group"], name="a_group_has_one_retention"
            )
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.years}"


class DisposalQuerySet(BodyQuerySet):
    """Proposals of disposal."""

    def visible_to(self, member) -> Self:
        """For the office, which proposes, and the auditor, who approves."""
        if member.authority.is_office or member.authority.is_auditor:
            return self.filter(municipality_id=member.municipality_id)
        return self.none()


class Disposal(BodyModel):
    """Records to be disposed of: those past their retention, or what the log holds of one person.
    Two people agree to it.

    `cutoffs` is frozen when it is proposed: per group the first day that is kept.
    """

    class Kind(models.TextChoices):
        RETENTION = "retention", _("保存期間の過ぎた記録の廃棄")
        PERSON = "person", _("個人の情報の消去")

    class State(States):
        PROPOSED = "proposed", pgettext_lazy("廃棄", "承認待ち")
        APPROVED = "approved", pgettext_lazy("廃棄", "承認済")
        DONE = "done", pgettext_lazy("廃棄", "廃棄済")
        REFUSED = "refused", pgettext_lazy("廃棄", "不承認")
        WITHDRAWN = "withdrawn", pgettext_lazy("廃棄", "取下げ")

    State.tones = {
        "proposed": "run",
        "approved": "run",
        "done": "ok",
        "refused": "bad",
        "withdrawn": "stop",
    }
    ARROWS: ClassVar[dict[str, tuple[str, ...]]] = {
        State.PROPOSED: (State.APPROVED, State.REFUSED, State.WITHDRAWN),
        State.APPROVED: (State.DONE,),
    }

    kind = models.CharField(_("廃棄の種類"), max_length=10, choices=Kind)
    member = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("消去する人"),
    )
    cutoffs = models.JSONField(_("残す最初の日"), default=dict)
    reason = models.CharField(_("廃棄の理由"), max_length=400)
    state = models.CharField(
        pgettext_lazy("廃棄", "状態"), max_length=10, choices=State, default=State.PROPOSED
    )
    proposed_by = models.ForeignKey(
        Member, models.PROTECT, related_name="+", verbose_name=_("申し出た人")
    )
    proposed_at = models.DateTimeField(_("申し出た日時"))
    decided_by = models.ForeignKey(
        Member, models.PROTECT, null=True, related_name="+", verbose_name=_("承認した人")
    )
    decided_at = models.DateTimeField(_("承認した日時"), null=True)
    comment = models.CharField(_("承認の意見"), max_length=400, blank=True)
    done_at = models.DateTimeField(_("廃棄した日時"), null=True)
    erased = models.PositiveBigIntegerField(_("内容を消した行数"), default=0)
    removed = models.PositiveBigIntegerField(_("除いた行数"), default=0)

    objects = DisposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("記録の廃棄")
        verbose_name_plural = _("記録の廃棄")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                name="disposal_is_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "withdrawn"], decided_by=None)
                | Q(
                    state__in=["approved", "done", "refused"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="decided_disposal_has_its_decider",
            ),
            models.CheckConstraint(
                condition=Q(kind="person", member__isnull=False) | Q(kind="retention", member=None),
                name="erasure_names_its_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    def get_absolute_url(self) -> str:
        """The page of the proposal."""
        return page_address("municipality:disposal", self.municipality_id, self.pk)
