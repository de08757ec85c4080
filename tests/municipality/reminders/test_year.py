"""A fiscal year day by day with transfers and absences: each reminder once, none on a closed day,
none after the thing was done.
"""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from django.core import mail
from django.utils import timezone

from municipality.core.registry import deadlines
from municipality.notifications.models import Mail, Notice
from municipality.organisation.open_days import OpenDays
from municipality.reminders.operations import planning as reminders
from municipality.tasks import run_day
from tests.build.year import (
    FIRST,
    LAST,
    Script,
    Told,
    Town,
    days,
    distance,
    end_of,
    is_open,
    open_day_after,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("invented_matter")]
AUTUMN = date(2026, 9, 14), date(2026, 10, 23)
"""With the long holidays of September, 国民の休日 among them, and the turn of the half year."""


def told(town: Town) -> set[Told]:
    """What was told of decisions: day, person, thing, stage."""
    rows = Notice.objects.filter(rule="decision.step", stage__gt="").select_related("member")
    numbers = town.numbers
    return {
        (timezone.localdate(row.told_at), row.member.mail, numbers[row.object_id], int(row.stage))
        for row in rows
    }


def played(script: Script) -> Town:
    town = Town(script)
    for day in days(script.first, script.last):
        town.play(day)
        run_day(end_of(day))
        if day.weekday() == 3:  # safe to repeat
            assert run_day(end_of(day))[1:] == (0, 0)
    return town


def judge(town: Town) -> None:
    expected = town.script.expected
    found = told(town)
    assert found - expected == set(), "told too much"
    assert expected - found == set(), "not told"
    rows = Notice.objects.filter(rule="decision.step", stage__gt="")
    assert rows.count() == len(expected), "told twice"
    reminders_told = Notice.objects.filter(rule__in=list(deadlines()), stage__gt="")
    every_day = {
        timezone.localdate(row) for row in reminders_told.values_list("told_at", flat=True)
    }
    assert [day for day in every_day if not is_open(day)] == []
    gathered = Mail.objects.filter(batch__startswith="day")
    assert Counter(gathered.values_list("state", flat=True)).keys() == {"sent"}
    per_person = Counter(gathered.values_list("member__mail", "day"))
    assert set(per_person.values()) == {1}, "more than one mail a day"
    assert {(day, person) for day, person, *_rest in expected} <= {
        (day, person) for person, day in per_person
    }
    assert [day for _person, day in per_person if not is_open(day)] == []
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == len(mail.outbox)


def test_an_autumn_day_by_day(record_property):
    script = Script(*AUTUMN, seed=11)
    assert len(script.expected) >= 20
    judge(played(script))
    record_property("cases", len(script.expected))


@pytest.mark.soak
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_fiscal_year_day_by_day(seed, record_property):
    script = Script(FIRST, LAST, seed=seed)
    judge(played(script))
    record_property("cases", len(script.expected))


def test_the_oracle_counts_by_itself_and_finds_the_vectors_of_the_year():
    assert sum(is_open(day) for day in days(FIRST, LAST)) == 241
    assert open_day_after(date(2026, 4, 30), 5) == date(2026, 5, 12)
    assert open_day_after(date(2026, 12, 31), 5) == date(2027, 1, 8)
    assert (
        distance(date(2026, 9, 18), date(2026, 9, 24)),
        distance(date(2026, 9, 24), date(2026, 9, 18)),
    ) == (1, -1)


@pytest.mark.selfcheck
@pytest.mark.parametrize("off", ["closed days", "keys"])
def test_with_a_guard_off_the_autumn_goes_red(off, monkeypatch):
    if off == "closed days":
        monkeypatch.setattr(OpenDays, "is_open", lambda self, day: day.weekday() < 5)
    else:
        monkeypatch.setattr(
            reminders, "notice_key", lambda rule, number, stage, due: f"{rule}:{number}:{due}"
        )
    with pytest.raises(AssertionError):
        judge(played(Script(date(2026, 9, 14), date(2026, 10, 2), seed=11)))
