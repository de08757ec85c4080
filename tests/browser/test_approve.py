"""The mayor signs in with the second factor and approves an expansion: on a desk in Japanese, on a
phone, in English.
"""

from __future__ import annotations

import pytest

from municipality.decisions.models import Decision
from pilots.planning.models import Expansion, Pilot
from tests.build import pilots as build

from .walk import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town():
    """An expansion that waits for the mayor alone."""
    town = build.a_town()
    expansion = build.a_requested(town)
    decision = Decision.objects.get(matter="pilots.expansion", subject_id=expansion.pk)
    town.expansion, town.decision = (
        expansion,
        build.decided(decision, town.others["soumu_chief"], now=build.at(2026, 11, 5)),
    )
    return town


@pytest.mark.parametrize(
    ("width", "language"), [(1280, "ja"), (390, "ja"), (1280, "en"), (320, "en")]
)
def test_an_expansion_is_approved(town, browser, live_server, width, language):
    mayor = Person(browser, live_server.url, width=width, language=language)
    mayor.sign_in(town.mayor)
    mayor.press(f"main a[href='{town.decision.get_absolute_url()}']")
    place = ".sticky" if width < 768 else "#panel"
    mayor.page.click(f"{place} .sure > summary")
    mayor.press(f"{place} .sure button")
    town.expansion.refresh_from_db()
    assert town.expansion.state == Expansion.State.APPROVED
    assert Pilot.objects.filter(expansion=town.expansion, state=Pilot.State.APPROVED).count() == 1
    mayor.go(town.expansion.get_absolute_url())
    mayor.go(f"/{town.body.pk}/decisions/?tab=all")
    assert len(mayor.looked_at) >= 7


def test_by_keyboard_alone(town, browser, live_server):
    mayor = Person(browser, live_server.url)
    mayor.sign_in(town.mayor)
    mayor.go(town.decision.get_absolute_url())
    for _turn in range(80):
        mayor.page.keyboard.press("Tab")
        if mayor.page.evaluate("document.activeElement.matches('#panel .sure > summary')"):
            break
    shown = mayor.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert shown == "solid"
    mayor.page.keyboard.press("Enter")
    assert Expansion.objects.get().state == Expansion.State.DECIDING, "it asks once more"
    mayor.page.keyboard.press("Tab")
    with mayor.page.expect_navigation():
        mayor.page.keyboard.press("Enter")
    town.expansion.refresh_from_db()
    assert town.expansion.state == Expansion.State.APPROVED
