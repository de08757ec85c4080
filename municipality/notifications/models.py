"""What people are told: a Notice is the inbox on screen, a Mail the outbox."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from municipality.core.models import BodyModel, BodyQuerySet
from municipality.organisation.models import Member, OfficeQuerySet

GATHERED = "day"
"""Begins the `batch` of a mail that gathers the notices of a day, and of no other."""

UNWRITABLE = "content: "
"""Begins the `error` of a mail that could not be written; the kind of the error follows."""

WORKER_LOST = "worker lost"
"""The `error` of a mail at which workers died."""


class MailQuerySet(BodyQuerySet):
    """The outbox."""

    def visible_to(self, member) -> Self:
        """The body's mails for its office, who cares for what does not arrive; for others their
        own.
        """
        rows = self.filter(municipality_id=member.municipality_id)
        return rows if member.authority.is_office else rows.filter(member=member)

    def troubled(self) -> Self:
        """Refused by the mail server: for good, or so far."""
        return self.filter(Q(state=Mail.State.REFUSED) | Q(state=Mail.State.QUEUED, attempts__gt=0))


class NoticeQuerySet(BodyQuerySet):
    """What one person is told."""

    def visible_to(self, member) -> Self:
        """One's own notices: nobody reads another's inbox. What the office holds back was not told
        yet.
        """
        return self.filter(member=member, hold=None)

    def unread(self) -> Self:
        """Notices that were not opened yet."""
        return self.filter(read_at=None)

    def due(self) -> Self:
        """Reminders of one's own due dates."""
        return self.filter(due_on__isnull=False).exclude(params__escalated=True)

    def above(self) -> Self:
        """Notices that something of somebody else is late."""
        return self.filter(due_on__isnull=False, params__escalated=True)

    def events(self) -> Self:
        """Notices of what happened, and of what the office says: without a due date."""
        return self.filter(due_on=None)


class Mail(BodyModel):
    """One mail to one person: reminders of a day gathered, or a single urgent notice. Claimed with
    a lease, sent, marked.
    """

    class State(models.TextChoices):
        QUEUED = "queued", pgettext_lazy("組織", "送信待ち")
        CLAIMED = "claimed", pgettext_lazy("メール", "送信中")
        SENT = "sent", pgettext_lazy("組織", "送信済み")
        DROPPED = "dropped", pgettext_lazy("組織", "送信不要")
        REFUSED = "refused", _("送信できず")

    member = models.ForeignKey(
        Member, models.PROTECT, related_name="+", verbose_name=_("受け取る人")
    )
    day = models.DateField(pgettext_lazy("組織", "通知の日"))
    batch = models.CharField(pgettext_lazy("組織", "まとまり"), max_length=40)
    state = models.CharField(_("送信の状態"), max_length=8, choices=State, default=State.QUEUED)
    queued_at = models.DateTimeField(_("用意した日時"))
    lease_until = models.DateTimeField(_("担当の期限"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("試みた回数"), default=0)
    message_id = models.CharField(_("メールの番号"), max_length=120, blank=True)
    sent_at = models.DateTimeField(_("送信した日時"), null=True, blank=True)
    error = models.CharField(_("断られた理由"), max_length=300, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("通知", "メール")
        verbose_name_plural = pgettext_lazy("通知", "メール")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "day", "batch"], name="mail_of_a_batch_is_one"
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="sent_mail_has_its_time"
            ),
        ]
        indexes = [models.Index(fields=["state", "lease_until"], name="mail_to_be_sent")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.day} {self.batch}"

    @property
    def error_words(self) -> str:
        """Why it did not go out, in the reader's language; what the mail server said, as it said
        it.
        """
        if self.error.startswith(UNWRITABLE):
            kind = self.error.removeprefix(UNWRITABLE)
            return gettext("メールの内容を作れませんでした(%(kind)s)。") % {"kind": kind}
        if self.error == WORKER_LOST:
            return gettext("送信中に処理が繰り返し止まったため、送信をやめました。")
        return self.error


