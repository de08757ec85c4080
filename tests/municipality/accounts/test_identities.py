"""Sign-in through a body's own identity provider: bound at an invitation by issuer and subject, and
by nothing else.
"""

from __future__ import annotations

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from municipality.accounts.models import Identity, Invitation, User
from municipality.audit.models import Entry
from municipality.organisation.models import Member
from tests.build.accounts import SETUP, VERIFY, code_of, invited, key_offered, shown, shows, someone
from tests.build.identity_provider import a_provider, an_app, goes_through
from tests.build.municipality import a_body, a_department, a_member, root_of, signed_in

pytestmark = pytest.mark.django_db
START = "/accounts/oidc/oidc/login/"


@pytest.fixture
def provider(settings):
    with a_provider() as running:
        apps = [an_app(running)]
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": apps}
        }
        running.apps = apps
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


@pytest.mark.parametrize(
    "wrong", [{"iss": "http://another.example"}, {"aud": "somebody-else"}, {"exp": 1}]
)
def test_a_token_for_others_or_out_of_date_opens_nothing(bound, provider, client, wrong):
    provider.claims |= wrong
    signs_in(client)
    assert client.session.get("_auth_user_id") is None


def test_two_answers_that_speak_of_two_people_open_nothing(bound, provider, client):
    provider.further = {"sub": "u-2002"}
    assert refused(signs_in(client))
    provider.claims, provider.further = {"sub": "u-2002"}, {"sub": "u-1001"}
    assert refused(signs_in(client))


def test_without_an_id_token_nothing_opens(bound, provider, client):
    provider.with_id_token = False
    assert refused(signs_in(client))


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
        apps = [an_app(gone)]
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": apps}
    }
    answer = client.post(f"{START}?process=login")
    assert answer.status_code == 503
    assert "庁内アカウントでログインできませんでした" in answer.content.decode()
    assert client.get("/accounts/login/").status_code == 200
