"""A manager approves on a phone: how many taps it takes from the first page after sign-in."""

from __future__ import annotations

import pytest

from municipality.decisions.models import Decision, Step
from tests.build import pilots as build

from .walk import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_TAPS = 3


@pytest.fixture
def waiting():
    """An expansion that waits for the 総務課長."""
    town = build.a_town()
    expansion = build.a_requested(town)
    return town, Decision.objects.get(matter="pilots.expansion", subject_id=expansion.pk)


def shown_without_scrolling(person: Person, selector: str) -> dict[str, float]:
    """Where it is: in the window as it opens, and large enough for a thumb."""
    box = person.page.locator(selector).bounding_box()
    assert box["y"] >= 0, selector
    assert box["y"] + box["height"] <= person.page.viewport_size["height"], selector
    assert box["height"] >= 44, selector
    return box


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_manager_approves_from_a_phone_in_three_taps_after_signing_in(
    waiting, browser, live_server, language
):
    town, decision = waiting
    manager = Person(browser, live_server.url, width=390, height=780, language=language)
    manager.sign_in(town.others["soumu_chief"])
    taps = 0
    manager.press(f"main a[href='{decision.get_absolute_url()}']")
    shown_without_scrolling(manager, ".sticky .sure > summary")
    manager.page.click(".sticky .sure > summary")
    shown_without_scrolling(manager, ".sticky .sure button")
    assert Step.objects.get(decision=decision, order=1).state == "current", "nothing is sent yet"
    manager.press(".sticky .sure button")
    taps += 3
    assert taps <= MOST_TAPS
    step = Step.objects.get(decision=decision, order=1)
    assert (step.state, step.acted_by) == ("approved", town.others["soumu_chief"])
    assert manager.page.locator("[role=status]").first.is_visible()


def test_sending_it_back_leads_to_the_panel_where_the_reason_is_written(
    waiting, browser, live_server
):
    town, decision = waiting
    manager = Person(browser, live_server.url, width=390, height=780)
    manager.sign_in(town.others["soumu_chief"])
    manager.press(f"main a[href='{decision.get_absolute_url()}']")
    manager.page.click(".sticky a.btn-back")
    manager.page.fill("#panel textarea[name=comment]", "上限を週2日に改めてください。")
    manager.page.click("#panel details.more summary")
    manager.press("#panel button.btn-back")
    decision.refresh_from_db()
    assert decision.state == Decision.State.RETURNED
