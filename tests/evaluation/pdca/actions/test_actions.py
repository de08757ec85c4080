"""An action is one row for its whole life: reported on, moved, given on, ended and taken back, and
followed by each review until it ends.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from evaluation.pdca.actions.models import Action, ActionEntry, ActionInReview
from evaluation.pdca.actions.operations import (
    add_action,
    cancel_action,
    change_action,
    finish_action,
    give_to,
    move_due_date,
    reopen_action,
    report_on,
)
from evaluation.pdca.reviews.models import Review
from evaluation.pdca.reviews.operations.reviews import close_review
from municipality.core.date_words import era_day
from municipality.core.refusals import Conflict, Denied
from municipality.deadlines.queries import due_things
from municipality.notifications.models import Notice
from municipality.organisation.open_days import open_days
from municipality.reminders.operations.planning import plan_reminders
from tests.build import evaluation as build
from tests.build.municipality import at, signed_in

pytestmark = pytest.mark.django_db
NOV = at(2026, 11, 5)
DUE, LATER = date(2026, 11, 27), date(2026, 12, 18)
EVERYBODY = (
    "staff",
    "chief",
    "office",
    "second",
    "tax_chief",
    "mayor",
    "hr",
    "consultant",
    "auditor",
)


@pytest.fixture
def town():
    return build.a_town()


def given(town, department=None, who=None, review=None) -> Action:
    """An action of 企画財政課 that a member of its staff has to do."""
    review = review or build.a_review(town, department or town.kikaku)
    return add_action(
        review, what="予定表を作る", who=who or town.staff, due_on=DUE, by=town.office, now=NOV
    )


def november(town) -> Review:
    build.reviews_opened(town, at(2026, 12, 1))
    return Review.objects.get(department=town.kikaku, first=date(2026, 11, 1))


def kinds(action: Action) -> list[str]:
    return list(action.entries.values_list("kind", flat=True))


def told(rule: str) -> list[int]:
    return list(Notice.objects.filter(rule=rule).values_list("member", flat=True))


# --- one row, followed by each review -------------------------------------------------------------


def test_an_open_action_is_followed_by_the_next_review_without_a_copy(town):
    review = build.a_written_review(town, town.kikaku)
    action = given(town, review=review)
    close_review(review, by=town.chief, now=NOV)
    assert list(Action.objects.followed_by(november(town))) == [action]
    assert Action.objects.count() == 1


def test_what_a_closed_review_knew_stays_although_the_action_goes_on(town):
    review = build.a_written_review(town, town.kikaku)
    action = given(town, review=review)
    report_on(action, text="半分できました。", by=town.staff, now=NOV)
    close_review(review, by=town.chief, now=NOV)
    next_review = build.written(november(town), town.chief)
    give_to(action, who=town.second, reason="異動", edition=action.edition, by=town.chief, now=NOV)
    move_due_date(
        action, due_on=LATER, reason="繁忙", edition=action.edition, by=town.chief, now=NOV
    )
    finish_action(action, outcome="配りました。", by=town.second, now=at(2026, 12, 3))
    close_review(next_review, by=town.chief, now=at(2026, 12, 4))
    rows = ActionInReview.objects.order_by("known_at").values_list(
        "review", "state", "due_on", "who", "last_report", "outcome"
    )
    assert list(rows) == [
        (review.pk, "open", DUE, town.staff.pk, "半分できました。", ""),
        (next_review.pk, "done", LATER, town.second.pk, "半分できました。", "配りました。"),
    ]


def test_what_ended_before_a_period_is_not_followed_by_its_review(town):
    review = build.a_written_review(town, town.kikaku)
    action = given(town, review=review)
    finish_action(action, outcome="配りました。", by=town.staff, now=at(2026, 10, 30))
    close_review(review, by=town.chief, now=NOV)
    assert not Action.objects.followed_by(november(town)).exists()


def test_an_action_of_another_department_or_cadence_is_not_followed(town):
    given(town)
    assert not Action.objects.followed_by(build.a_review(town)).exists()


def test_an_action_added_after_the_closing_is_known_in_it(town):
    review = build.a_closed(town, town.kikaku)
    action = given(town, review=review)
    assert list(review.known_actions.values_list("action", "who")) == [(action.pk, town.staff.pk)]


# --- what one does to it --------------------------------------------------------------------------


def test_a_report_leaves_the_action_open_and_stands_in_its_history(town):
    action = given(town)
    report_on(action, text=" 半分できました。 ", by=town.staff, now=NOV)
    action.refresh_from_db()
    entry = action.entries.get(kind="report")
    assert (action.state, entry.text, entry.by, entry.at) == (
        "open",
        "半分できました。",
        town.staff,
        NOV,
    )
    assert told("action.wanted") == []


def test_a_wanted_day_is_told_to_the_manager_and_moves_nothing(town):
    action = given(town)
    report_on(action, text="間に合いません。", wanted_due_on=LATER, by=town.staff, now=NOV)
    action.refresh_from_db()
    assert action.due_on == DUE
    assert told("action.wanted") == [town.chief.pk]
    page = signed_in(town.chief).get(action.get_absolute_url()).content.decode()
    assert "期限の変更の希望があります" in page
    assert f"/due/?to={LATER.isoformat()}" in page
    move_due_date(
        action, due_on=LATER, reason="やむを得ない", edition=action.edition, by=town.chief, now=NOV
    )
    page = signed_in(town.chief).get(action.get_absolute_url()).content.decode()
    assert "期限の変更の希望があります" not in page


def waiting(town) -> list[tuple]:
    rows = due_things(town.body, NOV.date(), rule="action.new_day")
    return [(row.role, row.path, row.due_on, row.note) for row in rows]


def test_a_wanted_day_waits_for_who_sets_it_until_it_is_answered(town):
    own, bodys = given(town), given(town, review=build.a_review(town))
    assert waiting(town) == []
    for action in (own, bodys):
        report_on(action, text="間に合いません。", wanted_due_on=LATER, by=town.staff, now=NOV)
    assert sorted(waiting(town)) == [
        ("manager", town.kikaku.path, DUE, "2026-12-18"),
        ("office", town.body.root_path, DUE, "2026-12-18"),
    ]
    move_due_date(
        own, due_on=LATER, reason="多忙のため", edition=own.edition, by=town.chief, now=NOV
    )
    assert [row[0] for row in waiting(town)] == ["office"]
    report_on(bodys, text="期限は変更しません。", by=town.office, now=NOV + timedelta(hours=1))
    assert waiting(town) == []


def test_a_wanted_day_for_the_bodys_own_action_is_told_to_the_office(town):
    action = given(town, review=build.a_review(town))
    report_on(action, text="間に合いません。", wanted_due_on=LATER, by=town.staff, now=NOV)
    assert told("action.wanted") == [town.office.pk]


def test_another_day_needs_a_reason_and_leaves_the_earlier_one_in_the_history(town):
    action = given(town)
    common = {"edition": action.edition, "by": town.chief, "now": NOV}
    with pytest.raises(Conflict, match="理由"):
        move_due_date(action, due_on=LATER, reason=" ", **common)
    with pytest.raises(Conflict, match="同じ日"):
        move_due_date(action, due_on=DUE, reason="念のため", **common)
    move_due_date(action, due_on=LATER, reason="窓口の繁忙期", **common)
    entry = action.entries.get(kind="due")
    assert (action.due_on, entry.earlier_due_on, entry.due_on, entry.text) == (
        LATER,
        DUE,
        LATER,
        "窓口の繁忙期",
    )
    assert told("action.moved") == [town.staff.pk]
    with pytest.raises(Conflict, match="先に変更"):
        move_due_date(action, due_on=DUE, reason="戻す", **common)


def test_reminders_begin_anew_with_the_new_day(town):
    action = given(town)
    plan_reminders(town.body, now=at(2026, 11, 27))
    move_due_date(
        action, due_on=LATER, reason="繁忙", edition=action.edition, by=town.chief, now=NOV
    )
    plan_reminders(town.body, now=at(2026, 12, 18))
    stages = Notice.objects.filter(rule="action.do", member=town.staff).values_list(
        "due_on", "stage"
    )
    assert set(stages) == {(DUE, "0"), (LATER, "0")}


def test_another_holder_needs_a_reason_and_both_are_told(town):
    action = given(town)
    common = {"edition": action.edition, "by": town.chief, "now": NOV}
    with pytest.raises(Conflict, match="理由"):
        give_to(action, who=town.second, reason="", **common)
    with pytest.raises(Conflict, match="同じ人"):
        give_to(action, who=town.staff, reason="念のため", **common)
    give_to(action, who=town.second, reason="担当替え", **common)
    entry = action.entries.get(kind="holder")
    assert (entry.earlier_who, entry.who, entry.text) == (town.staff, town.second, "担当替え")
    assert set(told("action.given")) == {town.staff.pk, town.second.pk}
    assert told("action.taken") == [town.staff.pk]
    assert signed_in(town.staff).get(action.get_absolute_url()).status_code == 200


def test_a_completion_needs_words_and_can_be_taken_back(town):
    action = given(town)
    with pytest.raises(Conflict, match="どうなったか"):
        finish_action(action, outcome=" ", by=town.staff, now=NOV)
    finish_action(action, outcome="終わりました。", by=town.staff, now=NOV)
    with pytest.raises(Conflict, match="理由"):
        reopen_action(action, reason="", by=town.chief, now=NOV)
    reopen_action(action, reason="別の項目と取り違えた", by=town.chief, now=NOV)
    action.refresh_from_db()
    assert (action.state, action.finished_at, action.outcome) == ("open", None, "")
    assert kinds(action) == ["added", "done", "reopened"]
    assert action.entries.get(kind="done").text == "終わりました。"
    assert told("action.reopened") == [town.staff.pk]
    finish_action(action, outcome="今度こそ", by=town.staff, now=NOV)
    assert action.state == "done"


def test_nothing_is_done_to_what_has_ended(town):
    action = given(town)
    cancel_action(action, outcome="不要", by=town.chief, now=NOV)
    common = {"by": town.chief, "now": NOV}
    with pytest.raises(Conflict):
        report_on(action, text="まだ", **common)
    with pytest.raises(Conflict):
        move_due_date(action, due_on=LATER, reason="まだ", edition=action.edition, **common)
    with pytest.raises(Conflict):
        give_to(action, who=town.second, reason="まだ", edition=action.edition, **common)


def test_after_the_closing_day_and_holder_change_with_a_reason_only(town):
    review = build.a_written_review(town, town.kikaku)
    action = given(town, review=review)
    close_review(review, by=town.chief, now=NOV)
    common = {"edition": action.edition, "by": town.chief, "now": NOV}
    with pytest.raises(Conflict, match="理由を付けて"):
        change_action(action, what="予定表", who=town.staff, due_on=LATER, **common)
    change_action(action, what="予定表を配る", who=town.staff, due_on=DUE, **common)
    assert action.entries.get(kind="changed").text == "予定表を作る"


# --- who may --------------------------------------------------------------------------------------

REPORTS = {"staff", "chief", "office"}
WRITES = {"chief", "office"}


@pytest.mark.parametrize("who", EVERYBODY)
def test_the_holder_reports_and_the_manager_and_the_office_move_it(town, who):
    member, action = getattr(town, who), given(town)
    acts = {
        "report": (REPORTS, lambda: report_on(action, text="経過", by=member, now=NOV)),
        "due": (
            WRITES,
            lambda: move_due_date(
                action, due_on=LATER, reason="繁忙", edition=action.edition, by=member, now=NOV
            ),
        ),
        "holder": (
            WRITES,
            lambda: give_to(
                action, who=town.second, reason="交代", edition=action.edition, by=member, now=NOV
            ),
        ),
    }
    for allowed, act in acts.values():
        if who in allowed:
            act()
        else:
            with pytest.raises(Denied):
                act()


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_takes_back_a_completion_and_a_calling_off(town, who):
    member = getattr(town, who)
    done, cancelled = given(town), given(town)
    finish_action(done, outcome="終わり", by=town.staff, now=NOV)
    cancel_action(cancelled, outcome="不要", by=town.chief, now=NOV)
    for action, allowed in ((done, REPORTS), (cancelled, WRITES)):
        if who in allowed:
            assert reopen_action(action, reason="誤り", by=member, now=NOV).is_open
        else:
            with pytest.raises(Denied):
                reopen_action(action, reason="誤り", by=member, now=NOV)


# --- pages ----------------------------------------------------------------------------------------


def test_the_whole_life_over_the_pages(town):
    action = given(town)
    address = action.get_absolute_url()
    staff, chief = signed_in(town.staff), signed_in(town.chief)
    assert staff.post(f"{address}report/", {"text": ""}).status_code == 422
    assert staff.post(f"{address}report/", {"text": "半分できました。"}).status_code == 302
    calendar = open_days(town.body)
    later = calendar.add(timezone.localdate(), 14)
    saturday = later + timedelta(days=5 - later.weekday())
    for wrong, words in ((saturday, "閉庁日"), (date(2020, 1, 6), "今日以降")):
        refused = chief.post(
            f"{address}due/", {"edition": 1, "due_on": wrong.isoformat(), "reason": "繁忙"}
        )
        assert refused.status_code == 422
        assert words in refused.content.decode()
    moved = {"edition": 1, "due_on": later.isoformat(), "reason": "繁忙"}
    assert chief.get(f"{address}due/").status_code == 200
    assert chief.post(f"{address}due/", moved).status_code == 302
    holder = {"edition": 2, "who": "伊東 空", "reason": "担当替え"}
    assert chief.post(f"{address}holder/", holder).status_code == 302
    second = signed_in(town.second)
    assert second.post(f"{address}finish/", {"outcome": "配りました。"}).status_code == 302
    assert second.post(f"{address}reopen/", {"reason": ""}).status_code == 422
    assert second.post(f"{address}reopen/", {"reason": "誤り"}).status_code == 302
    page = chief.get(address).content.decode()
    for words in (
        "経過の報告",
        "半分できました。",
        "期限の変更",
        f"令和8年11月27日(金) から {era_day(later)} へ",
        "担当の変更",
        "安藤 海 から 伊東 空 へ",
        "進行中に戻す",
        "所属長か事務局が、理由を付けて変更します",
    ):
        assert words in page, words


@pytest.mark.usefixtures("tenth")
def test_a_day_on_which_the_town_hall_is_closed_is_refused_for_a_new_action(town):
    review, client = build.a_review(town, town.kikaku), signed_in(town.chief)
    facts = {"what": "予定表", "who": "安藤 海", "due_on": "2026-12-20"}
    answer = client.post(f"{review.get_absolute_url()}actions/new/", facts)
    assert answer.status_code == 422
    assert "令和8年12月21日(月)" in answer.content.decode()
    past = client.post(
        f"{review.get_absolute_url()}actions/new/", {**facts, "due_on": "2026-11-08"}
    )
    assert "今日以降の日にしてください。" in past.content.decode()
    assert "令和8年11月9日" not in past.content.decode(), "no day that is refused next"


@pytest.mark.usefixtures("tenth")
def test_a_day_that_has_passed_is_refused_for_a_new_action_and_as_a_new_day(town):
    review, client = build.a_review(town, town.kikaku), signed_in(town.chief)
    new = f"{review.get_absolute_url()}actions/new/"
    facts = {"what": "予定表", "who": "安藤 海"}
    answer = client.post(new, {**facts, "due_on": "2026-11-09"})
    assert answer.status_code == 422
    assert "今日以降の日にしてください。" in answer.content.decode()
    assert client.post(new, {**facts, "due_on": "2026-11-10"}).status_code == 302
    action = Action.objects.get()
    Action.objects.filter(pk=action.pk).update(due_on=date(2026, 11, 6))
    edit = f"{action.get_absolute_url()}edit/"
    facts |= {"edition": action.edition}
    assert client.post(edit, {**facts, "due_on": "2026-11-05"}).status_code == 422
    assert client.post(edit, {**facts, "due_on": "2026-11-06"}).status_code == 302


def test_the_list_marks_what_is_late_and_says_the_latest_report(town):
    action, calendar = given(town), open_days(town.body)
    today = calendar.roll(timezone.localdate())
    Action.objects.filter(pk=action.pk).update(due_on=date(2020, 1, 6))
    later = calendar.add(today, 5)
    add_action(action.review, what="期限内", who=town.staff, due_on=later, by=town.chief, now=NOV)
    report_on(action, text="業者の返事待ちです。", by=town.staff, now=NOV)
    client = signed_in(town.chief)
    page = client.get("/993018/actions/?tab=open").content.decode()
    assert "業者の返事待ちです。" in page
    assert page.count("開庁日超過") == 1
    late = client.get("/993018/actions/?tab=late").content.decode()
    assert "予定表を作る" in late
    assert "期限内" not in late


@pytest.mark.parametrize("day", [28, 29])
def test_what_was_due_on_friday_is_late_at_the_weekend_on_every_page(town, monkeypatch, day):
    action = given(town)
    Review.objects.filter(pk=action.review_id).update(due_on=DUE)
    monkeypatch.setattr(timezone, "now", lambda: at(2026, 11, day))
    client = signed_in(town.chief)
    review = client.get(action.review.get_absolute_url()).content.decode()
    assert review.count("1開庁日超過") == 2  # the review's own and the action's
    for address in (action.get_absolute_url(), "/993018/actions/", "/993018/reviews/"):
        page = client.get(address).content.decode()
        assert page.count("1開庁日超過") == 1, address
        assert "あと0開庁日" not in page


def test_who_sees_no_persons_reads_the_history_without_names(town):
    action = given(town)
    give_to(
        action, who=town.second, reason="担当替え", edition=action.edition, by=town.chief, now=NOV
    )
    page = signed_in(town.consultant).get(action.get_absolute_url()).content.decode()
    assert "担当者 から 担当者 へ" in page
    for name in ("安藤", "伊東", "髙瀬"):
        assert name not in page


def test_a_copy_of_the_time_before_leads_to_the_action(town):
    action = given(town)
    copied = Action.objects.create(
        municipality=town.body,
        review=action.review,
        what=action.what,
        state="carried",
        added_at=NOV,
        continued_as=action,
    )
    answer = signed_in(town.chief).get(copied.get_absolute_url())
    assert (answer.status_code, answer["Location"]) == (302, action.get_absolute_url())


def test_the_history_is_never_empty(town):
    assert kinds(given(town)) == [ActionEntry.Kind.ADDED]


@pytest.mark.parametrize("form", ["edit", "due", "holder"])
def test_no_form_of_an_action_opens_once_it_is_over(town, form):
    action = finish_action(given(town), outcome="できた", by=town.office, now=NOV)
    refused = signed_in(town.office).get(f"{action.get_absolute_url()}{form}/")
    assert refused.status_code == 409
    assert "終わった改善項目は変更できません。" in refused.content.decode()


def test_what_was_carried_over_is_not_offered_to_be_taken_up_again(town):
    action = given(town)
    Action.objects.filter(pk=action.pk).update(state="carried")
    page = signed_in(town.office).get(action.get_absolute_url())
    assert f"{action.get_absolute_url()}reopen/" not in page.content.decode()
