"""What the office and each person set for reminders: the ladder, the words, hours of mail, what is
held back, own notices.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.accounts.models import User
from municipality.core.addresses import page_address
from municipality.core.models import BodyModel, States
from municipality.organisation.models import OfficeQuerySet
from municipality.organisation.models.people import Member


class LadderVersion(BodyModel):
    """The ladder of reminders of a body as it was set once. The latest version holds; notices keep
    the one applied to them.

    `stages` are open days after the due date (negative: before). `manager_from`, `office_from`:
    from which stage on the manager, the office are told beside the person; empty: never. `cap`:
    more new notices than this in one planning wait for the office; empty: one per active person, at
    least 100.
    """

    version = models.PositiveIntegerField(pgettext_lazy("組織", "版の番号"))
    stages = models.JSONField(_("知らせる段階"))
    manager_from = models.PositiveSmallIntegerField(
        _("所属長に知らせる段階"), null=True, blank=True
    )
    office_from = models.PositiveSmallIntegerField(_("事務局に知らせる段階"), null=True, blank=True)
    cap = models.PositiveIntegerField(_("一度に送る通知の上限"), null=True, blank=True)
    set_at = models.DateTimeField(_("設定した日時"))
    set_by = models.ForeignKey(
        Member, models.PROTECT, related_name="+", verbose_name=_("設定した人")
    )

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("督促の段階")
        verbose_name_plural = _("督促の段階")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "version"], name="ladder_version_stands_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.version}"


class CalendarFeed(models.Model):
    """The secret address at which a person's calendar reads their due dates. It is known by its
    digest only.
    """

    user = models.OneToOneField(
        User,
        models.CASCADE,
        related_name="calendar_feed",
        verbose_name=pgettext_lazy("組織", "利用者"),
    )
    digest = models.CharField(pgettext_lazy("組織", "照合値"), max_length=64, unique=True)
    made_at = models.DateTimeField(_("作成した日時"))

    class Meta:
        verbose_name = _("予定表の配信")
        verbose_name_plural = _("予定表の配信")

    def __str__(self) -> str:
        return str(self.user_id)


class Hold(BodyModel):
    """More reminders than usual at once: they wait until the office lets them go or drops them. At
    most one waits.
    """

    class State(States):
        WAITING = "waiting", pgettext_lazy("督促", "確認待ち")
        RELEASED = "released", pgettext_lazy("督促", "送信した")
        DROPPED = "dropped", pgettext_lazy("督促", "取りやめ")

    State.tones = {"waiting": "warn", "released": "ok", "dropped": "neutral"}
    ARROWS = {State.WAITING: {State.RELEASED, State.DROPPED}}

    state = models.CharField(
        pgettext_lazy("督促", "状態"), max_length=8, choices=State, default=State.WAITING
    )
    cap = models.PositiveIntegerField(_("一度に送る通知の上限"))
    held_at = models.DateTimeField(_("止めた日時"))
    decided_at = models.DateTimeField(_("決めた日時"), null=True, blank=True)
    decided_by = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("督促", "決めた人"),
    )

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("止めた督促")
        verbose_name_plural = _("止めた督促")
        ordering = ["-held_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality"], condition=Q(state="waiting"), name="one_hold_waits"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at=None, decided_by=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="hold_is_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.held_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        """The list of what is held."""
        return page_address("municipality:hold", self.municipality_id, self.pk)


class Announcement(BodyModel):
    """A notice in the office's own words to people chosen by department, role, number, or by what
    they have not done yet.

    `audience` keeps how they were chosen, `count` how many it reached.
    """

    subject = models.CharField(pgettext_lazy("通知", "件名"), max_length=100)
    body = models.TextField(pgettext_lazy("通知", "本文"), max_length=2000)
    audience = models.JSONField(pgettext_lazy("通知", "宛先"))
    count = models.PositiveIntegerField(_("届けた人数"))
    sent_at = models.DateTimeField(_("知らせた日時"))
    sent_by = models.ForeignKey(
        Member, models.PROTECT, related_name="+", verbose_name=_("知らせた人")
    )

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("事務局からのお知らせ")
        verbose_name_plural = _("事務局からのお知らせ")
        ordering = ["-sent_at"]

    def __str__(self) -> str:
        return self.subject
