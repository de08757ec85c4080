"""Undoing a file of records: what the system files anew is nobody's building on it, editions only
grow, and no day becomes longer than a working day.
"""

from __future__ import annotations

from datetime import date

import pytest

from municipality.core.refusals import Conflict
from municipality.imports.models import FileImport
from municipality.imports.operations.imports import undo_import
from pilots.days.models import Usage
from pilots.days.operations.records import add_usage, correct_usage
from tests.build import pilots as build
from tests.build.municipality import at

from .test_deleted_records import FULL, MORNING, NOW, line, stored, taken_in
from .test_transfers_dated_back import moved_by_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return build.a_town()


def undone(town, file: FileImport) -> None:
    undo_import(file, by=town.office, now=at(2026, 11, 5))


def test_a_transfer_dated_back_does_not_forbid_the_undo(town):
    first = taken_in(town, line(town, 3))
    second = taken_in(town, line(town, 3, place="サテライト"), line(town, 4))
    moved_by_file(town, town.staff[0], "2026-08-01", "2026-07-31")
    assert set(Usage.objects.values_list("department", flat=True)) == {town.zeimu.pk}
    undone(town, second)
    assert stored() == [(3, "full", "home")]
    assert Usage.objects.get().department == town.zeimu
    undone(town, first)
    assert stored() == []


def test_a_correction_after_the_transfer_still_forbids_it(town):
    file = taken_in(town, line(town, 4))
    moved_by_file(town, town.staff[0], "2026-08-01", "2026-07-31")
    row = Usage.objects.select_related("department").get()
    correct_usage(row, edition=row.edition, reason="照合", by=town.office, now=NOW, **FULL)
    with pytest.raises(Conflict, match="その後に変更"):
        undone(town, file)


def test_editions_only_grow(town):
    taken_in(town, line(town, 4), line(town, 5))
    second = taken_in(town, line(town, 4, place="サテライト"))
    seen = Usage.objects.get()
    assert seen.edition == 2
    undone(town, second)
    rows = Usage.objects.order_by("day")
    assert list(rows.values_list("place", "edition")) == [("home", 3), ("home", 2)]
    stale = Usage.objects.select_related("department").get(pk=seen.pk)
    with pytest.raises(Conflict, match="先に変更"):
        correct_usage(stale, edition=2, reason="照合", by=town.office, now=NOW, **MORNING)


def test_files_are_undone_one_after_the_other(town):
    files = [
        taken_in(town, line(town, 4, place=place)) for place in ("自宅", "サテライト", "モバイル")
    ]
    for file, left in zip(reversed(files), ("satellite", "home", None), strict=True):
        undone(town, file)
        assert [place for _day, _unit, place in stored()] == ([left] if left else [])


def test_what_comes_back_never_makes_a_day_too_long(town):
    taken_in(town, line(town, 4))
    second = taken_in(town, line(town, 5))
    add_usage(
        town.staff[0], day=date(2026, 8, 4), reason="実施", by=town.office, now=NOW, **MORNING
    )
    before = stored()
    person = town.staff[0]
    with pytest.raises(Conflict) as refused:
        undone(town, second)
    assert f"{person.number} {person.name} 令和8年8月4日(火)(合計697分)" in str(refused.value)
    assert stored() == before
    second.refresh_from_db()
    assert second.state == FileImport.State.COMMITTED


def test_a_day_that_was_too_long_before_does_not_refuse_the_undo(town):
    taken_in(town, line(town, 4), line(town, 5))
    second = taken_in(town, line(town, 4, place="サテライト"), line(town, 5))
    build.used(town.staff[0], town.kikaku, date(2026, 8, 4), unit="morning")
    undone(town, second)
    assert stored() == [(4, "full", "home"), (4, "morning", "home"), (5, "full", "home")]
