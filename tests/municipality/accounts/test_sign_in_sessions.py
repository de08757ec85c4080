"""Sessions, passwords and one's own pages: how they end, who is told, what is kept."""

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

from municipality.accounts.models import User
from municipality.accounts.operations.sessions import sessions_of
from municipality.accounts.second_factor_session import device_words
from municipality.audit.models import EntryContent
from municipality.notifications.models import Mail, Notice
from municipality.notifications.operations.outbox import deliver_mails
from municipality.organisation.models import Member, Municipality
from tests.build.accounts import (
    LOGIN,
    VERIFY,
    account_verbs,
    address_in_mail,
    dump_of_all_tables,
    half_signed_in,
    shown,
    shows,
    signs_in,
    someone,
)
from tests.build.municipality import PASSWORD, a_body, a_department, a_member, signed_in

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


# --- sessions -------------------------------------------------------------------------------------


def aged(client: Client, **ages: int) -> Client:
    session = client.session
    for name, seconds in ages.items():
        session[name] = int(time.time()) - seconds
    session.save()
    return client


@pytest.mark.parametrize(
    ("ages", "open_"),
    [
        ({"started_at": 100, "seen_at": 1740}, True),
        ({"started_at": 100, "seen_at": 1801}, False),
        ({"started_at": 12 * 3600 - 60, "seen_at": 5}, True),
        ({"started_at": 12 * 3600 + 1, "seen_at": 5}, False),
    ],
)
def test_a_session_rests_thirty_minutes_and_lasts_twelve_hours_at_most(member, ages, open_):
    client = signed_in(member)
    client.get("/account/")
    answer = aged(client, **ages).get("/account/")
    assert (answer.status_code == 200) is open_
    if not open_:
        assert answer["Location"] == "/accounts/login/?next=%2Faccount%2F"
        assert client.session.get("_auth_user_id") is None


def test_one_sees_ones_own_sessions_and_ends_the_others(member):
    here, there = (
        Client(headers={"User-Agent": "この庁舎の端末"}),
        Client(headers={"User-Agent": "自宅の端末"}),
    )
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


def opened(member, agent: str, steps: int = 0) -> Client:
    """A sign-in through the pages, on a device of this name."""
    client = Client(headers={"User-Agent": agent})
    signs_in(client, member.user.username)
    shows(client, shown(member.user, steps=steps))
    return client


def test_one_sign_in_is_picked_out_and_ended(member):
    here, there = opened(member, "この庁舎の端末"), opened(member, "自宅の端末", 1)
    number = UserSession.objects.get(user_agent="自宅の端末").pk
    page = here.get("/account/").content.decode()
    assert f"/account/sessions/{number}/end/" in page
    assert page.count("/end/") == 2, "its own sign-in is ended by signing out"
    assert here.post(f"/account/sessions/{number}/end/")["Location"] == "/account/"
    assert there.get("/account/")["Location"].startswith(LOGIN)
    assert here.post(f"/account/sessions/{number}/end/").status_code == 409
    assert here.get("/account/").status_code == 200


def test_nobody_ends_the_sign_in_of_another(member):
    mine, other = opened(member, "自宅の端末"), someone(body=member.municipality)
    theirs = opened(other, "この庁舎の端末")
    number = UserSession.objects.get(user=member.user).pk
    assert theirs.post(f"/account/sessions/{number}/end/").status_code == 409
    assert mine.get("/account/").status_code == 200


def test_the_list_says_when_each_was_last_used(member):
    client = opened(member, "この庁舎の端末")
    client.get("/account/")
    page = aged(client, seen_at=600).get("/account/").content.decode()
    assert timezone.localtime().strftime("%Y-%m-%d") in page
    (row,) = sessions_of(member.user, this=client.session.session_key, now=timezone.now())
    assert (timezone.now() - row.seen_at).total_seconds() < 5
    assert row.is_this


def ends(office, person):
    return signed_in(office).post(f"/{person.municipality_id}/people/{person.pk}/sessions/end/")


def test_the_office_ends_a_persons_sign_ins_within_one_request(member):
    office = someone("office", body=member.municipality)
    clients = [opened(member, f"端末{steps}", steps) for steps in (0, 1)]
    for client in clients:
        client.get("/account/")
    assert ends(office, member).status_code == 302
    assert [client.get("/993018/")["Location"].startswith(LOGIN) for client in clients] == [
        True,
        True,
    ]
    assert EntryContent.objects.get(entry__verb="sessions.cut").body["actor"] == office.name


def test_in_another_body_the_sign_in_goes_on(member):
    office = someone("office", body=member.municipality)
    there = a_member(a_department(a_body("131016", "みどり市")))
    Member.objects.filter(pk=there.pk).update(user=member.user)
    client, second = signed_in(member), signed_in(member)
    for one in (client, second):
        one.get("/account/")
    ends(office, member)
    assert client.get("/131016/").status_code == 200
    assert second.get("/993018/")["Location"].startswith(LOGIN)
    Member.objects.filter(pk=member.pk).update(
        sessions_ended_at=timezone.now() - timedelta(minutes=5)
    )
    assert signed_in(member).get("/993018/").status_code == 200


