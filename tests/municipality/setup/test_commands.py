"""The commands of the ground floor: what they print last, and with which status they end."""

from __future__ import annotations

import io

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from municipality.audit.access_events import note_reading
from municipality.audit.models import Entry, EntryContent
from municipality.core.registry import subjects
from municipality.decisions.models import Decision
from municipality.imports.models import FileImport
from municipality.notifications.models import Mail, Notice
from municipality.organisation.models import Department, Member
from tests.build import decisions as build
from tests.build.municipality import a_body, a_department, a_member, at

pytestmark = pytest.mark.django_db
ADDRESS = ("--municipality", "993018")
DEPARTMENTS = "部署コード,部署名,上位部署コード,種別,開始日,終了日\r\n0101,総務課,,課,R8.4.1,\r\n0102,庶務係,0101,係,2026/4/1,\r\n"
PEOPLE = "職員番号,氏名,カナ,メール,部署コード,職位,役割,本務兼務,開始日,終了日\r\n"
PEOPLE += "000123,髙﨑 花子,タカサキ ハナコ,,0101,課長,所属長,本務,令和8年4月1日,\r\n"


def run(*args, **how):
    """Exit status and printed lines."""
    out = io.StringIO()
    try:
        call_command(*args, stdout=out, **how)
    except CommandError as error:
        return error.returncode, out.getvalue().splitlines()
    except SystemExit as error:
        return error.code, out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


@pytest.fixture
def body():
    return a_body()


@pytest.fixture
def file(tmp_path):
    def write(content, name="file.csv", code="cp932"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(code))
        return str(path)

    return write


def test_import_file_commits_and_prints_the_four_numbers_last(body, file):
    assert run("import_file", "departments", file(DEPARTMENTS), *ADDRESS) == (
        0,
        ["追加 2 変更 0 変更なし 0 終了 0"],
    )
    assert run("import_file", "people", file(PEOPLE), *ADDRESS) == (
        0,
        ["追加 1 変更 0 変更なし 0 終了 0"],
    )
    assert Member.objects.get(number="000123").name == "髙﨑 花子"
    assert FileImport.objects.filter(state="committed", uploaded_by=None).count() == 2


def test_import_file_again_changes_nothing(body, file):
    run("import_file", "departments", file(DEPARTMENTS), *ADDRESS)
    assert run("import_file", "departments", file(DEPARTMENTS, code="utf-8-sig"), *ADDRESS) == (
        0,
        ["追加 0 変更 0 変更なし 2 終了 0"],
    )


def test_import_file_with_dry_run_leaves_no_trace(body, file):
    assert run("import_file", "departments", file(DEPARTMENTS), *ADDRESS, "--dry-run") == (
        0,
        ["追加 2 変更 0 変更なし 0 終了 0"],
    )
    assert (Department.objects.of(body).answering().count(), FileImport.objects.count()) == (0, 0)


@pytest.mark.parametrize("how", [[], ["--dry-run"]])
def test_import_file_refuses_with_a_line_per_finding(body, file, how):
    bad = DEPARTMENTS.replace(",課,", ",班,").replace("0102,", "AB C,")
    status, lines = run("import_file", "departments", file(bad), *ADDRESS, *how)
    assert status == 1
    assert lines == [
        "行 2 列 種別 「班」: 局・部・課・係・室・出先 のいずれかを入力してください。",
        "行 3 列 部署コード 「AB C」: 半角の英数字で20文字以内で入力してください。",
        "追加 0 変更 0 変更なし 0 終了 0",
    ]
    assert Department.objects.of(body).answering().count() == 0


def test_import_file_notes_unknown_columns_and_goes_on(body, file):
    content = (
        "メモ,部署コード,部署名,上位部署コード,種別,開始日,終了日\nx,0101,総務課,,課,R8.4.1,\n"
    )
    status, lines = run("import_file", "departments", file(content), *ADDRESS)
    assert (status, lines) == (
        0,
        ["注意 列「メモ」は取り込みません。", "追加 1 変更 0 変更なし 0 終了 0"],
    )


def test_import_file_refuses_a_missing_column(body, file):
    content = "部署名,上位部署コード,種別,開始日,終了日\n総務課,,課,R8.4.1,\n"
    status, lines = run("import_file", "departments", file(content), *ADDRESS)
    assert (status, lines[0]) == (
        1,
        "行 1 列 部署コード 「」: この列がありません。見出しを1行目に入力してください。",
    )


