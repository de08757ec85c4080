"""The second factor: it cannot be gone around, guessed, used twice or read from the tables."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from municipality.accounts.models import (
    LONGEST_WAIT,
    Authenticator,
    RecoveryCode,
    RecoverySheet,
    User,
)
from municipality.accounts.operations.second_factor import renew_codes, try_authenticator
from municipality.accounts.second_factor_session import VERIFIED_AT
from municipality.audit.models import Entry, EntryContent
from municipality.core import rate_limits
from municipality.notifications.models import Notice
from tests.build.accounts import (
    SETUP,
    VERIFY,
    code_of,
    gets_in,
    half_signed_in,
    shown,
    shows,
    signs_in,
    someone,
    wait_for_window,
    wrong_for,
)
from tests.build.faults import database_failing
from tests.build.municipality import signed_in

pytestmark = pytest.mark.django_db
RECOVERY = "/accounts/two-factor/recovery/"
CODES = "/accounts/two-factor/recovery-codes/"
ACCOUNT = "/account/"


@pytest.fixture
def member():
    return someone(mail="y.takase@town.example.jp")


@pytest.fixture
def user(member):
    return member.user


@pytest.fixture
def half(user):
    return half_signed_in(user)


def let_time_pass(device) -> None:
    """The wait after the last failure is over."""
    type(device).objects.filter(pk=device.pk).update(
        throttling_failure_timestamp=timezone.now() - timedelta(hours=2)
    )


# --- showing a code -------------------------------------------------------------------------------


def test_the_right_code_opens_the_session_under_a_new_key(half, user):
    before = half.session.session_key
    answer = shows(half, shown(user))
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert half.session.session_key != before
    assert gets_in(half)
    assert not Client().cookies


def test_the_old_session_key_is_worth_nothing_afterwards(half, user):
    before = half.session.session_key
    shows(half, shown(user))
    thief = Client()
    thief.cookies["session"] = before
    assert not gets_in(thief)


def test_one_goes_on_to_where_one_wanted_but_to_no_other_host(user):
    for asked, reached in [
        ("/accessibility/", "/accessibility/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("javascript:alert(1)", "/"),
    ]:
        Authenticator.objects.update(last_counter=-1)
        assert (
            shows(half_signed_in(user), shown(user), f"{VERIFY}?next={asked}")["Location"]
            == reached
        )


@pytest.mark.parametrize("shift", [-1, 0, 1])
def test_the_code_of_one_step_before_or_after_is_good(half, user, shift):
    assert shows(half, shown(user, steps=shift)).status_code == 302


@pytest.mark.parametrize("shift", [-3, -2, 2, 3])
def test_older_and_later_codes_are_not(half, user, shift):
    assert shows(half, shown(user, steps=shift)).status_code == 422
    assert not gets_in(half)


def test_full_width_digits_and_blanks_are_read(half, user):
    wide = shown(user).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert shows(half, f"　{wide[:3]} {wide[3:]} ").status_code == 302


@pytest.mark.parametrize(
    "typed",
    ["", "12345", "1234567", "abcdef", "٤٨٢٠١٥", "12345６７", "-12345", "\x00" * 6, "²³¹²³¹x"],
)
def test_what_is_not_six_digits_is_refused_without_counting(half, user, typed):
    assert shows(half, typed).status_code == 422
    assert Authenticator.objects.get(user=user).throttling_failure_count == 0


def test_a_code_works_once(half, user):
    code = shown(user)
    assert shows(half, code).status_code == 302
    assert shows(half_signed_in(user), code).status_code == 422


def test_an_earlier_code_does_not_work_after_a_later_one(user):
    assert shows(half_signed_in(user), shown(user, steps=1)).status_code == 302
    for shift in (-1, 0, 1):
        let_time_pass(Authenticator.objects.get(user=user))
        assert shows(half_signed_in(user), shown(user, steps=shift)).status_code == 422


def test_the_code_of_another_person_does_not_work(half, member):
    other = someone(body=member.municipality)
    device = Authenticator.objects.get(user=other.user)
    device.key = b"another-key-20-bytes"
    device.save()
    assert shows(half, shown(other.user)).status_code == 422


# --- guessing -------------------------------------------------------------------------------------


def test_waiting_doubles_and_refuses_the_right_code_too(half, user):
    device = Authenticator.objects.get(user=user)
    now = timezone.now()
    for number in range(1, 5):
        assert not device.verify_token(wrong_for(user), now=now)
        device.refresh_from_db()
        assert device.waits_until(now) == now + timedelta(seconds=2 ** (number - 1))
        now = device.waits_until(now)
    assert not device.verify_token(code_of(device.key, now=now), now=now - timedelta(seconds=1))
    assert device.verify_token(code_of(device.key, now=now), now=now)
    device.refresh_from_db()
    assert device.throttling_failure_count == 0


def test_waiting_ends_after_an_hour_at_most(user):
    device, now = Authenticator.objects.get(user=user), timezone.now()
    device.throttling_failure_count, device.throttling_failure_timestamp = 5000, now
    assert device.waits_until(now) == now + timedelta(seconds=LONGEST_WAIT)
    assert device.waits_until(now + timedelta(seconds=LONGEST_WAIT)) is None


def test_the_page_says_how_long_to_wait(half, user):
    shows(half, wrong_for(user))
    answer = shows(half, shown(user))
    assert answer.status_code == 422
    assert "1秒たってから" in answer.content.decode()


def test_failures_stay_counted_and_written_when_the_request_is_refused(half, user, member):
    assert shows(half, wrong_for(user)).status_code == 422
    assert Authenticator.objects.get(user=user).throttling_failure_count == 1
    entry = Entry.objects.get(verb="second_factor.failed")
    assert (entry.chain.municipality_id, entry.subject_id, entry.actor_id) == (
        member.municipality_id,
        member.pk,
        None,
    )


def test_more_than_ten_codes_a_minute_are_refused_in_words(half, user):
    wait_for_window(rate_limits.CODE_BY_USER)
    for _number in range(10):
        assert shows(half, wrong_for(user)).status_code == 422
    answer = shows(half, wrong_for(user))
    assert answer.status_code == 429
    assert "試した回数が多すぎます" in answer.content.decode()
    assert answer["Retry-After"] == "60"
    shows(half, wrong_for(user))
    assert Entry.objects.filter(verb="second_factor.limited").count() == 1


def test_wrong_codes_of_others_at_one_address_shut_nobody_out(member):
    wait_for_window(rate_limits.CODE_BY_USER)
    for _number in range(4):
        other = someone(body=member.municipality).user
        client = half_signed_in(other)
        answers = [shows(client, wrong_for(other)).status_code for _ in range(11)]
        assert answers == [422] * 10 + [429]
    half = half_signed_in(member.user)
    assert shows(half, shown(member.user)).status_code == 302


def test_a_strangers_browser_does_not_use_up_the_tries_of_a_known_one(user):
    known = Client()
    signs_in(known, user.username)
    assert shows(known, shown(user, steps=-1)).status_code == 302
    known.post("/accounts/logout/")
    wait_for_window(rate_limits.CODE_BY_USER)
    stranger = half_signed_in(user)
    while shows(stranger, wrong_for(user)).status_code != 429:
        pass
    let_time_pass(Authenticator.objects.get(user=user))
    signs_in(known, user.username)
    assert shows(known, shown(user)).status_code == 302


def test_recovery_codes_stay_usable_where_the_tries_of_the_app_are_used_up(user):
    code = renew_codes(user)[0]
    wait_for_window(rate_limits.CODE_BY_USER)
    half = half_signed_in(user)
    while shows(half, wrong_for(user)).status_code != 429:
        pass
    assert shows(half, code, RECOVERY).status_code == 302


def test_five_failures_in_a_row_are_told_to_the_owner(user, member):
    for _number in range(5):
        device = Authenticator.objects.get(user=user)
        if device.throttling_failure_count:
            let_time_pass(device)
        try_authenticator(user, wrong_for(user), now=timezone.now(), address="192.0.2.1")
    assert Notice.objects.filter(rule="account.guessed", member=member).count() == 1


def test_if_the_history_cannot_be_written_the_code_does_not_count_as_shown(half, user):
    half.raise_request_exception = False
    with database_failing("INSERT INTO", Entry):
        assert shows(half, shown(user)).status_code == 500
    assert not gets_in(half)


# --- no way around --------------------------------------------------------------------------------


def test_an_unconfirmed_device_and_somebody_elses_open_nothing(half, member):
    other = someone(body=member.municipality)
    for device in (
        Authenticator.objects.get(user=other.user),
        RecoverySheet.objects.create(user=member.user, sealed_key=b"x", confirmed=False),
    ):
        session = half.session
        session["otp_device_id"] = device.persistent_id
        session.save()
        assert not gets_in(half)


def test_a_session_ends_with_its_device(member):
    client = signed_in(member)
    assert gets_in(client)
    Authenticator.objects.filter(user=member.user).delete()
    assert not gets_in(client)


def test_a_session_ends_when_the_account_is_stopped(member):
    client = signed_in(member)
    User.objects.filter(pk=member.user_id).update(is_active=False)
    assert client.get(ACCOUNT)["Location"].startswith("/accounts/login/")


def test_who_has_a_device_cannot_register_another_with_the_password_alone(half, user):
    assert half.get(SETUP)["Location"] == f"{VERIFY}?next=%2Faccounts%2Ftwo-factor%2Fsetup%2F"
    assert half.post(SETUP, {"token": "123456"}).status_code == 302
    assert Authenticator.objects.count() == 1


def test_who_verified_more_than_ten_minutes_ago_must_show_a_code_again(member):
    client = signed_in(member)
    assert client.get(SETUP)["Location"].startswith(VERIFY)
    assert client.get(CODES)["Location"].startswith(VERIFY)
    shows(client, shown(member.user))
    assert client.get(SETUP).status_code == 200
    session = client.session
    session[VERIFIED_AT] -= 601
    session.save()
    assert client.get(SETUP)["Location"].startswith(VERIFY)
    assert client.post(CODES)["Location"].startswith(VERIFY)
    assert RecoveryCode.objects.count() == 0


def test_changing_the_address_for_resets_needs_a_fresh_code(member):
    client = signed_in(member)
    answer = client.post(ACCOUNT, {"language": "ja", "email": "new@town.example.jp"})
    assert answer["Location"].startswith(VERIFY)
    assert User.objects.get().email == "y.takase@town.example.jp"
    shows(client, shown(member.user))
    assert (
        client.post(ACCOUNT, {"language": "ja", "email": "new@town.example.jp"})["Location"]
        == ACCOUNT
    )
    assert User.objects.get().email == "new@town.example.jp"
    assert EntryContent.objects.get(entry__verb="account.changed").body["fields"] == [
        "email",
        "language",
    ]
