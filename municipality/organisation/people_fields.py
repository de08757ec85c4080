"""Fields that take people: typed by 職員番号, name, kana or a part of them; where several fit, chosen
from those found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipality.organisation.models import Member
from municipality.organisation.people_search import PeopleFound, PeopleIndex

MOST_OFFERED = 300

MOST_CANDIDATES = 20

MOST_CHOICES = 20
"""Texts of one field to each of which somebody may be chosen."""

SEPARATORS = re.compile(r"[,、，;；\r\n\t]+")


@dataclass(frozen=True)
class TypedPeople:
    """What was typed, and who was chosen for which part of it (the row by the part)."""

    text: str
    chosen: dict[str, str] = field(default_factory=dict)


class CandidatesInput(forms.Widget):
    """A text input; once several people fit what was typed, they stand below it to choose from."""

    candidates: dict[str, list[Member]]
    chosen: dict[str, str]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> TypedPeople:
        """The text, and the person chosen for each part. A choice names its part: another text
        typed meanwhile is not overruled by it.
        """
        choices = (data.get(f"{name}_choice_{n}") or "" for n in range(MOST_CHOICES))
        chosen = (choice.partition(" ") for choice in choices)
        return TypedPeople(data.get(name) or "", {part: row for row, _blank, part in chosen if row})

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """The input, and below it the candidates of each part."""
        drawn = super().render(name, value, attrs, renderer)
        groups = (
            (
                _("「%(text)s」に当たる職員") % {"text": part},
                self._radios(f"{name}_choice_{n}", part),
            )
            for n, part in enumerate(getattr(self, "candidates", {}))
        )
        return drawn + format_html_join(
            "",
            '<fieldset class="f"><legend>{}</legend><div class="chks">{}</div></fieldset>',
            groups,
        )

    def _radios(self, name: str, part: str) -> SafeString:
        return format_html_join(
            "",
            '<label class="chk"><input type="radio" name="{}" value="{} {}"{}>'
            "<span>{} {}{}</span></label>",
            (
                (
                    name,
                    person.pk,
                    part,
                    SafeString(" checked") if self.chosen.get(part) == str(person.pk) else "",
                    person.number,
                    person.name,
                    format_html("({})", person.kana) if person.kana else "",
                )
                for person in self.candidates[part]
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


class SeveralPeopleField(forms.Field):
    """Several of `people`, at most `most`, parted by commas or new lines; numbers by blanks, too.
    Cleans to the Members in the order typed. Of `by_number`, which holds `people`, too, the others
    are found by their whole number only.
    """

    widget: Any = PeopleInput
    most = 200

    def __init__(
        self,
        people: QuerySet[Member] | None = None,
        *,
        by_number: QuerySet[Member] | None = None,
        most: int = most,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault(
            "help_text",
            gettext_lazy("氏名か職員番号を、読点か改行で区切って入力してください。"),
        )
        super().__init__(**kwargs)
        self.widget.attrs = {"autocomplete": "off", "maxlength": 20_000, **self.widget.attrs}
        self.people = Member.objects.none() if people is None else people
        self.by_number, self.most = by_number, most

    def prepare_value(self, value: Any) -> Any:
        """A member as number and name; text as it was typed."""
        if isinstance(value, TypedPeople):
            return value.text
        return f"{value.number} {value.name}" if isinstance(value, Member) else value

    def clean(self, value: Any) -> Any:
        """The people, if exactly one fits each part. Those of whom several do are offered by the
        input from now on.
        """
        typed = value if isinstance(value, TypedPeople) else TypedPeople(value or "")
        parts = self.parts_of(typed.text)
        if not parts:
            self.validate("")
            return self.several([])
        if len(parts) > self.most:
            raise ValidationError(_("%(most)s人までにしてください。") % {"most": self.most})
        index = PeopleIndex(self.people)
        fitting = {part: self._fitting(index, part) for part in parts}
        return self.several(self._chosen(fitting, typed.chosen))

    def several(self, people: list[Member]) -> Any:
        """The cleaned value."""
        return people

    def parts_of(self, text: str) -> list[str]:
        """The texts for one person each, without repetition. Blanks part numbers, but not names."""
        lines = [" ".join(part.split()) for part in SEPARATORS.split(text)]
        parts = [
            part
            for line in lines
            for part in (line.split() if all(map(_has_digit, line.split())) else [line])
        ]
        return list(dict.fromkeys(part for part in parts if part))

    def _fitting(self, index: PeopleIndex, part: str) -> PeopleFound:
        best = index.best(part)
        if best.rows or self.by_number is None:
            return best
        return PeopleFound(PeopleIndex(self.by_number).numbered(part), named=True)

    def _chosen(self, fitting: dict[str, PeopleFound], chosen: dict[str, str]) -> list[Member]:
        rows = [row for best in fitting.values() for row in best.rows[: MOST_CANDIDATES + 1]]
        known = self.people if self.by_number is None else self.by_number
        members = {member.pk: member for member in known.filter(pk__in=rows)}
        open_ = {
            part: [members[row] for row in best.rows[:MOST_CANDIDATES]]
            for part, best in fitting.items()
            if 0 < len(best.rows) <= MOST_CANDIDATES and not (best.named and len(best.rows) == 1)
        }
        self.widget.candidates, self.widget.chosen = open_, chosen
        people, errors = [], []
        for part, best in fitting.items():
            taken = [row for row in best.rows if chosen.get(part) == str(row)]
            row = best.rows if part not in open_ and len(best.rows) == 1 else taken
            if len(row) == 1 and row[0] in members:
                people.append(members[row[0]])
            else:
                errors.append(_not_one(part, len(best.rows)))
        if errors:
            raise ValidationError(errors)
        return list(dict.fromkeys(people))


class PersonField(SeveralPeopleField):
    """One of `people`. Cleans to the Member, or None when empty. `offered` people are listed by the
    browser while one types; otherwise they are only found.
    """

    widget = PersonInput

    def __init__(
        self, people: QuerySet[Member] | None = None, *, offered: bool = True, **kwargs: Any
    ) -> None:
        kwargs.setdefault("help_text", gettext_lazy("氏名か職員番号で探せます。"))
        super().__init__(people, most=1, **kwargs)
        self.widget.attrs["maxlength"] = 120
        self.widget.offered = self.people if people is not None and offered else None

    def several(self, people: list[Member]) -> Member | None:
        """The one."""
        return people[0] if people else None

    def parts_of(self, text: str) -> list[str]:
        """All of the text."""
        return [" ".join(text.split())] if text.strip() else []


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
