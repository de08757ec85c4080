"""The page of a conflict (409) shows again what somebody typed, and no code of a choice."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from django.urls import resolve

from municipality.core.refusals import Conflict
from municipality.web.middleware import typed_in, way_back


def test_what_was_typed_is_shown_again_without_the_codes_of_choices():
    sent = {
        "purpose": "窓口の事務で試す",
        "starts_on": "2027-04-12",
        "mail": "tanaka@example.lg.jp",
        "method": "remote_desktop",
        "half_days": "on",
        "lead": "17",
        "edition": "3",
    }
    request = RequestFactory().post("/", sent)
    assert typed_in(request, Conflict("x")) == [
        "窓口の事務で試す",
        "2027-04-12",
        "tanaka@example.lg.jp",
    ]


def test_no_typed_word_is_taken_for_a_code_and_no_typed_number_for_a_row():
    sent = {"title": "vdi", "comment": "on", "minutes": "45", "words": ["yes", "no"], "name": " "}
    request = RequestFactory().post("/", sent)
    assert typed_in(request, Conflict("x")) == ["vdi", "on", "45", "yes", "no"]


def asked_from(path: str, page: str = ""):
    request = RequestFactory().post(path, **({"HTTP_REFERER": page} if page else {}))
    request.resolver_match = resolve(path)
    return request


@pytest.mark.parametrize(
    ("path", "page", "way"),
    [
        (
            "/993018/settings/closed-days/",
            "http://testserver/993018/",
            "/993018/settings/closed-days/",
        ),
        ("/993018/notices/read/", "http://testserver/993018/notices/", "/993018/notices/"),
        ("/993018/notices/read/", "http://elsewhere.example/993018/notices/", ""),
        ("/993018/notices/read/", "", ""),
        ("/993018/people/1/edit/", "http://testserver/993018/people/1/edit/", ""),
    ],
    ids=["the form", "the page of the button", "another site", "nothing named", "a row's form"],
)
def test_a_conflict_that_names_no_page_leads_back(path, page, way):
    assert way_back(asked_from(path, page)) == way
