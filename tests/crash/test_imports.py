"""Workers killed in the middle of a file: all or nothing, and the next one takes it up."""

from __future__ import annotations

import pytest
from django.utils import timezone

from municipality.audit.chain import verify_chains
from municipality.audit.models import Entry
from municipality.imports.models import FileImport
from municipality.imports.operations.imports import commit_import, hand_in
from municipality.organisation.models import Department, Member
from tests.build.municipality import a_body, a_department, a_member

from .processes import crew, mail_server, points, until

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]
PEOPLE = 1_500
HEAD = "職員番号,氏名,カナ,メール,部署コード,職位,役割,本務兼務,開始日,終了日\r\n"
IMPORT_POINTS = points("import.")


@pytest.fixture
def office(settings):
    settings.IMPORT_TEXT_BYTES = 0
    body = a_body()
    return a_member(a_department(body, "総務課", code="0100"), "office")


def handed_in(office) -> FileImport:
    lines = [
        f"5{n:05d},髙﨑 太郎{n},タカサキ,,0100,主事,職員,本務,2026-04-01,\r\n"
        for n in range(PEOPLE)
    ]
    content = (HEAD + "".join(lines)).encode("cp932")
    return hand_in(
        office.municipality, "people", "people.csv", content, by=office, now=timezone.now()
    )


def state(taken: FileImport) -> str:
    return FileImport.objects.values_list("state", flat=True).get(pk=taken.pk)


def whole_or_nothing(taken: FileImport) -> bool:
    """Seen from outside: nobody, or everybody and the file done."""
    count = Member.objects.filter(number__startswith="5").count()
    return count == 0 or (count == PEOPLE and state(taken) == "committed")


@pytest.mark.parametrize("point", IMPORT_POINTS)
def test_a_worker_killed_at_any_point_leaves_all_or_nothing_and_another_finishes(
    office, tmp_path, point
):
    taken = handed_in(office)
    with mail_server() as (_letters, port), crew(tmp_path, port) as team:
        team.environment |= {"IMPORT_TEXT_BYTES": "0", "IMPORT_LEASE_SECONDS": "4"}
        in_writing = point in ("import.planned", "import.written")
        team.worker("first", crash_at="" if in_writing else point)
        team.scheduler("one")
        assert until(lambda: state(taken) == "previewed", seconds=150)
        if in_writing:
            team.kill("first")
            team.worker("second", crash_at=point)
        commit_import(FileImport.objects.get(pk=taken.pk), by=office, now=timezone.now())
        assert until((tmp_path / "crashed").exists, seconds=150), f"nobody came to {point}"
        assert whole_or_nothing(taken)
        assert until(lambda: state(taken) == "committed", seconds=150)
    assert Member.objects.filter(number__startswith="5").count() == PEOPLE
    assert Entry.objects.filter(verb="import.committed", subject_id=taken.pk).count() == 1
    assert all(verdict.bad_line is None for verdict in verify_chains())
    assert Department.objects.filter(municipality=office.municipality).count() == 2


@pytest.mark.selfcheck
def test_without_the_lease_running_out_the_file_of_a_dead_worker_would_wait_for_ever(
    office, tmp_path
):
    taken = handed_in(office)
    with mail_server() as (_letters, port), crew(tmp_path, port) as team:
        team.environment |= {"IMPORT_TEXT_BYTES": "0", "IMPORT_LEASE_SECONDS": "100000"}
        team.worker("first", crash_at="import.claimed")
        team.scheduler("one")
        assert until((tmp_path / "crashed").exists, seconds=150)
        assert not until(lambda: state(taken) == "previewed", seconds=8)
