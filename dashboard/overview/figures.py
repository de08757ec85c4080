"""The five figures on top and the trend behind the first: as frozen in the reviews, the last month
as it stands now.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from dashboard.overview.scope import Scope
from evaluation.appraisal.one_on_ones.indicators import one_on_one_rate
from evaluation.pdca.indicators.measures import with_versions, words_of
from evaluation.pdca.indicators.rules import hidden_codes
from evaluation.pdca.reviews.models import Review, ReviewFigure
from evaluation.pdca.wording import (
    KnownNames,
    counted_by,
    joined_words,
    mark_words,
    missing_words,
    none_missing_words,
    with_base,
)
from municipality.core.addresses import page_address
from municipality.core.date_words import NOTHING
from municipality.core.figures import Figure, has_moved, not_comparable, other_base
from municipality.core.periods import Period
from pilots.days.indicators import figures_of
from pilots.days.month_usage import MonthUsage
from pilots.days.queries import missing_departments
from pilots.days.rules import USAGE_CODES
from training.completions.indicators import completion_rate

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
    closed. `present` is what the tables say now of the last month where that is closed: of usage
    only for who may not be told what came in since. `gone` are the departments that by now have
    handed in nothing for an earlier closed month.
    """

    scope: Scope
    by_month: dict[str, dict[str, Figure]]
    closed: set[str]
    present: dict[str, Figure]
    gone: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def of(self, code: str, month: Period) -> Figure | None:
        """The figure of a month, None where there is none."""
        return self.by_month.get(month.key, {}).get(code)

    def known(self, code: str, month: Period) -> Figure | None:
        """The figure of a month with the departments that are missing by now, even where records
        went after its closing.
        """
        figure = self.of(code, month)
        if figure is None:
            return None
        present = self.present.get(code) if month == self.scope.month else None
        gone = self.gone.get(month.key, ()) if code in USAGE_CODES else ()
        now = gone if present is None else present.missing
        return replace(figure, missing=tuple(sorted({*figure.missing, *now})))

    def now_words(self, code: str) -> str:
        """いまは 23.1% (6 / 26): the last month as the tables say now, where its review froze another
        figure or somebody is missing no more; for who may be told the difference. By another
        definition there is none.
        """
        frozen, now = self.of(code, self.scope.month), self.present.get(code)
        if not self.scope.gate.is_open or not frozen or not now:
            return ""
        if frozen.version != now.version:
            return _("いまは定義の版が違うため、比べられません")
        moved = _present(now, words_of(code)[1]) if has_moved(frozen, now) else ""
        value = joined_words(moved, none_missing_words(now, frozen))
        return _("いまは %(value)s") % {"value": value} if value else ""

    def hidden(self, code: str, month: Period) -> bool:
        """Do too few people stand behind it for this reader?"""
        return code in hidden_codes(self.by_month.get(month.key, {}), self.scope.gate, month)

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
        return mark_words(
            self.known(code, month),
            self.known(code, month.previous),
            counted_by(code, month.cadence),
            KnownNames(self.names),
        )

    def missing(self, code: str, month: Period) -> str:
        """Which departments are missing in the month by now, in words."""
        return missing_words(self.known(code, month), self.names)

    @property
    def names(self) -> dict[int, str]:
        """Names of the departments in sight, by number."""
        return {row.pk: row.name for row in self.scope.departments}

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
    def tiles(self) -> list[FigureTile]:
        """The five tiles of the last month."""
        return [self._tile(kind) for kind in KINDS]

    def _tile(self, kind: FigureKind) -> FigureTile:
        month = self.scope.month
        figure, value = self.of(kind.code, month), self.shown(kind.code, month)
        before = self.shown(kind.code, month.previous)
        both = None if value is None or before is None else (value, before)
        mark = self.mark(kind.code, month) if both else ""
        change = None if both is None or mark else round(both[0] - both[1], 1)
        compared = None if change is None else self.of(kind.code, month.previous)
        hidden = self.hidden(kind.code, month)
        missing = "" if hidden else self.missing(kind.code, month)
        now, (name, unit) = self.now_words(kind.code), words_of(kind.code)
        return FigureTile(
            name=name,
            value_text="" if value is None else f"{value:,.1f}",
            unit=unit if value is not None else "",
            change_text="" if change is None else _change(change, unit),
            change_good=None if not change else change > 0,
            direction="" if not change else "up" if change > 0 else "down",
            base_text="" if hidden else base_words(figure, str(kind.counted), compared),
            definition_url=f"{page_address('evaluation:indicators', self.scope.code)}#{kind.code}",
            definition_label=_("%(code)sの定義") % {"code": kind.code},
            suppressed=hidden,
            missing_text=joined_words(missing, now) if missing else "",
            mark_text=joined_words(now, mark),
        )


