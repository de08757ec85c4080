"""Fields that take people: typed by 職員番号, name, kana or a part of them; where several fit, chosen
from those found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipality.organisation.models import Member
from municipality.organisation.people_search import PeopleIndex

MOST_OFFERED = 300

MOST_CANDIDATES = 20

MOST_SEARCHED = 20
"""Texts of one field that are searched as a part of a name: each is a walk past everybody."""

SEPARATORS = re.compile(r"[,、，;；\r\n\t]+")


@dataclass(frozen=True)
class TypedPeople:
    """What was typed, and who was chosen for which part of it (the row by the part)."""

    text: str
    chosen: dict[str, str] = field(default_factory=dict)


class Fitting(NamedTuple):
    """Rows of those whom one text fits. They are `named` when it is their number, name or surname,
    and not only a part of it.
    """

    rows: list[int]
    named: bool

    @property
    def is_open(self) -> bool:
        """Is one of these to be chosen?"""
        return 0 < len(self.rows) <= MOST_CANDIDATES and not self.is_one

    @property
    def is_one(self) -> bool:
        """Is exactly one person named?"""
        return self.named and len(self.rows) == 1


class Offer(NamedTuple):
    """People among whom one is chosen for a text, and the row that is chosen already."""

    part: str
    people: list[Member]
    chosen: str


class CandidatesInput(forms.Widget):
    """A text input; once several people fit what was typed, they stand below it to choose from."""

    offers: Sequence[Offer] = ()
    """Set by the field when it has cleaned what was typed."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> TypedPeople:
        """The text, and the person chosen for each part. A choice names its part: another text
        typed meanwhile is not overruled by it.
        """
        choices = (data.get(key) or "" for key in data if key.startswith(f"{name}_choice_"))
        chosen = (choice.partition(" ") for choice in choices)
        return TypedPeople(data.get(name) or "", {part: row for row, _blank, part in chosen if row})

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """The input, and below it the candidates of each part."""
        drawn = super().render(name, value, attrs, renderer)
        groups = (
            (
                _("「%(text)s」に当たる職員") % {"text": offer.part},
                self._radios(f"{name}_choice_{n}", offer),
            )
            for n, offer in enumerate(self.offers)
        )
        return drawn + format_html_join(
            "",
            '<fieldset class="f"><legend>{}</legend><div class="chks">{}</div></fieldset>',
            groups,
        )

    def _radios(self, name: str, offer: Offer) -> SafeString:
        return format_html_join(
            "",
            '<label class="chk"><input type="radio" name="{}" value="{} {}"{}>'
            "<span>{} {}{}</span></label>",
            (
                (
                    name,
                    person.pk,
                    offer.part,
                    SafeString(" checked") if offer.chosen == str(person.pk) else "",
                    person.number,
                    person.name,
                    format_html("({})", person.kana) if person.kana else "",
                )
                for person in offer.people
            ),
        )


class PersonInput(CandidatesInput, forms.TextInput):
    """One person. Of `offered` people the browser lists up to MOST_OFFERED while one types."""

    offered: QuerySet[Member] | None = None

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """The input, and behind it what it offers."""
        place = f"{(attrs or {}).get('id', name)}_people"
        people = Member.objects.none() if self.offered is None else self.offered
        offered = list(people.values_list("number", "name")[: MOST_OFFERED + 1])
        if not 0 < len(offered) <= MOST_OFFERED:
            return super().render(name, value, attrs, renderer)
        options = format_html_join("", '<option value="{} {}"></option>', offered)
        drawn = super().render(name, value, {**(attrs or {}), "list": place}, renderer)
        return format_html('{}<datalist id="{}">{}</datalist>', drawn, place, options)


class PeopleInput(CandidatesInput, forms.Textarea):
    """Several people."""


