"""Sign-in by name and password: who gets in, what is counted, what is written down, how sessions
end.
"""

from __future__ import annotations

import pytest
from django.test import Client

from municipality.accounts.models import User
from municipality.accounts.operations.sign_in import digest_of_name
from municipality.audit.chain import verify_chains
from municipality.audit.models import Entry, EntryContent
from municipality.core import rate_limits as limits
from municipality.organisation.models import Member
from tests.build.accounts import (
    LOGIN,
    VERIFY,
    account_verbs,
    shown,
    shows,
    signs_in,
    someone,
    wait_for_window,
)
from tests.build.municipality import PASSWORD, a_body, a_department, a_member, an_account

pytestmark = pytest.mark.django_db
RESET = "/accounts/password/reset/"
BETTER = "yuunagi-no-hamabe-27"


@pytest.fixture
def member():
    return someone(mail="y.takase@town.example.jp", name="髙瀬 陽子")


@pytest.fixture
def user(member):
    User.objects.filter(pk=member.user_id).update(
        username="y.takase", email="y.takase@town.example.jp"
    )
    member.user.refresh_from_db()
    return member.user


# --- the name -------------------------------------------------------------------------------------


def test_the_page_asks_for_the_name_of_sign_in(client):
    page = client.get(LOGIN).content.decode()
    assert "ログイン名" in page
    assert 'autocomplete="username"' in page
    assert "placeholder" not in page
    assert 'name="remember"' not in page


def test_the_page_asks_the_database_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get(LOGIN)


def test_the_right_password_leads_to_the_second_factor(client, user):
    before = client.session.session_key
    answer = signs_in(client, "y.takase")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/")["Location"].startswith(VERIFY)
    assert client.session.session_key != before
    shows(client, shown(user))
    assert client.get("/")["Location"] == "/993018/"


@pytest.mark.parametrize("typed", ["Y.Takase", "  y.takase ", "ｙ．ｔａｋａｓｅ"])
def test_capitals_blanks_and_full_width_do_not_matter(client, user, typed):
    assert signs_in(client, typed).status_code == 302


def test_a_mail_address_is_a_name_only_if_it_was_chosen_as_one(client, user):
    assert signs_in(client, "y.takase@town.example.jp").status_code == 200
    User.objects.filter(pk=user.pk).update(username="y.takase@town.example.jp")
    assert signs_in(client, "y.takase@town.example.jp").status_code == 302


@pytest.mark.parametrize(
    ("name", "password"), [("y.takase", "wrong"), ("nobody", PASSWORD), ("y.takase", "")]
)
def test_wrong_names_and_passwords_get_the_same_words(client, user, name, password):
    page = signs_in(client, name, password).content.decode()
    assert "/accounts/logout/" not in page
    assert client.session.get("_auth_user_id") is None
    if password:
        assert "ログイン名またはパスワードが違います。" in page


def test_a_stopped_account_is_told_so(client, user):
    User.objects.filter(pk=user.pk).update(is_active=False)
    answer = client.post(LOGIN, {"login": "y.takase", "password": PASSWORD}, follow=True)
    assert "このアカウントは使えません" in answer.content.decode()
    assert client.session.get("_auth_user_id") is None


def test_nobody_can_sign_up(client):
    before = User.objects.count()
    for address in ("/accounts/signup/", "/accounts/3rdparty/signup/"):
        answer = client.post(address, {"username": "new", "password1": BETTER, "password2": BETTER})
        assert answer["Location"].startswith(LOGIN)
    assert User.objects.count() == before


# --- counting -------------------------------------------------------------------------------------


def test_five_wrong_passwords_for_a_name_are_the_most(client, user):
    wait_for_window(limits.NAME_BY_STRANGERS)
    for _number in range(5):
        assert "違います" in signs_in(client, "y.takase", "wrong").content.decode()
    page = signs_in(client, "y.takase", PASSWORD).content.decode()
    assert "このログイン名でのログインを止めています" in page
    assert signs_in(Client(), "Y.TAKASE", PASSWORD, REMOTE_ADDR="192.0.2.9").status_code == 200
    assert client.session.get("_auth_user_id") is None


def test_another_name_is_not_held_up(client, user, member):
    other = someone(body=member.municipality)
    for _number in range(6):
        signs_in(client, "y.takase", "wrong")
    assert signs_in(client, other.user.username).status_code == 302


def test_a_strangers_guesses_do_not_shut_the_owner_out_of_a_known_device(client, user):
    wait_for_window(limits.NAME_BY_STRANGERS)
    signs_in(client, "y.takase")
    shows(client, shown(user))
    client.post("/accounts/logout/")
    for _number in range(6):
        signs_in(Client(), "y.takase", "wrong", REMOTE_ADDR="192.0.2.66")
    assert signs_in(Client(), "y.takase").status_code == 200
    assert signs_in(client, "y.takase").status_code == 302


def test_a_known_device_has_a_limit_too_and_cannot_be_forged(client, user):
    wait_for_window(limits.NAME_BY_DEVICE)
    signs_in(client, "y.takase")
    shows(client, shown(user))
    (name,) = [name for name in client.cookies if name.startswith("known-")]
    cookie = client.cookies[name]
    assert cookie["httponly"]
    assert cookie["path"] == "/accounts/"
    assert "takase" not in cookie.value + name
    client.post("/accounts/logout/")
    answers = [
        "止めて" in signs_in(client, "y.takase", "wrong").content.decode() for _number in range(12)
    ]
    assert answers == [False] * 10 + [True] * 2
    forger = Client()
    forger.cookies[name] = cookie.value[:-2] + "xx"
    answers = [
        "止めて" in signs_in(forger, "y.takase", "wrong").content.decode() for _number in range(6)
    ]
    assert answers == [False] * 5 + [True]


