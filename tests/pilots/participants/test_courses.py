"""Consent leads to the required courses: assigned at once, told once, taken back with the
consent.
"""

from __future__ import annotations

from datetime import date

import pytest

from municipality.core.periods import Period
from municipality.core.refusals import Conflict
from municipality.deadlines.queries import due_things
from municipality.notifications.models import Notice
from municipality.notifications.wording import worded
from municipality.organisation.models import Posting
from municipality.transfers.operations.handover import hand_over
from pilots.lifecycle.operations.decisions import request_pilot_decision
from pilots.lifecycle.operations.steps import finish_pilot, start_pilot
from pilots.participants.models import LeadCourse, ParticipantCourse
from pilots.participants.operations.participation import (
    add_participants,
    agree,
    assign_courses,
    decline,
    remove_participant,
)
from tests.build import pilots as build
from tests.build import training
from tests.build.municipality import a_member, at, signed_in
from training.assignments.models import Assignment
from training.assignments.operations import assign_course
from training.completions.indicators import completion_rate

pytestmark = pytest.mark.django_db
NOW = at(2026, 7, 22)
REASON = "試行「第1期試行(企画財政課)」への参加"


@pytest.fixture
def town():
    town = build.a_town()
    town.second = training.a_required_course(town.body, "T02", title="情報セキュリティ")
    return town


def asked(town, member=None, *, now=NOW, **facts):
    pilot = build.a_planned(town, **facts)
    return add_participants(pilot, members=[member or town.staff[0]], by=town.chief, now=now)[0]


def agreed(town, member=None, *, now=NOW, **facts):
    row = asked(town, member, **facts)
    return agree(row, by=row.member, now=now)


def open_ones(member):
    rows = Assignment.objects.open().filter(member=member).order_by("course__code")
    return [(row.course.code, row.due_on, row.reason) for row in rows]


def test_who_agrees_has_every_required_course_at_once_due_before_the_start(town):
    agreed(town)
    # 3 August is a Monday: the last open day before it is Friday, 31 July.
    due = date(2026, 7, 31)
    assert open_ones(town.staff[0]) == [("T01", due, REASON), ("T02", due, REASON)]


def test_only_courses_that_are_not_validly_completed_on_the_first_day(town):
    build.completed(town.course, [town.staff[0]])
    build.completed(town.second, [town.staff[0]])
    town.second.completions.update(expires_on=date(2026, 8, 2))
    agreed(town)
    assert [code for code, *_rest in open_ones(town.staff[0])] == ["T02"]


def test_a_course_that_is_assigned_already_stays_as_it_is(town):
    by_office = assign_course(
        town.course, members=[town.staff[0]], due_on=date(2026, 9, 1), by=town.office, now=NOW
    )[0]
    row = agreed(town)
    assert [code for code, *_rest in open_ones(town.staff[0])] == ["T01", "T02"]
    decline(row, by=row.member, now=NOW)
    by_office.refresh_from_db()
    assert (by_office.state, by_office.reason) == ("assigned", "")


def test_with_little_time_left_there_are_five_open_days(town):
    row = agreed(town, now=at(2026, 7, 31))
    assert {due for _code, due, _reason in open_ones(town.staff[0])} == {date(2026, 8, 7)}
    notice = Notice.objects.get(rule="pilots.courses", member=row.member)
    assert "令和8年8月7日までに受講してください。" in worded(notice).body


def test_one_notice_and_the_reason_in_what_is_to_do(town):
    row = agreed(town)
    notices = Notice.objects.filter(rule="pilots.courses", member=row.member)
    assert [(each.object_id, each.params["count"]) for each in notices] == [(row.pk, 2)]
    things = [
        thing
        for thing in due_things(town.body, NOW.date())
        if thing.rule == "training.assignment" and thing.member_id == row.member_id
    ]
    assert len(things) == 2
    home = signed_in(row.member).get(f"/{town.body.pk}/").content.decode()
    assert REASON in home


def test_nothing_is_told_when_nothing_is_missing(town):
    for course in (town.course, town.second):
        build.completed(course, [town.staff[0]])
    agreed(town)
    assert open_ones(town.staff[0]) == []
    assert not Notice.objects.filter(rule="pilots.courses").exists()


