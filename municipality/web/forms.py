"""Common parts of forms: edition, dates, and text fields."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from municipality.core.date_words import era_day, formal_day, with_year
from municipality.core.digits import DECIMAL, WHOLE, narrow
from municipality.core.periods import lacks_year, read_date

if TYPE_CHECKING:
    from municipality.organisation.open_days import OpenDays


def area(rows: int = 4) -> forms.Textarea:
    """Text area of this many lines."""
    return forms.Textarea(attrs={"rows": rows})


def day(**options: Any) -> DayField:
    """A day in a field no wider than a day."""
    return DayField(widget=_narrow(), **options)


def open_day(calendar: OpenDays, *, earliest: date | None = None, **options: Any) -> OpenDayField:
    """A day on which the town hall is open, in a field no wider than a day."""
    return OpenDayField(calendar, earliest=earliest, widget=_narrow(), **options)


def _narrow() -> forms.TextInput:
    return forms.TextInput(attrs={"class": "in-s"})


class WholeField(forms.IntegerField):
    """A whole number, in digits of half or full width; int() would read those of other scripts and
    1_000 as well.
    """

    def to_python(self, value: Any) -> int | None:
        """The number, or None for an empty optional field."""
        return super().to_python(_number(value, WHOLE, self.error_messages["invalid"]))


class DecimalNumberField(forms.DecimalField):
    """A decimal number, in digits as WholeField takes them."""

    def to_python(self, value: Any) -> Any:
        """The number, or None for an empty optional field."""
        return super().to_python(_number(value, DECIMAL, self.error_messages["invalid"]))


def _number(value: Any, pattern: re.Pattern[str], message: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = narrow(value).strip()
    if text and not pattern.fullmatch(text):
        raise ValidationError(message, code="invalid")
    return text


class FilledSelect(forms.Select):
    """A choice that begins at its first row, for fields without an empty line (`empty_label=None`).

    It needs no `required`; to work that out, Django would read all rows a second time.
    """

    def use_required_attribute(self, initial: Any) -> bool:
        """Never: something is always chosen."""
        return False


FIRST_DAY, YEARS_AHEAD = date(1950, 1, 1), 10
"""Days that a form takes: from the first one to so many years ahead."""


class DayField(forms.CharField):
    """Date in one text field, as `read_date` reads it: 令和8年4月1日, 2026/4/1, 1 Apr 2026. It lies
    between FIRST_DAY and YEARS_AHEAD.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 20)
        kwargs.setdefault("help_text", _("例 令和8年4月1日、R8.4.1"))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """The date as one types it in the reader's language; typed text unchanged."""
        return formal_day(value) if isinstance(value, date) else value

    def clean(self, value: Any) -> date | None:
        """The date, or None for an empty optional field."""
        text = super().clean(value)
        if not text:
            return None
        try:
            wanted = read_date(text)
        except ValueError:
            if lacks_year(text):
                words = {"day": with_year(text, timezone.localdate())}
                raise ValidationError(
                    _("年がありません。%(day)s のように、年から入力してください。"), params=words
                ) from None
            raise ValidationError(
                _("日付として読めません。令和8年4月1日 または R8.4.1 のように入力してください。")
            ) from None
        if not FIRST_DAY <= wanted <= _last_day():
            words = {"first": era_day(FIRST_DAY), "last": era_day(_last_day())}
            raise ValidationError(_("%(first)sから%(last)sまでの日にしてください。"), params=words)
        return wanted


def _last_day() -> date:
    today = timezone.localdate()
    return date(today.year + YEARS_AHEAD, today.month, min(today.day, 28))


class OpenDayField(DayField):
    """A day by which something is due: an open day (開庁日), not before `earliest`."""

    def __init__(self, calendar: OpenDays, *, earliest: date | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.calendar, self.earliest = calendar, earliest

    def clean(self, value: Any) -> date | None:
        """The date; a closed day is refused with the next open one."""
        wanted = super().clean(value)
        if wanted is None:
            return None
        if self.earliest is not None and wanted < self.earliest:
            raise ValidationError(_("今日以降の日にしてください。"))
        if not self.calendar.is_open(wanted):
            words = {"day": era_day(wanted), "next": era_day(self.calendar.roll(wanted))}
            raise ValidationError(
                _("%(day)sは閉庁日です。%(next)sなどの開庁日にしてください。"), params=words
            )
        return wanted


MOST_NUMBER = 2**63
"""Numbers of rows lie below: a database fails on a larger one instead of finding nothing."""


class SeveralField(forms.ModelMultipleChoiceField):
    """Several rows that are chosen by their numbers; one that no row can have is no choice."""

    def clean(self, value: Any) -> Any:
        """The rows. Raises ValidationError for what is none of the choices."""
        for each in value or ():
            if not _may_be_a_row(each):
                raise ValidationError(
                    self.error_messages["invalid_choice"], "invalid_choice", {"value": each}
                )
        return super().clean(value)


def _may_be_a_row(number: Any) -> bool:
    try:
        return abs(int(str(number))) < MOST_NUMBER
    except ValueError:
        return False


class EditionForm(forms.Form):
    """Form that edits a row. It carries the edition from which it was filled, so that a stale save
    is refused.
    """

    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


def edition_of(request: HttpRequest) -> int:
    """The edition that a button carries from its page; 0, which no row has, without one."""
    form = EditionForm(request.POST)
    return form.cleaned_data["edition"] if form.is_valid() else 0
