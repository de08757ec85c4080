"""Who works in a body, and what each may do from which day to which."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.addresses import page_address
from municipality.core.models import BodyModel, BodyQuerySet, DatedQuerySet
from municipality.organisation.models.authority import authority_on
from municipality.organisation.models.departments import Department
from municipality.organisation.models.postings import Posting


class MemberQuerySet(BodyQuerySet):
    """People of a body."""

    def visible_to(self, member) -> Self:
        """People whose posting lies in the reach of the member's roles on the day of the authority,
        as far as these see persons, and oneself.
        """
        reached = Posting.objects.on(member.authority.day).filter(
            member.authority.reaches_people("department__path"),
            municipality_id=member.municipality_id,
        )
        return self.filter(
            Q(pk__in=reached.values("member")) | Q(pk=member.pk),
            municipality_id=member.municipality_id,
        )


class Member(BodyModel):
    """A person's presence in one body. Every reference to a person is to a Member.

    `locked_at`: another body let the person make their sign-in anew; until this body's office
    confirms it, the door is shut. `sessions_ended_at`: the office ended the person's sessions:
    those begun before it open this body no more.
    """

    municipality = models.ForeignKey(
        "municipality.Municipality",
        models.PROTECT,
        related_name="people",
        verbose_name=_("自治体の団体"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=pgettext_lazy("組織", "利用者"),
    )
    number = models.CharField(pgettext_lazy("組織", "職員番号"), max_length=20)
    series = models.CharField(pgettext_lazy("組織", "番号系列"), max_length=20, blank=True)
    name = models.CharField(pgettext_lazy("人", "氏名"), max_length=80)
    kana = models.CharField(pgettext_lazy("人", "カナ"), max_length=120, blank=True)
    mail = models.EmailField(pgettext_lazy("人", "メール"), blank=True)
    employment = models.CharField(pgettext_lazy("組織", "任用区分"), max_length=40, blank=True)
    is_active = models.BooleanField(_("利用できる"), default=True)
    locked_at = models.DateTimeField(_("本人の確認待ちになった日時"), null=True, blank=True)
    wrong_mail = models.EmailField(_("届かないと確認したメール"), blank=True)
    sessions_ended_at = models.DateTimeField(
        _("事務局がログインを終わらせた日時"), null=True, blank=True
    )

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("人", "職員")
        verbose_name_plural = pgettext_lazy("人", "職員")
        ordering = ["kana", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "series", "number"],
                name="member_number_is_unique_in_its_series",
            ),
            models.UniqueConstraint(
                fields=["municipality", "user"], name="user_is_one_member_of_a_body"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The person's page."""
        return page_address("municipality:member", self.municipality_id, self.pk)

    @property
    def reached_by(self) -> str:
        """The address that mail goes to: empty when there is none, or when the office found that it
        does not work.
        """
        return "" if self.mail == self.wrong_mail else self.mail

    @property
    def family_name(self) -> str:
        """What stands on the seal: the part before the first space."""
        return self.name.replace("　", " ").split(" ")[0]

    @cached_property
    def authority(self):
        """What this member may do today. A request and a job set it for their own day by
        `authority_on`.
        """
        return authority_on(self, timezone.localdate())


class DutyQuerySet(DatedQuerySet):
    """Duties (職務)."""

    def clerks(self, day) -> Self:
        """Duties as 庶務担当 in force on that day whose holders are there: they act for the
        department, and are told of what is due from it.
        """
        here = Posting.objects.present(day).filter(member=OuterRef("member"))
        return self.on(day).filter(Exists(here), kind=Duty.Kind.CLERK)


class Duty(BodyModel):
    """A duty (職務) given to a person from one day to another, beside the roles."""

    class Kind(models.TextChoices):
        SECURITY = "security", _("情報セキュリティ責任者")
        ADJUSTER = "adjuster", pgettext_lazy("職務", "調整者")
        CLERK = "clerk", pgettext_lazy("組織", "庶務担当")
        OPERATOR = "operator", _("運用管理者")

    member = models.ForeignKey(
        Member, models.PROTECT, related_name="duties", verbose_name=pgettext_lazy("人", "職員")
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        related_name="duties",
        verbose_name=pgettext_lazy("組織", "部署"),
    )
    kind = models.CharField(pgettext_lazy("人", "職務"), max_length=10, choices=Kind)
    starts_on = models.DateField(pgettext_lazy("期間", "開始日"))
    ends_on = models.DateField(pgettext_lazy("期間", "終了日"), null=True, blank=True)

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("人", "職務")
        verbose_name_plural = pgettext_lazy("人", "職務")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "department", "kind", "starts_on"], name="duty_begins_once"
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
