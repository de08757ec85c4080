"""Figures: tiles and heat cells. 未提出, the mark of a hidden number and — are three different
marks, and none of them is zero.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.template import Library
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.core.date_words import NOTHING
from municipality.core.small_cells import MARK
from municipality.web.components.dates import number
from municipality.web.components.drawing import draw

register = Library()


BOUNDS = (1.0, 2.0, 2.8, 3.4)


@dataclass(frozen=True)
class Tile:
    """One figure as drawn. `value_text` is written with its decimals, `change_text` with its unit
    (4.2ポイント).

    `direction` is 'up', 'down' or '' (unchanged) and tells where the number went; `change_good`
    (True, False or None) tells whether that is an improvement. `base_text` names what it is
    compared with and numerator / denominator. `suppressed` hides it; `missing_text` (未提出: 総務課)
    stands below the value, or 未提出 in its place where there is none. `mark_text` says why it is not
    compared with the period before.
    """

    name: str
    value_text: str = ""
    unit: str = ""
    change_text: str = ""
    change_good: bool | None = None
    direction: str = ""
    base_text: str = ""
    definition_url: str = ""
    definition_label: str = ""
    suppressed: bool = False
    missing_text: str = ""
    mark_text: str = ""


def _change_word(good: bool | None) -> str:
    if good is None:
        return pgettext("指標", "変わらず")
    return pgettext("指標", "改善") if good else pgettext("指標", "悪化")


@register.simple_tag
def tile(figure) -> SafeString:
    """`{% tile figure %}`: one figure of the row of tiles, from a `Tile` or anything with its
    attributes. What has no value has no unit.
    """
    good = figure.change_good
    tone = {True: "up", False: "dn"}.get(good, "")
    shape = getattr(figure, "direction", "") or "level"
    word = _change_word(good)
    unit = "" if figure.value_text in ("", NOTHING) else figure.unit
    return draw("tile", figure=figure, unit=unit, tone=tone, shape=shape, word=word, mark=MARK)


@register.simple_tag
def tiles(figures) -> SafeString:
    """`{% tiles figures %}`: the whole row of tiles, five in a row, two on narrow screens."""
    return draw("tiles", figures=figures)


@register.simple_tag
def hidden_mark() -> SafeString:
    """`{% hidden_mark %}`: mark in place of a number that is hidden because it counts few
    people.
    """
    return format_html('<abbr title="{}">{}</abbr>', _("少人数のため非表示"), MARK)


@register.simple_tag
def hidden_sign() -> str:
    """`{% hidden_sign as mark %}`: the bare mark, for the sentence that explains it."""
    return MARK


@register.filter
def number_of_people(value: int | str) -> str:
    """`{{ line.people|number_of_people }}`: the number, or the mark explained where the gate
    (core/small_cells) put it in its place.
    """
    return hidden_mark() if value == MARK else number(value)


def heat_level(value, bounds=BOUNDS) -> int:
    """Shade (0 to 4) of a value."""
    return sum(value >= bound for bound in bounds)


@register.simple_tag
def heat(
    value=None, state: str = "", blocker: bool = False, bounds=BOUNDS, decimals: int = 1
) -> SafeString:
    """`{% heat 3.0 %}`: one `td` of a heat map. `state` is 'missing' (未提出), 'suppressed',
    'total' or empty.

    `blocker` adds the red corner of an unmet condition, with words for a screen reader.
    """
    if state == "missing":
        return format_html(
            '<td class="hx"><abbr title="{}">{}</abbr></td>',
            pgettext("指標", "未提出"),
            pgettext("未提出の略", "未"),
        )
    if state == "suppressed":
        return format_html('<td class="hs">{}</td>', hidden_mark())
    if value is None:
        return format_html('<td class="hs">{}</td>', "—")
    shade = "tot" if state == "total" else f"h{heat_level(value, bounds)}"
    hidden = format_html('<span class="vh">{}</span>', _("必須条件が未達")) if blocker else ""
    return format_html(
        '<td class="{}{}">{}{}</td>',
        shade,
        " hb" if blocker else "",
        number(value, decimals),
        hidden,
    )


@register.simple_tag
def heat_key(bounds=BOUNDS) -> SafeString:
    """`{% heat_key %}`: what the shades and marks of a heat map mean."""
    low, mid, high, top = bounds
    step = 0.1
    return draw(
        "heat_key",
        shades=[
            (0, pgettext("値", "%s未満") % low),
            (1, f"{low}–{mid - step:.1f}"),
            (2, f"{mid}–{high - step:.1f}"),
            (3, f"{high}–{top - step:.1f}"),
            (4, pgettext("値", "%s以上") % top),
        ],
    )
