"""What is due, from whom, by when; and that reminders of personal things tell no name and no
content.
"""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from evaluation.appraisal.sheets.operations import open_sheets, return_goals
from evaluation.pdca.reviews.operations.reviews import close_review, request_review_decision
from municipality.core.registry import deadlines
from municipality.deadlines.queries import audience_of, due_things
from municipality.decisions.operations.decisions import withdraw
from municipality.notifications.models import Notice
from municipality.notifications.wording import worded
from municipality.reminders.operations.planning import plan_reminders
from tests.build import evaluation as build
from tests.build.municipality import at

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 4)
OURS = ("review.enter", "action.do", "sheet.goals", "sheet.agree", "promise.keep")


@pytest.fixture
def town():
    return build.a_town()


def due(town, rule, who=None, today=TODAY):
    audience = audience_of(build.today_is(who, today)) if who else None
    found = due_things(town.body, today, audience=audience, rule=rule)
    return [
        (item.object_id, item.member_id, item.role, item.due_on, item.title, item.note)
        for item in found
    ]


def test_reviews_are_due_from_the_manager_and_the_bodys_own_from_the_office(town):
    own, body = build.a_review(town, town.kikaku), build.a_review(town)
    nine = date(2026, 11, 9)
    mine = (own.pk, 0, "manager", nine, "企画財政課", "2026-10")
    ours = (body.pk, 0, "office", nine, "あおば町", "2026-10")
    assert due(town, "review.enter") == [mine, ours]
    assert due(town, "review.enter", town.chief) == [mine]
    assert due(town, "review.enter", town.office) == [ours]
    assert due(town, "review.enter", town.staff) == due(town, "review.enter", town.tax_chief) == []


def test_a_closed_review_is_due_no_more(town):
    build.a_closed(town, town.kikaku)
    assert [row[4] for row in due(town, "review.enter")] == ["あおば町"]


def test_a_closed_review_is_due_to_be_sent_until_it_is_on_its_way(town):
    own, body = build.a_closed(town, town.kikaku), build.a_closed(town)
    nine = date(2026, 11, 9)
    mine = (own.pk, 0, "manager", nine, "企画財政課", "2026-10")
    ours = (body.pk, 0, "office", nine, "あおば町", "2026-10")
    assert due(town, "review.send") == [mine, ours]
    assert due(town, "review.send", town.chief) == [mine]
    assert due(town, "review.send", town.office) == [ours]
    decision = request_review_decision(own, by=town.chief, now=at(2026, 11, 9))
    assert due(town, "review.send") == [ours]
    withdraw(decision, by=town.chief, now=at(2026, 11, 10))
    assert due(town, "review.send") == [mine, ours]


def test_a_review_closed_late_is_due_to_be_sent_on_that_day(town):
    review = build.a_written_review(town, town.kikaku)
    close_review(review, by=town.chief, now=at(2026, 11, 12))
    assert [row[3] for row in due(town, "review.send")] == [date(2026, 11, 12)]


def test_actions_are_due_from_whoever_does_them_once_they_are_complete(town):
    review = build.a_review(town, town.kikaku)
    action = build.with_action(review, town.chief)
    build.with_action(review, town.chief, complete=False)
    row = (
        action.pk,
        town.chief.pk,
        "",
        date(2026, 11, 27),
        "窓口当番の応援体制を組む",
        "企画財政課",
    )
    assert due(town, "action.do", town.chief) == [row]
    assert due(town, "action.do", town.staff) == []


def test_goals_are_due_from_the_person_and_then_from_the_evaluator(town):
    period = build.an_open_period(town)
    sheet = build.sheet_of(town.staff, period)
    assert due(town, "sheet.goals", town.staff)[0][3:] == (date(2026, 10, 16), "令和8年度 下期", "")
    build.a_submitted(town, period)
    assert due(town, "sheet.goals", town.staff) == []
    row = (sheet.pk, town.chief.pk, "leading", date(2026, 10, 30), "令和8年度 下期", "安藤 海")
    assert due(town, "sheet.agree", town.chief) == [row]


def test_goals_sent_back_are_due_on_their_new_day(town):
    sheet = build.a_submitted(town)
    return_goals(sheet, comment="数で", by=town.chief, now=at(2026, 10, 29))
    assert [row[3] for row in due(town, "sheet.goals", town.staff)] == [date(2026, 11, 6)]


def test_sheets_of_a_planned_period_are_not_due(town):
    period = build.a_period(town)
    assert due(town, "sheet.goals") == []
    open_sheets(period, by=town.hr, now=at(2026, 10, 1))
    assert len(due(town, "sheet.goals")) == 8


