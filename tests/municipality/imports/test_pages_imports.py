"""取込み: from the file to the preview to the commit, and who may."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from municipality.core.spreadsheets.table import MOST_BYTES
from municipality.imports.models import FileImport
from municipality.imports.operations.imports import preview
from municipality.organisation.models import Department
from tests.build.municipality import at

pytestmark = pytest.mark.django_db
LIST = "imports/"
NOT_OFFICE = ["hr", "executive", "auditor", "consultant", "manager", "staff"]
FILE = "部署コード,部署名,上位部署コード,種別,開始日,終了日\r\n0900,企画課,,課,R8.4.1,\r\n"


def upload(content, name="部署.csv"):
    return SimpleUploadedFile(
        name, content if isinstance(content, bytes) else content.encode("cp932")
    )


def send(town, content=FILE, who="office", kind="departments"):
    return town.client(who).post(f"/{town.body.pk}/{LIST}", {"kind": kind, "file": upload(content)})


def taken_in(town, content=FILE):
    return preview(
        town.body,
        "departments",
        "部署.csv",
        content.encode(),
        by=town.people["office"],
        now=at(2026, 5, 1),
    )


def test_from_the_file_to_the_commit(town):
    answer = send(town)
    taken = FileImport.objects.get()
    assert (answer.status_code, answer.url, taken.state, taken.name) == (
        302,
        taken.get_absolute_url(),
        "previewed",
        "部署.csv",
    )
    page = town.client("office").get(answer.url).content.decode()
    assert "0900 企画課" in page
    assert "取り込む" in page
    assert not Department.objects.filter(code="0900").exists()
    assert town.post("office", f"imports/{taken.pk}/commit/") == 302
    assert Department.objects.filter(code="0900").exists()
    assert town.post("office", f"imports/{taken.pk}/commit/") == 409


def test_a_refused_file_says_what_is_wrong_and_offers_no_commit(town):
    answer = send(town, FILE.replace("課,R8", "班,R8"))
    page = town.client("office").get(answer.url).content.decode()
    assert "1か所を直してください" in page
    assert "「班」" in page
    assert "局・部・課・係・室・出先 のいずれかを入力してください。" in page
    assert "/commit/" not in page
    assert town.post("office", f"imports/{FileImport.objects.get().pk}/commit/") == 409


def test_what_stands_in_a_cell_is_text_and_never_markup(town):
    answer = send(town, FILE.replace("課,R8", "<script>alert(1)</script>,R8"))
    page = town.client("office").get(answer.url).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_dropping_a_file(town):
    taken = taken_in(town)
    assert town.post("office", f"imports/{taken.pk}/discard/") == 302
    assert town.post("office", f"imports/{taken.pk}/commit/") == 409
    assert town.get("office", f"imports/{taken.pk}/") == 200


@pytest.mark.parametrize("who", NOT_OFFICE)
def test_only_the_office_takes_files_in(town, who):
    taken = taken_in(town)
    # A manager hands in the records of telework, and no other kind of file.
    listed, sent, of_others = (200, 422, 404) if who == "manager" else (403, 403, 403)
    assert (town.get(who, LIST), send(town, who=who).status_code) == (listed, sent)
    assert town.get(who, f"imports/{taken.pk}/") == of_others
    assert town.post(who, f"imports/{taken.pk}/commit/") == of_others
    assert town.post(who, f"imports/{taken.pk}/discard/") == of_others
    assert town.get(who, "imports/departments/template.csv") == 403
    assert not Department.objects.filter(code="0900").exists()


def test_a_file_of_another_body_is_as_absent(towns):
    town, other = towns
    theirs = taken_in(other)
    assert town.get("office", f"imports/{theirs.pk}/") == 404
    assert town.post("office", f"imports/{theirs.pk}/commit/") == 404
    assert town.get("other body", LIST) == 404


@pytest.mark.parametrize(
    "data",
    [
        {"x": "1"},
        {"kind": "departments"},
        {"kind": "secrets", "file": upload(FILE)},
        {"kind": "departments", "file": upload(b"")},
    ],
    ids=["nothing", "no file", "unknown kind", "empty file"],
)
def test_a_bad_form_is_shown_again(town, data):
    assert town.client("office").post(f"/{town.body.pk}/{LIST}", data).status_code == 422
    assert not FileImport.objects.exists()


def test_a_file_that_is_too_large_is_refused_before_it_is_read(town):
    answer = send(town, b"a" * (MOST_BYTES + 1))
    assert answer.status_code == 422
    assert "20MB" in answer.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_however_long_it_is(town, rows, django_assert_num_queries):
    for _n in range(rows):
        taken_in(town)
    client = town.client("office")
    client.get(f"/{town.body.pk}/{LIST}")
    with django_assert_num_queries(8) as queries:
        assert client.get(f"/{town.body.pk}/{LIST}").status_code == 200
    assert not any('"content"' in query["sql"] for query in queries)


@pytest.mark.parametrize(
    ("kind", "headers"),
    [
        ("departments", "部署コード,部署名,上位部署コード,種別,開始日,終了日"),
        (
            "people",
            "職員番号,氏名,カナ,メール,部署コード,職位,役割,本務兼務,開始日,終了日,番号系列,任用区分,状態",
        ),
    ],
)
def test_a_template_has_the_headers_and_comes_in_again(town, kind, headers):
    response = town.client("office").get(f"/{town.body.pk}/imports/{kind}/template.csv")
    content = b"".join(response.streaming_content)
    assert content.decode("utf-8") == f"\ufeff{headers}\r\n"
    assert response["Content-Disposition"] == f'attachment; filename="{kind}.csv"'
    assert send(town, content, kind=kind).status_code == 302
    taken = FileImport.objects.get()
    assert (taken.state, taken.findings) == ("previewed", [])


def test_there_is_no_template_of_an_unknown_kind(town):
    assert town.get("office", "imports/secrets/template.csv") == 404
