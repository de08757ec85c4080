"""The first day of a new colleague in a real browser: invitation, second factor, account; and
through an identity provider.
"""

from __future__ import annotations

import base64

import pytest
from django.utils import timezone

from municipality.accounts.models import Identity
from municipality.accounts.operations.credential_resets import ask_renewal
from municipality.organisation.models import Member
from tests.build.accounts import code_of, invited, renewed, someone
from tests.build.identity_provider import a_provider, an_app, known_as
from tests.build.municipality import a_body, a_department, a_member

from .walk import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NEW = "yuunagi-no-hamabe-27"
NEXT = ".gatecard button.btn-1"


@pytest.fixture
def newcomer():
    return a_member(a_department(a_body()), name="髙瀬 陽子")


def registers(person: Person) -> bytes:
    """On the set-up page: type the key into an app and the app's digits into the page."""
    key = base64.b32decode(person.page.inner_text(".secret").replace(" ", "").replace("\n", ""))
    person.page.fill("input[name=token]", code_of(key))
    person.press(NEXT)
    assert person.page.locator(".codes li").count() == 10
    return key


def accepts(person: Person, name: str) -> None:
    person.page.fill("input[name=username]", name)
    person.page.fill("input[name=password1]", NEW)
    person.page.fill("input[name=password2]", NEW)
    person.press(NEXT)


@pytest.mark.parametrize(("width", "language"), [(1280, "ja"), (390, "ja"), (320, "en")])
def test_an_invitation_is_accepted_and_the_account_looked_at(
    newcomer, browser, live_server, width, language
):
    person = Person(browser, live_server.url, width=width, language=language)
    person.go(invited(newcomer))
    assert person.page.url == f"{live_server.url}/invitation/"
    accepts(person, "y.takase")
    key = registers(person)
    person.press("a.btn-1")
    assert person.page.url == f"{live_server.url}/993018/"
    for address in (
        "/account/",
        "/accounts/password/change/",
        "/accounts/logout/",
        "/accessibility/",
    ):
        person.go(address)
    for address in (
        "/accounts/two-factor/",
        "/accounts/two-factor/recovery/",
        "/accounts/two-factor/recovery-codes/",
    ):
        person.go(address)
    person.go("/accounts/two-factor/setup/")
    assert base64.b32encode(key).decode()[:8] not in person.page.inner_text(".secret").replace(
        " ", ""
    )


@pytest.mark.parametrize(("width", "language"), [(1280, "ja"), (320, "en")])
def test_what_is_not_needed_every_day_can_be_read_as_well(
    newcomer, browser, live_server, width, language
):
    person = Person(browser, live_server.url, width=width, language=language)
    for address in (
        "/accounts/login/",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
    ):
        person.go(address)
    office = someone("office", body=newcomer.municipality)
    person.sign_in(office)
    person.go(f"/993018/people/{newcomer.pk}/slip/")
    invited(newcomer, by=office)
    person.go(f"/993018/people/{newcomer.pk}/slip/")
    there = a_member(a_department(a_body("131016", "みどり市")))
    person.go(invited(there))
    person.press(NEXT)
    person.go("/")
    assert person.page.locator(".choice").count() == 2


def test_a_lost_sign_in_is_made_anew(newcomer, browser, live_server):
    office = someone("office", body=newcomer.municipality)
    loser = someone(body=newcomer.municipality)
    address = renewed(loser, by=office)
    person = Person(browser, live_server.url, width=390)
    person.go(address)
    person.page.fill("input[name=password1]", NEW)
    person.page.fill("input[name=password2]", NEW)
    person.press(NEXT)
    registers(person)
    person.press("a.btn-1")
    assert person.page.url == f"{live_server.url}/993018/"


@pytest.mark.parametrize(("width", "language"), [(1280, "ja"), (390, "ja"), (390, "en")])
def test_somebody_without_a_smartphone_registers_a_table_by_keyboard_and_signs_in_with_it(
    newcomer, browser, live_server, width, language
):
    person = Person(browser, live_server.url, width=width, language=language)
    person.go(invited(newcomer))
    accepts(person, "y.takase")
    link = person.page.locator("a[href='/accounts/two-factor/table/']")
    link.focus()
    with person.page.expect_navigation():
        person.page.keyboard.press("Enter")
    person.look()
    codes = [
        text.split(maxsplit=1)[1] for text in person.page.locator(".codetable li").all_inner_texts()
    ]
    assert len(codes) == 60
    person.page.focus("input[name=token]")
    person.page.keyboard.type(codes[0])
    with person.page.expect_navigation():
        person.page.keyboard.press("Enter")
    person.look()
    assert person.page.url == f"{live_server.url}/993018/"
    person.go("/accounts/two-factor/lost/")
    person.go("/account/")
    again = Person(browser, live_server.url, width=width, language=language)
    again.go("/accounts/login/")
    again.page.fill("input[name=login]", "y.takase")
    again.page.fill("input[name=password]", NEW)
    again.press(".gatecard form:not(.one) button.btn-1")
    again.page.fill("input[name=token]", codes[1])
    again.press(NEXT)
    assert again.page.url == f"{live_server.url}/993018/"


@pytest.mark.parametrize(("width", "language"), [(1280, "ja"), (390, "en")])
def test_the_office_looks_after_sign_in(newcomer, browser, live_server, width, language):
    office = someone("office", body=newcomer.municipality)
    someone(body=newcomer.municipality)
    invited(newcomer, by=office)
    loser = someone(body=newcomer.municipality, name="長い名前の職員 ながいなまえのしょくいん")
    renewal = ask_renewal(loser, reason="機種変更のため", by=office, now=timezone.now())
    person = Person(browser, live_server.url, width=width, language=language)
    person.sign_in(office)
    for address in (
        "people/arrivals/",
        "people/arrivals/?stage=expired",
        "people/arrivals/slips/",
        "settings/sign-in/",
    ):
        person.go(f"/993018/{address}")
    for address in (
        "settings/providers/",
        "settings/providers/new/",
        f"renewals/{renewal.pk}/",
        f"people/{loser.pk}/renewal/",
    ):
        person.go(f"/993018/{address}")


def test_an_identity_provider_is_reached_under_the_policy(newcomer, browser, live_server, settings):
    with a_provider() as provider:
        settings.SOCIALACCOUNT_PROVIDERS = known_as(an_app(provider))
        page = browser.new_context(locale="ja-JP").new_page()
        refusals: list[str] = []
        page.on("console", lambda message: refusals.append(message.text))
        page.goto(f"{live_server.url}{invited(newcomer)}")
        page.click("form.one button")
        page.wait_for_url("**/two-factor/setup/")
        assert refusals == []
        identity = Identity.objects.get()
        assert Member.objects.get(pk=newcomer.pk).user == identity.user


def test_the_language_can_be_changed_on_the_way(newcomer, browser, live_server):
    person = Person(browser, live_server.url)
    person.go(invited(newcomer))
    person.press(".lang button")
    assert person.page.evaluate("document.documentElement.lang") == "en"
    assert person.page.url == f"{live_server.url}/invitation/"
