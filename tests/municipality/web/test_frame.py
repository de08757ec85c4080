"""What stands around every page: for a member, for somebody between the bodies, and when nothing
else works.
"""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation

from municipality.core.registry import registrations
from municipality.organisation.models import authority_on
from municipality.web.frame import Frame, frame
from tests.build.municipality import a_body, a_department, a_member, also_posted, at, signed_in

pytestmark = pytest.mark.django_db
TODAY = at(2026, 11, 10).date()
CARDS = ["400", "403_csrf", "413", "429", "500"]


class Page(HTMLParser):
    """Links, forms and words of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[dict] = []
        self.actions: list[str] = []
        self.language = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        facts = dict(attrs)
        if tag == "a":
            self.links.append(facts)
        elif tag == "form":
            self.actions.append(facts.get("action", ""))
        elif tag == "html":
            self.language = facts["lang"]


@pytest.fixture
def soumu():
    return a_department(a_body(), "総務課")


def frame_of(member, path: str = "", **query) -> Frame:
    member.authority = authority_on(member, TODAY)
    request = RequestFactory().get(f"/{member.municipality_id}/{path}", query)
    request.member, request.municipality, request.today = member, member.municipality, TODAY
    return frame(request)["frame"]


def shown(one: Frame) -> list[str]:
    return [str(item.label) for group in one.navigation for item in group.items]


def test_somebody_who_is_signed_out_has_no_frame():
    request = RequestFactory().get("/")
    assert frame(request) == {}
    request.member = None
    assert frame(request) == {}


def test_the_navigation_holds_exactly_what_one_may(soumu):
    for role in ("office", "staff", "consultant"):
        member = a_member(soumu, role)
        expected = {
            str(nav.label)
            for app in registrations()
            for nav in app.navigation
            if nav.rule(member) is True
        }
        assert set(shown(frame_of(member))) == expected
    assert "職員と組織" in shown(frame_of(a_member(soumu, "office")))
    assert "職員と組織" not in shown(frame_of(a_member(soumu, "staff")))


@pytest.mark.parametrize(
    ("path", "current", "here"),
    [
        ("", "対応事項", "page"),
        ("decisions/", "決裁", "page"),
        ("decisions/12/", "決裁", "true"),
        ("notices/", None, None),
    ],
)
def test_the_current_place_is_marked_once(soumu, path, current, here):
    items = [
        item
        for group in frame_of(a_member(soumu, "office"), path).navigation
        for item in group.items
    ]
    assert [(str(item.label), item.here) for item in items if item.here] == (
        [(current, here)] if current else []
    )


def test_the_fiscal_year_is_that_of_the_day_whatever_the_address_says(soumu):
    assert frame_of(a_member(soumu)).fiscal_year == 2026
    assert frame_of(a_member(soumu), fy="2020").fiscal_year == 2026


def test_postings_begin_with_the_main_one(soumu):
    member = a_member(soumu, post="課長")
    also_posted(member, a_department(soumu.municipality, "税務課"), post="係長")
    assert [str(posting) for posting in frame_of(member).postings] == ["総務課 課長", "税務課 係長"]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_page_of_a_member_names_body_person_and_ways_out(soumu, language):
    client = signed_in(a_member(soumu, "office", name="髙瀬 由紀", post="課長"))
    client.cookies["language"] = language
    html = client.get("/993018/decisions/").content.decode()
    page = Page(html)
    assert page.language == language
    assert "<b>あおば町</b>" in html
    assert "髙瀬 由紀" in html
    assert page.links[0]["href"] == "#main"
    assert {"/993018/notices/", "/account/", "/accessibility/"} <= {
        link["href"] for link in page.links
    }
    assert {"/accounts/logout/", "/account/language/"} <= set(page.actions)


def test_what_is_not_there_is_said_within_the_frame_of_whoever_asks(soumu):
    answer = signed_in(a_member(soumu, "office")).get("/993018/decisions/999/")
    assert answer.status_code == 404
    assert "ページが見つかりません" in answer.content.decode()
    assert "あおば町" in answer.content.decode()
    stranger = Client().get("/nowhere/").content.decode()
    assert "あおば町" not in stranger


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", CARDS)
def test_cards_of_refusal_need_neither_session_nor_database(
    name, language, django_assert_num_queries
):
    with translation.override(language), django_assert_num_queries(0):
        html = render_to_string(f"{name}.html")
    assert Page(html).language == language
    assert html.count("<h1>") == 1
    assert "csrfmiddlewaretoken" not in html
