"""The list component: a table of plain values that a screen reader and a phone can follow."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.core.paginator import Paginator

from municipality.web.components.entries import Button, ListEntry
from municipality.web.components.lists import (
    DataList,
    Link,
    ListColumn,
    Nothing,
    RowAction,
    State,
    Tab,
    Words,
    tabs_of,
)
from municipality.web.components.states import TONES
from municipality.web.paging import PER_PAGE, page_of
from tests.municipality.web.test_components import HOSTILE, TODAY, Reader, draw

COLUMNS = (
    ListColumn("業務", "link", sort="name"),
    ListColumn("部署", "whole"),
    ListColumn("状態", "state"),
    ListColumn("件数", "number", sort="count"),
    ListColumn("期限", "day"),
    ListColumn("受付", "moment"),
    ListColumn("担当", "words"),
    ListColumn("備考"),
    ListColumn("操作", "action", silent=True),
)
ROW = (
    Link("印刷", "/x/1/", "帳票"),
    "総務課",
    State("run", "実施中"),
    1240,
    date(2026, 11, 12),
    datetime(2026, 11, 9, 5, 20, tzinfo=UTC),
    (("髙瀬 ", Words("兼務", "mark")), (Words("大石", "whole"),)),
    "なし",
    RowAction("見る", "/x/1/see/", "印刷"),
)
BLANK = (Link("空", "/x/2/"), *[None] * 8)
LIST = DataList(COLUMNS, [ROW, BLANK], caption="新しい順です。", today=TODAY)


def drawn(listing: DataList, path: str = "/993018/work/", language: str = "ja") -> str:
    return draw("{% listing it %}", language, path, it=listing)


def test_a_table_has_a_caption_heads_with_a_scope_and_names_for_its_rows():
    read = Reader(drawn(LIST))
    assert [head.get("scope") for head in read.all("th")] == ["col"] * 9 + ["row"] * 2
    assert len(read.all("caption")) == 1
    assert "新しい順です。" in read.text
    assert [cell.get("data-l") for cell in read.all("td")][:8] == [
        *("部署", "状態", "件数", "期限", "受付", "担当", "備考", None)
    ]
    assert [cell.get("class") for cell in read.all("td")][2] == "num"


def test_values_are_written_as_the_kind_of_their_column_says():
    html = drawn(LIST)
    assert '<a href="/x/1/">印刷</a><small>帳票</small>' in html.replace("</a> <", "</a><")
    assert '<span class="nw">総務課</span>' in html
    assert "is-run" in html
    assert ">1,240</td>" in html
    assert '<span class="nw">11月12日(木)</span>' in html
    assert "11月9日(月) 14:20" in html
    assert (
        '<span>髙瀬 <small class="nw">兼務</small><br><span class="nw">大石</span></span>' in html
    )
    assert (
        '<a class="btn btn-2 btn-s" href="/x/1/see/">見る<span class="vh"> 印刷</span></a>' in html
    )


def test_what_is_missing_is_a_dash_and_an_action_that_is_missing_nothing():
    row = drawn(LIST).partition("空</a></th>")[2]
    assert row.count(">—</td>") == 7
    assert "<td></td></tr>" in row


def test_a_sorted_column_says_so():
    heads = Reader(drawn(LIST, "/993018/work/?sort=-count&page=2")).all("th")
    assert [head.get("aria-sort") for head in heads][:9] == [None] * 3 + ["descending"] + [None] * 5
    links = [link["href"] for link in Reader(drawn(LIST)).all("a")]
    assert links[:2] == ["?sort=name", "?sort=count"]


def test_pages_stand_below_the_table_of_a_list_in_parts():
    page = page_of(list(range(120)), "2")
    assert "120件中 51–100件" in drawn(replace(LIST, page=page))
    assert "pager" not in drawn(LIST)


def test_a_list_without_rows_says_what_is_missing_and_what_to_do():
    html = drawn(
        DataList(
            COLUMNS, [], Nothing("まだありません", "取り込むと表示されます。", "/i/", "取り込む")
        )
    )
    assert "<table" not in html
    assert "まだありません" in html
    assert [link["href"] for link in Reader(html).all("a")] == ["/i/"]


def test_a_filter_that_leaves_nothing_offers_to_be_cleared():
    html = drawn(DataList(COLUMNS, [], Nothing(clear="/993018/work/")))
    assert "条件に合うものがありません" in html
    assert [link["href"] for link in Reader(html).all("a")] == ["/993018/work/"]


def test_entries_stand_one_under_another_with_what_to_do():
    said = ListEntry(
        "期限が近づきました",
        "1行目\n2行目",
        datetime(2026, 11, 9, 5, 20, tzinfo=UTC),
        "既読",
        [Button("見る", "/n/1/"), Button("既読にする", "/n/1/", "3", {"stay": 1})],
    )
    html = drawn(DataList((), [said, replace(said, buttons=())]))
    read = Reader(html)
    assert len(read.all("li")) == 2
    assert "1行目<br>2行目" in html
    assert [form["action"] for form in read.all("form")] == ["/n/1/", "/n/1/"]
    assert {"type": "hidden", "name": "stay", "value": "1"} in read.all("input")


def test_nothing_typed_becomes_markup():
    row = (
        Link(HOSTILE, HOSTILE, HOSTILE),
        HOSTILE,
        State("run", HOSTILE),
        HOSTILE,
        TODAY,
        datetime(2026, 11, 9, tzinfo=UTC),
        ((HOSTILE, *(Words(HOSTILE, style) for style in ("", "small", "mark", "aside"))),),
        HOSTILE,
        RowAction(HOSTILE, HOSTILE, HOSTILE, posts=True),
    )
    heads = [replace(column, label=HOSTILE, sort="") for column in COLUMNS]
    said = ListEntry(
        HOSTILE, HOSTILE, row[5], HOSTILE, [Button(HOSTILE, HOSTILE, "2", {"x": HOSTILE})]
    )
    for listing in (
        DataList(heads, [row], caption=HOSTILE),
        DataList((), [said]),
        DataList(heads, [], Nothing(HOSTILE, HOSTILE, HOSTILE, HOSTILE)),
        DataList(heads, [], Nothing(clear=HOSTILE)),
    ):
        read = Reader(drawn(listing))
        assert read.all("script") == []
        assert read.all("img") == []


def test_a_list_asks_no_template_for_a_row(monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr("municipality.web.components.drawing.render_to_string", asked.append)
    heads = [replace(column, sort="") for column in COLUMNS]
    assert drawn(DataList(heads, [ROW] * 50)).count("<tr>") == 51
    assert asked == []


@pytest.mark.parametrize("tone", TONES)
def test_every_tone_of_a_state_can_stand_in_a_list(tone):
    assert f"is-{tone}" in drawn(
        DataList((ListColumn("x"), ListColumn("y", "state")), [("a", State(tone, "b"))])
    )


def test_tabs_name_the_current_one_and_what_is_counted():
    assert tabs_of({"a": "甲", "b": "乙"}, "b", counts={"a": 3}) == [
        Tab("甲", "?tab=a", 3, current=False),
        Tab("乙", "?tab=b", None, current=True),
    ]


@pytest.mark.parametrize(("asked", "number"), [(None, 1), ("x", 1), ("2", 2), ("99", 3), ("-1", 3)])
def test_a_page_that_is_not_there_is_the_nearest(asked, number):
    assert page_of(list(range(120)), asked).number == number


def test_a_known_count_is_not_asked_for_again():
    class Uncounted(list):
        def __len__(self) -> int:
            raise AssertionError("counted")

    assert page_of(Uncounted(), "1", count=PER_PAGE + 1).has_next()
    assert isinstance(page_of([], None).paginator, Paginator)
