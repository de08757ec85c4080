"""Rounds and assessments: every arrow, every refusal, and what stays beside what."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from municipality.audit.models import Entry
from municipality.core.refusals import Conflict, Denied
from municipality.deadlines.queries import due_things
from municipality.notifications.models import Notice
from rollout.readiness.models import Answer, Assessment, Round
from rollout.readiness.operations.answers import Entered, save_answers, submit_assessment
from rollout.readiness.operations.reviews import (
    confirm_assessment,
    return_assessment,
    save_review,
)
from rollout.readiness.operations.rounds import close_round, open_round
from rollout.readiness.scores import score
from tests.build import rollout as build
from tests.build.municipality import a_department, a_member, at

pytestmark = pytest.mark.django_db
State = Assessment.State
NOW = at(2026, 10, 20)


def answers_of(assessment):
    return {row.criterion.code: row for row in assessment.answers.select_related("criterion")}


def number_of(assessment, code):
    return answers_of(assessment)[code].criterion_id


def test_a_round_asks_every_department_but_the_body_and_each_of_all_criteria(town):
    round_ = build.a_round(town.body, town.office)
    asked = round_.assessments.values_list("department__name", "state", "due_on")
    assert sorted(asked) == [
        ("税務課", State.NOT_STARTED, build.DUE_ON),
        ("総務課", State.NOT_STARTED, build.DUE_ON),
    ]
    assert (round_.number, round_.state, round_.opens_on) == (
        1,
        Round.State.OPEN,
        date(2026, 10, 1),
    )
    assert Answer.objects.filter(assessment__round=round_, own_level=None).count() == 2 * 28


def test_a_department_that_has_ended_is_not_asked(town):
    gone = a_department(town.body, "旧課")
    type(gone).objects.filter(pk=gone.pk).update(ends_on=date(2026, 9, 30))
    assert build.a_round(town.body, town.office).assessments.count() == 2


def test_only_the_departments_named_are_asked(town):
    round_ = build.a_round(town.body, town.office, departments=[town.zeimu])
    assert [row.department for row in round_.assessments.all()] == [town.zeimu]


def test_a_second_round_waits_until_the_first_is_closed(town):
    first = build.a_round(town.body, town.office)
    with pytest.raises(Conflict) as refused:
        build.a_round(town.body, town.office, "第2回")
    assert refused.value.address == first.get_absolute_url()
    close_round(first, by=town.office, now=NOW)
    assert build.a_round(town.body, town.office, "第2回").number == 2


def test_the_database_keeps_a_second_open_round_out(town):
    build.a_round(town.body, town.office)
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.create(
            municipality=town.body,
            name="x",
            number=9,
            opens_on=NOW.date(),
            due_on=NOW.date(),
            catalogue_version=1,
        )


def test_a_round_is_not_opened_for_a_day_that_has_passed_nor_without_departments(town):
    with pytest.raises(Conflict):
        open_round(town.body, name="x", due_on=date(2026, 10, 19), by=town.office, now=NOW)
    with pytest.raises(Conflict):
        open_round(
            town.body, name="x", due_on=date(2026, 11, 6), by=town.office, now=NOW, departments=[]
        )
    assert Round.objects.count() == 0


def test_only_the_office_opens_and_closes_rounds(town):
    with pytest.raises(Denied):
        build.a_round(town.body, town.manager)
    round_ = build.a_round(town.body, town.office)
    with pytest.raises(Denied):
        close_round(round_, by=town.manager, now=NOW)


def test_what_was_confirmed_before_stands_beside_an_empty_answer(town):
    first = build.a_round(town.body, town.office)
    kept = build.submitted(first, town.soumu, town.manager, level=2, D1=4)
    levels = {number_of(kept, "D1"): (3, "一覧の一部を確認")} | build.conditions_of(kept)
    confirm_assessment(kept, by=town.office, now=NOW, reviewed=levels)
    close_round(first, by=town.office, now=NOW)
    second = build.a_round(town.body, town.office, "第2回", now=NOW)
    asked = build.an_assessment(second, town.soumu)
    answers = answers_of(asked)
    assert asked.state == State.NOT_STARTED
    assert (answers["D1"].own_level, answers["D1"].previous_level) == (None, 3)
    assert (answers["D2"].own_level, answers["D2"].previous_level) == (None, 2)
    assert {row.answered_by_id for row in answers.values()} == {None}
    assert (asked.result.total.answered, asked.result.total.total) == (0, 28)
    assert {
        row.previous_level for row in build.an_assessment(second, town.zeimu).answers.all()
    } == {None}


def test_the_comment_of_the_round_before_stands_beside_an_empty_one(town):
    first = build.a_round(town.body, town.office)
    kept = build.entering(first, town.soumu, town.manager)
    typed = {number_of(kept, "D1"): (3, "一覧は共有フォルダー")}
    save_answers(kept, levels=typed, edition=kept.edition, by=town.manager, now=NOW)
    submit_assessment(kept, by=town.manager, now=NOW)
    confirm_assessment(kept, by=town.office, now=NOW, reviewed=build.conditions_of(kept))
    close_round(first, by=town.office, now=NOW)
    second = build.a_round(town.body, town.office, "第2回", now=NOW)
    answer = answers_of(build.an_assessment(second, town.soumu))["D1"]
    assert (answer.comment, answer.previous_comment) == ("", "一覧は共有フォルダー")


def test_what_was_only_submitted_is_not_carried_over(town):
    first = build.a_round(town.body, town.office)
    build.submitted(first, town.soumu, town.manager)
    close_round(first, by=town.office, now=NOW)
    second = build.a_round(town.body, town.office, "第2回", now=NOW)
    assert {row.own_level for row in build.an_assessment(second, town.soumu).answers.all()} == {
        None
    }


def test_saving_a_part_starts_the_assessment_and_keeps_the_rest_open(town):
    asked = build.an_assessment(build.a_round(town.body, town.office), town.soumu)
    number = number_of(asked, "D1")
    save_answers(
        asked, levels={number: (3, "一覧を作成済み")}, edition=asked.edition, by=town.clerk, now=NOW
    )
    kept = build.an_assessment(asked.round, town.soumu)
    answers = answers_of(kept)
    assert kept.state == State.ENTERING
    assert (answers["D1"].own_level, answers["D1"].comment) == (3, "一覧を作成済み")
    assert answers["D2"].own_level is None
    assert kept.result == score(answers.values())
    assert (kept.result.total.answered, kept.result.total.total) == (1, 28)


def test_an_answer_can_be_taken_back(town):
    kept = build.entering(build.a_round(town.body, town.office), town.soumu, town.manager)
    save_answers(
        kept,
        levels={number_of(kept, "D1"): (None, "")},
        edition=kept.edition,
        by=town.manager,
        now=NOW,
    )
    assert answers_of(kept)["D1"].own_level is None
    assert kept.result.total.answered == 27


def test_a_stale_form_changes_nothing(town):
    asked = build.an_assessment(build.a_round(town.body, town.office), town.soumu)
    stale = asked.edition
    save_answers(
        asked, levels={number_of(asked, "D1"): (3, "")}, edition=stale, by=town.clerk, now=NOW
    )
    with pytest.raises(Conflict):
        save_answers(
            asked, levels={number_of(asked, "D1"): (0, "")}, edition=stale, by=town.manager, now=NOW
        )
    assert answers_of(asked)["D1"].own_level == 3


@pytest.mark.parametrize("person", ["staff", "other_manager", "office", "consultant", "executive"])
def test_others_do_not_fill_in(town, person):
    asked = build.an_assessment(build.a_round(town.body, town.office), town.soumu)
    with pytest.raises(Denied):
        save_answers(asked, levels={}, edition=asked.edition, by=getattr(town, person), now=NOW)


def test_an_incomplete_assessment_cannot_be_submitted(town):
    kept = build.entering(build.a_round(town.body, town.office), town.soumu, town.manager, D1=None)
    with pytest.raises(Conflict, match="1件"):
        submit_assessment(kept, by=town.manager, now=NOW)
    assert kept.state == State.ENTERING


def test_the_clerk_does_not_submit(town):
    kept = build.entering(build.a_round(town.body, town.office), town.soumu, town.clerk)
    with pytest.raises(Denied):
        submit_assessment(kept, by=town.clerk, now=NOW)


def test_the_answers_of_the_last_round_cannot_be_handed_in_unseen(town):
    first = build.a_round(town.body, town.office)
    build.confirmed(first, town.soumu, town.manager, town.office)
    close_round(first, by=town.office, now=NOW)
    asked = build.an_assessment(build.a_round(town.body, town.office, "第2回", now=NOW), town.soumu)
    with pytest.raises(Conflict, match="28件"):
        submit_assessment(asked, by=town.manager, now=NOW)


def test_submitting_says_by_whom_and_when_and_until_when_it_is_to_be_confirmed(town):
    kept = build.entering(build.a_round(town.body, town.office), town.soumu, town.manager)
    submit_assessment(kept, by=town.manager, now=at(2026, 10, 20))
    assert (kept.state, kept.submitted_by, kept.submitted_at) == (
        State.SUBMITTED,
        town.manager,
        at(2026, 10, 20),
    )
    # ten open days on from Tue 20 Oct; Tue 3 Nov is a national holiday
    assert kept.confirm_due_on == date(2026, 11, 4)


def test_what_is_submitted_cannot_be_changed_or_submitted_again(town):
    kept = build.submitted(build.a_round(town.body, town.office), town.soumu, town.manager)
    with pytest.raises(Conflict):
        save_answers(
            kept,
            levels={number_of(kept, "D1"): (0, "")},
            edition=kept.edition,
            by=town.manager,
            now=NOW,
        )
    with pytest.raises(Conflict):
        submit_assessment(kept, by=town.manager, now=NOW)
    assert answers_of(kept)["D1"].own_level == 3


def test_a_closed_round_takes_no_answers_but_lets_what_was_submitted_be_confirmed(town):
    round_ = build.a_round(town.body, town.office)
    waiting = build.submitted(round_, town.soumu, town.manager)
    entering = build.entering(round_, town.zeimu, town.other_manager)
    close_round(round_, by=town.office, now=NOW)
    entering, waiting = (build.an_assessment(round_, row.department) for row in (entering, waiting))
    with pytest.raises(Conflict):
        save_answers(entering, levels={}, edition=entering.edition, by=town.other_manager, now=NOW)
    with pytest.raises(Conflict):
        submit_assessment(entering, by=town.other_manager, now=NOW)
    with pytest.raises(Conflict):
        return_assessment(waiting, remark="x", by=town.office, now=NOW)
    reviewed = build.conditions_of(waiting)
    confirm_assessment(waiting, by=town.office, now=NOW, reviewed=reviewed)
    assert waiting.state == State.CONFIRMED


def test_a_round_is_closed_once(town):
    round_ = build.a_round(town.body, town.office)
    close_round(round_, by=town.office, now=NOW)
    with pytest.raises(Conflict):
        close_round(round_, by=town.office, now=NOW)


def test_a_review_stands_beside_what_the_department_said(town):
    kept = build.submitted(build.a_round(town.body, town.office), town.soumu, town.manager)
    save_review(
        kept,
        reviewed={number_of(kept, "D2"): (1, "区分の一覧がない")},
        edition=kept.edition,
        by=town.consultant,
        now=NOW,
    )
    answer = answers_of(kept)["D2"]
    assert (
        answer.own_level,
        answer.reviewed_level,
        answer.reviewed_comment,
        answer.difference,
    ) == (
        3,
        1,
        "区分の一覧がない",
        -2,
    )
    assert kept.result.total.blockers == ["D2"]


def test_only_what_is_submitted_is_reviewed(town):
    kept = build.entering(build.a_round(town.body, town.office), town.soumu, town.manager)
    with pytest.raises(Conflict):
        save_review(kept, reviewed={}, edition=kept.edition, by=town.office, now=NOW)


def test_confirming_writes_no_review_that_nobody_made(town):
    kept = build.submitted(build.a_round(town.body, town.office), town.soumu, town.manager)
    save_review(
        kept,
        reviewed={number_of(kept, "D2"): (1, "区分の一覧がない")},
        edition=kept.edition,
        by=town.consultant,
        now=NOW,
    )
    conditions = build.conditions_of(kept) | {number_of(kept, "D2"): (1, "区分の一覧がない")}
    confirm_assessment(
        kept,
        by=town.office,
        now=NOW,
        reviewed=conditions | {number_of(kept, "D3"): (4, "見て確かめた")},
    )
    answers = answers_of(kept)
    assert (kept.state, kept.confirmed_by, kept.confirmed_at) == (State.CONFIRMED, town.office, NOW)
    assert [
        (answers[code].own_level, answers[code].reviewed_level, answers[code].level)
        for code in ("D1", "D2", "D3")
    ] == [
        (3, None, 3),
        (3, 1, 1),
        (3, 4, 4),
    ]
    assert [answers[code].reviewed_by for code in ("D1", "D2", "D3")] == [
        None,
        town.consultant,
        town.office,
    ]
    assert kept.result == score(answers.values())


def test_nothing_is_confirmed_before_somebody_looked_at_each_condition(town):
    kept = build.submitted(build.a_round(town.body, town.office), town.soumu, town.manager)
    with pytest.raises(Conflict, match="必須条件7件"):
        confirm_assessment(kept, by=town.office, now=NOW)
    conditions = build.conditions_of(kept)
    missing = number_of(kept, "I2")
    with pytest.raises(Conflict, match="I2 接続の方式"):
        confirm_assessment(
            kept,
            by=town.office,
            now=NOW,
            reviewed={number: each for number, each in conditions.items() if number != missing},
        )
    assert Assessment.objects.get(pk=kept.pk).state == State.SUBMITTED
    assert {row.reviewed_level for row in kept.answers.all()} == {None}


def test_a_lowered_level_asks_for_its_reason(town):
    kept = build.submitted(build.a_round(town.body, town.office), town.soumu, town.manager)
    with pytest.raises(Conflict, match="理由"):
        save_review(
            kept,
            reviewed={number_of(kept, "D2"): (1, " ")},
            edition=kept.edition,
            by=town.office,
            now=NOW,
        )
    assert answers_of(kept)["D2"].reviewed_level is None


def test_an_answer_says_who_gave_it_and_when_and_keeps_it_when_nothing_changed(town):
    asked = build.an_assessment(build.a_round(town.body, town.office), town.soumu)
    number = number_of(asked, "D1")
    save_answers(asked, levels={number: (3, "")}, edition=asked.edition, by=town.clerk, now=NOW)
    again = {number: (3, ""), number_of(asked, "D2"): (2, "")}
    later = at(2026, 10, 22)
    save_answers(asked, levels=again, edition=asked.edition, by=town.manager, now=later)
    answers = answers_of(asked)
    assert [(answers[code].answered_by, answers[code].answered_at) for code in ("D1", "D2")] == [
        (town.clerk, NOW),
        (town.manager, later),
    ]


def test_two_people_on_two_axes_do_not_collide(town):
    asked = build.an_assessment(build.a_round(town.body, town.office), town.soumu)
    seen = asked.edition
    save_answers(
        asked, levels={number_of(asked, "D1"): (3, "")}, edition=seen, by=town.clerk, now=NOW
    )
    other = build.an_assessment(asked.round, town.soumu)
    typed = {number_of(asked, "I1"): (2, "")}
    save_answers(other, levels=typed, edition=seen, by=town.manager, now=NOW)
    answers = answers_of(asked)
    assert (answers["D1"].own_level, answers["I1"].own_level) == (3, 2)


def test_two_people_on_the_same_item_see_both_texts(town):
    asked = build.an_assessment(build.a_round(town.body, town.office), town.soumu)
    seen, number = asked.edition, number_of(asked, "D1")
    save_answers(asked, levels={number: (3, "一覧あり")}, edition=seen, by=town.clerk, now=NOW)
    with pytest.raises(Conflict) as refused:
        save_answers(
            asked, levels={number: (1, "一覧なし")}, edition=seen, by=town.manager, now=NOW
        )
    difference = refused.value.differences[0]
    assert (difference.now, difference.typed) == ("3 一覧あり", "1 一覧なし")


def test_what_does_not_apply_is_answered_and_not_in_the_score(town):
    kept = build.entering(build.a_round(town.body, town.office), town.soumu, town.manager, D1=0)
    number = number_of(kept, "D1")
    typed = {number: Entered(None, "窓口を持たないため", not_applicable=True)}
    save_answers(kept, levels=typed, edition=kept.edition, by=town.manager, now=NOW)
    assert (kept.result.total.answered, kept.result.total.total) == (28, 28)
    assert kept.result.total.value == 3.0
    assert submit_assessment(kept, by=town.manager, now=NOW).state == State.SUBMITTED


@pytest.mark.parametrize(
    ("code", "comment"), [("D1", ""), ("D2", "窓口を持たないため")], ids=["no reason", "必須条件"]
)
def test_what_does_not_apply_needs_a_reason_and_is_no_condition(town, code, comment):
    kept = build.entering(build.a_round(town.body, town.office), town.soumu, town.manager)
    typed = {number_of(kept, code): Entered(None, comment, not_applicable=True)}
    with pytest.raises(Conflict):
        save_answers(kept, levels=typed, edition=kept.edition, by=town.manager, now=NOW)
    assert answers_of(kept)[code].own_level == 3


def test_sending_back_names_its_items_and_those_of_the_last_time_go(town):
    kept = build.submitted(build.a_round(town.body, town.office), town.soumu, town.manager)
    remarks = {number_of(kept, "D2"): "区分の一覧を付けてください。"}
    return_assessment(kept, remark="2項目", remarks=remarks, by=town.office, now=NOW)
    assert answers_of(kept)["D2"].return_remark == "区分の一覧を付けてください。"
    build.mend(kept, "D2", town.manager)
    submit_assessment(kept, by=town.manager, now=NOW)
    remarks = {number_of(kept, "I2"): "手順書の名前を書いてください。"}
    return_assessment(kept, remark="1項目", remarks=remarks, by=town.office, now=NOW)
    named = {code: row.return_remark for code, row in answers_of(kept).items() if row.return_remark}
    assert named == {"I2": "手順書の名前を書いてください。"}


def test_confirming_from_a_stale_page_is_refused(town):
    kept = build.submitted(build.a_round(town.body, town.office), town.soumu, town.manager)
    with pytest.raises(Conflict):
        confirm_assessment(kept, by=town.office, now=NOW, edition=kept.edition - 1)
    assert Assessment.objects.get(pk=kept.pk).state == State.SUBMITTED


def test_of_two_who_confirm_at_once_the_second_is_told(town):
    kept = build.submitted(build.a_round(town.body, town.office), town.soumu, town.manager)
    other = build.an_assessment(kept.round, town.soumu)
    confirm_assessment(kept, by=town.office, now=NOW, reviewed=build.conditions_of(kept))
    with pytest.raises(Conflict) as refused:
        confirm_assessment(other, by=town.second_office, now=NOW)
    assert refused.value.address == kept.get_absolute_url()
    assert Assessment.objects.get(pk=kept.pk).confirmed_by == town.office


def test_returning_needs_a_reason_gives_time_and_tells_the_manager(town):
    kept = build.submitted(build.a_round(town.body, town.office), town.soumu, town.manager)
    with pytest.raises(Conflict):
        return_assessment(kept, remark="  ", by=town.office, now=NOW)
    return_assessment(
        kept, remark="D2の根拠を書いてください。", by=town.office, now=at(2026, 11, 5)
    )
    assert (kept.state, kept.remark) == (State.RETURNED, "D2の根拠を書いてください。")
    assert kept.due_on == date(
        2026, 11, 12
    )  # five open days after 5 November, later than the round's 6 November
    told = Notice.objects.get(member=town.manager, rule="readiness.returned")
    assert told.params["remark"] == "D2の根拠を書いてください。"


def test_returning_early_leaves_the_due_date_of_the_round(town):
    kept = build.submitted(build.a_round(town.body, town.office), town.soumu, town.manager)
    return_assessment(kept, remark="x", by=town.office, now=at(2026, 10, 5))
    assert kept.due_on == build.DUE_ON


def test_a_second_return_is_told_again(town):
    kept = build.returned(
        build.a_round(town.body, town.office), town.soumu, town.manager, town.office
    )
    build.mend(kept, "D2", town.manager)
    submit_assessment(kept, by=town.manager, now=NOW)
    return_assessment(kept, remark="もう一度", by=town.office, now=NOW)
    assert Notice.objects.filter(member=town.manager, rule="readiness.returned").count() == 2


def test_a_level_changed_after_a_return_loses_its_review_and_the_others_keep_theirs(town):
    kept = build.submitted(build.a_round(town.body, town.office), town.soumu, town.manager)
    reviewed = {number_of(kept, "D1"): (1, "a"), number_of(kept, "D2"): (2, "b")}
    save_review(kept, reviewed=reviewed, edition=kept.edition, by=town.office, now=NOW)
    return_assessment(kept, remark="x", by=town.office, now=NOW)
    levels = {number_of(kept, "D1"): (2, ""), number_of(kept, "D2"): (3, "")}
    save_answers(kept, levels=levels, edition=kept.edition, by=town.manager, now=NOW)
    answers = answers_of(kept)
    assert [(answers[code].own_level, answers[code].reviewed_level) for code in ("D1", "D2")] == [
        (2, None),
        (3, 2),
    ]


def test_nobody_confirms_their_own_submission_not_even_past_the_operation(town):
    both = a_member(town.zeimu, "manager", "office", post="課長")
    kept = build.submitted(build.a_round(town.body, town.office), town.zeimu, both)
    with pytest.raises(Denied):
        confirm_assessment(kept, by=both, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.filter(pk=kept.pk).update(
            state="confirmed", confirmed_by=both, confirmed_at=NOW
        )


@pytest.mark.parametrize(
    "facts",
    [
        {"state": "submitted", "submitted_by": None},
        {"state": "confirmed"},
        {"state": "returned", "remark": ""},
        {"confirmed_at": NOW},
    ],
)
def test_facts_that_belong_together_stand_together(town, facts):
    kept = build.submitted(build.a_round(town.body, town.office), town.soumu, town.manager)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.filter(pk=kept.pk).update(**facts)


@pytest.mark.parametrize("field", ["own_level", "reviewed_level"])
def test_a_level_above_four_cannot_be_stored(town, field):
    build.a_round(town.body, town.office)
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.update(**{field: 5})


def test_every_step_stands_in_the_history_once(town):
    round_ = build.a_round(town.body, town.office)
    kept = build.submitted(round_, town.soumu, town.manager)
    return_assessment(kept, remark="x", by=town.office, now=NOW)
    build.mend(kept, "D2", town.manager)
    submit_assessment(kept, by=town.manager, now=NOW)
    confirm_assessment(kept, by=town.office, now=NOW, reviewed=build.conditions_of(kept))
    close_round(round_, by=town.office, now=NOW)
    verbs = (
        Entry.objects.filter(verb__startswith="readiness.")
        .order_by("seq")
        .values_list("verb", flat=True)
    )
    assert [verb.removeprefix("readiness.") for verb in verbs] == [
        "round_opened",
        "answered",
        "submitted",
        "returned",
        "answered",
        "submitted",
        "confirmed",
        "round_closed",
    ]


def due(town, day=date(2026, 10, 30)):
    rules = ("readiness.answer", "readiness.correct", "readiness.confirm")
    return [
        (row.rule, row.object_id, row.role, row.due_on)
        for rule in rules
        for row in due_things(town.body, day, rule=rule)
    ]


def test_answers_are_due_from_the_manager_and_confirmation_from_the_office(town):
    round_ = build.a_round(town.body, town.office)
    soumu, zeimu = (build.an_assessment(round_, row).pk for row in (town.soumu, town.zeimu))
    answer = ("readiness.answer", "manager", build.DUE_ON)
    assert sorted(due(town)) == sorted((answer[0], pk, *answer[1:]) for pk in (soumu, zeimu))
    kept = build.submitted(round_, town.soumu, town.manager)
    assert due(town) == [
        (answer[0], zeimu, *answer[1:]),
        ("readiness.confirm", soumu, "office", kept.confirm_due_on),
    ]
    confirm_assessment(kept, by=town.office, now=NOW, reviewed=build.conditions_of(kept))
    assert due(town) == [(answer[0], zeimu, *answer[1:])]
    close_round(round_, by=town.office, now=NOW)
    assert due(town) == []


def test_what_was_returned_is_due_again_on_its_new_day(town):
    round_ = build.a_round(town.body, town.office, departments=[town.soumu])
    kept = build.submitted(round_, town.soumu, town.manager)
    return_assessment(kept, remark="x", by=town.office, now=at(2026, 11, 5))
    assert due(town) == [("readiness.correct", kept.pk, "manager", date(2026, 11, 12))]
