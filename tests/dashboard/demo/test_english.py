"""Who reads English reads English: Japanese stands on their pages only where somebody typed it, or
where something is called so.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from html.parser import HTMLParser

import pytest

from evaluation.pdca.indicators.models import Indicator
from municipality.accounts.models import User
from municipality.core.registry import subjects
from municipality.decisions.models import Decision
from municipality.organisation.models import Member
from rollout.readiness.models import Criterion
from tests.build.dashboard import AS_OF
from tests.build.english import JAPANESE, japanese_data, left_over
from tests.build.frozen import decision_alike, keys_of
from tests.build.municipality import signed_in
from training.courses.models import Course

READ_ALOUD = ("aria-label", "title", "placeholder", "alt", "data-l")

SILENT = ("script", "style", "textarea")

NOT_FOLLOWED = re.compile(
    r"/wordings/|[?&]file=|/logout|\.(ics|xlsx|csv)|/accounts/|/papers/|/i18n/"
)
"""Files, and the pages on which the Japanese texts of mails are edited."""

EACH_SHAPE = 2
"""Pages of one address that are looked at, numbers apart; of decisions all."""


class Texts(HTMLParser):
    """Every text of a page that is shown or read aloud; not what one changes in a field."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: set[str] = set()
        self.silent = 0
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.silent += tag in SILENT
        self.texts |= {value or "" for name, value in attrs if name in READ_ALOUD}

    def handle_endtag(self, tag):
        self.silent -= tag in SILENT

    def handle_data(self, data):
        if not self.silent:
            self.texts.add(data.strip())


def pages_of(client, start: str) -> dict[str, str]:
    """Pages that one reaches by links, two of each kind of address, all decisions among them."""
    waiting, pages, seen = [start, *decision_pages()], {}, set()
    shapes: Counter[str] = Counter()
    while waiting:
        address = waiting.pop(0)
        shape = re.sub(r"\d+", "0", address.partition("?")[0])
        if address in seen or (shapes[shape] >= EACH_SHAPE and "/decisions/" not in address):
            continue
        seen.add(address)
        shapes[shape] += 1
        answer = client.get(address, follow=True)
        if not answer.get("Content-Type", "").startswith("text/html"):
            answer.close()
            continue
        pages[address] = page = answer.content.decode()
        links = re.findall(rf'href="({start}[^"#]*)"', page)
        waiting += [link.replace("&amp;", "&") for link in links if not NOT_FOLLOWED.search(link)]
    return pages


def decision_pages() -> list[str]:
    """The page and the print of each decision."""
    addresses = [decision.get_absolute_url() for decision in Decision.objects.all()]
    return [f"{address}{ending}" for address in addresses for ending in ("", "print/")]


@pytest.mark.django_db
def test_what_has_english_beside_it_is_no_data(demo):
    data = {*japanese_data()}
    assert Indicator.objects.exclude(name_en="").exists()
    assert not data & {*Indicator.objects.exclude(formula_en="").values_list("formula", flat=True)}
    for model in (Course, Criterion):
        translated = [row for row in model.objects.all() if "title" in row.english]
        assert translated
        assert not data & {row.title for row in translated}


def test_data_of_one_letter_is_left_out_where_it_stands_alone():
    assert left_over("週", ["週"]) == ""
    assert left_over("3 days 週", ["週"]) == "3 days 週"
    assert left_over("税務課 of あおば町", ["あおば町", "税務課"]) == ""


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["office", "consultant"])
def test_no_page_tells_an_english_reader_something_in_japanese(demo, tenth, role):
    user = User.objects.get(username=f"{role}@aoba.example.jp")
    user.language = "en"
    user.save()
    pages = pages_of(signed_in(Member.objects.get(user=user)), f"/{demo.body.pk}/")
    assert len(pages) > 40
    where: dict[str, str] = {}
    for address, page in pages.items():
        for text in Texts(page).texts:
            if JAPANESE.search(text):
                where.setdefault(text, address)
    data = japanese_data()
    left = {text: address for text, address in where.items() if left_over(text, data)}
    assert left == {}


@pytest.mark.django_db
def test_each_kind_of_decision_is_frozen_alike_in_every_language(demo):
    keys: dict[str, set[str]] = defaultdict(set)
    for decision in Decision.objects.all():
        keys[decision.matter] |= keys_of(decision_alike(decision, AS_OF))
    assert {*keys} == {*subjects()}
    assert keys["evaluation.review"] >= {"figures", "actions", "remarks"}
    assert keys["pilots.pilot"] >= {"criteria", "training"}
    assert keys["pilots.expansion"] >= {"evidence", "readiness", "plans"}
