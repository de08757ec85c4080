"""Courses, assignments and completions: every arrow, every refusal, and what is still missing."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from municipality.audit.models import Entry
from municipality.core.figures import Figure
from municipality.core.periods import Period
from municipality.core.refusals import Conflict, Denied
from municipality.deadlines.queries import due_things
from municipality.organisation.models import Department, Posting
from municipality.organisation.operations.employment_kinds import keep_employment_kinds
from municipality.organisation.queries import staff_postings
from municipality.transfers.operations.handover import hand_over
from tests.build import training as build
from tests.build.municipality import a_body, a_department, a_member, at
from training.assignments.models import Assignment
from training.assignments.operations import assign_course, cancel_assignment
from training.assignments.presenters import own_lines
from training.completions.indicators import completion_rate
from training.completions.models import Completion
from training.completions.operations import complete_course, expiry_of
from training.courses.models import Course
from training.courses.operations import add_starter_courses, create_course, update_course
from training.gate.requirements import missing_courses

pytestmark = pytest.mark.django_db
NOW = at(2026, 10, 20)
TODAY = NOW.date()
State = Assignment.State


def test_the_office_makes_and_changes_courses(town):
    course = create_course(
        town.body,
        by=town.office,
        now=NOW,
        code="N1",
        title="新しい研修",
        minutes=20,
        audience=["staff"],
    )
    update_course(
        course,
        edition=course.edition,
        by=town.office,
        now=NOW,
        title="変えた研修",
        validity_months=12,
    )
    assert (course.title, course.validity_months, course.edition) == ("変えた研修", 12, 2)
    with pytest.raises(Conflict):
        update_course(course, edition=1, by=town.office, now=NOW, title="古い画面から")
    assert Course.objects.get(pk=course.pk).title == "変えた研修"


@pytest.mark.parametrize("person", ["manager", "hr", "staff"])
def test_others_do_not_change_courses(town, person):
    course, by = build.a_course(town.body), getattr(town, person)
    for refused in (
        lambda: create_course(town.body, by=by, now=NOW, code="N1", title="x", minutes=1),
        lambda: update_course(course, edition=1, by=by, now=NOW, title="x"),
        lambda: assign_course(course, members=[by], due_on=TODAY, by=by, now=NOW),
        lambda: add_starter_courses(town.body, by=by, now=NOW),
    ):
        with pytest.raises(Denied):
            refused()


def test_a_code_is_used_once_in_a_body_and_again_in_another(town):
    create_course(town.body, by=town.office, now=NOW, code="N1", title="x", minutes=1)
    with pytest.raises(Conflict, match="N1"):
        create_course(town.body, by=town.office, now=NOW, code="N1", title="y", minutes=1)
    other = a_body("993026", "みなと町")
    assert create_course(
        other, by=a_member(a_department(other), "office"), now=NOW, code="N1", title="z", minutes=1
    ).pk


def test_a_course_is_assigned_to_each_person_once(town):
    course = build.a_course(town.body)
    first = assign_course(course, members=[town.staff], due_on=TODAY, by=town.office, now=NOW)
    second = assign_course(
        course,
        members=[town.staff, town.manager, town.manager],
        due_on=TODAY,
        reason="試行",
        by=town.office,
        now=NOW,
    )
    assert [row.member for row in first] == [town.staff]
    assert [row.member for row in second] == [town.manager]
    assert sorted(course.assignments.values_list("member", "reason")) == sorted(
        [(town.staff.pk, ""), (town.manager.pk, "試行")]
    )


def test_a_second_open_assignment_cannot_be_stored(town):
    row = build.an_assignment(build.a_course(town.body), town.staff, town.office)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(
            municipality=town.body,
            course=row.course,
            member=town.staff,
            due_on=TODAY,
            assigned_at=NOW,
        )


def test_members_of_another_body_are_left_out(town):
    stranger = a_member(a_department(a_body("993026", "みなと町")))
    assert (
        assign_course(
            build.a_course(town.body), members=[stranger], due_on=TODAY, by=town.office, now=NOW
        )
        == []
    )


def test_nothing_is_assigned_for_a_day_that_has_passed_or_of_a_course_out_of_use(town):
    with pytest.raises(Conflict):
        assign_course(
            build.a_course(town.body),
            members=[town.staff],
            due_on=date(2026, 10, 19),
            by=town.office,
            now=NOW,
        )
    with pytest.raises(Conflict):
        assign_course(
            build.a_course(town.body, is_active=False),
            members=[town.staff],
            due_on=TODAY,
            by=town.office,
            now=NOW,
        )
    assert Assignment.objects.count() == 0


def test_one_completes_an_e_learning_course_oneself_as_of_today(town):
    row = build.an_assignment(
        build.a_course(town.body, validity_months=12), town.staff, town.office
    )
    with pytest.raises(Conflict):
        complete_course(row, completed_on=date(2026, 10, 19), by=town.staff, now=NOW)
    complete_course(row, completed_on=TODAY, by=town.staff, now=NOW)
    facts = row.completion
    assert (row.state, facts.completed_on, facts.expires_on, facts.source) == (
        State.COMPLETED,
        TODAY,
        date(2027, 10, 20),
        "self",
    )


@pytest.mark.parametrize("person", ["manager", "colleague", "hr"])
def test_nobody_completes_for_another_but_the_office(town, person):
    row = build.an_assignment(build.a_course(town.body), town.staff, town.office)
    with pytest.raises(Denied):
        complete_course(row, completed_on=TODAY, by=getattr(town, person), now=NOW)
    complete_course(row, completed_on=date(2026, 10, 5), score=88, by=town.office, now=NOW)
    assert (row.completion.score, row.completion.source) == (88, "office")


def test_a_class_is_not_completed_by_oneself(town):
    row = build.an_assignment(build.a_course(town.body, mode="group"), town.staff, town.office)
    with pytest.raises(Denied):
        complete_course(row, completed_on=TODAY, by=town.staff, now=NOW)


def test_nothing_is_completed_in_the_future(town):
    row = build.an_assignment(build.a_course(town.body), town.staff, town.office)
    with pytest.raises(Conflict):
        complete_course(row, completed_on=date(2026, 10, 21), by=town.office, now=NOW)


def test_an_assignment_ends_once(town):
    row = build.an_assignment(build.a_course(town.body), town.staff, town.office)
    seen_before = Assignment.objects.get(pk=row.pk)
    complete_course(row, completed_on=TODAY, by=town.staff, now=NOW)
    for again in (
        lambda: complete_course(seen_before, completed_on=TODAY, by=town.staff, now=NOW),
        lambda: cancel_assignment(seen_before, by=town.office, now=NOW),
        lambda: cancel_assignment(row, by=town.office, now=NOW),
    ):
        with pytest.raises(Conflict):
            again()
    assert Completion.objects.count() == 1


def test_after_a_cancelled_or_a_completed_assignment_a_new_one_can_be_made(town):
    course = build.a_course(town.body)
    cancel_assignment(build.an_assignment(course, town.staff, town.office), by=town.office, now=NOW)
    build.a_completed_assignment(course, town.staff, town.office)
    assert build.an_assignment(course, town.staff, town.office).is_open


@pytest.mark.parametrize(
    ("completed_on", "months", "last"),
    [
        (date(2026, 5, 10), None, None),
        (date(2026, 5, 10), 12, date(2027, 5, 10)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
    ],
)
def test_a_completion_counts_up_to_the_same_day_of_a_later_month(completed_on, months, last):
    assert expiry_of(Course(validity_months=months), completed_on) == last


@pytest.mark.parametrize(
    "facts", [{"state": "completed"}, {"state": "completed", "completion": None}]
)
def test_a_completed_assignment_without_its_completion_cannot_be_stored(town, facts):
    row = build.an_assignment(build.a_course(town.body), town.staff, town.office)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.filter(pk=row.pk).update(**facts)


def test_what_is_missing_before_a_pilot_is_what_is_required_and_not_valid_that_day(
    town, django_assert_num_queries
):
    first = build.a_required_course(town.body, "R1", validity_months=12)
    second = build.a_required_course(town.body, "R2")
    build.a_required_course(town.body, "R3", is_active=False)
    build.a_course(town.body, "K1")
    build.a_completion(first, town.staff, date(2026, 10, 5))
    build.a_completion(second, town.staff, date(2026, 10, 30))
    people = [town.staff.pk, town.manager.pk]
    with django_assert_num_queries(2):
        assert missing_courses(people, date(2026, 10, 29)) == {
            town.staff.pk: [second],
            town.manager.pk: [first, second],
        }
    assert missing_courses(people, date(2026, 10, 30))[town.staff.pk] == []
    assert missing_courses(people, date(2027, 10, 5))[town.staff.pk] == []
    assert missing_courses(people, date(2027, 10, 6))[town.staff.pk] == [first]
    assert missing_courses(people, date(2026, 10, 4))[town.staff.pk] == [first, second]


def test_the_courses_of_another_body_are_not_asked(town):
    build.a_required_course(a_body("993026", "みなと町"), "R1")
    assert missing_courses([town.staff.pk], TODAY) == {town.staff.pk: []}
    assert missing_courses([], TODAY) == {}


def test_the_rate_counts_people_who_completed_everything_that_was_due(
    town, django_assert_num_queries
):
    month = Period.holding("month", date(2026, 11, 10))
    first, second = build.a_course(town.body), build.a_course(town.body)
    build.a_completed_assignment(first, town.staff, town.office)
    build.a_completed_assignment(first, town.colleague, town.office)
    build.an_assignment(second, town.colleague, town.office, due_on=date(2026, 11, 6))
    build.an_assignment(first, town.manager, town.office, due_on=date(2026, 12, 1))  # not due yet
    cancel_assignment(build.an_assignment(first, town.hr, town.office), by=town.office, now=NOW)
    build.an_assignment(first, town.other_staff, town.office, due_on=date(2026, 11, 30))
    everywhere = Department.objects.of(town.body)
    with django_assert_num_queries(1):
        assert completion_rate(everywhere, month) == Figure(1, 3, kind="rate")
    assert completion_rate([town.unit], month) == Figure(1, 2, kind="rate")
    assert completion_rate([town.zeimu], month) == Figure(0, 1, kind="rate")
    assert completion_rate([town.root], month).value is None


def test_the_rate_counts_the_same_staff_as_the_rate_among_all_staff(town):
    month = Period.holding("month", date(2026, 11, 10))
    course = build.a_course(town.body)
    on_leave = a_member(town.unit, "staff", name="休職中")
    special = a_member(town.unit, "staff", name="特別職", employment="特別職")
    keep_employment_kinds(town.body, NOW)
    for member in (town.staff, on_leave, special):
        build.an_assignment(course, member, town.office, due_on=date(2026, 11, 6))
    Posting.objects.filter(member=on_leave).update(status=Posting.Status.LEAVE)
    staff = set(
        staff_postings(Posting.objects.on(month.last)).values_list("member__name", flat=True)
    )
    assert town.staff.name in staff
    assert not staff & {"休職中", "特別職"}
    assert completion_rate([town.unit], month) == Figure(0, 1, kind="rate")


def test_the_rate_of_a_month_does_not_change_with_what_is_completed_later(town):
    course = build.a_course(town.body)
    row = build.an_assignment(course, town.staff, town.office, due_on=date(2026, 10, 30))
    october, november = (Period.holding("month", date(2026, month, 1)) for month in (10, 11))
    complete_course(row, completed_on=date(2026, 11, 2), by=town.office, now=at(2026, 11, 2))
    assert completion_rate([town.unit], october) == Figure(0, 1, kind="rate")
    assert completion_rate([town.unit], november) == Figure(1, 1, kind="rate")


def test_the_rate_of_a_month_does_not_rise_when_somebody_leaves_later(town):
    """Overdue since 6 November, the assignment stood on the 30th, when the person left."""
    november, december = (Period.holding("month", date(2026, month, 1)) for month in (11, 12))
    course = build.a_course(town.body)
    build.a_completed_assignment(course, town.colleague, town.office)
    build.an_assignment(course, town.staff, town.office, due_on=date(2026, 11, 6))
    hand_over(town.body, now=at(2026, 11, 30))
    assert completion_rate([town.unit], november) == Figure(1, 2, kind="rate")
    Posting.objects.filter(member=town.staff).update(ends_on=date(2026, 11, 30))
    hand_over(town.body, now=at(2026, 12, 1))
    assert Assignment.objects.get(member=town.staff).state == State.CANCELLED
    assert completion_rate([town.unit], november) == Figure(1, 2, kind="rate")
    assert completion_rate([town.unit], december) == Figure(1, 1, kind="rate")


def test_what_was_due_last_fiscal_year_is_not_counted_again(town):
    build.an_assignment(
        build.a_course(town.body), town.staff, town.office, due_on=date(2027, 3, 31)
    )
    assert completion_rate([town.unit], Period.holding("month", date(2027, 4, 1))) == Figure(
        0, 0, kind="rate"
    )


def test_a_course_is_due_from_the_person_and_its_manager_is_known(town):
    row = build.an_assignment(build.a_course(town.body), town.staff, town.office)
    due = due_things(town.body, TODAY, rule="training.assignment")
    assert [(one.object_id, one.member_id, one.path, one.due_on, one.note) for one in due] == [
        (row.pk, town.staff.pk, town.unit.path, build.DUE_ON, "西村 航")
    ]
    complete_course(row, completed_on=TODAY, by=town.staff, now=NOW)
    assert due_things(town.body, TODAY, rule="training.assignment") == []


def test_every_step_stands_in_the_history_once(town):
    add_starter_courses(town.body, by=town.office, now=NOW)
    course = create_course(town.body, by=town.office, now=NOW, code="N1", title="x", minutes=1)
    first, second = assign_course(
        course, members=[town.staff, town.manager], due_on=TODAY, by=town.office, now=NOW
    )
    complete_course(first, completed_on=TODAY, by=town.office, now=NOW)
    cancel_assignment(second, by=town.office, now=NOW)
    update_course(course, edition=1, by=town.office, now=NOW, title="y")
    verbs = (
        Entry.objects.filter(verb__startswith="training.")
        .order_by("seq")
        .values_list("verb", flat=True)
    )
    assert [verb.removeprefix("training.") for verb in verbs] == [
        "starter_added",
        "course_created",
        "assigned",
        "completed",
        "assignment_cancelled",
        "course_changed",
    ]


def test_what_is_late_is_late_from_the_next_morning_on_even_when_the_town_hall_is_closed(town):
    build.an_assignment(
        build.a_course(town.body), town.staff, town.office, due_on=date(2026, 11, 20)
    )  # a Friday
    left = {day: own_lines(town.staff, date(2026, 11, day))[0].left for day in (18, 20, 21, 23, 25)}
    assert left == {18: 2, 20: 0, 21: -1, 23: -1, 25: -2}  # Monday the 23rd is a national holiday
