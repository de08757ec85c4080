"""One code, one invitation, one password: thirty-two try at the same moment."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from municipality.accounts.models import (
    Authenticator,
    GuardedDevice,
    Invitation,
    RecoveryCode,
    User,
)
from municipality.accounts.operations.invitations import digest_of
from municipality.accounts.operations.second_factor import enrol, fresh_key, renew_codes
from municipality.audit.chain import verify_chains
from municipality.core import rate_limits as limits
from municipality.organisation.models import Member
from tests.build.accounts import (
    VERIFY,
    code_of,
    half_signed_in,
    invited,
    shown,
    shows,
    signs_in,
    someone,
    wrong_for,
)
from tests.build.municipality import PASSWORD, a_body, a_department, a_member

from .together import Meeting, together

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
CLIENTS = 32


@pytest.fixture(autouse=True)
def _counted_anew(transactional_db):
    """The cache's table is no model's: emptying the tables after a test leaves it as it is."""
    cache.clear()


@pytest.fixture
def user():
    return someone().user


@pytest.fixture
def unlimited(monkeypatch):
    """The counted limits would hide what is tested here: that the code itself is taken once."""
    monkeypatch.setattr(limits, "CODE_BY_USER", limits.Limit("wide", 100, 60))


def codes_at_once(user: User, address: str, token: str) -> Counter:
    clients = [half_signed_in(user) for _number in range(CLIENTS)]
    answers = together(
        [lambda client=client: shows(client, token, address).status_code for client in clients]
    )
    inside = sum(client.get("/account/").status_code == 200 for client in clients)
    return Counter({**Counter(answers), "inside": inside})


@pytest.mark.parametrize("turn", range(3))
def test_a_code_of_the_app_lets_one_of_thirty_two_in(user, unlimited, turn):
    assert codes_at_once(user, VERIFY, shown(user)) == {302: 1, 422: CLIENTS - 1, "inside": 1}
    assert [verdict.reason for verdict in verify_chains()] == [""]


def test_a_recovery_code_lets_one_of_thirty_two_in(user, unlimited):
    code = renew_codes(user)[3]
    found = codes_at_once(user, "/accounts/two-factor/recovery/", code)
    assert found == {302: 1, 422: CLIENTS - 1, "inside": 1}
    assert RecoveryCode.objects.filter(used_at=None).count() == 9


def test_ten_different_recovery_codes_at_once_are_not_used_up_together(user, unlimited):
    clients = [half_signed_in(user) for _number in range(10)]
    codes = renew_codes(user)
    jobs = [
        lambda c=c, t=t: shows(c, t, "/accounts/two-factor/recovery/").status_code
        for c, t in zip(clients, codes, strict=True)
    ]
    inside = together(jobs).count(302)
    assert inside >= 1
    assert RecoveryCode.objects.filter(used_at=None).count() == 10 - inside


def test_of_thirty_two_wrong_codes_at_once_one_is_looked_at(user, unlimited, monkeypatch):
    looked = []
    settle = Authenticator.key.fget
    monkeypatch.setattr(
        GuardedDevice, "key", property(lambda device: looked.append(1) or settle(device))
    )
    codes_at_once(user, VERIFY, "000000" if wrong_for(user) == "000000" else "000001")
    assert Authenticator.objects.get(user=user).throttling_failure_count <= 3
    assert len(looked) - 14 <= 3, "wrong_for looks at the key, too"


@pytest.mark.selfcheck
def test_without_the_claim_and_the_condition_a_code_lets_many_in(user, unlimited, monkeypatch):
    meeting = Meeting()

    def careless(device, token, *, now=None):
        device.refresh_from_db()
        if device.key and device.last_counter < int(now.timestamp()) // 30 - 1:
            meeting.wait()
            type(device).objects.filter(pk=device.pk).update(
                last_counter=int(now.timestamp()) // 30
            )
            return True
        return False

    monkeypatch.setattr(Authenticator, "verify_token", careless)
    assert codes_at_once(user, VERIFY, shown(user))["inside"] > 1


def test_thirty_two_set_ups_at_once_leave_one_authenticator(user):
    Authenticator.objects.filter(user=user).delete()
    User.objects.filter(pk=user.pk).update(enrols_until=timezone.now() + timedelta(hours=1))
    user.refresh_from_db()
    keys = [fresh_key() for _number in range(CLIENTS)]
    now = timezone.now()
    jobs = [
        lambda key=key: enrol(
            User.objects.get(pk=user.pk), key, code_of(key, now=now), fresh=False, now=now
        )
        for key in keys
    ]
    answers = together(jobs)
    registered = [answer for answer in answers if isinstance(answer, tuple)]
    assert registered
    assert Authenticator.objects.filter(user=user).count() == 1
    assert RecoveryCode.objects.filter(sheet__user=user).count() == 10


def test_an_invitation_makes_one_account_of_thirty_two(user):
    body = a_body("131016", "みどり市")
    person = a_member(a_department(body))
    address = invited(person)
    clients = [Client() for _number in range(CLIENTS)]
    for client in clients:
        client.get(address)
    form = {
        "password1": "yuunagi-no-hamabe-27",
        "password2": "yuunagi-no-hamabe-27",
        "language": "ja",
    }
    jobs = [
        lambda client=client, number=number: (
            client.post("/invitation/", {**form, "username": f"name{number}"}).status_code
        )
        for number, client in enumerate(clients)
    ]
    answers = Counter(together(jobs))
    assert answers[302] == 1
    assert set(answers) <= {302, 404, 409}
    assert User.objects.filter(username__startswith="name").count() == 1
    assert Member.objects.get(pk=person.pk).user.username.startswith("name")
    assert Invitation.objects.get(digest=digest_of(address.split("/")[2])).sealed_token is None


def test_two_people_cannot_take_the_same_name_at_once(user):
    soumu = a_department(a_body("131016", "みどり市"))
    clients = []
    for _number in range(8):
        client = Client()
        client.get(invited(a_member(soumu)))
        clients.append(client)
    form = {
        "password1": "yuunagi-no-hamabe-27",
        "password2": "yuunagi-no-hamabe-27",
        "language": "ja",
        "username": "same.name",
    }
    answers = together(
        [lambda client=client: client.post("/invitation/", form).status_code for client in clients]
    )
    assert answers.count(302) == 1
    assert set(answers) <= {302, 409, 422}
    assert User.objects.filter(username="same.name").count() == 1


def test_a_burst_of_guesses_counts_as_many(user):
    """Five wrong passwords in five minutes, also when thirty-two come in the same moment."""

    def guess():
        return signs_in(Client(), user.username, "wrong").content.decode()

    pages = together([guess] * CLIENTS)
    assert sum("違います" in page for page in pages) <= 10, "two windows at most"
    assert sum("止めています" in page for page in pages) >= CLIENTS - 10


def test_a_burst_of_right_sign_ins_from_one_address_is_let_in():
    body = a_body()
    people = [someone(body=body).user.username for _number in range(CLIENTS)]
    jobs = [lambda name=name: signs_in(Client(), name, PASSWORD).status_code for name in people]
    assert together(jobs) == [302] * CLIENTS
    assert [verdict.reason for verdict in verify_chains()] == [""]
