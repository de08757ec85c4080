"""Imported files: read, previewed, and only then committed."""

from __future__ import annotations

import zlib
from datetime import date, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.addresses import page_address
from municipality.core.models import BodyModel, BodyQuerySet, States
from municipality.organisation.models import Member


class PackedField(models.BinaryField):
    """Bytes that are stored compressed, which makes the write of a large file about ten times
    smaller.
    """

    def deconstruct(self) -> Any:
        """An ordinary binary column for migrations, because migrations contain no code of the
        project.
        """
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.BinaryField", args, kwargs

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Compressed bytes; None stays None."""
        return super().get_db_prep_value(
            zlib.compress(value, 1) if value else value, connection, prepared
        )

    def from_db_value(self, value: Any, *_args: Any) -> Any:
        """Bytes as they were handed in."""
        return zlib.decompress(value) if value else value


class FileImportQuerySet(BodyQuerySet):
    """Imported files."""

    HEAVY = ("content", "findings", "changes", "undo")

    def visible_to(self, member) -> Self:
        """All of the body's for the office, otherwise one's own. What is large is fetched only
        where it is read.
        """
        rows = self.filter(municipality_id=member.municipality_id).defer(*self.HEAVY)
        return rows if member.authority.is_office else rows.filter(uploaded_by=member)

    def waiting(self, now) -> Self:
        """Files that a worker has to process: not claimed, or claimed by a worker whose lease has
        ended. A lease twice as long as any was given by a clock that was wrong.
        """
        longest = now + 2 * timedelta(seconds=settings.IMPORT_LEASE_SECONDS)
        free = Q(lease_until=None) | Q(lease_until__lte=now) | Q(lease_until__gt=longest)
        return self.filter(free, state__in=FileImport.WORKING).order_by("pk")


class FileImport(BodyModel):
    """A file that somebody handed in, with what it would change. Nothing changes before it is
    committed.

    A large file waits for a worker twice: to be read (RECEIVED) and, once somebody said so, to be
    written (ORDERED). `undo` holds what it changed, so that it can be taken back while nothing has
    built on it.
    """

    class State(States):
        RECEIVED = "received", pgettext_lazy("取込み", "読取り中")
        PREVIEWED = "previewed", pgettext_lazy("組織", "確認待ち")
        REFUSED = "refused", pgettext_lazy("取込み", "要修正")
        ORDERED = "ordered", pgettext_lazy("取込み", "取込み中")
        COMMITTED = "committed", pgettext_lazy("組織", "取込済み")
        UNDONE = "undone", pgettext_lazy("取込み", "取消済み")
        DISCARDED = "discarded", pgettext_lazy("取込み", "取りやめ")

    State.tones = {
        "received": "run",
        "previewed": "run",
        "refused": "back",
        "ordered": "run",
        "committed": "ok",
        "undone": "neutral",
        "discarded": "neutral",
    }
    WORKING = (State.RECEIVED, State.ORDERED)
    ARROWS = {
        State.RECEIVED: {State.PREVIEWED, State.REFUSED, State.DISCARDED},
        State.PREVIEWED: {State.RECEIVED, State.ORDERED, State.COMMITTED, State.DISCARDED},
        State.ORDERED: {State.PREVIEWED, State.REFUSED, State.COMMITTED, State.DISCARDED},
        State.REFUSED: {State.DISCARDED},
        State.COMMITTED: {State.UNDONE},
    }

    kind = models.CharField(_("ファイルの種類"), max_length=20)
    name = models.CharField(_("ファイル名"), max_length=200)
    options = models.JSONField(_("取込みの条件"), default=dict, blank=True)
    content = PackedField(_("ファイルの中身"), blank=True)
    digest = models.CharField(_("ファイルの照合値"), max_length=64)
    state = models.CharField(
        _("取込みの状態"), max_length=10, choices=State, default=State.PREVIEWED
    )
    summary = models.JSONField(pgettext_lazy("組織", "件数"), default=dict)
    changes = models.JSONField(_("変わる内容"), default=list, blank=True)
    findings = models.JSONField(pgettext_lazy("組織", "指摘"), default=list)
    undo = models.BinaryField(_("取消しのための控え"), blank=True)
    uploaded_by = models.ForeignKey(
        Member, models.PROTECT, null=True, related_name="+", verbose_name=_("取り込んだ人")
    )
    uploaded_at = models.DateTimeField(_("受け取った日時"))
    committed_by = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("取込みを指示した人"),
    )
    committed_at = models.DateTimeField(_("取り込んだ日時"), null=True, blank=True)
    undone_at = models.DateTimeField(_("取り消した日時"), null=True, blank=True)
    progress = models.PositiveIntegerField(_("済んだ行数"), default=0)
    rows = models.PositiveIntegerField(pgettext_lazy("取込み", "行数"), default=0)
    lease_until = models.DateTimeField(_("処理の期限"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("処理の回数"), default=0)

    objects = FileImportQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("取込み", "取込み")
        verbose_name_plural = pgettext_lazy("取込み", "取込み")
        ordering = ["-uploaded_at"]
        indexes = [
            models.Index(
                fields=["lease_until"],
                condition=Q(state__in=["received", "ordered"]),
                name="import_waiting",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page with what it would change."""
        return page_address("municipality:import", self.municipality_id, self.pk)

    @property
    def whole_on(self) -> date | None:
        """Day of the staff list (全職員一覧) that the file contains; None for every other file."""
        day = self.options.get("whole_on")
        return date.fromisoformat(day) if day else None

    @property
    def is_working(self) -> bool:
        """Whether a worker still has to process it."""
        return self.state in self.WORKING

    @property
    def is_correctable(self) -> bool:
        """Whether its rows can be downloaded with their findings."""
        return self.state == self.State.REFUSED and bool(self.summary.get("correctable"))
