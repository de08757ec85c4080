"""Large files: a worker reads and writes them, one that dies loses nothing, and the page says how
far it is.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from municipality.audit.models import Entry
from municipality.clock.models import JobRun
from municipality.core.refusals import Conflict, Denied
from municipality.imports.models import FileImport
from municipality.imports.operations import worker as import_work
from municipality.imports.operations.imports import commit_import, discard_import, hand_in, preview
from municipality.imports.operations.worker import claim, forget_old_files, work, work_imports
from municipality.organisation.models import Department, Grant, Member, Posting
from tests.build.faults import database_failing
from tests.build.municipality import a_body, a_department, a_member, at
from tests.build.town import a_town

pytestmark = pytest.mark.django_db
NOW = at(2026, 5, 1)
DEPARTMENTS = "部署コード,部署名,上位部署コード,種別,開始日,終了日\r\n"
PEOPLE = "職員番号,氏名,カナ,メール,部署コード,職位,役割,本務兼務,開始日,終了日\r\n"


def words_of(page: str, role: str) -> str:
    """What the bold words of that role say, with their blanks as a browser shows them."""
    text = re.search(f'<b role="{role}">([^<]*)<', page).group(1)
    return " ".join(text.split())


def clock():
    return NOW


@pytest.fixture(autouse=True)
def everything_is_large(settings):
    settings.IMPORT_TEXT_BYTES = settings.IMPORT_BOOK_BYTES = 0


@pytest.fixture
def office():
    return a_member(a_department(a_body(), "総務課"), "office")


def handed_in(office, *lines: str, kind="departments", head=DEPARTMENTS) -> FileImport:
    content = (
        head + "".join(f"{line}\r\n" for line in lines or ["0201,企画課,,課,2026-04-01,"])
    ).encode("cp932")
    return hand_in(office.municipality, kind, "大きなファイル.csv", content, by=office, now=NOW)


def again(taken: FileImport) -> FileImport:
    return FileImport.objects.select_related("municipality").get(pk=taken.pk)


def test_a_large_file_waits_to_be_read_and_then_to_be_written(office):
    taken = handed_in(office)
    assert (taken.state, taken.summary) == ("received", {})
    assert work_imports(clock) == 1
    taken = again(taken)
    assert (taken.state, taken.summary["added"], taken.lease_until) == ("previewed", 1, None)
    commit_import(taken, by=office, now=NOW)
    assert (taken.state, Department.objects.filter(code="0201").count()) == ("ordered", 0)
    assert work_imports(clock) == 1
    taken = again(taken)
    assert (taken.state, taken.committed_by, taken.committed_at) == ("committed", office, NOW)
    assert (Department.objects.filter(code="0201").count(), bytes(taken.content)) == (1, b"")
    assert work_imports(clock) == 0
    verbs = Entry.objects.filter(subject_id=taken.pk, verb__startswith="import.").order_by("seq")
    wanted = ["received", "previewed", "ordered", "committed"]
    assert list(verbs.values_list("verb", "actor_id")) == [
        (f"import.{verb}", office.pk) for verb in wanted
    ]


def test_a_small_file_is_read_at_once(office, settings):
    settings.IMPORT_TEXT_BYTES = 100_000
    assert handed_in(office).state == "previewed"


def test_two_hundred_departments_and_three_thousand_people_come_in_once(office):
    departments = [
        f"{9000 + n},第{n}課,{'' if n < 20 else 9000 + n % 20},{'部' if n < 20 else '課'},R8.4.1,"
        for n in range(200)
    ]
    people = [
        f"5{n:05d},髙﨑 太郎{n},タカサキ タロウ,t{n}@town.example.jp,{9000 + n % 200},主事,職員,本務,2026-04-01,"
        for n in range(3000)
    ]
    for kind, head, lines in (
        ("departments", DEPARTMENTS, departments),
        ("people", PEOPLE, people),
    ):
        for expected in (
            {"added": len(lines), "unchanged": 0},
            {"added": 0, "unchanged": len(lines)},
        ):
            taken = handed_in(office, *lines, kind=kind, head=head)
            assert work_imports(clock) == 1
            taken = again(taken)
            assert {key: taken.summary[key] for key in expected} == expected
            commit_import(taken, by=office, now=NOW)
            assert work_imports(clock) == 1
            assert again(taken).state == "committed"
    rows = [Department, Member, Posting, Grant]
    assert [model.objects.filter(municipality=office.municipality).count() for model in rows] == [
        202,
        3001,
        3001,
        3001,
    ]
    assert Member.objects.get(number="500007").name == "髙﨑 太郎7"


def test_how_far_it_is_can_be_seen_and_its_lease_is_renewed(office, monkeypatch):
    monkeypatch.setattr(import_work, "REPORT_SECONDS", 0)
    seen, original = [], import_work.ProgressReporter.__call__

    def told(self, done, rows):
        original(self, done, rows)
        row = FileImport.objects.get(pk=self.file_import.pk)
        seen.append((row.progress, row.rows, row.lease_until))

    monkeypatch.setattr(import_work.ProgressReporter, "__call__", told)
    handed_in(office, *(f"{n:04d},第{n}課,,課,2026-04-01," for n in range(3000, 3600)))
    work_imports(clock)
    assert [(done, rows) for done, rows, _lease in seen] == [
        (0, 600),
        (100, 600),
        (200, 600),
        (300, 600),
        (400, 600),
        (500, 600),
        (600, 600),
    ]
    assert {lease for _done, _rows, lease in seen} == {NOW + timedelta(seconds=120)}


def test_what_a_dead_worker_left_is_taken_up_when_its_lease_has_run_out(office):
    taken = handed_in(office)
    assert claim(now=NOW).pk == taken.pk
    assert claim(now=NOW + timedelta(seconds=119)) is None
    assert work_imports(lambda: NOW + timedelta(seconds=120)) == 1
    assert again(taken).state == "previewed"


def test_a_worker_that_was_only_slow_writes_nothing_twice(office):
    taken = handed_in(office)
    slow = claim(now=NOW)
    assert work_imports(lambda: NOW + timedelta(hours=1)) == 1
    assert work(slow, clock) == 0
    assert (again(taken).state, Entry.objects.filter(verb="import.previewed").count()) == (
        "previewed",
        1,
    )


def test_a_failure_in_the_middle_writes_nothing_and_is_tried_again(office):
    taken = handed_in(office)
    work_imports(clock)
    commit_import(again(taken), by=office, now=NOW)
    with database_failing("UPDATE", Department):
        assert work_imports(clock, limit=1) == 0
    assert (again(taken).state, Department.objects.filter(code="0201").count()) == ("ordered", 0)
    assert work_imports(lambda: NOW + timedelta(minutes=3)) == 1
    assert (again(taken).state, Department.objects.filter(code="0201").count()) == ("committed", 1)


def test_a_file_at_which_workers_die_again_and_again_is_refused_in_the_end(office):
    taken = handed_in(office)
    for turn in range(5):
        assert claim(now=NOW + timedelta(minutes=3 * turn)) is not None
    assert work_imports(lambda: NOW + timedelta(hours=1)) == 1
    taken = again(taken)
    assert (taken.state, taken.findings[0][3]) == (
        "refused",
        "処理を完了できませんでした。ファイルを分けるか、運用管理者に連絡してください。",
    )


def test_a_file_that_cannot_even_be_given_up_is_tried_a_bounded_number_of_times(office):
    """Meanwhile it stands among the jobs that failed."""
    taken = handed_in(office)
    with database_failing("INSERT INTO", Entry):
        for turn in range(20):
            work_imports(lambda turn=turn: NOW + timedelta(minutes=3 * turn))
    taken = again(taken)
    assert (taken.state, taken.attempts) == ("refused", 6)
    assert JobRun.objects.troubled().get().job == f"imports.work {taken.pk}"


def test_a_lease_of_a_clock_that_was_wrong_keeps_no_file(office):
    taken = handed_in(office)
    claim(now=NOW + timedelta(days=30))
    assert claim(now=NOW).pk == taken.pk


@pytest.mark.parametrize("ordered", [False, True])
def test_a_file_dropped_meanwhile_is_left_alone(office, ordered):
    taken = handed_in(office)
    if ordered:
        work_imports(clock)
        commit_import(again(taken), by=office, now=NOW)
    at_work = claim(now=NOW)
    discard_import(again(taken), by=office, now=NOW)
    assert work(at_work, clock) == 0
    assert (again(taken).state, Department.objects.filter(code="0201").count()) == ("discarded", 0)


def test_whoever_lost_the_role_meanwhile_imports_nothing(office):
    taken = handed_in(office)
    work_imports(clock)
    commit_import(again(taken), by=office, now=NOW)
    Grant.objects.filter(posting__member=office).update(role="staff")
    assert work_imports(clock) == 1
    taken = again(taken)
    assert (taken.state, Department.objects.filter(code="0201").count()) == ("refused", 0)
    assert "取り込める役割ではなくなりました" in taken.findings[0][3]


def test_what_changed_since_it_was_shown_is_shown_anew(office):
    taken = handed_in(office)
    work_imports(clock)
    commit_import(again(taken), by=office, now=NOW)
    a_department(office.municipality, "別の課", code="0201")
    assert work_imports(clock) == 1
    taken = again(taken)
    assert taken.findings == []
    assert (taken.state, taken.summary["added"], taken.summary["changed"]) == ("previewed", 0, 1)
    assert (
        taken.summary["notes"][0]
        == "確認した後に登録内容が変わりました。もう一度、内容を確認してください。"
    )
    assert Department.objects.get(code="0201").name == "別の課"


def test_the_same_numbers_for_other_changes_are_not_what_was_shown(office, settings):
    settings.IMPORT_TEXT_BYTES = 100_000
    a_department(office.municipality, "企画課", code="0201")
    taken = preview(
        office.municipality,
        "departments",
        "f.csv",
        (DEPARTMENTS + "0201,政策課,,課,2026-05-01,\r\n").encode(),
        by=office,
        now=NOW,
    )
    Department.objects.filter(code="0201").update(kind="unit")
    versions = Department.objects.get(code="0201").versions
    versions.update(kind="unit")
    with pytest.raises(Conflict):
        commit_import(taken, by=office, now=NOW)


def test_only_the_office_hands_files_in(office):
    staff = a_member(Department.objects.get(name="総務課"), "manager")
    with pytest.raises(Denied):
        hand_in(
            office.municipality, "departments", "f.csv", DEPARTMENTS.encode(), by=staff, now=NOW
        )


def test_files_that_nobody_decided_on_are_forgotten_after_a_month(office):
    taken, refused = handed_in(office), handed_in(office, "0201,企画課,,班,2026-04-01,")
    work_imports(clock)
    body = office.municipality
    assert forget_old_files(body, NOW + timedelta(days=29)) == 0
    assert forget_old_files(body, NOW + timedelta(days=31)) == 2
    assert [(again(row).state, bytes(again(row).content)) for row in (taken, refused)] == [
        ("discarded", b"")
    ] * 2


def test_what_could_be_taken_back_is_forgotten_after_three_months(office):
    taken = handed_in(office)
    work_imports(clock)
    commit_import(again(taken), by=office, now=NOW)
    work_imports(clock)
    assert len(bytes(again(taken).undo)) > 0
    assert forget_old_files(office.municipality, NOW + timedelta(days=91)) == 1
    assert (again(taken).state, bytes(again(taken).undo)) == ("committed", b"")


def test_from_the_upload_to_the_commit_on_the_page():
    town = a_town()
    client, code = town.client("office"), town.body.pk
    file = SimpleUploadedFile(
        "部署.csv", (DEPARTMENTS + "0900,企画課,,課,R8.4.1,\r\n").encode("cp932")
    )
    address = client.post(f"/{code}/imports/", {"kind": "departments", "file": file}).url
    assert "読取りの順番を待っています" in client.get(address).content.decode()
    FileImport.objects.update(progress=320, rows=1200)
    page = client.get(address).content.decode()
    assert words_of(page, "status") == "読取り中 320 / 1,200行"
    assert f'href="{address}">いまの状況を見る' in page
    assert work_imports(clock) == 1
    assert client.post(f"{address}commit/").status_code == 302
    FileImport.objects.update(progress=320, rows=1200)
    page = client.get(address).content.decode()
    assert words_of(page, "status") == "取込み中 320 / 1,200行"
    FileImport.objects.update(progress=1200)
    assert "登録しています(1,200行)" in client.get(address).content.decode()
    assert client.post(f"{address}commit/").status_code == 409
    assert work_imports(clock) == 1
    assert "取込済み" in client.get(address).content.decode()
