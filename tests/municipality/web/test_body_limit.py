"""How much a request may send: a form's worth to any page, a file only to pages that take one and
from people who are signed in.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.test import Client, RequestFactory

from municipality.core.spreadsheets.table import MOST_BYTES
from municipality.imports.models import FileImport
from municipality.web.middleware import announced_length
from tests.build.accounts import half_signed_in
from tests.build.municipality import a_body, a_department, a_member, an_account, signed_in

pytestmark = pytest.mark.django_db
FORM = settings.DATA_UPLOAD_MAX_MEMORY_SIZE


class Untouched(BytesIO):
    """A body that must not be read."""

    def read(self, *sizes: Any) -> bytes:
        raise AssertionError("the body was read")

    readline = read


def send_unread(client: Client, address: str, length: int) -> Any:
    """Announce a body of this length to a page that must answer without reading it."""
    return client.generic(
        "POST",
        address,
        b"",
        content_type="multipart/form-data; boundary=x",
        **{"wsgi.input": Untouched(), "CONTENT_LENGTH": str(length)},
    )


@pytest.fixture
def soumu():
    return a_department(a_body(), "総務課")


@pytest.mark.parametrize("address", ["/accounts/login/", "/account/language/", "/993018/imports/"])
def test_signed_out_a_large_body_is_refused_unread(soumu, address):
    client = Client(enforce_csrf_checks=True)
    client.cookies["csrf"] = "a" * 32
    answer = send_unread(client, address, FORM + 1)
    assert answer.status_code == 413
    assert "送られた内容が大きすぎます" in answer.content.decode()


def test_with_a_password_alone_no_file_is_taken(soumu):
    client = half_signed_in(an_account(a_member(soumu, "office")))
    assert send_unread(client, "/993018/imports/", FORM + 1).status_code == 413


def test_signed_in_a_large_body_is_refused_at_a_page_that_takes_no_file(soumu):
    client = signed_in(a_member(soumu, "office"))
    assert send_unread(client, "/993018/departments/new/", FORM + 1).status_code == 413


def test_a_file_beyond_its_form_is_refused_unread(soumu):
    client = signed_in(a_member(soumu, "office"))
    assert send_unread(client, "/993018/imports/", MOST_BYTES + FORM + 1).status_code == 413


def test_a_file_within_its_form_is_taken(soumu):
    client = signed_in(a_member(soumu, "office"))
    rows = b"".join(b"%06d,\xe8\xaa\xb2,,,,\r\n" % number for number in range(90_000))
    assert FORM < len(rows) < MOST_BYTES
    file = SimpleUploadedFile("departments.csv", rows)
    answer = client.post("/993018/imports/", {"kind": "departments", "file": file})
    assert answer.status_code == 302
    assert FileImport.objects.get().name == "departments.csv"


def test_a_long_form_comes_back_with_everything_typed(soumu):
    client = signed_in(a_member(soumu, "office"))
    long = "課" * 110_000
    data = {"name": long, "code": ""}
    answer = client.post(
        "/993018/departments/new/",
        urlencode(data),
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 422
    assert long in answer.content.decode()


@pytest.mark.parametrize("given", [{}, {"CONTENT_LENGTH": ""}], ids=["none", "empty"])
def test_without_an_announced_length_nothing_is_read(given):
    """A body in chunks counts as empty: Django reads as much as was announced."""
    request = RequestFactory().generic("POST", "/", b"a=1")
    request.META.pop("CONTENT_LENGTH")
    request = WSGIRequest(request.META | {"wsgi.input": BytesIO(b"a" * (FORM + 1))} | given)
    assert announced_length(request) == 0
    assert request.body == b""


def test_a_length_that_is_no_number_counts_as_none():
    request = RequestFactory().generic("POST", "/", b"a=1", CONTENT_LENGTH="many")
    assert announced_length(request) == 0
