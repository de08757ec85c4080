"""Who reads English reads English: Japanese stands on their pages only where somebody typed it, or
where something is called so.
"""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import models

from municipality.accounts.models import User
from municipality.core.registry import import_kinds
from municipality.decisions.models import Decision
from municipality.decisions.presenters.sheet import post_name
from municipality.notifications.models import Notice
from municipality.organisation.models import Department, Member, Post
from tests.build.municipality import signed_in

JAPANESE = re.compile("[\u3001-\u303f\u3040-\u30ff\u3400-\u9fff\uff08\uff09\U00020000-\U0002ffff]")

READ_ALOUD = ("aria-label", "title", "placeholder", "alt", "data-l")

LANGUAGE = "日本語"
"""A language is called by its own name."""

NOT_FOLLOWED = re.compile(
    r"/wordings/|[?&]file=|/logout|\.(ics|xlsx|csv)|/accounts/|/papers/|/i18n/"
)
"""Files, and the pages on which the Japanese texts of mails are edited."""

EACH_SHAPE = 2
"""Pages of one address that are looked at, numbers apart; of decisions all."""


class Texts(HTMLParser):
    """Every text of a page that is shown or read aloud."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: set[str] = set()
        self.silent = 0
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.silent += tag in ("script", "style")
        self.texts |= {value or "" for name, value in attrs if name in READ_ALOUD}

    def handle_endtag(self, tag):
        self.silent -= tag in ("script", "style")

    def handle_data(self, data):
        if not self.silent:
            self.texts.add(data.strip())


def japanese_data() -> list[str]:
    """What stands in a text field of any table, the frozen contents apart, and what is made of
    names; the longest first.
    """
    kept = {LANGUAGE}
    for model in apps.get_models():
        fields = [
            field.attname
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField)
        ]
        for row in model._base_manager.values_list(*fields) if fields else ():
            kept |= {line.strip() for text in row if text for line in str(text).splitlines()}
    kept |= {
        text
        for params in Notice.objects.values_list("params", flat=True)
        for text in params.values()
    }
    kept |= {member.family_name for member in Member.objects.all()}
    posts = list(Post.objects.all())
    kept |= {
        post_name(SimpleNamespace(department=department, post=post))
        for department in Department.objects.select_related("municipality")
        for post in posts
    }
    kept |= {column.name for kind in import_kinds().values() for column in kind.columns}
    japanese = {text for text in kept if isinstance(text, str) and JAPANESE.search(text)}
    return sorted(japanese, key=len, reverse=True)


def left_over(text: str, data: list[str]) -> str:
    """The text without what is data; empty when nothing Japanese is left."""
    for each in data:
        if each in text:
            text = text.replace(each, "")
            if not JAPANESE.search(text):
                return ""
    return text if JAPANESE.search(text) else ""


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
