"""Who works in a body, and what each may do from which day to which."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .accounts import User
from .base import BodyModel, BodyQuerySet, DatedQuerySet
from .organisation import Department, Post


class MemberQuerySet(BodyQuerySet):
    """People of a body."""

    def visible_to(self, member) -> Self:
        """People whose posting lies in the reach of the member's roles on the day of the authority, and oneself."""
        reached = Posting.objects.on(member.authority.day).filter(
            member.authority.by_role("department__path"), municipality_id=member.municipality_id
        )
        return self.filter(Q(pk__in=reached.values("member")) | Q(pk=member.pk), municipality_id=member.municipality_id)

    def holding(self, role: str, path: str, day) -> Self:
        """Members who hold the role for the department with this path on that day: there or anywhere above it."""
        return self.filter(pk__in=Grant.objects.on(day).for_path(role, path).values("posting__member"))


class Member(BodyModel):
    """A person's presence in one body. Every reference to a person is to a Member.

    `locked_at`: another body let the person make their sign-in anew; until this body's office confirms it, the door is shut.
    `sessions_ended_at`: the office ended the person's sessions: those begun before it open this body no more.
    """

    user = models.ForeignKey(
        User,
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
    sessions_ended_at = models.DateTimeField(_("事務局がログインを終わらせた日時"), null=True, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("人", "職員")
        verbose_name_plural = pgettext_lazy("人", "職員")
        ordering = ["kana", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "series", "number"], name="member_number_is_unique_in_its_series"
            ),
            models.UniqueConstraint(fields=["municipality", "user"], name="user_is_one_member_of_a_body"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The person's page."""
        return reverse("municipality:member", args=[self.municipality_id, self.pk])

    @property
    def reached_by(self) -> str:
        """The address that mail goes to: empty when there is none, or when the office found that it does not work."""
        return "" if self.mail == self.wrong_mail else self.mail

    @property
    def family_name(self) -> str:
        """What stands on the seal: the part before the first space."""
        return self.name.replace("　", " ").split(" ")[0]

    @cached_property
    def authority(self):
        """What this member may do today. A request and a job set it for their own day by `authority_on`."""
        from municipality.authority import authority_on

        return authority_on(self, timezone.localdate())


class PostingQuerySet(DatedQuerySet):
    """Postings (発令)."""

    def visible_to(self, member) -> Self:
        """Postings in departments within the reach of the member's roles, and one's own."""
        return self.filter(
            member.authority.by_role("department__path") | Q(member=member), municipality_id=member.municipality_id
        )


class Posting(BodyModel):
    """A person holds a post in a department from one day to another (発令), mainly or concurrently."""

    class Kind(models.TextChoices):
        MAIN = "main", pgettext_lazy("発令", "本務")
        CONCURRENT = "concurrent", pgettext_lazy("発令", "兼務")

    class Status(models.TextChoices):
        PRESENT = "present", pgettext_lazy("発令", "在職")
        LEAVE = "leave", pgettext_lazy("発令", "休職")
        SECONDED = "seconded", pgettext_lazy("発令", "派遣")

    member = models.ForeignKey(
        Member, models.PROTECT, related_name="postings", verbose_name=pgettext_lazy("人", "職員")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="postings", verbose_name=pgettext_lazy("組織", "部署")
    )
    post = models.ForeignKey(Post, models.PROTECT, related_name="postings", verbose_name=pgettext_lazy("組織", "職位"))
    kind = models.CharField(_("本務・兼務"), max_length=10, choices=Kind, default=Kind.MAIN)
    status = models.CharField(_("在職の状態"), max_length=8, choices=Status, default=Status.PRESENT)
    starts_on = models.DateField(pgettext_lazy("期間", "開始日"))
    ends_on = models.DateField(pgettext_lazy("期間", "終了日"), null=True, blank=True)

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("人", "発令")
        verbose_name_plural = pgettext_lazy("人", "発令")
        ordering = ["kind", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "department", "post", "kind", "starts_on"], name="posting_begins_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="posting_ends_after_it_starts"
            ),
        ]
        indexes = [models.Index(fields=["department", "post"], name="posting_by_post")]

    def __str__(self) -> str:
        return f"{self.department} {self.post}"


