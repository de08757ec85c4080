"""Reading files: accepted exactly or refused with line, column, value and what is expected. Real
bytes, real workbooks.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable
from datetime import date, datetime

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font

from municipality.core.spreadsheets.cell_readers import compose
from municipality.core.spreadsheets.reader import read_table
from municipality.core.spreadsheets.table import MOST_BYTES, MOST_ROWS, MOST_TITLES

HEAD = "部署コード,部署名,備考"
GOOD = f"{HEAD}\r\n0101,総務課,髙﨑\r\n0102,税務課,\r\n"


def told(content: bytes) -> list[str]:
    return [str(finding) for finding in read_table("file.csv", content).findings]


def rows(content: bytes) -> list[list[str]]:
    table = read_table("file.csv", content)
    assert table.findings == []
    return [table.header, *(list(cells) for _line, cells in table.rows)]


def a_book(*lines, title="Sheet1", prepare=None) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for line in lines:
        sheet.append(list(line))
    if prepare:
        prepare(book, sheet)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


WANTED = [["部署コード", "部署名", "備考"], ["0101", "総務課", "髙﨑"], ["0102", "税務課", ""]]


@pytest.mark.parametrize(
    "content",
    [
        GOOD.encode(),
        GOOD.encode("utf-8-sig"),
        GOOD.encode("cp932"),
        GOOD.replace("\r\n", "\n").encode(),
        GOOD.replace("\r\n", "\r").encode(),
        GOOD.rstrip("\r\n").encode(),
        GOOD.replace("総務課", '"総務課"').encode("cp932"),
        (GOOD + "\r\n,,\r\n").encode(),
        a_book(*WANTED),
    ],
    ids=[
        "utf-8",
        "with mark",
        "cp932",
        "newlines",
        "old newlines",
        "no last newline",
        "quoted",
        "empty lines",
        "xlsx",
    ],
)
def test_the_same_table_in_every_coding(content):
    assert rows(content) == WANTED


@pytest.mark.parametrize(
    "name",
    [
        "髙瀬 由紀",
        "山﨑 健",
        "𠮷野 家",
        "﨑本",
        "神田",
        "葛\U000e0100城",
        "渡邉",
        "①番",
        "～−‐",
        "外字\ue000",
    ],
)
def test_no_character_of_a_name_changes(name):
    assert rows(f"氏名\n{name}\n".encode()) == [["氏名"], [name]]
    assert compose(name) == name
    assert rows(a_book(["氏名"], [name])) == [["氏名"], [name]]


@pytest.mark.parametrize("name", ["髙瀬 由紀", "山﨑 健", "①番", "～－∥", "ﾀｶｾ"])
def test_cp932_names_come_in_as_they_are(name):
    assert rows(f"氏名\n{name}\n".encode("cp932")) == [["氏名"], [name]]


@pytest.mark.parametrize(
    ("written", "joined"),
    [
        ("か\u3099く", "がく"),
        ("ハ\u309aン", "パン"),
        ("e\u0301", "é"),
        ("\ufa19", "\ufa19"),
        ("\ufa19か\u3099", "\ufa19が"),
    ],
)
def test_separate_marks_are_joined_and_no_ideograph_is_replaced(written, joined):
    assert compose(written) == joined


def test_a_line_break_inside_quotes_counts_as_a_physical_line():
    table = read_table("f.csv", b'a,b\n"1\n2",x\n3,y\n')
    assert table.rows == [(2, ("1\n2", "x")), (4, ("3", "y"))]


def test_doubled_quotes_and_commas_inside_quotes():
    assert rows(b'a,b\n"x ""y"", z",1\n') == [["a", "b"], ['x "y", z', "1"]]


CUT = 'a,b,c\n1,2,3\n"4,5,6\n7,8,9\n'

MALFORMED = {
    "empty": (b"", "行 1: ファイルが空です。"),
    "spaces only": (b" \r\n \r\n", "行 1: ファイルが空です。"),
    "utf-16": ("部署コード\n".encode("utf-16"), "行 1: 文字コードが UTF-16"),
    "old excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "行 1: 古い形式(.xls)"),
    "unclosed quote": (CUT.encode(), '行 3 列 a 「"4」: 引用符「"」が閉じていません。'),
    "unclosed in the last cell": (
        b'a,b\n1,"2\n',
        '行 2 列 b 「"2」: 引用符「"」が閉じていません。',
    ),
    "unclosed in the header": (b'a,"b\n1,2\n', '行 1 列 2 「"b」: 引用符「"」が閉じていません。'),
    "swallowing quote": (b'a,b\n"1,2\n3,"4"\n', '行 2 列 a 「"1」: 閉じる引用符「"」の後に文字'),
    "text behind a quote": (b'a,b\n"1"x,2\n', '行 2 列 a 「"1"x」: 閉じる引用符「"」の後に文字'),
    "quote inside": (b'a,b\n1,2"3\n', '行 2 列 b 「2"3」: 引用符「"」が値の途中にあります。'),
    "space before a quote": (
        b'a,b\n1, "2"\n',
        '行 2 列 b 「"2"」: 引用符「"」が値の途中にあります。',
    ),
    "quote behind a line break": (
        b'a,b\n"1\n2",3\n4,5"\n',
        '行 4 列 b 「5"」: 引用符「"」が値の途中にあります。',
    ),
    "short last line": (
        b"a,b,c\n1,2,3\n4,5",
        "行 3 列 c 「5」: 見出しは3列ですが、最後の行は2列です。",
    ),
    "short last line, one cell": (
        b"a,b,c\n1,2,3\n4",
        "行 3 列 b 「4」: 見出しは3列ですが、最後の行は1列です。",
    ),
    "short line": (
        b"a,b,c\n1,2\n3,4,5\n",
        "行 2 列 c 「2」: 見出しは3列ですが、この行は2列しかありません。",
    ),
    "long line": (
        b"a,b\n1,2,3\n4,5\n",
        "行 2 列 3 「3」: 見出しは2列ですが、この行は3列あります。",
    ),
    "long line of empty cells": (
        b"a,b\n1,2,,,\n",
        "行 2 列 3 「」: 見出しは2列ですが、この行は5列あります。",
    ),
    "unquoted comma": (
        "名,数\n総務,課,1\n".encode(),
        "行 2 列 3 「1」: 見出しは2列ですが、この行は3列あります。",
    ),
    "NUL": (b"a,b\n1,2\0\n", "行 2 列 b 「U+0000」: 使えない文字"),
    "NUL in the header": (b"a\0,b\n1,2\n", "行 1 列 a 「U+0000」: 使えない文字"),
    "escape": (b"a,b\n1,\x1b[0m\n", "行 2 列 b 「U+001B」: 使えない文字"),
    "delete": (b"a,b\n\x7f,2\n", "行 2 列 a 「U+007F」: 使えない文字"),
    "vertical tab": (b"a,b\n1\x0b,2\n", "行 2 列 a 「U+000B」: 使えない文字"),
    "lost character": ("a,b\n1,\ufffd\n".encode(), "行 2 列 b 「U+FFFD」: 使えない文字"),
    "no character": ("a,b\n1,\uffff\n".encode(), "行 2 列 b 「U+FFFF」: 使えない文字"),
    "lone surrogate": (
        "名,b\n1,".encode() + b"\xed\xa0\x80\n",
        "行 2 列 b 「0xED」: UTF-8 として読めない文字",
    ),
    "broken utf-8": (
        "名,b\n1,".encode() + b"\xe7\xb7\n",
        "行 2 列 b 「0xE7」: UTF-8 として読めない文字",
    ),
    "cut utf-8": ("名,b\n1,総".encode()[:-1], "行 2 列 b 「0xE7」: UTF-8 として読めない文字"),
    "overlong utf-8": (
        "名,b\n".encode() + b"\xc0\xaf,2\n",
        "行 2 列 名 「0xC0」: UTF-8 として読めない文字",
    ),
    "broken behind the mark": (
        b"\xef\xbb\xbfa,b\n1,\xff\n",
        "行 2 列 b 「0xFF」: UTF-8 として読めない文字",
    ),
    "cp932 line in utf-8": (
        f"{HEAD}\n0101,総務課,\n".encode() + "0102,税務課,\n".encode("cp932"),
        "行 3 列 部署名 「0x90」: UTF-8",
    ),
    "cp932 last line in utf-8": (
        f"{HEAD}\n".encode() + "1,財政課,".encode("cp932"),
        "行 2 列 部署名 「0x8D」: UTF-8",
    ),
    "utf-8 line in cp932": (
        f"{HEAD}\n0101,総務課,\n".encode("cp932") + "0102,税務課,\n".encode(),
        "行 3 列 部署名 「税務課」: この行だけ",
    ),
    "broken cp932": (
        f"{HEAD}\n0101,".encode("cp932") + b"\x81\x20,\n",
        "行 2 列 部署名 「0x81」: シフトJIS(CP932)",
    ),
    "cut cp932": (
        f"{HEAD}\n0101,総務課,".encode("cp932") + b"\x91",
        "行 2 列 備考 「0x91」: シフトJIS(CP932)",
    ),
    "a hole of cp932": (
        f"{HEAD}\n0101,".encode("cp932") + b"\x80,\n",
        "行 2 列 部署名 「0x80」: シフトJIS(CP932)",
    ),
    "another hole of cp932": (
        f"{HEAD}\n0101,".encode("cp932") + b"\xfd,\n",
        "行 2 列 部署名 「0xFD」: シフトJIS(CP932)",
    ),
    "png": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 40, "行 2 列 臼NG 「U+001A」: 使えない文字"),
    "too many columns": (
        (",".join(f"c{n}" for n in range(300)) + "\n").encode(),
        "行 1: 列が200列を超えています。",
    ),
    "too large": (b"a,b\n" + b"1,2\n" * (MOST_BYTES // 4 + 1), "行 1: ファイルが大きすぎます。"),
    "too many lines": (
        b"a\n" + b"1\n" * (MOST_ROWS + 1),
        f"行 {MOST_ROWS + 2}: 100,000行を超えています。",
    ),
    "not a package": (b"PK\x03\x04" + b"garbage" * 20, "行 1: xlsx ファイルとして読めません。"),
    "cut package": (a_book(*WANTED)[:-200], "行 1: xlsx ファイルとして読めません。"),
}


@pytest.mark.parametrize(
    ("content", "said"), [pytest.param(*case, id=name) for name, case in MALFORMED.items()]
)
def test_a_malformed_file_is_refused_in_its_place(content, said):
    assert told(content)[0].startswith(said)


def a_package(**parts: str | bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return file.getvalue()


def with_sheet(xml: str) -> bytes:
    """A workbook whose only sheet is this XML."""
    source, file = io.BytesIO(a_book(["a", "b"], ["1", "2"])), io.BytesIO()
    with (
        zipfile.ZipFile(source) as before,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            after.writestr(name, xml if name == "xl/worksheets/sheet1.xml" else before.read(name))
    return file.getvalue()


NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def inline(*lines: str, dimension: str = "") -> str:
    body = "".join(
        f'<row r="{number}">'
        + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in line.split("|"))
        + "</row>"
        for number, line in enumerate(lines, 1)
    )
    return (
        f'<?xml version="1.0"?><worksheet {NS}>{dimension}<sheetData>{body}</sheetData></worksheet>'
    )


def formula(book, sheet):
    sheet["B2"] = "=1+1"


def lone_formula(book, sheet):
    sheet["A5"] = '=HYPERLINK("http://example.com")'


def error(book, sheet):
    sheet["B2"] = "#N/A"
    sheet["B2"].data_type = "e"


def stray(book, sheet):
    sheet["E3"] = "あふれた値"


BOOKS = {
    "formula": (
        a_book(["a", "b"], ["1", "2"], prepare=formula),
        "行 2 列 b 「=1+1」: 数式かエラーのセル",
    ),
    "formula far below": (
        a_book(["a", "b"], ["1", "2"], prepare=lone_formula),
        "行 5 列 a 「=HYPERLINK",
    ),
    "error": (
        a_book(["a", "b"], ["1", "2"], prepare=error),
        "行 2 列 b 「#N/A」: 数式かエラーのセル",
    ),
    "value without a header": (
        a_book(["a", "b"], ["1", "2"], ["3", "4"], prepare=stray),
        "行 3 列 5 「あふれた値」: 見出しのない列",
    ),
    "empty sheet": (a_book(), "行 1: 最初のシートが空です。"),
    "no workbook": (a_package(hello_xml="<a/>"), "行 1: xlsx ファイルとして読めません。"),
    "broken xml": (
        with_sheet("<worksheet><sheetData><row>"),
        "行 1: xlsx ファイルとして読めません。",
    ),
    "entities": (
        with_sheet('<!DOCTYPE a [<!ENTITY x "y">]><worksheet>&x;</worksheet>'),
        "行 1: xlsx ファイルとして読めません。",
    ),
    "half a character": (
        with_sheet(inline("a", "&#xD800;")),
        "行 1: xlsx ファイルとして読めません。",
    ),
    "control character": (with_sheet(inline("a|b", "1|x&#127;y")), "行 2 列 b 「」: 使えない文字"),
    "lost character": (with_sheet(inline("a|b", "1|\ufffd")), "行 2 列 b 「」: 使えない文字"),
    "bomb": (
        a_package(xl__worksheets__sheet1_xml=b"0" * 160_000_000),
        "行 1: 展開すると大きすぎる",
    ),
    "dense bomb": (a_package(xl__a_xml=b"0" * 40_000_000), "行 1: 展開すると大きすぎる"),
    "many parts": (a_package(**{f"p{n}": b"" for n in range(2_100)}), "行 1: 展開すると大きすぎる"),
    "strings": (
        a_package(xl__sharedStrings_xml=b"0123456789" * 7_000_000),
        "行 1: 展開すると大きすぎる",
    ),
    "row at the end of the world": (
        with_sheet(inline("a", "1").replace('<row r="2">', '<row r="1048576">')),
        "行 100002: 100,000行を超えています。",
    ),
}


@pytest.mark.parametrize(
    ("content", "said"), [pytest.param(*case, id=name) for name, case in BOOKS.items()]
)
def test_a_workbook_that_cannot_be_trusted_is_refused_in_its_place(content, said):
    assert told(content)[0].startswith(said)


def test_a_claimed_size_is_not_believed():
    xml = inline("a|b", "1|2", dimension='<dimension ref="A1:XFD1048576"/>')
    assert rows(with_sheet(xml)) == [["a", "b"], ["1", "2"]]


def test_cells_of_a_workbook_become_text_as_they_stand():
    def codes(book, sheet):
        sheet["A2"].number_format = "0000"

    content = a_book(
        ["code", "whole", "part", "day", "time", "yes", "text", "nothing"],
        [101, 7.0, 1.5, datetime(2026, 4, 1), datetime(2026, 4, 1, 9, 30), True, "=文字", None],  # noqa: DTZ001 - a sheet knows no zones
        prepare=lambda book, sheet: (codes(book, sheet), sheet["G2"].__setattr__("data_type", "s")),
    )
    assert rows(content)[1] == [
        "0101",
        "7",
        "1.5",
        "2026-04-01",
        "2026-04-01 09:30:00",
        "True",
        "=文字",
        "",
    ]


def test_dates_without_a_time_become_iso():
    assert rows(a_book(["day"], [date(2026, 4, 1)]))[1] == ["2026-04-01"]


def test_numbers_and_further_sheets_are_noted():
    def more(book, sheet):
        book.create_sheet("控え").append(["x"])

    table = read_table("f.xlsx", a_book(["a"], [12], title="名簿", prepare=more))
    assert table.rows == [(2, ("12",))]
    assert [note[:10] for note in table.notes] == ["数値の書式のセルが1", "シートが複数あるため"]


def test_a_hidden_first_sheet_is_left_alone():
    def hide(book, sheet):
        book.create_sheet("見える").append(["x"])
        sheet.sheet_state = "hidden"

    assert read_table("f.xlsx", a_book(["a"], ["1"], prepare=hide)).header == ["x"]


def test_random_bytes_never_raise():
    state = 12345
    for length in (1, 7, 64, 500, 3000):
        for _turn in range(40):
            state = (state * 1103515245 + 12345) % 2**31
            content = b"".join(
                struct.pack("<I", (state * (n + 1) * 2654435761) % 2**32)
                for n in range(length // 4 + 1)
            )
            for start in (
                b"",
                b"PK\x03\x04",
                b"\xef\xbb\xbf",
                "部署コード,部署名\n".encode("cp932"),
            ):
                assert read_table("x", start + content) is not None


def with_styles(*formats: int, cells: str) -> bytes:
    """A book whose cells use built-in formats by number alone, as a Japanese Excel writes them."""
    content = a_book(["実施日"], ["x"])
    styles = "".join(f'<xf numFmtId="{number}" applyNumberFormat="1"/>' for number in (0, *formats))
    return changed(
        content,
        {
            "xl/styles.xml": lambda text: re.sub(
                r"<cellXfs.*?</cellXfs>", f"<cellXfs>{styles}</cellXfs>", text, flags=re.DOTALL
            ),
            "xl/worksheets/sheet1.xml": lambda text: re.sub(
                r"<row r=\"2\".*</sheetData>", f"{cells}</sheetData>", text, flags=re.DOTALL
            ),
        },
    )


def changed(content: bytes, parts: dict[str, Callable[[str], str]]) -> bytes:
    """The package with some of its parts written anew."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(written, "w") as new:
        for name in package.namelist():
            text = package.read(name)
            new.writestr(name, parts[name](text.decode()).encode() if name in parts else text)
    return written.getvalue()


