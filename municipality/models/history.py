"""What happened: append-only lines chained by hash, one chain per body and one for the instance.

A line holds ids and a salted digest only. Names and content lie beside it and can be erased without breaking the chain.
"""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .organisation import Municipality


class Chain(models.Model):
    """A chain and its head. The chain without a body is the instance's own (failed sign-ins and the like)."""

    municipality = models.OneToOneField(
        Municipality, models.PROTECT, null=True, related_name="+", verbose_name=_("自治体の団体")
    )
    length = models.PositiveBigIntegerField(pgettext_lazy("組織", "行数"), default=0)
    head = models.CharField(_("先頭の照合値"), max_length=64, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("組織", "履歴の鎖")
        verbose_name_plural = pgettext_lazy("組織", "履歴の鎖")

    def __str__(self) -> str:
        return self.municipality_id or "-"


class EntryQuerySet(models.QuerySet):
    """Lines of the history."""

    def visible_to(self, member) -> Self:
        """The body's lines, for its office and auditors; for others those about themselves as actor."""
        lines = self.filter(chain__municipality=member.municipality_id)
        if member.authority.is_auditor or member.authority.is_office:
            return lines
        return lines.filter(actor_id=member.pk)


class Entry(models.Model):
    """One line of a chain: who (by id) did what to which thing, when, with the digest of its content."""

    chain = models.ForeignKey(
        Chain, models.PROTECT, related_name="entries", verbose_name=pgettext_lazy("組織", "履歴の鎖")
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
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="entry_numbers_have_no_double")]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="entry_by_subject")]

    def __str__(self) -> str:
        return f"{self.chain_id}:{self.seq} {self.verb}"


class EntryContent(models.Model):
    """The erasable part of a line: names as they were, and what changed. `salt` makes its digest useless without it."""

    entry = models.OneToOneField(
        Entry, models.PROTECT, related_name="content", verbose_name=pgettext_lazy("履歴", "履歴")
    )
    salt = models.CharField(pgettext_lazy("組織", "照合の塩"), max_length=32)
    body = models.JSONField(pgettext_lazy("組織", "内容"))

    class Meta:
        verbose_name = _("履歴の内容")
        verbose_name_plural = _("履歴の内容")

    def __str__(self) -> str:
        return str(self.entry_id)
