"""A lost sign-in is made anew by an invitation of one body, which two persons agreed to; the others
keep their doors shut.
"""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from municipality.accounts.models import Authenticator, Invitation, RecoveryCode, User
from municipality.accounts.operations.credential_resets import ask_renewal
from municipality.accounts.operations.invitations import open_invitation, unlock
from municipality.accounts.operations.second_factor import renew_codes
from municipality.core.refusals import Conflict, Denied
from municipality.notifications.models import Notice
from municipality.notifications.operations.outbox import deliver_mails
from municipality.organisation.models import Member
from tests.build.accounts import (
    LOGIN,
    SETUP,
    code_of,
    followed,
    invited,
    key_offered,
    presses,
    renewed,
    signs_in,
    someone,
)
from tests.build.municipality import PASSWORD, a_body, a_department, a_member, root_of, signed_in

pytestmark = pytest.mark.django_db
FORM = "/invitation/"
BETTER = "yuunagi-no-hamabe-27"


@pytest.fixture
def office():
    return someone("office", name="事務 花子")


@pytest.fixture
def newcomer(office):
    return a_member(
        a_department(office.municipality, "総務課"),
        name="髙瀬 陽子",
        mail="y.takase@town.example.jp",
    )


# --- a lost sign-in -------------------------------------------------------------------------------


@pytest.fixture
def loser(newcomer):
    """Somebody with an account, an authenticator and recovery codes, who works in a second body,
    too.
    """
    user = User.objects.create_user("y.takase", PASSWORD)
    Member.objects.filter(pk=newcomer.pk).update(user=user)
    device = Authenticator(user=user, name="app", confirmed=True)
    device.key = b"0123456789abcdefghij"
    device.save()
    renew_codes(user)
    newcomer.refresh_from_db()
    return newcomer


@pytest.fixture
def second(loser):
    body = a_body("131016", "みどり市")
    member = a_member(root_of(body), "consultant", name="髙瀬 陽子")
    Member.objects.filter(pk=member.pk).update(user=loser.user)
    someone("office", body=body, name="別の 事務")
    return member


def renewal(loser, office) -> Client:
    renewed(loser, by=office)
    deliver_mails()
    return followed(
        re.search(r"http://127.0.0.1:8000(/invitation/\S+/)", mail.outbox[-1].body).group(1)
    )


def test_nothing_changes_until_the_person_accepts(loser, office):
    renewal(loser, office)
    assert User.objects.get(username="y.takase").check_password(PASSWORD)
    assert Authenticator.objects.filter(user=loser.user).exists()


def test_password_and_second_factor_are_made_anew(loser, office):
    old = signed_in(loser)
    client = renewal(loser, office)
    page = client.get(FORM).content.decode()
    assert "y.takase" in page
    assert client.post(FORM, {"password1": "short", "password2": "short"}).status_code == 422
    assert client.post(FORM, {"password1": BETTER, "password2": BETTER})["Location"] == SETUP
    user = User.objects.get(username="y.takase")
    assert user.check_password(BETTER)
    assert not Authenticator.objects.filter(user=user).exists()
    assert not RecoveryCode.objects.filter(sheet__user=user).exists()
    assert old.get("/account/")["Location"].startswith(LOGIN)
    assert client.post(SETUP, {"token": code_of(key_offered(client))}).status_code == 200
    assert client.get("/account/").status_code == 200
    assert signs_in(Client(), "y.takase", PASSWORD).status_code == 200


def test_the_other_bodies_keep_their_doors_shut_until_they_confirm(loser, second, office):
    client = renewal(loser, office)
    client.post(FORM, {"password1": BETTER, "password2": BETTER})
    client.post(SETUP, {"token": code_of(key_offered(client))})
    refused = client.get("/131016/decisions/")
    assert refused.status_code == 403
    assert "みどり市の事務局が本人を確かめるまで" in refused.content.decode()
    assert "本人の確認を待っています" in client.get("/").content.decode()
    there = Member.objects.get(name="別の 事務")
    assert Notice.objects.get(rule="account.locked", member=there).object_id == second.pk
    with pytest.raises(Denied):
        unlock(second, by=office)
    presses(signed_in(there), "unlock", second)
    assert Member.objects.get(pk=second.pk).locked_at is None
    assert client.get("/131016/decisions/").status_code != 403


def test_while_it_is_shut_that_body_lets_nobody_begin_anew(loser, second):
    Member.objects.filter(pk=second.pk).update(locked_at=timezone.now())
    second.refresh_from_db()
    there = Member.objects.get(name="別の 事務")
    with pytest.raises(Conflict):
        ask_renewal(second, reason="機種変更", by=there, now=timezone.now())


def test_whoever_is_signed_in_is_asked_to_sign_out_first(loser, office):
    address = renewed(loser, by=office)
    client = signed_in(loser)
    client.get(address)
    assert client.get(FORM).status_code == 409
    assert client.post(FORM).status_code == 409
    assert Invitation.objects.get().accepted_at is None


def test_looking_changes_nothing(newcomer, office):
    address = invited(newcomer, by=office)
    before = Invitation.objects.values().get()
    client = followed(address)
    for _number in range(3):
        client.get(FORM)
    assert Invitation.objects.values().get() == before
    assert open_invitation("nothing", now=timezone.now()) is None
