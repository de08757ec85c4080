"""Somebody who uses the pages as a browser without scripts does: opens links that are there, fills
forms that are there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.test import Client

Attributes = list[tuple[str, str | None]]


@dataclass
class Form:
    """A form of a page: where it goes, and what stands in it."""

    action: str
    method: str = "get"
    values: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, dict[str, str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    buttons: list[dict[str, str]] = field(default_factory=list)


class Reader(HTMLParser):
    """Reads the links, the forms and the words of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.words: list[str] = []
        self._form: Form | None = None
        self._select = self._option = self._area = self._button = self._link = None
        self._hidden = 0
        self.feed(text)
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag: str, found: Attributes) -> None:
        """Note links, forms and fields."""
        facts = {name: value or "" for name, value in found}
        if tag in {"script", "style"}:
            self._hidden += 1
        elif tag == "a" and "href" in facts:
            self._link = [facts["href"], ""]
        elif tag == "form":
            self._form = Form(facts.get("action", ""), facts.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None:
            self._field(tag, facts)

    def _field(self, tag: str, facts: dict[str, str]) -> None:
        form, name = self._form, facts.get("name", "")
        if tag == "button":
            self._button = {
                "name": name,
                "value": facts.get("value", ""),
                "action": facts.get("formaction", ""),
                "words": "",
            }
            form.buttons.append(self._button)
        elif tag == "input" and name:
            self._input(form, name, facts)
        elif tag == "select":
            form.names.add(name)
            form.choices[name], self._select = {}, name
        elif tag == "option" and self._select is not None:
            self._option = [facts.get("value", ""), ""]
            if "selected" in facts:
                form.values.setdefault(self._select, []).append(facts.get("value", ""))
        elif tag == "textarea":
            form.names.add(name)
            form.values[name], self._area = [""], name

    def _input(self, form: Form, name: str, facts: dict[str, str]) -> None:
        form.names.add(name)
        if facts.get("type") == "file":
            form.files.add(name)
        elif facts.get("type") in {"checkbox", "radio"}:
            form.choices.setdefault(name, {})[facts.get("value", "on")] = facts.get("value", "on")
            if "checked" in facts:
                form.values.setdefault(name, []).append(facts.get("value", "on"))
        else:
            form.values[name] = [facts.get("value", "")]

    def handle_endtag(self, tag: str) -> None:
        """Close what was opened."""
        if tag in {"script", "style"}:
            self._hidden -= 1
        elif tag == "a" and self._link:
            self.links.append((self._link[0], " ".join(self._link[1].split())))
            self._link = None
        elif tag == "form":
            self._form = None
        elif tag == "option" and self._option:
            self._form.choices[self._select][self._option[0]] = " ".join(self._option[1].split())
            self._option = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None
        elif tag == "button":
            self._button = None

    def handle_data(self, data: str) -> None:
        """Words belong to the page, and to the link, option, field or button they stand in."""
        if self._hidden:
            return
        self.words.append(data)
        if self._link:
            self._link[1] += data
        if self._option:
            self._option[1] += data
        if self._area and self._form:
            self._form.values[self._area][0] += data.removeprefix("\n")
        if self._button:
            self._button["words"] += data


class Person:
    """One person with a browser window."""

    def __init__(self, **headers: Any) -> None:
        self.client = Client(**headers)
        self.address = "/"
        self.page = Reader("")
        self.status = 0

    def open(self, address: str, status: int = 200) -> Reader:
        """Open an address."""
        return self._read(self.client.get(address, follow=True), address, status)

    def follow(self, words: str) -> Reader:
        """Follow the link with these words on the page."""
        found = [address for address, text in self.page.links if words in text]
        assert found, (self.address, f"no link {words!r}", [text for _a, text in self.page.links])
        return self.open(urljoin(self.address, found[0]))

    def fill(self, button: str, *, status: int = 200, **values: Any) -> Reader:
        """Fill the form whose button has these words, press it, and read what comes."""
        form, pressed = self._form_with(button)
        sent = {name: list(held) for name, held in form.values.items()}
        for name, value in values.items():
            assert name in form.names, (self.address, f"no field {name!r}", sorted(form.names))
            sent[name] = self._as_sent(form, name, value)
        if pressed["name"]:
            sent[pressed["name"]] = [pressed["value"]]
        address = urljoin(self.address, pressed["action"] or form.action or self.address)
        send = self.client.post if form.method == "post" else self.client.get
        return self._read(send(address, sent, follow=True), address, status)

    def _as_sent(self, form: Form, name: str, value: Any) -> list[Any]:
        if name in form.files:
            return [value]
        given = value if isinstance(value, list | tuple) else [value]
        known = form.choices.get(name)
        if known is None:
            return [str(one) for one in given]
        by_words = {words: key for key, words in known.items()}
        sent = [str(one) if str(one) in known else by_words.get(str(one)) for one in given]
        assert None not in sent, (self.address, f"{name} offers", known)
        return sent

    def _form_with(self, button: str) -> tuple[Form, dict[str, str]]:
        for form in self.page.forms:
            for held in form.buttons:
                if button in " ".join(held["words"].split()):
                    return form, held
        raise AssertionError(
            self.address,
            f"no button {button!r}",
            [b["words"] for f in self.page.forms for b in f.buttons],
        )

    def _read(self, answer: Any, address: str, status: int) -> Reader:
        text = answer.content.decode()
        assert answer.status_code == status, (address, answer.status_code, Reader(text).text[:600])
        last = answer.redirect_chain[-1][0] if getattr(answer, "redirect_chain", None) else address
        self.address, self.status, self.page = (
            urlsplit(urljoin(address, last)).path,
            answer.status_code,
            Reader(text),
        )
        return self.page

    def sees(self, *words: str) -> None:
        """These words stand on the page."""
        for one in words:
            assert one in self.page.text, (
                self.address,
                f"does not say {one!r}",
                self.page.text[:1500],
            )

    def sees_not(self, *words: str) -> None:
        """These words do not stand on the page."""
        for one in words:
            assert one not in self.page.text, (self.address, f"says {one!r}")
