"""1on1: beginning, recording, correcting, promises and private notes."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from evaluation.appraisal.one_on_ones.models import OneOnOne, Pair, PrivateNote
from evaluation.appraisal.one_on_ones.operations import (
    correct_talk,
    keep_note,
    keep_promise,
    record_talk,
    start_pair,
)
from municipality.audit.models import Entry
from municipality.core.refusals import Conflict, Denied
from municipality.transfers.operations.handover import hand_over
from tests.build import evaluation as build
from tests.build.municipality import a_department, at

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 1)


@pytest.fixture
def town():
    return build.a_town()


def test_a_manager_begins_with_one_of_their_people_once(town):
    pair = build.a_pair(town)
    assert (pair.manager, pair.member, pair.department) == (town.chief, town.staff, town.kikaku)
    with pytest.raises(Conflict, match="すでに始めています"):
        start_pair(town.staff, by=town.chief, today=DAY)


@pytest.mark.parametrize(
    ("by", "with_whom"),
    [
        ("chief", "tax_staff"),
        ("chief", "chief"),
        ("staff", "second"),
        ("office", "staff"),
        ("hr", "staff"),
    ],
)
def test_nobody_begins_with_people_they_do_not_lead(town, by, with_whom):
    with pytest.raises(Denied):
        start_pair(getattr(town, with_whom), by=getattr(town, by), today=DAY)


def test_an_executive_meets_managers(town):
    assert start_pair(town.chief, by=town.deputy_mayor, today=DAY).pk


def test_a_talk_is_recorded_with_what_was_promised(town):
    talk = build.a_talk(town)
    assert (talk.minutes, talk.recorded_by, talk.next_on) == (30, town.chief, date(2026, 11, 17))
    promise = talk.promises.get()
    assert (promise.owner, promise.due_on, promise.done_at) == (town.staff, date(2026, 11, 6), None)


@pytest.mark.parametrize("who", ["staff", "second", "tax_chief", "deputy_mayor", "hr", "office"])
def test_only_the_manager_of_the_pair_records(town, who):
    pair = build.a_pair(town)
    with pytest.raises(Denied):
        record_talk(pair, content=build.TALK, by=getattr(town, who), now=at(2026, 10, 20))


def test_a_talk_to_come_is_not_recorded(town):
    with pytest.raises(Conflict, match="今日までの日"):
        build.a_talk(town, held_on=date(2026, 10, 21), next_on=None)


def test_a_promise_belongs_to_one_of_the_two(town):
    stranger = [{"owner": town.second, "text": "手伝う", "due_on": date(2026, 11, 6)}]
    with pytest.raises(Conflict, match="2人のどちらか"):
        build.a_talk(town, promises=stranger)
    assert not OneOnOne.objects.exists()


def test_a_record_is_corrected_with_history_and_never_written_over(town):
    talk = build.a_talk(town)
    facts = {**build.TALK, "minutes": 45}
    correct_talk(talk, content=facts, edition=talk.edition, by=town.chief, now=at(2026, 10, 21))
    assert talk.minutes == 45
    assert Entry.objects.get(verb="one_on_one.corrected").content.body["fields"] == ["minutes"]
    with pytest.raises(Conflict, match="先に変更"):
        correct_talk(talk, content=facts, edition=1, by=town.chief, now=at(2026, 10, 21))


def test_a_promise_is_ticked_off_by_whoever_gave_it_and_once(town):
    promise = build.a_talk(town).promises.get()
    with pytest.raises(Denied):
        keep_promise(promise, by=town.chief, now=at(2026, 11, 4))
    keep_promise(promise, by=town.staff, now=at(2026, 11, 4))
    assert promise.done_at == at(2026, 11, 4)
    with pytest.raises(Conflict):
        keep_promise(promise, by=town.staff, now=at(2026, 11, 5))


def test_each_of_the_two_keeps_a_note_of_their_own(town):
    talk = build.a_talk(town)
    for who in (town.chief, town.staff):
        note = keep_note(talk, text=f"{who.name}のメモ", edition=0, by=who, now=at(2026, 10, 20))
        assert note.text == f"{who.name}のメモ"
    with pytest.raises(Denied):
        keep_note(talk, text="のぞき見", edition=0, by=town.hr, now=at(2026, 10, 20))
    assert PrivateNote.objects.count() == 2


def test_a_note_is_rewritten_from_its_present_edition_and_removed_when_emptied(town):
    talk = build.a_talk(town)
    keep_note(talk, text="はじめ", edition=0, by=town.staff, now=at(2026, 10, 20))
    note = keep_note(talk, text="つぎ", edition=1, by=town.staff, now=at(2026, 10, 21))
    assert (note.text, note.edition) == ("つぎ", 2)
    with pytest.raises(Conflict):
        keep_note(talk, text="古い画面から", edition=1, by=town.staff, now=at(2026, 10, 22))
    with pytest.raises(Conflict):
        keep_note(talk, text=" ", edition=1, by=town.staff, now=at(2026, 10, 22))
    assert keep_note(talk, text=" ", edition=2, by=town.staff, now=at(2026, 10, 22)) is None
    assert not PrivateNote.objects.exists()


def test_a_pair_follows_its_member_into_another_department_of_the_same_manager(town):
    unit = a_department(town.body, "財政係", parent=town.kikaku, kind="unit")
    pair = build.a_pair(town)
    build.moved(town.staff, unit, on=date(2026, 11, 2))
    assert hand_over(town.body, at(2026, 11, 2)) == 1
    pair.refresh_from_db()
    assert (pair.department, pair.ends_on) == (unit, None)


def test_a_pair_ends_when_the_manager_leads_the_member_no_longer(town):
    pair = build.a_pair(town)
    build.moved(town.staff, town.zeimu, on=date(2026, 11, 2))
    hand_over(town.body, at(2026, 11, 2))
    pair.refresh_from_db()
    assert pair.ends_on == date(2026, 11, 1)
    with pytest.raises(Denied):
        record_talk(
            pair,
            content=build.TALK,
            by=build.today_is(town.chief, date(2026, 11, 2)),
            now=at(2026, 11, 2),
        )


def test_the_database_keeps_one_running_pair_and_nobody_alone(town):
    pair = build.a_pair(town)
    for manager, member in ((pair.manager, pair.member), (town.chief, town.chief)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Pair.objects.create(
                municipality=town.body,
                manager=manager,
                member=member,
                department=town.kikaku,
                starts_on=DAY,
            )