class Notice(BodyModel):
    """Something a person is told, once per key. Stored as rule and parameters, worded in the
    reader's language.
    """

    member = models.ForeignKey(
        Member, models.PROTECT, related_name="notices", verbose_name=_("受け取る人")
    )
    rule = models.CharField(_("通知の種類"), max_length=60)
    object_id = models.BigIntegerField(_("対象の番号"))
    stage = models.CharField(pgettext_lazy("組織", "段階"), max_length=12, blank=True)
    due_on = models.DateField(pgettext_lazy("通知", "期限"), null=True, blank=True)
    key = models.CharField(_("通知の照合値"), max_length=160)
    params = models.JSONField(pgettext_lazy("組織", "文面の値"), default=dict)
    told_at = models.DateTimeField(_("知らせた日時"))
    read_at = models.DateTimeField(_("読んだ日時"), null=True, blank=True)
    wants_mail = models.BooleanField(_("メールでも送る"), default=True)
    mail = models.ForeignKey(
        Mail,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name=pgettext_lazy("通知", "メール"),
    )

    hold = models.ForeignKey(
        "municipality.Hold",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name=_("止めた督促"),
    )
    ladder_version = models.PositiveIntegerField(_("督促の段階の版"), default=0)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("通知", "通知")
        verbose_name_plural = pgettext_lazy("通知", "通知")
        ordering = ["-told_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["member", "key"], name="a_person_is_told_once")
        ]
        indexes = [
            models.Index(fields=["member", "read_at"], name="notice_unread"),
            # who was told of a thing, at which stage: asked for all that is due, and for one thing.
            # The body stands first: without statistics SQLite prefers the index of the body alone.
            models.Index(fields=["municipality", "rule", "object_id"], name="notice_of_a_thing"),
            models.Index(
                fields=["municipality", "told_at"],
                condition=Q(mail=None, wants_mail=True),
                name="notice_without_its_mail",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Wording(BodyModel):
    """The body's own words for a kind of notice in a language, as they were set once. The latest
    version holds.

    Empty words mean that the product's own hold again. Placeholders stand in braces: {title}.
    """

    rule = models.CharField(_("通知の種類"), max_length=60)
    language = models.CharField(pgettext_lazy("通知", "言語"), max_length=5)
    version = models.PositiveIntegerField(pgettext_lazy("組織", "版の番号"))
    subject = models.CharField(pgettext_lazy("通知", "件名"), max_length=120, blank=True)
    body = models.TextField(pgettext_lazy("通知", "本文"), max_length=600, blank=True)
    set_at = models.DateTimeField(_("設定した日時"))
    set_by = models.ForeignKey(
        Member, models.PROTECT, related_name="+", verbose_name=_("設定した人")
    )

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("通知の文面")
        verbose_name_plural = _("通知の文面")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "rule", "language", "version"],
                name="wording_version_stands_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.language} {self.version}"


class MailHours(models.Model):
    """When a person wants mail: from which hour, on which weekdays not, and until which day not at
    all.

    It belongs to the account, not to one body. Mail about the security of the account does not wait
    for it.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="mail_hours",
        verbose_name=pgettext_lazy("組織", "利用者"),
    )
    from_hour = models.PositiveSmallIntegerField(_("メールを受け取る時刻"), default=0)
    days_off = models.JSONField(_("受け取らない曜日"), default=list, blank=True)
    paused_until = models.DateField(_("休止する最後の日"), null=True, blank=True)

    class Meta:
        verbose_name = _("メールを受け取る時間")
        verbose_name_plural = _("メールを受け取る時間")
        constraints = [
            models.CheckConstraint(condition=Q(from_hour__lte=23), name="mail_hour_is_of_a_day")
        ]

    def __str__(self) -> str:
        return str(self.user_id)
