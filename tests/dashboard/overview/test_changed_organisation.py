"""組織改正: who leads a department reads of each month what lay below it in the month."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.home.department_now import read_now
from dashboard.overview.page import read_board
from evaluation.pdca.indicators.operations import load_indicators
from evaluation.pdca.reviews.models import Review
from evaluation.pdca.reviews.operations.reviews import close_review
from evaluation.pdca.schedule.operations import open_due_reviews
from municipality.core.periods import Period
from municipality.organisation.open_days import open_days
from municipality.organisation.operations.departments import apply_versions
from municipality.transfers.operations.reorganisation import change_department
from tests.build import pilots as build
from tests.build.evaluation import a_pilot_between, today_is, written
from tests.build.municipality import a_department, a_member, at

pytestmark = pytest.mark.django_db

OCTOBER, NOVEMBER, DECEMBER = (
    Period.holding(Period.MONTH, date(2026, number, 1)) for number in (10, 11, 12)
)


@pytest.fixture
def town():
    """総務部 has tried since October: its manager, two people of 市民課, of whom one has the only
    records, and one of 支援課. The review of October is closed; 市民課 leaves on 2 December.
    """
    town = build.a_town()
    load_indicators(town.body)
    bureau = a_department(town.body, "総務部", kind="division")
    citizens = a_department(town.body, "市民課", parent=bureau)
    people = [a_member(citizens), a_member(citizens)]
    a_member(a_department(town.body, "支援課", parent=bureau))
    manager = a_member(bureau, "manager")
    a_pilot_between(bureau, town.chief, date(2026, 10, 1), date(2027, 3, 31))
    build.used(people[0], citizens, date(2026, 10, 6), date(2026, 11, 4))
    open_due_reviews(town.body, at(2026, 11, 2))
    review = Review.objects.get(department=bureau, cadence=Period.MONTH)
    close_review(written(review, manager), by=manager, now=at(2026, 11, 6))
    values = {"name": "市民課", "kind": "section", "parent": town.root, "on": date(2026, 12, 2)}
    change_department(citizens, by=town.office, now=at(2026, 12, 1), **values)
    apply_versions(town.body, at(2026, 12, 2, 6))
    town.others |= {"manager": manager}
    return town


def board(town, today: date):
    return read_board(today_is(town.others["manager"], today), open_days(town.body.pk), today)


def test_the_last_month_counts_what_lay_below_on_its_last_day(town):
    shown = board(town, date(2026, 12, 3))
    figure = shown.figures.of("K03", NOVEMBER)
    assert (figure.numerator, figure.denominator) == (1, 4)
    assert (shown.usage.total.takers, shown.usage.total.eligible) == (1, 4)


def test_the_trend_counts_each_month_as_its_review_does(town):
    figures = board(town, date(2027, 1, 6)).figures
    counted = [figures.of("K03", month) for month in (OCTOBER, NOVEMBER, DECEMBER)]
    assert [(row.numerator, row.denominator) for row in counted] == [(1, 4), (1, 4), (None, 2)]
    assert figures.note("K03", OCTOBER) == ""


def test_home_counts_what_lay_below_on_the_last_day_of_the_month(town):
    today = date(2026, 12, 3)
    pairs = dict(read_now(today_is(town.others["manager"], today), today).pairs)
    assert pairs["実施者"] == "1人 / 対象4人"
