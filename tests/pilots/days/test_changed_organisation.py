"""組織改正: figures of a month follow the organisation as it was in the month, not today's."""

from __future__ import annotations

from datetime import date

import pytest

from evaluation.pdca.reviews.measurement import ReviewUsage
from evaluation.pdca.reviews.models import Review
from evaluation.pdca.schedule.operations import active_departments
from municipality.core.periods import Period
from municipality.organisation.models import Department
from municipality.organisation.operations.departments import add_department, apply_versions
from municipality.transfers.operations.reorganisation import (
    Target,
    change_department,
    follow_successors,
    reorganise,
)
from pilots.days.indicators import usage_figures
from pilots.days.models import Submission, UsageMonth
from pilots.days.month_states import missing_months, month_states
from pilots.days.month_usage import read_months
from pilots.days.operations.submissions import open_usage_months
from pilots.results.criteria_results import measured
from tests.build import pilots as build
from tests.build.evaluation import a_pilot_between
from tests.build.municipality import a_department, a_member, at

pytestmark = pytest.mark.django_db


def month(year: int, number: int) -> Period:
    return Period.holding(Period.MONTH, date(year, number, 1))


NOVEMBER, DECEMBER, JANUARY = month(2026, 11), month(2026, 12), month(2027, 1)
QUARTER = Period.holding(Period.QUARTER, date(2026, 10, 1))


@pytest.fixture
def town():
    return build.a_town()


def share(town, period: Period, code: str = "K03") -> tuple[float | None, float | None]:
    figure = usage_figures(Department.objects.of(town.body), period)[code]
    return figure.numerator, figure.denominator


def next_day(town, now) -> None:
    """What the clock does on the day."""
    apply_versions(town.body, now)
    follow_successors(town.body, now)


@pytest.fixture
def merged(town):
    """税務課 (2 people), whose pilot runs from October to March, becomes 税務会計課 with 会計課
    (1 person) on 16 December.
    """
    kaikei = a_department(town.body, "会計課")
    town.others["kaikei"] = a_member(kaikei)
    town.others["pilot"] = a_pilot_between(
        town.zeimu, town.tax_chief, date(2026, 10, 1), date(2027, 3, 31)
    )
    build.used(town.tax_staff, town.zeimu, date(2026, 10, 6), date(2026, 12, 3))
    target = Target(code="0777", name="税務会計課", kind="section", parent=town.root)
    (place,) = reorganise(
        [town.zeimu, kaikei], [target], on=date(2026, 12, 16), by=town.office, now=at(2026, 12, 1)
    )
    next_day(town, at(2026, 12, 16, 6))
    town.others["merged"] = place
    return town


def test_the_successor_of_a_begun_department_hands_in_from_its_first_day(merged):
    """The people of both are 対象職員 of January; December stays with those of 税務課."""
    place = merged.others["merged"]
    assert share(merged, NOVEMBER) == (None, 2)
    assert share(merged, DECEMBER) == (1, 2)
    assert share(merged, JANUARY) == (None, 3)
    build.used(merged.tax_staff, place, date(2027, 1, 6))
    assert share(merged, JANUARY) == (1, 3)


def test_the_state_of_a_month_is_that_of_the_departments_of_its_time(merged):
    place = merged.others["merged"].pk
    states = month_states(merged.body, [NOVEMBER, DECEMBER, JANUARY])
    assert states == {
        NOVEMBER.first: {merged.zeimu.pk: Submission.MISSING},
        DECEMBER.first: {merged.zeimu.pk: Submission.RECORDED, place: Submission.MISSING},
        JANUARY.first: {place: Submission.MISSING},
    }


def test_the_months_of_the_successor_are_opened(merged):
    open_usage_months(merged.body, at(2027, 1, 29, 18))
    opened = set(UsageMonth.objects.values_list("department", "month"))
    assert (merged.others["merged"].pk, JANUARY.first) in opened
    assert (merged.zeimu.pk, JANUARY.first) not in opened


def test_the_pilot_is_told_of_the_months_that_the_successor_owes(merged):
    build.used(merged.others["kaikei"], merged.others["merged"], date(2026, 12, 21))
    owed = measured(merged.others["pilot"], date(2027, 2, 2)).missing_months
    assert owed == (("税務課", NOVEMBER.first), ("税務会計課", JANUARY.first))


def test_the_review_is_that_of_the_department_of_the_last_day(merged):
    assert active_departments(merged.body, NOVEMBER) == {merged.zeimu}
    assert active_departments(merged.body, DECEMBER) == {merged.others["merged"]}
    assert active_departments(merged.body, JANUARY) == {merged.others["merged"]}


def test_all_that_a_begun_department_is_split_into_hand_in_from_their_first_day(town):
    """税務課 (2 people), whose pilot runs from October, becomes 市民税課 and 資産税課 on 16 December,
    with one of them each. Both are 対象職員 of January, and both departments owe it.
    """
    a_pilot_between(town.zeimu, town.tax_chief, date(2026, 10, 1), date(2027, 3, 31))
    targets = [
        Target(code="0771", name="市民税課", kind="section", parent=town.root),
        Target(
            code="0772",
            name="資産税課",
            kind="section",
            parent=town.root,
            members=(town.tax_staff.pk,),
        ),
    ]
    values = {"on": date(2026, 12, 16), "by": town.office, "now": at(2026, 12, 1)}
    one, other = reorganise([town.zeimu], targets, **values)
    next_day(town, at(2026, 12, 16, 6))
    assert [share(town, each) for each in (NOVEMBER, DECEMBER)] == [(None, 2), (None, 2)]
    build.used(town.tax_staff, other, date(2027, 1, 6))
    assert share(town, JANUARY) == (1, 2)
    states = month_states(town.body, [JANUARY])[JANUARY.first]
    assert states == {one.pk: Submission.MISSING, other.pk: Submission.RECORDED}


