"""The addresses beside the bodies, by how far somebody has come."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.test import override_settings
from django.urls import reverse

from municipality.accounts.models import User
from municipality.accounts.operations.invitations import short_code
from tests.build.accounts import code_of, first_in_table, key_offered
from tests.build.identity_provider import a_provider, an_app, known_as
from tests.build.municipality import PASSWORD
from tests.world import World
from tests.world.asking import Answer, Asker, Plain
from tests.world.town import CALENDAR_SECRET

from .table import OUTSIDE
from .table.outside import Outside
from .walk import SECOND_FACTOR, SIGN_IN

pytestmark = pytest.mark.django_db
KEY = b"0123456789abcdefghij"
STATUS = {
    "+": {200},
    ">": {302},
    "L": {302},
    "2": {302},
    "n": {302},
    "u": {401},
    ".": {404},
    "c": {409},
    "r": {200, 503},
}
OTHER_PASSWORD = "kaede-to-momiji-2026"


def token_in(world: World) -> str:
    """The secret of the invitation that waits."""
    return next(
        text
        for text, canary in world.canaries.secrets.items()
        if canary.field.endswith("sealed_token")
    )


def address_of(world: World, row: Outside) -> str:
    """The address with what belongs into it."""
    if "/" in row.name:
        return f"/{row.name}"
    token = token_in(world)
    user = User.objects.get(pk=world.personas["staff"])
    uid = user_pk_to_url_str(user)
    key = "set-password" if row.state == "key" else default_token_generator.make_token(user)
    parts: dict[str, dict[str, str]] = {
        "municipality_outside:calendar": {"token": CALENDAR_SECRET},
        "municipality_outside:invitation": {"token": token},
        "municipality_outside:provider_login": {"provider_id": "oidc"},
        "municipality_outside:end_one_session": {"pk": 999_999},
        "municipality_outside:provider_callback": {"provider_id": "oidc"},
        "account_confirm_email": {"key": "abc"},
        "account_reset_password_from_key": {"uidb36": uid, "key": key},
    }
    return reverse(row.name, kwargs=parts.get(row.name))


def form_of(world: World, row: Outside, who: str, client: Plain) -> dict[str, Any]:
    """What is sent: right, so that only how far somebody has come decides."""
    staff = User.objects.get(pk=world.personas["staff"])
    passwords = {"password1": OTHER_PASSWORD, "password2": OTHER_PASSWORD}
    forms: dict[str, Callable[[], dict[str, Any]]] = {
        "municipality_outside:account": lambda: {
            "language": "ja",
            "email": User.objects.get(pk=world.personas[who] or staff.pk).email,
        },
        "municipality_outside:language": lambda: {"language": "en"},
        "municipality_outside:receiving": lambda: {"from_hour": "9", "days_off": ["0"]},
        "municipality_outside:two_factor_verify": lambda: {"token": code_of(KEY)},
        "municipality_outside:two_factor_setup": lambda: {
            "token": code_of(key_offered(client)) if who == "not_set_up" else "000000"
        },
        "municipality_outside:invitation_code": lambda: {"code": short_code(token_in(world))},
        "municipality_outside:table_setup": lambda: {
            "token": first_in_table(client) if who == "not_set_up" else "00000000"
        },
        "municipality_outside:invitation_form": lambda: {
            "username": "y.takase",
            "language": "ja",
            **passwords,
        },
        "account_login": lambda: {"login": staff.username, "password": PASSWORD},
        "account_reauthenticate": lambda: {"password": PASSWORD},
        "account_change_password": lambda: {"oldpassword": PASSWORD, **passwords},
        "account_reset_password": lambda: {"email": "niemand@town.example.jp"},
    }
    return forms.get(row.name, dict)()


def session_of(world: World, row: Outside, client: Plain) -> None:
    """Bring the session into the row's state."""
    facts = {
        "fresh": {"verified_at": int(time.time())},
        "password": {"account_authentication_methods": [{"method": "password", "at": time.time()}]},
    }.get(row.state, {})
    if facts and client.cookies:
        session = client.session
        session.update(facts)
        session.save()
    opened = {
        "carrying": "municipality_outside:invitation",
        "key": "account_reset_password_from_key",
    }.get(row.state)
    if opened:
        client.get(address_of(world, Outside(opened, "GET", "-", "")))


def asked(world: World, asker: Asker, row: Outside, who: str) -> Answer:
    """One request in the row's state."""
    client = asker.clients[who]
    data = partial(form_of, world, row, who, client) if row.method == "POST" else None
    return asker.ask(
        who, row.method, address_of(world, row), data=data, before=partial(session_of, world, row)
    )


def wrong(row: Outside, who: str, answer: Answer) -> str:
    """What is not as the table says; empty when all is."""
    letter = row.expected(who)
    told = f"{row.name} {row.method} {row.state} {who}: {answer.status} {answer.location}"
    if answer.status not in STATUS[letter] or answer.leak or answer.lacks:
        return f"{told} instead of {letter} {answer.leak} {answer.lacks}"
    door = next(
        (
            name
            for name, address in (("L", SIGN_IN), ("2", SECOND_FACTOR))
            if _leads_to(answer, address)
        ),
        "",
    )
    if answer.status == 302 and door != {"L": "L", "2": "2", "n": "2"}.get(letter, ""):
        return f"{told} instead of {letter}"
    if answer.changed and (row.method == "GET" or letter in "L2u.c"):
        return f"{told}: changed something"
    return ""


def _leads_to(answer: Answer, address: str) -> bool:
    return answer.location.split("?")[0].startswith(address)


@pytest.fixture(scope="module")
def provider():
    with (
        a_provider() as running,
        override_settings(SOCIALACCOUNT_PROVIDERS=known_as(an_app(running))),
    ):
        yield running


@pytest.mark.parametrize("state", sorted({row.state for row in OUTSIDE}))
def test_everybody_is_answered_as_the_table_says(state, world, asker, request, record_property):
    if state == "provider":
        request.getfixturevalue("provider")
    rows = [row for row in OUTSIDE if row.state == state]
    found = [
        wrong(row, who, asked(world, asker, row, who)) for row in rows for who in world.personas
    ]
    record_property("cases", len(found))
    assert [text for text in found if text] == [], "\n" + "\n".join(filter(None, found))
