"""Hiding figures that count few people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from municipality.core.small_cells import groups, is_hidden
from pilots.days.rules import USAGE_CODES, hidden_usage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from municipality.core.figures import Figure


def hidden_codes(figures: Mapping[str, Figure], least: int) -> frozenset[str]:
    """Codes of the figures of one period, all of which count people, that must be hidden from
    somebody who may not read numbers of fewer than `least` people (0 hides nothing).
    """
    rest = {
        code
        for code, figure in figures.items()
        if code not in USAGE_CODES and is_hidden(groups(figure), least)
    }
    return hidden_usage(figures, least) | rest