@pytest.mark.parametrize("number", [27, 28, 29, 30, 31, 36, 50, 51, 54, 57, 58])
def test_days_in_the_formats_of_a_japanese_excel(number):
    cells = '<row r="2"><c r="A2" s="1"><v>46113</v></c></row>'
    assert rows(with_styles(number, cells=cells))[1] == ["2026-04-01"]


@pytest.mark.parametrize(
    ("number", "value", "read"),
    [
        (20, "0.322916666666667", "7:45"),
        (21, "0.322916666666667", "7:45"),
        (21, "0.00011574", "0:00:10"),
        (32, "0.145833333333333", "3:30"),
        (33, "0.145833333333333", "3:30"),
        (46, "1.25", "30:00"),
    ],
)
def test_times_and_durations_come_as_hours_and_minutes(number, value, read):
    cells = f'<row r="2"><c r="A2" s="1"><v>{value}</v></c></row>'
    assert rows(with_styles(number, cells=cells))[1] == [read]


def test_characters_that_excel_escapes_are_read():
    book = a_book(["備考", "印"], ["一行目_x000A_二行目", "_x3042_"])
    assert rows(book)[1] == ["一行目\n二行目", "あ"]


def test_a_book_in_the_strict_form_is_read():
    def strict(text: str) -> str:
        text = text.replace(
            "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            "http://purl.oclc.org/ooxml/spreadsheetml/main",
        )
        return text.replace(
            "http://schemas.openxmlformats.org/officeDocument/2006/",
            "http://purl.oclc.org/ooxml/officeDocument/",
        )

    content = a_book(*WANTED)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = [name for name in package.namelist() if name.endswith((".xml", ".rels"))]
    assert rows(changed(content, dict.fromkeys(names, strict))) == WANTED


