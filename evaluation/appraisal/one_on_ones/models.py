"""1on1: the pair, each talk, what was promised, and notes that only their author reads.

What was said is personal. It is read through `evaluation/appraisal/sheets/records.py` only; others
learn that a talk was held, not more.
"""

from __future__ import annotations

from datetime import date
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluation.appraisal.access.reach import leads_today
from municipality.core.addresses import page_address
from municipality.core.encryption import open_secret, seal_secret
from municipality.core.models import BodyModel, BodyQuerySet
from municipality.organisation.models import Department, Member


def runs(first: date, last: date) -> Q:
    """Condition: the pair runs on some day from `first` to `last`."""
    return Q(Q(ends_on=None) | Q(ends_on__gte=first), starts_on__lte=last)


class PairQuerySet(BodyQuerySet):
    """Pairs, visible to their two members alone."""

    def visible_to(self, member: Member) -> Self:
        """One's own pairs: as the member always, as the manager while one leads the other's
        department.
        """
        wanted = Q(member=member)
        if member.authority.is_manager or member.authority.is_executive:
            wanted |= Q(manager=member) & Q(leads_today(member, "member"))
        return self.filter(wanted, municipality_id=member.municipality_id)

    def running(self, first, last) -> Self:
        """Pairs that run on some day from `first` to `last`."""
        return self.filter(runs(first, last))


class Pair(BodyModel):
    """A manager and a member who meet for 1on1 from one day to another."""

    manager = models.ForeignKey(
        Member, models.PROTECT, related_name="+", verbose_name=_("1on1を行う人")
    )
    member = models.ForeignKey(
        Member, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("人", "職員")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("組織", "部署")
    )
    starts_on = models.DateField(pgettext_lazy("期間", "開始日"))
    ends_on = models.DateField(pgettext_lazy("期間", "終了日"), null=True, blank=True)

    objects = PairQuerySet.as_manager()

    class Meta:
        verbose_name = _("1on1の組")
        verbose_name_plural = _("1on1の組")
        ordering = ["department__path", "member__kana", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["manager", "member"],
                condition=Q(ends_on=None),
                name="two_people_are_one_running_pair",
            ),
            models.CheckConstraint(
                condition=~Q(manager=F("member")), name="nobody_is_a_pair_alone"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="pair_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.manager} – {self.member}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return page_address("evaluation:pair", self.municipality_id, self.pk)


class OneOnOneQuerySet(BodyQuerySet):
    """1on1, visible to the two members of the pair alone."""

    def visible_to(self, member: Member) -> Self:
        """The talks of the pairs that are one's own."""
        return self.filter(pair__in=Pair.objects.visible_to(member))


class OneOnOne(BodyModel):
    """One 1on1 of a pair: day, length, topics, the note that both read, and the day of the next."""

    class Mode(models.TextChoices):
        FACE = "face", pgettext_lazy("1on1", "対面")
        WEB = "web", _("Web会議")
        PHONE = "phone", pgettext_lazy("1on1", "電話")

    pair = models.ForeignKey(Pair, models.PROTECT, related_name="talks", verbose_name=_("1on1の組"))
    held_on = models.DateField(_("実施した日"))
    minutes = models.PositiveSmallIntegerField(
        _("時間(分)"), validators=[MinValueValidator(5), MaxValueValidator(240)]
    )
    mode = models.CharField(_("実施の方法"), max_length=5, choices=Mode, default=Mode.FACE)
    topics = models.TextField(_("話したこと"), max_length=2000)
    shared_note = models.TextField(pgettext_lazy("1on1", "共有メモ"), max_length=4000, blank=True)
    next_on = models.DateField(_("次回の予定日"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        Member, models.PROTECT, related_name="+", verbose_name=_("記録した人")
    )
    recorded_at = models.DateTimeField(_("記録した日時"))

    objects = OneOnOneQuerySet.as_manager()

    class Meta:
        verbose_name = "1on1"
        verbose_name_plural = "1on1"
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=5, minutes__lte=240), name="a_talk_lasts_5_to_240_minutes"
            ),
            models.CheckConstraint(
                condition=Q(next_on=None) | Q(next_on__gt=F("held_on")),
                name="the_next_talk_is_later",
            ),
        ]
        indexes = [models.Index(fields=["pair", "held_on"], name="talk_by_pair_and_day")]

    def __str__(self) -> str:
        return f"1on1 {self.held_on}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return page_address("evaluation:one_on_one", self.municipality_id, self.pk)


class PromiseQuerySet(BodyQuerySet):
    """Promises, visible to the two members of the pair alone."""

    def visible_to(self, member: Member) -> Self:
        """The promises made in one's own talks."""
        return self.filter(one_on_one__in=OneOnOne.objects.visible_to(member))

    def open(self) -> Self:
        """Not kept yet."""
        return self.filter(done_at=None)


class Promise(BodyModel):
    """Promise of one of the two in a 1on1, with a due day."""

    one_on_one = models.ForeignKey(
        OneOnOne, models.CASCADE, related_name="promises", verbose_name="1on1"
    )
    owner = models.ForeignKey(
        Member, models.PROTECT, related_name="+", verbose_name=_("約束した人")
    )
    text = models.CharField(_("約束の内容"), max_length=200)
    due_on = models.DateField(pgettext_lazy("1on1", "期限"))
    done_at = models.DateTimeField(_("果たした日時"), null=True, blank=True)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        verbose_name = _("1on1の約束")
        verbose_name_plural = _("1on1の約束")
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["owner", "due_on"], condition=Q(done_at=None), name="promise_open")
        ]

    def __str__(self) -> str:
        return f"{self.one_on_one_id}:{self.pk}"


class PrivateNoteQuerySet(BodyQuerySet):
    """Private notes, visible to their author alone."""

    def visible_to(self, member: Member) -> Self:
        """One's own, of the talks that one may still read."""
        return self.filter(author=member, one_on_one__in=OneOnOne.objects.visible_to(member))


class PrivateNote(BodyModel):
    """Private note about a 1on1. Encrypted with FIELD_KEYS; only the author reads it."""

    one_on_one = models.ForeignKey(
        OneOnOne, models.CASCADE, related_name="private_notes", verbose_name="1on1"
    )
    author = models.ForeignKey(
        Member, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("レビュー", "書いた人")
    )
    sealed = models.BinaryField(_("暗号化した本文"))
    written_at = models.DateTimeField(_("書いた日時"))

    objects = PrivateNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("自分だけのメモ")
        verbose_name_plural = _("自分だけのメモ")
        constraints = [
            models.UniqueConstraint(
                fields=["one_on_one", "author"], name="one_private_note_per_author_and_talk"
            )
        ]

    def __str__(self) -> str:
        return f"{self.one_on_one_id}:{self.author_id}"

    @property
    def text(self) -> str:
        """Note in clear."""
        return open_secret(bytes(self.sealed)).decode()

    @staticmethod
    def seal(text: str) -> bytes:
        """Encrypted form of the note, as it is stored."""
        return seal_secret(text.encode())
