"""Reading 状況一覧 for one member on one day: one query for each table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dashboard.overview.figure_sources import read_figures
from dashboard.overview.figures import Figures
from dashboard.overview.findings import KeyFinding, findings
from dashboard.overview.heat import Heat, read_heat
from dashboard.overview.punctuality import Punctuality, read_punctuality
from dashboard.overview.scope import Scope, scope_of
from dashboard.overview.timeline import Timeline, read_timeline
from dashboard.overview.usage import UsageBreakdown, read_usage
from evaluation.pdca.wording import joined_words
from municipality.core.date_words import month_name
from municipality.core.figures import half_up, number_words
from municipality.core.periods import Period
from municipality.organisation.models import Member
from municipality.organisation.open_days import OpenDays


@dataclass(frozen=True)
class Series:
    """One line of the trend; None is a gap, never zero. `marked` points carry their value, the last
    one always does.
    """

    name: str
    values: list[float | None]
    style: str
    marked: tuple[int, ...] = (0,)
    breaks: tuple[int, ...] = ()
    """Points that must not be joined with the one before."""
    hidden: tuple[int, ...] = ()
    """Points that are no gap, but hidden from the reader."""


@dataclass(frozen=True)
class Overview:
    """Everything that the page shows."""

    scope: Scope
    figures: Figures
    heat: Heat | None
    usage: UsageBreakdown
    reviews: Punctuality
    pilots: Timeline
    findings: list[KeyFinding]

    @property
    def trend(self) -> list[Series]:
        """K03 and K02 over the months; a line without any value is left out."""
        lines = [
            self._line("K03", pgettext("図", "対象職員"), "main"),
            self._line("K02", pgettext("図", "全職員"), "second"),
        ]
        return [
            line for line in lines if line.hidden or any(value is not None for value in line.values)
        ]

    def _line(self, code: str, name: str, style: str) -> Series:
        hidden = tuple(
            place
            for place, month in enumerate(self.figures.months)
            if self.figures.hidden(code, month)
        )
        return Series(name, self._values(code), style, breaks=self._breaks(code), hidden=hidden)

    def _values(self, code: str) -> list[float | None]:
        values = [self.figures.shown(code, month) for month in self.figures.months]
        return [None if value is None else float(half_up(value)) for value in values]

    def _breaks(self, code: str) -> tuple[int, ...]:
        months = self.figures.months
        return tuple(
            place
            for place, month in enumerate(months)
            if place
            and self.figures.shown(code, month) is not None
            and self.figures.breaks(code, month)
        )

    @property
    def trend_marks(self) -> list[tuple[str, str]]:
        """Months of which K03 is or was incomplete or moved since the closing, and those at which
        its trend breaks, each with what is so.
        """
        return [
            (month_name(month.first), words)
            for place, month in enumerate(self.figures.months)
            if (words := self._mark(place, month))
        ]

    def _mark(self, place: int, month: Period) -> str:
        if self.figures.hidden("K03", month):
            return ""
        note = self.figures.note("K03", month)
        if not place or self.figures.is_incomplete("K03", month):
            return note
        is_drawn = self.figures.shown("K03", month) is not None
        return joined_words(note, self.figures.mark("K03", month) if is_drawn else "")

    @property
    def trend_months(self) -> list[str]:
        """The months under the trend."""
        return [month_name(month.first) for month in self.figures.months]

    @property
    def trend_words(self) -> str:
        """The trend as a sentence, for whoever does not see the drawing."""
        since = max(self._breaks("K03"), default=0)
        pairs = list(zip(self.trend_months, self._values("K03"), strict=True))
        known = [(month, value) for month, value in pairs[since:] if value is not None]
        if not known and any(self.figures.hidden("K03", month) for month in self.figures.months):
            return _("実施率は、少人数のため表示しません。")
        if not known:
            return _("実施率の値はまだありません。")
        if len(known) == 1:
            only = {"month": known[0][0], "n": number_words(known[0][1], 1)}
            return _("実施率(対象職員)は%(month)sに%(n)s%%です。") % only
        values = {
            "first": known[0][0],
            "a": number_words(known[0][1], 1),
            "last": known[-1][0],
            "b": number_words(known[-1][1], 1),
        }
        return _("実施率(対象職員)は%(first)sの%(a)s%%から%(last)sの%(b)s%%になりました。") % values


def read_board(member: Member, calendar: OpenDays, today: date) -> Overview:
    """Read everything for a member on a day."""
    scope = scope_of(member, today)
    figures, heat = read_figures(scope), read_heat(scope)
    reviews, pilots = read_punctuality(scope), read_timeline(scope)
    return Overview(
        scope=scope,
        figures=figures,
        heat=heat,
        usage=read_usage(
            scope,
            figures.usage,
            scope.name,
            figures.of("K03", scope.month),
            hidden=figures.hidden("K03", scope.month),
        ),
        reviews=reviews,
        pilots=pilots,
        findings=findings(
            scope, calendar, figures=figures, heat=heat, reviews=reviews, pilots=pilots
        ),
    )
