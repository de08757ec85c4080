"""Usage records (実施記録), the months for which departments hand them in, and 実績なし."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.addresses import page_address
from municipality.core.models import BodyModel, BodyQuerySet
from municipality.imports.models import FileImport
from municipality.organisation.models import Department, Member
from municipality.organisation.queries import at_work_on_the_day
from pilots.participants.models import persons_of
from pilots.planning.models import Method

DAY_MINUTES = 465
"""Minutes of a working day: 7 hours 45 minutes, as municipal regulations have it."""


class UsageQuerySet(BodyQuerySet):
    """Usage records, by visibility and by day."""

    def visible_to(self, member: Member) -> Self:
        """Own records, those of one's people, and of departments whose 庶務担当 one is; all for
        office and HR. Nobody else sees single records.
        """
        clerk = Q(department__in=member.authority.clerk_duties().values("department"))
        return self.filter(
            persons_of(member, "department__path") | Q(member=member) | clerk,
            municipality_id=member.municipality_id,
        )

    def between(self, first, last) -> Self:
        """Records of the days from the first to the last, both included."""
        return self.filter(day__gte=first, day__lte=last)

    def counted(self) -> Self:
        """Records that any indicator counts: those of a day on which the person was at work here,
        posted and not on leave. Who of these people is staff, or takes part, is asked beside it.
        """
        return self.filter(Exists(at_work_on_the_day("day")))


class Usage(BodyModel):
    """Telework of one person: day, unit, minutes (465 at most), place and method. `department` is
    the person's on that day.

    Person, day, unit and `part` make a record the same one; place, method and minutes are
    corrected. `source` says whether a file brought it, and `file` which one, or whether it was
    entered or corrected on a page.
    """

    class Source(models.TextChoices):
        FILE = "file", _("ファイルの取込み")
        OWN = "own", _("画面での入力")

    class Unit(models.TextChoices):
        FULL = "full", pgettext_lazy("実施の単位", "終日")
        MORNING = "morning", pgettext_lazy("実施の単位", "午前")
        AFTERNOON = "afternoon", pgettext_lazy("実施の単位", "午後")
        HOURS = "hours", pgettext_lazy("実施の単位", "時間")

    MINUTES = {Unit.FULL: DAY_MINUTES, Unit.MORNING: 232, Unit.AFTERNOON: 233}

    class Place(models.TextChoices):
        HOME = "home", pgettext_lazy("実施の場所", "自宅")
        SATELLITE = "satellite", _("サテライト")
        MOBILE = "mobile", pgettext_lazy("実施の場所", "モバイル")
        OTHER = "other", pgettext_lazy("実施の場所", "その他")

    member = models.ForeignKey(
        Member, models.PROTECT, related_name="usages", verbose_name=pgettext_lazy("人", "職員")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("組織", "部署")
    )
    day = models.DateField(pgettext_lazy("実施記録", "実施日"))
    unit = models.CharField(
        pgettext_lazy("実施記録", "単位"), max_length=9, choices=Unit, default=Unit.FULL
    )
    minutes = models.PositiveSmallIntegerField(_("実施した時間(分)"), default=DAY_MINUTES)
    place = models.CharField(
        pgettext_lazy("実施記録", "場所"), max_length=9, choices=Place, default=Place.HOME
    )
    method = models.CharField(
        pgettext_lazy("実施記録", "方式"),
        max_length=16,
        choices=Method,
        default=Method.REMOTE_DESKTOP,
    )

    part = models.CharField(
        _("開始時刻または枝番"),
        max_length=5,
        blank=True,
        default="",
        help_text=_("時間単位の記録を、開始時刻か1からの番号で区別します。"),
    )
    source = models.CharField(_("記録の入力元"), max_length=4, choices=Source, default=Source.FILE)
    file = models.ForeignKey(
        FileImport,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("取り込んだファイル"),
    )

    objects = UsageQuerySet.as_manager()

    FILED_ANEW = ("department",)
    """A transfer that is dated back moves the records: nobody's change of them."""

    class Meta:
        verbose_name = pgettext_lazy("実施記録", "実施記録")
        verbose_name_plural = pgettext_lazy("実施記録", "実施記録")
        ordering = ["-day", "member"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "day", "unit", "part"], name="usage_is_recorded_once"
            ),
            models.CheckConstraint(
                condition=Q(minutes__range=(1, DAY_MINUTES)), name="usage_fits_in_a_working_day"
            ),
        ]
        indexes = [
            models.Index(fields=["department", "day"], name="usage_by_department"),
            models.Index(fields=["municipality", "day"], name="usage_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.day} {self.unit}"

    @property
    def start(self) -> str:
        """Start of a record of 時間 as 09:30; empty where none was given."""
        return self.part if ":" in self.part else ""

    @property
    def is_numbered(self) -> bool:
        """Whether a number tells it from other records of 時間 of the day, and no start."""
        return bool(self.part) and not self.start

    def get_absolute_url(self) -> str:
        """The page on which it is corrected or deleted."""
        return page_address("pilots:usage_record", self.municipality_id, self.pk)


class DeletedUsage(BodyModel):
    """A record that a person deleted (削除した実施記録), or corrected into one of another unit, by its
    key: files do not bring it back, unless whoever takes them in says so.

    A number as `part` names no record by itself, since each file counts anew: `minutes` tell which
    one it was. `became` is what the correction made of it, for as long as that stands: then the
    setting of the body decides between the two.
    """

    member = models.ForeignKey(
        Member, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("人", "職員")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("組織", "部署")
    )
    day = models.DateField(pgettext_lazy("実施記録", "実施日"))
    unit = models.CharField(pgettext_lazy("実施記録", "単位"), max_length=9, choices=Usage.Unit)
    part = models.CharField(_("開始時刻または枝番"), max_length=5, blank=True, default="")
    minutes = models.PositiveSmallIntegerField(_("時間数(分)"))
    reason = models.CharField(pgettext_lazy("実施記録", "理由"), max_length=200)
    deleted_by = models.ForeignKey(
        Member, models.PROTECT, related_name="+", verbose_name=_("削除した人")
    )
    deleted_at = models.DateTimeField(_("削除した日時"))
    became = models.ForeignKey(
        Usage,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("訂正した後の記録"),
    )

    objects = UsageQuerySet.as_manager()

    class Meta:
        verbose_name = _("削除した実施記録")
        verbose_name_plural = _("削除した実施記録")
        ordering = ["-day", "member"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "day", "unit", "part"], name="usage_is_deleted_once"
            )
        ]
        indexes = [models.Index(fields=["municipality", "day"], name="deleted_usage_by_day")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.day} {self.unit}"


