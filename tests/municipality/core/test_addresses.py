"""Remembered addresses are those that Django resolves."""

from __future__ import annotations

import pytest
from django.urls import NoReverseMatch, clear_script_prefix, reverse, set_script_prefix

from municipality.core.addresses import page_address

CODE = "993018"


@pytest.mark.parametrize(
    ("name", "args", "query"),
    [
        ("municipality:people", (), None),
        ("municipality:people", (), {}),
        ("municipality:people", (), {"q": "髙 &", "department": [1, 2]}),
        ("municipality:member", (12,), None),
        ("municipality:member", (0,), {"page": 2}),
        ("municipality:decision_file", (7, 31), None),
        ("municipality:import_template", ("people",), None),
        ("municipality:wording", ("days.late", "ja"), None),
    ],
)
def test_an_address_is_the_one_that_django_resolves(name, args, query):
    for _once_and_again in range(2):
        assert page_address(name, CODE, *args, query=query) == reverse(
            name, args=[CODE, *args], query=query
        )


def test_bodies_and_folders_of_the_server_are_kept_apart():
    assert page_address("municipality:member", CODE, 1) == "/993018/people/1/"
    assert page_address("municipality:member", "993026", 1) == "/993026/people/1/"
    set_script_prefix("/telework/")
    try:
        assert page_address("municipality:member", CODE, 1) == "/telework/993018/people/1/"
    finally:
        clear_script_prefix()
    assert page_address("municipality:member", CODE, 1) == "/993018/people/1/"


@pytest.mark.parametrize(
    ("name", "args"),
    [("municipality:nowhere", ()), ("municipality:member", ()), ("municipality:member", (None,))],
)
def test_what_has_no_address_is_an_error_each_time(name, args):
    for _once_and_again in range(2):
        with pytest.raises(NoReverseMatch):
            page_address(name, CODE, *args)


def test_an_address_is_resolved_once(monkeypatch):
    page_address("municipality:department", CODE, 1)
    monkeypatch.setattr("municipality.core.addresses.reverse", None)
    assert page_address("municipality:department", CODE, 25) == "/993018/departments/25/"
