"""Taking an import back: everything is as it was, or the reason is told and nothing has changed."""

from __future__ import annotations

import hashlib
import json
import zlib
from datetime import date

import pytest
from django.apps import apps
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from municipality.accounts.operations.invitations import invite
from municipality.audit.chain import verify_chains
from municipality.audit.models import Entry
from municipality.core.refusals import Conflict, Denied
from municipality.imports import snapshots
from municipality.imports import undo as undoing
from municipality.imports.models import FileImport
from municipality.imports.operations import imports as operations
from municipality.imports.operations.imports import commit_import, preview, take_in, undo_import
from municipality.organisation.models import Department, Member, Post, Posting
from municipality.organisation.operations.departments import post_member
from municipality.organisation.operations.people import change_member
from pilots.days.models import Usage
from tests.build.municipality import a_body, a_department, a_member, at
from tests.build.training import a_course
from tests.world.prints import EXEMPT
from training.assignments.models import Assignment
from training.assignments.operations import assign_course
from training.completions.models import Completion

pytestmark = pytest.mark.django_db
NOW = at(2026, 5, 1)
DEPARTMENTS = "部署コード,部署名,上位部署コード,種別,開始日,終了日\n"
PEOPLE = "職員番号,氏名,カナ,メール,部署コード,職位,役割,本務兼務,開始日,終了日\n"
SELF = "000001,事務 局子,,,0100,主事,事務局,本務,2026-04-01,\n"
HANAKO = "000777,青葉 花子,アオバ ハナコ,hanako@town.example.jp,0100,主事,職員,本務,2026-04-01,\n"


@pytest.fixture
def office():
    return a_member(
        a_department(a_body(), "総務課", code="0100"), "office", number="000001", name="事務 局子"
    )


def fingerprint() -> str:
    """All tables but the log and the list of files itself, and all columns but the edition, which
    only grows.
    """
    whole = hashlib.sha256()
    columns = {
        model._meta.db_table: [
            connection.ops.quote_name(each.column)
            for each in model._meta.concrete_fields
            if each.name != "edition"
        ]
        for model in apps.get_models()
    }
    with connection.cursor() as cursor:
        for table in sorted(columns.keys() - EXEMPT - {"municipality_fileimport"}):
            names, place = ", ".join(columns[table]), connection.ops.quote_name(table)
            cursor.execute(f"SELECT {names} FROM {place} ORDER BY 1")
            whole.update(repr((table, cursor.fetchall())).encode())
    return whole.hexdigest()


def taken_in(office, content: str, kind="departments") -> FileImport:
    taken = preview(office.municipality, kind, f"{kind}.csv", content.encode(), by=office, now=NOW)
    assert taken.findings == []
    commit_import(taken, by=office, now=NOW)
    return FileImport.objects.get(pk=taken.pk)


def refused(taken: FileImport, office) -> str:
    """The reason; nothing changed, and the file stands as committed."""
    before = fingerprint()
    with pytest.raises(Conflict) as told:
        undo_import(taken, by=office, now=NOW)
    assert (fingerprint(), FileImport.objects.get(pk=taken.pk).state) == (before, "committed")
    return str(told.value)


FILES = {
    "new departments": (
        "departments",
        DEPARTMENTS + "0201,企画課,,課,2026-04-01,\n0202,広報係,0201,係,2026-04-01,\n",
    ),
    "a new name, an end": (
        "departments",
        DEPARTMENTS + "0100,総務企画課,,課,2026-10-01,2027-03-31\n",
    ),
    "a corrected name": ("departments", DEPARTMENTS + "0100,総務部総務課,,課,2026-04-01,\n"),
    "a move below a new one": (
        "departments",
        DEPARTMENTS + "0010,総務部,,部,2026-04-01,\n0100,総務課,0010,課,2026-04-01,\n",
    ),
    "a new person in a new post": ("people", PEOPLE + HANAKO.replace("主事", "政策監")),
    "other facts of a person": (
        "people",
        PEOPLE
        + SELF.replace("事務局", "職員・事務局").replace("子,,,", "子,ジム,k@town.example.jp,"),
    ),
    "an end and a second post": (
        "people",
        PEOPLE
        + SELF.replace("04-01,", "04-01,2027-03-31")
        + "000001,事務 局子,,,,主任,監査,兼務,2026-05-01,\n",
    ),
    "nothing new": ("departments", DEPARTMENTS + "0100,総務課,,課,2026-04-01,\n"),
}


