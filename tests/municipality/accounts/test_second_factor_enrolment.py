"""Registering an authenticator, and the recovery codes for when it is lost."""

from __future__ import annotations

import re
from base64 import b32encode
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from municipality.accounts.models import (
    Authenticator,
    RecoverySheet,
    User,
    counter_of,
    fresh_code,
    plain_code,
)
from municipality.accounts.operations.second_factor import (
    enrol,
    may_enrol,
    renew_codes,
    try_recovery_code,
)
from municipality.audit.models import Entry
from municipality.core import rate_limits
from municipality.core.refusals import Denied
from municipality.notifications.models import Notice
from tests.build.accounts import (
    SETUP,
    VERIFY,
    code_of,
    dump_of_all_tables,
    gets_in,
    half_signed_in,
    key_offered,
    shown,
    shows,
    someone,
    without_authenticator,
)
from tests.build.municipality import signed_in

pytestmark = pytest.mark.django_db
RECOVERY = "/accounts/two-factor/recovery/"
CODES = "/accounts/two-factor/recovery-codes/"


@pytest.fixture
def member():
    return someone(mail="y.takase@town.example.jp")


@pytest.fixture
def user(member):
    return member.user


@pytest.fixture
def half(user):
    return half_signed_in(user)


# --- registering ----------------------------------------------------------------------------------


def test_a_newcomer_registers_an_app_and_gets_ten_recovery_codes_once(member):
    client = without_authenticator(member)
    assert client.get(VERIFY)["Location"] == SETUP
    page = client.get(SETUP).content.decode()
    assert "<svg" in page
    assert "style=" not in page
    assert re.search(r'class="secret">([A-Z2-7]{4} ){7}[A-Z2-7]{4}<', page)
    key = key_offered(client)
    answer = client.post(SETUP, {"token": code_of(key)})
    codes = re.findall(r"<li>([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})</li>", answer.content.decode())
    assert len(set(codes)) == 10
    assert gets_in(client)
    assert codes[0] not in client.get(CODES).content.decode()
    assert key_was_kept_encrypted(member.user, key)
    assert Entry.objects.filter(verb="second_factor.enrolled").count() == 1
    assert Notice.objects.filter(rule="account.factor", member=member).count() == 1


def key_was_kept_encrypted(user: User, key: bytes) -> bool:
    device = Authenticator.objects.get(user=user)
    return device.key == key and key not in bytes(device.sealed_key)


def test_looking_at_the_page_changes_no_table_and_offers_the_same_key(member):
    client = without_authenticator(member)
    assert key_offered(client) == key_offered(client)
    assert Authenticator.objects.count() == 0
    assert key_offered(half_signed_in(member.user)) != key_offered(client)


def test_the_key_on_offer_cannot_be_read_from_the_session(member):
    client = without_authenticator(member)
    key = key_offered(client)
    assert b32encode(key).decode() not in str(dict(client.session))


def test_a_wrong_code_registers_nothing(member):
    client = without_authenticator(member)
    key_offered(client)
    answer = client.post(SETUP, {"token": "000000"})
    assert answer.status_code == 422
    assert "数字が合いません" in answer.content.decode()
    assert Authenticator.objects.count() == 0


def test_the_code_used_to_register_opens_nothing_else(member):
    client = without_authenticator(member)
    code = code_of(key_offered(client))
    client.post(SETUP, {"token": code})
    assert shows(half_signed_in(member.user), code).status_code == 422


def test_whoever_left_it_for_too_long_needs_a_new_invitation(member):
    client = without_authenticator(member)
    key = key_offered(client)
    for late in (timezone.now() - timedelta(seconds=1), None):
        User.objects.filter(pk=member.user_id).update(enrols_until=late)
        assert client.get(SETUP).status_code == 403
        answer = client.post(SETUP, {"token": code_of(key)})
        assert answer.status_code == 403
        assert "事務局に招待の再発行を頼んでください" in answer.content.decode()
    assert Authenticator.objects.count() == 0


def test_the_operation_asks_the_rule_again(user):
    with pytest.raises(Denied):
        enrol(user, b"0" * 20, "000000", fresh=False, now=timezone.now())
    assert may_enrol(user, fresh=True, now=timezone.now()) is True


