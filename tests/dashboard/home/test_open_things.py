"""Open things are seen: every open action in sight, what others owe, and what was confirmed
last.
"""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.home.department_now import own_department, read_now
from dashboard.home.journey import body_counts
from dashboard.home.owed import read_owed
from evaluation.pdca.actions.models import Action
from municipality.core.date_words import short_day
from municipality.organisation.models import Municipality
from municipality.organisation.open_days import open_days
from pilots.participants.models import Participant
from pilots.planning.models import Pilot
from rollout.readiness.operations.catalogue import load_criteria
from rollout.readiness.scores import Scores
from tests.build import evaluation as build
from tests.build import rollout
from tests.build.municipality import a_department, a_member, at, signed_in

pytestmark = pytest.mark.django_db
TODAY = date(2026, 12, 1)


@pytest.fixture
def town():
    return build.a_town()


def in_box(member) -> tuple[int, int]:
    """Open actions of one's department, and the body's own."""
    found = own_department(build.today_is(member, TODAY))
    return (found.actions, found.bodys_actions) if found else (0, 0)


@pytest.mark.parametrize(
    ("who", "count", "box"),
    [
        ("mayor", 3, (2, 1)),
        ("office", 3, (0, 1)),
        ("consultant", 3, (2, 1)),
        ("auditor", 3, (2, 1)),
        ("chief", 3, (2, 1)),
        ("tax_chief", 1, (0, 1)),
        ("staff", 1, (1, 0)),
        ("tax_staff", 0, (0, 0)),
    ],
)
def test_every_open_action_in_sight_is_listed_and_those_of_the_box_counted(town, who, count, box):
    own, whole = build.a_review(town, town.kikaku), build.a_review(town)
    build.with_action(own, town.chief)
    Action.objects.filter(pk=build.with_action(own, town.chief).pk).update(who=town.staff)
    build.with_action(whole, town.office)
    ended = build.with_action(whole, town.office)
    Action.objects.filter(pk=ended.pk).update(state="done", finished_at=at(2026, 11, 20))
    member = getattr(town, who)
    assert in_box(member) == box
    page = signed_in(member).get("/993018/actions/?tab=open").content.decode()
    assert page.count("応援体制を組む</a>") == count


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("chief", "2件(ほかに団体全体 1件)"),
        ("tax_chief", "0件(ほかに団体全体 1件)"),
        ("tax_staff", "0件"),
        ("mayor", "3件"),
    ],
)
def test_the_box_of_a_department_counts_its_own_actions_and_the_bodys_apart(town, who, words):
    own, whole = build.a_review(town, town.kikaku), build.a_review(town)
    for _number in range(2):
        build.with_action(own, town.chief)
    build.with_action(whole, town.office)
    now = read_now(build.today_is(getattr(town, who), TODAY), TODAY)
    assert now is not None
    label = "進行中の改善項目(閲覧できるもの)" if who == "tax_staff" else "進行中の改善項目"
    assert dict(now.pairs)[label] == words


def took_part(pilot: Pilot, department, *members) -> None:
    """They agreed to take part in the pilot."""
    Participant.objects.bulk_create(
        Participant(
            municipality_id=pilot.municipality_id,
            pilot=pilot,
            member=member,
            department=department,
            state="agreed",
            asked_on=date(2026, 7, 1),
            agreed_on=date(2026, 7, 2),
        )
        for member in members
    )


def departments_tried(town) -> int:
    row = Municipality.objects.values(**body_counts(town.body, TODAY)).get(pk=town.body.pk)
    return row["tried"]


def test_managers_who_go_ahead_do_not_count_as_their_departments_having_tried(town):
    pilot = build.a_pilot_between(town.kikaku, town.chief, date(2026, 10, 1), date(2026, 12, 28))
    took_part(pilot, town.kikaku, town.chief, town.staff)
    early = build.a_pilot_between(town.zeimu, town.tax_chief, date(2026, 8, 3), date(2026, 9, 30))
    took_part(early, town.zeimu, town.tax_chief, town.tax_staff)
    Pilot.objects.filter(pk=early.pk).update(kind="managers")
    assert departments_tried(town) == 1


def test_a_department_in_which_only_the_manager_took_part_has_not_tried(town):
    """In an ordinary pilot as well; once one of the staff joins, it has."""
    pilot = build.a_pilot_between(town.kikaku, town.chief, date(2026, 10, 1), date(2026, 12, 28))
    took_part(pilot, town.kikaku, town.chief)
    assert departments_tried(town) == 0
    unit = a_department(town.body, "財政係", parent=town.kikaku, kind="unit")
    took_part(pilot, unit, a_member(unit))
    assert departments_tried(town) == 1


def test_the_last_confirmed_assessment_stands_beside_the_running_round(town):
    load_criteria(town.body)
    first = rollout.a_round(town.body, town.office)
    known = rollout.confirmed(first, town.kikaku, town.chief, town.office)
    total = Scores.read(known.scores).total.value
    rollout.closed(first, town.office, at(2026, 10, 20))
    second = rollout.a_round(
        town.body, town.office, "第2回", due_on=date(2026, 12, 4), now=at(2026, 11, 2)
    )
    rollout.entering(second, town.kikaku, town.chief, now=at(2026, 11, 3))
    now = read_now(build.today_is(town.chief, TODAY), TODAY)
    assert now is not None
    pairs = dict(now.pairs)
    assert pairs["準備度"] == f"{total:.1f} (第1回 {short_day(known.confirmed_at)})"
    assert pairs["第2回"] == "入力中"


def test_the_office_sees_what_others_owe_by_kind_with_the_oldest_day_and_the_list(town):
    own = build.a_review(town, town.kikaku)
    build.a_review(town)
    for _number in range(2):
        build.with_action(own, town.chief)
    calendar = open_days(town.body)
    owed = read_owed(build.today_is(town.office, TODAY), TODAY, calendar)
    assert [(row.label, row.address, row.count, row.late, row.oldest) for row in owed] == [
        (
            "レビュー 入力して締める",
            "/993018/reviews/?tab=open",
            1,
            1,
            date(2026, 11, 9),
        ),
        ("改善項目 状況を報告", "/993018/actions/?tab=open", 2, 2, date(2026, 11, 27)),
    ]
    assert owed[0].left == calendar.between(TODAY, date(2026, 11, 9))
    assert read_owed(build.today_is(town.chief, TODAY), TODAY, calendar) == []
    page = signed_in(town.office).get("/993018/").content.decode()
    assert "団体全体の対応待ち" in page
