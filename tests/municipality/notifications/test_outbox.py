"""One mail that cannot be sent: those behind it go on, it is tried a bounded number of times, and
then it stands on the office's page with its reason.
"""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail

from municipality.core.registry import deadlines
from municipality.notifications.models import Mail, Notice
from municipality.notifications.operations.notify import notify
from municipality.notifications.operations.outbox import (
    MOST_ATTEMPTS,
    Outcome,
    claim,
    deliver,
    deliver_mails,
    waiting,
)
from municipality.organisation.models import Member
from tests.build.municipality import a_body, a_department, a_member, at
from tests.build.town import with_another_body
from tests.crash.processes import mail_server

pytestmark = pytest.mark.django_db
NOW = at(2026, 11, 6)
PAGE = "settings/mails/"


@pytest.fixture
def town():
    """Mails to three people; the address of the first holds a line break, which no header takes."""
    town = with_another_body()[0]
    for who in ("staff", "manager", "hr"):
        member = town.people[who]
        Member.objects.filter(pk=member.pk).update(mail=f"{who}@town.example.jp")
        member.refresh_from_db()
        notify(member, "decision.decided", member, title="件", now=NOW)
    Member.objects.filter(pk=town.people["staff"].pk).update(mail="a@b.example.jp\nBcc: c@d.jp")
    return town


def tried(times: int) -> int:
    """So many rounds of the outbox, an hour apart and more; how often the faulty one was tried."""
    for turn in range(times):
        deliver_mails(now=NOW + turn * timedelta(hours=2))
    return Mail.objects.order_by("pk").first().attempts


def test_the_mails_behind_it_go_out_in_the_same_round(town):
    assert deliver_mails(now=NOW) == 2
    assert [message.to for message in mail.outbox] == [
        ["manager@town.example.jp"],
        ["hr@town.example.jp"],
    ]
    faulty = Mail.objects.order_by("pk").first()
    assert (faulty.state, faulty.attempts) == (Mail.State.QUEUED, 1)


def test_it_is_tried_a_bounded_number_of_times_and_then_stands_on_the_page(town):
    assert tried(3) == 3
    assert tried(30) == MOST_ATTEMPTS
    faulty = Mail.objects.order_by("pk").first()
    assert faulty.state == Mail.State.REFUSED
    page = town.client("office").get(f"/{town.body.pk}/{PAGE}").content.decode()
    assert "メールの内容を作れませんでした" in page
    assert town.people["staff"].name in page


def test_its_reason_holds_nothing_that_the_mail_says(town):
    deliver_mails(now=NOW)
    assert "b.example.jp" not in Mail.objects.order_by("pk").first().error


def test_a_mail_at_which_workers_die_is_given_up(town):
    Member.objects.filter(pk=town.people["staff"].pk).update(mail="staff@town.example.jp")
    for turn in range(MOST_ATTEMPTS):  # claimed, and never finished
        claimed = claim(now=NOW + turn * timedelta(hours=2))
        assert claimed == Mail.objects.order_by("pk").first()
    deliver_mails(now=NOW + MOST_ATTEMPTS * timedelta(hours=2))
    faulty = Mail.objects.order_by("pk").first()
    assert (faulty.state, faulty.attempts) == (Mail.State.REFUSED, MOST_ATTEMPTS + 1)
    assert Mail.objects.filter(state=Mail.State.SENT).count() == 2
    page = town.client("office").get(f"/{town.body.pk}/{PAGE}").content.decode()
    assert "送信中に処理が繰り返し止まったため" in page


def test_the_faulty_one_goes_out_once_its_fault_is_mended(town):
    deliver_mails(now=NOW)
    Member.objects.filter(pk=town.people["staff"].pk).update(mail="staff@town.example.jp")
    assert deliver_mails(now=NOW + timedelta(hours=2)) == 1
    assert Notice.objects.filter(mail__state=Mail.State.SENT).count() == 3


def test_a_notice_that_cannot_be_written_takes_no_other_with_it(town, monkeypatch):
    """It is left to a mail of its own, which fails alone. No row makes a notice unwritable: it is
    what the code of an app would do.
    """
    whole, rule = deadlines(), "training.assignment"

    def unreadable(*_args) -> None:
        raise ValueError("planted")

    broken = dict(whole) | {rule: replace(whole[rule], waiting=unreadable)}
    monkeypatch.setattr("municipality.deadlines.queries.deadlines", lambda: broken)
    member = town.people["hr"]
    good = Notice.objects.get(member=member)
    due = {"stage": "0", "due_on": NOW.date(), "params": {"title": "研修", "note": ""}}
    bad = Notice.objects.create(
        municipality=town.body,
        member=member,
        rule=rule,
        object_id=1,
        key=rule,
        told_at=NOW,
        mail=good.mail,
        **due,
    )
    Mail.objects.exclude(pk=good.mail_id).update(state=Mail.State.DROPPED)
    assert deliver_mails(now=NOW) == 1
    assert "件" in mail.outbox[0].body
    assert list(Notice.objects.filter(mail__state=Mail.State.SENT)) == [good]
    bad.refresh_from_db()
    assert bad.mail is None


