"""A department's month: 実績あり, 実績なし, 未提出; opening, declaring, what is due."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils.translation import override

from dashboard.home.todo import due_around, once
from municipality.core.date_words import day_words
from municipality.core.periods import Period
from municipality.core.refusals import Conflict, Denied
from municipality.core.registry import deadlines
from municipality.deadlines.queries import due_things, owed_by_others
from municipality.organisation.models import Member
from pilots.days.models import NoTelework, Submission, UsageMonth
from pilots.days.month_states import missing_months, month_states
from pilots.days.operations import submissions as operations
from pilots.days.queries import declared_months
from pilots.planning.models import Pilot
from pilots.planning.operations import set_departments
from tests.build import pilots as build
from tests.build.evaluation import today_is
from tests.build.municipality import a_department, a_member, at, signed_in, with_duty

pytestmark = pytest.mark.django_db

OCTOBER = date(2026, 10, 1)
LATER = at(2026, 11, 2)


@pytest.fixture
def town():
    """企画財政課 tries since August and handed in August and September, October not."""
    town = build.a_town()
    build.a_used(town)
    return town


def state(town, month: date) -> Submission | None:
    period = Period.holding(Period.MONTH, month)
    return month_states(town.body, [period])[period.first].get(town.kikaku.pk)


def fresh(member: Member) -> Member:
    return Member.objects.get(pk=member.pk)


def declared(town, *, by=None, now=LATER, month=OCTOBER) -> NoTelework:
    return operations.declare_no_telework(town.kikaku, month, by=by, now=now)


def test_a_month_has_records_was_declared_or_is_missing(town):
    assert state(town, date(2026, 7, 1)) is None
    assert state(town, date(2026, 9, 1)) == Submission.RECORDED
    assert state(town, OCTOBER) == Submission.MISSING
    declared(town, by=town.chief)
    assert state(town, OCTOBER) == Submission.NONE


def test_records_of_a_unit_below_are_the_departments(town):
    unit = a_department(town.body, "企画係", parent=town.kikaku, kind="unit")
    build.used(a_member(unit), unit, date(2026, 10, 5))
    assert state(town, OCTOBER) == Submission.RECORDED


def test_records_that_come_later_win_and_the_declaration_stays(town):
    row = declared(town, by=town.chief)
    build.used(town.staff[0], town.kikaku, date(2026, 10, 5))
    assert state(town, OCTOBER) == Submission.RECORDED
    assert NoTelework.objects.get() == row


def test_the_clerk_declares_and_takes_it_back(town):
    with_duty(town.staff[0], "clerk", town.kikaku)
    row = declared(town, by=fresh(town.staff[0]))
    operations.withdraw_declaration(row, by=fresh(town.staff[0]), now=LATER)
    assert state(town, OCTOBER) == Submission.MISSING
    with pytest.raises(Conflict):
        operations.withdraw_declaration(row, by=fresh(town.chief), now=LATER)


def test_a_file_declares_without_a_person(town):
    assert declared(town).declared_by is None


@pytest.mark.parametrize("who", ["office", "tax_chief", "consultant", "mayor"])
def test_nobody_else_declares(town, who):
    with pytest.raises(Denied):
        declared(town, by=getattr(town, who))


@pytest.mark.parametrize(
    ("month", "now", "reason"),
    [
        (OCTOBER, at(2026, 10, 29), "最後の開庁日"),
        (date(2026, 9, 1), LATER, "実施記録があります"),
        (date(2026, 7, 1), LATER, "試行を始めていない"),
    ],
)
def test_what_cannot_be_declared(town, month, now, reason):
    with pytest.raises(Conflict, match=reason):
        declared(town, by=town.chief, now=now, month=month)


def test_a_month_is_declared_once_from_its_last_open_day_on(town):
    declared(town, by=town.chief, now=at(2026, 10, 30))
    with pytest.raises(Conflict, match="すでに"):
        declared(town, by=town.chief)


def test_states_take_three_queries_whatever_the_months(town, django_assert_num_queries):
    months = [Period.holding(Period.MONTH, date(2026, month, 1)) for month in (8, 9, 10)]
    for count in (1, 3):
        with django_assert_num_queries(3):
            month_states(town.body, months[:count])


def test_ended_months_open_once_on_their_last_open_day(town):
    operations.open_usage_months(town.body, at(2026, 9, 30))
    assert operations.open_usage_months(town.body, at(2026, 10, 29)) == 0
    assert operations.open_usage_months(town.body, at(2026, 10, 30)) == 1
    assert operations.open_usage_months(town.body, LATER) == 0
    row = UsageMonth.objects.get(month=OCTOBER)
    assert (row.department, row.due_on) == (town.kikaku, date(2026, 11, 9))


@pytest.mark.parametrize(
    ("first_run", "months"),
    [
        (at(2026, 10, 29), []),
        (at(2026, 10, 30), [10]),
        (at(2026, 11, 9), [10]),
        (at(2026, 11, 10), []),
    ],
)
def test_the_first_run_asks_for_nothing_that_could_not_be_handed_in_in_time(
    town, first_run, months
):
    """A body in which telework began before this duty existed is told of no older month."""
    for _time in range(2):
        operations.open_usage_months(town.body, first_run)
    opened = UsageMonth.objects.order_by("month").values_list("month__month", flat=True)
    assert list(opened) == months


def test_after_an_outage_every_month_of_the_last_ones_opens(town):
    operations.open_usage_months(town.body, at(2026, 9, 30))
    UsageMonth.objects.exclude(month=date(2026, 9, 1)).delete()
    assert operations.open_usage_months(town.body, at(2026, 12, 1)) == 2


def due(town, rule):
    rows = due_things(town.body, date(2026, 11, 2), rule=rule)
    return [(row.role, row.member_id, row.due_on, row.title, row.note) for row in rows]


def test_a_missing_month_is_due_from_manager_and_clerk_until_it_is_declared(town):
    with_duty(town.staff[0], "clerk", town.kikaku)
    operations.open_usage_months(town.body, LATER)
    rest = (date(2026, 11, 9), "企画財政課", "2026-10")
    assert due(town, "usage.hand_in") == [("manager", 0, *rest)]
    assert due(town, "usage.hand_in_clerk") == [("", town.staff[0].pk, *rest)]
    declared(town, by=town.chief)
    assert due(town, "usage.hand_in") == due(town, "usage.hand_in_clerk") == []


def test_a_missing_month_is_one_line_for_the_office_and_for_the_manager(town):
    for person in town.staff[:2]:
        with_duty(person, "clerk", town.kikaku)
    operations.open_usage_months(town.body, LATER)
    today = date(2026, 11, 2)
    office, chief = today_is(town.office, today), today_is(town.chief, today)
    owed = owed_by_others(office, today)
    assert [(row.rule, row.count) for row in owed if "hand_in" in row.rule] == [
        ("usage.hand_in", 1)
    ]
    around = due_around(chief, today)
    rules = [due.rule for due in once([*around.mine, *around.others])]
    assert [rule for rule in rules if "hand_in" in rule] == ["usage.hand_in"]


def test_the_deadline_is_worded_in_the_language_of_the_reader(town):
    kind = deadlines()["usage.hand_in"]
    assert kind.worded("企画財政課", "2026-10") == "実施記録の提出(令和8年10月)企画財政課"
    with override("en"):
        assert kind.worded("企画財政課", "2026-10") == "Usage records (October 2026) of 企画財政課"
    assert kind.worded("企画財政課", "令和8年10月") == "実施記録の提出(令和8年10月)企画財政課"


def test_the_page_declares_with_one_click_and_takes_it_back(town):
    operations.open_usage_months(town.body, LATER)
    page = UsageMonth.objects.get(month=OCTOBER).get_absolute_url()
    client = signed_in(town.chief)
    assert "実績なしを申告する" in client.get(page).content.decode()
    answer = client.post(f"{page}declare/", follow=True).content.decode()
    assert "この月の実績なしを申告しました。" in answer
    assert str(town.chief) in answer
    assert "未提出" in client.post(f"{page}withdraw/", follow=True).content.decode()


def test_who_sees_no_persons_reads_no_name_of_the_declarer(town):
    operations.open_usage_months(town.body, LATER)
    declared(town, by=town.chief)
    page = UsageMonth.objects.get(month=OCTOBER).get_absolute_url()
    words = signed_in(town.consultant).get(page).content.decode()
    assert "部署の担当者" in words
    assert str(town.chief) not in words
    assert "実績なしを申告する" not in words


def test_the_rule_and_the_database_find_the_same_months_missing(town):
    """Records and declarations of a department, of one below it and of another one."""
    below = a_department(town.body, "財政係", parent=town.kikaku)
    other = Pilot.objects.create(
        municipality=town.body,
        name="第2期試行",
        lead=town.tax_chief,
        starts_on=build.STARTS,
        ends_on=build.ENDS,
        planned_at=at(2026, 7, 21),
        started_at=at(2026, 8, 3),
        report_due_on=date(2026, 11, 16),
        state="running",
    )
    set_departments(other, [town.zeimu])
    operations.open_usage_months(town.body, at(2026, 8, 31))
    operations.open_usage_months(town.body, LATER)
    build.used(town.staff[0], below, date(2026, 10, 6))
    NoTelework.objects.create(
        municipality=town.body,
        department=town.zeimu,
        month=date(2026, 9, 1),
        declared_by=town.tax_chief,
        declared_at=LATER,
    )
    opened = list(UsageMonth.objects.values_list("department", "month"))
    states = month_states(town.body, [Period.holding(Period.MONTH, month) for _pk, month in opened])
    by_rule = {row for row in opened if states[row[1]][row[0]] == Submission.MISSING}
    assert by_rule == set(missing_months(town.body).values_list("department", "month"))
    assert by_rule == {(town.zeimu.pk, date(2026, 8, 1)), (town.zeimu.pk, OCTOBER)}


LIST = "/993018/usage/"


@pytest.mark.usefixtures("tenth")
def test_a_declared_month_stands_in_the_list_with_who_declared_it_and_the_way_back(town):
    operations.open_usage_months(town.body, LATER)
    assert "実績なしを申告した月" not in signed_in(town.chief).get(LIST).text
    declared(town, by=town.chief)
    page = UsageMonth.objects.get(month=OCTOBER).get_absolute_url()
    for person, words in ((town.chief, "申告を取り消す"), (town.office, "この月を見る")):
        text = signed_in(person).get(LIST).text
        assert "実績なしを申告した月" in text
        assert f'<a href="{page}">{words}</a>' in text
        assert f"{town.chief}" in text
        assert day_words(LATER) in text
    assert "実績なしを申告した月" not in signed_in(town.tax_chief).get(LIST).text
    build.used(town.staff[0], town.kikaku, date(2026, 10, 6))
    assert (
        "後から実施記録が届き、実績ありとして数えています。" in signed_in(town.chief).get(LIST).text
    )


@pytest.mark.parametrize("count", [1, 3])
def test_reading_declared_months_takes_one_query(town, count, django_assert_num_queries):
    for month in range(1, 1 + count):
        NoTelework.objects.create(
            municipality=town.body,
            department=town.kikaku,
            month=date(2026, month, 1),
            declared_at=LATER,
        )
    chief = today_is(town.chief, date(2026, 11, 10))
    assert chief.authority.has("manager", town.kikaku.path)
    with django_assert_num_queries(1):
        rows = declared_months(chief, date(2026, 1, 1), date(2026, 11, 10))
    assert [(row.may_withdraw, row.opened) for row in rows] == [(True, None)] * count
