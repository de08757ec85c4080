"""Sign-in by name and password: who gets in, what is counted, what is written down, how sessions end."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client
from django.utils import timezone

from municipality import limits
from municipality.models import Entry, EntryContent, Mail, Member, Municipality, Notice, User
from municipality.operations.history import verify_chains
from municipality.operations.mails import deliver_mails
from municipality.operations.sign_in import digest_of_name
from municipality.proofs import device_words
from tests.build.accounts import (
    LOGIN,
    VERIFY,
    address_in_mail,
    half_signed_in,
    shown,
    shows,
    signs_in,
    someone,
)
from tests.build.municipality import PASSWORD, a_body, a_department, a_member, an_account, signed_in

pytestmark = pytest.mark.django_db
RESET = "/accounts/password/reset/"
BETTER = "yuunagi-no-hamabe-27"


@pytest.fixture
def member():
    return someone(mail="y.takase@town.example.jp", name="髙瀬 陽子")


@pytest.fixture
def user(member):
    User.objects.filter(pk=member.user_id).update(username="y.takase", email="y.takase@town.example.jp")
    member.user.refresh_from_db()
    return member.user


def verbs() -> list[str]:
    return list(
        Entry.objects.filter(verb__regex="^(sign_in|password|second)").order_by("pk").values_list("verb", flat=True)
    )


# --- the name ----------------------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize(("name", "password"), [("y.takase", "wrong"), ("nobody", PASSWORD), ("y.takase", "")])
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


# --- counting ----------------------------------------------------------------------------------------------------------


def window(limit) -> None:
    while time.time() % limit.seconds > limit.seconds - 10:
        time.sleep(0.5)


def test_five_wrong_passwords_for_a_name_are_the_most(client, user):
    window(limits.NAME_BY_STRANGERS)
    for _number in range(5):
        assert "違います" in signs_in(client, "y.takase", "wrong").content.decode()
    page = signs_in(client, "y.takase", PASSWORD).content.decode()
    assert "しばらくの間ログインを止めています" in page
    assert signs_in(Client(), "Y.TAKASE", PASSWORD, REMOTE_ADDR="192.0.2.9").status_code == 200
    assert client.session.get("_auth_user_id") is None


def test_another_name_is_not_held_up(client, user, member):
    other = someone(body=member.municipality)
    for _number in range(6):
        signs_in(client, "y.takase", "wrong")
    assert signs_in(client, other.user.username).status_code == 302


def test_a_strangers_guesses_do_not_shut_the_owner_out_of_a_known_device(client, user):
    window(limits.NAME_BY_STRANGERS)
    signs_in(client, "y.takase")
    shows(client, shown(user))
    client.post("/accounts/logout/")
    for _number in range(6):
        signs_in(Client(), "y.takase", "wrong", REMOTE_ADDR="192.0.2.66")
    assert signs_in(Client(), "y.takase").status_code == 200
    assert signs_in(client, "y.takase").status_code == 302


def test_a_known_device_has_a_limit_too_and_cannot_be_forged(client, user):
    window(limits.NAME_BY_DEVICE)
    signs_in(client, "y.takase")
    shows(client, shown(user))
    (name,) = [name for name in client.cookies if name.startswith("known-")]
    cookie = client.cookies[name]
    assert cookie["httponly"]
    assert cookie["path"] == "/accounts/"
    assert "takase" not in cookie.value + name
    client.post("/accounts/logout/")
    answers = ["止めて" in signs_in(client, "y.takase", "wrong").content.decode() for _number in range(12)]
    assert answers == [False] * 10 + [True] * 2
    forger = Client()
    forger.cookies[name] = cookie.value[:-2] + "xx"
    answers = ["止めて" in signs_in(forger, "y.takase", "wrong").content.decode() for _number in range(6)]
    assert answers == [False] * 5 + [True]


def test_the_cookie_of_one_name_is_worth_nothing_for_another(client, user, member):
    window(limits.NAME_BY_DEVICE)
    other = someone(body=member.municipality)
    signs_in(client, "y.takase")
    shows(client, shown(user))
    client.post("/accounts/logout/")
    answers = ["止めて" in signs_in(client, other.user.username, "wrong").content.decode() for _number in range(6)]
    assert answers == [False] * 5 + [True]


def test_guesses_over_many_names_end_at_the_address(client, user, monkeypatch):
    monkeypatch.setattr(limits, "ADDRESS", limits.Limit("few", 8, 300))
    window(limits.ADDRESS)
    answers = ["止めて" in signs_in(client, f"name{number}", "wrong").content.decode() for number in range(10)]
    assert answers == [False] * 8 + [True] * 2
    assert signs_in(Client(), "y.takase", REMOTE_ADDR="192.0.2.5").status_code == 302


def test_forwarded_addresses_are_not_believed(client, user, monkeypatch):
    monkeypatch.setattr(limits, "ADDRESS", limits.Limit("few", 3, 300))
    window(limits.ADDRESS)
    for number in range(4):
        signs_in(client, f"name{number}", "wrong", headers={"X-Forwarded-For": f"198.51.100.{number}"})
    assert "止めて" in signs_in(client, "name9", "x", headers={"X-Forwarded-For": "198.51.100.9"}).content.decode()


@pytest.mark.parametrize(("one", "other", "same"), [
    ("2001:db8:0:1::1", "2001:db8:0:1:ffff::9", True), ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
])  # fmt: skip
def test_of_an_ipv6_address_the_network_counts(client, monkeypatch, one, other, same):
    monkeypatch.setattr(limits, "ADDRESS", limits.Limit("few", 2, 300))
    window(limits.ADDRESS)
    for number in range(2):
        signs_in(client, f"name{number}", "wrong", REMOTE_ADDR=one)
    assert ("止めて" in signs_in(client, "name9", "x", REMOTE_ADDR=other).content.decode()) is same


def test_five_hundred_right_sign_ins_from_one_address_are_let_in(member, user):
    """A town hall at half past eight: one address, the right passwords, now and then a wrong one before."""
    people = [user, *[an_account(a_member(a_department(member.municipality))) for _number in range(24)]]
    refused = []
    for turn in range(500):
        person = people[turn % len(people)]
        if turn % 49 == 0:
            signs_in(Client(), person.username, "wrong")
        answer = signs_in(Client(), person.username)
        if answer.status_code != 302:
            refused.append(turn)
    assert refused == []


# --- written down ------------------------------------------------------------------------------------------------------


def test_success_and_failure_stand_in_the_history_of_the_body(client, user, member):
    signs_in(client, "y.takase", "wrong")
    signs_in(client, "y.takase")
    shows(client, shown(user))
    client.post("/accounts/logout/")
    assert verbs() == ["sign_in.failed", "sign_in.succeeded", "second_factor.passed", "sign_in.ended"]
    lines = Entry.objects.filter(verb__startswith="sign_in").order_by("pk")
    assert [line.actor_id for line in lines] == [None, member.pk, member.pk]
    assert {line.chain.municipality_id for line in lines} == {"993018"}
    assert {line.content.body["address"] for line in lines if "address" in line.content.body} == {"127.0.0.1"}
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
    window(limits.NAME_BY_STRANGERS)
    for _number in range(9):
        signs_in(client, "y.takase", "wrong")
    assert verbs() == ["sign_in.failed"] * 5 + ["sign_in.limited"]


def test_passwords_stand_in_no_log_line(client, user, caplog):
    with caplog.at_level("DEBUG"):
        signs_in(client, "y.takase", "my-real-password-26")
        signs_in(client, "y.takase")
    text = "".join(
        f"{record.getMessage()} {record.args}" for record in caplog.records if record.name != "django.db.backends"
    )
    assert "my-real-password-26" not in text
    assert PASSWORD not in text


# --- sessions ----------------------------------------------------------------------------------------------------------


def aged(client: Client, **ages: int) -> Client:
    session = client.session
    for name, seconds in ages.items():
        session[name] = int(time.time()) - seconds
    session.save()
    return client


@pytest.mark.parametrize(("ages", "open_"), [
    ({"started_at": 100, "seen_at": 1799}, True),
    ({"started_at": 100, "seen_at": 1801}, False),
    ({"started_at": 12 * 3600 - 5, "seen_at": 5}, True),
    ({"started_at": 12 * 3600 + 1, "seen_at": 5}, False),
])  # fmt: skip
def test_a_session_rests_thirty_minutes_and_lasts_twelve_hours_at_most(member, ages, open_):
    client = signed_in(member)
    client.get("/account/")
    answer = aged(client, **ages).get("/account/")
    assert (answer.status_code == 200) is open_
    if not open_:
        assert answer["Location"] == "/accounts/login/?next=%2Faccount%2F"
        assert client.session.get("_auth_user_id") is None


def test_one_sees_ones_own_sessions_and_ends_the_others(member):
    here, there = Client(headers={"User-Agent": "この庁舎の端末"}), Client(headers={"User-Agent": "自宅の端末"})
    stranger = signed_in(someone(body=member.municipality))
    for number, client in enumerate((here, there)):
        signs_in(client, member.user.username)
        shows(client, shown(member.user, steps=number))
    page = here.get("/account/").content.decode()
    assert page.count("<tr>") == 3
    assert "自宅の端末" in page
    assert here.post("/account/sessions/end/")["Location"] == "/account/"
    assert here.get("/account/").status_code == 200
    assert there.get("/account/")["Location"].startswith(LOGIN)
    assert stranger.get("/account/").status_code == 200
    assert UserSession.objects.filter(user=member.user).count() == 1
    assert EntryContent.objects.get(entry__verb="sessions.ended").body["count"] == 1


def test_signing_out_ends_the_session_on_the_server(member):
    client = signed_in(member)
    key = client.session.session_key
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/account/").status_code == 200
    client.post("/accounts/logout/")
    thief = Client()
    thief.cookies["session"] = key
    assert thief.get("/account/")["Location"].startswith(LOGIN)


def test_signed_in_answers_are_kept_in_no_cache(member):
    client = signed_in(member)
    for address in ("/account/", VERIFY, "/accounts/password/change/", "/accessibility/"):
        assert "no-store" in client.get(address)["Cache-Control"]


# --- passwords ---------------------------------------------------------------------------------------------------------


def asked_for(client: Client, email: str):
    return client.post(RESET, {"email": email})


def test_the_answer_is_the_same_whether_an_account_has_the_address_or_not(user):
    answers = [asked_for(Client(), email) for email in ("y.takase@town.example.jp", "nobody@town.example.jp")]
    assert [(one.status_code, one["Location"]) for one in answers] == [(302, "/accounts/password/reset/done/")] * 2
    assert Mail.objects.count() == 1
    deliver_mails()
    assert [sent.to for sent in mail.outbox] == [["y.takase@town.example.jp"]]


def test_a_reset_goes_to_the_accounts_address_and_not_to_the_contact(user, member):
    Member.objects.filter(pk=member.pk).update(mail="soumu@town.example.jp")
    asked_for(Client(), "soumu@town.example.jp")
    assert Mail.objects.count() == 0
    asked_for(Client(), "Y.Takase@town.example.jp")
    deliver_mails()
    assert mail.outbox[0].to == ["y.takase@town.example.jp"]


def test_a_reset_is_mailed_while_the_body_sends_nothing_else(user, member):
    Municipality.objects.update(sending=False)
    asked_for(Client(), user.email)
    assert deliver_mails() == 1


def test_the_link_sets_a_new_password_and_stops_at_the_second_factor(user, member, client):
    elsewhere = signed_in(member)
    asked_for(client, user.email)
    deliver_mails()
    (link,) = re.findall(r"http://\S+", mail.outbox[0].body)
    address = link.removeprefix("http://127.0.0.1:8000")
    page = client.get(address, follow=True)
    target = page.redirect_chain[-1][0]
    assert "set-password" in target
    answer = client.post(target, {"password1": BETTER, "password2": BETTER})
    assert answer["Location"] == "/accounts/password/reset/key/done/"
    assert client.session.get("_auth_user_id") is None
    assert signs_in(client, "y.takase", BETTER).status_code == 302
    assert client.get("/account/")["Location"].startswith(VERIFY)
    assert elsewhere.get("/account/")["Location"].startswith(LOGIN)
    assert verbs()[:2] == ["password.asked", "password.changed"]
    assert Notice.objects.filter(rule="account.password", member=member).count() == 1
    assert "このリンクは使えません" in Client().get(address, follow=True).content.decode()


def test_no_table_keeps_the_link(user, client):
    from .test_second_factor import dump_of_all_tables

    asked_for(client, user.email)
    token = address_in_mail("account.reset", Member.objects.get()).rstrip("/").split("-", 1)[1]
    assert len(token) > 20
    assert token not in dump_of_all_tables()


def test_a_reset_link_lasts_two_hours(user, client, settings):
    assert settings.PASSWORD_RESET_TIMEOUT == 7200


def test_a_reset_makes_no_second_list_of_addresses(user, client):
    asked_for(client, user.email)
    deliver_mails()
    client.get(re.findall(r"http://127.0.0.1:8000(\S+)", mail.outbox[0].body)[0], follow=True)
    assert EmailAddress.objects.count() == 0


def test_weak_passwords_are_refused_with_the_rule(member):
    client = signed_in(member)
    form = {"oldpassword": PASSWORD, "password1": "short", "password2": "short"}
    page = client.post("/accounts/password/change/", form).content.decode()
    assert "12" in page
    assert User.objects.get().check_password(PASSWORD)


def test_changing_the_password_ends_every_session_and_is_told(member):
    client, elsewhere = signed_in(member), signed_in(member)
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": BETTER, "password2": BETTER})
    assert User.objects.get().check_password(BETTER)
    for one in (client, elsewhere):
        assert one.get("/account/")["Location"].startswith(LOGIN)
    assert "password.changed" in verbs()


def test_the_old_password_is_asked_for_and_its_guesses_count(member):
    client = signed_in(member)
    client.post("/accounts/password/change/", {"oldpassword": "wrong", "password1": BETTER, "password2": BETTER})
    assert User.objects.get().check_password(PASSWORD)


# --- one's own pages ---------------------------------------------------------------------------------------------------


def test_home_leads_to_ones_only_body(member):
    assert signed_in(member).get("/")["Location"] == "/993018/"


def test_home_offers_the_choice_of_several_bodies_and_none_of_others(member):
    there = a_member(a_department(a_body("131016", "みどり市")), "consultant")
    a_member(a_department(a_body("132012", "そらいろ市")))
    Member.objects.filter(pk=there.pk).update(user=member.user)
    page = signed_in(member).get("/").content.decode()
    assert re.findall(r'class="choice" href="(\S+?)"', page) == ["/131016/", "/993018/"]
    assert "そらいろ市" not in page


def test_home_says_so_when_there_is_no_posting_today(member):
    member.postings.update(ends_on=timezone.localdate() - timedelta(days=1))
    page = signed_in(member).get("/")
    assert page.status_code == 200
    assert "使える団体がありません" in page.content.decode()


def test_a_body_is_not_there_for_whoever_is_not_in_it(member):
    a_body("131016", "みどり市")
    client = signed_in(member)
    assert client.get("/131016/").status_code == 404
    assert client.get("/999999/").status_code == 404


def test_language_is_kept_in_the_browser_and_with_the_account(client, member):
    answer = client.post("/account/language/", {"language": "en", "next": LOGIN})
    assert answer["Location"] == LOGIN
    assert client.get(LOGIN)["Content-Language"] == "en"
    own = signed_in(member)
    own.post("/account/language/", {"language": "en", "next": "https://evil.example/"})
    assert User.objects.get().language == "en"
    own.cookies["language"] = "ja"
    assert own.get("/account/")["Content-Language"] == "en"


@pytest.mark.parametrize("chosen", ["", "fr", "en-US", "../../x"])
def test_other_languages_are_not_taken(client, chosen):
    answer = client.post("/account/language/", {"language": chosen})
    assert answer["Location"] == "/"
    assert "language" not in answer.cookies


def test_what_the_browser_prefers_does_not_decide(client):
    assert client.get(LOGIN, headers={"Accept-Language": "en"})["Content-Language"] == "ja"


def test_own_settings_are_saved_in_both_languages(member):
    client = signed_in(member)
    answer = client.post("/account/", {"language": "en", "email": member.user.email}, follow=True)
    assert answer.status_code == 200
    assert User.objects.get().language == "en"
    bad = client.post("/account/", {"language": "fr", "email": "not an address"})
    assert bad.status_code == 422


def test_half_signed_in_one_can_sign_out_and_choose_the_language(user):
    half = half_signed_in(user)
    assert half.post("/account/language/", {"language": "en"}).status_code == 302
    assert half.post("/accounts/logout/").status_code == 302
    assert half.session.get("_auth_user_id") is None


@pytest.mark.parametrize(("agent", "words"), [
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36 Edg/131.0", "Edge (Windows)"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605 Version/18.1 Safari/604.1", "Safari (iPhone)"),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox (Linux)"),
    ("curl/8.5", "curl/8.5"), ("", ""),
])  # fmt: skip
def test_a_device_is_named_in_two_words(agent, words):
    assert device_words(agent) == words
