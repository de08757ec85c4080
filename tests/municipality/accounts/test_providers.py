"""A body's own identity providers, set on a page and signed in through over HTTP to a process of
its own.
"""

from __future__ import annotations

import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

import pytest
import requests
from django.test import Client

from municipality.accounts.models import Identity, IdentityProvider
from municipality.accounts.oidc_discovery import look_at
from municipality.accounts.operations.providers import add_provider, try_provider
from municipality.audit.models import EntryContent
from municipality.organisation.models import Member
from tests.build.accounts import (
    SETUP,
    VERIFY,
    code_of,
    dump_of_all_tables,
    followed,
    invited,
    key_offered,
    shown,
    shows,
    someone,
)
from tests.build.identity_process import CLIENT_ID, CLIENT_SECRET, provider_process
from tests.build.municipality import a_body, a_department, a_member, at, signed_in

pytestmark = pytest.mark.django_db
LIST = "/993018/settings/providers/"


@pytest.fixture(scope="module")
def issuer():
    with provider_process() as address:
        yield address


@pytest.fixture
def body():
    return a_body()


@pytest.fixture
def office(body):
    return someone("office", body=body, name="事務 花子")


def facts(issuer: str, **other: str) -> dict[str, str]:
    return {
        "name": "庁内アカウント",
        "issuer": issuer,
        "client_id": CLIENT_ID,
        "secret": CLIENT_SECRET,
        **other,
    }


@pytest.fixture
def provider(body, office, issuer):
    found = add_provider(body, **facts(issuer), by=office, now=at(2026, 11, 2))
    assert try_provider(found, by=office, now=at(2026, 11, 2)).fault == ""
    found.refresh_from_db()
    return found


def way_there(start) -> str:
    """The address at the provider to which the page leads."""
    parts = start.content.decode().replace("&amp;", "&").split('"')
    return next(part for part in parts if part.startswith("http") and "/authorize?" in part)


def goes_there_and_back(client: Client, start) -> object:
    """From the page that leads to the provider, over the wire to the provider's process, back to
    where it sends the person.
    """
    answer = requests.get(way_there(start), allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["Location"])
    return client.get(f"{back.path}?{back.query}")


def through(client: Client, provider: IdentityProvider, next_: str = "/") -> object:
    return goes_there_and_back(
        client, client.post(f"/accounts/oidc/{provider.slug}/login/?process=login&next={next_}")
    )


def joins(person: Member, provider: IdentityProvider) -> Client:
    """The person accepts the invitation by the provider and registers an app."""
    client = followed(invited(person))
    assert f"{provider.name}で受け取る" in client.get("/invitation/").content.decode()
    assert through(client, provider, SETUP)["Location"] == SETUP
    shows(client, code_of(key_offered(client)), SETUP)
    return client


# --- the settings ---------------------------------------------------------------------------------


def test_the_office_sets_a_provider_tries_it_and_uses_it(office, issuer):
    client = signed_in(office)
    assert "接続先がまだありません" in client.get(LIST).content.decode()
    page = client.post(f"{LIST}new/", facts(issuer), follow=True)
    provider = IdentityProvider.objects.get()
    text = page.content.decode()
    assert f"http://127.0.0.1:8000/accounts/oidc/{provider.slug}/login/callback/" in text
    assert not provider.is_active
    assert CLIENT_SECRET not in text
    tried = client.post(f"{LIST}{provider.pk}/try/", follow=True).content.decode()
    assert "接続を確かめました" in tried
    provider.refresh_from_db()
    assert (provider.is_active, provider.end_session) == (True, f"{issuer}/end")
    assert "http://127.0.0.1:8000/993018/" in client.get(LIST).content.decode()
    client.post(f"{LIST}{provider.pk}/stop/")
    assert IdentityProvider.objects.filter(is_active=True).count() == 0
    assert client.post(f"{LIST}{provider.pk}/stop/").status_code == 409


