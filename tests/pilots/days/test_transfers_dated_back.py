"""A transfer that is entered late and dated back: the records follow the posting of their day."""

from __future__ import annotations

from datetime import date

import pytest

from evaluation.pdca.indicators.operations import load_indicators
from evaluation.pdca.reviews.models import Review
from evaluation.pdca.reviews.operations.reviews import close_review, save_review
from evaluation.pdca.schedule.operations import open_due_reviews
from municipality.core.periods import Period
from municipality.core.refusals import Conflict
from municipality.imports.models import FileImport
from municipality.imports.operations.imports import take_in, undo_import
from municipality.organisation.models import Department, Member, Posting
from municipality.organisation.operations.departments import post_member
from pilots.days.indicators import usage_figures
from pilots.days.models import Submission, Usage
from pilots.days.month_states import month_states
from pilots.results.criteria_results import measured
from tests.build import pilots as build
from tests.build.evaluation import TEXTS, a_pilot_between
from tests.build.municipality import a_department, a_member, at

pytestmark = pytest.mark.django_db

OCTOBER = Period.holding(Period.MONTH, date(2026, 10, 1))
HEAD = "職員番号,氏名,カナ,メール,部署コード,職位,役割,本務兼務,開始日,終了日"


@pytest.fixture
def town():
    """税務課 (2 people) tries as 企画財政課 (4 people) does; one of the latter teleworks for three
    days of October.
    """
    town = build.a_town()
    build.a_used(town)
    a_pilot_between(town.zeimu, town.tax_chief, date(2026, 9, 1), date(2026, 12, 25))
    build.used(town.staff[0], town.kikaku, *build.days_from(date(2026, 10, 6), 3))
    build.used(town.staff[1], town.kikaku, date(2026, 10, 6))
    return town


def moved_by_file(
    town, mover: Member, on: str, before: str, *, to: Department | None = None
) -> None:
    """The file ends the posting in 企画財政課 and begins one in 税務課 (or `to`), both in the past."""
    old = mover.postings.get()
    rows = [
        f"{mover.number},{mover.name},,,{code},{old.post.title},職員,本務,{starts},{ends}"
        for code, starts, ends in (
            (town.kikaku.code, old.starts_on.isoformat(), before),
            ((to or town.zeimu).code, on, ""),
        )
    ]
    content = "\r\n".join([HEAD, *rows]).encode()
    plan = take_in(town.body, "people", "people.csv", content, now=at(2026, 11, 4))
    assert plan.findings == []


def shown(department: Department, period: Period = OCTOBER) -> dict[str, object]:
    found = usage_figures([department], period)
    return {
        "K01": found["K01"].value,
        "K04": found["K04"].value,
        "K02": (found["K02"].numerator, found["K02"].denominator),
    }


def test_records_follow_a_transfer_that_a_file_dates_back(town):
    assert shown(town.kikaku) == {"K01": 2, "K04": 4.0, "K02": (2, 4)}
    assert shown(town.zeimu) == {"K01": None, "K04": None, "K02": (None, 2)}
    moved_by_file(town, town.staff[0], "2026-10-01", "2026-09-30")
    assert shown(town.kikaku) == {"K01": 1, "K04": 1.0, "K02": (1, 3)}
    assert shown(town.zeimu) == {"K01": 1, "K04": 3.0, "K02": (1, 3)}


def test_a_quarter_leaves_out_the_months_of_which_the_department_itself_tells_nothing(town):
    """Who has teleworked in 企画財政課 since July belongs to 税務課 from September: this has nothing
    to hand in for July and August, whatever its new colleague did elsewhere.
    """
    build.used(town.staff[0], town.kikaku, date(2026, 7, 6), date(2026, 8, 3), date(2026, 9, 7))
    moved_by_file(town, town.staff[0], "2026-09-01", "2026-08-31")
    months = Period.holding(Period.QUARTER, date(2026, 9, 1)).months
    assert [shown(town.zeimu, month)["K02"] for month in months] == [
        (None, None),
        (None, None),
        (1, 3),
    ]
    assert shown(town.zeimu, Period.holding(Period.QUARTER, date(2026, 9, 1)))["K02"] == (1, 3)