@pytest.mark.parametrize("left", ["declines", "is taken out", "stopped"])
def test_taking_back_the_consent_cancels_what_came_of_it_and_nothing_else(town, left):
    other = training.a_course(town.body, "S01")
    kept = training.an_assignment(other, town.staff[0], town.office, date(2026, 8, 3), NOW)
    row = agreed(town)
    done = Assignment.objects.get(member=row.member, course=town.course)
    training.complete_course(done, completed_on=NOW.date(), by=town.office, now=NOW)
    if left == "declines":
        decline(row, by=row.member, now=NOW)
    elif left == "is taken out":
        remove_participant(row, by=town.chief, now=NOW)
    else:
        finish_pilot(row.pilot, outcome="stop", note="端末が届かない。", by=town.chief, now=NOW)
    states = dict(Assignment.objects.filter(member=row.member).values_list("course__code", "state"))
    assert states == {"T01": "completed", "T02": "cancelled", "S01": "assigned"}
    kept.refresh_from_db()
    assert kept.is_open


def test_what_another_consent_needs_as_well_stays(town):
    first = agreed(town)
    second = agreed(town, name="第2期試行", starts_on=date(2026, 11, 4), ends_on=date(2026, 12, 25))
    decline(first, by=first.member, now=NOW)
    assert len(open_ones(first.member)) == 2
    decline(second, by=second.member, now=NOW)
    assert open_ones(first.member) == []


def test_who_joins_late_begins_the_courses_from_the_page_before_agreeing(town, monkeypatch):
    build.completed(town.second, [*town.staff, town.chief])
    pilot = build.a_running(town)
    late, now = a_member(town.kikaku, name="大野 波"), at(2026, 8, 10)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    row = add_participants(pilot, members=[late], by=town.chief, now=now)[0]
    with pytest.raises(Conflict) as refused:
        agree(row, by=late, now=now)
    assert refused.value.address == row.get_absolute_url()
    client, page = signed_in(late), row.get_absolute_url()
    assert "必須研修を受講する" in client.get(page).content.decode()
    assert client.post(f"{page}courses/").headers["Location"] == page
    assert [due for _code, due, _reason in open_ones(late)] == [date(2026, 8, 18)] * 2
    # 11 August is a holiday.
    shown = client.get(page).content.decode()
    assignment = Assignment.objects.open().get(member=late, course=town.second)
    assert assignment.get_absolute_url() in shown
    assert "8月18日" in shown


def test_sent_twice_they_are_assigned_once(town):
    row = asked(town)
    for _again in range(2):
        assign_courses(row, by=row.member, now=NOW)
    assert len(open_ones(row.member)) == 2


def test_the_lead_needs_them_too_and_has_them_from_the_approval_on(town):
    pilot = build.an_approved(town)
    for course in (town.course, town.second):
        build.completed(course, town.staff)
    assert open_ones(town.chief) == [
        (code, date(2026, 7, 31), "試行「第1期試行(企画財政課)」の責任者")
        for code in ("T01", "T02")
    ]
    assert Notice.objects.filter(rule="pilots.lead_courses", member=town.chief).count() == 1
    with pytest.raises(Conflict) as refused:
        start_pilot(pilot, by=town.chief, now=at(2026, 8, 3))
    assert "髙瀬 由紀" in str(refused.value.reason)
    for course in (town.course, town.second):
        build.completed(course, [town.chief])
    assert start_pilot(pilot, by=town.chief, now=at(2026, 8, 3)).state == "running"


def test_consent_courses_and_start_through_the_pages(town, monkeypatch):
    pilot = build.an_approved(town)
    page = pilot.get_absolute_url()
    monkeypatch.setattr("django.utils.timezone.now", lambda: at(2026, 8, 3))
    chief = signed_in(town.chief)
    assert chief.post(f"{page}start/").status_code == 409
    for member in [*town.staff, town.chief]:
        client = signed_in(member)
        for assignment in Assignment.objects.open().filter(member=member).select_related("course"):
            own = assignment.get_absolute_url()
            assert REASON[:2] in client.get(own).content.decode()
            training.Course.objects.filter(pk=assignment.course_id).update(materials="## 読む")
            assert client.post(f"{own}complete/", {"read": "on"}).status_code == 302
    assert chief.post(f"{page}start/").status_code == 302
    pilot.refresh_from_db()
    assert pilot.state == "running"


def test_the_courses_of_the_lead_pass_with_the_lead(town):
    pilot = build.an_approved(town)
    hand_over(town.body, NOW)
    Posting.objects.filter(member=town.chief).update(ends_on=date(2026, 7, 23))
    heir = a_member(town.kikaku, "manager", post="課長", starts_on=date(2026, 7, 24))
    hand_over(town.body, at(2026, 7, 24))
    pilot.refresh_from_db()
    assert pilot.lead == heir
    assert [code for code, _due, _reason in open_ones(heir)] == ["T01", "T02"]
    assert open_ones(town.chief) == []
    assert Notice.objects.filter(rule="pilots.lead_courses", member=heir).count() == 1


