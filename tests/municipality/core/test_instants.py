"""What day it is in Japan and what is open, at instants where servers, years and holidays go wrong.
Expected by hand.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from municipality.core.periods import Period, fiscal_year_of
from municipality.organisation.models import BodyHoliday, ClosedDay, NationalHoliday
from municipality.organisation.open_days import OpenDays, open_days
from municipality.reminders.schedule import reached
from tests.build.municipality import a_body

CALENDAR = OpenDays()

# The instant in UTC, the day it is in Japan, its fiscal year, and whether the town hall is open on
# it.
INSTANTS = [
    # around midnight in Japan, which is 15:00 UTC
    ("2026-11-09T14:59:59", "2026-11-09", 2026, True),
    ("2026-11-09T15:00:00", "2026-11-10", 2026, True),
    ("2026-11-06T14:59:59", "2026-11-06", 2026, True),
    ("2026-11-06T15:00:00", "2026-11-07", 2026, False),
    ("2026-11-08T14:59:59", "2026-11-08", 2026, False),
    ("2026-11-08T15:00:00", "2026-11-09", 2026, True),
    ("2026-11-09T23:59:59", "2026-11-10", 2026, True),
    ("2026-11-10T00:00:00", "2026-11-10", 2026, True),
    # the fiscal year turns
    ("2026-03-31T14:59:59", "2026-03-31", 2025, True),
    ("2026-03-31T15:00:00", "2026-04-01", 2026, True),
    ("2027-03-31T14:59:59", "2027-03-31", 2026, True),
    ("2027-03-31T15:00:00", "2027-04-01", 2027, True),
    ("2028-03-31T14:59:59", "2028-03-31", 2027, True),
    ("2028-03-31T15:00:00", "2028-04-01", 2028, False),
    ("2026-03-31T23:59:59", "2026-04-01", 2026, True),
    ("2026-04-01T00:00:00", "2026-04-01", 2026, True),
    # the calendar year turns: closed from 12/29 to 1/3, and on the holiday of 1/1
    ("2026-12-28T14:59:59", "2026-12-28", 2026, True),
    ("2026-12-28T15:00:00", "2026-12-29", 2026, False),
    ("2026-12-31T14:59:59", "2026-12-31", 2026, False),
    ("2026-12-31T15:00:00", "2027-01-01", 2026, False),
    ("2027-01-03T14:59:59", "2027-01-03", 2026, False),
    ("2027-01-03T15:00:00", "2027-01-04", 2026, True),
    ("2025-12-28T15:00:00", "2025-12-29", 2025, False),
    ("2026-01-04T15:00:00", "2026-01-05", 2025, True),
    # leap days, and years without one
    ("2028-02-28T14:59:59", "2028-02-28", 2027, True),
    ("2028-02-28T15:00:00", "2028-02-29", 2027, True),
    ("2028-02-29T14:59:59", "2028-02-29", 2027, True),
    ("2028-02-29T15:00:00", "2028-03-01", 2027, True),
    ("2027-02-28T14:59:59", "2027-02-28", 2026, False),
    ("2027-02-28T15:00:00", "2027-03-01", 2026, True),
    ("2024-02-28T15:00:00", "2024-02-29", 2023, True),
    ("2100-02-28T15:00:00", "2100-03-01", 2099, True),
    # month ends
    ("2026-04-30T14:59:59", "2026-04-30", 2026, True),
    ("2026-04-30T15:00:00", "2026-05-01", 2026, True),
    ("2026-05-31T15:00:00", "2026-06-01", 2026, True),
    ("2026-06-30T15:00:00", "2026-07-01", 2026, True),
    ("2026-08-31T15:00:00", "2026-09-01", 2026, True),
    ("2026-09-30T15:00:00", "2026-10-01", 2026, True),
    ("2026-10-31T15:00:00", "2026-11-01", 2026, False),
    ("2027-01-31T14:59:59", "2027-01-31", 2026, False),
    ("2027-01-31T15:00:00", "2027-02-01", 2026, True),
    # holidays, 振替休日 and 国民の休日
    ("2026-04-28T15:00:00", "2026-04-29", 2026, False),
    ("2026-05-02T15:00:00", "2026-05-03", 2026, False),
    ("2026-05-03T15:00:00", "2026-05-04", 2026, False),
    ("2026-05-04T15:00:00", "2026-05-05", 2026, False),
    ("2026-05-05T15:00:00", "2026-05-06", 2026, False),
    ("2026-05-06T14:59:59", "2026-05-06", 2026, False),
    ("2026-05-06T15:00:00", "2026-05-07", 2026, True),
    ("2026-07-19T15:00:00", "2026-07-20", 2026, False),
    ("2026-08-10T15:00:00", "2026-08-11", 2026, False),
    ("2026-09-20T15:00:00", "2026-09-21", 2026, False),
    ("2026-09-21T15:00:00", "2026-09-22", 2026, False),
    ("2026-09-22T15:00:00", "2026-09-23", 2026, False),
    ("2026-09-23T15:00:00", "2026-09-24", 2026, True),
    ("2026-10-11T15:00:00", "2026-10-12", 2026, False),
    ("2026-11-02T15:00:00", "2026-11-03", 2026, False),
    ("2026-11-22T15:00:00", "2026-11-23", 2026, False),
    ("2027-01-10T15:00:00", "2027-01-11", 2026, False),
    ("2027-02-10T15:00:00", "2027-02-11", 2026, False),
    ("2027-02-22T15:00:00", "2027-02-23", 2026, False),
    ("2027-03-20T15:00:00", "2027-03-21", 2026, False),
    ("2027-03-21T15:00:00", "2027-03-22", 2026, False),
    ("2032-09-20T15:00:00", "2032-09-21", 2032, False),
    ("2024-08-11T15:00:00", "2024-08-12", 2024, False),
    ("2024-02-11T15:00:00", "2024-02-12", 2023, False),
    ("2024-11-03T15:00:00", "2024-11-04", 2024, False),
]


def at_utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_there_are_as_many_instants_as_promised():
    assert len(INSTANTS) >= 60
    assert len({text for text, *_rest in INSTANTS}) == len(INSTANTS)


@pytest.mark.parametrize(("instant", "day", "year", "is_open"), INSTANTS)
def test_the_day_in_japan_its_fiscal_year_and_whether_it_is_open(instant, day, year, is_open):
    found = timezone.localdate(at_utc(instant))
    assert (found.isoformat(), fiscal_year_of(found), CALENDAR.is_open(found)) == (
        day,
        year,
        is_open,
    )


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Pacific/Kiritimati"])
def test_the_zone_of_the_server_does_not_matter(zone):
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    try:
        found = [timezone.localdate(at_utc(instant)).isoformat() for instant, *_rest in INSTANTS]
    finally:
        os.environ["TZ"] = before or "Asia/Tokyo"
        time.tzset()
    assert found == [day for _instant, day, _year, _open in INSTANTS]


VECTORS = [
    (Period.MONTH, date(2026, 3, 1), 5, date(2026, 4, 7)),
    (Period.MONTH, date(2026, 4, 1), 5, date(2026, 5, 12)),
    (Period.MONTH, date(2026, 6, 1), 5, date(2026, 7, 7)),
    (Period.MONTH, date(2026, 8, 1), 5, date(2026, 9, 7)),
    (Period.MONTH, date(2026, 9, 1), 5, date(2026, 10, 7)),
    (Period.MONTH, date(2026, 12, 1), 5, date(2027, 1, 8)),
    (Period.QUARTER, date(2026, 9, 1), 10, date(2026, 10, 15)),
    (Period.QUARTER, date(2026, 12, 1), 10, date(2027, 1, 18)),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("cadence", "day", "count", "due"), VECTORS)
def test_the_due_dates_of_fiscal_2026_hold_for_a_body_without_a_table_of_its_own(
    cadence, day, count, due
):
    assert open_days(a_body()).nth_after(Period.holding(cadence, day).last, count) == due


@pytest.mark.django_db
def test_the_open_days_of_fiscal_2026():
    calendar = open_days(a_body())
    months = {
        month: Period.holding(Period.MONTH, date(2026 + (month < 4), month, 1))
        for month in (5, 9, 2)
    }
    counted = {
        month: calendar.within(period.first, period.last) for month, period in months.items()
    }
    assert counted == {5: 18, 9: 19, 2: 18}
    assert calendar.within(date(2026, 4, 1), date(2027, 3, 31)) == 241


@pytest.mark.django_db
def test_a_bodys_own_holidays_come_before_the_installations_and_those_before_the_librarys():
    body, other = a_body(), a_body("993026", "みどり町")
    NationalHoliday.objects.create(date=date(2026, 6, 1), name="表の祝日")
    BodyHoliday.objects.create(municipality=body, date=date(2026, 6, 2), name="団体の祝日")
    own, others = open_days(body), open_days(other)
    assert [own.is_open(date(2026, 6, day)) for day in (1, 2)] == [True, False]
    assert [others.is_open(date(2026, 6, day)) for day in (1, 2)] == [False, True]
    assert (own.is_open(date(2027, 4, 29)), others.is_open(date(2027, 4, 29))) == (
        False,
        False,
    )  # the library's year


@pytest.mark.django_db
def test_local_days_come_before_everything_and_are_read_in_one_query(django_assert_num_queries):
    body = a_body()
    ClosedDay.objects.create(
        municipality=body, date=date(2026, 4, 29), name="臨時開庁", is_open=True
    )
    ClosedDay.objects.create(municipality=body, date=date(2026, 4, 28), name="開庁記念日")
    with django_assert_num_queries(1):
        calendar = open_days(body)
    assert [calendar.is_open(date(2026, 4, day)) for day in (27, 28, 29, 30)] == [
        True,
        False,
        True,
        True,
    ]


def test_a_stage_is_the_same_from_whichever_zone_the_day_came():
    due = date(2026, 5, 7)
    last, first = (
        timezone.localdate(at_utc("2026-05-07T14:59:59")),
        timezone.localdate(at_utc("2026-05-07T15:00:00")),
    )
    assert (reached(due, last, CALENDAR), reached(due, first, CALENDAR)) == (0, 1)
