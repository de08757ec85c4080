"""Headers of proxies: believed from our own ones, and dropped from anybody else."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from django.test import RequestFactory

from municipality.web.forwarded import ForwardedMiddleware

PROXY, STRANGER = "10.1.0.5", "192.0.2.9"
HEADERS = {
    "X-Forwarded-For": "198.51.100.7",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "elsewhere.example.jp",
    "X-Real-IP": "198.51.100.7",
    "Forwarded": "for=198.51.100.7;proto=https",
}


def passed_on(**meta: str) -> set[str]:
    """The headers that the application sees."""
    seen: list[set[str]] = []
    request = RequestFactory().get("/", headers=HEADERS, **meta)
    ForwardedMiddleware(lambda asked: seen.append({*HEADERS} & {*asked.headers}))(request)
    return seen[0]


@pytest.mark.parametrize(
    ("count", "peer", "believed"),
    [
        (0, PROXY, False),
        (0, "127.0.0.1", False),
        (1, PROXY, True),
        (1, "", True),
        (1, STRANGER, False),
        (1, "::ffff:10.1.0.5", False),
        (2, PROXY, True),
    ],
)
def test_only_a_proxy_of_our_own_is_believed(settings, count, peer, believed):
    settings.TRUSTED_PROXY_COUNT = count
    settings.TRUSTED_PROXIES = [ip_network("10.1.0.0/16")]
    assert bool(passed_on(REMOTE_ADDR=peer)) is believed


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("peer", "scheme", "status"),
    [(PROXY, "https", 200), (PROXY, "http", 301), (STRANGER, "https", 301)],
)
def test_nobody_else_says_that_a_request_came_by_tls(settings, client, peer, scheme, status):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.TRUSTED_PROXY_COUNT = 1
    settings.TRUSTED_PROXIES = [ip_network(PROXY)]
    headers = {"X-Forwarded-Proto": scheme}
    asked = client.get("/accounts/login/", headers=headers, REMOTE_ADDR=peer)
    assert asked.status_code == status


def test_no_header_names_the_host(settings, client):
    settings.TRUSTED_PROXY_COUNT = 1
    request = RequestFactory().get("/", headers=HEADERS)
    assert request.get_host() == "testserver"
