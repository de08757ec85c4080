"""The clock: one body's fault, one job's, one notice's stop nothing else; each is tried a bounded
number of times a day, and stands on a page.

The faults are rows: stages of a ladder that are no numbers, and the days of a disposal that are no
days.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from municipality.audit.models import Verification
from municipality.clock.models import WORKER_LOST, JobRun
from municipality.clock.operations.jobs import MOST_ATTEMPTS, run_all, run_waiting
from municipality.notifications.models import Notice
from municipality.organisation.models import Member, Municipality, Posting
from municipality.records.models import Disposal
from municipality.reminders.models import LadderVersion
from municipality.reminders.operations.planning import plan_if_changed, plan_reminders
from municipality.tasks import daily_jobs, reminder_jobs, run_body, run_day, run_jobs
from tests.build.municipality import a_body, a_department, a_member, at, root_of, signed_in
from tests.build.training import a_course
from training.assignments.models import Assignment
from training.assignments.operations import assign_course

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("invented_matter")]
NOW = at(2026, 11, 6)
PLAN, DISPOSE = "reminders.plan", "municipality.carry_out"


class Town:
    """A body in which one person has to take a course by today."""

    def __init__(self, code: str) -> None:
        self.body = a_body(code)
        department = a_department(self.body)
        self.staff = a_member(department)
        self.office = a_member(root_of(self.body), "office")
        self.auditor = a_member(root_of(self.body), "auditor")
        self.course = a_course(self.body)
        self.assigned = self.assign(self.staff)

    def assign(self, member: Member, due_on: date = date(2026, 11, 6)) -> Assignment:
        return Assignment.objects.create(
            municipality=self.body,
            course=self.course,
            member=member,
            due_on=due_on,
            assigned_at=at(2026, 10, 1),
        )

    def told(self) -> int:
        return Notice.objects.filter(municipality=self.body, rule="training.assignment").count()


@pytest.fixture
def towns():
    """The first body's ladder is broken: its planning fails."""
    towns = [Town(code) for code in ("993018", "993026", "993034")]
    plant_a_ladder(towns[0])
    return towns


def plant_a_ladder(town: Town) -> None:
    LadderVersion.objects.create(
        municipality=town.body, version=1, stages=["no-stage"], set_at=NOW, set_by=town.office
    )


def plant_a_disposal(town: Town) -> None:
    Disposal.objects.create(
        municipality=town.body,
        kind="retention",
        cutoffs={"change": "no day"},
        reason="planted",
        state="approved",
        proposed_by=town.office,
        proposed_at=NOW,
        decided_by=town.auditor,
        decided_at=NOW,
    )


def jobs() -> dict:
    return daily_jobs() | reminder_jobs()


def minute_by_minute(town: Town, begun: datetime, minutes: int) -> list[int]:
    """The minutes at which the planning of a body was tried."""
    tried, seen = [], 0
    for minute in range(minutes):
        run_waiting(town.body, reminder_jobs(), now=begun + timedelta(minutes=minute))
        failed_at = JobRun.objects.get(municipality=town.body, job=PLAN).failed_at
        if failed_at != seen:
            tried.append(minute)
            seen = failed_at
    return tried


def test_the_bodies_behind_a_faulty_one_are_told(towns):
    assert run_day(NOW)[1] == 2
    assert [town.told() for town in towns] == [0, 1, 1]


def test_the_jobs_of_a_body_behind_a_faulty_one_run(towns):
    plant_a_disposal(towns[1])
    run_waiting(towns[1].body, jobs(), now=NOW)
    assert JobRun.objects.troubled().get().job == f"{DISPOSE} {Disposal.objects.get().pk}"
    assert towns[1].told() == 1
    assert Verification.objects.filter(chain__municipality=towns[1].body).count() == 1


def test_a_failing_job_is_tried_a_bounded_number_of_times_with_growing_pauses(towns):
    tried = minute_by_minute(towns[0], NOW, 12 * 60)
    assert tried == [0, 1, 3, 7, 15, 31, 63, 123]
    assert len(tried) == MOST_ATTEMPTS
    run = JobRun.objects.get(municipality=towns[0].body, job=PLAN)
    assert run.attempts == MOST_ATTEMPTS
    assert minute_by_minute(towns[0], NOW + timedelta(days=3), 2) == [0, 1]  # a Monday


def test_it_is_forgotten_once_it_works(towns):
    run_waiting(towns[0].body, jobs(), now=NOW)
    assert JobRun.objects.troubled().count() == 1
    LadderVersion.objects.filter(municipality=towns[0].body).update(stages=[-1, 0])
    run_waiting(towns[0].body, jobs(), now=NOW)
    assert towns[0].told() == 0, "it rests"
    run_waiting(towns[0].body, jobs(), now=NOW + timedelta(minutes=1))
    assert (towns[0].told(), JobRun.objects.troubled().count()) == (1, 0)


