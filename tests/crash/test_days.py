"""Days of reminders while processes die: two that plan and send the same day, killed at points and
at any moment.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest
from django.utils import timezone

from municipality.notifications.models import Mail, Notice
from tests.build.year import Script, Town, days, is_open

from .processes import Crew, Letters, crew, mail_server, points

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("invented_matter")]
REMINDING = points("mail", "reminders.")


def run(team: Crew, name: str, day: date, **extra: str) -> None:
    """`manage.py run_day` in a process of its own."""
    team.run(name, [sys.executable, "manage.py", "run_day", day.isoformat()], **extra)


def a_day(team: Crew, day: date, dice: Random) -> None:
    """Two processes at once; one dies at a point, the other perhaps at any moment; a third finishes
    the day.
    """
    marker = str(team.folder / f"crashed-{day}")
    run(team, "first", day, CRASH_AT=dice.choice(REMINDING), CRASH_MARKER=marker)
    run(team, "second", day)
    if dice.random() < 0.5:
        time.sleep(dice.uniform(0.5, 4))
        os.killpg(team.processes["second"].pid, signal.SIGKILL)
    for name in ("first", "second"):
        team.processes[name].wait(120)
    run(team, "last", day)
    assert team.processes["last"].wait(120) == 0, (team.folder / "last.log").read_text()


def judge(town: Town, letters: Letters, kills: int) -> None:
    expected, numbers = town.script.expected, town.numbers
    rows = Notice.objects.filter(rule="decision.step", stage__gt="").select_related("member")
    found = [
        (timezone.localdate(row.told_at), row.member.mail, numbers[row.object_id], int(row.stage))
        for row in rows
    ]
    assert Counter(found) == Counter(expected)  # on screen exactly one of each, and no other
    mails = Mail.objects.filter(batch__startswith="day")
    states = Counter(mails.values_list("state", flat=True))
    # A mail that a dead process left is taken up the next day; what was done by then is not sent
    # any more.
    assert set(states) <= {"sent", "dropped"}
    assert states["dropped"] <= kills
    by_mail = Counter((mail.day, mail.member.mail) for mail in mails.select_related("member"))
    assert set(by_mail.values()) == {1}
    assert {(day, person) for day, person, *_rest in expected} <= set(by_mail)
    taken = Counter(letters.taken)
    arrived = {number for _receiver, number in taken}
    assert {
        mail.message_id for mail in mails if mail.state == Mail.State.SENT
    } <= arrived  # none lost
    assert (
        sum(taken.values()) - len(taken) <= kills
    )  # a second copy only in the window before the mark, with one Message-ID


def played(tmp_path, script: Script) -> None:
    town, dice, count = Town(script), Random(script.seed), 0
    with mail_server() as (letters, port), crew(tmp_path, port) as team:
        for day in days(script.first, script.last + timedelta(days=4)):
            if day <= script.last:
                town.play(day)
            if day <= script.last and is_open(day):
                a_day(team, day, dice)
                count += 2
        # what died with a mail in hand is taken up when its lease has run out
        closing = next(
            day
            for day in days(script.last + timedelta(days=1), script.last + timedelta(days=9))
            if is_open(day)
        )
        Notice.objects.filter(mail=None).update(wants_mail=False)
        deliver_only(team, closing)
    judge(town, letters, kills=count)


def deliver_only(team: Crew, day: date) -> None:
    """Send what is left, as of a later day, and plan nothing more."""
    code = (
        "import django; django.setup(); from datetime import datetime, timezone; "
        "from municipality.notifications.operations.outbox import deliver_mails; "
        f"deliver_mails(now=datetime({day.year},{day.month},{day.day},12,tzinfo=timezone.utc), "
        "limit=10000)"
    )
    team.run("closing", [sys.executable, "-c", code])
    assert team.processes["closing"].wait(120) == 0, (team.folder / "closing.log").read_text()


@pytest.mark.crash
def test_a_fortnight_with_dying_processes_tells_all_once(tmp_path):
    played(tmp_path, Script(date(2026, 9, 16), date(2026, 9, 28), seed=5))


@pytest.mark.soak
@pytest.mark.parametrize("month", range(12))
def test_a_month_with_dying_processes_tells_all_once(tmp_path, month):
    first = date(2026 + (month + 3) // 12, (month + 3) % 12 + 1, 1)
    last = date(2026 + (month + 4) // 12, (month + 4) % 12 + 1, 1) - timedelta(days=1)
    played(tmp_path, Script(first, last, seed=100 + month))