def _present(figure: Figure, unit: str) -> str:
    if figure.value is None:
        return pgettext("指標", "未提出") if figure.missing else NOTHING
    return with_base(f"{figure.value:,.1f}{unit}", _share(figure, ""))


def _change(change: float, unit: str) -> str:
    """The size of the difference; the arrow says its direction."""
    if unit == "%":
        return _("%(n)sポイント") % {"n": f"{abs(change):.1f}"}
    return f"{abs(change):,.1f}{unit}"


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
    return f"{figure.numerator:,.0f} / {figure.denominator:,.0f}{counted}"


def read_figures(scope: Scope, usage: MonthUsage) -> Figures:
    """Frozen figures of the last months, and live ones of the last month while it is open."""
    by_month: dict[str, dict[str, Figure]] = {}
    closed: set[str] = set()
    for row in frozen(scope) if scope.has_reviews else []:
        key = row.review.first.isoformat()
        closed.add(key)
        by_month.setdefault(key, {})[row.indicator.code] = row.figure
    is_closed = scope.month.key in closed
    if not is_closed and scope.departments:
        by_month[scope.month.key] = live(scope, usage)
    now = present(scope, usage) if is_closed else {}
    return Figures(scope, by_month, closed, now, gone(scope, closed))


def gone(scope: Scope, closed: set[str]) -> dict[str, tuple[int, ...]]:
    """By month before the last, the departments that have handed in nothing for it by now: a file
    was undone, or a declaration withdrawn. Two queries where such a month is closed.
    """
    days = sorted(date.fromisoformat(key) for key in closed - {scope.month.key})
    months = [Period.holding(Period.MONTH, day) for day in days]
    missing = missing_departments(scope.departments, months)
    return {day.isoformat(): numbers for day, numbers in missing.items()}


def present(scope: Scope, usage: MonthUsage) -> dict[str, Figure]:
    """What the tables say now of the last month after its closing; what is not of usage is read
    only for who may be told of it.
    """
    return live(scope, usage) if scope.gate.is_open else figures_of(scope.departments, [usage])


def live(scope: Scope, usage: MonthUsage) -> dict[str, Figure]:
    """The figures of the last month as the tables say now."""
    figures = {
        **figures_of(scope.departments, [usage]),
        "K24": completion_rate(scope.departments, scope.month),
        "K26": one_on_one_rate(scope.departments, scope.month),
    }
    return with_versions(figures)


def frozen(scope: Scope) -> QuerySet[ReviewFigure]:
    """The frozen figures of the scope's own monthly reviews, oldest first; with the five what else
    of usage the reviews tell, since one can give the other away.
    """
    since = scope.month
    for _month in range(MONTHS - 1):
        since = since.previous
    rows = ReviewFigure.objects.of(scope.code).filter(
        review__department=scope.root,
        review__cadence=Review.Cadence.MONTH,
        review__first__gte=since.first,
        indicator__code__in=CODES | USAGE_CODES,
    )
    return rows.select_related("review", "indicator").order_by("review__first")
