"""Who has a job in hand: one that hangs leaves its place to others, one that comes back late takes
nothing away, and a clock that was wrong leaves nothing blocked.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded

from municipality.clock.models import WORKER_LOST, JobRun
from municipality.clock.operations.jobs import run_waiting
from municipality.core.time_limits import soft_limit, stop_when_over
from municipality.organisation.models import Municipality
from municipality.tasks import _codes, reminder_jobs, run_day
from tests.build.municipality import a_body, at

from .test_jobs import PLAN, Town, plant_a_ladder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("invented_matter")]
NOW = at(2026, 11, 6)
LEASE = timedelta(seconds=600)


@pytest.fixture
def body():
    return a_body("993018")


class Clock:
    """A clock that a test sets forward."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def works(_body: Municipality, _now: datetime) -> int:
    return 1


def fails(_body: Municipality, _now: datetime) -> int:
    raise ValueError


def run_of(body: Municipality, job: str) -> JobRun:
    return JobRun.objects.get(municipality=body, job=job)


# --- jobs that hang -------------------------------------------------------------------------------


def test_a_pause_counts_from_the_failure_and_not_from_the_beginning_of_the_round(body):
    clock = Clock()

    def fails_late(_body: Municipality, _now: datetime) -> int:
        clock.now += timedelta(seconds=540)
        raise ValueError

    run_waiting(body, {"late": fails_late}, now=NOW, clock=clock)
    run = run_of(body, "late")
    assert (run.failed_at, run.next_at) == (clock.now, clock.now + timedelta(minutes=1))
    assert run_waiting(body, {"late": works}, now=clock.now + timedelta(seconds=59)) == {}


def test_a_job_that_lasts_too_long_is_stopped_and_noted(body, settings):
    settings.JOB_SOFT_SECONDS = 0.2

    def hangs(_body: Municipality, _now: datetime) -> int:
        time.sleep(30)
        return 1

    begun = time.monotonic()
    with pytest.raises(SoftTimeLimitExceeded):
        run_waiting(body, {"hangs": hangs, "behind": works}, now=NOW)
    assert time.monotonic() - begun < 10
    run = run_of(body, "hangs")
    assert (run.error, run.lease_until) == ("SoftTimeLimitExceeded", None)
    assert run_waiting(body, {"hangs": hangs, "behind": works}, now=NOW) == {"behind": 1}


def test_a_limit_of_time_ends_a_job_between_two_rows_where_threads_are_the_workers():
    done = []

    def rows() -> None:
        with soft_limit(0.2):
            for number in range(100):
                stop_when_over()
                time.sleep(0.1)
                done.append(number)

    with ThreadPoolExecutor(1) as pool, pytest.raises(SoftTimeLimitExceeded):
        pool.submit(rows).result()
    assert 0 < len(done) < 100
    stop_when_over()


@pytest.mark.parametrize("error", ["SoftTimeLimitExceeded", WORKER_LOST])
def test_bodies_that_hung_leave_a_place_of_the_worker_to_the_others(error, settings):
    settings.CELERY_WORKER_CONCURRENCY = 2
    bodies = [a_body(code) for code in ("993018", "993026", "993034")]
    for body in bodies[:2]:
        JobRun.objects.create(municipality=body, job="job", error=error, failed_at=NOW)
    seen = []

    def look(_body: Municipality, _now: datetime) -> int:
        if not seen:
            seen.append([run_waiting(body, {"job": works}, now=NOW) for body in bodies[1:]])
        return 1

    assert run_waiting(bodies[0], {"job": look}, now=NOW) == {"job": 1}
    assert seen == [[{}, {"job": 1}]], "while one of them runs, the other waits"
    assert run_waiting(bodies[1], {"job": works}, now=NOW) == {"job": 1}


def test_bodies_that_hung_wait_behind_the_others():
    bodies = [a_body(code) for code in ("993018", "993026", "993034")]
    JobRun.objects.create(municipality=bodies[0], job="job", error=WORKER_LOST, failed_at=NOW)
    JobRun.objects.create(municipality=bodies[1], job="job", error="ValueError", failed_at=NOW)
    assert _codes() == ["993026", "993034", "993018"]


