"""Tables of a decision: columns of numbers are set as numbers, words wrap."""

from __future__ import annotations

import pytest

from municipality.decisions.presenters.content import tables

TABLE = {
    "title": "部署ごとの計画",
    "asof": "",
    "head": ["部署", "目的", "職員数", "実績", "判定"],
    "rows": [
        ["税務課", "申告期の前に、在宅で行える業務を広げる。", "14人", "18 / 23人", {"tone": "ok"}],
        ["住民課", "2つの窓口を予約制にする。", "—", "＊", "達成"],
    ],
}


def test_only_what_holds_numbers_is_set_as_numbers():
    [table] = tables({"tables": [TABLE]})
    assert [is_number for _head, is_number in table["head"]] == [False, False, True, True, False]
    head, cell, is_number = table["rows"][0][2]
    assert (head, cell, is_number) == ("職員数", "14人", True)


@pytest.mark.parametrize("content", [{}, {"tables": [{**TABLE, "rows": []}]}])
def test_a_table_may_be_empty_or_missing(content):
    assert all(table["rows"] == [] for table in tables(content))
