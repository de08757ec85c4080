"""The decision about a pilot: it takes the pilot along, and brings it back."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from municipality.core.refusals import Conflict
from municipality.core.small_cells import Gate
from municipality.core.worded import kept
from municipality.decisions.operations.decisions import reject, submit_decision, withdraw
from municipality.decisions.operations.send_back import return_decision
from municipality.notifications.models import Notice
from pilots.lifecycle.decision_content import pilot_content, pilot_for_few
from pilots.lifecycle.operations.decisions import request_pilot_decision
from pilots.participants.models import Participant
from tests.build import pilots as build
from tests.build.decisions import step_of
from tests.build.frozen import as_read, read_of, reworded, without_keys
from tests.build.municipality import at, signed_in
from training.courses.models import CourseRequirement

pytestmark = pytest.mark.django_db
NOW, LATER = at(2026, 7, 23), at(2026, 7, 24)


@pytest.fixture
def town():
    return build.a_town()


def asked(town, **facts):
    pilot = build.a_planned(town, **facts)
    return pilot, request_pilot_decision(pilot, by=town.chief, now=NOW)


def state_of(pilot):
    pilot.refresh_from_db()
    return pilot.state


def test_approval_lets_it_be_started(town):
    pilot, decision = asked(town)
    assert state_of(pilot) == "deciding"
    build.decided(decision, town.mayor, now=LATER)
    assert state_of(pilot) == "approved"


def test_the_lead_is_told_when_somebody_else_drafted(town):
    pilot = build.a_planned(town, by=town.office, lead=town.chief)
    build.decided(request_pilot_decision(pilot, by=town.office, now=NOW), town.mayor, now=LATER)
    assert [notice.member for notice in Notice.objects.filter(rule="pilots.approved")] == [
        town.chief
    ]


def test_what_is_asked_names_the_criteria_whatever_language_the_drafter_reads(town):
    with override("en"):
        _pilot, decision = asked(town)
    content = read_of(decision)
    assert content["lead"].startswith("テレワークの試行「第1期試行(企画財政課)」を")
    assert dict(map(tuple, content["spec"]))["期間"] == "令和8年8月3日(月)から10月30日(金)まで"
    assert [row[:2] for row in content["tables"][0]["rows"]] == [
        ["延べ実施日数(参加者、試行の期間)", "3人日以上"],
        ["参加者実施率(試行の期間に1回以上)", "30%以上"],
    ]


def test_returned_it_can_be_changed_and_goes_again_as_the_next_revision(town):
    pilot, decision = asked(town)
    return_decision(
        step_of(decision, 1), by=town.mayor, now=LATER, comment="上限を見直してください。"
    )
    assert state_of(pilot) == "planned"
    again = request_pilot_decision(pilot, by=town.chief, now=LATER)
    assert (again.pk, again.revision, state_of(pilot)) == (decision.pk, 2, "deciding")


def test_sent_again_from_the_decisions_own_page_it_takes_the_pilot_along(town):
    pilot, decision = asked(town)
    return_decision(step_of(decision, 1), by=town.mayor, now=LATER, comment="理由")
    decision.refresh_from_db()
    submit_decision(decision, by=town.chief, now=LATER)
    assert state_of(pilot) == "deciding"


def test_withdrawn_it_is_planned_again(town):
    pilot, decision = asked(town)
    withdraw(decision, by=town.chief, now=LATER)
    assert state_of(pilot) == "planned"


def test_withdrawn_after_it_was_returned_it_stays_planned(town):
    pilot, decision = asked(town)
    return_decision(step_of(decision, 1), by=town.mayor, now=LATER, comment="理由")
    decision.refresh_from_db()
    withdraw(decision, by=town.chief, now=LATER)
    assert state_of(pilot) == "planned"


def test_rejected_it_is_over(town):
    pilot, decision = asked(town)
    reject(step_of(decision, 1), by=town.mayor, now=LATER, comment="時期尚早")
    assert (state_of(pilot), pilot.outcome, pilot.finished_at) == ("finished", "stop", LATER)


def test_it_is_not_asked_about_twice(town):
    pilot, _decision = asked(town)
    pilot.refresh_from_db()
    with pytest.raises(Conflict):
        request_pilot_decision(pilot, by=town.chief, now=LATER)


def test_what_is_frozen_says_who_was_asked_by_then(town):
    pilot = build.a_planned(town)
    spec = dict(map(tuple, pilot_content(pilot, NOW.date())["spec"]))
    assert spec["参加者"] == "参加の依頼は、まだしていません。"
    people = [(town.chief, "agreed", NOW.date()), (town.office, "asked", None)]
    for person, state, agreed_on in people:
        Participant.objects.create(
            municipality=town.body,
            pilot=pilot,
            member=person,
            department=town.kikaku,
            state=state,
            asked_on=NOW.date(),
            agreed_on=agreed_on,
        )
    spec = dict(map(tuple, pilot_content(pilot, NOW.date())["spec"]))
    assert spec["参加者"] == "2人に依頼済み(同意1人、返事待ち1人)"


def test_who_reads_no_small_numbers_is_not_told_how_many_completed_their_courses(town):
    """「同意した3人のうち2人が修了」 counts the participants as well."""
    pilot = build.a_planned(town)
    for person in town.staff[:3]:
        Participant.objects.create(
            municipality=town.body,
            pilot=pilot,
            member=person,
            department=town.kikaku,
            state="agreed",
            asked_on=NOW.date(),
            agreed_on=NOW.date(),
        )
    content = pilot_content(pilot, NOW.date())
    assert "人のうち" in dict(map(tuple, content["spec"]))["必須研修"]
    few = pilot_for_few(pilot.pk, kept(content), Gate(5), NOW.date())
    spec = dict(map(tuple, as_read(few)["spec"]))
    assert (spec["参加者"], spec["必須研修"]) == ("＊", "＊")


def test_what_was_frozen_with_other_words_tells_no_number_either(town):
    pilot = build.a_planned(town)
    content = pilot_content(pilot, NOW.date())
    few = pilot_for_few(pilot.pk, reworded(content), Gate(5), NOW.date())
    spec = dict(map(tuple, few["spec"]))
    assert (spec["旧参加者"], spec["旧必須研修"]) == ("＊", "＊")
    assert spec["旧目的"] == pilot.purpose
    older = without_keys(content)
    few = pilot_for_few(pilot.pk, older, Gate(5), NOW.date())
    assert [label for label, value in few["spec"] if value == "＊"] == ["参加者", "必須研修"]
    assert few["tables"] == older["tables"]
    few = pilot_for_few(pilot.pk, reworded(older), Gate(5), NOW.date())
    assert {value for _label, value in few["spec"]} == {"＊"}
    assert {cell for table in few["tables"] for row in table["rows"] for cell in row} == {"＊"}


# --- what is frozen is so at that moment ----------------------------------------------------------


def training_asked(pilot):
    return dict(map(tuple, pilot_content(pilot, NOW.date())["spec"]))["必須研修"]


def test_the_required_training_is_told_as_it_stands(town):
    pilot = build.a_planned(town)
    waits = "すべて修了するまで、試行は始まりません。"
    assert training_asked(pilot) == f"責任者は未修了。{waits}"
    build.completed(town.course, [town.chief, *town.staff])
    assert training_asked(pilot) == f"責任者は修了。{waits}", "nobody agreed yet"
    build.with_participants(pilot, town.staff, by=town.chief)
    assert training_asked(pilot) == "責任者は修了、同意した3人のうち3人が修了。"
    CourseRequirement.objects.all().delete()
    assert training_asked(pilot) == "必須の研修はありません。"


def test_the_page_does_not_promise_that_approval_alone_lets_it_begin(town):
    pilot, _decision = asked(town)
    text = signed_in(town.chief).get(pilot.get_absolute_url()).content.decode()
    assert "承認の後、開始日に条件がそろっていれば始められます。" in text
