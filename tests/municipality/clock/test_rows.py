"""One row that fails keeps no other row of its job from being done; it is tried a bounded number of
times a day, stands among the troubled jobs, and is forgotten once it works or is gone.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction

from municipality.clock.models import JobRun
from municipality.clock.operations.guarded import each_guarded
from municipality.clock.operations.jobs import MOST_ATTEMPTS, run_waiting
from municipality.core import registry
from municipality.notifications.models import Mail, MailHours
from municipality.organisation.models import Municipality
from municipality.records.models import Disposal
from municipality.records.operations.disposals import carry_out
from municipality.tasks import reminder_jobs
from tests.build.municipality import a_body, a_member, an_account, at, root_of

from .test_jobs import PLAN, Town, plant_a_disposal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("invented_matter")]
NOW = at(2026, 11, 6)


def troubled() -> list[str]:
    return list(JobRun.objects.troubled().order_by("job").values_list("job", flat=True))


# --- the helper -----------------------------------------------------------------------------------


@pytest.fixture
def body():
    return a_body("993018")


class Rows:
    """Rows a, b and c, of which some fail; how often each was tried."""

    def __init__(self, body: Municipality, *faulty: str) -> None:
        self.body, self.faulty, self.tried = body, set(faulty), []
        self.rows = {name: name for name in "abc"}
        self.error: type[Exception] = ValueError

    def round(self, minute: int = 0):
        return each_guarded(
            self.body, "job ", self.rows, self._do, now=NOW + timedelta(minutes=minute)
        )

    def _do(self, row: str) -> int:
        self.tried.append(row)
        if row in self.faulty:
            raise self.error
        return 1


def test_the_others_are_done_and_the_faulty_one_rests_and_is_forgotten(body):
    rows = Rows(body, "a")
    assert rows.round() == (2, False)
    assert troubled() == ["job a"]
    assert rows.round() == (2, False)
    assert rows.tried == [*"abc", *"bc"]
    rows.faulty.clear()
    assert rows.round(1) == (3, True)
    assert troubled() == []


def test_it_is_tried_a_bounded_number_of_times_a_day(body):
    rows = Rows(body, "b")
    for minute in range(12 * 60):
        rows.round(minute)
    assert rows.tried.count("b") == MOST_ATTEMPTS
    assert rows.tried.count("c") == 12 * 60


def test_a_row_that_is_gone_is_forgotten(body):
    rows = Rows(body, "a")
    rows.round()
    del rows.rows["a"]
    rows.round()
    assert troubled() == []


def test_a_row_that_takes_too_long_ends_the_round_and_rests_in_the_next(body):
    """Also in a job that is one transaction, which takes the row's note back with everything
    else.
    """
    rows = Rows(body, "b")
    rows.error = SoftTimeLimitExceeded
    jobs = {"job": lambda _body, _now: in_one_transaction(rows)}
    with pytest.raises(SoftTimeLimitExceeded):
        run_waiting(body, jobs, now=NOW)
    assert (rows.tried, troubled()) == ([*"ab"], ["job", "job b"])
    rows.round()
    assert rows.tried[2:] == [*"ac"]


def in_one_transaction(rows: Rows) -> int:
    with transaction.atomic():
        return rows.round().done


def test_a_name_longer_than_the_column_rests_and_is_forgotten_like_others(body):
    rows = Rows(body, "a")
    rows.rows = {"長" * 100: "a"}
    rows.round()
    rows.round()
    assert rows.tried == ["a"]
    rows.faulty.clear()
    rows.round(1)
    assert troubled() == []


# --- the jobs -------------------------------------------------------------------------------------


def test_hours_that_are_none_keep_back_nobodys_mail():
    town = Town("993018")
    Municipality.objects.update(sending=True)
    town.body.refresh_from_db()
    other = a_member(root_of(town.body))
    town.assign(other)
    MailHours.objects.create(user=an_account(town.staff), days_off=5)
    run_waiting(town.body, reminder_jobs(), now=NOW)
    assert {mail.member for mail in Mail.objects.all()} == {other, town.staff}
    assert troubled() == []


def test_a_disposal_that_fails_keeps_no_other_from_being_carried_out():
    town = Town("993018")
    for cutoff in ("no day", "2026-04-01"):
        plant_a_disposal(town)
        Disposal.objects.filter(pk=Disposal.objects.latest("pk").pk).update(
            cutoffs={"change": cutoff}
        )
    first, second = Disposal.objects.order_by("pk")
    assert carry_out(town.body, NOW) == 1
    second.refresh_from_db()
    assert second.state == Disposal.State.DONE
    assert troubled() == [f"municipality.carry_out {first.pk}"]


def test_a_kind_of_deadline_that_cannot_be_read_silences_no_other(monkeypatch):
    """No row makes a kind unreadable: it is what the code of an app would do."""
    town = Town("993018")
    whole = registry.deadlines()
    faulty = next(rule for rule in whole if rule != "training.assignment")

    def unreadable(*_args) -> None:
        raise ValueError("planted")

    broken = dict(whole) | {faulty: replace(whole[faulty], waiting=unreadable)}
    monkeypatch.setattr("municipality.deadlines.queries.deadlines", lambda: broken)
    assert run_waiting(town.body, reminder_jobs(), now=NOW)[PLAN] == 1
    assert (town.told(), troubled()) == (1, [f"reminders.plan rule {faulty}"])
    town.assign(a_member(root_of(town.body)))
    run_waiting(town.body, reminder_jobs(), now=NOW + timedelta(seconds=30))
    assert town.told() == 2, "while the faulty one rests"
    assert JobRun.objects.troubled().get().attempts == 1
    monkeypatch.undo()
    run_waiting(town.body, reminder_jobs(), now=NOW + timedelta(minutes=1))
    assert troubled() == []