# --- jobs in another's hand -----------------------------------------------------------------------


def test_what_stands_behind_a_job_in_another_hand_waits_and_what_stands_before_it_runs(body):
    JobRun.objects.create(municipality=body, job="second", lease_until=NOW + LEASE)
    jobs = {"first": works, "second": works, "third": works}
    assert run_waiting(body, jobs, now=NOW) == {"first": 1}
    assert run_waiting(body, jobs, now=NOW + LEASE) == {"first": 1, "second": 1, "third": 1}


def test_a_round_ends_where_another_worker_claims_a_job_meanwhile(body):
    JobRun.objects.create(municipality=body, job="second")

    def overtaken(_body: Municipality, _now: datetime) -> int:
        JobRun.objects.filter(job="second").update(attempts=1, lease_until=NOW + LEASE)
        return 1

    jobs = {"first": overtaken, "second": works, "third": works}
    assert run_waiting(body, jobs, now=NOW) == {"first": 1}


def test_what_stands_behind_a_job_that_rests_runs(body):
    run_waiting(body, {"first": fails}, now=NOW)
    assert run_waiting(body, {"first": fails, "second": works}, now=NOW) == {"second": 1}


def test_what_stands_behind_a_job_that_kills_its_workers_waits_for_its_first_lease_only(body):
    """What a dead worker leaves, each time a lease is over: a claim, and nothing behind it."""
    jobs, moment, behind = {"kills": works, "behind": works}, NOW, []
    JobRun.objects.create(municipality=body, job="kills")
    for _death in range(3):
        run = run_of(body, "kills")
        run.error = WORKER_LOST if run.lease_until else ""
        run.day, run.attempts, run.lease_until = moment.date(), run.attempts + 1, moment + LEASE
        run.save()
        behind.append(run_waiting(body, jobs, now=moment + timedelta(seconds=1)))
        moment += LEASE
    assert behind == [{}, {"behind": 1}, {"behind": 1}]


def test_the_failure_of_a_job_that_is_no_more_ends_after_a_week(body):
    run_waiting(body, {"renamed": fails}, now=NOW)
    for days, left in ((0, 1), (7, 1), (8, 0)):
        run_waiting(body, {"job": works}, now=NOW + timedelta(days=days))
        assert JobRun.objects.troubled().count() == left


def test_the_failure_of_a_job_that_there_is_stands_until_it_works(body):
    run_waiting(body, {"job": fails}, now=NOW)
    run_waiting(body, {"job": fails}, now=NOW + timedelta(days=8))
    run = run_of(body, "job")
    assert (run.failed_at, run.error) == (NOW + timedelta(days=8), "ValueError")


@pytest.mark.parametrize("job", [works, fails])
def test_a_worker_that_comes_back_late_leaves_the_job_to_who_has_it_now(body, job):
    later = NOW + LEASE

    def overtaken(its_body: Municipality, now: datetime) -> int:
        JobRun.objects.filter(municipality=body).update(attempts=2, lease_until=later + LEASE)
        return job(its_body, now)

    run_waiting(body, {"job": overtaken}, now=NOW)
    run = run_of(body, "job")
    assert (run.lease_until, run.attempts, run.error) == (later + LEASE, 2, "")


# --- clocks that were wrong -----------------------------------------------------------------------


def test_a_clock_that_jumped_ahead_leaves_no_pause_behind(body):
    run_waiting(body, {"job": fails}, now=NOW + timedelta(days=365))
    assert run_waiting(body, {"job": works}, now=NOW) == {"job": 1}


def test_a_clock_that_jumped_ahead_leaves_no_lease_behind(body):
    JobRun.objects.create(municipality=body, job="job", lease_until=NOW + timedelta(days=365))
    assert run_waiting(body, {"job": works}, now=NOW) == {"job": 1}
    assert run_of(body, "job").lease_until is None


def test_a_day_run_ahead_of_time_blocks_no_job_of_today():
    town = Town("993018")
    plant_a_ladder(town)
    run_day(at(2027, 3, 1, 23))
    assert run_of(town.body, PLAN).error
    run_waiting(town.body, reminder_jobs(), now=NOW)
    assert run_of(town.body, PLAN).failed_at == NOW, "it was tried today"
