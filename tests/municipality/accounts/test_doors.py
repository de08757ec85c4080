"""Who gets how far: every address of the whole installation, signed out and half signed in, by
every method.
"""

from __future__ import annotations

import re
from functools import cache

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import Client
from django.urls import URLResolver, get_resolver, path
from django.urls.resolvers import RoutePattern

from config.urls import urlpatterns as real
from municipality.accounts import url_access
from municipality.accounts.models import User
from municipality.accounts.url_access import (
    ACCESS_LEVELS,
    BEFORE_SECOND_FACTOR,
    FOR_EVERYBODY,
    WITHOUT_SESSION,
)
from tests.build.accounts import LOGIN, SETUP, VERIFY, half_signed_in, someone
from tests.build.municipality import signed_in

pytestmark = pytest.mark.django_db
METHODS = ["get", "post", "head", "put", "patch", "delete", "options"]
SAMPLES = {
    "code": "993018",
    "pk": "1",
    "key": "1-abc-def",
    "uidb36": "1",
    "token": "abc",
    "provider_id": "oidc",
    "fy": "2026",
}


def patterns(resolver: URLResolver, before: str = "", names: tuple[str, ...] = ()):
    """(address with sample values, name) of every pattern of the installation; what has no name
    goes by its address.
    """
    for entry in resolver.url_patterns:
        address = before + sample(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(
                entry, address, names + ((entry.namespace,) if entry.namespace else ())
            )
        else:
            yield address, ":".join([*names, entry.name]) if entry.name else address


def sample(pattern) -> str:
    """A part of an address with sample values in the place of its variables."""
    if isinstance(pattern, RoutePattern):
        return re.sub(
            r"<(?:(\w+):)?(\w+)>",
            lambda m: SAMPLES.get(m[2]) or ("7" if m[1] == "int" else "x"),
            str(pattern),
        )
    text = re.sub(
        r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", lambda m: SAMPLES.get(m[1], "x"), str(pattern)
    )
    return text.strip("^$")


@cache
def addresses() -> list[tuple[str, str]]:
    """Every address of the installation with its name."""
    return sorted(set(patterns(get_resolver())))


def outside() -> list[tuple[str, str]]:
    """Those that do not lie under a body's code."""
    return [(address, name) for address, name in addresses() if not address.startswith("993018/")]


def ask(client: Client, method: str, address: str):
    return getattr(client, method)(f"/{address}")


def test_the_walk_reaches_our_own_and_the_library_pages():
    names = {name for _address, name in addresses()}
    assert {
        "account_login",
        "socialaccount_connections",
        "usersessions_list",
        "municipality:decisions",
    } <= names
    assert "dashboard:home" in names
    assert len(addresses()) > 40


@pytest.mark.parametrize("method", METHODS)
def test_signed_out_every_address_but_the_closed_list_leads_to_sign_in(method, record_property):
    someone()
    record_property("cases", len(addresses()))
    for address, name in addresses():
        if name in WITHOUT_SESSION or name in FOR_EVERYBODY:
            continue
        answer = ask(Client(), method, address)
        assert answer.status_code == 302, (method, address, answer.status_code)
        assert answer["Location"].split("?")[0] == LOGIN, (method, address)


@pytest.mark.parametrize("method", METHODS)
def test_half_signed_in_every_address_leads_to_the_second_factor(method, record_property):
    client = half_signed_in(someone("office").user)
    record_property("cases", len(addresses()))
    for address, name in addresses():
        if name in BEFORE_SECOND_FACTOR or name in FOR_EVERYBODY:
            continue
        answer = ask(client, method, address)
        assert answer.status_code == 302, (method, address, answer.status_code)
        assert answer["Location"].split("?")[0] == VERIFY, (method, address)


def test_the_pages_before_the_second_factor_show_nothing_of_a_body(client):
    member = someone("office", name="髙瀬 陽子")
    half = half_signed_in(member.user)
    for address in (
        VERIFY,
        SETUP,
        "/accounts/two-factor/recovery/",
        "/accounts/logout/",
        "/accessibility/",
    ):
        text = half.get(address, follow=True).content.decode()
        assert "髙瀬" not in text
        assert member.municipality.name not in text


def test_every_address_outside_the_bodies_stands_in_the_list_and_the_list_names_no_other():
    named = {name for _address, name in outside() if name}
    assert named == set(ACCESS_LEVELS)


def test_every_page_of_a_body_declares_its_rule():
    def callbacks(resolver):
        for entry in resolver.url_patterns:
            yield from callbacks(entry) if isinstance(entry, URLResolver) else [entry]

    body = next(entry for entry in get_resolver().url_patterns if "code" in str(entry.pattern))
    assert [entry.name for entry in callbacks(body) if not hasattr(entry.callback, "page")] == []


def test_each_open_door_has_its_reason():
    for listed in (
        WITHOUT_SESSION,
        FOR_EVERYBODY,
        BEFORE_SECOND_FACTOR,
        url_access.VERIFIED,
        url_access.SHUT,
    ):
        assert all(len(reason) > 4 or reason == "同上" for reason in listed.values())
    assert set(WITHOUT_SESSION) & set(url_access.VERIFIED) == set()


@pytest.mark.parametrize("name", sorted(url_access.SHUT))
def test_what_is_not_offered_is_not_there_for_anybody_who_is_signed_in(name, signed_in_client):
    address = next(address for address, found in outside() if found == name)
    for method in ("get", "post"):
        assert ask(signed_in_client, method, address).status_code == 404


@pytest.fixture
def signed_in_client():
    return signed_in(someone())


class Extra:
    """An urlconf with two addresses more than the real one: one that nobody declared, and one
    without a name.
    """

    @staticmethod
    def view(request):
        return HttpResponse("inside")

    urlpatterns = [path("undeclared/", view, name="undeclared"), path("nameless/", view), *real]


@pytest.mark.parametrize("address", ["/undeclared/", "/nameless/"])
def test_an_address_in_no_list_is_refused_at_run_time(address, settings, signed_in_client):
    settings.ROOT_URLCONF = Extra
    assert Client().get(address).status_code == 302
    assert half_signed_in(User.objects.get()).get(address)["Location"].startswith(VERIFY)
    with pytest.raises(ImproperlyConfigured):
        signed_in_client.get(address)


@pytest.mark.selfcheck
def test_without_the_door_half_signed_in_people_get_in(settings):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "AccessMiddleware" not in name]
    assert half_signed_in(someone("office").user).get("/account/").status_code == 200


def test_machines_get_a_short_refusal_instead_of_a_redirect():
    answer = half_signed_in(someone().user).get("/account/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()) == (403, {"detail": "sign_in_required"})


def test_where_one_wanted_to_go_is_kept_for_pages_and_dropped_for_secrets():
    half = half_signed_in(someone().user)
    assert half.get("/account/?fy=2026")["Location"] == f"{VERIFY}?next=%2Faccount%2F%3Ffy%3D2026"
    assert half.get("/invitation/abcdef/")["Location"] == f"{VERIFY}?next=%2F"
    assert half.get("/accounts/password/reset/key/1-abc-def/")["Location"] == f"{VERIFY}?next=%2F"


def test_there_is_no_second_door_for_administrators(client):
    assert "django.contrib.admin" not in settings.INSTALLED_APPS
    assert client.get("/admin/login/").status_code == 404
