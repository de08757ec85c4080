"""A sign-in that lapses takes nothing of what was typed; and says so two minutes before."""

from __future__ import annotations

import re
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from municipality.organisation.models import Member, Municipality
from municipality.web.unsaved_form import TYPED
from tests.build.accounts import LOGIN, VERIFY, dump_of_all_tables, shown, shows, signs_in, someone
from tests.build.municipality import PASSWORD, a_body, a_department, a_member

pytestmark = pytest.mark.django_db
WORDS = "窓口の待ち時間を減らすため、予約の様式を改める。"


@pytest.fixture
def office():
    return someone("office", body=a_body(), name="事務 花子")


@pytest.fixture
def person(office):
    return a_member(a_department(office.municipality), name="髙瀬 陽子")


def opened(member: Member) -> Client:
    client = Client()
    signs_in(client, member.user.username)
    shows(client, shown(member.user))
    client.get("/account/")
    return client


def rested(client: Client, seconds: int = 1801) -> Client:
    session = client.session
    session["seen_at"] = time.time() - seconds
    session.save()
    return client


def address(person: Member) -> str:
    return f"/993018/people/{person.pk}/edit/"


def form(person: Member, **other: str) -> dict[str, str]:
    return {
        "name": person.name,
        "kana": "タカセ ヨウコ",
        "mail": "",
        "employment": WORDS[:20],
        "edition": "1",
        **other,
    }


def comes_back(client: Client, member: Member, answer, steps: int = 1):
    """Sign in again where the answer leads."""
    assert answer["Location"] == f"{LOGIN}?next=%2Faccount%2Ftyped%2F"
    step = client.post(
        answer["Location"],
        {"login": member.user.username, "password": PASSWORD, "next": "/account/typed/"},
    )
    second = client.get(step["Location"])
    assert second["Location"].startswith(VERIFY)
    return client.post(second["Location"], {"token": shown(member.user, steps=steps)})


def test_the_form_is_there_after_signing_in_again_and_one_press_sends_it(office, person):
    client = rested(opened(office))
    answer = client.post(address(person), form(person))
    person.refresh_from_db()
    assert person.employment == ""
    back = comes_back(client, office, answer)
    assert back["Location"] == "/account/typed/"
    page = client.get("/account/typed/").content.decode()
    assert WORDS[:20] in page
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    assert fields["edition"] == "1"
    target = re.search(r'action="(/993018/[^"]+)"', page)[1]
    assert client.post(target, fields)["Location"] == person.get_absolute_url()
    person.refresh_from_db()
    assert person.employment == WORDS[:20]
    assert client.get("/account/typed/")["Location"] == "/"


def test_somebody_else_at_the_same_terminal_is_shown_nothing(office, person):
    other = someone("office", body=office.municipality)
    client = rested(opened(office))
    answer = client.post(address(person), form(person))
    comes_back(client, other, answer, steps=0)
    page = client.get("/account/typed/")
    assert page["Location"] == "/"
    assert TYPED not in client.session


def test_it_lies_encrypted_and_lasts_an_hour(office, person):
    client = rested(opened(office))
    answer = client.post(address(person), form(person, employment="ひみつの任用区分"))
    assert "ひみつの任用区分" not in dump_of_all_tables()
    comes_back(client, office, answer)
    assert client.get("/account/typed/").status_code == 200
    real = time.time
    try:
        time.time = lambda: real() + 3601
        assert client.get("/account/typed/").status_code == 302
    finally:
        time.time = real


def test_secrets_and_the_proof_of_the_form_are_not_kept(office):
    client = rested(opened(office))
    facts = {
        "name": "庁内アカウント",
        "issuer": "https://idp.example.jp",
        "client_id": "telework",
        "secret": "typed-secret",
    }
    answer = client.post(
        "/993018/settings/providers/new/", {**facts, "csrfmiddlewaretoken": "x" * 32}
    )
    comes_back(client, office, answer)
    page = client.get("/account/typed/").content.decode()
    assert "庁内アカウント" in page
    assert "typed-secret" not in page
    assert "x" * 32 not in page


def test_files_are_said_to_be_gone(office):
    client = rested(opened(office))
    file = SimpleUploadedFile("部署.csv", "部署コード\n".encode(), "text/csv")
    answer = client.post("/993018/imports/", {"kind": "departments", "file": file})
    comes_back(client, office, answer)
    assert "選んだファイルは残っていません" in client.get("/account/typed/").content.decode()


def test_it_can_be_dropped(office, person):
    client = rested(opened(office))
    comes_back(client, office, client.post(address(person), form(person)))
    assert client.post("/account/typed/")["Location"] == "/"
    assert client.get("/account/typed/")["Location"] == "/"


def test_whoever_was_cut_off_leaves_nothing_behind(office, person):
    client = opened(office)
    type(office.user).objects.filter(pk=office.user_id).update(is_active=False)
    answer = client.post(address(person), form(person))
    assert answer["Location"] == f"{LOGIN}?next=%2F"
    assert TYPED not in client.session


def test_a_page_knows_how_long_the_sign_in_lasts_and_asking_goes_on(office):
    Municipality.objects.update(session_idle_minutes=10)
    client = opened(office)
    left = int(re.search(r'data-lasts="(\d+)"', client.get("/993018/").content.decode())[1])
    assert 590 <= left <= 600
    rested(client, 500)
    answer = client.get("/account/alive/", headers={"Accept": "application/json"})
    assert 595 <= answer.json()["seconds"] <= 600
    rested(client, 601)
    gone = client.get("/account/alive/", headers={"Accept": "application/json"})
    assert (gone.status_code, gone.json()) == (403, {"detail": "sign_in_required"})


def test_near_the_longest_sign_in_asking_does_not_help(office):
    client = opened(office)
    session = client.session
    session["started_at"] = time.time() - 12 * 3600 + 60
    session.save()
    assert client.get("/account/alive/").json()["seconds"] <= 60
