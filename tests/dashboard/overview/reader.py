"""A reader with everything published at hand: pages, files and decisions, read as they are sent,
and what follows from all of it together.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from html.parser import HTMLParser
from io import BytesIO
from itertools import pairwise
from typing import Any

from django.test import Client
from openpyxl import load_workbook

from evaluation.pdca.reviews.models import Review
from municipality.core.periods import Period
from municipality.decisions.models import Decision
from municipality.organisation.models import Member
from pilots.planning.catalogue_file import PILOT_INDICATORS
from pilots.planning.models import Expansion
from tests.build.equations import Equations
from tests.build.municipality import at, signed_in
from tests.build.published import LAST, PublishedTown

FRACTION = re.compile(r"([\d,]+) / ([\d,]+)")
WHOLE = re.compile(r"([\d,]+)人")
NUMBERS = re.compile(r"\d人|\d%|\d / \d")
PERCENT = re.compile(r"([\d.]+)%")
FIRST = date(2026, 4, 1)
NOW = at(2026, 11, 10, 10)


class _Tables(HTMLParser):
    """Tables and terms of a page as rows of texts."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag in ("tr", "dl"):
            self.rows.append([])
        elif tag in ("td", "th", "dt", "dd"):
            self._cell = []

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "dt", "dd") and self._cell is not None and self.rows:
            self.rows[-1].append(" ".join("".join(self._cell).split()))
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)


def rows_of_page(text: str) -> list[list[str]]:
    """Rows of all tables and lists of terms of a page."""
    parser = _Tables()
    parser.feed(text)
    return parser.rows


def number_in(text: str) -> int:
    """1,240 without its commas."""
    return int(text.replace(",", ""))


