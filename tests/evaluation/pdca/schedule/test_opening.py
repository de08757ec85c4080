"""Reviews open by the clock: on the right day, with the right due day, once, and nothing where
nothing was done.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from evaluation.pdca.reviews.models import Review
from evaluation.pdca.schedule.operations import active_departments, open_due_reviews
from evaluation.pdca.schedule.rules import due_day, due_day_when_late, ended_periods
from municipality.audit.chain import verify_chains
from municipality.audit.models import Entry
from municipality.clock.models import JobRun
from municipality.core.periods import Period
from municipality.notifications.models import Mail, Notice
from municipality.organisation.models import ClosedDay
from municipality.organisation.open_days import OpenDays
from municipality.reminders.operations.mails import gather_mails
from municipality.reminders.operations.planning import plan_reminders
from tests.build import evaluation as build
from tests.build.faults import database_failing, refuse_rows, take_rows_again
from tests.build.municipality import a_body, a_department, at
from tests.build.pilots import used

pytestmark = pytest.mark.django_db
CALENDAR = OpenDays()


@pytest.fixture
def town():
    return build.a_town()


def month(year: int, number: int) -> Period:
    return Period.holding(Period.MONTH, date(year, number, 1))


@pytest.mark.parametrize(
    ("period", "due_on"),
    [
        (month(2026, 3), date(2026, 4, 7)),
        (month(2026, 4), date(2026, 5, 12)),
        (month(2026, 6), date(2026, 7, 7)),
        (month(2026, 8), date(2026, 9, 7)),
        (month(2026, 9), date(2026, 10, 7)),
        (month(2026, 12), date(2027, 1, 8)),
        (Period.holding(Period.QUARTER, date(2026, 7, 1)), date(2026, 10, 15)),
        (Period.holding(Period.QUARTER, date(2026, 10, 1)), date(2027, 1, 18)),
        (Period.holding(Period.HALF, date(2026, 4, 1)), date(2026, 10, 22)),
        (Period.holding(Period.YEAR, date(2026, 4, 1)), date(2027, 4, 30)),
        (Period.holding(Period.YEAR, date(2027, 4, 1)), date(2028, 5, 1)),
    ],
    ids=str,
)
def test_the_due_days_of_fiscal_2026(period, due_on):
    """5th, 10th and 15th open day after the period, 30 April for the year; 30 April 2028 is a
    Sunday.
    """
    assert due_day(period, CALENDAR) == due_on


def test_the_periods_that_end_are_listed_by_their_last_day_shortest_first():
    found = [(p.cadence, p.last) for p in ended_periods(date(2026, 8, 31), date(2026, 10, 1))]
    assert found == [
        ("month", date(2026, 8, 31)),
        ("month", date(2026, 9, 30)),
        ("quarter", date(2026, 9, 30)),
        ("half", date(2026, 9, 30)),
    ]
    assert ended_periods(date(2026, 10, 1), date(2026, 10, 31)) == []


def test_a_month_opens_on_the_first_open_day_after_it(town):
    build.a_worked_month(town)
    assert open_due_reviews(town.body, at(2026, 10, 31, 23, 59)) == 0
    assert open_due_reviews(town.body, at(2026, 11, 1, 12)) == 0  # a Sunday
    assert open_due_reviews(town.body, at(2026, 11, 2, 0, 1)) == 2
    rows = Review.objects.order_by("pk").values_list(
        "cadence", "first", "last", "department__name", "due_on", "state"
    )
    days = (date(2026, 10, 1), date(2026, 10, 31))
    assert list(rows) == [
        ("month", *days, "企画財政課", date(2026, 11, 9), "entering"),
        ("month", *days, None, date(2026, 11, 9), "entering"),
    ]


def test_a_local_closed_day_moves_opening_and_due_day(town):
    build.a_worked_month(town)
    ClosedDay.objects.create(municipality=town.body, date=date(2026, 11, 2), name="開町記念日")
    assert open_due_reviews(town.body, at(2026, 11, 2)) == 0
    assert open_due_reviews(town.body, at(2026, 11, 4)) == 2
    assert set(Review.objects.values_list("due_on", flat=True)) == {date(2026, 11, 10)}


def test_nothing_happens_twice(town):
    build.a_worked_month(town)
    assert [build.reviews_opened(town) for _time in range(3)] == [2, 0, 0]
    assert Entry.objects.filter(verb="review.opened").count() == 2


def test_the_due_day_is_frozen_when_the_review_opens(town):
    review = build.a_review(town)
    ClosedDay.objects.create(municipality=town.body, date=date(2026, 11, 5), name="臨時閉庁")
    build.reviews_opened(town, at(2026, 11, 9))
    review.refresh_from_db()
    assert review.due_on == date(2026, 11, 9)


def test_the_database_keeps_a_second_review_of_the_same_period_out(town):
    review = build.a_review(town, town.kikaku)
    for department in (None, town.kikaku):
        with pytest.raises(IntegrityError), transaction.atomic():
            Review.objects.create(
                municipality=town.body,
                cadence="month",
                first=review.first,
                last=review.last,
                department=department,
                due_on=review.due_on,
                opened_at=at(2026, 11, 2),
            )


def test_a_body_that_did_nothing_gets_nothing(town):
    other = a_body("993115", "わかば町")
    build.a_worked_month(town)
    for body in (other, town.body):
        open_due_reviews(body, at(2026, 12, 1))
    assert not Review.objects.filter(municipality=other).exists()
    assert set(Review.objects.values_list("department__name", flat=True)) == {None, "企画財政課"}


def test_after_a_first_pilot_the_body_looks_back_at_every_period_even_an_idle_one(town):
    """Telework stops: the pilot ended in September, and nobody did anything from October on."""
    build.a_pilot_between(town.kikaku, town.chief, date(2026, 8, 3), date(2026, 9, 30), over=True)
    build.reviews_opened(town, at(2026, 10, 1))
    opened = [build.reviews_opened(town, at(2026, month, 2)) for month in (11, 12)]
    opened.append(build.reviews_opened(town, at(2027, 1, 4)))
    own = Review.objects.filter(department=None)
    assert opened == [1, 1, 2]
    assert [row.first.month for row in own.filter(cadence="month").order_by("first")] == [
        8,
        9,
        10,
        11,
        12,
    ]
    assert own.filter(cadence="quarter", first=date(2026, 10, 1)).exists()
    assert not Review.objects.filter(department=town.kikaku, first__gte=date(2026, 10, 1)).exists()


def test_before_a_first_pilot_an_idle_month_opens_nothing(town):
    used(town.staff, town.kikaku, date(2026, 9, 8))
    assert build.reviews_opened(town, at(2026, 10, 1)) == 6
    assert build.reviews_opened(town, at(2026, 11, 2)) == 0


def test_usage_alone_opens_a_review_and_a_department_without_either_none(town):
    used(town.tax_staff, town.zeimu, date(2026, 10, 8))
    assert build.reviews_opened(town) == 2
    assert set(Review.objects.values_list("department__name", flat=True)) == {None, "税務課"}


def test_a_pilot_that_was_over_before_the_month_opens_nothing(town):
    build.a_pilot_between(town.kikaku, town.chief, date(2026, 8, 3), date(2026, 9, 30), over=True)
    assert active_departments(town.body, month(2026, 9)) == {town.kikaku}
    assert active_departments(town.body, month(2026, 10)) == set()


def test_records_of_a_unit_belong_to_the_review_of_its_section(town):
    unit = a_department(town.body, "窓口係", parent=town.zeimu, kind="unit")
    used(town.tax_staff, unit, date(2026, 10, 8))
    assert active_departments(town.body, month(2026, 10)) == {town.zeimu}


def test_records_below_a_department_in_a_pilot_belong_to_its_review(town):
    division = a_department(town.body, "市民部", kind="division")
    section = a_department(town.body, "市民課", parent=division)
    build.a_pilot_between(division, town.chief, date(2026, 10, 1), date(2026, 12, 28))
    used(town.tax_staff, section, date(2026, 10, 8))
    assert active_departments(town.body, month(2026, 10)) == {division}


def test_after_an_outage_every_missed_period_is_opened_with_its_own_due_day(town):
    build.a_pilot_between(town.kikaku, town.chief, date(2026, 8, 3), date(2027, 3, 31))
    assert build.reviews_opened(town, at(2026, 9, 1)) == 2
    assert build.reviews_opened(town, at(2027, 1, 20)) == 2 * (4 + 2 + 1)
    months = Review.objects.filter(cadence="month", department=None).order_by("first")
    assert [(row.first.month, row.due_on) for row in months] == [
        (8, date(2026, 9, 7)),
        (9, date(2026, 10, 7)),
        (10, date(2026, 11, 9)),
        (11, date(2026, 12, 7)),
        (12, date(2027, 1, 8)),
    ]


def test_records_handed_in_late_open_the_review_of_their_month(town):
    build.a_worked_month(town)
    build.reviews_opened(town)
    used(town.tax_staff, town.zeimu, date(2026, 10, 9))
    assert build.reviews_opened(town, at(2026, 11, 16)) == 1
    late = Review.objects.get(department=town.zeimu)
    assert (late.opened_at, late.due_on) == (at(2026, 11, 16), date(2026, 11, 24))


def test_who_gets_a_review_after_its_due_day_is_not_late_from_the_first_moment(town):
    """As many open days as others have: five from 30 November. Opened before the due day, it keeps
    that day.
    """
    build.a_worked_month(town)
    build.reviews_opened(town)
    used(town.tax_staff, town.zeimu, date(2026, 10, 9))
    opened = at(2026, 11, 30)
    assert build.reviews_opened(town, opened) == 1
    assert Review.objects.get(department=town.zeimu).due_on == date(2026, 12, 7)
    plan_reminders(town.body, now=opened)
    assert not Notice.objects.filter(rule="review.enter", member=town.tax_chief).exclude(
        stage__startswith="-"
    )


@pytest.mark.parametrize(
    ("opened_on", "due_on"),
    [
        (date(2026, 11, 6), date(2026, 11, 9)),
        (date(2026, 11, 9), date(2026, 11, 16)),
        (date(2026, 11, 10), date(2026, 11, 17)),
    ],
    ids=str,
)
def test_a_late_review_is_due_some_open_days_after_its_opening(opened_on, due_on):
    assert due_day_when_late(month(2026, 10), opened_on, CALENDAR) == due_on


def test_a_crash_between_two_rows_leaves_the_rest_for_the_next_round(town):
    build.a_worked_month(town)
    crash = database_failing("INSERT INTO", Review, after=1, error=KeyboardInterrupt)
    with crash, pytest.raises(KeyboardInterrupt):
        build.reviews_opened(town)
    assert list(Review.objects.values_list("department__name", flat=True)) == ["企画財政課"]
    assert build.reviews_opened(town) == 1
    assert Review.objects.filter(department=None).count() == 1


def test_a_department_whose_review_cannot_be_written_keeps_no_other_from_its_own(town):
    build.a_worked_month(town)
    refuse_rows("INSERT", Review, "department_id", town.kikaku.pk)
    assert build.reviews_opened(town) == 1
    assert Review.objects.get().department is None
    run = JobRun.objects.troubled().get()
    assert run.job == f"evaluation.open_due_reviews month 2026-10-01 {town.kikaku.pk}"
    take_rows_again(Review)
    assert build.reviews_opened(town, at(2026, 11, 3)) == 1
    assert not JobRun.objects.troubled().exists()


def test_a_simulated_year_opens_each_cadence_once_per_place(town):
    """A pilot runs the whole fiscal year in 企画財政課 and from October on in 税務課; the clock
    strikes every day.
    """
    build.a_pilot_between(town.kikaku, town.chief, date(2026, 4, 1), date(2027, 3, 31))
    build.a_pilot_between(town.zeimu, town.tax_chief, date(2026, 10, 1), date(2027, 3, 31))
    day, opened = date(2026, 4, 1), 0
    while day < date(2027, 4, 10):
        opened += open_due_reviews(town.body, at(day.year, day.month, day.day, 0, 1))
        day += timedelta(days=1)
    counted = Counter(Review.objects.values_list("department__name", "cadence"))
    assert counted == {
        (None, "month"): 12,
        (None, "quarter"): 4,
        (None, "half"): 2,
        (None, "year"): 1,
        ("企画財政課", "month"): 12,
        ("企画財政課", "quarter"): 4,
        ("企画財政課", "half"): 2,
        ("企画財政課", "year"): 1,
        ("税務課", "month"): 6,
        ("税務課", "quarter"): 2,
        ("税務課", "half"): 1,
        ("税務課", "year"): 1,
    }
    assert opened == Review.objects.count() == 48
    assert [verdict.reason for verdict in verify_chains()] == [""]


def test_an_opened_review_is_told_once_and_in_one_mail(town):
    build.a_worked_month(town)
    now = at(2026, 11, 2)
    build.reviews_opened(town, now)
    for _round in range(2):
        plan_reminders(town.body, now=now)
        gather_mails(town.body, now=now)
    told = Notice.objects.filter(rule="review.enter")
    assert {(row.member, row.stage) for row in told} == {(town.chief, "-5"), (town.office, "-5")}
    assert Mail.objects.filter(member=town.chief).count() == 1


def test_after_an_outage_a_late_review_is_told_with_its_latest_stage_only(town):
    build.a_worked_month(town)
    now = at(2026, 11, 18)
    build.reviews_opened(town, now)
    plan_reminders(town.body, now=now)
    told = Notice.objects.filter(rule="review.enter", member=town.chief)
    assert [row.stage for row in told] == ["+5"]


def test_the_tick_costs_the_same_however_many_departments_there_are(
    town, django_assert_num_queries
):
    build.a_worked_month(town)
    build.reviews_opened(town)
    with django_assert_num_queries(12):  # one of them: which reviews failed to open
        build.reviews_opened(town)
    for number in range(20):
        used(town.tax_staff, a_department(town.body, f"課{number}"), date(2026, 10, 1 + number))
    assert build.reviews_opened(town) == 20
    with django_assert_num_queries(12):
        build.reviews_opened(town)
