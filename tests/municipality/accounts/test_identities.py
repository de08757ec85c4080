"""Sign-in through a body's own identity provider: bound at an invitation by issuer and subject, and
by nothing else.
"""

from __future__ import annotations

import hmac
import json

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client
from jwt.utils import base64url_encode

from municipality.accounts.models import Identity, Invitation, User
from municipality.audit.models import Entry
from municipality.organisation.models import Member
from tests.build.accounts import SETUP, VERIFY, code_of, invited, key_offered, shown, shows, someone
from tests.build.identity_provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    a_key,
    a_provider,
    an_app,
    goes_through,
    known_as,
    public_key,
    signed,
)
from tests.build.municipality import a_body, a_department, a_member, root_of, signed_in

pytestmark = pytest.mark.django_db
START = "/accounts/oidc/oidc/login/"


@pytest.fixture
def provider(settings):
    with a_provider() as running:
        running.apps = [an_app(running)]
        settings.SOCIALACCOUNT_PROVIDERS = known_as(*running.apps)
        yield running


@pytest.fixture
def body():
    return a_body()


@pytest.fixture
def newcomer(body):
    return a_member(a_department(body), name="髙瀬 陽子", mail="y.takase@town.example.jp")


def signs_in(client: Client, next_: str = "", start: str = START):
    return goes_through(client, client.post(f"{start}?process=login&next={next_}"))


def accepts(newcomer) -> Client:
    """The newcomer follows the invitation, takes the provider and comes back."""
    client = Client()
    client.get(invited(newcomer))
    page = client.get("/invitation/").content.decode()
    assert "庁内認証で受け取る" in page
    answer = signs_in(client, SETUP)
    assert answer["Location"] == SETUP
    return client


@pytest.fixture
def bound(newcomer, provider):
    """A member whose account is opened by the provider's u-1001 and who has an authenticator."""
    client = accepts(newcomer)
    client.post(SETUP, {"token": code_of(key_offered(client))})
    assert client.get("/")["Location"] == "/993018/"
    return Member.objects.get(pk=newcomer.pk)


def test_the_way_to_the_provider_is_a_page_and_no_redirect_of_a_form(provider, body, client):
    answer = client.post(f"{START}?process=login")
    assert answer.status_code == 200
    assert f"{provider.issuer}/authorize?" in answer.content.decode()
    assert "code_challenge=" in answer.content.decode()
    assert client.get(f"{START}?process=login").status_code == 200
    assert client.get("/accounts/oidc/unknown/login/").status_code == 404


def test_at_an_invitation_the_identity_is_bound_and_the_second_factor_follows(newcomer, provider):
    client = accepts(newcomer)
    member = Member.objects.get(pk=newcomer.pk)
    identity = Identity.objects.get()
    assert (identity.issuer, identity.subject, identity.user) == (
        provider.issuer,
        "u-1001",
        member.user,
    )
    assert not member.user.has_usable_password()
    assert client.get("/")["Location"].startswith(VERIFY)
    assert client.get("/account/")["Location"].startswith(VERIFY)
    assert Invitation.objects.get().accepted_at is not None
    assert SocialAccount.objects.count() == 0


def test_later_it_opens_the_account_up_to_the_second_factor(bound):
    client = Client()
    assert signs_in(client).status_code == 302
    assert client.get("/993018/")["Location"].startswith(VERIFY)
    shows(client, shown(bound.user, steps=1))
    assert client.get("/account/").status_code == 200
    assert Entry.objects.filter(verb="sign_in.succeeded", actor_id=bound.pk).count() == 2


def refused(answer) -> bool:
    return (
        answer.status_code == 403
        and "この庁内アカウントではログインできません" in answer.content.decode()
    )


def test_a_stranger_is_refused_in_words_and_written_down(body, provider, client):
    before = User.objects.count()
    assert refused(signs_in(client))
    assert client.session.get("_auth_user_id") is None
    assert User.objects.count() == before
    line = Entry.objects.get(verb="sign_in.refused")
    assert line.chain.municipality_id is None
    assert "u-1001" not in str(line.content.body)


def test_the_same_mail_address_opens_nothing(body, provider, client):
    member = someone(body=body, mail="y.takase@town.example.jp")
    User.objects.filter(pk=member.user_id).update(username="y.takase@town.example.jp")
    provider.claims |= {"email": "y.takase@town.example.jp", "email_verified": True}
    assert refused(signs_in(client))
    assert refused(signs_in(client, SETUP))
    assert Identity.objects.count() == 0


