"""The mechanism: shown first, committed once, all or nothing, with one line in the history."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from municipality.audit.chain import verify_chains
from municipality.audit.models import Entry, EntryContent
from municipality.core.refusals import Conflict, Denied
from municipality.core.spreadsheets import reader
from municipality.imports import kinds
from municipality.imports.models import FileImport
from municipality.imports.operations import worker
from municipality.imports.operations.imports import commit_import, discard_import, preview
from municipality.imports.operations.worker import work_imports
from municipality.organisation.models import Department, Member
from tests.build.faults import database_failing
from tests.build.municipality import a_body, a_department, a_member, at

pytestmark = pytest.mark.django_db
NOW = at(2026, 5, 1)
HEAD = "部署コード,部署名,上位部署コード,種別,開始日,終了日\n"
FILE = (HEAD + "0201,企画課,,課,2026-04-01,\n0202,広報係,0201,係,2026-04-01,\n").encode()


@pytest.fixture
def office():
    return a_member(a_department(a_body(), "総務課"), "office")


def shown(office, content=FILE, name="departments.csv"):
    return preview(office.municipality, "departments", name, content, by=office, now=NOW)


def codes(office):
    return sorted(
        Department.objects.of(office.municipality)
        .filter(code__startswith="02")
        .values_list("code", flat=True)
    )


def test_a_preview_changes_nothing_and_says_what_would(office):
    taken = shown(office)
    assert codes(office) == []
    assert (taken.state, taken.uploaded_by, taken.committed_at) == ("previewed", office, None)
    assert {
        key: taken.summary[key] for key in ("added", "changed", "unchanged", "ended", "findings")
    } == {
        "added": 2,
        "changed": 0,
        "unchanged": 0,
        "ended": 0,
        "findings": 0,
    }
    assert [change["label"] for change in taken.changes] == ["0201 企画課", "0202 広報係"]


def test_a_refused_file_keeps_its_findings_and_its_content_to_be_corrected(office):
    content = (HEAD + "0201,企画課,,班,2026-04-01,\n").encode()
    taken = shown(office, content)
    assert (taken.state, bytes(taken.content), taken.summary["findings"]) == ("refused", content, 1)
    discard_import(taken, by=office, now=NOW)
    assert bytes(taken.content) == b""
    assert taken.findings == [
        [2, "種別", "班", "局・部・課・係・室・出先 のいずれかを入力してください。"]
    ]


def kept_as(taken, change=None):
    """The bytes of the file as the database holds them; `change` puts others there."""
    with connection.cursor() as cursor:
        if change is not None:
            cursor.execute(
                "UPDATE municipality_fileimport SET content = %s WHERE id = %s", [change, taken.pk]
            )
        cursor.execute("SELECT content FROM municipality_fileimport WHERE id = %s", [taken.pk])
        return bytes(cursor.fetchone()[0])


def test_a_file_that_waits_lies_compressed_in_the_database(office):
    content = (HEAD + "".join(f"02{n:02d},第{n}課,,課,2026-04-01,\n" for n in range(60))).encode()
    taken = shown(office, content)
    assert len(kept_as(taken)) < len(content) / 3
    assert bytes(FileImport.objects.get(pk=taken.pk).content) == content


def test_files_that_waited_before_are_compressed_by_the_migration_and_back(office):
    taken = shown(office)
    kept_as(taken, FILE)
    migration = import_module("municipality.migrations.0012_pack_files")
    before = (
        MigrationLoader(connection)
        .project_state(("municipality", "0011_papers_and_circulation"))
        .apps
    )
    migration.pack(before, None)
    assert bytes(FileImport.objects.get(pk=taken.pk).content) == FILE
    migration.unpack(before, None)
    assert kept_as(taken) == FILE


def test_a_commit_writes_everything_and_forgets_the_content(office):
    taken = shown(office)
    commit_import(taken, by=office, now=NOW)
    taken.refresh_from_db()
    assert codes(office) == ["0201", "0202"]
    assert (taken.state, taken.committed_at, bytes(taken.content)) == ("committed", NOW, b"")


def test_pressing_twice_imports_once(office):
    taken = shown(office)
    again = FileImport.objects.get(pk=taken.pk)
    commit_import(taken, by=office, now=NOW)
    with pytest.raises(Conflict):
        commit_import(again, by=office, now=NOW)
    assert codes(office) == ["0201", "0202"]
    assert Entry.objects.filter(verb="import.committed").count() == 1


def test_two_who_press_at_the_same_moment_make_one_import(office, monkeypatch):
    taken, seen = shown(office), []
    original = reader.read_table

    def read_and_be_overtaken(name, content, heads):
        if not seen:
            seen.append(True)
            commit_import(FileImport.objects.get(pk=taken.pk), by=office, now=NOW)
        return original(name, content, heads)

    monkeypatch.setattr(kinds, "read_table", read_and_be_overtaken)
    with pytest.raises(Conflict):
        commit_import(taken, by=office, now=NOW)
    assert Entry.objects.filter(verb="import.committed").count() == 1


def test_what_changed_since_the_preview_is_not_written_over(office):
    taken = shown(office)
    commit_import(
        shown(office, (HEAD + "0201,政策課,,課,2026-04-01,\n").encode()), by=office, now=NOW
    )
    with pytest.raises(Conflict):
        commit_import(taken, by=office, now=NOW)
    taken.refresh_from_db()
    assert (codes(office), taken.state) == (["0201"], "previewed")


def test_a_failure_in_the_middle_leaves_nothing(office):
    taken = shown(office)
    with database_failing("UPDATE", Department), pytest.raises(OSError, match="no room"):
        commit_import(taken, by=office, now=NOW)
    taken.refresh_from_db()
    assert (codes(office), taken.state) == ([], "previewed")
    assert Entry.objects.filter(verb="import.committed").count() == 0


def test_a_dropped_file_cannot_be_committed(office):
    taken = shown(office)
    discard_import(taken, by=office, now=NOW)
    assert (taken.state, bytes(taken.content)) == ("discarded", b"")
    with pytest.raises(Conflict):
        commit_import(taken, by=office, now=NOW)


def test_a_committed_file_cannot_be_dropped(office):
    taken = shown(office)
    commit_import(taken, by=office, now=NOW)
    with pytest.raises(Conflict):
        discard_import(taken, by=office, now=NOW)


def test_only_the_office_takes_files_in(office):
    staff = a_member(
        Department.objects.get(name="総務課"), "manager", "hr", "executive", "auditor", "staff"
    )
    taken = shown(office)
    for attempt in (
        lambda: preview(office.municipality, "departments", "f.csv", FILE, by=staff, now=NOW),
        lambda: commit_import(taken, by=staff, now=NOW),
        lambda: discard_import(taken, by=staff, now=NOW),
    ):
        with pytest.raises(Denied):
            attempt()
    assert codes(office) == []


def test_an_unknown_kind_is_refused(office):
    with pytest.raises(Conflict):
        preview(office.municipality, "secrets", "f.csv", FILE, by=office, now=NOW)


def test_the_history_holds_one_line_per_act_with_the_digest(office):
    before = set(Entry.objects.values_list("pk", flat=True))
    taken = shown(office)
    commit_import(taken, by=office, now=NOW)
    lines = Entry.objects.exclude(pk__in=before).order_by("seq")
    assert [(line.verb, line.actor_id, line.subject_id) for line in lines] == [
        ("import.previewed", office.pk, taken.pk),
        ("import.committed", office.pk, taken.pk),
    ]
    facts = EntryContent.objects.get(entry=lines[1]).body
    assert (facts["digest"], facts["added"], facts["kind"]) == (taken.digest, 2, "departments")
    assert all(verdict.bad_line is None for verdict in verify_chains())


def test_a_long_name_of_a_file_is_cut_and_many_findings_are_counted(office):
    lines = "".join(f"{n:05d},課,,班,2026-04-01,\n" for n in range(5_700))
    taken = shown(office, (HEAD + lines).encode(), name="あ" * 300 + ".csv")
    assert (len(taken.name), len(taken.findings), taken.summary["findings"]) == (200, 5_000, 5_700)


def test_three_thousand_people_are_a_matter_of_queries_not_of_people(
    office, django_assert_max_num_queries, monkeypatch
):
    """Progress is written by the clock on the wall: one write only, so that a slow machine counts
    the same.
    """
    monkeypatch.setattr(worker, "REPORT_SECONDS", 3600)
    head = "職員番号,氏名,カナ,メール,部署コード,職位,役割,本務兼務,開始日,終了日\n"
    code = Department.objects.get(name="総務課").code
    lines = "".join(
        f"9{n:05d},職員 {n},ショクイン,,{code},主事,職員,本務,2026-04-01,\n" for n in range(3000)
    )
    taken = preview(
        office.municipality,
        "people",
        "people.csv",
        (head + lines).encode("cp932"),
        by=office,
        now=NOW,
    )
    commit_import(taken, by=office, now=NOW)
    with django_assert_max_num_queries(133):  # one of them holds the people whose records it moves
        assert work_imports(lambda: NOW) == 1
    assert Member.objects.of(office.municipality).count() == 3001
