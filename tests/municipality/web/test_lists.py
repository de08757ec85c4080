"""The list component: a table of plain values that a screen reader and a phone can follow."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.core.paginator import Paginator
from django.test.signals import template_rendered

from municipality.web.components.cells import (
    ActionCell,
    DueCell,
    LinkCell,
    StateCell,
    Words,
    drawings,
)
from municipality.web.components.entries import Button, ListEntry
from municipality.web.components.lists import ListColumn, ListTable, Nothing, Tab, tabs, tabs_of
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
    LinkCell("印刷", "/x/1/", "帳票"),
    "総務課",
    StateCell("run", "実施中"),
    1240,
    date(2026, 11, 12),
    datetime(2026, 11, 9, 5, 20, tzinfo=UTC),
    (("髙瀬 ", Words("兼務", "mark")), (Words("大石", "whole"),)),
    "なし",
    ActionCell("見る", "/x/1/see/", "印刷"),
)
BLANK = (LinkCell("空", "/x/2/"), *[None] * 8)
LIST = ListTable(COLUMNS, [ROW, BLANK], caption="新しい順です。", today=TODAY)


def drawn(listing: ListTable, path: str = "/993018/work/", language: str = "ja") -> str:
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
    assert '<td class="nw"></td></tr>' in row


def test_a_cell_of_words_holds_links_and_badges_as_well():
    words = (
        (LinkCell("髙瀬", "/p/1/"), Words("必須", "kind"), Words("A1", "strong")),
        (StateCell("warn", "未修了"),),
    )
    html = drawn(ListTable([ListColumn("担当", "words")], [(words,)]))
    assert (
        '<span><a href="/p/1/">髙瀬</a><span class="kind">必須</span><b>A1</b><br>'
        '<span class="badge is-warn">' in html
    )


def test_what_is_due_says_how_long_is_left_and_what_is_done_its_day():
    rows = [("印刷", DueCell(date(2026, 11, 6), -1)), ("発送", date(2026, 11, 6))]
    html = drawn(ListTable([ListColumn("業務"), ListColumn("期限", "due")], rows, today=TODAY))
    assert "1開庁日超過" in html
    assert html.endswith(
        '<td data-l="期限"><span class="nw">11月6日(金)</span></td></tr></tbody></table></div>'
    )


def test_buttons_of_a_row_send_their_values_and_ask_first():
    buttons = (
        ActionCell("上へ", "/x/1/move/", posts=True, values={"up": 1}),
        ActionCell("削除する", "/x/1/remove/", "印刷", posts=True, tone="3", confirm="よいですか"),
    )
    columns = [ListColumn("業務"), ListColumn("操作", "actions", silent=True)]
    read = Reader(drawn(ListTable(columns, [("印刷", buttons)])))
    assert [form["action"] for form in read.all("form")] == ["/x/1/move/", "/x/1/remove/"]
    assert read.all("form")[1]["data-confirm"] == "よいですか"
    assert {"type": "hidden", "name": "up", "value": "1"} in read.all("input")


def test_a_number_may_stand_out_and_have_its_unit():
    columns = [ListColumn("部署"), ListColumn("超過", "number")]
    html = drawn(ListTable(columns, [("総務課", Words("3人", "late")), ("税務課", "0人")]))
    assert '<td class="num" data-l="超過"><b class="c-bad">3人</b></td>' in html
    assert '<td class="num" data-l="超過">0人</td>' in html


LINES = ((Words("5人", "strong"),), (Words("現在の値 4人", "small"),))
CELL_VALUES = {
    "text": "総務課",
    "number": 1240,
    "piece": Words("5人", "strong"),
    "link": LinkCell("印刷", "/x/1/"),
    "state": StateCell("run", "実施中"),
    "lines": LINES,
    "day": date(2026, 11, 12),
    "moment": datetime(2026, 11, 9, 5, 20, tzinfo=UTC),
    "due": DueCell(date(2026, 11, 6), -1),
    "action": ActionCell("見る", "/x/1/see/"),
    "actions": (ActionCell("見る", "/x/1/see/"),),
    "mapping": {"件数": 1},
}
WRITTEN = {"text", "number", "piece", "link", "state", "lines"}
TAKEN = {
    "text": WRITTEN | {"day", "moment"},
    "whole": WRITTEN | {"day", "moment"},
    "number": WRITTEN | {"day", "moment"},
    "link": {"link"},
    "day": {"day", "moment"},
    "moment": {"moment"},
    "state": {"state"},
    "words": {"lines"},
    "due": {"day", "moment", "due"},
    "action": {"action"},
    "actions": {"actions"},
}
SOURCE = re.compile(r"Words\(|Cell\(|text=|style=|\{&#x27;|\(\(")


@pytest.mark.parametrize("cell", CELL_VALUES)
@pytest.mark.parametrize("kind", TAKEN)
def test_every_kind_of_column_draws_a_cell_or_refuses_it(kind, cell):
    assert TAKEN.keys() == drawings({}).keys()
    table = ListTable([ListColumn("業務"), ListColumn("値", kind)], [("印刷", CELL_VALUES[cell])])
    if cell in TAKEN[kind]:
        assert not SOURCE.search(drawn(table))
    else:
        with pytest.raises(TypeError, match="takes no"):
            drawn(table)


def test_a_number_may_have_a_second_line():
    html = drawn(ListTable([ListColumn("値", "number")], [(LINES,)]))
    assert "<span><b>5人</b><br><small>現在の値 4人</small></span>" in html


def test_another_column_than_the_first_may_name_the_row():
    columns = [ListColumn("順位", "number"), ListColumn("職位"), ListColumn("備考", wide=True)]
    html = drawn(ListTable(columns, [(1, "課長", "なし")], named_by=1, pairs=True))
    assert '<table class="stackt two">' in html
    assert (
        '<td class="num" data-l="順位">1</td><th scope="row">課長</th>'
        '<td class="wide" data-l="備考">なし</td>' in html
    )


def test_an_address_may_point_at_a_row():
    rows = [("K01",), ("K02",)]
    html = drawn(ListTable([ListColumn("指標")], rows, anchors=["K01", "K02"]))
    assert '<tr id="K01"><th scope="row">K01</th></tr><tr id="K02">' in html


def test_an_empty_list_below_its_own_heading_is_one_plain_sentence():
    assert drawn(ListTable(COLUMNS, [], Nothing(text="まだありません。"))) == (
        "<p>まだありません。</p>"
    )
    assert drawn(ListTable(COLUMNS, [])) == ""


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
        ListTable(
            COLUMNS, [], Nothing("まだありません", "取り込むと表示されます。", "/i/", "取り込む")
        )
    )
    assert "<table" not in html
    assert "まだありません" in html
    assert [link["href"] for link in Reader(html).all("a")] == ["/i/"]


def test_a_filter_that_leaves_nothing_offers_to_be_cleared():
    html = drawn(ListTable(COLUMNS, [], Nothing(clear="/993018/work/")))
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
    html = drawn(ListTable((), [said, replace(said, buttons=())]))
    read = Reader(html)
    assert len(read.all("li")) == 2
    assert "1行目<br>2行目" in html
    assert [form["action"] for form in read.all("form")] == ["/n/1/", "/n/1/"]
    assert {"type": "hidden", "name": "stay", "value": "1"} in read.all("input")


def test_nothing_typed_becomes_markup():
    row = (
        LinkCell(HOSTILE, HOSTILE, HOSTILE),
        HOSTILE,
        StateCell("run", HOSTILE),
        HOSTILE,
        TODAY,
        datetime(2026, 11, 9, tzinfo=UTC),
        ((HOSTILE, *(Words(HOSTILE, style) for style in ("", "small", "mark", "aside"))),),
        HOSTILE,
        ActionCell(HOSTILE, HOSTILE, HOSTILE, posts=True),
    )
    heads = [replace(column, label=HOSTILE, sort="") for column in COLUMNS]
    said = ListEntry(
        HOSTILE, HOSTILE, row[5], HOSTILE, [Button(HOSTILE, HOSTILE, "2", {"x": HOSTILE})]
    )
    for listing in (
        ListTable(heads, [row], caption=HOSTILE, anchors=[HOSTILE]),
        ListTable((), [said]),
        ListTable(heads, [], Nothing(HOSTILE, HOSTILE, HOSTILE, HOSTILE)),
        ListTable(heads, [], Nothing(clear=HOSTILE)),
    ):
        read = Reader(drawn(listing))
        assert read.all("script") == []
        assert read.all("img") == []


def test_a_list_asks_no_template_for_a_row():
    asked: list[str | None] = []

    def note(template, **_told) -> None:
        asked.append(template.name)

    heads = [replace(column, sort="") for column in COLUMNS]
    template_rendered.connect(note)
    try:
        assert drawn(ListTable(heads, [ROW] * 50)).count("<tr>") == 51
    finally:
        template_rendered.disconnect(note)
    assert asked == [None], "the page itself"


@pytest.mark.parametrize("tone", TONES)
def test_every_tone_of_a_state_can_stand_in_a_list(tone):
    assert f"is-{tone}" in drawn(
        ListTable((ListColumn("x"), ListColumn("y", "state")), [("a", StateCell(tone, "b"))])
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


def test_a_tab_tells_its_count_to_a_listener_and_shows_its_state():
    drawn = tabs([Tab("文書", "?", 2, spoken="件が未回答", state=StateCell("back", "差戻し 1"))])
    assert '<span class="count">2<span class="vh">件が未回答</span></span>' in drawn
    assert '<span class="badge is-back">' in drawn
    assert "差戻し 1</span>" in drawn
    assert "badge" not in tabs([Tab("文書", "?", 2)])