def test_the_same_subject_of_another_issuer_opens_nothing(bound, provider, client):
    Identity.objects.update(issuer="http://another.example")
    assert refused(signs_in(client))


def untrue(answer) -> bool:
    """One plain page, and nobody is signed in."""
    return (
        answer.status_code == 401
        and "庁内アカウントでログインできませんでした" in answer.content.decode()
        and "_auth_user_id" not in answer.client.session
        and Entry.objects.filter(verb="sign_in.refused").count() == 1
    )


FAR = 4_000_000_000

CLAIMS = {
    "another issuer": {"iss": "http://another.example"},
    "no issuer": {"iss": ...},
    "another audience": {"aud": "somebody-else"},
    "no audience": {"aud": ...},
    "two audiences and no azp": {"aud": [CLIENT_ID, "somebody-else"]},
    "another azp": {"azp": "somebody-else"},
    "an azp that is no text": {"azp": [CLIENT_ID]},
    "out of date": {"exp": 1},
    "without an end": {"exp": ...},
    "an end without end": {"exp": float("inf")},
    "made in the future": {"iat": FAR},
    "made at no time": {"iat": ...},
    "not yet valid": {"nbf": FAR},
    "another nonce": {"nonce": "of-another-sign-in"},
    "no nonce": {"nonce": ...},
    "a nonce of null": {"nonce": None},
    "a subject of null": {"sub": None},
    "a number as subject": {"sub": 1001},
    "a list as subject": {"sub": ["u-1001"]},
    "no subject": {"sub": ...},
    "an empty subject": {"sub": ""},
    "a subject of 5,000 letters": {"sub": "u" * 5_000},
}


@pytest.mark.parametrize("wrong", CLAIMS.values(), ids=CLAIMS)
def test_an_id_token_that_says_something_wrong_opens_nothing(bound, provider, client, wrong):
    provider.claims |= wrong
    assert untrue(signs_in(client))


def with_public_key(claims) -> str:
    """Signed with the public key as if it were a shared secret."""
    pem = a_key("1").public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    parts = [{"alg": "HS256", "typ": "JWT", "kid": "1"}, claims]
    body = b".".join(base64url_encode(json.dumps(part).encode()) for part in parts)
    return (body + b"." + base64url_encode(hmac.digest(pem, body, "sha256"))).decode()


def spoiled(claims) -> str:
    """Signed by the provider, and changed on the way."""
    head, _claims, mark = signed(claims).split(".")
    other = base64url_encode(json.dumps({**claims, "sub": "u-1"}).encode()).decode()
    return f"{head}.{other}.{mark}"


TOKENS = {
    "no signature": lambda claims: jwt.encode(claims, None, algorithm="none"),
    "the secret as key": lambda claims: jwt.encode(claims, CLIENT_SECRET * 3, algorithm="HS256"),
    "the public key as secret": with_public_key,
    "another key under this name": lambda claims: signed(claims, "2", kid="1"),
    "a key nobody shows": lambda claims: signed(claims, "2"),
    "changed on the way": spoiled,
    "no token": lambda claims: None,
    "a number": lambda claims: 7,
    "no three parts": lambda claims: "a.b",
    "an empty text": lambda claims: "",
}


@pytest.mark.parametrize("sign", TOKENS.values(), ids=TOKENS)
def test_an_id_token_without_the_provider_s_signature_opens_nothing(bound, provider, client, sign):
    provider.sign = sign
    assert untrue(signs_in(client))


KEYS = {
    "none": [],
    "no list": "keys",
    "numbers": [1, 2],
    "for encryption": [public_key(use="enc")],
    "for another algorithm": [public_key(alg="PS256")],
    "two of one name": [public_key(), public_key("2", kid="1")],
    "a broken one": [public_key(n="?")],
    "a secret": [{"kty": "oct", "k": "a2V5", "kid": "1", "alg": "RS256"}],
}


@pytest.mark.parametrize("keys", KEYS.values(), ids=KEYS)
def test_keys_of_the_provider_without_sense_open_nothing(bound, provider, client, keys):
    provider.keys = keys
    assert untrue(signs_in(client))


@pytest.mark.parametrize(
    "answer",
    [7, [], "access_token", {"access_token": None}, {"token": "a"}],
    ids=["number", "list", "text", "null", "other"],
)
def test_an_answer_to_the_code_without_sense_opens_nothing(bound, provider, client, answer):
    provider.answers["/token"] = answer
    assert untrue(signs_in(client))