@pytest.fixture
def moved(town):
    """A pilot stands on 総務部 with 市民課 (2 people) and 支援課 (1 person) below; one of 市民課 has
    the only records. 市民課 moves under the body on 2 December.
    """
    bureau = a_department(town.body, "総務部", kind="division")
    citizens = a_department(town.body, "市民課", parent=bureau)
    support = a_department(town.body, "支援課", parent=bureau)
    people = [a_member(citizens), a_member(citizens)]
    a_member(support)
    a_pilot_between(bureau, town.chief, date(2026, 10, 1), date(2027, 3, 31))
    build.used(people[0], citizens, date(2026, 10, 6), date(2026, 11, 4), date(2027, 1, 6))
    town.others |= {"bureau": bureau, "citizens": citizens, "support": support}
    open_usage_months(town.body, at(2026, 12, 1))
    change_department(
        citizens,
        name="市民課",
        kind="section",
        parent=town.root,
        on=date(2026, 12, 2),
        by=town.office,
        now=at(2026, 12, 1),
    )
    return town


def test_a_move_changes_nothing_before_its_day(moved):
    before = [share(moved, each) for each in (month(2026, 10), NOVEMBER, DECEMBER)]
    assert before == [(1, 3), (1, 3), (None, 3)]
    next_day(moved, at(2026, 12, 2, 6))
    assert [share(moved, each) for each in (month(2026, 10), NOVEMBER, DECEMBER)] == before
    assert share(moved, JANUARY) == (0, 1)


def test_a_month_stays_handed_in_when_who_did_it_moves(moved):
    next_day(moved, at(2026, 12, 2, 6))
    bureau = moved.others["bureau"]
    states = month_states(moved.body, [NOVEMBER, JANUARY])
    assert states[NOVEMBER.first] == {bureau.pk: Submission.RECORDED}
    assert states[JANUARY.first] == {bureau.pk: Submission.MISSING}
    months = read_months([moved.others["support"]], [NOVEMBER, JANUARY])
    assert [month.missing for month in months] == [(), (bureau.pk,)]


def test_what_is_opened_and_missing_does_not_move_either(moved):
    """In the database as by the rule: October and November stay handed in for 総務部, and 市民課
    coming back in February hands in for no month before.
    """
    bureau, now = moved.others["bureau"], at(2027, 1, 29, 18)
    next_day(moved, at(2026, 12, 2, 6))
    open_usage_months(moved.body, at(2027, 1, 4))
    open_usage_months(moved.body, now)
    opened = set(UsageMonth.objects.values_list("department", "month"))
    late = {(bureau.pk, DECEMBER.first), (bureau.pk, JANUARY.first)}
    assert opened == {(bureau.pk, NOVEMBER.first)} | late
    assert set(missing_months(moved.body).values_list("department", "month")) == late
    change_department(
        moved.others["citizens"],
        name="市民課",
        kind="section",
        parent=bureau,
        on=date(2027, 2, 1),
        by=moved.office,
        now=now,
    )
    next_day(moved, at(2027, 2, 1, 6))
    assert set(missing_months(moved.body).values_list("department", "month")) == late


def test_a_begun_department_that_moves_keeps_its_months(town):
    a_pilot_between(town.zeimu, town.tax_chief, date(2026, 11, 1), date(2027, 3, 31))
    build.used(town.tax_staff, town.zeimu, date(2026, 11, 4))
    open_usage_months(town.body, at(2026, 12, 1))
    values = {"name": "税務課", "kind": "section", "on": date(2026, 12, 2)}
    bureau = a_department(town.body, "総務部", kind="division")
    change_department(town.zeimu, parent=bureau, by=town.office, now=at(2026, 12, 1), **values)
    next_day(town, at(2026, 12, 2, 6))
    assert UsageMonth.objects.count() == 1
    assert not missing_months(town.body).exists()


def test_a_review_counts_the_departments_that_lay_below_on_its_last_day(moved):
    next_day(moved, at(2026, 12, 2, 6))
    bureau, citizens, support = (moved.others[name] for name in ("bureau", "citizens", "support"))

    review = Review(
        municipality=moved.body,
        department=bureau,
        cadence=DECEMBER.cadence,
        first=DECEMBER.first,
        last=DECEMBER.last,
    )
    usage = ReviewUsage(review)
    assert usage.before[0].departments == (bureau, citizens, support)
    assert usage.own[0].departments == (bureau, support)


def test_coverage_counts_the_sections_that_stand_on_the_last_day(town):
    """Of 企画財政課, 税務課 and 総務課 one has records. What ended before or begins later is not
    counted; what was founded in the period is.
    """
    build.used(town.tax_staff, town.zeimu, date(2026, 10, 6))
    assert share(town, QUARTER, "K07") == (1, 3)
    founding = {"kind": "section", "parent": town.root}
    add_department(
        town.body,
        code="0801",
        name="廃止課",
        starts_on=date(2026, 4, 1),
        ends_on=date(2026, 6, 30),
        **founding,
    )
    add_department(town.body, code="0803", name="来年課", starts_on=date(2027, 1, 1), **founding)
    assert share(town, QUARTER, "K07") == (1, 3)
    add_department(town.body, code="0802", name="新設課", starts_on=date(2026, 12, 1), **founding)
    assert share(town, QUARTER, "K07") == (1, 4)
    assert share(town, QUARTER.previous, "K07")[1] == 3


def test_coverage_counts_a_merged_section_once_with_what_came_before_it(merged):
    """企画財政課, 総務課 and 税務会計課; the records are those of 税務課 before."""
    assert share(merged, QUARTER, "K07") == (1, 3)