def test_the_cookie_of_one_name_is_worth_nothing_for_another(client, user, member):
    wait_for_window(limits.NAME_BY_DEVICE)
    other = someone(body=member.municipality)
    signs_in(client, "y.takase")
    shows(client, shown(user))
    client.post("/accounts/logout/")
    answers = [
        "止めて" in signs_in(client, other.user.username, "wrong").content.decode()
        for _number in range(6)
    ]
    assert answers == [False] * 5 + [True]


def test_guesses_over_many_names_end_at_the_address(client, user, monkeypatch):
    monkeypatch.setattr(limits, "ADDRESS", limits.Limit("few", 8, 300))
    wait_for_window(limits.ADDRESS)
    answers = [
        "止めて" in signs_in(client, f"name{number}", "wrong").content.decode()
        for number in range(10)
    ]
    assert answers == [False] * 8 + [True] * 2
    assert signs_in(Client(), "y.takase", REMOTE_ADDR="192.0.2.5").status_code == 302


def test_forwarded_addresses_are_not_believed(client, user, monkeypatch):
    monkeypatch.setattr(limits, "ADDRESS", limits.Limit("few", 3, 300))
    wait_for_window(limits.ADDRESS)
    for number in range(4):
        signs_in(
            client, f"name{number}", "wrong", headers={"X-Forwarded-For": f"198.51.100.{number}"}
        )
    assert (
        "止めて"
        in signs_in(
            client, "name9", "x", headers={"X-Forwarded-For": "198.51.100.9"}
        ).content.decode()
    )


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::9", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
    ],
)
def test_of_an_ipv6_address_the_network_counts(client, monkeypatch, one, other, same):
    monkeypatch.setattr(limits, "ADDRESS", limits.Limit("few", 2, 300))
    wait_for_window(limits.ADDRESS)
    for number in range(2):
        signs_in(client, f"name{number}", "wrong", REMOTE_ADDR=one)
    assert ("止めて" in signs_in(client, "name9", "x", REMOTE_ADDR=other).content.decode()) is same


def test_five_hundred_right_sign_ins_from_one_address_are_let_in(member, user):
    """A town hall at half past eight: one address, the right passwords, now and then a wrong one
    before.
    """
    people = [
        user,
        *[an_account(a_member(a_department(member.municipality))) for _number in range(24)],
    ]
    refused = []
    for turn in range(500):
        person = people[turn % len(people)]
        if turn % 49 == 0:
            signs_in(Client(), person.username, "wrong")
        answer = signs_in(Client(), person.username)
        if answer.status_code != 302:
            refused.append(turn)
    assert refused == []


# --- written down ---------------------------------------------------------------------------------


def test_success_and_failure_stand_in_the_history_of_the_body(client, user, member):
    signs_in(client, "y.takase", "wrong")
    signs_in(client, "y.takase")
    shows(client, shown(user))
    client.post("/accounts/logout/")
    assert account_verbs() == [
        "sign_in.failed",
        "sign_in.succeeded",
        "second_factor.passed",
        "sign_in.ended",
    ]
    lines = Entry.objects.filter(verb__startswith="sign_in").order_by("pk")
    assert [line.actor_id for line in lines] == [None, member.pk, member.pk]
    assert {line.chain.municipality_id for line in lines} == {"993018"}
    assert {line.content.body["address"] for line in lines if "address" in line.content.body} == {
        "127.0.0.1"
    }
    assert all(verdict.reason == "" for verdict in verify_chains())


def test_who_serves_two_bodies_is_written_down_in_both(client, user, member):
    there = a_member(a_department(a_body("131016", "みどり市")))
    Member.objects.filter(pk=there.pk).update(user=user)
    signs_in(client, "y.takase")
    lines = Entry.objects.filter(verb="sign_in.succeeded")
    assert {(line.chain.municipality_id, line.actor_id) for line in lines} == {
        ("993018", member.pk),
        ("131016", there.pk),
    }


def test_an_unknown_name_goes_to_the_instances_own_chain_as_a_digest(client, user):
    signs_in(client, "typed.by.mistake", "my-real-password-26")
    line = Entry.objects.get(verb="sign_in.failed")
    assert line.chain.municipality_id is None
    assert line.content.body["name"] == digest_of_name("typed.by.mistake")
    everything = str(list(Entry.objects.values())) + str(list(EntryContent.objects.values()))
    assert "typed.by" not in everything
    assert "my-real" not in everything


def test_what_is_refused_by_a_limit_is_written_down_once(client, user):
    wait_for_window(limits.NAME_BY_STRANGERS)
    for _number in range(9):
        signs_in(client, "y.takase", "wrong")
    assert account_verbs() == ["sign_in.failed"] * 5 + ["sign_in.limited"]


def test_passwords_stand_in_no_log_line(client, user, caplog):
    with caplog.at_level("DEBUG"):
        signs_in(client, "y.takase", "my-real-password-26")
        signs_in(client, "y.takase")
    text = "".join(
        f"{record.getMessage()} {record.args}"
        for record in caplog.records
        if record.name != "django.db.backends"
    )
    assert "my-real-password-26" not in text
    assert PASSWORD not in text