class GrantQuerySet(models.QuerySet):
    """Roles as given by postings."""

    def on(self, day) -> Self:
        """Grants whose posting is in force on that day and whose holder is neither on leave nor seconded away."""
        return self.filter(
            Q(posting__ends_on=None) | Q(posting__ends_on__gte=day),
            posting__starts_on__lte=day,
            posting__status=Posting.Status.PRESENT,
            posting__member__is_active=True,
        )

    def for_path(self, role: str, path: str) -> Self:
        """Grants of the role that reach the department with this path: those at it or above it."""
        parts = path.rstrip("/").split("/")
        above = ["/".join(parts[: n + 1]) + "/" for n in range(1, len(parts))]
        return self.filter(role=role, posting__department__path__in=above)

    def visible_to(self, member) -> Self:
        """Grants of the member's own body."""
        return self.filter(municipality_id=member.municipality_id)


class Grant(BodyModel):
    """A posting carries a role (役割). The reach of a role follows from the posting's department."""

    class Role(models.TextChoices):
        STAFF = "staff", pgettext_lazy("役割", "職員")
        MANAGER = "manager", pgettext_lazy("役割", "所属長")
        EXECUTIVE = "executive", pgettext_lazy("役割", "決裁者")
        OFFICE = "office", pgettext_lazy("役割", "事務局")
        HR = "hr", pgettext_lazy("役割", "人事")
        AUDITOR = "auditor", pgettext_lazy("役割", "監査")
        CONSULTANT = "consultant", _("外部専門家")

    posting = models.ForeignKey(
        Posting, models.CASCADE, related_name="grants", verbose_name=pgettext_lazy("人", "発令")
    )
    role = models.CharField(pgettext_lazy("人", "役割"), max_length=10, choices=Role)

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("人", "役割")
        verbose_name_plural = pgettext_lazy("人", "役割")
        constraints = [models.UniqueConstraint(fields=["posting", "role"], name="posting_carries_a_role_once")]

    def __str__(self) -> str:
        return self.get_role_display()


class Duty(BodyModel):
    """A duty (職務) given to a person from one day to another, beside the roles."""

    class Kind(models.TextChoices):
        SECURITY = "security", _("情報セキュリティ責任者")
        ADJUSTER = "adjuster", pgettext_lazy("職務", "調整者")
        CLERK = "clerk", pgettext_lazy("組織", "庶務担当")
        OPERATOR = "operator", _("運用管理者")

    member = models.ForeignKey(Member, models.PROTECT, related_name="duties", verbose_name=pgettext_lazy("人", "職員"))
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="duties", verbose_name=pgettext_lazy("組織", "部署")
    )
    kind = models.CharField(pgettext_lazy("人", "職務"), max_length=10, choices=Kind)
    starts_on = models.DateField(pgettext_lazy("期間", "開始日"))
    ends_on = models.DateField(pgettext_lazy("期間", "終了日"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("人", "職務")
        verbose_name_plural = pgettext_lazy("人", "職務")
        constraints = [
            models.UniqueConstraint(fields=["member", "department", "kind", "starts_on"], name="duty_begins_once"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class InvitationQuerySet(BodyQuerySet):
    """Invitations of a body."""

    def pending(self, now) -> Self:
        """Invitations that can still be accepted."""
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=now)


class Invitation(BodyModel):
    """An invitation of a member to make an account, or to make the sign-in anew (`renews`). It works once.

    It is found by the digest of its secret, or of the short code that is its first half and is typed from paper. The
    secret itself is kept encrypted while it can still be sent or printed, and erased when it is accepted or revoked.
    """

    member = models.ForeignKey(
        Member, models.PROTECT, related_name="invitations", verbose_name=pgettext_lazy("人", "職員")
    )
    digest = models.CharField(pgettext_lazy("組織", "照合値"), max_length=64, unique=True)
    code_digest = models.CharField(_("短いコードの照合値"), max_length=64, blank=True)
    sealed_token = models.BinaryField(_("暗号化した招待の鍵"), null=True)
    renews = models.BooleanField(_("ログインのやり直し"), default=False)
    invited_by = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("招待した人")
    )
    invited_at = models.DateTimeField(_("招待した日時"))
    expires_at = models.DateTimeField(pgettext_lazy("組織", "有効期限"))
    accepted_at = models.DateTimeField(_("受け入れた日時"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("取り消した日時"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("人", "招待")
        verbose_name_plural = pgettext_lazy("人", "招待")
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at=None, revoked_at=None) | Q(sealed_token=None),
                name="closed_invitation_keeps_no_secret",
            ),
        ]
        indexes = [
            models.Index(fields=["member", "-invited_at"], name="invitation_latest_of_a_member"),
            models.Index(fields=["code_digest"], name="invitation_by_its_short_code"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.invited_at:%Y-%m-%d}"
