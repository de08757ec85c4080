"""Files that a reader could choke on: within the size that is accepted, of use to nobody."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable

from openpyxl import Workbook

HEAD = "職員番号,氏名,カナ,メール,部署コード,職位,役割,本務兼務,開始日,終了日"
ROW = "700001,髙瀬 由紀,タカセ ユキ,,0700,課長,職員・所属長,本務,2026-04-01,"
MB = 2**20
LARGE = 18 * MB

SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
FONT = b"<font><b/><sz val='11'/></font>"


def csv(text: str, encoding: str = "utf-8") -> bytes:
    """The head of a list of people, and so many bytes of this text below it."""
    head = f"{HEAD}\r\n".encode(encoding)
    piece = text.encode("utf-16-le" if encoding == "utf-16" else encoding)
    return head + piece * (LARGE // len(piece))


def lines(rows: Iterable[str], head: str = HEAD) -> bytes:
    """A file of these lines."""
    return "\r\n".join([head, *rows]).encode()


def book(sheet: Iterable[bytes] = (), **parts: Iterable[bytes]) -> bytes:
    """A workbook with this inside the first sheet, written anew where a part is named."""
    plain, changed = io.BytesIO(), io.BytesIO()
    written = Workbook()
    written.active.append(HEAD.split(","))
    written.active.append(ROW.split(","))
    for number in range(int(b"".join(parts.pop("sheets", [b"0"])))):
        written.create_sheet(f"S{number}").append([number] * 50)
    written.save(plain)
    names = {"strings": "xl/sharedStrings.xml", "styles": "xl/styles.xml"}
    names |= {"workbook": "xl/workbook.xml", "theme": "xl/theme/theme1.xml"}
    names |= {"comments": "xl/comments/comment1.xml"}
    new = {names[name]: pieces for name, pieces in parts.items()}
    if sheet:
        new["xl/worksheets/sheet1.xml"] = [SHEET, *sheet, b"</worksheet>"]
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(changed, "w", 8, True, 6) as target:
        for name in dict.fromkeys([*source.namelist(), *new]):
            with target.open(name, "w") as part:
                for piece in new.get(name) or [source.read(name)]:
                    part.write(piece)
    return changed.getvalue()


def data(rows: Iterable[bytes]) -> list[bytes]:
    """Rows of a sheet, below a head in inline texts."""
    head = b"".join(
        b"<c t='inlineStr'><is><t>%s</t></is></c>" % c.encode() for c in HEAD.split(",")
    )
    return [b"<sheetData><row>", head, b"</row>", *rows, b"</sheetData>"]


def cell(text: bytes) -> bytes:
    """A row with one cell of text."""
    return b"<row><c t='inlineStr'><is><t>%s</t></is></c></row>" % text


def many(what: bytes, count: int) -> list[bytes]:
    """So many of the same, numbered where there is a place for the number, in pieces."""
    if b"%d" in what:
        return [what % number for number in range(1, count + 1)]
    return [what] * count


def filler(size: int) -> bytes:
    """Text that does not pack so well as to be refused for it."""
    return b"".join(b"%d." % number for number in range(size // 7))


def strings(what: bytes, count: int) -> list[bytes]:
    """A table of shared strings."""
    return [SHEET.replace(b"worksheet", b"sst"), *many(what, count), b"</sst>"]


def styles(count: int) -> list[bytes]:
    """A style sheet of so many cell formats."""
    head = b"<fonts>%s</fonts><fills><fill><patternFill/></fill></fills>" % FONT
    head += b"<borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs><cellXfs>"
    formats = [XF % (number % 250, number % 179) for number in range(count)]
    return [SHEET.replace(b"worksheet", b"styleSheet"), head, *formats, b"</cellXfs></styleSheet>"]


def names(count: int) -> list[bytes]:
    """A workbook part of so many names of cells, with its first sheet."""
    relations = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    sheets = b"<sheets><sheet name='a' sheetId='1' r:id='rId1' xmlns:r='%s'/></sheets>" % relations
    defined = many(b"<definedName name='n%d'>A1</definedName>", count)
    head = SHEET.replace(b"worksheet", b"workbook") + sheets + b"<definedNames>"
    return [head, *defined, b"</definedNames></workbook>"]


XF = b"<xf numFmtId='0' fontId='0' fillId='0'><alignment indent='%d' textRotation='%d'/></xf>"

SHAPES: dict[str, Callable[[], bytes]] = {
    "quotes": lambda: csv('""'),
    "quotes beyond any cell": lambda: csv('a""') + b'"',
    "quoted empty cells": lambda: csv('"",'),
    "an open quote": lambda: f'{HEAD}\r\n"'.encode() + b"a,\r\n" * (LARGE // 4),
    "quoted lines": lambda: csv('"1"\r\n'),
    "one line of letters": lambda: csv("a"),
    "one line of rare letters": lambda: csv("a" * 300_000 + "𠮷"),
    "one line of commas": lambda: csv(","),
    "a head of commas": lambda: b"," * LARGE,
    "a head of letters": lambda: b"a" * LARGE,
    "empty lines": lambda: csv("\n"),
    "empty lines of CP932": lambda: csv("\n", "cp932"),
    "one column of rows": lambda: csv("1\r\n"),
    "one column of CP932": lambda: csv("1\r\n", "cp932"),
    "one column of UTF-16": lambda: csv("1\r\n", "utf-16"),
    "a mark and one column": lambda: csv("1\r\n", "utf-8-sig"),
    "letters of another encoding": lambda: csv("a\n") + b"\xff",
    "a hole of CP932": lambda: csv("a\n", "cp932") + b"\x80",
    "controls": lambda: csv('"a\n",\x01\n'),
    "controls at the end": lambda: csv("1,\n\n") + b"\x01" * 20,
    "different short cells": lambda: lines(f"{n:x},,,,,,,,," for n in range(1_000_000)),
    "wide lines": lambda: lines(
        (f"{n}," + "a," * 90 + "," * 107 for n in range(60_000)), HEAD + "," * 190
    ),
    "lines wider than the head": lambda: lines(f"{n}" + "," * 180 for n in range(99_000)),
    "different cells, one rare letter": lambda: lines(
        f"{n},𠮷{n},{n}b,t{n}@a.jp,07{n},{n}c{n}{n},職員,本務,2026-04-01," for n in range(100_000)
    ),
    "wrong in every cell": lambda: lines(
        f"{n}-,𠮷{n},{n}b,{n}@,07-{n},{n}c,{n},{n},{n},{n}" for n in range(100_000)
    ),
    "a million empty rows": lambda: book(data(many(b"<row r='%d'/>", 1_000_000))),
    "rows as wide as a sheet": lambda: book(data(many(b"<row><c r='XFD%d'/></row>", 90_000))),
    "one row of cells": lambda: book(data([b"<row>", *many(b"<c>%d</c>", 4_000_000), b"</row>"])),
    "a head of 16,384 columns": lambda: book(
        [b"<sheetData><row>", *many(b"<c t='str'><v>%d</v></c>", 16_384), b"</row></sheetData>"]
    ),
    "a cell of one text": lambda: book(data([cell(filler(60 * MB))])),
    "a cell of marked text": lambda: book(
        data([cell(b"<![CDATA[" + filler(60 * MB).replace(b".", b"<") + b"]]>")])
    ),
    "a comment": lambda: book([b"<!--", filler(40 * MB), b"-->", *data([])]),
    "elements beside the rows": lambda: book([*many(b"<x%d/>", 3_000_000), *data([])]),
    "attributes": lambda: book(
        [b"<x", *(b" a%d=''" % n for n in range(3_000_000)), b"/>", *data([])]
    ),
    "deep elements": lambda: book(
        [*many(b"<x>%d", 1_000_000), *many(b"</x>", 1_000_000), *data([])]
    ),
    "merged cells": lambda: book(
        [*data([]), b"<mergeCells>", *many(b'<mergeCell ref="A1:B%d"/>', 600_000), b"</mergeCells>"]
    ),
    "columns": lambda: book([b"<cols>", *many(b"<col min='%d' max='9'/>", 600_000), b"</cols>"]),
    "empty shared strings": lambda: book(strings=strings(b"<si/>%d", 4_000_000)),
    "shared strings": lambda: book(strings=strings(b"<si><t>%d</t></si>", 2_400_000)),
    "a shared string": lambda: book(strings=strings(b"<si><t>%s</t></si>" % filler(50 * MB), 1)),
    "runs of a shared string": lambda: book(
        strings=strings(b"<si>%s</si>" % b"".join(many(b"<r><t>%d</t></r>", 2_000_000)), 1)
    ),
    "cell formats": lambda: book(styles=styles(300_000)),
    "names": lambda: book(workbook=names(700_000)),
    "some merged cells": lambda: book(
        [*data([]), b"<mergeCells>", *many(b'<mergeCell ref="A1:B%d"/>', 200_000), b"</mergeCells>"]
    ),
    "some cell formats": lambda: book(styles=styles(55_000)),
    "some names": lambda: book(workbook=names(200_000)),
    "some empty rows": lambda: book(data(many(b"<row r='%d'/>", 700_000))),
    "some shared strings": lambda: book(strings=strings(b"<si><t>%d</t></si>", 700_000)),
    "a theme": lambda: book(theme=[filler(55 * MB)]),
    "comments of cells": lambda: book(comments=[b"<x>", *many(b"<y>%d</y>", 3_000_000), b"</x>"]),
    "a hundred sheets": lambda: book(sheets=[b"100"]),
    "entities": lambda: book(
        [b"<!DOCTYPE x [<!ENTITY a '", b"a" * 9_000, b"'>]>", *data([cell(b"&a;" * 9_000)])]
    ),
    "a bomb": lambda: book(data([cell(b"0" * (140 * MB))])),
    "a bomb with small claims": lambda: re.sub(
        rb"(PK\x01\x02.{20}).{4}",
        lambda claim: claim[1] + b"\x10\0\0\0",
        book(data([cell(filler(MB))])),
        flags=re.DOTALL,
    ),
    "different texts": lambda: book(
        data(
            b"<row>"
            + b"".join(b"<c t='str'><v>%d-%d</v></c>" % (n, k) for k in range(10))
            + b"</row>"
            for n in range(99_990)
        )
    ),
    "too many texts": lambda: book(
        data(
            b"<row>"
            + b"".join(b"<c t='str'><v>%d%d</v></c>" % (n, k) for k in range(30))
            + b"</row>"
            for n in range(99_990)
        )
    ),
}
