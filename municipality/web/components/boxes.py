"""決裁欄: the seals of a decision in the order of its route."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.template import Library
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.core.date_words import seal_day
from municipality.web.components.charts import text_width
from municipality.web.components.drawing import draw

register = Library()


PER_ROW = 9


@dataclass(frozen=True)
class SealCell:
    """One step of a route as drawn. `state`: 'done', 'now', 'todo', 'returned' or 'skipped'.

    The seal carries `seal_post`, `seal_date` and `seal_name`; `mark` is '代' or '引'; `note` stands
    below (date, 同意, due); `text` replaces the words in an empty seal field (the reason of an
    absence); `together` ties parallel 合議.
    """

    kind: str
    post: str
    state: str = "todo"
    seal_post: str = ""
    seal_date: dt.date | str = ""
    seal_name: str = ""
    mark: str = ""
    note: str = ""
    text: str = ""
    together: bool = False


def _words(cell) -> str:
    """Text in the seal field of a step without a seal."""
    return {
        "now": pgettext("決裁欄", "確認中"),
        "todo": pgettext("決裁欄", "これから"),
        "returned": pgettext("決裁欄", "差戻し"),
        "skipped": pgettext("決裁欄", "省略"),
    }.get(cell.state, "")


def _size(text: str, room: int, largest: int) -> int:
    """Font size at which a text fits the width of the seal (in units of the drawing)."""
    return max(8, min(largest, int(room / (text_width(text, 100) / 100 or 1))))


@register.simple_tag
def seal(post: str, date, name: str) -> SafeString:
    """`{% seal '課長' date '髙瀬' %}`: the date seal, drawn; a screen reader hears post, date and
    name.
    """
    written = date if isinstance(date, str) else seal_day(date)
    return draw(
        "seal",
        post=post,
        date=written,
        name=name,
        spoken=_("%(post)s %(name)sの印、%(date)s") % {"post": post, "name": name, "date": written},
        post_size=_size(post, 54, 14),
        name_size=_size(name, 54, 17),
    )


@register.simple_tag
def decision_boxes(cells, small: bool = False, label: str = "") -> SafeString:
    """`{% decision_boxes cells %}`: the 決裁欄 from `Cell` objects, with a key to the marks that
    occur.

    More than nine steps stand in two rows. Narrow screens get a line per step; print always gets
    the ruled form.
    """
    cells = list(cells)
    half = (len(cells) + 1) // 2 if len(cells) > PER_ROW else len(cells)
    rows = [row for row in (cells[:half], cells[half:]) if row]
    drawn = [[(cell, getattr(cell, "text", "") or _words(cell)) for cell in row] for row in rows]
    marks = {cell.mark for cell in cells}
    return draw(
        "decision_boxes",
        rows=drawn,
        small=small,
        label=label or pgettext("決裁", "決裁欄"),
        deputy="代" in marks,
        raised="引" in marks,
    )
