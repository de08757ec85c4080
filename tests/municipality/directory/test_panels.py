"""The page of a department tells what each app knows of it, as far as its reader may see it."""

from __future__ import annotations

from datetime import date

import pytest

from municipality.core.registry import panels_of
from municipality.organisation.models import Member
from pilots.days.models import UsageMonth
from rollout.readiness.operations.exceptions import grant_exception
from tests.build import evaluation as build
from tests.build import pilots, rollout, training
from tests.build.municipality import a_member, at, root_of, signed_in, with_duty

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 30)


@pytest.fixture
def town():
    return pilots.a_town()


def panels(town, who: Member, department=None, today: date = TODAY):
    found = panels_of(build.today_is(who, today), department or town.kikaku, today)
    return {panel.title: (dict(panel.entries), panel.late) for panel in found}


def test_a_department_of_which_nothing_is_known_has_no_panel(town):
    assert panels(town, town.office, root_of(town.body)) == {}


def test_readiness_names_its_round_the_running_one_and_what_is_not_met(town):
    pilots.ready(town, town.kikaku, town.chief, name="第2回", now=at(2026, 6, 15), I2=1)
    rollout.a_round(town.body, town.office, "第3回", due_on=date(2026, 11, 20), now=at(2026, 11, 2))
    facts, late = panels(town, town.office)["準備度"]
    assert facts == {
        "最後に確定した回": "第2回 6/20",
        "実施中の回": "第3回 未着手",
        "未達の必須条件": "1件(I2)",
    }
    assert late == "準備度評価の提出が期限を過ぎています"
    assert panels(town, town.office, today=date(2026, 11, 20))["準備度"][1] == ""


def test_a_condition_that_was_passed_over_is_still_not_met(town):
    """As the dashboard and the decision say it."""
    assessment = pilots.ready(
        town, town.kikaku, town.chief, name="第2回", now=at(2026, 6, 15), I2=1
    )
    with_duty(town.mayor, "security", town.root)
    answer = assessment.answers.select_related("criterion").get(criterion__code="I2")
    answer.assessment = assessment
    terms = {"reason": "閲覧だけの業務に限るため。", "valid_until": date(2027, 1, 29)}
    grant_exception(answer, **terms, by=town.mayor, now=at(2026, 7, 21))
    entries, _late = panels(town, town.office)["準備度"]
    told = (entries["未達の必須条件"], entries["うち例外承認"])
    assert told == ("1件(I2)", "I2 例外承認(令和9年1月29日まで)")


def test_training_is_counted_for_who_answers_for_the_people_alone(town):
    course = training.a_course(town.body)
    people = [a_member(town.kikaku) for _person in range(3)]
    due_on = date(2026, 11, 20)
    training.a_completed_assignment(course, people[0], town.office)
    for person in people[1:]:
        training.an_assignment(course, person, town.office, due_on=due_on)
    facts, late = panels(town, town.chief)["研修"]
    assert (facts, late) == ({"修了した受講割当": "3件のうち1件"}, "2件が期限を過ぎています")
    consultant = a_member(town.root, "consultant")
    assert "研修" not in panels(town, consultant)
    assert "研修" not in panels(town, people[0])


def test_a_pilot_that_goes_on_and_the_last_month_are_told(town):
    pilot = pilots.a_running(town)
    entries, late = panels(town, town.chief, today=date(2026, 9, 2))["試行"]
    assert entries[str(pilot)].startswith("実施中 ")
    assert (entries["8月の実施記録"], late) == ("未提出", "")
    asked = {"month": date(2026, 8, 1), "due_on": date(2026, 9, 7)}
    UsageMonth.objects.create(
        municipality=town.body, department=town.kikaku, opened_at=at(2026, 8, 31), **asked
    )
    assert panels(town, town.chief, today=date(2026, 9, 7))["試行"][1] == ""
    late = panels(town, town.chief, today=date(2026, 9, 8))["試行"][1]
    assert late == "実施記録の提出が期限を過ぎています"


def test_open_reviews_and_actions_are_told_with_what_is_late():
    town = build.a_town()
    review = build.a_review(town, town.kikaku)
    build.with_action(review, town.chief)
    found = panels(town, town.office, today=date(2026, 12, 25))
    assert found["レビュー"] == (
        {"入力中のレビュー": "1件", "進行中の改善項目": "1件"},
        "レビュー1件、改善項目1件が期限を過ぎています",
    )


def test_who_sees_no_open_review_is_told_no_number_of_them():
    town = build.a_town()
    build.a_closed(town, town.kikaku)
    build.reviews_opened(town, at(2026, 12, 1))
    assert panels(town, town.staff)["レビュー"][0] == {"進行中の改善項目(閲覧できるもの)": "0件"}
    assert panels(town, town.chief)["レビュー"][0]["入力中のレビュー"] == "1件"


def test_a_late_review_is_not_told_as_a_late_action():
    town = build.a_town()
    build.a_review(town, town.kikaku)
    found = panels(town, town.office, today=date(2026, 12, 25))
    assert found["レビュー"] == (
        {"入力中のレビュー": "1件", "進行中の改善項目": "0件"},
        "レビュー1件が期限を過ぎています",
    )


@pytest.mark.parametrize("who", ["office", "chief"])
def test_the_page_shows_the_panels_with_their_links(town, who):
    page = signed_in(getattr(town, who)).get(town.kikaku.get_absolute_url()).content.decode()
    assert "最後に確定した回" in page
    assert "準備度評価を見る" in page
