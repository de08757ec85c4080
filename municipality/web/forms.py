"""What every form has: its edition, its dates, its text fields."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from municipality.core.date_words import era_day
from municipality.core.periods import OpenDays, read_date


def area(rows: int = 4) -> forms.Textarea:
    """A text area of so many lines at first."""
    return forms.Textarea(attrs={"rows": rows})


def day(**facts: Any) -> DayField:
    """A day in a field no wider than a day."""
    return DayField(widget=_narrow(), **facts)


def open_day(calendar: OpenDays, *, earliest: date | None = None, **facts: Any) -> OpenDayField:
    """A day on which the town hall is open, in a field no wider than a day."""
    return OpenDayField(calendar, earliest=earliest, widget=_narrow(), **facts)


def _narrow() -> forms.TextInput:
    return forms.TextInput(attrs={"class": "in-s"})


class DayField(forms.CharField):
    """A day in one text field, in either calendar: 2026-04-01, 2026/4/1, 令和8年4月1日, R8.4.1."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 20)
        kwargs.setdefault("help_text", _("例 令和8年4月1日、2026-04-01"))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show a date as ISO; text that was typed as it was typed."""
        return value.isoformat() if isinstance(value, date) else value

    def clean(self, value: Any) -> date | None:
        """The date, or None when it may be empty and is."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return read_date(text)
        except ValueError:
            raise ValidationError(
                _(
                    "日付として読めません。令和8年4月1日 または 2026-04-01 のように入力してください。"
                )
            ) from None


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


class EditionForm(forms.Form):
    """A form that edits a row: it carries the edition it was filled from, so that a stale save is
    refused.
    """

    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
