"""What was frozen reads in ten years as it reads today: its format is pinned by a file."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, npgettext_lazy, override, pgettext_lazy

from municipality.core.worded import FORMS, UNREADABLE, kept, said, worded

FOLDER = Path(__file__).parents[1] / "decisions"
FROZEN = json.loads((FOLDER / "frozen_worded.json").read_text())
"""By name: what was frozen, and how it reads in both languages. English may be worded anew; what
was frozen and its Japanese never change here. A new form is added, none is taken away.
"""


def parts_of(value: Any) -> Iterator[dict[str, Any]]:
    """Every dictionary in what was frozen."""
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value:
        if isinstance(each, dict | list):
            yield from parts_of(each)


PARTS = [part for row in FROZEN.values() for part in parts_of([row["frozen"]])]


def plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", FROZEN)
def test_what_was_frozen_reads_as_it_did(name, language):
    with override(language):
        assert plain(worded(FROZEN[name]["frozen"])) == FROZEN[name][language]


def test_each_form_and_each_kind_of_message_stands_in_the_file():
    assert {part["as"] for part in PARTS if "as" in part} == {*FORMS}
    kinds = {frozenset(part) for part in PARTS if "says" in part}
    plural, context, values = {"plural", "number"}, {"context"}, {"values"}
    assert kinds >= {
        frozenset({"says"} | extra)
        for extra in (set(), values, context, context | values, plural | values)
    }
    assert any(kind >= plural | context for kind in kinds)
    assert any("date" in part for part in PARTS)


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        (_("成功の基準"), {"says": "成功の基準"}),
        (pgettext_lazy("試行", "目的"), {"says": "目的", "context": "試行"}),
        (ngettext_lazy("一つ", "多く", 2), {"says": "一つ", "plural": "多く", "number": 2}),
        (
            npgettext_lazy("文脈", "一つ", "多く", 2),
            {"says": "一つ", "plural": "多く", "number": 2, "context": "文脈"},
        ),
    ],
)
def test_a_lazy_message_tells_what_it_was_made_of(message, parts):
    """Django tells it (tests/meta/test_private_names.py says what to do when it does no more)."""
    assert kept(message) == parts
    assert kept(said(message)) == parts | {"values": {}}


@pytest.mark.parametrize("zone", [None, UTC])
def test_a_moment_is_refused_when_it_is_frozen_not_when_it_is_read(zone):
    moment = datetime(2026, 11, 4, 20, 30, tzinfo=zone)
    with pytest.raises(TypeError, match="frozen as its day"):
        kept({"spec": [["締めの日", said(_("%(day)sまで"), day=moment)]]})


def test_what_cannot_be_read_is_logged_in_one_bounded_line(caplog):
    with caplog.at_level(logging.ERROR):
        assert worded({"as": "gone\n" * 100, "of": ["秘密"]}) == UNREADABLE
    (record,) = caplog.records
    line = record.getMessage()
    assert line.startswith("Frozen text cannot be read: 'gone")
    assert ("\n" in line, len(line) < 130, "秘密" in line) == (False, True, False)