def test_a_promise_is_due_from_whoever_gave_it(town):
    talk = build.a_talk(town)
    assert due(town, "promise.keep", town.staff) == [
        (talk.pk, town.staff.pk, "", date(2026, 11, 6), "2026-10-20", "")
    ]
    assert due(town, "promise.keep", town.chief) == []


def test_every_reminder_is_worded_in_both_languages_and_leads_to_its_page(town):
    for rule, thing in _one_of_each(town).items():
        for item in due_things(town.body, TODAY, rule=rule)[:1]:
            notice = Notice(
                municipality=town.body,
                rule=rule,
                object_id=item.object_id,
                stage="+1",
                due_on=item.due_on,
                params={"title": item.title, "note": item.note},
            )
            assert worded(notice).address == thing


@pytest.mark.parametrize(
    ("months", "words"),
    [
        ("2026-10", "令和8年10月分"),
        ("2026-10–2026-12", "令和8年度 第3四半期"),
        ("2026-04–2026-09", "令和8年度 上期"),
        ("2026-04–2027-03", "令和8年度"),
        ("2026-13", "2026-13"),
        ("", ""),
    ],
)
def test_the_period_of_a_review_is_said_as_an_office_says_it(months, words):
    assert deadlines()["review.enter"].worded("企画財政課", months) == (
        f"レビューの締め 企画財政課 {words}"
    )


def test_reminders_and_their_own_words_say_periods_and_days_in_words(town):
    build.a_review(town, town.kikaku)
    build.a_talk(town)
    for day in (2, 6):
        plan_reminders(town.body, now=at(2026, 11, day))
    review = Notice.objects.filter(rule="review.enter", member=town.chief).first()
    promise = Notice.objects.filter(rule="promise.keep").first()
    assert worded(review).subject == "レビューの締め 企画財政課 令和8年10月分"
    assert worded(promise).subject == "1on1の約束 令和8年10月20日(火)"
    own = {"review.enter": ("{title}の{note}のレビュー", "{due}まで")}
    assert worded(review, own).subject == "企画財政課の令和8年10月分のレビュー"
    with translation.override("en"):
        assert worded(review).subject.endswith("October 2026")


def _one_of_each(town):
    review = build.a_review(town, town.kikaku)
    action = build.with_action(review, town.chief)
    period = build.an_open_period(town)
    first = due_things(town.body, TODAY, rule="sheet.goals")[0].object_id
    agreeing = build.a_submitted(town, period, town.second)
    talk = build.a_talk(town)
    return {
        "review.enter": review.get_absolute_url(),
        "action.do": action.get_absolute_url(),
        "sheet.goals": f"/993018/sheets/{first}/",
        "sheet.agree": agreeing.get_absolute_url(),
        "promise.keep": talk.get_absolute_url(),
    }


def test_reminders_of_personal_things_carry_no_name_and_no_content(town):
    build.a_talk(town)
    build.a_submitted(town)
    for now in (at(2026, 10, 30), at(2026, 11, 2), at(2026, 11, 13), at(2026, 11, 30)):
        plan_reminders(town.body, now=now)
    told = [(row.rule, str(row.params)) for row in Notice.objects.filter(rule__in=OURS[2:])]
    assert {rule for rule, _params in told} == {"sheet.goals", "sheet.agree", "promise.keep"}
    for words in ("安藤", "髙瀬", "在宅の日を週1日", "窓口の待ち時間"):
        assert not any(words in params for _rule, params in told)


def test_all_deadlines_of_the_room_are_one_query(town, django_assert_num_queries):
    _one_of_each(town)
    audience = audience_of(build.today_is(town.chief, TODAY))
    with django_assert_num_queries(1):
        found = due_things(town.body, TODAY, audience=audience)
    assert {item.rule for item in found} >= {"review.enter", "action.do", "sheet.agree"}


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("2026-10", "令和8年10月分"),
        ("2026-10–2026-12", "令和8年度 第3四半期"),
        ("2026-04–2026-09", "令和8年度 上期"),
        ("2026-04–2027-03", "令和8年度"),
        ("2026-10–2026-11", "2026-10–2026-11"),
        ("2026-13", "2026-13"),
        ("総務課", "総務課"),
        ("", ""),
    ],
)
def test_the_period_of_a_review_is_named_as_an_office_names_it(note, words):
    kind = deadlines()["review.enter"]
    assert kind.note_words(note) == words
    assert kind.worded("企画財政課", note) == f"レビューの締め 企画財政課 {words}"