def test_of_several_keys_the_one_that_is_named_counts(bound, provider, client):
    provider.keys = [public_key("2"), public_key("1"), public_key("1", use="enc", kid="3")]
    assert signs_in(client)["Location"] == "/"


def test_a_key_without_a_name_and_an_audience_with_its_azp_are_taken(bound, provider, client):
    key = public_key()
    del key["kid"], key["alg"], key["use"]
    provider.keys = [key]
    provider.sign = lambda claims: jwt.encode(claims, a_key("1"), algorithm="RS512")
    provider.claims |= {"aud": [CLIENT_ID, "files"], "azp": CLIENT_ID}
    assert signs_in(client)["Location"] == "/"


@pytest.mark.parametrize(
    "config",
    [
        {"issuer": "http://another.example"},
        {"jwks_uri": "http://keys.example.lg.jp/"},
        {"jwks_uri": None},
        {"token_endpoint": "http://login.example.lg.jp/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
    ids="-".join,
)
def test_a_provider_that_describes_itself_wrongly_is_not_asked(provider, body, client, config):
    provider.config = config
    answer = client.post(f"{START}?process=login")
    assert answer.status_code == 503
    assert "庁内アカウントでログインできませんでした" in answer.content.decode()
    assert provider.asked == ["/.well-known/openid-configuration"]


def test_nothing_but_the_id_token_is_asked_for(bound, provider, client):
    provider.asked.clear()
    signs_in(client)
    assert set(provider.asked) == {"/.well-known/openid-configuration", "/token", "/keys"}


def test_signed_in_nobody_connects_an_identity(body, provider):
    member = someone(body=body)
    client = signed_in(member)
    answer = goes_through(client, client.post(f"{START}?process=connect"))
    assert refused(answer)
    assert Identity.objects.count() == 0
    assert client.get("/accounts/3rdparty/").status_code == 404


def test_a_colleague_at_the_same_terminal_does_not_take_an_open_invitation(
    newcomer, provider, client
):
    client.get(invited(newcomer))
    client.get("/invitation/")
    assert refused(signs_in(client))
    assert Invitation.objects.get().accepted_at is None


def test_an_identity_opens_one_account(bound, provider):
    other = a_member(root_of(bound.municipality))
    client = Client()
    client.get(invited(other))
    client.get("/invitation/")
    signs_in(client, SETUP)
    assert Member.objects.get(pk=other.pk).user is None
    assert Identity.objects.count() == 1


def test_a_forged_or_repeated_state_opens_nothing(bound, provider, client):
    start = client.post(f"{START}?process=login")
    assert goes_through(Client(), start).status_code in {200, 401}
    assert client.get("/accounts/oidc/oidc/login/callback/?code=c&state=forged").status_code in {
        200,
        401,
    }
    assert client.session.get("_auth_user_id") is None


def test_a_provider_of_one_body_opens_that_body_only(bound, provider):
    there = a_member(a_department(a_body("131016", "みどり市")))
    Member.objects.filter(pk=there.pk).update(user=bound.user)
    provider.apps[0]["settings"]["municipality"] = "993018"
    client = Client()
    signs_in(client)
    shows(client, shown(bound.user, steps=1))
    assert client.get("/")["Location"] == "/993018/"
    assert client.get("/131016/").status_code == 404
    assert signed_in(bound).get("/131016/").status_code != 404


def test_with_two_bodies_a_provider_of_none_lets_nobody_in(bound, provider, client):
    a_body("131016", "みどり市")
    assert refused(signs_in(client))


def test_the_invitation_of_another_body_does_not_offer_the_provider(body, provider):
    provider.apps[0]["settings"]["municipality"] = "993018"
    stranger = a_member(a_department(a_body("131016", "みどり市")))
    client = Client()
    client.get(invited(stranger))
    assert "庁内認証" not in client.get("/invitation/").content.decode()
    assert refused(signs_in(client, SETUP))
    assert Member.objects.get(pk=stranger.pk).user is None


def test_a_provider_that_is_not_there_is_said_in_words(body, settings, client):
    with a_provider() as gone:
        settings.SOCIALACCOUNT_PROVIDERS = known_as(an_app(gone))
    answer = client.post(f"{START}?process=login")
    assert answer.status_code == 503
    assert "庁内アカウントでログインできませんでした" in answer.content.decode()
    assert client.get("/accounts/login/").status_code == 200