def test_a_moved_record_has_a_new_edition(town):
    moved_by_file(town, town.staff[0], "2026-10-07", "2026-10-06")
    days = Usage.objects.filter(member=town.staff[0], day__gte=OCTOBER.first).order_by("day")
    assert list(days.values_list("edition", flat=True)) == [1, 2, 2]


def test_days_before_the_transfer_stay(town):
    moved_by_file(town, town.staff[0], "2026-10-07", "2026-10-06")
    days = Usage.objects.filter(member=town.staff[0], day__gte=OCTOBER.first).order_by("day")
    assert list(days.values_list("department", flat=True)) == [
        town.kikaku.pk,
        town.zeimu.pk,
        town.zeimu.pk,
    ]
    assert shown(town.kikaku)["K04"] == 2.0
    assert shown(town.zeimu)["K04"] == 2.0


def test_undoing_the_file_brings_the_records_back(town):
    before = list(Usage.objects.order_by("pk").values_list("pk", "department"))
    moved_by_file(town, town.staff[0], "2026-10-01", "2026-09-30")
    assert list(Usage.objects.order_by("pk").values_list("pk", "department")) != before
    undo_import(FileImport.objects.get(), by=town.office, now=at(2026, 11, 5))
    assert list(Usage.objects.order_by("pk").values_list("pk", "department")) == before


def test_a_posting_given_later_takes_the_records_with_it(town):
    mover = town.staff[0]
    posting = mover.postings.get()
    Posting.objects.filter(pk=posting.pk).update(ends_on=date(2026, 9, 30))
    post_member(
        mover,
        department=town.zeimu,
        post=posting.post,
        roles=["staff"],
        starts_on=date(2026, 10, 1),
    )
    assert shown(town.zeimu)["K04"] == 3.0
    assert shown(town.kikaku)["K04"] == 1.0


def test_who_has_no_posting_on_a_day_keeps_the_record_and_is_not_counted(town):
    moved_by_file(town, town.staff[0], "2026-11-01", "2026-09-30")
    october = Usage.objects.filter(member=town.staff[0], day__gte=OCTOBER.first)
    assert {row.department_id for row in october} == {town.kikaku.pk}
    assert shown(town.kikaku)["K04"] == 1.0


def test_the_state_of_the_month_follows_the_records(town):
    Usage.objects.filter(member=town.staff[1], day__gte=OCTOBER.first).delete()
    states = month_states(town.body, [OCTOBER])[OCTOBER.first]
    assert states[town.kikaku.pk] == Submission.RECORDED
    moved_by_file(town, town.staff[0], "2026-10-01", "2026-09-30")
    states = month_states(town.body, [OCTOBER])[OCTOBER.first]
    assert (states[town.kikaku.pk], states[town.zeimu.pk]) == (
        Submission.MISSING,
        Submission.RECORDED,
    )


def test_a_participant_who_moved_still_hands_in_for_the_pilot(town):
    pilot = town.staff[0].participations.get().pilot
    assert measured(pilot, date(2026, 10, 30)).missing == ()
    Usage.objects.exclude(member=town.staff[0]).delete()
    moved_by_file(town, town.staff[0], "2026-08-01", "2026-07-31")
    figures = measured(pilot, date(2026, 10, 30))
    assert (figures.missing, figures.takers, figures.participants) == ((), 1, 3)


def test_frozen_figures_stay(town):
    load_indicators(town.body)
    open_due_reviews(town.body, at(2026, 11, 2))
    review = Review.objects.get(department=town.kikaku, cadence="month", first=OCTOBER.first)
    save_review(review, **TEXTS, edition=review.edition, by=town.chief)
    close_review(review, by=town.chief, now=at(2026, 11, 3))
    moved_by_file(town, town.staff[0], "2026-10-01", "2026-09-30")
    kept = Review.objects.get(pk=review.pk).figures.get(indicator__code="K04")
    assert kept.figure.value == 4.0


