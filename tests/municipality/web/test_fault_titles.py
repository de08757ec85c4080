"""A page whose form was sent with mistakes says so at the beginning of its title."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.build.town import a_town

pytestmark = pytest.mark.django_db


def title_of(answer) -> str:
    text = re.search("<title>(.*?)</title>", answer.content.decode(), re.DOTALL)
    assert text is not None
    return " ".join(text[1].split())


@pytest.mark.parametrize("page", ["duties/", "settings/deputies/", "settings/announcements/"])
def test_the_title_of_a_page_with_mistakes_says_so(page):
    town = a_town()
    client, path = town.client("office"), f"/{town.body.pk}/{page}"
    plain = title_of(client.get(path))
    answer = client.post(path, {"subject": ""})
    assert answer.status_code == 422
    assert title_of(answer) == f"エラー：{plain}"


def test_the_page_of_sign_in_says_so_too():
    client = Client()
    plain = title_of(client.get("/accounts/login/"))
    answer = client.post("/accounts/login/", {"login": "nobody", "password": "x"})
    assert title_of(answer) == f"エラー：{plain}"


def test_a_filter_that_finds_nothing_is_no_mistake():
    town = a_town()
    answer = town.client("office").get(f"/{town.body.pk}/people/?department=999999")
    assert "エラー" not in title_of(answer)
