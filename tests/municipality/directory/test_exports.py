"""Lists as files: what is on the page, no more and no less, harmless for a spreadsheet, and
noted.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from municipality.audit.models import Entry, EntryContent
from municipality.core.spreadsheets import cell_safety as cells
from municipality.core.spreadsheets import writers as writing
from municipality.core.spreadsheets.cell_safety import neutral, restored
from municipality.core.spreadsheets.reader import read_table
from municipality.core.spreadsheets.table import INVISIBLE
from municipality.core.spreadsheets.writers import CP932, CSV, XLSX, CannotHold, write
from municipality.organisation.models import Member
from tests.build.municipality import a_department, a_member, also_posted
from tests.build.town import a_town

ANY_TEXT = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffd\ufffe\uffff"),
    max_size=30,
)
STARTS = "=+-@＝＋－＠"
LISTS = {
    "departments/": "部署の一覧",
    "people/": "職員の一覧",
    "decisions/": "決裁の一覧",
    "notices/": "通知の一覧",
    "imports/": "取込みの一覧",
    "settings/closed-days/": "閉庁日の一覧",
    "pilots/": "試行の一覧",
    "training/": "研修の一覧",
    "reviews/": "レビューの一覧",
    "actions/": "改善項目の一覧",
    "indicators/": "指標の定義",
}


@given(
    st.one_of(
        ANY_TEXT,
        st.builds(
            lambda marks, start, rest: marks + start + rest,
            st.sampled_from(["", "'", "''"]),
            st.sampled_from(STARTS),
            ANY_TEXT,
        ),
    )
)
def test_no_text_begins_a_formula_and_each_comes_back_as_it_was(text):
    safe = neutral(text)
    assert not safe.startswith(tuple(STARTS + "\t\r"))
    assert restored(safe) == text
    assert safe in (text, "'" + text)


@pytest.mark.parametrize(
    "text", ["=1", "+1", "-1", "@x", "＝1", "＋1", "－1", "＠x", "\tx", "\rx", "'=1", "−1"]
)
def test_what_would_run_is_marked(text):
    assert neutral(text) == "'" + text


@pytest.mark.parametrize("text", ["", "課長", "0101", "a=b", "'", "''", "'課", "1-2"])
def test_what_is_harmless_stays(text):
    assert neutral(text) == text


@pytest.mark.selfcheck
def test_without_the_mark_a_formula_would_stand_in_the_file(monkeypatch):
    monkeypatch.setattr(cells, "neutral", lambda text: text)
    assert read_csv(write(CSV, "t", ["a"], [["=1+1"]])) == [["a"], ["=1+1"]]


def read_csv(written, encoding="utf-8-sig") -> list[list[str]]:
    with written.file as file:
        return list(csv.reader(io.StringIO(file.read().decode(encoding), newline="")))


def read_book(written) -> list[list]:
    with written.file as file:
        return [list(row) for row in load_workbook(file).worksheets[0].iter_rows(values_only=True)]


def seen(text: str) -> str:
    """What comes back: letters nobody sees are left out when a file is read."""
    return INVISIBLE.sub("", neutral(text))


@given(st.lists(st.tuples(ANY_TEXT, st.integers(-(10**9), 10**9), ANY_TEXT), max_size=8))
def test_every_csv_that_goes_out_is_read_back_cell_for_cell(rows):
    written = write(CSV, "t", ["甲", "乙", "丙"], rows)
    with written.file as file:
        table = read_table("f.csv", file.read())
    assert table.findings == []
    wanted = [[seen(first), str(number), seen(last)] for first, number, last in rows]
    assert [list(cells) for _line, cells in table.rows] == wanted
    assert written.rows == len(rows)


def test_a_book_holds_numbers_and_days_as_such_and_codes_as_text():
    row = ["0101", 12, 3.5, date(2026, 4, 1), datetime(2026, 4, 1, 9, 30), True, None, "=1+1"]  # noqa: DTZ001
    written = write(XLSX, "一覧", [f"c{n}" for n in range(8)], [row])
    with written.file as file:
        sheet = load_workbook(file).worksheets[0]
    found = [cell.value for cell in sheet[2]]
    assert found == [
        "0101",
        12,
        3.5,
        datetime(2026, 4, 1),  # noqa: DTZ001 - a workbook knows no zones
        datetime(2026, 4, 1, 9, 30),  # noqa: DTZ001 - a workbook knows no zones
        "1",
        None,
        "'=1+1",
    ]
    assert {cell.data_type for cell in sheet[2]} == {"s", "n", "d"}
    assert sheet["A2"].number_format == "@", "a code typed over it keeps its leading zeros"
    assert (sheet.freeze_panes, list(sheet.merged_cells.ranges)) == ("A2", [])


def test_cp932_holds_what_it_can_and_refuses_the_rest_with_its_line():
    assert read_csv(write(CP932, "t", ["氏名"], [["髙﨑"]]), "cp932") == [["氏名"], ["髙﨑"]]
    for name, letter in (
        ("𠮷野", "𠮷"),
        ("波〜線", "〜"),
        ("葛󠄀城", "\U000e0100"),
        ("か\u3099", "\u3099"),
        ("− 1", "−"),
    ):
        with pytest.raises(CannotHold) as told:
            write(CP932, "t", ["番号", "氏名"], [["1", "安藤"], ["2", name]])
        assert (told.value.line, told.value.column, told.value.letter) == (3, "氏名", letter)


def test_a_book_refuses_what_a_sheet_cannot_hold():
    for value in ("a\x0bb", "長" * 32_768):
        with pytest.raises(CannotHold) as told:
            write(XLSX, "t", ["本文"], [["x"], [value]])
        assert (told.value.line, told.value.column) == (3, "本文")


def test_a_book_that_is_given_up_leaves_nothing_on_the_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(CannotHold):
        write(XLSX, "t", ["本文"], [["x"], ["長" * 32_768]])
    assert list(tmp_path.iterdir()) == []


def test_more_rows_than_a_sheet_holds_go_on_in_the_next(monkeypatch):
    monkeypatch.setattr(writing, "MOST_SHEET_ROWS", 10)
    written = write(XLSX, "一覧", ["n"], ([n] for n in range(25)))
    with written.file as file:
        sheets = load_workbook(file).worksheets
    assert [next(sheet.iter_rows(values_only=True))[0] for sheet in sheets] == ["n"] * 3
    assert [
        value for sheet in sheets for (value,) in sheet.iter_rows(min_row=2, values_only=True)
    ] == list(range(25))


# --- on the pages ---------------------------------------------------------------------------------


@pytest.fixture
def town(db):
    return a_town()


def fetched(town, who: str, address: str) -> list[list[str]]:
    answer = town.client(who).get(f"/{town.body.pk}/{address}")
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content, newline="")))


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize("form", ["xlsx", "csv", "cp932"])
def test_every_list_can_be_had_in_every_format(town, address, form):
    answer = town.client("office").get(f"/{town.body.pk}/{address}?file={form}")
    ending = "xlsx" if form == "xlsx" else "csv"
    assert answer.status_code == 200
    assert re.search(rf"_\d{{8}}\.{ending}", answer["Content-Disposition"])
    assert len(b"".join(answer.streaming_content)) > 10


def test_an_unknown_format_is_the_page(town):
    assert (
        town.client("office")
        .get(f"/{town.body.pk}/people/?file=exe")["Content-Type"]
        .startswith("text/html")
    )


def test_people_are_a_line_for_each_posting_and_only_those_in_reach(town):
    team = a_department(town.body, "庶務係", code="0077", parent=town.soumu)
    person = a_member(team, "staff", name="＝危険 太郎", kana="アア", number="000042", post="主任")
    also_posted(person, town.zeimu, "auditor", post="主事")
    lines = fetched(town, "manager", "people/?file=csv")
    assert lines[0][:5] == ["職員番号", "番号系列", "氏名", "カナ", "部署コード"]
    assert [line[2:9] for line in lines if line[0] == "000042"] == [
        ["'＝危険 太郎", "アア", "0077", "庶務係", "主任", "本務", "在職"],
        ["'＝危険 太郎", "アア", town.zeimu.code, "税務課", "主事", "兼務", "在職"],
    ]
    names = {line[2] for line in lines[1:]}
    assert "あおば町 税務課長" not in names
    assert names == {"'＝危険 太郎", "あおば町 総務課長", "あおば町 職員"}


def test_the_filter_of_the_page_is_the_filter_of_the_file(town):
    a_member(town.soumu, name="探 される", number="000099")
    lines = fetched(town, "office", "people/?q=000099&file=csv")
    assert [line[2] for line in lines[1:]] == ["探 される"]


def test_the_file_holds_all_pages(town):
    for number in range(60):
        a_member(town.zeimu, name=f"職員 {number:03d}")
    assert (
        len(fetched(town, "office", "people/?file=csv"))
        == 1 + Member.objects.filter(municipality=town.body).count()
    )


def test_names_are_left_out_where_the_page_leaves_them_out(town):
    lines = fetched(town, "consultant", "departments/?file=csv")
    heads = {line[1]: line[5] for line in lines}
    assert (heads["総務課"], heads["税務課"]) == ("課長", "課長")


def test_whoever_may_not_see_the_page_gets_no_file(town):
    assert town.get("staff", "people/?file=csv") == 403
    assert town.get("consultant", "imports/?file=csv") == 403


def test_a_file_leaves_a_line_with_filter_count_and_digest(town):
    lines = fetched(town, "office", "people/?q=総務&file=csv")
    line = Entry.objects.get(verb="list.exported")
    facts = EntryContent.objects.get(entry=line).body
    assert (line.actor_id, facts["list"], facts["format"], facts["query"]) == (
        town.people["office"].pk,
        "people",
        "csv",
        {"q": "総務"},
    )
    assert (facts["count"], len(facts["digest"])) == (len(lines) - 1, 64)


@pytest.mark.parametrize("rows", [1, 3])
def test_a_file_costs_the_same_however_long_it_is(town, rows, django_assert_num_queries):
    for _n in range(rows):
        a_member(town.zeimu)
    client = town.client("office")
    client.get(f"/{town.body.pk}/people/")
    with django_assert_num_queries(QUERIES):
        b"".join(client.get(f"/{town.body.pk}/people/?file=csv").streaming_content)


QUERIES = 24


def test_a_list_without_rows_offers_no_file_and_one_with_rows_does(town):
    client = town.client("office")
    assert "?file=xlsx" not in client.get(f"/{town.body.pk}/pilots/").content.decode()
    page = client.get(f"/{town.body.pk}/people/?q=総務").content.decode()
    assert 'href="?q=%E7%B7%8F%E5%8B%99&amp;file=xlsx"' in page
