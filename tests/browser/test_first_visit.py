"""A first visit asks for few files: the page, a style sheet, a script, a font, some icons."""

from __future__ import annotations

import pytest

from tests.build.municipality import a_body, a_department, a_member

from .walk import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST = 12


def asked_at_first(person: Person, browser, address: str) -> list[str]:
    """What a browser with nothing kept, but signed in as the person, asks for at an address."""
    fresh = browser.new_context(
        locale="ja-JP",
        storage_state=person.context.storage_state(),
        viewport={"width": 1280, "height": 900},
    )
    page, asked = fresh.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{person.base}{address}")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.fonts.check('16px \"Noto Sans JP Variable\"', '髙')")
    fresh.close()
    return asked


def test_a_page_needs_few_requests_at_first(live_server, browser):
    member = a_member(a_department(a_body()), "office", name="髙瀬 由紀")
    person = Person(browser, live_server.url)
    asked = {"sign-in": asked_at_first(person, browser, "/accounts/login/")}
    person.sign_in(member)
    for address in ("/993018/", "/993018/people/", "/993018/decisions/?tab=all"):
        asked[address] = asked_at_first(person, browser, address)
    person.context.close()
    assert {name: found for name, found in asked.items() if len(found) > MOST} == {}