def test_another_app_replaces_the_first_and_unverifies_other_sessions(member):
    client, elsewhere = signed_in(member), signed_in(member)
    shows(client, shown(member.user))
    key = key_offered(client)
    assert client.post(SETUP, {"token": code_of(key)}).status_code == 200
    assert gets_in(client)
    assert not gets_in(elsewhere)
    assert Authenticator.objects.get().key == key


# --- recovery codes -------------------------------------------------------------------------------


def test_a_recovery_code_works_once_however_it_is_typed(user, member):
    code = renew_codes(user)[0]
    wide = (
        code.lower()
        .translate(str.maketrans("0123456789", "０１２３４５６７８９"))
        .replace("-", " ")
    )
    client = half_signed_in(user)
    assert client.post(RECOVERY, {"token": wide}).status_code == 302
    assert gets_in(client)
    assert half_signed_in(user).post(RECOVERY, {"token": code}).status_code == 422
    assert Notice.objects.get(rule="account.recovery", member=member).params == {"left": 9}


def test_letters_that_look_like_digits_are_read_as_digits():
    assert plain_code(" oIl-0000 ") == "0110000"
    assert set("OILU") & set("".join(fresh_code() for _number in range(200))) == set()


def test_old_recovery_codes_die_with_the_sheet(user):
    old = renew_codes(user)
    renew_codes(user)
    assert try_recovery_code(user, old[0], now=timezone.now(), address="").device is None


def test_recovery_codes_of_another_person_do_not_work(user, member):
    other = someone(body=member.municipality)
    codes = renew_codes(other.user)
    renew_codes(user)
    assert try_recovery_code(user, codes[0], now=timezone.now(), address="").device is None


def test_wrong_recovery_codes_wait_apart_from_the_app(half, user):
    renew_codes(user)
    assert half.post(RECOVERY, {"token": "AAAA-BBBB-CCCC"}).status_code == 422
    assert RecoverySheet.objects.get(user=user).throttling_failure_count == 1
    assert shows(half, shown(user)).status_code == 302


def test_new_recovery_codes_need_a_fresh_code_and_keep_the_session(member):
    client = signed_in(member)
    codes = renew_codes(member.user)
    half = half_signed_in(member.user)
    half.post(RECOVERY, {"token": codes[0]})
    assert "9個" in half.get(CODES).content.decode()
    answer = half.post(CODES)
    assert answer.content.decode().count("</li>") == 10
    assert gets_in(half)
    assert client.post(CODES).status_code == 302


def test_no_table_holds_a_code_or_a_key_in_clear(user):
    codes = renew_codes(user)
    dump = dump_of_all_tables()
    for code in codes:
        assert code not in dump
        assert code.replace("-", "") not in dump
    assert "0123456789abcdefghij" not in dump


# --- small parts ----------------------------------------------------------------------------------


def test_the_codes_are_those_of_the_standard():
    """RFC 6238, appendix B, SHA-1: the last six of the eight digits that stand there."""
    key = b"12345678901234567890"
    for seconds, token in [
        (59, "287082"),
        (1111111109, "081804"),
        (1234567890, "005924"),
        (20000000000, "353130"),
    ]:
        now = datetime.fromtimestamp(seconds, UTC)
        assert counter_of(key, token, now) == seconds // 30


def test_a_slot_is_taken_once_and_given_back():
    limit = rate_limits.Limit("test", 2, 3600)
    first, second, third = limit.take("a"), limit.take("a"), limit.take("a")
    assert first
    assert second
    assert first != second
    assert third is None
    assert limit.is_used_up("a")
    assert not limit.is_used_up("b")
    rate_limits.give_back(first)
    assert limit.take("a") == first


def test_limits_lie_in_the_database(settings):
    assert settings.CACHES["default"]["BACKEND"] == "django.core.cache.backends.db.DatabaseCache"
    rate_limits.Limit("where", 1, 3600).take("somebody@town.example.jp")
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cache WHERE cache_key LIKE %s", ["%limit:where%"])
        (key,) = cursor.fetchone()
    assert "somebody" not in key
    assert cache.get(key.split(":", 2)[2]) == 1
