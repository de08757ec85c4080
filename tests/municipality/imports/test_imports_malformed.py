"""Hundreds of bad files, written down by hand: each is refused in its place, through the page, and
leaves nothing behind.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from openpyxl import Workbook

from municipality.imports import rows as reading
from municipality.imports.models import FileImport
from municipality.organisation.models import Department
from tests.build.municipality import a_department, a_member
from tests.build.town import with_another_body
from tests.build.training import a_course
from tests.municipality.imports.test_imports_undo import fingerprint

pytestmark = pytest.mark.django_db
Rows = list[list[str]]

BASES: dict[str, Rows] = {
    "departments": [
        ["部署コード", "部署名", "上位部署コード", "種別", "開始日", "終了日"],
        ["0900", "企画課", "", "課", "2026-04-01", ""],
        ["0901", "広報係", "0900", "係", "2026-04-01", ""],
    ],
    "people": [
        [
            "職員番号",
            "氏名",
            "カナ",
            "メール",
            "部署コード",
            "職位",
            "役割",
            "本務兼務",
            "開始日",
            "終了日",
        ],
        [
            "700001",
            "髙瀬 由紀",
            "タカセ ユキ",
            "",
            "0700",
            "課長",
            "職員・所属長",
            "本務",
            "2026-04-01",
            "",
        ],
        [
            "700002",
            "山﨑 健",
            "ヤマザキ ケン",
            "k@town.example.jp",
            "0700",
            "主事",
            "職員",
            "本務",
            "2026-04-01",
            "",
        ],
    ],
    "usage": [
        ["職員番号", "実施日", "単位", "時間数", "場所", "方式"],
        ["000700", "2026-04-20", "終日", "", "自宅", "VPN方式"],
        ["000700", "2026-04-21", "時間", "3:30", "サテライト", "仮想デスクトップ方式"],
    ],
    "completions": [
        ["職員番号", "研修コード", "修了日", "点数"],
        ["000700", "T01", "2026-04-20", "80"],
        ["000700", "T01", "2026-04-21", ""],
    ],
}
"""A good file of each kind."""

WRONG_DAYS = (
    "2026-02-30",
    "2026-13-01",
    "2026/4",
    "令和8年2月29日",
    "R8.4.31",
    "46113",
    "未定",
    "2026-04-01 09:00",
    "明治5年1月1日",
)
FAR_DAYS = ("1899-12-31", "9999-12-31")
DAY, FAR, EMPTY = "日付を 2026-04-01", "1900年から2200年まで", "空欄です。"

# Column, what stands in it in line 3, what is expected. Written against product.md §8, not against
# the code.
CELLS: dict[str, list[tuple[str, str, str]]] = {
    "departments": [
        ("部署コード", "", EMPTY),
        ("部署コード", "０９０１", "半角の英数字"),
        ("部署コード", "09 01", "半角の英数字"),
        ("部署コード", "課1", "半角の英数字"),
        ("部署コード", "a" * 21, "20文字以内"),
        ("部署コード", "0900", "同じ部署コードが行 2"),
        ("部署コード", "0901;", "半角の英数字"),
        ("部署名", "", EMPTY),
        ("部署名", "あ" * 81, "80文字以内"),
        ("部署名", "長" * 40_000, "80文字以内"),
        ("上位部署コード", "9999", "ファイルにも登録済みの部署にもありません"),
        ("上位部署コード", "0901", "循環"),
        ("上位部署コード", "0888", "ファイルにも登録済みの部署にもありません"),
        ("上位部署コード", "企画課", "半角の英数字"),
        ("種別", "班", "局・部・課・係・室・出先"),
        ("種別", "", EMPTY),
        ("種別", "課係", "局・部・課・係・室・出先"),
        ("種別", "section", "局・部・課・係・室・出先"),
        ("終了日", "2026-03-31", "開始日より後"),
        ("開始日", "", EMPTY),
        *[("開始日", day, DAY) for day in WRONG_DAYS],
        *[("終了日", day, DAY) for day in WRONG_DAYS],
        *[("開始日", day, FAR) for day in FAR_DAYS],
        *[("終了日", day, FAR) for day in FAR_DAYS],
    ],
    "people": [
        ("職員番号", "", EMPTY),
        ("職員番号", "７０００", "半角の英数字"),
        ("職員番号", "7" * 21, "20文字以内"),
        ("氏名", "", EMPTY),
        ("氏名", "名" * 81, "80文字以内"),
        ("カナ", "カ" * 121, "120文字以内"),
        ("メール", "k@", "メールアドレスの形"),
        ("メール", "k town@example.jp", "メールアドレスの形"),
        ("メール", "なし", "メールアドレスの形"),
        ("部署コード", "9999", "登録されていない部署コード"),
        ("部署コード", "0888", "登録されていない部署コード"),
        ("部署コード", "総務課", "半角の英数字"),
        ("職位", "", EMPTY),
        ("職位", "職" * 41, "40文字以内"),
        ("役割", "", EMPTY),
        ("役割", "係員", "職員・所属長・決裁者"),
        ("役割", "職員、所属長", "職員・所属長・決裁者"),
        ("役割", "職員・", "職員・所属長・決裁者"),
        ("役割", "staff", "職員・所属長・決裁者"),
        ("本務兼務", "", EMPTY),
        ("本務兼務", "併任", "本務・兼務"),
        ("終了日", "2026-03-31", "開始日より後"),
        ("開始日", "", EMPTY),
        *[("開始日", day, DAY) for day in WRONG_DAYS],
        *[("終了日", day, FAR) for day in FAR_DAYS],
    ],
    "usage": [
        ("職員番号", "", EMPTY),
        ("職員番号", "999999", "登録されていません"),
        ("職員番号", "000701", "登録されていません"),
        ("実施日", "", EMPTY),
        ("実施日", "2099-04-01", "今日まで"),
        ("実施日", "2026-03-31", "在職していない"),
        ("単位", "", EMPTY),
        ("単位", "半日", "終日・午前・午後・時間"),
        ("単位", "1", "終日・午前・午後・時間"),
        ("時間数", "", "単位が「時間」のとき"),
        ("時間数", "8", "7時間45分"),
        ("時間数", "7:46", "7時間45分"),
        ("時間数", "0", "7時間45分"),
        ("時間数", "-1", "7時間45分"),
        ("時間数", "3:60", "7時間45分"),
        ("時間数", "三時間", "7時間45分"),
        ("時間数", "99999999999999999999", "7時間45分"),
        ("時間数", "1e2", "7時間45分"),
        ("場所", "", EMPTY),
        ("場所", "カフェ", "自宅・サテライト・モバイル・その他"),
        ("方式", "", EMPTY),
        ("方式", "FAX方式", "VPN方式"),
        *[("実施日", day, DAY) for day in WRONG_DAYS],
        *[("実施日", day, FAR) for day in FAR_DAYS],
    ],
    "completions": [
        ("職員番号", "", EMPTY),
        ("職員番号", "999999", "登録されている職員の番号"),
        ("職員番号", "000701", "登録されている職員の番号"),
        ("研修コード", "", EMPTY),
        ("研修コード", "T99", "登録されている研修のコード"),
        ("研修コード", "T88", "登録されている研修のコード"),
        ("修了日", "", EMPTY),
        ("修了日", "2099-04-01", "今日以前"),
        ("修了日", "2026-04-20", "行2と同じ"),
        ("点数", "101", "0から100まで"),
        ("点数", "-1", "0から100まで"),
        ("点数", "80.5", "0から100まで"),
        ("点数", "８０", "0から100まで"),
        ("点数", "合格", "0から100まで"),
        ("点数", "99999999999999999999", "0から100まで"),
        ("点数", "1e2", "0から100まで"),
        *[("修了日", day, DAY) for day in WRONG_DAYS],
        *[("修了日", day, FAR) for day in FAR_DAYS],
    ],
}


def text(rows: Rows) -> str:
    return "".join(",".join(row) + "\r\n" for row in rows)


def utf8(rows: Rows) -> bytes:
    return text(rows).encode()


def cp932(rows: Rows) -> bytes:
    return text(rows).encode("cp932")


def book(rows: Rows, prepare: Callable | None = None) -> bytes:
    made = Workbook()
    for row in rows:
        made.active.append([value or None for value in row])
    if prepare:
        prepare(made.active)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The package with one of its parts changed (or added)."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for each in before.namelist():
            after.writestr(each, change(before.read(each)) if each == name else before.read(each))
        if name not in before.namelist():
            after.writestr(name, change(b""))
    return file.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def formula(sheet) -> None:
    sheet["A3"] = "=A2"


def error(sheet) -> None:
    sheet["B3"] = "#REF!"
    sheet["B3"].data_type = "e"


def merged(sheet) -> None:
    sheet.merge_cells("B2:B3")


def beside(sheet) -> None:
    sheet["Z3"] = "メモ"


@cache
def a_bomb() -> bytes:
    """A package of some kilobytes that would unpack to 160 MB."""
    return with_part(book(BASES["usage"]), "xl/media/a.bin", lambda _: bytes(160_000_000))


@dataclass(frozen=True)
class Bad:
    """A bad file: its bytes, and the line, column and words of the first thing that is told."""

    name: str
    content: bytes
    line: int
    column: str | None
    words: str


def without(row: list[str], place: int) -> list[str]:
    return [cell for n, cell in enumerate(row) if n != place]


def shapes(rows: Rows) -> list[Bad]:
    """What can be wrong with a file of any kind as a whole."""
    head, first, last = rows
    name, good = head[0], utf8(rows)
    return [
        Bad("no bytes", b"", 1, "", "空"),
        Bad("spaces", b" \r\n\r\n ", 1, "", "空"),
        Bad("utf-16", text(rows).encode("utf-16"), 1, "", "UTF-16"),
        Bad("utf-16 big", b"\xfe\xff" + text(rows).encode("utf-16-be"), 1, "", "UTF-16"),
        Bad(
            "encrypted or xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
            1,
            "",
            "パスワード付き",
        ),
        Bad(
            "half a file",
            good[: -len(",".join(last[-2:]).encode()) - 3],
            3,
            None,
            "途中で切れていないか",
        ),
        Bad(
            "a quote not closed",
            utf8([head, first]) + f'"{text([last])}'.encode(),
            3,
            name,
            "閉じていません",
        ),
        Bad(
            "a quote inside",
            utf8([head, first, [f'x"{last[0]}', *last[1:]]]),
            3,
            name,
            "値の途中にあります",
        ),
        Bad(
            "text behind a quote",
            utf8([head, first, [f'"{last[0]}"x', *last[1:]]]),
            3,
            name,
            "閉じる引用符",
        ),
        Bad(
            "one cell more",
            utf8([head, [*first, "余り"], last]),
            2,
            str(len(head) + 1),
            "カンマを含む値",
        ),
        Bad("one cell less", utf8([head, first[:-1], last]), 2, head[-1], "列しかありません"),
        Bad("NUL", utf8([head, [first[0] + "\0", *first[1:]], last]), 2, name, "使えない文字"),
        Bad("escape", utf8([head, first, [last[0] + "\x1b", *last[1:]]]), 3, name, "使えない文字"),
        Bad(
            "a lost letter",
            utf8([head, first, [last[0] + "\ufffd", *last[1:]]]),
            3,
            name,
            "使えない文字",
        ),
        Bad(
            "half a pair",
            utf8([head, first]) + b"\xed\xa0\x80" + utf8([last]),
            3,
            name,
            "UTF-8 として読めない",
        ),
        Bad(
            "cp932 below utf-8",
            utf8([head, first]) + cp932([["課" + last[0], *last[1:]]]),
            3,
            None,
            "として読めない",
        ),
        Bad(
            "utf-8 below cp932",
            cp932([head, first]) + utf8([["課" + last[0], *last[1:]]]),
            3,
            None,
            "文字コードをそろえて",
        ),
        Bad(
            "broken cp932",
            cp932([head, first]) + b"\x81\x20" + cp932([last]),
            3,
            name,
            "として読めない",
        ),
        Bad("no header", utf8([first, last]), 1, name, "この列がありません"),
        Bad(
            "tabs for commas", text(rows).replace(",", "\t").encode(), 1, name, "この列がありません"
        ),
        Bad("semicolons", text(rows).replace(",", ";").encode(), 1, name, "この列がありません"),
        Bad(
            "a page named xls",
            f"<html><table><tr><td>{name}</td></tr></table></html>".encode(),
            1,
            name,
            "この列がありません",
        ),
        Bad("json", b'[{"code": 1}]', 1, None, "引用符"),
        Bad("pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", 1, None, ""),
        Bad(
            "a column twice",
            utf8([[*head, name], [*first, first[0]], [*last, last[0]]]),
            1,
            name,
            "同じ見出しの列が2列",
        ),
        Bad("too many columns", utf8([[f"c{n}" for n in range(300)]]), 1, "", "200列"),
        *[
            Bad(
                f"without {column}",
                utf8([without(row, n) for row in rows]),
                1,
                column,
                "この列がありません",
            )
            for n, column in enumerate(head)
            if column not in ("時間数", "点数")
        ],
        Bad(
            "not a package", b"PK\x03\x04" + b"garbage" * 50, 1, "", "xlsx ファイルとして読めません"
        ),
        Bad("half a package", book(rows)[:-300], 1, "", "xlsx ファイルとして読めません"),
        Bad("an empty book", book([]), 1, "", "最初のシートが空"),
        Bad("a formula", book(rows, formula), 3, name, "数式かエラーのセル"),
        Bad("an error", book(rows, error), 3, head[1], "数式かエラーのセル"),
        Bad("merged cells", book(rows, merged), 2, "", "結合したセル"),
        Bad("a note beside", book(rows, beside), 3, "26", "見出しのない列"),
        Bad(
            "broken xml",
            with_part(book(rows), SHEET, lambda xml: xml[: len(xml) // 2]),
            1,
            "",
            "xlsx ファイルとして読めません",
        ),
        Bad("a bomb", a_bomb(), 1, "", "展開すると大きすぎる"),
        Bad(
            "a book without the first column",
            book([row[1:] for row in rows]),
            1,
            name,
            "この列がありません",
        ),
    ]


def cells_of(kind: str) -> list[Bad]:
    """One bad cell in line 3, in each of the three formats that can hold it."""
    head, first, last = BASES[kind]
    found = []
    for column, value, words in CELLS[kind]:
        rows = [
            head,
            first,
            [value if name == column else cell for name, cell in zip(head, last, strict=True)],
        ]
        if kind == "usage" and column == "時間数":
            rows[2][2] = "時間"
        formats = (utf8, cp932, book) if len(value) < 100 else (utf8, book)
        found += [
            Bad(f"{column} {value[:20]!r} {make.__name__}", make(rows), 3, column, words)
            for make in formats
        ]
    return found


ALL = {kind: [*shapes(BASES[kind]), *cells_of(kind)] for kind in BASES}


@pytest.fixture
def town():
    town, other = with_another_body()
    department = a_department(town.body, "戸籍課", code="0700")
    a_member(department, number="000700")
    a_course(town.body, "T01", "情報セキュリティ")
    a_department(other.body, "よその課", code="0888")
    a_member(Department.objects.get(code="0888"), number="000701")
    a_course(other.body, "T88", "よその研修")
    return town


def handed_in(town, client, kind: str, content: bytes) -> tuple[int, FileImport | None]:
    answer = client.post(
        f"/{town.body.pk}/imports/", {"kind": kind, "file": SimpleUploadedFile("f.csv", content)}
    )
    return answer.status_code, FileImport.objects.order_by("-pk").first()


def fault_of(town, client, kind: str, bad: Bad) -> str:
    """What is wrong with how a bad file was answered; empty when nothing is."""
    status, taken = handed_in(town, client, kind, bad.content)
    if not bad.content:
        return "" if (status, taken) == (422, None) else f"{status}"
    if status != 302 or taken is None or taken.state != "refused":
        return f"answered {status}, {taken and taken.state}"
    line, column, _value, words = taken.findings[0]
    if line != bad.line or bad.column not in (None, column) or bad.words not in words:
        return f"told {taken.findings[0]}"
    page = client.get(taken.get_absolute_url())
    if page.status_code != 200 or "か所を直してください" not in page.content.decode():
        return f"page {page.status_code}"
    commit = client.post(f"{taken.get_absolute_url()}commit/").status_code
    return "" if commit == 409 else f"commit {commit}"


def test_there_are_hundreds_of_them():
    assert sum(map(len, ALL.values())) >= 250
    assert all(len({bad.name for bad in cases}) == len(cases) for cases in ALL.values())


@pytest.mark.parametrize("kind", BASES)
def test_the_good_file_of_each_kind_comes_in_in_every_format(town, kind):
    client = town.client("office")
    for make in (utf8, cp932, book, lambda rows: b"\xef\xbb\xbf" + utf8(rows)):
        status, taken = handed_in(town, client, kind, make(BASES[kind]))
        assert (status, taken.state, taken.summary["added"]) == (302, "previewed", 2)


@pytest.mark.parametrize("kind", BASES)
def test_each_bad_file_is_refused_in_its_place_and_changes_nothing(
    town, kind, settings, record_property
):
    settings.IMPORT_TEXT_BYTES = settings.IMPORT_BOOK_BYTES = 20 * 2**20
    client, faults, before = town.client("office"), [], fingerprint()
    for bad in ALL[kind]:
        with transaction.atomic():
            if fault := fault_of(town, client, kind, bad):
                faults.append(f"{bad.name}: {fault}")
            if fingerprint() != before:
                faults.append(f"{bad.name}: something changed")
            transaction.set_rollback(True)
    record_property("cases", len(ALL[kind]))
    assert faults == []


@pytest.mark.selfcheck
def test_without_looking_at_the_headers_a_bad_file_would_not_be_refused_in_its_place(
    town, monkeypatch
):
    bad = next(bad for bad in ALL["completions"] if bad.name == "without 修了日")
    client = town.client("office")
    assert fault_of(town, client, "completions", bad) == ""
    original = reading.match_columns
    monkeypatch.setattr(
        reading, "match_columns", lambda kind, table: (original(kind, table)[0], [], [])
    )
    assert fault_of(town, client, "completions", bad) != ""


NAMES = [
    "髙瀬 由紀",
    "山﨑 健",
    "𠮷野 家",
    "葛󠄀城 光",
    "神 田",
    "渡邉 凜",
    "①番 さん",
    "～－∥￠￡￢",
    "―‐…",
    "ｱｵﾊﾞ",
    "Ａ Ｂ",
    "a'b",
    "'=x",
    "-1",
    "@home",
    "=1+1",
    "＝１",
]
WHAT_STANDS = {"か\u3099く 子": "がく 子", "'=x": "=x"}
"""Only what is written together with its mark, and the mark against formulas, are joined or taken
off; the file is told so.
"""


def _holds(name: str, encoding: str) -> bool:
    try:
        return name.encode(encoding).decode(encoding) == name
    except UnicodeEncodeError:
        return False


@pytest.mark.parametrize("name", [*NAMES, "か\u3099く 子"])
def test_no_character_changes_on_the_way_in(town, name):
    client = town.client("office")
    head, row = BASES["departments"][0], ["0950", name, "", "課", "2026-04-01", ""]
    makes = [utf8, book, *([cp932] if _holds(name, "cp932") else [])]
    for make in makes:
        with transaction.atomic():
            content = (
                make([head, row])
                if not name.startswith("=") or make is not book
                else book([head, row], _as_text)
            )
            _status, taken = handed_in(town, client, "departments", content)
            assert taken.findings == []
            assert client.post(f"{taken.get_absolute_url()}commit/").status_code == 302
            assert Department.objects.get(
                municipality=town.body, code="0950"
            ).name == WHAT_STANDS.get(name, name)
            transaction.set_rollback(True)


def _as_text(sheet) -> None:
    sheet["B2"].data_type = "s"
