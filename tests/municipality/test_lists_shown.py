"""What the lists of the office show with one row and with three, whom they are refused to, and that
another body's office finds nothing of it in its own.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from municipality.accounts.models import IdentityProvider
from municipality.decisions.models import Deputy
from municipality.notifications.models import Mail, Notice
from municipality.organisation.models import ClosedDay, Duty, Post
from municipality.reminders.models import Announcement, Hold
from municipality.transfers.models import Passed, Transfer
from tests.build.lists import rows_shown
from tests.build.town import Town, with_another_body

pytestmark = pytest.mark.django_db

OTHERS = ("staff", "manager", "executive", "hr", "consultant", "auditor")
DAYS = (date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 5))
DAY_WORDS = ("令和8年10月1日", "令和8年10月2日", "令和8年10月5日")
WORDS = ("みかん", "りんご", "ぶどう")

Made = list[tuple[str, ...]]
"""For each row what it has to say."""


def now() -> datetime:
    return timezone.now()


def transfers(town: Town, count: int) -> Made:
    for number, day in enumerate(DAYS[:count], 1):
        transfer = Transfer.objects.create(
            municipality=town.body, day=day, began_at=now(), finished_at=now()
        )
        passed(town, transfer, number, "taken")
        passed(town, transfer, number + 1, "vacant")
    numbered = enumerate(DAY_WORDS[:count], 1)
    return [(words, f" {number} {number + 1}") for number, words in numbered][::-1]


def passed(town: Town, transfer: Transfer, count: int, outcome: str) -> None:
    """So many things of the staff that went to the manager, or to nobody."""
    Passed.objects.bulk_create(
        Passed(
            municipality=town.body,
            transfer=transfer,
            kind="evaluation.actions",
            object_id=number,
            title=WORDS[number % 3],
            outcome=outcome,
            giver=town.people["staff"],
            taker=town.people["manager"] if outcome == "taken" else None,
        )
        for number in range(count)
    )


def announcements(town: Town, count: int) -> Made:
    for number, words in enumerate(WORDS[:count]):
        Announcement.objects.create(
            municipality=town.body,
            subject=f"{words}の件",
            body=f"{words}について",
            audience={},
            count=20 + number,
            sent_at=now() - timedelta(days=number),
            sent_by=town.people["office"],
        )
    return [
        (f"{words}の件", f"{words}について", str(20 + number), town.people["office"].name)
        for number, words in enumerate(WORDS[:count])
    ]


def mails(town: Town, count: int) -> Made:
    for number, words in enumerate(WORDS[:count]):
        mail = Mail.objects.create(
            municipality=town.body,
            member=town.people["staff"],
            day=DAYS[0],
            batch=f"n{number}",
            state=Mail.State.REFUSED,
            queued_at=now(),
            attempts=12,
            error=f"550 {words}",
        )
        notice(town, f"mail {number}", mail=mail, rule="decision.decided")
    who = town.people["staff"]
    return [(who.name, who.mail, f"550 {words}", "12回送信") for words in WORDS[:count]][::-1]


def notice(town: Town, key: str, **values: object) -> None:
    Notice.objects.create(
        municipality=town.body,
        object_id=1,
        key=key,
        told_at=now(),
        **{"member": town.people["staff"], **values},
    )


def providers(town: Town, count: int) -> Made:
    states = (("使用中", True, now()), ("停止中", False, now()), ("確認前", False, None))
    made = []
    for number, (state, is_active, checked_at) in enumerate(states[:count]):
        provider = IdentityProvider.objects.create(
            municipality=town.body,
            slug=f"{town.body.pk}-{number}",
            name=f"{number} {WORDS[number]}",
            issuer=f"https://{number}.example.jp",
            client_id="office",
            sealed_secret=b"sealed",
            is_active=is_active,
            checked_at=checked_at,
        )
        made.append((provider.name, provider.issuer, state))
    return made


def duties(town: Town, count: int) -> Made:
    people = [town.people[who] for who in ("staff", "manager", "hr")][:count]
    for number, person in enumerate(people):
        Duty.objects.create(
            municipality=town.body,
            member=person,
            kind=Duty.Kind.values[0],
            department=town.soumu,
            starts_on=date(2026, 4, 1 + number),
        )
    kind = str(Duty.Kind.labels[0])
    return [
        (kind, "総務課", person.name, f"令和8年4月{1 + number}日")
        for number, person in enumerate(people)
    ]


def closed_days(town: Town, count: int) -> Made:
    for number, day in enumerate(DAYS[:count]):
        ClosedDay.objects.create(
            municipality=town.body, date=day, name=WORDS[number], is_open=number == 1
        )
    states = ("閉庁", "臨時に開庁", "閉庁")
    return list(zip(DAY_WORDS, WORDS, states, strict=True))[:count]


def deputies(town: Town, count: int) -> Made:
    post = Post.objects.get(municipality=town.body, title="課長")
    people = [town.people[who] for who in ("staff", "hr", "other manager")][:count]
    for number, person in enumerate(people):
        Deputy.objects.create(
            municipality=town.body,
            department=town.soumu,
            post=post,
            member=person,
            starts_on=date(2026, 4, 1 + number),
        )
    return [
        ("総務課 課長", person.name, "すべての対象", f"令和8年4月{1 + number}日")
        for number, person in enumerate(people)
    ]


LISTS: dict[str, tuple[str, Callable[[Town, int], Made]]] = {
    "transfers": ("transfers/", transfers),
    "announcements": ("settings/announcements/", announcements),
    "mails": ("settings/mails/", mails),
    "providers": ("settings/providers/", providers),
    "duties": ("duties/", duties),
    "closed days": ("settings/closed-days/", closed_days),
    "deputies": ("settings/deputies/", deputies),
}


@pytest.fixture
def towns() -> tuple[Town, Town]:
    return with_another_body()


def says(rows: list[str], made: Made) -> bool:
    """Are there exactly these rows in this order, each with what it has to say?"""
    return len(rows) == len(made) and all(
        text in row for row, texts in zip(rows, made, strict=True) for text in texts
    )


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", LISTS)
def test_the_office_sees_each_row(towns, name, count):
    town, other = towns
    address, make = LISTS[name]
    made = make(town, count)
    rows = rows_shown(town.client("office"), f"/{town.body.pk}/{address}")
    assert says(rows, made), (rows, made)
    assert rows_shown(other.client("office"), f"/{other.body.pk}/{address}") == []
    assert town.get("other body", address) == 404
    assert {who: town.get(who, address) for who in OTHERS} == dict.fromkeys(OTHERS, 403)


@pytest.mark.parametrize("count", [1, 3])
def test_what_is_held_is_listed_by_rule_and_by_person_for_the_office_alone(towns, count):
    town, _other = towns
    hold = Hold.objects.create(municipality=town.body, cap=count, held_at=now())
    people = [town.people[who] for who in ("staff", "manager", "hr")][:count]
    for number, person in enumerate(people):
        values = {"member": person, "rule": "training.assignment", "stage": "0", "hold": hold}
        notice(town, f"held {number}", due_on=DAYS[0], **values)
    address = f"settings/reminders/held/{hold.pk}/"
    rows = rows_shown(town.client("office"), f"/{town.body.pk}/{address}")
    by_kana = sorted(people, key=lambda person: (person.kana, person.number))
    made = [(f" {count} {count}",), *((person.name,) for person in by_kana)]
    assert says(rows, made), (rows, made)
    assert rows_shown(town.client("office"), f"/{town.body.pk}/settings/reminders/")
    assert {who: town.get(who, address) for who in OTHERS} == dict.fromkeys(OTHERS, 403)
    assert town.get("other body", address) == 404


@pytest.mark.parametrize("count", [1, 3])
def test_what_passed_is_listed_for_who_gave_or_took_it_and_for_the_office(towns, count):
    town, _other = towns
    transfer = Transfer.objects.create(municipality=town.body, day=DAYS[0], began_at=now())
    passed(town, transfer, count, "taken")
    passed(town, transfer, 1, "vacant")
    address = f"transfers/{transfer.pk}/"
    seen = {
        who: len(rows_shown(town.client(who), f"/{town.body.pk}/{address}"))
        for who in ("office", "staff", "manager")
    }
    assert seen == {"office": count + 1, "staff": count + 1, "manager": count}
    for who in ("other manager", "hr", "executive", "consultant", "auditor", "other body"):
        assert town.get(who, address) == 404
