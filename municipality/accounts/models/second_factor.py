"""Second factors: the authenticator, the printed table of codes, and recovery codes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_otp.models import Device, ThrottlingMixin, TimestampMixin, VerifyNotAllowed
from django_otp.oath import hotp

from municipality.core.encryption import open_secret, seal_secret

TOTP_STEP = 30

TOTP_TOLERANCE = 1

LONGEST_WAIT = 3600

TABLE_SIZE = 60

RECOVERY_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class GuardedDevice(TimestampMixin, ThrottlingMixin, Device):
    """Device of the second factor with its own key, stored encrypted with FIELD_KEYS.

    After each failure it waits 1, 2, 4 … seconds, an hour at most. A person who knows the password
    can therefore neither guess codes nor lock the owner out for good.
    """

    sealed_key = models.BinaryField(_("暗号化した鍵"))

    class Meta:
        abstract = True

    @property
    def key(self) -> bytes:
        """The secret in clear."""
        return open_secret(bytes(self.sealed_key))

    @key.setter
    def key(self, value: bytes) -> None:
        self.sealed_key = seal_secret(value)

    def waits_until(self, now: datetime) -> datetime | None:
        """Time from which the next code is checked; None when it is checked now."""
        if not self.throttling_failure_count or self.throttling_failure_timestamp is None:
            return None
        delay = min(
            2 ** min(self.throttling_failure_count - 1, 20) * self.get_throttle_factor(),
            LONGEST_WAIT,
        )
        until: datetime = self.throttling_failure_timestamp + timedelta(seconds=delay)
        return until if until > now else None

    def verify_is_allowed(self) -> tuple[bool, dict | None]:
        """Whether a code may be tried now, in the form that django-otp expects."""
        until = self.waits_until(timezone.now())
        if until is None:
            return True, None
        reason = {
            "reason": VerifyNotAllowed.N_FAILED_ATTEMPTS,
            "failure_count": self.throttling_failure_count,
            "locked_until": until,
        }
        return False, reason

    def get_throttle_factor(self) -> float:
        """Seconds to wait after the first failure; they double with each further failure."""
        return 1

    def claim_try(self, now: datetime) -> bool:
        """Count a failure before the code is checked: of several tries at the same moment one is
        checked and the others are refused.
        """
        seen = {"pk": self.pk, "throttling_failure_count": self.throttling_failure_count}
        counted = {
            "throttling_failure_count": self.throttling_failure_count + 1,
            "throttling_failure_timestamp": now,
        }
        return bool(type(self).objects.filter(**seen).update(**counted))

    def settle(self, now: datetime, condition: Q, **fields) -> bool:
        """Reset the failures and store the use after a right code, if `condition` still holds on
        the row. True when it did.
        """
        values = {
            "throttling_failure_count": 0,
            "throttling_failure_timestamp": None,
            "last_used_at": now,
        }
        return bool(type(self).objects.filter(condition, pk=self.pk).update(**values, **fields))


class Authenticator(GuardedDevice):
    """The authenticator app (TOTP, RFC 6238) of a user; there is one at a time."""

    last_counter = models.BigIntegerField(_("最後に使った番号"), default=-1)

    class Meta:
        verbose_name = _("認証アプリ")
        verbose_name_plural = _("認証アプリ")
        constraints = [models.UniqueConstraint(fields=["user"], name="user_has_one_authenticator")]

    def verify_token(self, token: str, *, now: datetime | None = None) -> bool:
        """True when the code is that of the present time step or the one before or after. A code is
        accepted once, also when several requests send it at the same time.
        """
        now = now or timezone.now()
        if self.waits_until(now) or not self.claim_try(now):
            return False
        counter = counter_of(self.key, token, now)
        return counter is not None and self.settle(
            now, Q(last_counter__lt=counter), last_counter=counter
        )


def counter_of(key: bytes, token: str, now: datetime) -> int | None:
    """The step of time whose code this is, within the tolerance; None when it is none."""
    if len(token) != 6 or not token.isascii() or not token.isdigit():
        return None
    step = int(now.timestamp()) // TOTP_STEP
    near = range(step - TOTP_TOLERANCE, step + TOTP_TOLERANCE + 1)
    return next((counter for counter in near if hotp(key, counter) == int(token)), None)


class CodeTable(GuardedDevice):
    """確認コード表: printed table of numbered codes, for people without an authenticator app. A user has
    one at a time.

    The codes are derived from the key by their number (HOTP, RFC 4226) and asked for in order;
    `used` is the last used number. Only the paper shows them: a page does so once, before the table
    is registered.
    """

    size = models.PositiveSmallIntegerField(_("コードの数"), default=TABLE_SIZE)
    used = models.PositiveSmallIntegerField(_("最後に使った番号"), default=0)

    class Meta:
        verbose_name = _("確認コード表")
        verbose_name_plural = _("確認コード表")
        constraints = [
            models.UniqueConstraint(fields=["user"], name="user_has_one_code_table"),
            models.CheckConstraint(
                condition=Q(used__lte=models.F("size")), name="code_table_is_used_to_its_end"
            ),
        ]

    @property
    def number(self) -> int:
        """Number of the code that is asked for next."""
        return self.used + 1

    @property
    def left(self) -> int:
        """Number of codes that are not used yet."""
        return self.size - self.used

    def verify_token(self, token: str, *, now: datetime | None = None) -> bool:
        """True when the code is that of the next number. It is accepted once, also when several
        requests send it at the same time.
        """
        now, number = now or timezone.now(), self.number
        if self.waits_until(now) or not self.claim_try(now):
            return False
        right = number <= self.size and hmac.compare_digest(table_code(self.key, number), token)
        return right and self.settle(now, Q(used=number - 1), used=number)


def table_code(key: bytes, number: int) -> str:
    """Eight-digit code beside this number in the table made from the key."""
    return f"{hotp(key, number, digits=8):08d}"


class RecoverySheet(GuardedDevice):
    """Recovery codes of a user. The digests are made with the key of the sheet: the tables alone do
    not reveal a code.
    """

    class Meta:
        verbose_name = _("回復コードの用紙")
        verbose_name_plural = _("回復コードの用紙")
        constraints = [models.UniqueConstraint(fields=["user"], name="user_has_one_recovery_sheet")]

    def digest_of(self, code: str) -> str:
        """HMAC-SHA256 of a code in its plain form."""
        return hmac.new(self.key, code.encode(), hashlib.sha256).hexdigest()

    def verify_token(self, token: str, *, now: datetime | None = None) -> bool:
        """True when the code is on the sheet and not used; it is marked as used. Of several
        requests only the first succeeds.
        """
        now = now or timezone.now()
        if self.waits_until(now) or not self.claim_try(now):
            return False
        used = self.codes.filter(digest=self.digest_of(plain_code(token)), used_at=None).update(
            used_at=now
        )
        return bool(used) and self.settle(now, Q())


class RecoveryCode(models.Model):
    """One code of a sheet, as a digest. It works once."""

    sheet = models.ForeignKey(
        RecoverySheet, models.CASCADE, related_name="codes", verbose_name=_("回復コードの用紙")
    )
    digest = models.CharField(pgettext_lazy("組織", "照合値"), max_length=64)
    used_at = models.DateTimeField(_("使った日時"), null=True, blank=True)

    class Meta:
        verbose_name = _("回復コード")
        verbose_name_plural = _("回復コード")
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "digest"], name="recovery_code_is_once_on_its_sheet"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id}:{self.pk}"


def fresh_code() -> str:
    """New recovery code of 60 random bits in three groups, without letters that are easily
    confused.
    """
    letters = "".join(secrets.choice(RECOVERY_LETTERS) for _place in range(12))
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def plain_code(typed: str) -> str:
    """Recovery code without dashes and spaces; O is read as 0, I and L as 1."""
    letters = "".join(typed.upper().split()).replace("-", "")
    return letters.translate(str.maketrans("OIL", "011"))