@pytest.mark.parametrize(("kind", "content"), FILES.values(), ids=FILES)
def test_after_taking_it_back_everything_is_as_it_was(office, kind, content):
    before = fingerprint()
    taken = taken_in(office, content, kind)
    assert (fingerprint() == before) is ("\n0100,総務課,,課,2026-04-01" in content)
    undo_import(taken, by=office, now=NOW)
    assert fingerprint() == before
    taken = FileImport.objects.get(pk=taken.pk)
    assert (taken.state, taken.undone_at, bytes(taken.undo)) == ("undone", NOW, b"")
    assert (
        Entry.objects.filter(verb="import.undone", actor_id=office.pk, subject_id=taken.pk).count()
        == 1
    )
    assert all(verdict.bad_line is None for verdict in verify_chains())
    with pytest.raises(Conflict):
        undo_import(taken, by=office, now=NOW)


def as_kept_before(packed: bytes) -> bytes:
    """The copy of an import as it was kept while nobody wrote the names of columns down, and a
    posting had one column less.
    """

    def seen(key: int) -> int:
        row = model._base_manager.filter(pk=key).values_list(*kept).get()
        return snapshots.hash_of(snapshots.written(row))

    def short(row: list) -> list:
        return [value for name, value in zip(columns, row, strict=True) if name in kept]

    lines = []
    for line in zlib.decompress(packed).decode().split("\n")[:-1]:
        value = json.loads(line)
        if isinstance(value, dict):
            model, columns = apps.get_model(value["model"]), value.pop("columns")
            value.pop("passing")
            kept = [name for name in columns if name != "overlaps_from_before"]
        elif isinstance(value[0], int):
            value[1] = seen(value[0])
        else:
            value = [short(value[0]), value[1] if value[1] is None else seen(value[0][0])]
        lines.append(f"{snapshots.written(value)}\n")
    return zlib.compress("".join(lines).encode())


def test_an_import_from_before_a_column_came_is_taken_back(office):
    taken_in(office, f"{PEOPLE}{SELF}{HANAKO}", "people")
    before = fingerprint()
    ended = HANAKO.replace("2026-04-01,\n", "2026-04-01,2026-06-30\n")
    begun = "000778,青葉 太郎,アオバ タロウ,,0100,主事,職員,本務,2026-04-01,\n"
    taken = taken_in(office, f"{PEOPLE}{SELF}{ended}{begun}", "people")
    FileImport.objects.filter(pk=taken.pk).update(undo=as_kept_before(bytes(taken.undo)))
    undo_import(FileImport.objects.get(pk=taken.pk), by=office, now=NOW)
    assert fingerprint() == before


def test_usage_and_completions_are_taken_back_too(office):
    course = a_course(office.municipality, "T01", "情報セキュリティ")
    assign_course(course, members=[office], due_on=date(2026, 6, 1), reason="", by=office, now=NOW)
    before = fingerprint()
    first = taken_in(
        office, "職員番号,研修コード,修了日,点数\n000001,T01,2026-04-20,80\n", "completions"
    )
    assert (Completion.objects.count(), Assignment.objects.get().state) == (1, "completed")
    second = taken_in(
        office,
        "職員番号,実施日,単位,時間数,場所,方式\n000001,2026-04-20,終日,,自宅,VPN方式\n",
        "usage",
    )
    assert Usage.objects.count() == 1
    undo_import(first, by=office, now=NOW)
    undo_import(second, by=office, now=NOW)
    assert fingerprint() == before