def test_the_secret_lies_encrypted_and_is_shown_nowhere(office, provider):
    assert CLIENT_SECRET not in dump_of_all_tables()
    assert provider.secret == CLIENT_SECRET
    client = signed_in(office)
    address = f"{LIST}{provider.pk}/"
    assert CLIENT_SECRET not in client.get(address).content.decode()
    client.post(address, {**facts(provider.issuer, secret=""), "edition": provider.edition})
    provider.refresh_from_db()
    assert (provider.secret, provider.is_active) == (CLIENT_SECRET, True)
    refused = client.post(
        address, {**facts(provider.issuer, secret="another-secret-typed"), "edition": 1}
    )
    assert refused.status_code == 409
    assert "another-secret-typed" not in refused.content.decode()
    assert all("another-secret" not in str(entry.body) for entry in EntryContent.objects.all())


def test_whatever_it_is_reached_by_is_to_be_tried_anew(office, provider):
    form = {**facts(f"{provider.issuer}/other"), "edition": provider.edition}
    signed_in(office).post(f"{LIST}{provider.pk}/", form)
    provider.refresh_from_db()
    assert (provider.is_active, provider.checked_at, provider.end_session) == (False, None, "")


@pytest.mark.parametrize(
    "issuer_typed",
    ["ftp://idp.example.jp", "idp.example.jp", "https://x.example.jp/?a=1", "javascript:alert(1)"],
)
def test_an_address_of_another_kind_is_refused(office, issuer_typed):
    assert signed_in(office).post(f"{LIST}new/", facts(issuer_typed)).status_code == 422
    assert IdentityProvider.objects.count() == 0


@pytest.mark.parametrize("elsewhere", ["http://login.example.lg.jp", "http://10.0.0.1/realm"])
def test_without_tls_only_this_machine_is_asked(office, elsewhere):
    assert "https://" in look_at(elsewhere).fault
    assert signed_in(office).post(f"{LIST}new/", facts(elsewhere)).status_code == 422


class Odd(BaseHTTPRequestHandler):
    """Answers what is no provider: the path says how."""

    def do_GET(self) -> None:
        kind = self.path.split("/")[1]
        status, text = {
            "moved": (302, ""),
            "missing": (404, ""),
            "words": (200, "<html>"),
            "list": (200, "[]"),
            "huge": (200, '{"a":"' + "x" * 300_000 + '"}'),
            "other": (200, '{"issuer": "https://elsewhere.example.jp"}'),
        }.get(kind, (200, f'{{"issuer": "http://127.0.0.1:{self.server.server_address[1]}/bare"}}'))
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *arguments: object) -> None:
        """Nothing on the screen."""


@pytest.fixture(scope="module")
def odd():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Odd)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("moved", "302"),
        ("missing", "404"),
        ("words", "OpenID Connect の設定ではありません"),
        ("list", "OpenID Connect の設定ではありません"),
        ("huge", "OpenID Connect の設定ではありません"),
        ("other", "https://elsewhere.example.jp"),
        ("bare", "authorization_endpoint"),
    ],
)
def test_what_is_no_provider_is_said_in_words_and_not_used(odd, path, words, office, body):
    provider = add_provider(body, **facts(f"{odd}/{path}"), by=office, now=at(2026, 11, 2))
    page = signed_in(office).post(f"{LIST}{provider.pk}/try/", follow=True).content.decode()
    assert "接続を確かめられませんでした" in page
    assert words in page
    assert not IdentityProvider.objects.get().is_active


def test_nobody_there_is_said_in_words(office):
    assert "接続できませんでした" in look_at("http://127.0.0.1:9").fault


# --- signing in -----------------------------------------------------------------------------------


