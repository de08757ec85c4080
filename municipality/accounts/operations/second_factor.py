"""Second factor: one authenticator app or one printed code table for each person, and ten recovery
codes that each work once.
"""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from municipality.accounts.models import (
    Authenticator,
    CodeTable,
    GuardedDevice,
    RecoveryCode,
    RecoverySheet,
    User,
    counter_of,
    fresh_code,
    plain_code,
    table_code,
)
from municipality.accounts.operations.sign_in import record_of, tell
from municipality.audit.log import operation
from municipality.core.refusals import Answer, Conflict, Refusal, require
from municipality.organisation.models import Member

KEY_BYTES = 20

CODES_ON_A_SHEET = 10

FAILURES_TOLD = 5

TABLE_LOW = (10, 3)
"""At how many codes left in a table the person is told to make a new one."""


@dataclass(frozen=True)
class CodeCheck:
    """Result of checking a code: the device that accepted it, or the time until which the device
    checks none.
    """

    device: GuardedDevice | None = None
    waits_until: datetime | None = None


def plain_token(typed: str) -> str:
    """The code in half-width digits without spaces."""
    return "".join(unicodedata.normalize("NFKC", typed).split())


def authenticator_of(user: User) -> Authenticator | None:
    """The user's authenticator app, if one is registered."""
    return Authenticator.objects.filter(user=user, confirmed=True).first()


def factor_of(user: User) -> Authenticator | CodeTable | None:
    """Second factor of the user: the authenticator app, else the code table, else None."""
    return authenticator_of(user) or CodeTable.objects.filter(user=user, confirmed=True).first()


def codes_left(user: User) -> int:
    """Number of the user's unused recovery codes."""
    return RecoveryCode.objects.filter(sheet__user=user, used_at=None).count()


@operation
def try_authenticator(user: User, typed: str, *, now: datetime, address: str) -> CodeCheck:
    """Check a code of the authenticator app."""
    return _try(
        user,
        Authenticator.objects.filter(user=user, confirmed=True).first(),
        plain_token(typed),
        now,
        address,
    )


@operation
def try_table(user: User, typed: str, *, now: datetime, address: str) -> CodeCheck:
    """Check the code of the next number of the table. The user is notified when few codes are
    left.
    """
    table = CodeTable.objects.filter(user=user, confirmed=True).first()
    tried = _try(user, table, plain_token(typed).replace("-", ""), now, address)
    if table is not None and tried.device is not None and table.left - 1 in TABLE_LOW:
        tell(user, "account.table_low", now=now, left=table.left - 1)
    return tried


@operation
def try_recovery_code(user: User, typed: str, *, now: datetime, address: str) -> CodeCheck:
    """Check a recovery code and mark it as used; the user is notified how many are left."""
    sheet = RecoverySheet.objects.filter(user=user, confirmed=True).first()
    tried = _try(user, sheet, plain_token(typed), now, address)
    if tried.device is not None:
        tell(user, "account.recovery", now=now, left=codes_left(user))
    return tried


WAYS: dict[type, str] = {Authenticator: "app", CodeTable: "table", RecoverySheet: "recovery"}


def _try(
    user: User, device: GuardedDevice | None, token: str, now: datetime, address: str
) -> CodeCheck:
    way = WAYS.get(type(device), "app")
    until = device.waits_until(now) if device else None
    if device is not None and until is None and device.verify_token(token, now=now):
        record_of(user, "second_factor.passed", way=way, address=address)
        return CodeCheck(device)
    record_of(user, "second_factor.failed", acts=False, way=way, address=address)
    if (
        device is not None
        and until is None
        and device.throttling_failure_count + 1 == FAILURES_TOLD
    ):
        tell(user, "account.guessed", now=now)
    return CodeCheck(waits_until=until)


@operation
def note_limit(user: User, *, address: str) -> None:
    """Log that the rate limit of codes was exceeded."""
    record_of(user, "second_factor.limited", acts=False, address=address)


def may_enrol(user: User, *, fresh: bool, now: datetime) -> Answer:
    """Whether the user may register a second factor: with one, just after showing it; without one,
    within the time given by the account.
    """
    if factor_of(user) is not None:
        return True if fresh else Refusal(_("登録済みの方法で、もう一度確認してください。"))
    if user.enrols_until is not None and now <= user.enrols_until:
        return True
    return Refusal(
        _("認証アプリを登録できる期限を過ぎています。事務局に招待の再発行を頼んでください。")
    )


