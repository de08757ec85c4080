"""What happened: append-only lines chained by hash, one chain per body and one for the instance.

A line holds ids and a salted digest only. Names and content lie beside it and can be erased without
breaking the chain.
"""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Chain(models.Model):
    """A chain and its head. The chain without a body is the instance's own (failed sign-ins and the
    like).
    """

    municipality = models.OneToOneField(
        "municipality.Municipality",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("自治体の団体"),
    )
    length = models.PositiveBigIntegerField(pgettext_lazy("組織", "行数"), default=0)
    head = models.CharField(_("先頭の照合値"), max_length=64, blank=True)
    seal = models.CharField(_("末尾の封印"), max_length=64, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("組織", "履歴の鎖")
        verbose_name_plural = pgettext_lazy("組織", "履歴の鎖")

    def __str__(self) -> str:
        return self.municipality_id or "-"


class EntryQuerySet(models.QuerySet):
    """Lines of the history."""

    def visible_to(self, member) -> Self:
        """The body's lines, for its office and auditors; for others those about themselves as
        actor.
        """
        lines = self.filter(chain__municipality=member.municipality_id)
        if member.authority.is_auditor or member.authority.is_office:
            return lines
        return lines.filter(actor_id=member.pk)


class Entry(models.Model):
    """One line of a chain: who (by id) did what to which thing, when, with the digest of its
    content.
    """

    chain = models.ForeignKey(
        Chain,
        models.PROTECT,
        related_name="entries",
        verbose_name=pgettext_lazy("組織", "履歴の鎖"),
    )
    seq = models.PositiveBigIntegerField(pgettext_lazy("組織", "行の番号"))
    at = models.DateTimeField(pgettext_lazy("履歴", "日時"))
    actor_id = models.BigIntegerField(_("行った人の番号"), null=True)
    verb = models.CharField(_("行ったこと"), max_length=60)
    subject_type = models.CharField(_("対象の種類"), max_length=60, blank=True)
    subject_id = models.BigIntegerField(_("対象の番号"), null=True)
    digest = models.CharField(_("内容の照合値"), max_length=64)
    previous = models.CharField(_("前の行の照合値"), max_length=64, blank=True)
    hash = models.CharField(_("行の照合値"), max_length=64)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("履歴", "履歴")
        verbose_name_plural = pgettext_lazy("履歴", "履歴")
        ordering = ["-seq"]
        constraints = [
            models.UniqueConstraint(fields=["chain", "seq"], name="entry_numbers_have_no_double")
        ]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="entry_by_subject"),
            models.Index(fields=["chain", "actor_id", "seq"], name="entry_by_actor"),
            models.Index(fields=["chain", "verb", "seq"], name="entry_by_verb"),
            models.Index(fields=["chain", "at"], name="entry_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.chain_id}:{self.seq} {self.verb}"


class EntryContent(models.Model):
    """The erasable part of a line: names as they were, and what changed. `salt` makes its digest
    useless without it.

    Erased, it is empty and carries a seal, so that an erasure that nobody approved is found.
    """

    entry = models.OneToOneField(
        Entry, models.PROTECT, related_name="content", verbose_name=pgettext_lazy("履歴", "履歴")
    )
    salt = models.CharField(pgettext_lazy("組織", "照合の塩"), max_length=32, blank=True)
    body = models.JSONField(pgettext_lazy("組織", "内容"))
    erased = models.CharField(_("消去の封印"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("履歴の内容")
        verbose_name_plural = _("履歴の内容")

    def __str__(self) -> str:
        return str(self.entry_id)


class Checkpoint(models.Model):
    """Where a chain begins since its older lines were disposed of: the last of them, signed."""

    chain = models.OneToOneField(
        Chain,
        models.PROTECT,
        related_name="checkpoint",
        verbose_name=pgettext_lazy("組織", "履歴の鎖"),
    )
    seq = models.PositiveBigIntegerField(pgettext_lazy("組織", "行の番号"))
    hash = models.CharField(_("行の照合値"), max_length=64)
    at = models.DateTimeField(_("廃棄した日時"))
    signature = models.CharField(pgettext_lazy("履歴", "署名の値"), max_length=64)

    class Meta:
        verbose_name = _("履歴の起点")
        verbose_name_plural = _("履歴の起点")

    def __str__(self) -> str:
        return f"{self.chain_id}:{self.seq}"


class Verification(models.Model):
    """The check of a chain on a day: how long it was and what was found. Signed, so that a chain
    that was set back is found.
    """

    chain = models.ForeignKey(
        Chain,
        models.PROTECT,
        related_name="verifications",
        verbose_name=pgettext_lazy("組織", "履歴の鎖"),
    )
    day = models.DateField(_("検証した日"))
    at = models.DateTimeField(_("検証した日時"))
    length = models.PositiveBigIntegerField(pgettext_lazy("組織", "行数"))
    head = models.CharField(_("先頭の照合値"), max_length=64, blank=True)
    bad_line = models.PositiveBigIntegerField(_("合わない行"), null=True)
    reason = models.CharField(_("合わない理由"), max_length=80, blank=True)
    signature = models.CharField(pgettext_lazy("履歴", "署名の値"), max_length=64)

    class Meta:
        verbose_name = _("履歴の検証")
        verbose_name_plural = _("履歴の検証")
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(fields=["chain", "day"], name="a_chain_is_verified_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.chain_id} {self.day}"


class VerificationProgress(models.Model):
    """How far a check of a chain has come that is too long for one go: of the new lines, or of the
    whole chain. Signed, so that no line can be passed over.
    """

    chain = models.ForeignKey(
        Chain, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("組織", "履歴の鎖")
    )
    whole = models.BooleanField(_("鎖の全体か"))
    seq = models.PositiveBigIntegerField(pgettext_lazy("組織", "行の番号"), default=0)
    hash = models.CharField(_("行の照合値"), max_length=64, blank=True)
    done_on = models.DateField(_("検証を終えた日"), null=True)
    signature = models.CharField(pgettext_lazy("履歴", "署名の値"), max_length=64)

    class Meta:
        verbose_name = _("履歴の検証の途中")
        verbose_name_plural = _("履歴の検証の途中")
        constraints = [
            models.UniqueConstraint(
                fields=["chain", "whole"], name="a_chain_has_one_progress_of_each_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.chain_id} {self.seq}"


class VerbGroup(models.TextChoices):
    """Kinds of lines in the access log, each with its own retention."""

    SIGN_IN = "sign_in", _("ログインとアカウント")
    READING = "reading", _("個人の情報の閲覧")
    REFUSAL = "refusal", _("断られた操作")
    CHANGE = "change", _("業務の記録の変更")
    DECISION = "decision", _("起案と決裁")
    FILES = "files", _("取込みと出力")
    SETTINGS = "settings", _("設定の変更")
    RECORD = "record", _("記録の管理")
