"""Two schedulers, and two people, at the same moment on PostgreSQL: each thing happens exactly
once.
"""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from django.db import connection
from django.db.models.signals import pre_save

from evaluation.pdca.reviews.models import Review, ReviewFigure
from evaluation.pdca.reviews.operations.reviews import close_review
from evaluation.pdca.schedule.operations import open_due_reviews
from municipality.audit.chain import verify_chains
from municipality.audit.models import Entry
from municipality.core.refusals import Conflict
from municipality.transfers.operations.handover import hand_over
from tests.build import evaluation as build
from tests.build.municipality import a_department, at
from tests.build.pilots import used
from tests.race.together import Meeting, together

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town():
    return build.a_town()


@pytest.mark.parametrize("round_", range(3))
def test_eight_schedulers_open_every_review_exactly_once(town, round_):
    build.a_pilot_between(town.kikaku, town.chief, date(2026, 8, 3), date(2027, 3, 31))
    for number in range(4):
        used(town.tax_staff, a_department(town.body, f"課{number}"), date(2026, 10, 1 + number))
    results = together([lambda: open_due_reviews(town.body, at(2026, 11, 2))] * 8)
    keys = Counter(Review.objects.values_list("cadence", "first", "department"))
    assert set(keys.values()) == {1}
    assert sum(results) == len(keys) == Entry.objects.filter(verb="review.opened").count()
    assert len(keys) == 2 * 3 + 2 * 2 + 4
    assert [verdict.reason for verdict in verify_chains()] == [""]


def test_of_sixteen_who_close_one_closes_and_the_others_are_told(town):
    build.a_written_review(town, town.kikaku)

    def press():
        close_review(build.a_review(town, town.kikaku), by=town.chief, now=at(2026, 11, 6))
        return "closed"

    results = Counter(
        type(found) if isinstance(found, Exception) else found for found in together([press] * 16)
    )
    assert results == {"closed": 1, Conflict: 15}
    assert ReviewFigure.objects.count() == 8
    assert Entry.objects.filter(verb="review.closed").count() == 1


def test_two_schedulers_hand_a_sheet_over_once(town):
    build.a_submitted(town)
    build.moved(town.staff, town.zeimu, on=date(2026, 11, 2))
    results = together([lambda: hand_over(town.body, at(2026, 11, 2))] * 8)
    assert sum(results) == Entry.objects.filter(verb="sheet.handed_over").count() == 1


@pytest.mark.selfcheck
def test_without_the_unique_key_the_schedulers_would_double(town):
    """The guard is the database's: the same race without it leaves doubles, so the test above can
    see them.
    """
    build.a_worked_month(town)
    meeting = Meeting()

    def wait(**_facts):
        """Nobody writes before a second one has looked, too."""
        meeting.wait()

    pre_save.connect(wait, sender=Review)
    names = ("a_department_reviews_a_period_once", "a_body_reviews_a_period_once")
    constraints = [each for each in Review._meta.constraints if each.name in names]
    with connection.schema_editor() as editor:
        for each in constraints:
            editor.remove_constraint(Review, each)
    try:
        together([lambda: open_due_reviews(town.body, at(2026, 11, 2))] * 8)
        assert Review.objects.count() > 2
    finally:
        pre_save.disconnect(wait, sender=Review)
        Review.objects.all().delete()
        with connection.schema_editor() as editor:
            for each in constraints:
                editor.add_constraint(Review, each)
