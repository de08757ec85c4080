"""Charts drawn on the server as SVG: presentation attributes only (strict CSP), every text escaped
in one place.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.template import Library
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from municipality.web.components.dates import number
from municipality.web.components.drawing import draw
from municipality.web.components.figures import hidden_mark

register = Library()


@dataclass(frozen=True)
class ChartLine:
    """One series. `style` is 'main', 'second' or 'target'; None in `values` is a gap, never zero.

    `marked` names the points of the main series that carry their value; the last one always does.
    `breaks` names the points that are not joined with the one before, since they count something
    else; `hidden` those that the reader is not told, which the table marks.
    """

    name: str
    values: Sequence[float | None]
    style: str = "main"
    marked: Sequence[int] = (0,)
    breaks: Sequence[int] = ()
    hidden: Sequence[int] = ()


@dataclass(frozen=True)
class Bar:
    """One bar with its words: `text` is the value as written (31.5人日). None as value is 未提出 or
    suppressed.
    """

    label: str
    value: float | None
    text: str = ""
    style: str = "main"
    address: str = ""


@dataclass(frozen=True)
class TimelineSpan:
    """One bar of a timeline, in months from its beginning (0.5 = middle of the first). `style`:
    run, done, wait, plan.
    """

    label: str
    start: float
    end: float
    word: str
    style: str = "run"
    address: str = ""


@dataclass(frozen=True)
class Plane:
    """The drawing area of a line chart: width and margins, `steps` values to the right, `top` the
    largest value.

    Every `every`-th step has its label, every `step` of the value a line of the grid.
    """

    width: int
    right: int
    steps: int
    top: float
    step: float
    every: int
    height: int = 246
    left: int = 34
    above: int = 28
    below: int = 26

    def x(self, index: int) -> float:
        """Horizontal position of the value with this index."""
        return round(
            self.left + (self.width - self.left - self.right) * index / max(1, self.steps - 1), 1
        )

    def y(self, value: float) -> float:
        """Vertical position of a value."""
        return round(
            self.height - self.below - (self.height - self.above - self.below) * value / self.top, 1
        )


FULL_WIDTH = 0x2E7F

NARROW = 300

STROKES = {
    "main": {"class": "c-main", "stroke-width": "2.5"},
    "second": {"class": "c-second", "stroke-width": "2", "stroke-dasharray": "6 3"},
    "target": {"class": "c-target", "stroke-width": "1.75", "stroke-dasharray": "2 4"},
}


def shape(name: str, text: str = "", **attributes: float | str) -> SafeString:
    """SVG element with escaped attributes and text; underscores in attribute names become
    hyphens.
    """
    written = format_html_join(
        "",
        ' {}="{}"',
        ((key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items()),
    )
    return format_html("<{}{}>{}</{}>", name, written, text, name)


def top_of(values: Sequence[float]) -> tuple[float, float]:
    """Rounded maximum of the axis, and the distance of the grid lines."""
    largest = max([*values, 0]) or 1
    step = 10 ** math.floor(math.log10(largest))
    step = next(part for part in (step / 5, step / 2, step, step * 2) if largest / part <= 5)
    return math.ceil(largest / step) * step, step


def _grid(plane: Plane, labels: Sequence[str]) -> list[SafeString]:
    parts = []
    for index in range(round(plane.top / plane.step) + 1):
        y = plane.y(index * plane.step)
        style = "c-zero" if index == 0 else "c-grid"
        parts.append(
            shape("line", class_=style, x1=plane.left, x2=plane.width - plane.right, y1=y, y2=y)
        )
        words = number(round(index * plane.step, 6)).removesuffix(".0")
        parts.append(shape("text", words, x=plane.left - 6, y=y + 5, text_anchor="end"))
    for index, label in enumerate(labels):
        if index % plane.every == (len(labels) - 1) % plane.every:
            parts.append(
                shape("text", label, x=plane.x(index), y=plane.height - 6, text_anchor="middle")
            )
    return parts


def _runs(
    values: Sequence[float | None], breaks: Sequence[int] = ()
) -> list[list[tuple[int, float]]]:
    """Sections without gaps, as (index, value); a new one begins at each of `breaks`."""
    runs: list[list[tuple[int, float]]] = [[]]
    for index, value in enumerate(values):
        if value is None or index in breaks:
            runs.append([])
        if value is not None:
            runs[-1].append((index, value))
    return [run for run in runs if run]


def _series(plane: Plane, line: ChartLine) -> list[SafeString]:
    runs, style = _runs(line.values, getattr(line, "breaks", ())), STROKES[line.style]
    parts = [
        shape(
            "polyline",
            fill="none",
            points=" ".join(f"{plane.x(i)},{plane.y(v)}" for i, v in run),
            **style,
        )
        for run in runs
    ]
    if line.style == "main":
        points = [(plane.x(i), plane.y(v)) for run in runs for i, v in run]
        parts += [shape("circle", cx=x, cy=y, r=4, class_="c-point") for x, y in points[:-1]]
        parts += [shape("circle", cx=x, cy=y, r=4.5, class_="c-last") for x, y in points[-1:]]
        parts += [
            _mark(plane, i, v)
            for run in runs
            for i, v in run
            if i in line.marked and i < len(line.values) - 1
        ]
    return parts


def _mark(plane: Plane, index: int, value: float) -> SafeString:
    anchor = "start" if index == 0 else "middle"
    return shape(
        "text",
        number(value),
        x=plane.x(index),
        y=plane.y(value) - 9,
        class_="t-mark",
        text_anchor=anchor,
    )


def text_width(text: str, size: int = 14) -> int:
    """Approximate width of a text: full-width letters count one font size, others a little over
    half.
    """
    return round(sum(1 if ord(letter) > FULL_WIDTH else 0.56 for letter in text) * size)


def _ends(plane: Plane, lines: Sequence[ChartLine], unit: str) -> list[SafeString]:
    """Labels at the ends of the lines, kept at least one line of text apart."""
    last = [
        (plane.y(runs[-1][-1][1]), runs[-1][-1][1], line)
        for line in lines
        if (runs := _runs(line.values))
    ]
    parts, floor = [], 0.0
    for y, value, line in sorted(last, key=lambda end: end[0]):
        floor = max(y + 5, floor + 17)
        words = f"{line.name} {number(value)}{unit}"
        parts.append(
            shape(
                "text",
                words,
                x=plane.width - plane.right + 10,
                y=round(floor, 1),
                class_=f"t-{line.style}",
            )
        )
    return parts


def _drawing(
    plane: Plane, lines: Sequence[ChartLine], labels: Sequence[str], unit: str, label: str
) -> SafeString:
    parts = _grid(plane, labels)
    for line in lines:
        parts += _series(plane, line)
    parts += _ends(plane, lines, unit)
    body = format_html_join("", "{}", ((part,) for part in parts))
    values = (
        "is-wide" if plane.width > NARROW else "is-narrow",
        plane.width,
        plane.height,
        label,
        body,
    )
    return format_html(
        '<svg class="chart {}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>', *values
    )


@register.simple_tag
def line_chart(lines, labels, label: str, unit: str = "") -> SafeString:
    """`{% line_chart lines labels label='…' unit='%' %}`: up to two series and a target over time,
    with a table beside.

    `label` is the sentence a screen reader hears. Drawn twice, for wide and for narrow screens, so
    that letters stay 14 px.
    """
    lines, labels = list(lines), [str(text) for text in labels]
    top, step = top_of([value for line in lines for value in line.values if value is not None])
    room = max((text_width(f"{line.name} 00.0{unit}") for line in lines), default=0) + 16
    wide = Plane(440, min(150, room), len(labels), top, step, every=max(1, -(-len(labels) // 8)))
    narrow = Plane(
        NARROW, min(132, room), len(labels), top, step, every=max(1, -(-len(labels) // 4))
    )
    drawn = {
        "wide": _drawing(wide, lines, labels, unit, label),
        "narrow": _drawing(narrow, lines, labels, unit, label),
    }
    rows = [(text, [_told(line, index) for line in lines]) for index, text in enumerate(labels)]
    return draw("line_chart", **drawn, lines=lines, rows=rows, label=label, unit=unit)


def _told(line: ChartLine, index: int) -> str:
    """A value in the table beside the drawing."""
    return hidden_mark() if index in getattr(line, "hidden", ()) else number(line.values[index])


@register.simple_tag
def bar_chart(bars, label: str, top: float | None = None) -> SafeString:
    """`{% bar_chart bars label='…' %}`: one line per bar: name, bar, value as written. It is a
    list, so it needs no table.
    """
    bars = list(bars)
    most = top or max([bar.value for bar in bars if bar.value is not None], default=0) or 1
    rows = [(bar, round(min(100, 100 * (bar.value or 0) / most), 2)) for bar in bars]
    return draw("bar_chart", rows=rows, label=label)


@register.simple_tag
def share_bar(bars, label: str) -> SafeString:
    """`{% share_bar bars label='…' %}`: parts of a whole in one bar with words below; `style` is
    'a' to 'd' as the judgement.
    """
    bars = [bar for bar in bars if bar.value]
    whole = sum(bar.value for bar in bars) or 1
    parts, x = [], 0.0
    for bar in bars:
        share = 100 * bar.value / whole
        place = {"x": round(x, 2), "width": round(share, 2), "percent": round(share)}
        parts.append({"bar": bar, "inside": share > 6, "roomy": share > 18, **place})
        x += share
    return draw("share_bar", parts=parts, label=label)


@register.simple_tag
def timeline(
    spans, months, today: float | None = None, today_label: str = "", label: str = ""
) -> SafeString:
    """`{% timeline spans months today=7.3 today_label='11/10' %}`: bars over a grid of months, each
    with its word.
    """
    months = [str(month) for month in months]
    rows = [
        {
            "span": span,
            "x": round(span.start, 3),
            "width": round(max(0.15, span.end - span.start), 3),
        }
        for span in spans
    ]
    n = len(months)
    for row in rows:
        row["outside"] = row["width"] / n < 0.12
        row["before"] = row["outside"] and (row["x"] + row["width"]) / n > 0.8
        row["word_x"] = round(
            100 * (row["x"] + (row["width"] if row["outside"] and not row["before"] else 0)) / n, 2
        )
    values = {
        "n": n,
        "grid": "".join(f"M{month} 0v1" for month in range(1, n)),
        "label": label or _("月ごとの予定"),
    }
    if today is not None:
        values |= {"today": round(today, 3), "today_x": round(100 * today / n, 2)}
    return draw(
        "timeline",
        rows=rows,
        months=months,
        today_label=today_label,
        today_words=_("今日 %s") % today_label,
        **values,
    )
