"""Files that go out to come back: a refused file with its findings, the template, and what is
stored.
"""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from municipality.audit.models import Entry
from municipality.core.registry import import_kinds
from municipality.imports.models import FileImport
from municipality.imports.operations.imports import take_in
from tests.build.municipality import a_department, a_member, also_posted, at
from tests.build.town import a_town
from tests.build.training import a_course

pytestmark = pytest.mark.django_db
KINDS = ["departments", "people", "usage", "completions"]
NOW = at(2026, 5, 1)
HEAD = ["部署コード", "部署名", "上位部署コード", "種別", "開始日", "終了日"]
GOOD = ["0900", "髙﨑課", "", "課", "2026-04-01", ""]
BAD = ["0901", "税務第二課", "9999", "班", "令和8年13月1日", ""]


@pytest.fixture
def town():
    return a_town()


def a_csv(*rows, encoding="utf-8") -> bytes:
    return "".join(",".join(row) + "\r\n" for row in rows).encode(encoding)


def a_book(*rows) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append([value or None for value in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def send(town, content: bytes, kind="departments", name="部署.csv") -> FileImport:
    form = {"kind": kind, "file": SimpleUploadedFile(name, content)}
    assert town.client("office").post(f"/{town.body.pk}/imports/", form).status_code == 302
    return FileImport.objects.latest("pk")


def fetched(town, address: str) -> bytes:
    answer = town.client("office").get(f"/{town.body.pk}/{address}")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def lines_of(content: bytes) -> list[list[str]]:
    """The lines of a file in any of the three formats, empty cells as empty texts."""
    if content.startswith(b"PK"):
        rows = load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)
        return [["" if value is None else str(value) for value in row] for row in rows]
    encoding = "utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "cp932"
    return list(csv.reader(io.StringIO(content.decode(encoding), newline="")))


@pytest.mark.parametrize(
    "content",
    [a_csv(HEAD, GOOD, BAD), a_csv(HEAD, GOOD, BAD, encoding="cp932"), a_book(HEAD, GOOD, BAD)],
    ids=["utf-8", "cp932", "xlsx"],
)
def test_a_refused_file_comes_back_with_its_findings_and_is_accepted_once_it_is_corrected(
    town, content
):
    taken = send(town, content)
    back = fetched(town, f"imports/{taken.pk}/remarks/")
    lines = lines_of(back)
    assert back[:2] == (
        content[:2] if content.startswith(b"PK") or b"\x95" in content[:2] else back[:2]
    )
    assert lines[0] == [*HEAD, "指摘"]
    assert lines[1] == [*GOOD, ""]
    assert lines[2][:6] == BAD
    assert lines[2][6].split("\n") == [
        "上位部署コード: この部署コードは、ファイルにも登録済みの部署にもありません。",
        "種別: 局・部・課・係・室・出先 のいずれかを入力してください。",
        "開始日: 日付を 2026-04-01、2026/4/1、令和8年4月1日、R8.4.1 のいずれかの書き方で入力してください。",
    ] or sorted(lines[2][6].split("\n")) == sorted(
        f"{column}: {message}" for _line, column, _value, message in taken.findings
    )
    again = send(town, back)
    assert (again.state, again.findings) == ("refused", taken.findings)
    assert again.summary["notes"] == ["列「指摘」は取り込みません。"]
    once_more = lines_of(fetched(town, f"imports/{again.pk}/remarks/"))
    assert once_more == lines
    lines[2][2:5] = ["0900", "係", "2026-04-01"]
    make = (
        a_book
        if content.startswith(b"PK")
        else lambda *rows: a_csv(*[[cell.replace("\n", " ") for cell in row] for row in rows])
    )
    mended = send(town, make(*lines))
    assert (mended.state, mended.summary["added"]) == ("previewed", 2)


def test_what_lacks_a_column_comes_back_with_the_column_to_be_filled_in(town):
    taken = send(town, a_csv(HEAD[:3] + HEAD[4:], GOOD[:3] + GOOD[4:]))
    assert lines_of(fetched(town, f"imports/{taken.pk}/remarks/")) == [
        ["部署コード", "部署名", "上位部署コード", "開始日", "終了日", "種別", "指摘"],
        [
            "0900",
            "髙﨑課",
            "",
            "2026-04-01",
            "",
            "",
            "種別: この列がありません。見出しを1行目に入力してください。",
        ],
    ]


def test_a_file_that_cannot_be_read_as_lines_is_not_handed_back(town):
    taken = send(town, a_csv(HEAD, GOOD) + b'"0901,')
    assert taken.state == "refused"
    client = town.client("office")
    assert client.get(f"/{town.body.pk}/imports/{taken.pk}/remarks/").status_code == 409
    page = client.get(taken.get_absolute_url()).content.decode()
    assert "指摘付きのファイル" not in page
    assert "元のファイルを直して保存し、もう一度選んでください。" in page


def test_a_file_handed_back_leaves_a_line_in_the_history(town):
    taken = send(town, a_csv(HEAD, BAD))
    fetched(town, f"imports/{taken.pk}/remarks/")
    line = Entry.objects.get(verb="import.handed_out")
    assert (line.actor_id, line.subject_id) == (town.people["office"].pk, taken.pk)


def test_a_cell_that_would_run_is_harmless_in_the_file_and_unchanged_when_it_comes_back(town):
    row = ["0900", "＝HYPERLINK()", "", "班", "2026-04-01", ""]
    back = fetched(town, f"imports/{send(town, a_csv(HEAD, row)).pk}/remarks/")
    assert lines_of(back)[1][1] == "'＝HYPERLINK()"
    again = send(town, back.replace("班".encode(), "課".encode()))
    assert [change["label"] for change in again.changes] == ["0900 ＝HYPERLINK()"]
    assert (
        again.summary["notes"][-1]
        == "数式として動かないように付けてある先頭の「'」を1個のセルから外しました。"
    )


# --- templates ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [*KINDS, "no_telework"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_every_template_is_accepted_back_unchanged(town, kind, ending):
    content = fetched(town, f"imports/{kind}/template.{ending}")
    taken = send(town, content, kind=kind, name=f"{kind}.{ending}")
    assert (taken.state, taken.findings) == ("previewed", [])
    assert taken.summary["notes"] == [
        "データの行がありません。見出しの下に1行以上入力してください。"
    ]


@pytest.mark.parametrize("kind", [*KINDS, "no_telework"])
def test_a_template_explains_every_column_and_its_own_examples_can_be_read(town, kind):
    book = load_workbook(io.BytesIO(fetched(town, f"imports/{kind}/template.xlsx")))
    assert book.sheetnames[1] == "説明"
    columns = import_kinds()[kind].columns
    lines = list(book["説明"].iter_rows(min_row=2, max_row=len(columns) + 1, values_only=True))
    assert [line[0] for line in lines] == [column.name for column in columns]
    for column, (_name, need, expected, example) in zip(columns, lines, strict=True):
        assert need
        assert expected
        assert column.read(example) is not None


def test_a_template_offers_the_words_of_a_column(town):
    sheet = load_workbook(io.BytesIO(fetched(town, "imports/people/template.xlsx"))).worksheets[0]
    offered = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert offered == {"H2:H5000": '"本務,兼務"', "M2:M5000": '"在職,休職,派遣"'}
    assert sheet.column_dimensions["A"].number_format == "@"


def test_a_filled_template_with_its_explanations_brings_no_warning(town):
    book = load_workbook(io.BytesIO(fetched(town, "imports/departments/template.xlsx")))
    book.worksheets[0].append(["0010", "水道課", None, "課", "R8.4.1", None])
    file = io.BytesIO()
    book.save(file)
    taken = send(town, file.getvalue())
    assert (taken.summary["added"], taken.summary["notes"]) == (1, [])


# --- what is stored, out and in again -------------------------------------------------------------


def fill(town) -> None:
    """A little of everything, with letters and values that are easily lost."""
    department = a_department(town.body, "'=危険課", code="0077", parent=town.soumu)
    person = a_member(
        department,
        "manager",
        "staff",
        name="𠮷野 葛󠄀城",
        kana="ヨシノ",
        post="課長",
        number="000099",
        mail="",
    )
    also_posted(person, town.zeimu, "auditor", post="主任")
    a_course(town.body, "T01", "情報セキュリティ")
    usage = (
        "職員番号,実施日,単位,時間数,場所,方式\n000099,2026-04-20,時間,3:10,自宅,VPN方式\n"
        "000099,2026-04-21,終日,,サテライト,スタンドアロン方式\n"
    )
    done = "職員番号,研修コード,修了日,点数\n000099,T01,2026-04-20,80\n000099,T01,2026-04-21,\n"
    for kind, content in (("usage", usage), ("completions", done)):
        assert take_in(town.body, kind, "f.csv", content.encode(), now=NOW).findings == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_is_stored_goes_out_and_in_again_row_for_row_and_changes_nothing(town, kind, form):
    fill(town)
    content = fetched(town, f"imports/{kind}/current/?file={form}")
    lines = lines_of(content)
    stored = list(import_kinds()[kind].current(town.body, NOW.date()))
    assert lines[0] == [column.name for column in import_kinds()[kind].columns]
    assert len(lines) == len(stored) + 1 >= 3
    plan = take_in(town.body, kind, "f.csv", content, now=NOW)
    assert plan.findings == []
    assert plan.totals == {"added": 0, "changed": 0, "ended": 0, "unchanged": len(stored)}
    assert fetched(town, f"imports/{kind}/current/?file=csv") == fetched(
        town, f"imports/{kind}/current/?file=csv"
    )


def test_what_cp932_cannot_hold_is_refused_with_its_line_and_other_formats_are_offered(town):
    fill(town)
    answer = town.client("office").get(f"/{town.body.pk}/imports/people/current/?file=cp932")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "列 氏名 「𠮷野 葛󠄀城」" in page
    assert "この形式では「𠮷」を表せません。" in page
    assert 'href="?file=csv"' in page


def test_in_cp932_it_goes_out_when_every_letter_is_there(town):
    a_department(town.body, "髙﨑課", code="0077")
    content = fetched(town, "imports/departments/current/?file=cp932")
    assert "髙﨑課".encode("cp932") in content
    assert take_in(town.body, "departments", "f.csv", content, now=NOW).totals["unchanged"] == 3


def test_there_is_nothing_of_an_unknown_kind(town):
    assert town.get("office", "imports/secrets/current/") == 404
    assert town.get("office", "imports/secrets/template.xlsx") == 404