class UsageSetting(BodyModel):
    """How a body treats records of a file that differ from those entered on a page on the same
    day.
    """

    file_wins = models.BooleanField(_("ファイルの内容に改める"), default=False)

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("実施記録の取込みの設定")
        verbose_name_plural = _("実施記録の取込みの設定")
        constraints = [
            models.UniqueConstraint(fields=["municipality"], name="usage_is_set_once_for_a_body")
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.file_wins}"


class Submission(models.TextChoices):
    """What is known of a department's telework in a month. Nothing handed in is not zero."""

    RECORDED = "recorded", pgettext_lazy("提出の状態", "実績あり")
    NONE = "none", pgettext_lazy("提出の状態", "実績なし")
    MISSING = "missing", pgettext_lazy("指標", "未提出")


class DepartmentMonthQuerySet(BodyQuerySet):
    """Rows of a department and month."""

    def visible_to(self, member: Member) -> Self:
        """Rows of departments in reach, and of those whose 庶務担当 one is."""
        here = member.authority.reach("department__path")
        clerk = Q(department__in=member.authority.clerk_duties().values("department"))
        return self.filter(here | clerk, municipality_id=member.municipality_id)


class DepartmentMonth(BodyModel):
    """A department and a month, named by its first day."""

    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("組織", "部署")
    )
    month = models.DateField(_("対象の月の初日"))

    objects = DepartmentMonthQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.department} {self.month:%Y-%m}"


class NoTelework(DepartmentMonth):
    """A department declares that nobody teleworked in a month (実績なしの申告). `declared_by` None: a
    file said so, from the command line or before the importing person was kept.

    Records that come later win; the declaration stays and is shown as overtaken.
    """

    declared_by = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("申告した人"),
    )
    declared_at = models.DateTimeField(_("申告した日時"))

    class Meta:
        verbose_name = _("実績なしの申告")
        verbose_name_plural = _("実績なしの申告")
        ordering = ["-month", "department__path"]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "month"], name="no_telework_is_declared_once"
            )
        ]


class UsageMonth(DepartmentMonth):
    """A month for which a department has to hand in its usage records, opened when the month ends.

    `due_on` is written down, so that closed days set later do not move what people were told.
    """

    due_on = models.DateField(_("提出の期限"))
    opened_at = models.DateTimeField(_("開いた日時"))

    class Meta:
        verbose_name = _("実施記録の提出")
        verbose_name_plural = _("実施記録の提出")
        ordering = ["-month", "department__path"]
        constraints = [
            models.UniqueConstraint(fields=["department", "month"], name="usage_month_opens_once")
        ]
        indexes = [models.Index(fields=["municipality", "month"], name="usage_month_by_body")]

    def get_absolute_url(self) -> str:
        """The page on which the department hands in or declares 実績なし."""
        return page_address("pilots:usage_month", self.municipality_id, self.pk)
