"""Corrections of usage records at once, of one person's day and during an import: a day holds no
more than a working day, and no correction is lost.
"""

from __future__ import annotations

from datetime import date

import pytest

from municipality.core.refusals import Conflict
from municipality.imports.operations.imports import commit_import, preview
from pilots.days.models import DAY_MINUTES, Usage
from pilots.days.operations.records import correct_usage
from tests.build import pilots as build
from tests.build.municipality import at

from .together import together

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
NOW, DAY = at(2026, 11, 2), date(2026, 8, 4)
HEAD = "職員番号,実施日,単位,時間数,場所,方式"


@pytest.fixture
def town():
    return build.a_town()


def a_record(town, member, **values) -> Usage:
    row = Usage.objects.create(
        municipality=town.body, member=member, department=town.kikaku, day=DAY, **values
    )
    return Usage.objects.select_related("department", "member").get(pk=row.pk)


def correction(town, row: Usage, **values):
    facts = {"unit": row.unit, "minutes": row.minutes, "place": row.place, "method": row.method}
    said = {"edition": row.edition, "reason": "照合", "by": town.office, "now": NOW}
    return lambda: correct_usage(row, **said, **{**facts, **values})


def test_two_corrections_of_one_day_do_not_exceed_a_working_day(town):
    hours = {"unit": "hours", "minutes": 60}
    rows = [a_record(town, town.staff[0], part=part, **hours) for part in ("09:00", "13:00")]
    came = together([correction(town, row, minutes=300) for row in rows])
    assert sorted(type(one).__name__ for one in came) == ["Conflict", "Usage"], came
    assert sum(Usage.objects.values_list("minutes", flat=True)) <= DAY_MINUTES


def test_a_correction_during_an_import_stands_or_is_refused(town):
    rows = [a_record(town, member) for member in town.staff]
    lines = [f"{row.member.number},{DAY},終日,,サテライト,リモートデスクトップ方式" for row in rows]
    file = "\r\n".join([HEAD, *lines]).encode()
    shown = preview(town.body, "usage", "usage.csv", file, by=town.office, now=NOW)
    corrections = [correction(town, row, place="mobile") for row in rows]
    _shown, *came = together([lambda: commit_import(shown, by=town.office, now=NOW), *corrections])
    for row, one in zip(rows, came, strict=True):
        place = Usage.objects.get(pk=row.pk).place
        assert isinstance(one, Conflict) == (place == "satellite"), came