def test_a_deactivated_person_is_out_at_the_next_request(member):
    client = signed_in(member)
    assert client.get("/993018/").status_code == 200
    Member.objects.filter(pk=member.pk).update(is_active=False)
    assert client.get("/993018/").status_code == 404
    User.objects.update(is_active=False)
    assert client.get("/account/")["Location"].startswith(LOGIN)


@pytest.mark.parametrize(
    ("idle", "hours", "ages", "open_"),
    [
        (10, 12, {"started_at": 700, "seen_at": 540}, True),
        (10, 12, {"started_at": 700, "seen_at": 601}, False),
        (30, 2, {"started_at": 7140, "seen_at": 5}, True),
        (30, 2, {"started_at": 7201, "seen_at": 5}, False),
        (600, 24, {"started_at": 100, "seen_at": 1801}, False),
    ],
)
def test_a_body_sets_how_long_a_sign_in_lasts_within_what_the_installation_allows(
    member, idle, hours, ages, open_
):
    Municipality.objects.update(session_idle_minutes=idle, session_absolute_hours=hours)
    client = opened(member, "端末")
    client.get("/account/")
    answer = aged(client, **ages).get("/account/")
    assert (answer.status_code == 200) is open_


def test_the_strictest_of_ones_bodies_holds(member):
    there = a_member(a_department(a_body("131016", "みどり市", session_idle_minutes=5)))
    Member.objects.filter(pk=there.pk).update(user=member.user)
    client = opened(member, "端末")
    client.get("/account/")
    assert aged(client, started_at=400, seen_at=301).get("/993018/")["Location"].startswith(LOGIN)


def test_a_stricter_setting_is_obeyed_at_the_next_page_and_a_more_lenient_one_at_the_next_sign_in(
    member,
):
    client = opened(member, "端末")
    client.get("/993018/")
    Municipality.objects.update(session_idle_minutes=10)
    client.get("/993018/")
    assert client.session["lasts"] == [600, 43200]
    Municipality.objects.update(session_idle_minutes=20)
    client.get("/993018/")
    assert client.session["lasts"] == [600, 43200]
    assert opened(member, "端末", 1).session["lasts"] == [1200, 43200]


def test_the_office_sets_it_on_a_page_and_not_beyond_the_installation(member):
    office = signed_in(someone("office", body=member.municipality))
    address, facts = (
        "/993018/settings/sign-in/",
        {"session_idle_minutes": 15, "session_absolute_hours": 9},
    )
    assert office.post(address, {**facts, "edition": 1, "code_tables": "on"}).status_code == 302
    body = Municipality.objects.get()
    assert (body.session_idle_minutes, body.session_absolute_hours, body.code_tables) == (
        15,
        9,
        True,
    )
    beyond = office.post(
        address, {"session_idle_minutes": 31, "session_absolute_hours": 13, "edition": body.edition}
    )
    assert beyond.status_code == 422
    assert "上限の30以下" in beyond.content.decode()
    assert office.post(address, {**facts, "edition": 1}).status_code == 409


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


# --- passwords ------------------------------------------------------------------------------------


def asked_for(client: Client, email: str):
    return client.post(RESET, {"email": email})


def test_the_answer_is_the_same_whether_an_account_has_the_address_or_not(user):
    answers = [
        asked_for(Client(), email)
        for email in ("y.takase@town.example.jp", "nobody@town.example.jp")
    ]
    assert [(one.status_code, one["Location"]) for one in answers] == [
        (302, "/accounts/password/reset/done/")
    ] * 2
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
    assert account_verbs()[:2] == ["password.asked", "password.changed"]
    assert Notice.objects.filter(rule="account.password", member=member).count() == 1
    assert "このリンクは使えません" in Client().get(address, follow=True).content.decode()


def test_no_table_keeps_the_link(user, client):
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
    client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": BETTER, "password2": BETTER},
    )
    assert User.objects.get().check_password(BETTER)
    for one in (client, elsewhere):
        assert one.get("/account/")["Location"].startswith(LOGIN)
    assert "password.changed" in account_verbs()


def test_the_old_password_is_asked_for_and_its_guesses_count(member):
    client = signed_in(member)
    client.post(
        "/accounts/password/change/",
        {"oldpassword": "wrong", "password1": BETTER, "password2": BETTER},
    )
    assert User.objects.get().check_password(PASSWORD)


# --- one's own pages ------------------------------------------------------------------------------


def test_home_leads_to_ones_only_body(member):
    assert signed_in(member).get("/")["Location"] == "/993018/"


def test_home_offers_the_choice_of_several_bodies_and_none_of_others(member):
    there = a_member(a_department(a_body("131016", "みどり市")), "consultant")
    a_member(a_department(a_body("132012", "そらいろ市")))
    Member.objects.filter(pk=there.pk).update(user=member.user)
    page = signed_in(member).get("/").content.decode()
    assert re.findall(r'class="choice"\s+href="(\S+?)"', page) == ["/131016/", "/993018/"]
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


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 "
                "Safari/537.36 Edg/131.0"
            ),
            "Edge (Windows)",
        ),
        (
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605 "
                "Version/18.1 Safari/604.1"
            ),
            "Safari (iPhone)",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
            "Firefox (Linux)",
        ),
        ("curl/8.5", "curl/8.5"),
        ("", ""),
    ],
)
def test_a_device_is_named_in_two_words(agent, words):
    assert device_words(agent) == words