def test_minutes_that_were_corrected_come_back(office):
    head = "職員番号,実施日,単位,時間数,場所,方式\n"
    taken_in(office, head + "000001,2026-04-20,時間,3:00,自宅,VPN方式\n", "usage")
    before = fingerprint()
    undo_import(
        taken_in(office, head + "000001,2026-04-20,時間,5:00,自宅,VPN方式\n", "usage"),
        by=office,
        now=NOW,
    )
    assert (fingerprint(), Usage.objects.get().minutes) == (before, 180)


def test_the_command_line_leaves_something_to_take_back(office):
    before = fingerprint()
    take_in(office.municipality, "people", "p.csv", (PEOPLE + HANAKO).encode(), now=NOW)
    undo_import(FileImport.objects.get(), by=office, now=NOW)
    assert fingerprint() == before


# --- what has built on it -------------------------------------------------------------------------


def test_somebody_posted_in_a_new_department_keeps_it(office):
    taken = taken_in(office, DEPARTMENTS + "0201,企画課,,課,2026-04-01,\n")
    a_member(Department.objects.get(code="0201"))
    assert refused(taken, office).startswith("取り込んだ「部署」を、1件の「発令」が使っています。")


def test_a_department_below_a_new_one_keeps_it(office):
    taken = taken_in(office, DEPARTMENTS + "0201,企画課,,課,2026-04-01,\n")
    a_department(office.municipality, "広報係", parent=Department.objects.get(code="0201"))
    assert "使っています" in refused(taken, office)


def test_an_invited_person_stays(office):
    taken = taken_in(office, PEOPLE + HANAKO, "people")
    invite(Member.objects.get(number="000777"), by=office, now=NOW)
    assert "使っています" in refused(taken, office)


def test_a_person_who_was_edited_stays(office):
    taken = taken_in(office, PEOPLE + HANAKO, "people")
    person = Member.objects.get(number="000777")
    facts = {"name": "青葉 花", "kana": "", "mail": "", "employment": "", "edition": person.edition}
    change_member(person, **facts, by=office, now=NOW)
    assert refused(taken, office).startswith(
        "取り込んだ「職員」のうち1件が、その後に変更または削除されています。"
    )


def test_a_person_with_a_later_posting_stays(office):
    taken = taken_in(
        office,
        PEOPLE + "000001,事務 局子,,,0100,主事,事務局,本務,2026-04-01,2026-09-30\n",
        "people",
    )
    post = Post.objects.get(title="主任")
    department = Department.objects.get(code="0100")
    post_member(
        office, department=department, post=post, roles=["staff"], starts_on=date(2026, 10, 1)
    )
    assert "続く登録" in refused(taken, office)


def test_the_later_of_two_imports_is_taken_back_first(office):
    before = fingerprint()
    first = taken_in(office, DEPARTMENTS + "0201,企画課,,課,2026-04-01,\n")
    second = taken_in(office, DEPARTMENTS + "0301,財政課,,課,2026-04-01,\n")
    assert "先にそちらを取り消してください" in refused(first, office)
    for taken in (second, first):
        undo_import(FileImport.objects.get(pk=taken.pk), by=office, now=NOW)
    assert fingerprint() == before


def test_without_its_copy_an_import_stands(office):
    taken = taken_in(office, DEPARTMENTS + "0201,企画課,,課,2026-04-01,\n")
    FileImport.objects.update(undo=b"")
    taken.refresh_from_db()
    assert refused(taken, office).startswith("取消しのための控えがありません。")


def test_only_the_office_takes_back(office):
    taken = taken_in(office, DEPARTMENTS + "0201,企画課,,課,2026-04-01,\n")
    with pytest.raises(Denied):
        undo_import(taken, by=a_member(Department.objects.get(code="0100"), "manager"), now=NOW)


