"""What is sent is made fit in one place: no unseen letter, no form that breaks the error page."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.http import QueryDict
from django.test import Client

from municipality.audit.models import EntryContent
from municipality.organisation.models import Member
from municipality.web.typed_text import clean_query, clean_text
from tests.build.accounts import LOGIN, someone
from tests.build.municipality import a_body, a_department, a_member, signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("髙瀬\x00陽子", "髙瀬陽子"),
        ("か\u3099き", "がき"),
        ("葛\U000e0100城", "葛\U000e0100城"),
        ("辻\ufe00", "辻\ufe00"),
        ("\u202e子陽\u202c", "子陽"),
        ("髙\u200b瀬\ufeff", "髙瀬"),
        ("一行目\r\n二行目\t終わり", "一行目\r\n二行目\t終わり"),
        ("半\ud83d", "半"),
    ],
)
def test_letters_nobody_sees_are_left_out_and_names_keep_their_form(typed, kept):
    assert clean_text(typed) == kept


def test_what_is_fit_already_stays_the_same_object():
    query = QueryDict("q=髙瀬&department=3&department=4")
    assert clean_query(query) is query
    assert clean_query(QueryDict("a%00=1&a=2")) == QueryDict("a=1&a=2")


@pytest.mark.parametrize("address", ["people/?q=%00", "people/?anything=%00", "log/?q=a%00b"])
def test_a_query_with_nul_is_answered_and_written_down_without_it(address):
    office = someone("office", body=a_body())
    assert signed_in(office).get(f"/993018/{address}").status_code == 200
    assert not [line for line in EntryContent.objects.all() if "\\u0000" in str(line.body)]


def test_a_typed_name_is_stored_without_letters_nobody_sees():
    body = a_body()
    person = a_member(a_department(body), name="髙瀬 陽子")
    sent = {"name": "髙瀬\u202e 陽\u200b子", "kana": "タカセ", "mail": "", "edition": "1"}
    address = f"/993018/people/{person.pk}/edit/"
    answer = signed_in(someone("office", body=body)).post(
        address, {**sent, "employment": person.employment}
    )
    assert answer.status_code == 302
    assert Member.objects.get(pk=person.pk).name == "髙瀬 陽子"


UNREADABLE = [
    ("application/x-www-form-urlencoded; charset=utf-16", b"a=1"),
    ("application/x-www-form-urlencoded; charset=shift_jis", b"a=1"),
    ("application/x-www-form-urlencoded", b"a=1&" * (settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)),
    ("multipart/form-data", b"--x\r\n"),
    ("multipart/form-data; boundary=\xff", b"a=1"),
]


@pytest.mark.parametrize(("kind", "sent"), UNREADABLE)
@pytest.mark.parametrize("address", [LOGIN, "/993018/settings/reminders/"])
@pytest.mark.parametrize("guarded", [True, False])
def test_a_form_that_cannot_be_read_is_told_on_a_whole_page(kind, sent, address, guarded):
    a_body()
    client = Client(enforce_csrf_checks=guarded, raise_request_exception=False)
    answer = client.generic("POST", address, sent, content_type=kind)
    assert answer.status_code == 400
    assert "送られた内容を読み取れませんでした" in answer.content.decode()
    assert answer["Content-Security-Policy"]


@pytest.mark.parametrize(("kind", "sent"), UNREADABLE)
def test_an_address_that_leads_nowhere_reads_no_form(kind, sent):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    assert client.generic("POST", "/nowhere/", sent, content_type=kind).status_code == 404