def test_one_that_came_back_late_and_was_accepted_is_not_sent_again(town):
    """Another worker had claimed it meanwhile, and put it off."""
    Member.objects.filter(pk=town.people["staff"].pk).update(mail="staff@town.example.jp")
    slow = claim(now=NOW)
    claim(now=NOW + timedelta(hours=2))
    Mail.objects.filter(pk=slow.pk).update(state=Mail.State.QUEUED, lease_until=None)
    assert deliver(slow, now=NOW) is Outcome.SENT
    slow.refresh_from_db()
    assert slow.state == Mail.State.SENT


# --- a mail server that is away -------------------------------------------------------------------

SMTP = "municipality.notifications.smtp.EmailBackend"


@pytest.fixture
def many(town):
    """Three mails and nine more, to people whom any server would take."""
    Member.objects.filter(pk=town.people["staff"].pk).update(mail="staff@town.example.jp")
    for number in range(9):
        person = town.people["staff"]
        notify(person, "decision.decided", person, stage=str(number), title="件", now=NOW)
    return town


def attempts() -> list[int]:
    return list(Mail.objects.order_by("pk").values_list("attempts", flat=True))


def test_a_round_ends_when_the_server_is_not_reached_three_times_and_the_next_goes_on(
    many, settings
):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = SMTP, "127.0.0.1"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = probe.getsockname()[1]
    assert deliver_mails(now=NOW) == 0
    assert attempts() == [1] * 3 + [0] * 9
    deliver_mails(now=NOW + timedelta(seconds=15))
    assert attempts() == [1] * 6 + [0] * 6


def test_a_round_ends_after_its_seconds_while_a_server_says_nothing(many, settings):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = SMTP, "127.0.0.1", 1
    with socket.socket() as hole:
        hole.bind(("127.0.0.1", 0))
        hole.listen(9)
        settings.EMAIL_PORT = hole.getsockname()[1]
        begun = time.monotonic()
        assert deliver_mails(now=NOW, seconds=0.5) == 0
    assert time.monotonic() - begun < 3
    assert attempts() == [1] + [0] * 11


def drip(server: socket.socket) -> None:
    """Greet whoever comes with a letter each tenth of a second, for ever."""
    connection, _address = server.accept()
    with connection, suppress(OSError):
        connection.sendall(b"220 ")
        while True:
            connection.sendall(b"x")
            time.sleep(0.1)


def test_a_server_whose_answer_drips_for_longer_than_the_lease_is_left(many, settings):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = SMTP, "127.0.0.1", 5
    settings.MAIL_SECONDS = 1
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.EMAIL_PORT = server.getsockname()[1]
        worker = threading.Thread(target=drip, args=[server], daemon=True)
        worker.start()
        assert deliver(claim(now=NOW), now=NOW) is Outcome.UNREACHED
        worker.join(10)
    assert not worker.is_alive(), "the conversation was ended from this side"
    assert "SMTPServerDisconnected" in Mail.objects.exclude(error="").get().error


def test_a_server_that_answers_in_time_gets_the_mail(many, settings):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = SMTP, "127.0.0.1"
    with mail_server() as (letters, settings.EMAIL_PORT):
        assert deliver(claim(now=NOW), now=NOW) is Outcome.SENT
    assert len(letters.taken) == 1


# --- the order ------------------------------------------------------------------------------------


def test_single_notices_go_before_gathered_ones_and_the_bodies_by_turns(django_assert_num_queries):
    bodies = [a_body(code) for code in ("993018", "993026", "993034")]
    people = [a_member(a_department(body)) for body in bodies]
    expected = [(0, "n1"), (1, "n1"), (0, "n2"), (0, "n3")]
    expected += [(0, "day1"), (2, "day1"), (0, "day2"), (0, "day3")]
    for number in (0, 1, 2):
        for batch in sorted({batch for body, batch in expected if body == number}):
            queued(people[number], batch)
    with django_assert_num_queries(1):
        order = [(mail.municipality_id, mail.batch) for mail in waiting(NOW)]
    assert order == [(bodies[number].pk, batch) for number, batch in expected]


def test_a_body_with_one_mail_does_not_wait_for_the_hundreds_of_another():
    many, one = (a_member(a_department(a_body(code))) for code in ("993018", "993026"))
    for number in range(300):
        queued(many, f"n{number}")
    mine = queued(one, "n300")
    deliver_mails(now=NOW, limit=2)
    mine.refresh_from_db()
    assert mine.attempts == 1


def queued(member: Member, batch: str) -> Mail:
    return Mail.objects.create(
        municipality_id=member.municipality_id,
        member=member,
        day=NOW.date(),
        batch=batch,
        queued_at=NOW,
    )


# --- late workers and wrong clocks ----------------------------------------------------------------


@pytest.mark.parametrize("state", ["queued", "claimed"])
def test_a_lease_of_a_clock_that_was_wrong_holds_no_mail_back(town, state):
    Mail.objects.update(state=state, lease_until=NOW + timedelta(days=365))
    assert deliver_mails(now=NOW) == 2


def test_a_worker_that_comes_back_late_takes_no_mail_from_who_has_it_now(town, settings):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = SMTP, "127.0.0.1"
    settings.EMAIL_PORT = 1
    late = claim(now=NOW)
    later = NOW + timedelta(seconds=settings.MAIL_LEASE_SECONDS)
    again = claim(now=later)
    assert again.pk == late.pk
    deliver(late, now=later)
    again.refresh_from_db()
    assert (again.state, again.attempts) == (Mail.State.CLAIMED, 2)