@pytest.mark.parametrize(
    "args",
    [
        ["secrets", "FILE", *ADDRESS],
        ["departments", "/nowhere/file.csv", *ADDRESS],
        ["departments", "FILE", "--municipality", "000000"],
    ],
    ids=["kind", "file", "body"],
)
def test_import_file_called_wrongly_ends_with_2(body, file, args):
    path = file(DEPARTMENTS)
    status, lines = run("import_file", *(path if arg == "FILE" else arg for arg in args))
    assert (status, lines) == (2, [])


@pytest.fixture
def chief(body, monkeypatch):
    """A 課長 at whose post a decision waits that is due on 4/15, of which was told on screen
    alone.
    """
    monkeypatch.setitem(subjects(), build.MATTER, build.a_subject())
    department = a_department(body)
    chief = a_member(department, "manager", post="課長")
    build.a_route(department, (1, "decide", "課長", department))
    build.a_running(a_member(department), department, now=at(2026, 4, 10))
    Notice.objects.update(mail=None, wants_mail=False)
    Mail.objects.all().delete()
    return chief


def test_run_day_tells_once_and_sends_once(chief):
    assert run("run_day", "2026-04-15") == (0, ["開始 0 通知 1 メール 1"])
    assert run("run_day", "2026-04-15") == (0, ["開始 0 通知 0 メール 0"])
    assert [
        (notice.member, notice.stage) for notice in Notice.objects.filter(rule="decision.step")
    ] == [(chief, "0")]
    assert [message.to for message in mail.outbox] == [[chief.mail]]


def test_run_day_takes_either_calendar(chief):
    assert run("run_day", "R8.4.15") == (0, ["開始 0 通知 1 メール 1"])


def test_the_mail_names_body_thing_and_an_absolute_address(chief, settings):
    settings.BASE_URL = "https://telework.example.jp"
    chief.municipality.__class__.objects.update(contact="総務課 内線 1234")
    run("run_day", "2026-04-15")
    message = mail.outbox[0]
    assert message.subject == "【あおば町】対応をお願いする事項が1件あります"
    assert message.body.splitlines() == [
        f"{chief.name}さん",
        "",
        "あおば町のテレワーク推進からのお知らせです。",
        "",
        "■ 第2期試行への展開",
        "  期限は今日です。",
        f"  https://telework.example.jp/993018/decisions/{Decision.objects.get().pk}/",
        "",
        "--",
        "このメールは自動で送っています。",
        "問合せ先 総務課 内線 1234",
    ]


def test_run_day_is_quiet_on_a_closed_day(chief):
    assert run("run_day", "2026-04-18") == (0, ["開始 0 通知 0 メール 0"])


@pytest.mark.parametrize("day", ["2026-02-30", "tomorrow", ""])
def test_run_day_without_a_day_ends_with_2(day):
    assert run("run_day", day)[0] == 2


def test_verify_log_says_ok_with_the_number_of_lines(body):
    count = Entry.objects.filter(chain__municipality=body).count()
    assert run("verify_log") == (0, [f"OK 993018 {count}行"])


def test_verify_log_names_the_first_bad_line(body):
    member = a_member(a_department(body), "office")
    for _n in range(3):
        note_reading("people.read", by=member)
    line = Entry.objects.filter(verb="people.read").order_by("seq")[1]
    Entry.objects.filter(pk=line.pk).update(actor_id=999)
    assert run("verify_log") == (1, [f"NG 993018 行 {line.seq}: 行が書き換えられています"])


def test_verify_log_goes_on_to_the_next_chain(body):
    other = a_body("993026", "みどり市")
    line = Entry.objects.filter(chain__municipality=body).order_by("seq").last()
    EntryContent.objects.filter(entry=line).update(body={"actor": "だれか"})
    status, lines = run("verify_log")
    count = Entry.objects.filter(chain__municipality=other).count()
    assert (status, lines) == (
        1,
        [f"NG 993018 行 {line.seq}: 内容が書き換えられています", f"OK 993026 {count}行"],
    )


def test_verify_log_sees_a_tail_that_was_cut_off(body):
    member = a_member(a_department(body), "office")
    note_reading("people.read", by=member)
    line = Entry.objects.filter(chain__municipality=body).order_by("seq").last()
    EntryContent.objects.filter(entry=line).delete()
    Entry.objects.filter(pk=line.pk).delete()
    assert run("verify_log") == (1, [f"NG 993018 行 {line.seq}: 末尾の行が失われています"])