def test_other_people_and_other_bodies_are_left_alone(town):
    elsewhere = a_department(town.body, "会計課")
    Usage.objects.filter(member=town.staff[1]).update(department=elsewhere)
    moved_by_file(town, town.staff[0], "2026-10-01", "2026-09-30")
    assert set(Usage.objects.filter(member=town.staff[1]).values_list("department", flat=True)) == {
        elsewhere.pk
    }


USAGE_HEAD = "職員番号,実施日,単位,時間数,場所,方式"


def usage_file(town, *lines: str) -> FileImport:
    content = "\r\n".join([USAGE_HEAD, *lines]).encode()
    take_in(town.body, "usage", "usage.csv", content, now=at(2026, 11, 3))
    return FileImport.objects.filter(kind="usage").latest("pk")


def test_a_record_that_an_undone_file_brings_back_follows_the_transfer(town):
    mover = town.staff[0]
    file = usage_file(town, f"{mover.number},2026-10-02,終日,,自宅,VPN")
    assert not Usage.objects.filter(member=mover, day=date(2026, 10, 6)).exists()
    moved_by_file(town, mover, "2026-10-05", "2026-10-04")
    undo_import(file, by=town.office, now=at(2026, 11, 5))
    back = Usage.objects.filter(member=mover, day__gte=OCTOBER.first)
    assert set(back.values_list("department", flat=True)) == {town.zeimu.pk}
    assert back.count() == 3


def test_a_review_that_the_transfer_opened_forbids_the_undo(town):
    """会計課 is in no pilot: only what its new colleague had recorded elsewhere opens its review."""
    kaikei = a_department(town.body, "会計課", code="0900")
    moved_by_file(town, town.staff[0], "2026-10-01", "2026-09-30", to=kaikei)
    open_due_reviews(town.body, at(2026, 11, 4, 12))
    before = sorted(Usage.objects.values_list("pk", "department"))
    with pytest.raises(Conflict) as told:
        undo_import(FileImport.objects.get(), by=town.office, now=at(2026, 11, 5))
    assert str(told.value).startswith(
        "取り込んだ内容に基づいて「月次レビュー 令和8年10月分(会計課)」が開かれています。"
    )
    assert sorted(Usage.objects.values_list("pk", "department")) == before
    assert FileImport.objects.get().state == FileImport.State.COMMITTED


def test_a_review_that_opens_without_the_transfer_too_does_not_forbid_the_undo(town):
    moved_by_file(town, town.staff[0], "2026-10-01", "2026-09-30")
    open_due_reviews(town.body, at(2026, 11, 4, 12))
    assert Review.objects.filter(department=town.zeimu, first=OCTOBER.first).exists()
    undo_import(FileImport.objects.get(), by=town.office, now=at(2026, 11, 5))
    assert FileImport.objects.get().state == FileImport.State.UNDONE


def test_a_review_that_was_open_before_the_transfer_does_not_forbid_the_undo(town):
    kaikei = a_department(town.body, "会計課", code="0900")
    other = a_member(kaikei)
    build.used(other, kaikei, date(2026, 10, 6))
    open_due_reviews(town.body, at(2026, 11, 2))
    moved_by_file(town, town.staff[0], "2026-10-01", "2026-09-30", to=kaikei)
    Usage.objects.filter(member=other).delete()
    undo_import(FileImport.objects.get(), by=town.office, now=at(2026, 11, 5))
    assert FileImport.objects.get().state == FileImport.State.UNDONE


def test_a_review_that_a_file_of_records_opened_is_no_reason_to_keep_it(town):
    kaikei = a_department(town.body, "会計課", code="0900")
    other = a_member(kaikei)
    file = usage_file(town, f"{other.number},2026-10-02,終日,,自宅,VPN")
    open_due_reviews(town.body, at(2026, 11, 4))
    undo_import(file, by=town.office, now=at(2026, 11, 5))
    assert not Usage.objects.filter(member=other).exists()