def test_a_day_run_by_hand_waits_for_no_pause(towns):
    run_day(NOW)
    LadderVersion.objects.filter(municipality=towns[0].body).update(stages=[-1, 0])
    assert run_day(NOW)[1] == 1
    assert JobRun.objects.troubled().count() == 0


def test_a_job_whose_worker_dies_is_bounded_too_and_keeps_no_other_waiting(towns, settings):
    """What a dead worker leaves: a claim, and nothing behind it."""
    town, moment = towns[1], NOW
    for _death in range(MOST_ATTEMPTS):
        run_waiting(town.body, reminder_jobs(), now=moment)
        JobRun.objects.filter(municipality=town.body, job=PLAN).update(
            attempts=_death + 1, lease_until=moment + timedelta(seconds=600), day=moment.date()
        )
        town.assign(a_member(root_of(town.body)))
        moment += timedelta(seconds=601)
    before = town.told()
    run_waiting(town.body, reminder_jobs(), now=moment)
    assert town.told() == before, "its tries of the day are used up"
    assert JobRun.objects.get(municipality=town.body, job=PLAN).attempts == MOST_ATTEMPTS
    run_waiting(towns[2].body, reminder_jobs(), now=moment)
    assert towns[2].told() == 1


def test_a_job_that_a_worker_left_unfinished_is_taken_up_when_its_lease_is_over(towns):
    town = towns[1]
    run_waiting(town.body, {}, now=NOW)
    JobRun.objects.create(
        municipality=town.body,
        job=PLAN,
        day=NOW.date(),
        attempts=1,
        lease_until=NOW + timedelta(seconds=60),
    )
    run_waiting(town.body, reminder_jobs(), now=NOW)
    assert town.told() == 0
    later = NOW + timedelta(seconds=60)
    run_waiting(town.body, reminder_jobs(), now=later)
    assert town.told() == 1
    assert JobRun.objects.get(municipality=town.body, job=PLAN).error == ""


def test_a_lost_worker_is_named_while_its_job_runs_again(towns):
    seen = []
    town = towns[1]
    JobRun.objects.create(
        municipality=town.body, job="look", day=NOW.date(), attempts=1, lease_until=NOW
    )

    def look(body: Municipality, now: datetime) -> int:
        seen.append(JobRun.objects.of(body).get(job="look").error)
        return 0

    run_waiting(town.body, {"look": look}, now=NOW + timedelta(seconds=1))
    assert seen == [WORKER_LOST]


# --- one thing among many -------------------------------------------------------------------------


@pytest.fixture
def faulty():
    """A body that tells five days ahead, with a thing whose due date has no day before it, and one
    as usual.
    """
    town = Town("993018")
    LadderVersion.objects.create(
        municipality=town.body, version=1, stages=[-5], set_at=NOW, set_by=town.office
    )
    town.assign(a_member(root_of(town.body)), due_on=date(1, 1, 1))
    return town


def test_a_thing_that_fails_keeps_no_other_from_being_told_and_is_forgotten_once_it_works(faulty):
    assert plan_reminders(faulty.body, now=NOW) == 1
    assert faulty.told() == 1
    run = JobRun.objects.troubled().get()
    assert run.job.startswith("reminders.plan training.assignment ")
    assert (run.attempts, run.error) == (1, "OverflowError")
    plan_reminders(faulty.body, now=NOW)
    assert JobRun.objects.troubled().get().attempts == 1, "it rests"
    Assignment.objects.filter(due_on=date(1, 1, 1)).update(due_on=date(2026, 11, 6))
    plan_reminders(faulty.body, now=NOW + timedelta(minutes=1))
    assert (faulty.told(), JobRun.objects.troubled().count()) == (2, 0)


def test_a_thing_that_fails_is_tried_a_bounded_number_of_times(faulty):
    name = f"reminders.plan training.assignment {Assignment.objects.get(due_on=date(1, 1, 1)).pk}"
    JobRun.objects.create(
        municipality=faulty.body,
        job=name,
        day=NOW.date(),
        attempts=MOST_ATTEMPTS - 1,
        error="OverflowError",
        failed_at=NOW,
    )
    for hours in (0, 2, 4):
        plan_reminders(faulty.body, now=NOW + timedelta(hours=hours))
        assert JobRun.objects.get(job=name).attempts == MOST_ATTEMPTS


