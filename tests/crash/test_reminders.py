"""Workers killed at every named point, under two schedulers: no reminder is lost, and none comes
twice.
"""

from __future__ import annotations

from collections import Counter

import pytest
from django.db.models import Q
from django.utils import timezone

from municipality.core.registry import subjects
from municipality.notifications.models import Mail, Notice
from municipality.organisation.models import ClosedDay, Member
from tests.build import decisions as build
from tests.build.municipality import a_body, a_department, a_member

from .faults import ACTS, CUTS, FAULTS, SCHEDULERS, SERVERS
from .processes import Letters, crew, mail_server, points, until

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]
PEOPLE = 30
ACCEPTED = "mail.accepted"


@pytest.fixture
def due(monkeypatch):
    """Thirty people, each with one decision to take that is due today, on a day that is open
    whatever the calendar says.
    """
    monkeypatch.setitem(subjects(), build.MATTER, build.a_subject())
    body = a_body()
    today = timezone.localdate()
    ClosedDay.objects.create(municipality=body, date=today, name="臨時開庁", is_open=True)
    drafter = a_member(a_department(body), mail="")
    for number in range(PEOPLE):
        department = a_department(body, f"第{number}課")
        a_member(department, "manager", post="課長", mail=f"kacho{number}@town.example.jp")
        route = build.a_route(department, (1, "decide", "課長", department), name=f"第{number}課")
        decision = build.a_draft(drafter, department, subject_id=number + 1, now=timezone.now())
        build.submit_decision(decision, by=drafter, now=timezone.now(), route=route)
    # The requests are told already, and need no mail of their own: what is judged are the
    # reminders.
    Notice.objects.update(mail=None, wants_mail=False)
    Mail.objects.all().delete()
    return body


def told_once() -> dict[str, int]:
    """How often each receiver is told on screen of a stage."""
    rows = Notice.objects.filter(rule="decision.step").values_list("member__mail", flat=True)
    return Counter(rows)


def all_sent() -> bool:
    mails = Mail.objects.all()
    return mails.count() == PEOPLE and not mails.exclude(state=Mail.State.SENT).exists()


def judge(letters, *, windows: int) -> None:
    """None lost, on screen exactly one, by mail exactly one; a copy at most for each window that
    cannot be closed.
    """
    everybody = {member.mail for member in Member.objects.filter(grants_of_manager()).distinct()}
    assert len(everybody) == PEOPLE
    assert told_once() == dict.fromkeys(everybody, 1)
    numbers = Counter(letters.taken)
    assert {receiver for receiver, _id in numbers} == everybody
    assert len(numbers) == PEOPLE  # one Message-ID for each receiver
    assert sum(numbers.values()) - PEOPLE <= windows


def grants_of_manager():
    return Q(postings__grants__role="manager")


def killed_at(point: str, folder, *, schedulers: int, fault: str) -> None:
    """Whichever of two workers comes to the point first dies there, and something else goes wrong
    at that moment.
    """
    with mail_server(SERVERS.get(fault, Letters)()) as (letters, port), crew(folder, port) as team:
        team.environment["MAIL_RETRY_SECONDS"] = "1"
        for name in ("first", "second"):
            team.worker(name, crash_at=point)
        for number in range(schedulers):
            team.scheduler(f"beat{number}")
        assert until((folder / "crashed").exists, seconds=120), f"nobody came to {point}"
        if fault in ACTS:
            ACTS[fault]()
        assert until(all_sent, seconds=180), Counter(Mail.objects.values_list("state", flat=True))
    judge(letters, windows=(point == ACCEPTED) + (fault in CUTS))


POINTS = points("mail", "reminders.")
SAMPLE = [(point, SCHEDULERS[n % 3], FAULTS[n % len(FAULTS)]) for n, point in enumerate(POINTS)]
"""Each point, each fault, and each number of schedulers at least once; all of them together are in
`make soak`.
"""


@pytest.mark.parametrize(("point", "schedulers", "fault"), SAMPLE)
def test_a_worker_killed_at_any_point_loses_and_doubles_nothing(
    due, tmp_path, point, schedulers, fault
):
    killed_at(point, tmp_path, schedulers=schedulers, fault=fault)


def test_the_sample_has_every_point_and_every_fault():
    assert ({point for point, *_rest in SAMPLE}, {fault for *_rest, fault in SAMPLE}) == (
        set(POINTS),
        set(FAULTS),
    )


def test_whole_workers_killed_again_and_again_lose_nothing(due, tmp_path):
    with mail_server() as (letters, port), crew(tmp_path, port) as team:
        team.scheduler("one")
        team.worker("worker0")
        for turn in range(3):
            until(
                lambda turn=turn: Mail.objects.filter(state=Mail.State.SENT).count() > 6 * turn,
                seconds=20,
            )
            team.kill(f"worker{turn}")
            team.worker(f"worker{turn + 1}")
        assert until(all_sent)
    assert {receiver for receiver, _id in letters.taken} == {
        f"kacho{number}@town.example.jp" for number in range(PEOPLE)
    }
    assert told_once() == {f"kacho{number}@town.example.jp": 1 for number in range(PEOPLE)}
    assert len(set(letters.taken)) == PEOPLE


@pytest.mark.selfcheck
def test_without_the_lease_running_out_the_mail_of_a_dead_worker_would_be_lost(due, tmp_path):
    with mail_server() as (letters, port), crew(tmp_path, port) as team:
        team.environment["MAIL_LEASE_SECONDS"] = "100000"
        team.worker("first", crash_at="mail.claimed")
        team.scheduler("one")
        assert until((tmp_path / "crashed").exists)
        assert until(lambda: len(letters.taken) == PEOPLE - 1)
        assert not until(all_sent, seconds=8)