def test_stopping_takes_back_the_courses_of_the_lead(town):
    pilot = build.an_approved(town)
    assert len(open_ones(town.chief)) == 2
    finish_pilot(pilot, outcome="stop", note="端末が届かない。", by=town.chief, now=NOW)
    assert open_ones(town.chief) == []


def test_who_leads_another_pilot_keeps_them(town):
    pilot = build.an_approved(town)
    other = build.a_planned(
        town, name="第2期試行", starts_on=date(2026, 11, 4), ends_on=date(2026, 12, 25)
    )
    build.decided(request_pilot_decision(other, by=town.chief, now=NOW), town.mayor, now=NOW)
    finish_pilot(pilot, outcome="stop", note="端末が届かない。", by=town.chief, now=NOW)
    assert len(open_ones(town.chief)) == 2


NEXT = {"name": "第2期試行", "starts_on": date(2026, 11, 4), "ends_on": date(2026, 12, 25)}


def test_courses_of_the_lead_that_were_kept_for_a_consent_go_with_it(town):
    pilot = build.an_approved(town)
    part = agreed(town, town.chief, **NEXT)
    finish_pilot(pilot, outcome="stop", note="端末が届かない。", by=town.chief, now=NOW)
    assert len(open_ones(town.chief)) == 2
    decline(part, by=town.chief, now=NOW)
    assert open_ones(town.chief) == []


def test_courses_of_a_consent_that_were_kept_for_the_lead_go_with_the_pilot(town):
    part = agreed(town, town.chief)
    led = build.an_approved(town, **NEXT)
    decline(part, by=town.chief, now=NOW)
    assert len(open_ones(town.chief)) == 2
    finish_pilot(led, outcome="stop", note="端末が届かない。", by=town.chief, now=NOW)
    assert open_ones(town.chief) == []


def test_an_expansion_that_ends_its_pilot_takes_the_courses_back(town):
    build.completed(town.second, [*town.staff, town.chief])
    pilot = build.an_evaluated(town)
    row = pilot.participants.first()
    late = training.an_assignment(
        training.a_course(town.body, "S01"), row.member, town.office, date(2026, 12, 1), NOW
    )
    ParticipantCourse.objects.create(municipality=town.body, participant=row, assignment=late)
    expansion = build.a_requested(town, pilot)
    build.decided(
        build.decision_of(expansion),
        town.others["soumu_chief"],
        town.mayor,
        now=at(2026, 11, 6),
    )
    late.refresh_from_db()
    assert late.state == "cancelled"


def test_courses_of_a_lead_are_known_by_the_pilot_and_not_by_their_reason(town):
    """Another pilot may bear the same name, and a reason may say anything."""
    pilot = build.an_approved(town)
    came = LeadCourse.objects.filter(pilot=pilot).values_list("assignment__course__code", flat=True)
    assert sorted(came) == ["T01", "T02"]
    Assignment.objects.filter(member=town.chief).update(reason="届出による。")
    finish_pilot(pilot, outcome="stop", note="端末が届かない。", by=town.chief, now=NOW)
    assert open_ones(town.chief) == []


def july_and_august(town):
    """研修受講率 of 企画財政課 in July and in August: who completed, of whom."""
    figures = [
        completion_rate([town.kikaku], Period.holding("month", date(2026, month, 1)))
        for month in (7, 8)
    ]
    return [(int(figure.numerator), int(figure.denominator)) for figure in figures]


def test_a_consent_withdrawn_later_does_not_change_the_month_before(town):
    """Both courses were due on 31 July and open then; the consent went on 4 August."""
    row = agreed(town)
    assert july_and_august(town) == [(0, 1), (0, 1)]
    decline(row, by=row.member, now=at(2026, 8, 4))
    assert july_and_august(town) == [(0, 1), (0, 0)]


def test_another_lead_later_does_not_change_the_month_before(town):
    build.completed(town.course, town.staff)
    build.completed(town.second, town.staff)
    build.an_approved(town)
    hand_over(town.body, at(2026, 7, 31))
    assert july_and_august(town) == [(0, 1), (0, 1)]
    Posting.objects.filter(member=town.chief).update(ends_on=date(2026, 8, 3))
    a_member(town.kikaku, "manager", post="課長", starts_on=date(2026, 8, 4))
    hand_over(town.body, at(2026, 8, 4))
    led = Assignment.objects.filter(member=town.chief)
    assert {*led.values_list("state", "cancelled_on")} == {("cancelled", date(2026, 8, 4))}
    # From 4 August the heir has them, due on the 12th: the 11th is a holiday.
    assert july_and_august(town) == [(0, 1), (0, 1)]