def test_the_failure_of_a_thing_that_is_gone_ends_although_nothing_else_is_due(faulty):
    plan_reminders(faulty.body, now=NOW)
    Assignment.objects.all().delete()
    plan_reminders(faulty.body, now=NOW)
    assert JobRun.objects.troubled().count() == 0


def test_the_failure_of_a_thing_that_is_gone_ends_on_a_closed_day(faulty):
    plan_reminders(faulty.body, now=NOW)
    Assignment.objects.filter(due_on=date(1, 1, 1)).delete()
    plan_reminders(faulty.body, now=at(2026, 11, 7))
    assert JobRun.objects.troubled().count() == 0


def test_a_failure_stands_over_a_closed_day_while_its_thing_is_due(faulty):
    plan_reminders(faulty.body, now=NOW)
    plan_reminders(faulty.body, now=at(2026, 11, 7))
    assert JobRun.objects.troubled().get().attempts == 1


# --- seen -----------------------------------------------------------------------------------------


def test_a_failed_job_stands_on_the_page_of_its_body_and_is_named_to_watchers(towns, client):
    before = client.get("/readyz").json()
    assert before["warnings"] == []
    run_all(towns[0].body, jobs(), now=NOW)
    after = client.get("/readyz").json()
    assert (after["warnings"], after["failing"]) == (["jobs"], before["failing"])
    page = signed_in(towns[0].office).get("/993018/settings/running/").content.decode()
    assert PLAN in page
    assert "ValueError" in page or "TypeError" in page
    assert "municipality/reminders/" in page, "the place in the code"
    assert "no-stage" not in page, "what an error says may be about a person"
    other = signed_in(towns[1].office).get("/993026/settings/running/").content.decode()
    assert PLAN not in other


def test_jobs_that_fail_in_another_body_stop_nothing_on_the_page_of_this_one(towns):
    run_all(towns[0].body, jobs(), now=NOW)
    pages = [
        signed_in(town.office).get(f"/{town.body.pk}/settings/running/").content.decode()
        for town in towns[:2]
    ]
    stopped = [page.count(">停止<") for page in pages]
    assert stopped[0] == stopped[1] + 1


def test_nobody_but_the_office_sees_it(towns):
    run_all(towns[0].body, jobs(), now=NOW)
    assert signed_in(towns[0].staff).get("/993018/settings/running/").status_code == 403


# --- nothing new ----------------------------------------------------------------------------------


def test_a_tick_after_which_nothing_happened_plans_nothing(django_assert_num_queries):
    town = Town("993018")
    assert plan_if_changed(town.body, now=NOW) == 1
    Notice.objects.all().delete()
    with django_assert_num_queries(2):
        assert plan_if_changed(town.body, now=NOW + timedelta(minutes=1)) == 0
    assert plan_if_changed(town.body, now=NOW + timedelta(days=3)) == 1, "another day"


def test_whatever_leaves_a_line_in_the_history_is_planned_for():
    town = Town("993018")
    plan_if_changed(town.body, now=NOW)
    clerk = a_member(root_of(town.body), "office")
    members = [town.staff, a_member(root_of(town.body))]
    later = a_course(town.body)
    assign_course(later, members=members, due_on=NOW.date(), by=clerk, now=NOW)
    assert plan_if_changed(town.body, now=NOW + timedelta(minutes=1)) == 2


def test_a_person_without_a_department_is_told_like_others():
    town = Town("993018")
    Posting.objects.filter(member=town.staff).update(ends_on=date(2026, 10, 30))
    Assignment.objects.update(due_on=date(2026, 11, 3))  # late, and nobody above to tell
    assert plan_reminders(town.body, now=NOW) >= 1


def test_nothing_is_read_but_what_is_due_when_nothing_is(django_assert_num_queries):
    town = Town("993018")
    Assignment.objects.all().delete()
    with django_assert_num_queries(4):  # calendar, ladder, what is due, what failed
        assert plan_reminders(town.body, now=NOW) == 0


# --- the tick -------------------------------------------------------------------------------------


def test_a_body_that_is_gone_meanwhile_is_nothing_to_do():
    run_body("993018")
    assert JobRun.objects.count() == 0


def test_running_the_jobs_of_a_body_says_how_much_they_did(towns):
    plant_a_disposal(towns[1])
    Disposal.objects.update(cutoffs={"change": "2026-04-01"})
    told = run_jobs(towns[1].body, now=NOW)
    assert run_jobs(towns[1].body, now=NOW) == told - 1, "the disposal was carried out once"
    assert JobRun.objects.of(towns[1].body).count() == len(daily_jobs())