class TypedPeopleField(forms.Field):
    """People, each typed by number, name, kana or a part of them. Whom it takes is set by
    `search_in`.
    """

    widget: Any = PeopleInput

    def __init__(self, people: QuerySet[Member] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.search_in(Member.objects.none() if people is None else people)

    def search_in(
        self, people: QuerySet[Member], *, others: QuerySet[Member] | None = None
    ) -> None:
        """Take these people from now on, and those of the `others` whose whole number is typed."""
        self.people, self.others = people, others

    def prepare_value(self, value: Any) -> Any:
        """A member as number and name; text as it was typed."""
        if isinstance(value, TypedPeople):
            return value.text
        return f"{value.number} {value.name}" if isinstance(value, Member) else value

    def people_of(self, parts: list[str], chosen: dict[str, str]) -> list[Member]:
        """The people, if one fits each part or is chosen for it. Where several fit, the input
        offers them from now on.
        """
        if not parts:
            self.validate("")
            return []
        fitting = self._fitting(parts)
        members = self._members(fitting)
        self.widget.offers = [
            Offer(part, [members[row] for row in fits.rows], chosen.get(part, ""))
            for part, fits in fitting.items()
            if fits.is_open
        ]
        people, errors = [], []
        for part, fits in fitting.items():
            rows = fits.rows if fits.is_one else []
            if fits.is_open:
                rows = [row for row in fits.rows if chosen.get(part) == str(row)]
            people += [members[row] for row in rows]
            errors += [] if rows else [_not_one(part, len(fits.rows))]
        if left := [part for part in parts if part not in fitting]:
            errors.append(_too_many_parts(left))
        if errors:
            raise ValidationError(errors)
        return list(dict.fromkeys(people))

    def _fitting(self, parts: list[str]) -> dict[str, Fitting]:
        """Whom each part fits. Parts beyond the number that is searched are left out."""
        index = PeopleIndex(self.people)
        others = None if self.others is None else PeopleIndex(self.others)
        fitting, searched = {}, 0
        for part in parts:
            rows = index.named(part) or (others.numbered(part) if others else [])
            if rows:
                fitting[part] = Fitting(rows, named=True)
            elif searched < MOST_SEARCHED:
                searched += 1
                fitting[part] = Fitting(index.holding(part), named=False)
        return fitting

    def _members(self, fitting: dict[str, Fitting]) -> dict[int, Member]:
        """Those who are taken or offered, by row."""
        rows = {
            row for fits in fitting.values() if fits.is_one or fits.is_open for row in fits.rows
        }
        known = self.people if self.others is None else self.others
        return {member.pk: member for member in known.filter(pk__in=rows)}


class SeveralPeopleField(TypedPeopleField):
    """At most `most` people, parted by commas or new lines; numbers by blanks, too. Cleans to the
    Members in the order typed.
    """

    def __init__(
        self, people: QuerySet[Member] | None = None, *, most: int = 200, **kwargs: Any
    ) -> None:
        kwargs.setdefault(
            "help_text",
            gettext_lazy("氏名か職員番号を、読点か改行で区切って入力してください。"),
        )
        super().__init__(people, **kwargs)
        self.widget.attrs = {"autocomplete": "off", "maxlength": 20_000, **self.widget.attrs}
        self.most = most

    def clean(self, value: Any) -> list[Member]:
        """The people."""
        typed = _typed(value)
        parts = self.parts_of(typed.text)
        if len(parts) > self.most:
            raise ValidationError(_("%(most)s人までにしてください。") % {"most": self.most})
        return self.people_of(parts, typed.chosen)

    def parts_of(self, text: str) -> list[str]:
        """The texts for one person each, without repetition. Blanks part numbers, but not names."""
        lines = [" ".join(part.split()) for part in SEPARATORS.split(text)]
        parts = [
            part
            for line in lines
            for part in (line.split() if all(map(_has_digit, line.split())) else [line])
        ]
        return list(dict.fromkeys(part for part in parts if part))


class PersonField(TypedPeopleField):
    """One of `people`. Cleans to the Member, or None when empty. `offered` people are listed by the
    browser while one types; otherwise they are only found.
    """

    widget = PersonInput

    def __init__(
        self, people: QuerySet[Member] | None = None, *, offered: bool = True, **kwargs: Any
    ) -> None:
        kwargs.setdefault("help_text", gettext_lazy("氏名か職員番号で探せます。"))
        super().__init__(people, **kwargs)
        self.widget.attrs = {"autocomplete": "off", **self.widget.attrs, "maxlength": 120}
        self.widget.offered = self.people if people is not None and offered else None

    def clean(self, value: Any) -> Member | None:
        """The person: all of the text is one part. A field that is disabled has the person as it
        stands.
        """
        if isinstance(value, Member):
            return value
        typed = _typed(value)
        part = " ".join(typed.text.split())
        return next(iter(self.people_of([part] if part else [], typed.chosen)), None)


def _typed(value: Any) -> TypedPeople:
    return value if isinstance(value, TypedPeople) else TypedPeople(value or "")


def _has_digit(text: str) -> bool:
    return any(letter.isdigit() for letter in text)


def _not_one(part: str, count: int) -> ValidationError:
    """Why nobody, or not one alone, is found by the text."""
    values = {"text": part, "n": count}
    if not count:
        return ValidationError(
            _("「%(text)s」に当たる職員がいません。氏名か職員番号を確かめてください。"),
            params=values,
        )
    if count > MOST_CANDIDATES:
        return ValidationError(
            _(
                "「%(text)s」に当たる職員が%(n)s人います。氏名を続けて入力するか、職員番号で入力してください。"
            ),
            params=values,
        )
    return ValidationError(
        _("「%(text)s」に当たる職員を、候補の中から選んでください。"), params=values
    )


def _too_many_parts(left: list[str]) -> ValidationError:
    """Why the rest is not searched, and what to type instead."""
    words = _(
        "氏名の一部で探せるのは、一度に%(most)s件までです。「%(text)s」など%(n)s件は、氏名をすべて入力するか、職員番号で入力してください。"
    )
    return ValidationError(words, params={"most": MOST_SEARCHED, "text": left[0], "n": len(left)})