@pytest.mark.selfcheck
def test_without_asking_what_has_built_on_it_a_posting_would_lose_its_department(
    office, monkeypatch
):
    taken = taken_in(office, DEPARTMENTS + "0201,企画課,,課,2026-04-01,\n")
    member = a_member(Department.objects.get(code="0201"))
    monkeypatch.setattr(operations, "built_upon", lambda changes, owner_fields: "")
    with transaction.atomic():
        undo_import(taken, by=office, now=NOW)
        assert not Department.objects.filter(
            pk__in=Posting.objects.filter(member=member).values("department")
        ).exists()
        transaction.set_rollback(True)


@pytest.mark.selfcheck
def test_without_the_old_values_a_name_would_stay_changed(office, monkeypatch):
    before = fingerprint()
    taken = taken_in(office, DEPARTMENTS + "0100,総務部総務課,,課,2026-04-01,\n")
    monkeypatch.setattr(undoing, "_put_back", lambda change: None)
    undo_import(taken, by=office, now=NOW)
    assert fingerprint() != before


def test_a_snapshot_is_the_same_only_for_the_same_rows(office):
    def digest():
        return snapshots.Snapshot([Member.objects.of(office.municipality)]).digest

    before = digest()
    assert digest() == before
    Member.objects.filter(pk=office.pk).update(kana="ジムキョク")
    assert digest() != before


# --- whatever the file says -----------------------------------------------------------------------

CODES = st.sampled_from(["0100", "0200", "0201", "0202", "0300"])
DAYS = st.sampled_from(["2026-04-01", "2026-05-01", "2026-10-01", "2027-04-01"])
ENDS = st.sampled_from(["", "", "2027-03-31", "2028-03-31"])
NAMES = st.sampled_from(["総務課", "企画課", "髙﨑室", "𠮷野出張所", "'=1+1", "＝課"])
DEPARTMENT = st.tuples(
    CODES,
    NAMES,
    st.sampled_from(["", "0100", "0200", "0300"]),
    st.sampled_from(["課", "係", "部"]),
    DAYS,
    ENDS,
)
NUMBERS = st.sampled_from(["000001", "000002", "000003", "000004"])
PERSON = st.tuples(
    NUMBERS,
    st.just(""),
    st.sampled_from(["", "アオバ"]),
    st.sampled_from(["", "a@town.example.jp"]),
    st.sampled_from(["0100", "0200", ""]),
    st.sampled_from(["主事", "課長", "政策監"]),
    st.sampled_from(["職員", "職員・所属長", "監査"]),
    st.sampled_from(["本務", "兼務"]),
    DAYS,
    ENDS,
)


def prepared():
    body = a_body()
    first = a_department(body, "総務課", code="0100")
    a_department(body, "税務課", code="0200")
    office = a_member(first, "office", number="000001", name="職員 000001", mail="")
    a_member(first, number="000002", name="職員 000002", mail="")
    return office


def csv_of(head: str, rows) -> str:
    return head + "".join(",".join(row) + "\n" for row in rows)


@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    departments=st.lists(DEPARTMENT, min_size=1, max_size=6),
    people=st.lists(PERSON, min_size=1, max_size=6),
)
def test_whatever_was_imported_taking_it_back_leaves_no_trace(db, departments, people):
    people = [(number, f"職員 {number}", *rest) for number, _name, *rest in people]
    with transaction.atomic():
        office = prepared()
        prints, done = [fingerprint()], []
        for kind, head, rows in (
            ("departments", DEPARTMENTS, departments),
            ("people", PEOPLE, people),
        ):
            taken = preview(
                office.municipality, kind, "f.csv", csv_of(head, rows).encode(), by=office, now=NOW
            )
            if taken.state == "previewed":
                commit_import(taken, by=office, now=NOW)
                done.append(FileImport.objects.get(pk=taken.pk))
                prints.append(fingerprint())
        for taken in reversed(done):
            assert fingerprint() == prints.pop()
            undo_import(taken, by=office, now=NOW)
        assert fingerprint() == prints.pop()
        transaction.set_rollback(True)
