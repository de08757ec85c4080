"""Required courses: a mark holds from its day, and days that have passed keep what was asked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from municipality.core.refusals import Conflict
from pilots.results.criteria_results import judge_all, measured
from tests.build import pilots as build_pilots
from tests.build import training as build
from tests.build.municipality import at, signed_in
from training.courses.models import Course, CourseRequirement
from training.courses.operations import add_starter_courses, create_course, update_course
from training.gate.operations import assign_required
from training.gate.requirements import missing_courses

pytestmark = pytest.mark.django_db
NOW = at(2026, 11, 10)
TODAY = NOW.date()


def marked(course: Course, required: bool, by, now=NOW, **values) -> Course:
    """The office sets or takes away the mark."""
    return update_course(
        course, edition=course.edition, by=by, now=now, required_for_pilots=required, **values
    )


def asked(member, course: Course, *days: date) -> list[bool]:
    """Whether the course was required of the member on each day."""
    return [course in missing_courses([member.pk], day)[member.pk] for day in days]


def test_a_mark_holds_from_today_and_not_before(town):
    course = marked(build.a_course(town.body), True, town.office)
    assert asked(town.staff, course, date(2026, 7, 31), date(2026, 11, 9), TODAY) == [
        False,
        False,
        True,
    ]


def test_a_mark_may_hold_from_a_later_day_which_may_still_be_moved(town):
    course = marked(build.a_course(town.body), True, town.office, required_from=date(2026, 12, 1))
    assert asked(town.staff, course, date(2026, 11, 30), date(2026, 12, 1)) == [False, True]
    marked(course, True, town.office, required_from=date(2027, 1, 4))
    assert asked(town.staff, course, date(2026, 12, 1), date(2027, 1, 4)) == [False, True]


def test_a_mark_that_is_taken_away_ends_from_its_day(town):
    course = build.a_required_course(town.body)
    marked(course, False, town.office, required_from=date(2026, 12, 1))
    assert asked(town.staff, course, date(2020, 1, 1), date(2026, 11, 30), date(2026, 12, 1)) == [
        True,
        True,
        False,
    ]


def test_a_mark_set_again_leaves_the_days_between_free(town):
    course = build.a_required_course(town.body)
    marked(course, False, town.office, now=at(2026, 9, 1))
    marked(course, True, town.office)
    assert asked(town.staff, course, date(2026, 7, 31), date(2026, 9, 1), TODAY) == [
        True,
        False,
        True,
    ]


def test_an_end_that_has_not_come_is_taken_back(town):
    course = build.a_required_course(town.body)
    marked(course, False, town.office, required_from=date(2026, 12, 1))
    marked(course, True, town.office)
    assert asked(town.staff, course, TODAY, date(2026, 12, 1)) == [True, True]
    assert CourseRequirement.objects.count() == 1


def test_a_course_out_of_use_is_required_of_nobody_from_that_day(town):
    course = build.a_required_course(town.body)
    marked(course, True, town.office, is_active=False)
    assert asked(town.staff, course, date(2026, 11, 9), TODAY) == [True, False]


def test_days_that_have_passed_are_not_changed(town):
    course = build.a_course(town.body)
    with pytest.raises(Conflict):
        marked(course, True, town.office, required_from=date(2026, 11, 9))
    course.refresh_from_db()
    assert not course.required_for_pilots
    assert not CourseRequirement.objects.exists()


def test_new_and_starter_courses_are_required_from_the_day_they_come(town):
    course = create_course(
        town.body,
        by=town.office,
        now=NOW,
        code="N1",
        title="新しい研修",
        minutes=20,
        required_for_pilots=True,
    )
    add_starter_courses(town.body, by=town.office, now=NOW)
    assert asked(town.staff, course, date(2026, 11, 9), TODAY) == [False, True]
    assert missing_courses([town.staff.pk], date(2026, 11, 9)) == {town.staff.pk: []}
    assert len(missing_courses([town.staff.pk], TODAY)[town.staff.pk]) == 4


def test_a_fixed_criterion_keeps_the_courses_required_when_it_was_fixed():
    town = build_pilots.a_town()
    pilot = build_pilots.a_running(town, criteria=[("K36", "at_least", Decimal(100))])
    marked(build.a_course(town.body), True, town.office, now=at(2026, 9, 1))
    judged = judge_all(pilot.rows_of_criteria, measured(pilot, date(2026, 9, 2)))
    assert [(str(row.value), row.met) for row in judged] == [("100.0", True)]


def test_the_office_gives_the_day_on_the_page_and_reads_it_there(town):
    course, client = build.a_course(town.body), signed_in(town.office)
    page = f"{course.get_absolute_url()}edit/"
    values = {
        "title": course.title,
        "mode": "group",
        "minutes": 30,
        "audience": ["staff"],
        "required_for_pilots": "on",
        "is_active": "on",
        "edition": course.edition,
    }
    refused = client.post(page, values | {"required_from": "2020-01-01"})
    assert refused.status_code == 422
    assert "今日以後の日を入力してください。" in refused.text
    assert client.post(page, values | {"required_from": "2031-04-01"}).status_code == 302
    assert "令和13年4月1日" in client.get(course.get_absolute_url()).text


def listed(member, **asked):
    return signed_in(member).get(reverse("training:training", args=["993018"]), asked).text


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "words"),
    [
        (date(2020, 4, 1), None, "試行の前に必須"),
        (date(2035, 4, 1), None, "令和17年4月1日(日)から試行の前に必須"),
        (None, date(2035, 3, 30), "令和17年3月30日(金)まで試行の前に必須"),
        (None, date(2020, 3, 31), ""),
    ],
)
def test_whether_a_course_is_required_is_said_by_the_day(town, starts_on, ends_on, words):
    # The mark itself says the opposite: a day set for later has not come yet.
    course = build.a_course(town.body)
    Course.objects.filter(pk=course.pk).update(required_for_pilots=not words)
    CourseRequirement.objects.create(
        municipality=town.body, course=course, starts_on=starts_on, ends_on=ends_on
    )
    page = listed(town.office)
    assert words in page
    assert ("試行の前に必須" in page) == bool(words)
    own = signed_in(town.office).get(course.get_absolute_url()).text
    assert ("必須ではない" in own) == (words != "試行の前に必須" and "まで" not in words)


def test_a_course_out_of_use_is_assigned_to_nobody(town):
    course = build.a_required_course(town.body)
    marked(course, False, town.office, required_from=date(2026, 12, 1), is_active=False)
    facts = {"due_on": date(2026, 11, 30), "reason": "試行", "by": town.office, "now": NOW}
    assert assign_required(town.staff, on=TODAY, **facts) == []


def test_of_two_plans_for_days_to_come_the_last_word_counts(town):
    course = build.a_course(town.body)
    marked(course, True, town.office, required_from=date(2026, 12, 1))
    marked(course, False, town.office, required_from=date(2026, 12, 10))
    marked(course, True, town.office, required_from=date(2027, 1, 4))
    days = (date(2026, 12, 1), date(2026, 12, 9), date(2027, 1, 3), date(2027, 1, 4))
    assert asked(town.staff, course, *days) == [False, False, False, True]
    assert CourseRequirement.objects.count() == 1


def test_of_two_ends_to_come_the_last_word_counts(town):
    course = build.a_required_course(town.body)
    marked(course, False, town.office, required_from=date(2026, 12, 10))
    for end in (date(2026, 12, 1), date(2026, 12, 21)):
        marked(course, False, town.office, required_from=end)
        before = date.fromordinal(end.toordinal() - 1)
        assert asked(town.staff, course, TODAY, before, end) == [True, True, False]


def test_other_changes_leave_a_planned_day_as_it_is(town):
    course = marked(build.a_course(town.body), True, town.office, required_from=date(2026, 12, 1))
    marked(course, True, town.office, title="別の題名")
    assert asked(town.staff, course, TODAY, date(2026, 12, 1)) == [False, True]
    marked(course, False, town.office, required_from=date(2026, 12, 10))
    marked(course, False, town.office, title="また別の題名")
    assert asked(town.staff, course, date(2026, 12, 9), date(2026, 12, 10)) == [True, False]