def test_what_a_person_does_not_see_in_the_sheet_is_named():
    def prepare(book, sheet):
        sheet.row_dimensions[2].hidden = True
        sheet.column_dimensions["C"].hidden = True
        sheet["A3"].font = Font(strike=True)

    table = read_table("file.xlsx", a_book(*WANTED, prepare=prepare))
    assert table.findings == []
    assert len(table.rows) == 2
    assert table.notes == [
        "取消線の行が1行あり、取り込みます。行 3",
        "非表示の行(絞り込みで隠れた行を含む)が1行あり、取り込みます。行 2",
        "非表示の列があり、取り込みます。備考",
    ]


HEADS = ("部署コード", "部署名", "備考")


def noted(content: bytes) -> tuple[list[list[str]], list[str]]:
    table = read_table("file", content, HEADS)
    assert table.findings == []
    return [table.header, *(list(cells) for _line, cells in table.rows)], table.notes


@pytest.mark.parametrize("prepare", [None, lambda book, sheet: sheet.merge_cells("A1:C1")])
def test_lines_above_the_headings_are_titles_in_a_book(prepare):
    book = a_book(["令和8年度 部署一覧", "", ""], [], *WANTED, prepare=prepare)
    title = "1行目「令和8年度 部署一覧」は見出しの上の行なので、取り込みません。"
    assert noted(book) == (WANTED, [title])


