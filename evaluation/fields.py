"""A person in one text field: by number, by name, or picked from the list that the browser offers."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from municipality.models import Member

MOST_OFFERED = 300


class PersonInput(forms.TextInput):
    """A text input with a `datalist` of people; more than MOST_OFFERED are not listed, only found."""

    def __init__(self, people: QuerySet, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", **(attrs or {})})
        self.people = people

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """The input, and behind it what it offers."""
        place = f"{(attrs or {}).get('id', name)}_people"
        offered = list(self.people.values_list("number", "name")[: MOST_OFFERED + 1])
        if len(offered) > MOST_OFFERED:
            return super().render(name, value, attrs, renderer)
        options = format_html_join("", '<option value="{} {}"></option>', offered)
        drawn = super().render(name, value, {**(attrs or {}), "list": place}, renderer)
        return format_html('{}<datalist id="{}">{}</datalist>', drawn, place, options)


class PersonField(forms.CharField):
    """One of `people`, written as 職員番号, as name, or as both. Cleans to the Member, or None when empty."""

    def __init__(self, people: QuerySet, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("氏名か職員番号で探せます。"))
        super().__init__(max_length=120, widget=PersonInput(people), **kwargs)
        self.people = people

    def prepare_value(self, value: Any) -> Any:
        """A member as number and name; text as it was typed."""
        return f"{value.number} {value.name}" if isinstance(value, Member) else value

    def clean(self, value: Any) -> Member | None:
        """The person, if exactly one fits."""
        text = unicodedata.normalize("NFKC", super().clean(value)).strip()
        if not text:
            return None
        by_number = list(self.people.filter(number=text.split()[0])[:2])
        found = by_number or [person for person in self._named(text) if _bare(person.name) == _bare(text)]
        if not found:
            raise ValidationError(
                _("「%(text)s」に当たる職員がいません。氏名か職員番号を確かめてください。"), params={"text": text}
            )
        if len(found) > 1:
            numbers = "、".join(person.number for person in found)
            raise ValidationError(
                _("同じ氏名の職員がいます。職員番号(%(numbers)s)で入力してください。"), params={"numbers": numbers}
            )
        return found[0]

    def _named(self, text: str) -> QuerySet:
        """Candidates by the first letter of the name; spaces within names are told apart afterwards."""
        return self.people.filter(name__startswith=text[0])


def _bare(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())