def test_an_invitation_binds_the_identity_and_later_it_opens_the_account(body, provider):
    person = a_member(a_department(body), name="髙瀬 陽子")
    joins(person, provider)
    identity = Identity.objects.get()
    assert (identity.issuer, identity.subject) == (provider.issuer, "u-1001")
    person.refresh_from_db()
    client = Client()
    assert (
        f"/accounts/oidc/{provider.slug}/login/"
        in client.get("/accounts/login/?next=/993018/").content.decode()
    )
    assert through(client, provider, "/993018/")["Location"] == "/993018/"
    assert client.get("/993018/")["Location"].startswith(VERIFY)
    shows(client, shown(person.user, steps=1))
    assert client.get("/993018/").status_code == 200


def test_the_plain_sign_in_page_asks_no_table(provider, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = Client().get("/accounts/login/").content.decode()
    assert provider.slug not in page
    with django_assert_num_queries(1):
        Client().get("/accounts/login/?next=/993018/")


def test_it_opens_its_own_body_and_no_other(body, provider):
    person = a_member(a_department(body))
    there = a_member(a_department(a_body("131016", "みどり市")))
    joins(person, provider)
    person.refresh_from_db()
    Member.objects.filter(pk=there.pk).update(user=person.user)
    client = Client()
    through(client, provider)
    shows(client, shown(person.user, steps=1))
    assert client.get("/993018/").status_code == 200
    assert client.get("/131016/").status_code == 404


def test_another_bodys_people_are_not_offered_it(provider):
    there = a_body("131016", "みどり市")
    stranger = a_member(a_department(there))
    client = followed(invited(stranger))
    assert provider.slug not in client.get("/invitation/").content.decode()
    assert provider.slug not in client.get("/accounts/login/?next=/131016/").content.decode()
    assert through(client, provider, SETUP).status_code == 403
    assert Identity.objects.count() == 0


def test_a_provider_that_speaks_in_the_name_of_another_issuer_lets_nobody_in(body, provider):
    joins(a_member(a_department(body)), provider)
    IdentityProvider.objects.filter(pk=provider.pk).update(issuer=f"{provider.issuer}/")
    start = f"/accounts/oidc/{provider.slug}/login/?process=login"
    assert Client().post(start).status_code == 503
    Identity.objects.update(issuer="https://idp.other.example.jp")
    IdentityProvider.objects.filter(pk=provider.pk).update(issuer=provider.issuer)
    assert through(Client(), provider).status_code == 403


def test_a_stopped_provider_is_not_there(provider):
    IdentityProvider.objects.update(is_active=False)
    assert Client().post(f"/accounts/oidc/{provider.slug}/login/?process=login").status_code == 404


def test_a_code_of_the_provider_works_once(body, provider):
    joins(a_member(a_department(body)), provider)
    client = Client()
    start = client.post(f"/accounts/oidc/{provider.slug}/login/?process=login")
    address = next(
        part
        for part in start.content.decode().replace("&amp;", "&").split('"')
        if part.startswith("http") and "/authorize?" in part
    )
    back = urlsplit(requests.get(address, allow_redirects=False, timeout=5).headers["Location"])
    assert client.get(f"{back.path}?{back.query}").status_code == 302
    again = Client()
    assert again.get(f"{back.path}?{back.query}").status_code in {200, 401}
    assert again.session.get("_auth_user_id") is None


def test_signing_out_shows_the_way_to_sign_out_there_too(body, provider):
    person = a_member(a_department(body))
    joins(person, provider)
    person.refresh_from_db()
    client = Client()
    through(client, provider)
    shows(client, shown(person.user, steps=1))
    answer = client.post("/accounts/logout/")
    assert answer["Location"] == f"/accounts/signed-out/?through={provider.slug}"
    page = client.get(answer["Location"]).content.decode()
    assert re.search(r'href="([^"]+/end)"', page)[1] == provider.end_session
    assert client.get("/993018/")["Location"].startswith("/accounts/login/")
    assert (
        "からもログアウトする"
        not in Client().get("/accounts/signed-out/?through=x").content.decode()
    )
