"""Axes and criteria of the readiness catalogue."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.models import BodyModel, BodyQuerySet
from municipality.core.worded import in_language, is_english, strung

TOP_LEVEL = 4

BREAK = "\u200b"


class Axis(models.TextChoices):
    """The six axes of readiness."""

    DOCUMENTS = "documents", _("業務・文書")
    SYSTEMS = "systems", _("情報システム")
    SECURITY = "security", _("情報セキュリティ")
    SKILLS = "skills", _("人材・スキル")
    LABOUR = "labour", _("制度・労務")
    CULTURE = "culture", pgettext_lazy("準備度の観点", "組織風土")

    @property
    def short(self) -> str:
        """Label of two characters for the narrow columns of a heat map."""
        return str(SHORT[self])

    @property
    def head(self) -> str:
        """Label for the heading of a column, with a break opportunity where browsers find none."""
        return str(self.label).replace("情報", f"情報{BREAK}")


SHORT = {
    Axis.DOCUMENTS: pgettext_lazy("準備度の観点", "業務"),
    Axis.SYSTEMS: pgettext_lazy("準備度の観点", "情報"),
    Axis.SECURITY: pgettext_lazy("準備度の観点", "安全"),
    Axis.SKILLS: pgettext_lazy("準備度の観点", "人材"),
    Axis.LABOUR: pgettext_lazy("準備度の観点", "制度"),
    Axis.CULTURE: pgettext_lazy("準備度の観点", "風土"),
}


@dataclass(frozen=True)
class CriterionWording:
    """A criterion in the reader's language: `levels` describe 0 to 4."""

    title: str
    question: str
    levels: list[str]


class Criterion(BodyModel):
    """One question of the body's catalogue, with what each level 0–4 means. A changed catalogue is
    a new version.

    A `blocker` (必須条件) is a condition without which no pilot should start: below `blocker_level`
    it is not met.
    """

    catalogue_version = models.PositiveSmallIntegerField(_("項目表の版"))
    code = models.CharField(_("項目の記号"), max_length=6)
    order = models.PositiveSmallIntegerField(_("項目の順番"))
    axis = models.CharField(pgettext_lazy("準備度", "観点"), max_length=10, choices=Axis)
    title = models.CharField(_("項目の名前"), max_length=60)
    question = models.CharField(_("項目の問い"), max_length=300)
    levels = models.JSONField(_("段階の説明"))
    english = models.JSONField(_("英語の文面"), default=dict, blank=True)
    weight = models.PositiveSmallIntegerField(_("項目の重み"), default=1)
    blocker = models.BooleanField(pgettext_lazy("準備度", "必須条件"), default=False)
    blocker_level = models.PositiveSmallIntegerField(_("必須の段階"), default=0)
    blocker_may_not_apply = models.BooleanField(_("必須条件でも該当なしを認める"), default=False)

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("準備度の項目")
        verbose_name_plural = _("準備度の項目")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "catalogue_version", "code"],
                name="criterion_code_is_unique_in_its_version",
            ),
            models.CheckConstraint(condition=Q(weight__gte=1), name="criterion_weighs_at_least_1"),
            models.CheckConstraint(
                condition=Q(blocker=False, blocker_level=0)
                | Q(blocker=True, blocker_level__range=(1, TOP_LEVEL)),
                name="blocker_has_the_level_it_asks_for",
            ),
        ]

    def __str__(self) -> str:
        return strung(" ", self.code, self.words.title)

    @property
    def may_not_apply(self) -> bool:
        """May a department say that this does not apply to it? Of a 必須条件 only where the catalogue
        allows it.
        """
        return not self.blocker or self.blocker_may_not_apply

    @cached_property
    def words(self) -> CriterionWording:
        """Title, question and levels in the reader's language; Japanese where the body has no
        English text.
        """
        english = self.english if is_english() else {}
        return CriterionWording(
            in_language(self.title, self.english.get("title", "")),
            english.get("question") or self.question,
            english.get("levels") or self.levels,
        )
