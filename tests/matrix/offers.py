"""What a page offers: links to forms, and forms with a button, each with what it would send."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, ResolverMatch, resolve


@dataclass(frozen=True)
class Offer:
    """An act that a page offers: a link to its form, or the form itself with its filled fields.

    `hidden` are the fields that nobody fills in: tokens and editions.
    """

    match: ResolverMatch
    address: str
    is_form: bool
    fields: dict[str, Any] = field(default_factory=dict, compare=False)
    hidden: frozenset[str] = field(default=frozenset(), compare=False)

    @property
    def act(self) -> tuple[str, int | None]:
        """View and number of the row: one act, whatever else stands in the address."""
        return self.match.view_name, self.match.kwargs.get("pk")


class _Reader(HTMLParser):
    """Gathers links, and forms with their fields and buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[dict[str, Any]] = []
        self.form: dict[str, Any] | None = None
        self.select = self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in facts:
            self.links.append(facts["href"])
        elif tag == "form":
            self.form = {"method": "get", "action": "", **facts, "fields": {}, "buttons": []}
            self.form["hidden"] = set()
            self.forms.append(self.form)
        elif self.form is not None and "disabled" not in facts:
            self._field(tag, facts)

    def _field(self, tag: str, facts: dict[str, str]) -> None:
        form, name, kind = self.form or {}, facts.get("name", ""), facts.get("type", "")
        if tag == "button":
            form["buttons"].append(facts)
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select:
            if "selected" in facts or self.select not in form["fields"]:
                form["fields"][self.select] = facts.get("value", "")
        elif tag == "textarea":
            self.area = name
            form["fields"][name] = ""
        elif tag == "input" and name:
            self._input(form, name, kind, facts)

    def _input(self, form: dict[str, Any], name: str, kind: str, facts: dict[str, str]) -> None:
        if kind in {"checkbox", "radio"}:
            if "checked" in facts:
                form["fields"].setdefault(name, []).append(facts.get("value", "on"))
        elif kind != "file":
            form["fields"][name] = facts.get("value", "")
        if kind == "hidden":
            form["hidden"].add(name)

    def handle_data(self, data: str) -> None:
        if self.area and self.form is not None:
            self.form["fields"][self.area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.area = ""


def offers_in(content: bytes, page: str) -> Iterator[Offer]:
    """What the page of this address offers to do."""
    reader = _Reader()
    reader.feed(content.decode())
    for href in reader.links:
        if (found := _resolved(page, href)) and "POST" in _methods(found[0]):
            yield Offer(*found, is_form=False)
    for form in reader.forms:
        if form["method"].lower() != "post":
            continue
        for button in form["buttons"] or [{}]:
            found = _resolved(page, button.get("formaction") or form["action"] or page)
            if found:
                pressed = {button["name"]: button.get("value", "")} if button.get("name") else {}
                fields = {**form["fields"], **pressed}
                yield Offer(*found, True, fields, frozenset(form["hidden"]) | set(pressed))


def _methods(match: ResolverMatch) -> tuple[str, ...]:
    declared = getattr(match.func, "page", None)
    return declared.methods if declared else ()


def _resolved(page: str, href: str) -> tuple[ResolverMatch, str] | None:
    address = urljoin(page, href.split("#", maxsplit=1)[0])
    try:
        return resolve(urlsplit(address).path), address
    except Resolver404:
        return None
