"""A form that is sent twice is done once, and what is not the same is not taken for it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from municipality.accounts.operations.providers import add_provider
from municipality.audit.models import Entry
from municipality.imports.models import FileImport
from municipality.notifications.models import Notice
from municipality.organisation.operations.settings import add_closed_day
from municipality.reminders.models import Announcement
from municipality.web.models import SentForm
from municipality.web.sent_once import KEPT, forget_sent_forms, new_token
from tests.build.municipality import at, signed_in
from tests.build.town import a_town

pytestmark = pytest.mark.django_db

TOKEN = re.compile('name="form_token" value="([0-9a-f]{32})"')
ALREADY = "同じ内容がすでに送信されています。"
FORM = {"subject": "お願い", "text": "本文", "roles": ["manager"]}


@pytest.fixture
def town():
    return a_town()


@pytest.fixture
def address(town):
    return f"/{town.body.pk}/settings/announcements/"


def confirmed(client, address, **other) -> dict:
    """The second form of an announcement, as its preview shows it."""
    page = client.post(address, {**FORM, **other}).content.decode()
    seen = page.split('name="seen" value="')[1].split('"')[0]
    return {**FORM, **other, "seen": seen, "form_token": TOKEN.findall(page)[-1]}


def test_each_form_that_is_shown_has_a_token_of_its_own(town, address):
    client = town.client("office")
    pages = [client.get(address).content.decode() for _ in range(2)]
    tokens = [token for page in pages for token in TOKEN.findall(page)]
    assert len(tokens) == len(set(tokens)) >= 2


def test_an_announcement_sent_twice_goes_out_once(town, address):
    client = town.client("office")
    form = confirmed(client, address)
    first, second = client.post(address, form), client.post(address, form)
    assert (first.status_code, second.status_code) == (302, 302)
    assert second.headers["Location"] == first.headers["Location"]
    assert (Announcement.objects.count(), Notice.objects.count()) == (1, 2)
    assert Entry.objects.filter(verb="announcement.sent").count() == 1
    assert ALREADY in client.get(second.headers["Location"]).content.decode()


def test_a_form_of_another_page_or_with_other_words_is_another_thing(town, address):
    """Someone goes back, writes on, and sends again: nothing of it is lost."""
    client = town.client("office")
    client.post(address, confirmed(client, address))
    token = SentForm.objects.get().token
    client.post(address, confirmed(client, address))
    client.post(address, {**confirmed(client, address, text="続き"), "form_token": token})
    assert Announcement.objects.count() == 3


def test_the_token_of_one_person_is_nothing_to_another(town, address):
    office = town.client("office")
    form = confirmed(office, address)
    assert office.post(address, form).status_code == 302
    assert town.client("manager").post(address, form).status_code == 403
    assert Announcement.objects.count() == 1


def test_a_refused_form_can_be_sent_again(town, address):
    """422, 403 and 409 leave no note, so that the form is done as soon as it can be."""
    client, token = town.client("office"), new_token()
    assert client.post(address, {**FORM, "roles": [], "form_token": token}).status_code == 422
    refused = {**FORM, "form_token": token}
    assert town.client("staff").post(address, refused).status_code == 403
    assert SentForm.objects.count() == 0


def test_what_removed_the_row_of_its_page_is_led_to_its_result_too(town):
    """A deletion that is sent again after it was done is no page that is not there."""
    office, duty = town.client("office"), a_closed_day(town)
    form = {"form_token": new_token()}
    first, second = (office.post(duty, form) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.headers["Location"] == second.headers["Location"]


def a_closed_day(town) -> str:
    """The address that removes a closed day of the body."""
    facts = {"name": "開庁記念日", "is_open": False}
    day = add_closed_day(
        town.body, date(2026, 6, 1), **facts, by=town.people["office"], now=at(2026, 5, 1)
    )
    return f"/{town.body.pk}/settings/closed-days/{day.pk}/remove/"


def test_a_form_that_asks_another_server_is_in_no_transaction_with_a_note(town):
    office = town.people["office"]
    facts = {"name": "庁内", "issuer": "http://127.0.0.1:9", "client_id": "x", "secret": "y"}
    provider = add_provider(town.body, **facts, by=office, now=at(2026, 5, 1))
    address = f"/{town.body.pk}/settings/providers/{provider.pk}/try/"
    assert town.client("office").post(address, {"form_token": new_token()}).status_code == 302
    assert SentForm.objects.count() == 0


@pytest.mark.parametrize("token", ["", "x", "0" * 31, "G" * 32, "0" * 33])
def test_without_a_token_of_ours_a_form_is_done_as_before(town, address, token):
    client = town.client("office")
    form = {**confirmed(client, address), "form_token": token}
    assert [client.post(address, form).status_code for _ in range(2)] == [302, 302]
    assert (Announcement.objects.count(), SentForm.objects.count()) == (2, 0)


def test_a_file_is_part_of_what_was_sent(town):
    client, token = town.client("office"), new_token()
    address = f"/{town.body.pk}/imports/"

    def send(content: str):
        file = SimpleUploadedFile("部署.csv", content.encode())
        return client.post(address, {"kind": "departments", "file": file, "form_token": token})

    head = "部署コード,部署名,上位部署コード\r\n"
    first, again = send(head + "0901,危機管理課,\r\n"), send(head + "0901,危機管理課,\r\n")
    assert (first.status_code, again.headers["Location"]) == (302, first.headers["Location"])
    assert FileImport.objects.count() == 1
    assert send(head + "0902,危機管理課,\r\n").status_code == 302
    assert FileImport.objects.count() == 2


def test_notes_are_forgotten_when_no_form_of_theirs_can_be_open(town, address):
    client, now = signed_in(town.people["office"]), at(2026, 11, 6)
    client.post(address, confirmed(client, address))
    SentForm.objects.update(sent_at=now)
    forget_sent_forms(town.body, now + KEPT)
    assert SentForm.objects.count() == 1
    forget_sent_forms(town.body, now + KEPT + timedelta(seconds=1))
    assert SentForm.objects.count() == 0


OUTSIDE = ("accounts", "account", "socialaccount")
"""Forms before and outside a body: a step of signing in is done once by its own state."""


POST_FORM = re.compile(r'<form\b[^>]*method="post".*?</form>', re.DOTALL)


def unguarded(templates: Path) -> list[str]:
    """Templates of bodies with a form whose fields against a second sending are missing."""
    return [
        path.relative_to(templates).as_posix()
        for path in sorted(templates.rglob("*.html"))
        if path.parent.name not in OUTSIDE
        and any("guards" not in form for form in POST_FORM.findall(path.read_text("utf-8")))
    ]


def test_every_form_of_a_body_carries_its_token():
    signing_out_and_language = [
        "base.html",
        "municipality/web/components/_language.html",
        "municipality/web/components/_person.html",
    ]
    assert unguarded(Path(settings.BASE_DIR) / "templates") == signing_out_and_language


@pytest.mark.selfcheck
def test_a_form_without_its_token_is_found(tmp_path):
    (tmp_path / "pilots").mkdir()
    form = '<form class="a"\n method="post">{%% %s %%}</form>'
    (tmp_path / "pilots" / "new.html").write_text(form % "csrf_token" + form % "guards")
    (tmp_path / "pilots" / "edit.html").write_text(form % "guards")
    assert unguarded(tmp_path) == ["pilots/new.html"]