def test_lines_above_the_headings_are_titles_in_a_text():
    found, notes = noted(f"部署一覧\r\n作成: 総務課,,\r\n{GOOD}".encode())
    assert found == WANTED
    assert [note[:3] for note in notes] == ["1行目", "2行目"]


@pytest.mark.parametrize(
    ("count", "header"), [(MOST_TITLES, "部署コード"), (MOST_TITLES + 1, "表題0")]
)
def test_so_many_titles_stand_above_the_headings_and_no_more(count, header):
    titles = "".join(f"表題{number},,\r\n" for number in range(count))
    table = read_table("file", f"{titles}{GOOD}".encode(), HEADS)
    assert table.header[0] == header


def test_without_the_headings_the_first_line_is_the_header():
    for content in (b"a,b\n1,2\n3,4\n", a_book(["a", "b"], ["1", "2"], ["3"])):
        table = read_table("file", content, HEADS)
        assert (table.header, table.notes) == (["a", "b"], [])
        assert [len(cells) for _line, cells in table.rows] == [2, 2]


def test_marks_of_other_systems_are_left_out_and_told():
    content = "\ufeff\ufeff".encode() + GOOD.encode() + b"\x1a"
    assert noted(content) == (
        WANTED,
        [
            "ファイルの先頭に余分な印(BOM)があるため、除いて読みます。",
            "ファイルの終わりの印(0x1A)を除いて読みます。",
        ],
    )


def test_letters_nobody_sees_are_left_out_and_private_ones_told():
    content = GOOD.replace("総務課", "総\u200b務\u202e課").replace("税務課", "税務課\ue000")
    for file in (content.encode(), a_book(*[line.split(",") for line in content.split()])):
        found, notes = noted(file)
        assert [row[1] for row in found[1:]] == ["総務課", "税務課\ue000"]
        assert notes == [
            "見えない文字(幅のない文字、文字の向きの指定)を取り除きました。行 2",
            "外字があります。ほかの端末では別の文字に見えることがあります。行 3",
        ]


def test_a_book_whose_part_has_another_name_is_read():
    """Some programs call it workbook2.xml; the package says where it lies."""
    content = a_book(*WANTED)
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(written, "w") as new:
        for name in package.namelist():
            part = package.read(name)
            if name in {"[Content_Types].xml", "_rels/.rels"}:
                part = part.replace(b"xl/workbook.xml", b"xl/workbook2.xml")
            new.writestr(
                name.replace("xl/workbook.xml", "xl/workbook2.xml").replace(
                    "xl/_rels/workbook.xml.rels", "xl/_rels/workbook2.xml.rels"
                ),
                part,
            )
    assert rows(written.getvalue()) == WANTED
