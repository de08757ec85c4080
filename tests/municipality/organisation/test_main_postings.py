"""Nobody holds two main postings (本務) on one day; where an installation has such people from
before, 組織の確認 names them.
"""

from __future__ import annotations

from datetime import date

import pytest

from municipality.core.refusals import Conflict
from municipality.imports.models import FileImport
from municipality.imports.operations.imports import commit_import, preview, undo_import
from municipality.organisation.models import Department, Member, Post, Posting
from municipality.organisation.operations.departments import post_member
from municipality.transfers.operations.reorganisation import Target, reorganise
from tests.build.municipality import (
    a_body,
    a_department,
    a_member,
    also_posted,
    at,
    root_of,
    signed_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> Member:
    """Somebody whose main posting runs from April to September."""
    return a_member(a_department(a_body()), ends_on=date(2026, 9, 30))


def post(member: Member, starts_on: date, ends_on: date | None = None, **facts) -> Posting:
    return post_member(
        member,
        department=root_of(member.municipality),
        post=Post.objects.get(title="課長"),
        roles=["staff"],
        starts_on=starts_on,
        ends_on=ends_on,
        **facts,
    )


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        (date(2026, 9, 30), None),
        (date(2026, 6, 1), date(2026, 6, 30)),
        (date(2025, 4, 1), None),
        (date(2025, 4, 1), date(2026, 4, 1)),
    ],
)
def test_a_second_main_posting_of_the_same_days_is_refused(member, starts_on, ends_on):
    with pytest.raises(Conflict, match="重なっています"):
        post(member, starts_on, ends_on)
    assert member.postings.count() == 1


def test_the_days_before_and_after_are_free_and_so_are_concurrent_postings(member):
    post(member, date(2026, 10, 1))
    post(member, date(2025, 4, 1), date(2026, 3, 31))
    also_posted(member, root_of(member.municipality))
    assert member.postings.count() == 4


def test_people_with_two_main_postings_from_before_are_named_on_the_check_page(member):
    body = member.municipality
    Posting.objects.filter(member=member).update(ends_on=None)
    Posting.objects.create(
        municipality=body,
        member=member,
        department=root_of(body),
        post=Post.objects.get(title="課長"),
        starts_on=date(2026, 4, 1),
        overlaps_from_before=True,
    )
    office = a_member(root_of(body), "office")
    page = signed_in(office).get(f"/{body.pk}/organisation-check/").content.decode()
    assert "本務が重なっている職員" in page
    assert member.name in page


# --- mended ---------------------------------------------------------------------------------------

NOW = at(2026, 11, 10)
PEOPLE = "職員番号,氏名,カナ,メール,部署コード,職位,役割,本務兼務,開始日,終了日\n"


@pytest.fixture
def office() -> Member:
    """Beside 青葉 花子, who has stood in two main postings since before."""
    first = a_department(a_body(), "総務課", code="0100")
    second = a_department(first.municipality, "税務課", code="0200")
    hanako = a_member(first, number="000777", name="青葉 花子", ends_on=None)
    Posting.objects.create(
        municipality=first.municipality,
        member=hanako,
        department=second,
        post=Post.objects.get(title="課長"),
        starts_on=date(2026, 6, 1),
        overlaps_from_before=True,
    )
    hanako.postings.update(overlaps_from_before=True)
    return a_member(root_of(first.municipality), "office")


def marked() -> list[str]:
    rows = Posting.objects.filter(overlaps_from_before=True).order_by("starts_on")
    return list(rows.values_list("department__code", flat=True))


def taken_in(office: Member) -> FileImport:
    """The file of people that ends 青葉 花子's first main posting."""
    first = Posting.objects.filter(member__number="000777").order_by("starts_on")[0]
    line = f"000777,青葉 花子,アオバ ハナコ,,0100,{first.post},職員,本務,2026-04-01,2026-05-31\n"
    body, content = office.municipality, (PEOPLE + line).encode()
    taken = preview(body, "people", "people.csv", content, by=office, now=NOW)
    assert taken.findings == []
    commit_import(taken, by=office, now=NOW)
    return FileImport.objects.get(pk=taken.pk)


def test_a_file_that_mends_the_overlap_takes_the_mark_away(office):
    assert marked() == ["0100", "0200"]
    taken_in(office)
    assert marked() == []


def test_taking_the_file_back_brings_the_mark_back(office):
    taken = taken_in(office)
    undo_import(taken, by=office, now=NOW)
    assert marked() == ["0100", "0200"]


@pytest.mark.parametrize(("mended", "left"), [(True, []), (False, ["0100", "0200", "0900"])])
def test_a_reorganisation_takes_the_mark_away_where_nothing_overlaps(office, mended, left):
    if mended:
        Posting.objects.filter(department__code="0100").update(ends_on=date(2026, 5, 31))
    body, source = office.municipality, Department.objects.get(code="0200")
    target = Target(code="0900", name="財務課", kind="section", parent=root_of(body))
    reorganise([source], [target], on=date(2027, 4, 1), by=office, now=NOW)
    assert marked() == left