def may_use_table(user: User) -> Answer:
    """Whether the user may use a code table: every body that the person works in must allow it."""
    if Member.objects.filter(user=user, is_active=True, municipality__code_tables=False).exists():
        return Refusal(_("この団体では、確認コード表を使えません。認証アプリを登録してください。"))
    return True


def fresh_key() -> bytes:
    """A new random key for an authenticator app."""
    return os.urandom(KEY_BYTES)


@operation
def enrol(
    user: User, key: bytes, typed: str, *, fresh: bool, now: datetime
) -> tuple[Authenticator, list[str]] | None:
    """Register the authenticator app that shows this code for the key, in place of an earlier one,
    with new recovery codes.

    None when the code is wrong. Sessions that were verified by the earlier app are no longer.
    Raises Denied and Conflict.
    """
    require(may_enrol(user, fresh=fresh, now=now))
    counter = counter_of(key, plain_token(typed), now)
    if counter is None:
        return None
    device = Authenticator(user=user, name="app", confirmed=True, last_counter=counter)
    _replace(user, device, key)
    _enrolled(user, "app", now=now)
    return device, _new_codes(user)


@operation
def enrol_table(
    user: User, key: bytes, typed: str, *, fresh: bool, now: datetime
) -> CodeTable | None:
    """Register the table made from the key, once its first code shows that it is on paper; instead
    of what was there.

    None when the code is wrong. There are no recovery codes beside it: a second sheet of paper in
    the same drawer helps nobody. Raises Denied and Conflict.
    """
    require(may_enrol(user, fresh=fresh, now=now))
    require(may_use_table(user))
    if plain_token(typed).replace("-", "") != table_code(key, 1):
        return None
    table = CodeTable(user=user, name="table", confirmed=True, used=1)
    _replace(user, table, key)
    RecoverySheet.objects.filter(user=user).delete()
    _enrolled(user, "table", now=now)
    return table


def _enrolled(user: User, way: str, *, now: datetime) -> None:
    User.objects.filter(pk=user.pk).update(enrols_until=None)
    record_of(user, "second_factor.enrolled", way=way)
    tell(user, "account.factor" if way == "app" else "account.table", now=now)


def _replace(user: User, device: Authenticator | CodeTable, key: bytes) -> None:
    """Replace the user's second factor by the device. The user's row is locked, so that two kinds
    cannot be registered at the same time.
    """
    device.key = key
    try:
        with transaction.atomic():
            User.objects.select_for_update(no_key=True).get(pk=user.pk)
            Authenticator.objects.filter(user=user).delete()
            CodeTable.objects.filter(user=user).delete()
            device.save(force_insert=True)
    except IntegrityError:
        raise Conflict(
            _("別の画面で認証アプリが登録されました。その認証アプリで確認してください。")
        ) from None


@operation
def renew_codes(user: User) -> list[str]:
    """Make new recovery codes instead of the old ones. They are returned once and cannot be read
    later.

    They replace an authenticator app when it is lost. Raises Conflict for a user without one.
    """
    if authenticator_of(user) is None:
        raise Conflict(_("回復コードは、認証アプリを使う人のものです。"))
    codes = _new_codes(user)
    record_of(user, "recovery_codes.renewed", count=len(codes))
    return codes


def _new_codes(user: User) -> list[str]:
    sheet = RecoverySheet(user=user, name="recovery", confirmed=True)
    sheet.key = os.urandom(32)
    try:
        with transaction.atomic():
            RecoverySheet.objects.filter(user=user).delete()
            sheet.save(force_insert=True)
    except IntegrityError:
        raise Conflict(_("別の画面で回復コードが作り直されました。")) from None
    codes = [fresh_code() for _number in range(CODES_ON_A_SHEET)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(sheet=sheet, digest=sheet.digest_of(plain_code(code))) for code in codes
    )
    return codes


def forget_devices(user: User) -> None:
    """Delete authenticator, table and recovery codes; open sessions lose the second factor from
    their next request.
    """
    Authenticator.objects.filter(user=user).delete()
    CodeTable.objects.filter(user=user).delete()
    RecoverySheet.objects.filter(user=user).delete()