@dataclass
class Reader:
    """One reader who writes down every number of people, with what it is known to count."""

    made: PublishedTown
    client: Client
    equations: Equations = field(default_factory=Equations)
    read: list[tuple[str, Any]] = field(default_factory=list)
    rates: dict[tuple[date, int], tuple[Fraction, Fraction]] = field(default_factory=dict)
    means: list[tuple[list[tuple[date, int]], Fraction]] = field(default_factory=list)

    @property
    def code(self) -> str:
        """The body's code."""
        return self.made.town.body.pk

    def crawl(self) -> None:
        """Everything that can be opened."""
        self.read_reviews()
        self.read_decisions()
        self.read_dashboard()
        self.read_home()
        self.read_pilots()
        self.read_departments()
        self.read_files()
        self.late_people()
        self.relate_means()

    def found(self, least: int) -> dict[Any, Any]:
        """What follows from all that was read."""
        return self.equations.found(least)

    def get(self, address: str) -> str:
        """A page's text; empty where it does not open."""
        answer = self.client.get(address)
        return answer.content.decode() if answer.status_code == 200 else ""

    # --- reviews and their decisions ---------------------------------------------------------

    def read_reviews(self) -> None:
        """Present and previous figures of every review."""
        for review in Review.objects.of(self.made.town.body).order_by("last", "first"):
            for row in rows_of_page(self.get(f"/{self.code}/reviews/{review.pk}/")):
                if len(row) == 6 and re.match(r"K\d\d ", row[0]):
                    self.note_figure(row[0][:3], review, row[1], row[4])
                    self.note_before(row[0][:3], review, row[2])
            self.note_means(review)

    def read_decisions(self) -> None:
        """The same from the decisions about them."""
        for decision in Decision.objects.of(self.made.town.body).filter(matter="evaluation.review"):
            review = Review.objects.get(pk=decision.subject_id)
            for ending in ("", "print/"):
                for row in rows_of_page(self.get(f"/{self.code}/decisions/{decision.pk}/{ending}")):
                    if len(row) == 6 and re.match(r"K\d\d ", row[0]):
                        self.note_figure(row[0][:3], review, row[1], row[4])
                        self.note_before(row[0][:3], review, row[2])

    def note_before(self, code: str, review: Review, value: str) -> None:
        """The column of the period before: as it was counted when this one was closed."""
        moment, before = review.closed_at or NOW, review.period.previous
        if before.first < FIRST:
            return
        if code == "K01" and (found := WHOLE.match(value)):
            self.note_doers(before, moment, number_in(found[1]))
        elif code == "K26" and before.parts:
            self.note_mean(before, moment, value)
        elif code in SHARES and (found := PERCENT.match(value)):
            self.note_percent(code, before, moment, round(float(found[1]) * 10))

    def note_percent(self, code: str, period: Period, moment: datetime, tenths: int) -> None:
        """A share without its numerator: rounded to a tenth of a percent."""
        self.read.append(("percent", code))
        low, high = Fraction(2 * tenths - 1, 20), Fraction(2 * tenths + 1, 20)
        self.note_between(*self.groups_of(code, period, moment), low, high)
        if code == "K26":
            self.rates.setdefault(self.months_of(code, period, moment)[0], (low, high))

    def note_between(self, doing: list, rest: list, low: Fraction, high: Fraction) -> None:
        """So many percent of them, from the one to the other, do."""
        for sign, end in ((1, low), (-1, high)):
            part, whole = end.as_integer_ratio()  # people are whole, and so is what is over
            terms = dict.fromkeys(doing, sign * (100 * whole - part))
            self.equations.at_least(terms | dict.fromkeys(rest, -sign * part))

    def months_of(self, code: str, period: Period, moment: datetime) -> list[tuple[date, int]]:
        """The months that a share counts, with the state of their records: of what is counted at
        the end of a period the last.
        """
        months = period.months[-1:] if code in AT_THE_END else period.months
        return [(month.first, self.version(month, moment)) for month in months]

    def groups_of(self, code: str, period: Period, moment: datetime) -> tuple[list, list]:
        """Who counts in a share, and who of its denominator does not."""
        months, (yes, no) = self.months_of(code, period, moment), SHARES[code]
        return (
            [(part, *month) for part in yes for month in months],
            [(part, *month) for part in no for month in months],
        )

    def note_mean(self, period: Period, moment: datetime, value: str) -> None:
        """K26 of a longer period is the mean of its months: what it says of each follows when all
        have been read.
        """
        if found := PERCENT.match(value):
            self.read.append(("mean", period))
            self.means.append((self.months_of("K26", period, moment), Fraction(found[1])))

    def relate_means(self) -> None:
        """Each mean and all but one of its months tell of the last one."""
        for months, mean in self.means:
            for month in months:
                others = [self.rates.get(each) for each in months if each != month]
                if None not in others:
                    whole = len(months) * mean, len(months) * Fraction(1, 20)
                    low = whole[0] - whole[1] - sum(high for _low, high in others)
                    high = whole[0] + whole[1] - sum(low for low, _high in others)
                    self.note_between([("met", *month)], [("unmet", *month)], low, high)

    def note_means(self, review: Review) -> None:
        """Days and days per person (K04, K06): one by the other is the number of people."""
        page = rows_of_page(self.get(f"/{self.code}/reviews/{review.pk}/"))
        values = {row[0][:3]: row[1] for row in page if len(row) == 6}
        days, mean = (re.match(r"([\d.,]+)", values.get(code, "")) for code in ("K04", "K06"))
        if days is None or mean is None or review.period.parts:
            return
        whole, each = float(days[1].replace(",", "")), float(mean[1])
        fitting = [n for n in range(1, 500) if abs(whole / n - each) <= 0.051]
        if whole and fitting:
            self.read.append(("K06", review.period))
            group = self.doers(review.period, review.closed_at or NOW)
            self.equations.at_least({group: 1}, fitting[0])
            self.equations.at_least({group: -1}, -fitting[-1])

    def note_figure(self, code: str, review: Review, value: str, base: str) -> None:
        """A figure of a period as its review tells it, frozen at its closing or as of now."""
        if review.department_id:
            raise AssertionError("figures of a single department")
        moment = review.closed_at or NOW
        if code == "K01" and (found := WHOLE.match(value)):
            self.note_doers(review.period, moment, number_in(found[1]))
        elif code == "K26" and review.period.parts:
            self.note_mean(review.period, moment, value)
        elif code in SHARES and (fraction := FRACTION.search(base)):
            taking, of = map(number_in, fraction.groups())
            self.note_share(code, review.period, moment, taking, of)
        if "いまは" in value:
            raise AssertionError(f"what changed since: {value}")

    def note_share(self, code: str, period: Period, moment: datetime, taking: int, of: int) -> None:
        """Person-months: so many of those in a period."""
        self.read.append((code, period))
        doing, rest = self.groups_of(code, period, moment)
        self.equations.add(dict.fromkeys(doing, 1), taking)
        self.equations.add(dict.fromkeys(rest, 1), of - taking)
        if code == "K26" and of:
            rate = Fraction(100 * taking, of)
            self.rates[self.months_of(code, period, moment)[0]] = (rate, rate)

    def note_doers(self, period: Period, moment: datetime, count: int) -> None:
        """People of a period, each once."""
        self.read.append(("K01", period))
        whole = self.doers(period, moment)
        self.equations.add({whole: 1}, count)

    def doers(self, period: Period, moment: datetime) -> Any:
        """The group of those who teleworked in a period, with what is known of its parts."""
        months = period.months
        group = (
            "did",
            period.cadence,
            period.first,
            tuple(self.version(month, moment) for month in months),
        )
        if not period.parts:
            first, version = period.first, group[3][0]
            parts = [(kind, first, version) for kind in ("taker", "other taker", "outsider")]
            self.equations.same([group], parts)
            return group
        parts = [self.doers(part, moment) for part in period.parts]
        for part in parts:
            self.equations.same([group], [part, ("only outside", group, part)])
        if len(parts) == 2:
            self.equations.same(parts, [group, ("in both", group)])
        return group

    def version(self, month: Period, moment: datetime) -> int:
        """Which state of the month's records somebody saw."""
        return self.made.version(month.first, moment)

    def late_people(self) -> None:
        """Each late delivery adds people: those who count with it are those before and some
        more.
        """
        for first in {first for first, _moment in self.made.late}:
            for number in range(self.made.version(first, NOW)):
                for yes, no in (*SHARES_OF_MONTH, ("participant", "idle")):
                    more = ("late", yes, first, number)
                    self.equations.same([(yes, first, number + 1)], [(yes, first, number), more])
                    self.equations.same([(no, first, number)], [(no, first, number + 1), more])

    # --- the last month by department --------------------------------------------------------

    def read_dashboard(self) -> None:
        """Tiles and the breakdown by department."""
        page = self.get(f"/{self.code}/dashboard/")
        moment = self.closing_of(LAST)
        tiles = page[page.index("<main") : page.index('id="usage"')]
        for code, name in TILES.items():
            if name in tiles:
                text = tiles[tiles.index(name) :][:1500]
                plain = re.sub(r"<[^>]+>", " ", text).split(f"{code}の定義")[0]
                told = ((LAST, moment), (LAST.previous, self.closing_of(LAST.previous)))
                for when, fraction in zip(told, FRACTION.findall(plain), strict=False):
                    self.read.append(("tile", code))
                    self.note_share(code, *when, *map(number_in, fraction))
        table = page[page.index('id="usage"') :]
        table = table[: table.index("</section>")]
        self.note_breakdown(rows_of_page(table))
        self.note_trend(page)

    def note_trend(self, page: str) -> None:
        """The shares of the earlier months."""
        if 'id="trend"' not in page:
            return
        rows = rows_of_page(page[page.index('id="trend"') :].partition("</section>")[0])
        codes: list[str] = []
        for row in rows:
            if row and not row[0]:
                codes = ["K03" if "対象職員" in cell else "K02" for cell in row[1:]]
            elif codes and (named := re.fullmatch(r"(\d+)月", row[0])):
                month = Period.holding(Period.MONTH, date(2026, int(named[1]), 1))
                for code, cell in zip(codes, row[1:], strict=True):
                    if re.fullmatch(r"[\d.]+", cell):
                        tenths = round(float(cell) * 10)
                        self.note_percent(code, month, self.closing_of(month), tenths)

    def closing_of(self, period: Period) -> datetime:
        """When the body's review of a period was closed; now while it is open."""
        review = Review.objects.get(
            municipality=self.made.town.body,
            department=None,
            cadence=period.cadence,
            first=period.first,
        )
        return review.closed_at or NOW

    def note_breakdown(self, rows: list[list[str]]) -> None:
        """Takers and the rest of each department, and together."""
        version = self.made.version(LAST.first, NOW)
        listed = [row for row in rows if len(row) == 4 and row[0] in self.places]
        if not listed:
            return
        for part, whole in (("taker", "taker"), ("rest", "rest")):
            groups = [("in", row[0], part) for row in listed]
            self.equations.same([(whole, LAST.first, version)], groups)
        for row in listed:
            if any("未提出" in cell or "実績なし" in cell for cell in row[1:]):
                self.read.append(("known zero", row[0]))
                self.equations.add({("in", row[0], "taker"): 1}, 0)
        for row in [row for row in rows if len(row) == 4]:
            if not re.fullmatch(r"[\d,]+", row[1]):
                continue
            self.read.append(("breakdown", row[0]))
            taking, of = number_in(row[1]), number_in(row[2])
            if row[0] in self.places:
                self.equations.add({("in", row[0], "taker"): 1}, taking)
                self.equations.add({("in", row[0], "rest"): 1}, of - taking)
            elif "全体" in row[0]:
                self.equations.add({("taker", LAST.first, version): 1}, taking)
                self.equations.add({("rest", LAST.first, version): 1}, of - taking)

    @property
    def places(self) -> set[str]:
        """Names of the departments."""
        town = self.made.town
        return {place.name for place in [*self.made.places, town.kikaku, town.zeimu]}

    def read_home(self) -> None:
        """The figures of the last month on 対応事項."""
        for row in rows_of_page(self.get(f"/{self.code}/")):
            for label, value in pairwise(row):
                found = re.fullmatch(r"([\d,]+)人 / 対象([\d,]+)人", value)
                if label == "実施者" and found:
                    taking, of = map(number_in, found.groups())
                    self.note_share("K03", LAST, NOW, taking, of)

    # --- pilots -------------------------------------------------------------------------------

    def read_pilots(self) -> None:
        """List, file, page and evidence of every pilot, and how they make up the months."""
        by_name = {}
        for pilot in self.made.pilots:
            self.relate_pilot(pilot)
            by_name[pilot.name] = pilot
            self.note_pilot(pilot, self.get(f"/{self.code}/pilots/{pilot.pk}/"), "now")
        for expansion in Expansion.objects.of(self.made.town.body):
            page = self.get(f"/{self.code}/pilots/expansions/{expansion.pk}/")
            self.note_pilot(expansion.pilot, page, f"evidence {expansion.pk}")
        self.relate_months()
        listed = self.get(f"/{self.code}/pilots/")
        for row in rows_of_page(listed):
            if len(row) >= 5 and row[0] in by_name and row[4].isdigit():
                self.note_agreed(by_name[row[0]], int(row[4]), "now")
        answer = self.client.get(f"/{self.code}/pilots/?file=csv")
        for line in b"".join(answer).decode("utf-8-sig").splitlines()[1:]:
            cells = [cell.strip('"') for cell in line.split(",")]
            if cells[0] in by_name and cells[5].isdigit():
                self.note_agreed(by_name[cells[0]], int(cells[5]), "now")

    def read_files(self) -> None:
        """The lists as workbooks: that of the pilots tells what its page does, the others count no
        people.
        """
        by_name = {pilot.name: pilot for pilot in self.made.pilots}
        for cells in self.workbook("pilots"):
            if cells[0] in by_name and isinstance(cells[5], int):
                self.note_agreed(by_name[cells[0]], cells[5], "now")
        for name in ("departments", "reviews", "training", "actions", "indicators", "decisions"):
            head, *rows = self.workbook(name)
            self.read.append(("workbook", name))
            counted = {
                head[place]
                for row in rows
                for place, cell in enumerate(row)
                if isinstance(cell, (int, float)) or NUMBERS.search(str(cell))
            }
            if not counted <= NO_PEOPLE:
                raise AssertionError(f"numbers in the list of {name}: {counted - NO_PEOPLE}")

    def workbook(self, name: str) -> list[list[Any]]:
        """Rows of a list that is taken as a workbook, with its heading."""
        answer = self.client.get(f"/{self.code}/{name}/?file=xlsx")
        sheet = load_workbook(BytesIO(b"".join(answer))).worksheets[0]
        return [list(row) for row in sheet.iter_rows(values_only=True)]

    def note_agreed(self, pilot: Any, count: int, when: str) -> None:
        """So many take part."""
        self.read.append(("agreed", pilot.pk))
        self.equations.add({("did", pilot.pk, when): 1, ("not", pilot.pk, when): 1}, count)

    def note_pilot(self, pilot: Any, page: str, when: str) -> None:
        """Tiles and criteria of a pilot or of its evidence."""
        text = " ".join(re.sub(r"<[^>]+>", " ", page[page.find("<main") :]).split())
        if found := re.search(r"([\d,]+)人が同意", text):
            self.note_agreed(pilot, number_in(found[1]), when)
        for row in rows_of_page(page):
            if (
                len(row) == 5
                and row[0] == PILOT_INDICATORS["K40"].name
                and (part := FRACTION.search(row[3]))
            ):
                taking, of = map(number_in, part.groups())
                self.read.append(("pilot", pilot.pk))
                self.equations.add({("did", pilot.pk, when): 1}, taking)
                self.equations.add({("not", pilot.pk, when): 1}, of - taking)
            if (
                len(row) == 5
                and row[0] == PILOT_INDICATORS["K38"].name
                and (found := WHOLE.match(row[2]))
            ):
                self.equations.add({("did", pilot.pk, when): 1}, number_in(found[1]))

    def relate_pilot(self, pilot: Any) -> None:
        """What is known of a pilot, whatever its page says: who did by the time of its evidence
        did; who did in a month did.
        """
        did, rest = ("did", pilot.pk, "now"), ("not", pilot.pk, "now")
        for expansion in Expansion.objects.filter(pilot=pilot):
            before, more = f"evidence {expansion.pk}", ("since", expansion.pk)
            self.equations.same([did], [("did", pilot.pk, before), more])
            self.equations.same([("not", pilot.pk, before)], [rest, more])
        for month in self.months_of_pilot(pilot):
            here, there = ("did in", pilot.pk, month), ("did only outside", pilot.pk, month)
            self.equations.same([did], [here, there])
        if LAST.first in self.months_of_pilot(pilot):
            name = pilot.places[0].name
            here, other = ("did in", pilot.pk, LAST.first), ("did beside", pilot.pk)
            self.equations.same([("in", name, "taker")], [here, other])
            self.equations.same(
                [("in", name, "taker"), ("in", name, "rest")], [did, rest, ("beside", pilot.pk)]
            )

    def months_of_pilot(self, pilot: Any) -> list[date]:
        """The months in which it ran."""
        months = [Period.holding(Period.MONTH, date(2026, number, 1)) for number in range(4, 11)]
        return [
            month.first
            for month in months
            if pilot.first_day <= month.last and pilot.ends_on >= month.first
        ]

    def relate_months(self) -> None:
        """K35 of a month is made of the pilots that ran in it; participants are 対象職員."""
        running: dict[date, list[Any]] = defaultdict(list)
        for pilot in self.made.pilots:
            for month in self.months_of_pilot(pilot):
                running[month].append(pilot.pk)
        for month, pilots in running.items():
            newest = self.made.version(month, NOW)
            for version in range(newest + 1):
                for part, whole in (("participant", "taker"), ("idle", "rest")):
                    self.equations.same(
                        [(whole, month, version)],
                        [(part, month, version), ("no " + part, month, version)],
                    )
            self.equations.same(
                [("participant", month, newest)], [("did in", pilot, month) for pilot in pilots]
            )
            self.equations.same(
                [("participant", month, newest), ("idle", month, newest)],
                [(part, pilot, "now") for pilot in pilots for part in ("did", "not")],
            )

    def read_departments(self) -> None:
        """The list tells no number of staff: beside 対象職員 of a month any would be too much."""
        rows = rows_of_page(self.get(f"/{self.code}/departments/"))
        assert rows
        assert not any(cell.removesuffix("人").isdigit() for row in rows for cell in row[2:])


SHARES_OF_MONTH = (
    ("taker", "rest"),
    ("other taker", "other rest"),
    ("trained", "behind"),
    ("met", "unmet"),
)

AT_THE_END = ("K24", "K27")
"""Codes that are counted as of the last day of a period."""

TILES = {
    "K03": "実施率(対象職員)",
    "K02": "実施率(全職員)",
    "K24": "研修受講率",
    "K26": "1on1実施率",
}

NO_PEOPLE = {"階層", "所要時間(分)", "定義の版", "指標", "注記"}
"""Columns with numbers that count no people: sizes, versions, and words of definitions."""

SHARES = {
    "K02": (("taker", "other taker"), ("rest", "other rest")),
    "K03": (("taker",), ("rest",)),
    "K24": (("trained",), ("behind",)),
    "K26": (("met",), ("unmet",)),
    "K27": (("goals",), ("no goals",)),
    "K35": (("participant",), ("idle",)),
}
"""Groups that count in each share, and those that do not."""


def a_reader(made: PublishedTown, who: str) -> Reader:
    """A consultant or an auditor of the town, before anything was read."""
    return Reader(made, signed_in(Member.objects.get(pk=getattr(made.town, who).pk)))
