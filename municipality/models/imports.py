"""Files that came in: read, shown, and only then committed."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .base import BodyModel, BodyQuerySet, States
from .people import Member


class FileImportQuerySet(BodyQuerySet):
    """Files that came in."""

    def visible_to(self, member) -> Self:
        """All of the body's for the office, otherwise one's own. The content is fetched only where it is read."""
        rows = self.filter(municipality_id=member.municipality_id).defer("content")
        return rows if member.authority.is_office else rows.filter(uploaded_by=member)


class FileImport(BodyModel):
    """A file that somebody handed in, with what it would change. Nothing changes before it is committed."""

    class State(States):
        PREVIEWED = "previewed", pgettext_lazy("組織", "確認待ち")
        REFUSED = "refused", pgettext_lazy("取込み", "要修正")
        COMMITTED = "committed", pgettext_lazy("組織", "取込済み")
        DISCARDED = "discarded", pgettext_lazy("取込み", "取りやめ")

    State.tones = {"previewed": "run", "refused": "back", "committed": "ok", "discarded": "neutral"}
    ARROWS = {State.PREVIEWED: {State.COMMITTED, State.DISCARDED}, State.REFUSED: {State.DISCARDED}}

    kind = models.CharField(_("ファイルの種類"), max_length=20)
    name = models.CharField(_("ファイル名"), max_length=200)
    content = models.BinaryField(_("ファイルの中身"), blank=True)
    digest = models.CharField(_("ファイルの照合値"), max_length=64)
    state = models.CharField(_("取込みの状態"), max_length=10, choices=State, default=State.PREVIEWED)
    summary = models.JSONField(pgettext_lazy("組織", "件数"), default=dict)
    findings = models.JSONField(pgettext_lazy("組織", "指摘"), default=list)
    uploaded_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+", verbose_name=_("取り込んだ人"))
    uploaded_at = models.DateTimeField(_("受け取った日時"))
    committed_at = models.DateTimeField(_("取り込んだ日時"), null=True, blank=True)

    objects = FileImportQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("取込み", "取込み")
        verbose_name_plural = pgettext_lazy("取込み", "取込み")
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page with what it would change."""
        return reverse("municipality:import", args=[self.municipality_id, self.pk])
