"""What is shown of frozen content depends on its keys, and on its words only where it has none."""

from __future__ import annotations

import pytest

from municipality.core.frozen_content import (
    ASOF,
    UNKNOWN,
    key_of_table,
    keyed_head,
    keyed_spec,
    notices_for_few,
    spec_for_few,
    table_for_few,
)
from municipality.core.small_cells import MARK

ROWS = [("period", "期間", "8月"), ("people", "参加者", "2人")]
EARLIER = {"期間": "period"}


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (keyed_spec(ROWS), ["8月", MARK]),
        ({**keyed_spec(ROWS), "spec": [["いつ", "8月"], ["期間", "2人"]]}, ["8月", MARK]),
        ({**keyed_spec(ROWS), "spec_keys": ["period"]}, ["8月", MARK]),
        ({"spec": [["期間", "8月"], ["参加者数", "2人"]]}, ["8月", MARK]),
        ({"spec": [["いつ", "8月"], ["参加者", "2人"]]}, [MARK, MARK]),
    ],
    ids=["as today", "other words", "a key too few", "before keys", "other words before keys"],
)
def test_a_row_is_shown_where_it_is_known_to_be_safe(content, shown):
    assert [value for _label, value in spec_for_few(content, {"period"}, EARLIER)] == shown


def test_a_column_is_shown_where_it_is_known_to_be_safe():
    table = {"title": "計画", "asof": "2人", "rows": [["8月", "2人", "余り"]]}
    keyed = table | keyed_head({"period": "いつ", "people": "人数"})
    assert table_for_few(keyed, {"period"}, EARLIER) == {
        **keyed,
        "asof": "",
        "rows": [["8月", MARK]],
    }
    assert table_for_few(keyed, {"period", ASOF}, EARLIER)["asof"] == "2人"
    unkeyed = {**table, "head": ["期間", "人数"]}
    assert table_for_few(unkeyed, {"period"}, EARLIER)["rows"] == [["8月", MARK]]


def test_a_notice_is_shown_where_it_is_known_to_be_safe():
    named = {"key": "method", "tone": "warn", "title": "方式", "text": "3日"}
    other = {"key": "few", "tone": "warn", "title": "2人", "text": "2人"}
    older = {"tone": "warn", "title": "上限の注意", "text": "3日"}
    masked = {"tone": "warn", "title": MARK, "text": MARK}
    shown = notices_for_few([named, other, older], {"method"}, {".+の注意": "method"})
    assert shown == [named, masked, older]
    assert notices_for_few([older], {"method"}, {".+の警告": "method"}) == [masked]


def test_a_message_without_a_key_is_not_known_to_be_safe():
    period = {"says": "期間", "context": "試行"}
    content = {"spec": [[period, "8月"]]}
    assert spec_for_few(content, {"period"}, EARLIER) == [[period, MARK]]
    table = {"title": period, "head": [period], "rows": [["8月"]]}
    assert key_of_table(table, EARLIER) == UNKNOWN
    assert table_for_few(table, {"period"}, EARLIER)["rows"] == [[MARK]]
    notice = {"tone": "warn", "title": period, "text": "3日"}
    assert notices_for_few([notice], {"period"}, EARLIER)[0]["text"] == MARK
    assert spec_for_few(content | {"spec_keys": ["period"]}, {"period"}, EARLIER) == [
        [period, "8月"]
    ]
