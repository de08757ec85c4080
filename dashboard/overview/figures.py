"""The five figures on top and the trend behind the first: as frozen in the reviews, and beside it
what the tables say now.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from dashboard.overview.scope import Scope
from evaluation.pdca.indicators.measures import words_of
from evaluation.pdca.reviews.small_numbers import EarlierClosings, Published, hidden_of
from evaluation.pdca.wording import (
    KnownNames,
    counted_by,
    joined_words,
    mark_words,
    missing_words,
    with_base,
)
from municipality.core.addresses import page_address
from municipality.core.date_words import NOTHING
from municipality.core.figures import (
    INCOMPLETE,
    Figure,
    has_moved,
    missing_of,
    not_comparable,
    number_words,
    other_base,
    shown_step,
)
from municipality.core.periods import Period
from municipality.core.worded import spaced_unit
from pilots.days.month_usage import MonthUsage

MONTHS = 12


@dataclass(frozen=True)
class FigureKind:
    """One of the five: its code in the catalogue, which gives name and unit, and what its
    denominator counts.
    """

    code: str
    counted: Any


PERSONS, PAIRS = pgettext_lazy("単位", "人"), pgettext_lazy("単位", "組")

KINDS = (
    FigureKind("K03", PERSONS),
    FigureKind("K02", PERSONS),
    FigureKind("K04", PERSONS),
    FigureKind("K24", PERSONS),
    FigureKind("K26", PAIRS),
)

CODES = frozenset(kind.code for kind in KINDS)


@dataclass(frozen=True)
class FigureTile:
    """One figure as it is drawn; see the component of this name."""

    name: str
    value_text: str
    unit: str
    change_text: str
    change_good: bool | None
    direction: str
    base_text: str
    definition_url: str
    definition_label: str
    suppressed: bool
    missing_text: str
    mark_text: str = ""


@dataclass(frozen=True)
class Figures:
    """Figures by month (first day in ISO) and code; `closed` are the months whose review is
    closed, with when. `present` is what the tables say now of these: of earlier ones and for who
    may not be told what came in since, of usage only.
    """

    scope: Scope
    by_month: dict[str, dict[str, Figure]]
    closed: dict[str, datetime | None]
    present: dict[str, dict[str, Figure]]
    earlier: EarlierClosings = field(default_factory=dict)
    """What was told at closings that were opened again, for a reader behind the gate."""
    usages: dict[str, MonthUsage] = field(default_factory=dict)
    """By month what the tables say now of usage, from the first known month on."""
    by_parts: dict[str, frozenset[str]] = field(default_factory=dict)
    """By month the codes that tell of one department, for such a reader."""

    def of(self, code: str, month: Period) -> Figure | None:
        """The figure of a month, None where there is none."""
        return self.by_month.get(month.key, {}).get(code)

    def now(self, code: str, month: Period) -> Figure | None:
        """The figure of a month as the tables say now, as far as they were asked."""
        return self.present.get(month.key, {}).get(code) or self.of(code, month)

    def known(self, code: str, month: Period) -> Figure | None:
        """The figure of a month with the departments that are missing in it or by now: records can
        have come in or gone after its closing.
        """
        figure, now = self.of(code, month), self.now(code, month)
        if figure is None or now is None:
            return None
        return replace(figure, missing=missing_of([figure, now]))

    def note(self, code: str, month: Period) -> str:
        """Which departments are missing in the month; where that or the figure is another one since
        the closing, what was so then and what is so now: 締めの時 未提出: 総務課、いまは 42.3%.
        """
        figure, now = self.of(code, month), self.now(code, month)
        if figure is None or now is None:
            return ""
        then, missing = missing_words(figure, self.names), missing_words(now, self.names)
        if month < self.scope.month and month.key not in self.closed:
            return joined_words(_("未締め(現在の値)"), missing)
        moved = self._moved_words(code, figure, now)
        if then == missing and not moved:
            return then
        present = moved or _("いまは %(value)s") % {
            "value": missing or self._came_in(month, {*figure.missing} - {*now.missing})
        }
        return joined_words(_("締めの時 %(missing)s") % {"missing": then} if then else "", present)

    def _came_in(self, month: Period, departments: set[int]) -> str:
        """提出済み、実績なし: what the departments that were missing have said since."""
        usage = self.usages.get(month.key)
        declared = departments & usage.declared if usage else set()
        handed_in = departments - declared or not declared
        return joined_words(
            pgettext("指標", "提出済み") if handed_in else "",
            pgettext("指標", "実績なし") if declared else "",
        )

    def _moved_words(self, code: str, frozen: Figure, now: Figure) -> str:
        """いまは 23.1% (6 / 26)、未提出: 総務課: the figure as the tables say now, where another was frozen;
        for who may be told the difference. By another definition there is none.
        """
        if not self.scope.gate.is_open:
            return ""
        if frozen.version != now.version:
            return _("いまは定義の版が違うため、比べられません")
        if not has_moved(frozen, now):
            return ""
        missing = missing_words(now, self.names)
        value = missing or NOTHING
        if now.value is not None:
            value = joined_words(_present(now, words_of(code)[1]), missing)
        return _("いまは %(value)s") % {"value": value}

    def hidden(self, code: str, month: Period) -> bool:
        """Do too few people stand behind it for this reader?"""
        figures, gate = self.by_month.get(month.key, {}), self.scope.gate
        place = self.scope.root.pk if self.scope.root else None
        published, by_parts = Published(earlier=self.earlier), self.by_parts.get(month.key)
        hidden = hidden_of(place, month, figures, published, gate, by_parts=by_parts or frozenset())
        return code in hidden

    def shown(self, code: str, month: Period) -> float | None:
        """The value a reader may see; None where there is none or it is hidden."""
        figure = self.of(code, month)
        return None if figure is None or self.hidden(code, month) else figure.value

    def breaks(self, code: str, month: Period) -> bool:
        """Must the month not be compared with the one before?"""
        now, before = self.known(code, month), self.known(code, month.previous)
        return now is not None and before is not None and bool(not_comparable(now, before))

    def mark(self, code: str, month: Period) -> str:
        """Why the month must not be compared with the one before; empty when it may, and where the
        reader is not told both figures.
        """
        if self.hidden(code, month) or self.hidden(code, month.previous):
            return ""
        figure, before = self.known(code, month), self.known(code, month.previous)
        if (
            figure
            and before
            and not_comparable(figure, before) == INCOMPLETE
            and not self.missing_now(code, month)
            and not self.missing_now(code, month.previous)
        ):
            return _("締めの時に未提出の部署があったため比べられません")
        names = KnownNames(self.names)
        return mark_words(figure, before, counted_by(code, month.cadence), names)

    def missing_now(self, code: str, month: Period) -> str:
        """Which departments are missing in the month by now, in words."""
        return missing_words(self.now(code, month), self.names)

    def is_incomplete(self, code: str, month: Period) -> bool:
        """Is a department missing in the month's figure or by now?"""
        figure = self.known(code, month)
        return figure is not None and bool(figure.missing)

    @property
    def names(self) -> dict[int, str]:
        """Names of the departments, by number: what is missing answers for people in sight."""
        return self.usage.tree.names

    @property
    def usage(self) -> MonthUsage:
        """Usage in the last month."""
        month = self.scope.month
        return self.usages.get(month.key) or MonthUsage(month)

    @property
    def months(self) -> list[Period]:
        """The months of the trend: from the first known one to the last that is over, twelve at
        most.
        """
        months, month = [self.scope.month], self.scope.month.previous
        while len(months) < MONTHS and any(key <= month.key for key in self.by_month):
            months.append(month)
            month = month.previous
        return months[::-1]

    @property
    def is_final(self) -> bool:
        """Is the last month's review closed, so that its figures move no more?"""
        return self.scope.month.key in self.closed

    @property
    def closed_at(self) -> datetime | None:
        """When the last month's review was closed; None while it is not."""
        return self.closed.get(self.scope.month.key)

    @property
    def tiles(self) -> list[FigureTile]:
        """The five tiles of the last month."""
        return [self._tile(kind) for kind in KINDS]

    def _tile(self, kind: FigureKind) -> FigureTile:
        month = self.scope.month
        figure, value = self.of(kind.code, month), self.shown(kind.code, month)
        before = self.shown(kind.code, month.previous)
        both = None if value is None or before is None else (value, before)
        mark = self.mark(kind.code, month) if both else ""
        change = None if both is None or mark else shown_step(*both)
        compared = None if change is None else self.of(kind.code, month.previous)
        hidden = self.hidden(kind.code, month)
        note, (name, unit) = self.note(kind.code, month), words_of(kind.code)
        missing = "" if hidden or not self.is_incomplete(kind.code, month) else note
        return FigureTile(
            name=name,
            value_text="" if value is None else number_words(value, 1),
            unit=unit if value is not None else "",
            change_text="" if change is None else _change(change, unit),
            change_good=None if not change else change > 0,
            direction="" if not change else "up" if change > 0 else "down",
            base_text="" if hidden else base_words(figure, str(kind.counted), compared),
            definition_url=f"{page_address('evaluation:indicators', self.scope.code)}#{kind.code}",
            definition_label=_("%(code)sの定義") % {"code": kind.code},
            suppressed=hidden,
            missing_text=missing,
            mark_text=joined_words("" if hidden or missing else note, mark),
        )


def _present(figure: Figure, unit: str) -> str:
    words = f"{number_words(figure.value or 0, 1)}{spaced_unit(unit)}"
    return with_base(words, _share(figure, ""))


def _change(change: Decimal, unit: str) -> str:
    """The size of the difference; the arrow says its direction."""
    if unit == "%":
        return _("%(n)sポイント") % {"n": number_words(abs(change), 1)}
    return f"{number_words(abs(change), 1)}{spaced_unit(unit)}"


def base_words(figure: Figure | None, counted: str, before: Figure | None) -> str:
    """前月比、56 / 146人 (前月 50 / 140人): what a figure is compared with and what it was made from;
    what the month before was made from where that stands over another denominator.
    """
    compared = pgettext("指標", "前月比") if before is not None else ""
    base = _share(figure, counted)
    if base and figure and before and other_base(figure, before):
        values = {"now": base, "before": _share(before, counted)}
        base = _("%(now)s (前月 %(before)s)") % values
    return joined_words(compared, base)


def _share(figure: Figure | None, counted: str) -> str:
    if figure is None or not figure.is_rate or figure.numerator is None or not figure.denominator:
        return ""
    return f"{number_words(figure.numerator)} / {number_words(figure.denominator)}{counted}"
