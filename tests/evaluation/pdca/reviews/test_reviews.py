"""A review after it opened: texts, remarks, actions, closing, carrying on, and the decision."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from evaluation.pdca.actions.models import Action
from evaluation.pdca.actions.operations import (
    add_action,
    cancel_action,
    change_action,
    finish_action,
)
from evaluation.pdca.reviews.models import Review, ReviewFigure
from evaluation.pdca.reviews.operations.reviews import (
    add_remark,
    ask_for_review_route,
    close_review,
    request_review_decision,
    save_review,
)
from municipality.core.refusals import Conflict, Denied
from municipality.decisions.models import Decision
from municipality.decisions.operations.decisions import reject, submit_decision, withdraw
from municipality.decisions.operations.send_back import return_decision
from municipality.notifications.models import Notice
from tests.build import evaluation as build
from tests.build.frozen import read_of
from tests.build.municipality import at, signed_in
from tests.build.pilots import used

pytestmark = pytest.mark.django_db
TEXTS = build.TEXTS
NOV = at(2026, 11, 5)


@pytest.fixture
def town():
    return build.a_town()


@pytest.mark.parametrize(
    ("who", "own", "bodys"),
    [
        ("office", True, True),
        ("chief", True, False),
        ("tax_chief", False, False),
        ("staff", False, False),
        ("mayor", False, False),
        ("hr", False, False),
        ("consultant", False, False),
        ("auditor", False, False),
    ],
)
def test_who_writes_and_closes_a_review(town, who, own, bodys):
    member = getattr(town, who)
    for review, allowed in (
        (build.a_review(town, town.kikaku), own),
        (build.a_review(town), bodys),
    ):
        if allowed:
            save_review(review, **TEXTS, edition=review.edition, by=member)
            assert close_review(review, by=member, now=NOV).state == Review.State.CLOSED
        else:
            with pytest.raises(Denied):
                save_review(review, **TEXTS, edition=review.edition, by=member)
            with pytest.raises(Denied):
                close_review(review, by=member, now=NOV)


@pytest.mark.parametrize(
    ("who", "role", "post", "advice"),
    [
        ("chief", "manager", "企画財政課 課長", False),
        ("tax_chief", "manager", "税務課 課長", False),
        ("office", "office", "総務課 主事", False),
        ("mayor", "executive", "町長", False),
        ("consultant", "consultant", "主事", True),
    ],
)
def test_remarks_keep_name_post_and_role(town, who, role, post, advice):
    member = getattr(town, who)
    remark = add_remark(build.a_review(town), text=" 順調に見えます。 ", by=member, now=NOV)
    assert (remark.name, remark.post, remark.role, remark.is_advice, remark.text) == (
        member.name,
        post,
        role,
        advice,
        "順調に見えます。",
    )


@pytest.mark.parametrize("who", ["staff", "hr", "auditor"])
def test_staff_hr_and_auditors_do_not_remark(town, who):
    with pytest.raises(Denied):
        add_remark(build.a_review(town), text="所見", by=getattr(town, who), now=NOV)


@pytest.mark.parametrize("lack", [{"what": ""}, {"who": None}, {"due_on": None}])
def test_a_review_is_not_closed_while_an_action_lacks_what_who_or_until_when(town, lack):
    review = build.a_written_review(town, town.kikaku)
    facts = {"what": "応援体制を組む", "who": town.staff, "due_on": date(2026, 11, 27), **lack}
    action = add_action(review, **facts, by=town.chief, now=NOV)
    with pytest.raises(Conflict, match="内容・担当・期限") as refused:
        close_review(review, by=town.chief, now=NOV)
    assert refused.value.address == action.get_absolute_url()
    assert Review.objects.get(pk=review.pk).state == Review.State.ENTERING
    cancel_action(action, outcome="取りやめ", by=town.chief, now=NOV)
    assert close_review(review, by=town.chief, now=NOV).state == Review.State.CLOSED


def test_closing_freezes_every_figure_with_its_definition(town):
    review = build.a_closed(town, town.kikaku)
    rows = {row.indicator.code: row for row in review.figures.select_related("indicator")}
    assert {code: (row.numerator, row.denominator, row.missing) for code, row in rows.items()} == {
        "K01": (2, 3, 0),
        "K02": (2, 3, 0),
        "K03": (2, 3, 0),
        "K04": (3.0, 3, 0),
        "K06": (3.0, 2, 0),
        "K24": (0, 0, 0),
        "K26": (0, 0, 0),
        "K35": (0, 0, 0),
    }
    assert (
        {row.frozen_at for row in rows.values()} == {review.closed_at} == {at(2026, 11, 6, 18, 2)}
    )
    versions = {code: row.indicator.definition_version for code, row in rows.items()}
    assert versions == {
        **dict.fromkeys(("K01", "K06"), 4),
        **dict.fromkeys(("K02", "K03", "K04", "K24", "K26", "K35"), 3),
    }


def test_frozen_figures_never_change_although_records_come_in_later(town):
    review = build.a_closed(town, town.kikaku)
    before = list(review.figures.order_by("pk").values())
    used(town.staff, town.kikaku, date(2026, 10, 20), date(2026, 10, 21))
    with pytest.raises(Conflict):
        close_review(review, by=town.chief, now=at(2026, 11, 20))
    assert list(ReviewFigure.objects.filter(review=review).order_by("pk").values()) == before


def test_of_two_who_close_at_once_one_closes(town):
    build.a_written_review(town, town.kikaku)
    first, second = build.a_review(town, town.kikaku), build.a_review(town, town.kikaku)
    close_review(first, by=town.chief, now=NOV)
    with pytest.raises(Conflict, match="先に操作"):
        close_review(second, by=town.office, now=NOV)
    assert ReviewFigure.objects.filter(review=first).count() == 8


def test_the_figure_of_the_period_before_is_the_frozen_one(town):
    build.a_closed(town, town.kikaku)
    used(town.staff, town.kikaku, date(2026, 10, 22), date(2026, 11, 10))
    build.reviews_opened(town, at(2026, 12, 1))
    november = build.written(
        Review.objects.get(department=town.kikaku, first=date(2026, 11, 1)), town.chief
    )
    close_review(november, by=town.chief, now=at(2026, 12, 2))
    days = november.figures.get(indicator__code="K04")
    assert (days.numerator, days.previous.value) == (1.0, 3.0)


def test_whoever_gets_an_action_is_told_once(town):
    review = build.a_review(town, town.kikaku)
    action = add_action(
        review,
        what="予定表を作る",
        who=town.staff,
        due_on=date(2026, 11, 27),
        by=town.chief,
        now=NOV,
    )
    change_action(
        action,
        what="予定表を配る",
        who=town.staff,
        due_on=date(2026, 11, 30),
        edition=action.edition,
        by=town.chief,
        now=NOV,
    )
    assert list(Notice.objects.filter(rule="action.given").values_list("member", flat=True)) == [
        town.staff.pk
    ]


@pytest.mark.parametrize(
    ("who", "finishes", "changes"),
    [
        ("staff", True, False),
        ("chief", True, True),
        ("office", True, True),
        ("second", False, False),
        ("mayor", False, False),
    ],
)
def test_who_finishes_and_who_changes_an_action(town, who, finishes, changes):
    review, member = build.a_review(town, town.kikaku), getattr(town, who)
    action = add_action(
        review, what="予定表", who=town.staff, due_on=date(2026, 11, 27), by=town.chief, now=NOV
    )
    facts = {
        "what": "別",
        "who": town.staff,
        "due_on": date(2026, 11, 27),
        "edition": action.edition,
        "now": NOV,
    }
    if changes:
        change_action(action, **facts, by=member)
    else:
        with pytest.raises(Denied):
            change_action(action, **facts, by=member)
    if finishes:
        assert (
            finish_action(action, outcome="配りました", by=member, now=NOV).state
            == Action.State.DONE
        )
    else:
        with pytest.raises(Denied):
            finish_action(action, outcome="横取り", by=member, now=NOV)


def test_after_closing_an_action_must_be_complete_at_once(town):
    review = build.a_closed(town, town.kikaku)
    with pytest.raises(Conflict, match="締めた後"):
        add_action(review, what="予定表", who=None, due_on=None, by=town.chief, now=NOV)
    assert build.with_action(review, town.chief).pk


def test_calling_off_needs_a_reason(town):
    action = build.with_action(build.a_review(town, town.kikaku), town.chief)
    with pytest.raises(Conflict, match="理由"):
        cancel_action(action, outcome=" ", by=town.chief, now=NOV)


def test_a_closed_review_goes_through_its_decision(town):
    review, decision = build.a_deciding(town)
    review.refresh_from_db()
    assert review.state == Review.State.DECIDING
    content = read_of(decision)
    assert [pair[0] for pair in content["spec"]] == [
        "レビューの対象",
        "レビューの期間",
        "今期のねらい",
        "行ったこと",
        "結果と分析",
        "次に向けて",
        "改善項目",
    ]
    spec = dict(map(tuple, content["spec"]))
    assert spec["レビューの期間"] == ("令和8年10月分(令和8年10月1日(木)から10月31日(土)まで)")
    assert spec["改善項目"] == "なし"
    assert content["tables"][0]["asof"].endswith("の締めで固定した値です。")
    assert [table["title"] for table in content["tables"]] == ["締めで固定した数値"]
    assert content["tables"][0]["rows"][0] == [
        "K01 テレワーク実施者数",
        "2人",
        "—",
        "—",
        "—",
        "第4版",
    ]


def test_who_decides_is_told_what_moved_since_the_closing(town):
    _review, decision = build.a_deciding(town)
    client = signed_in(town.others["soumu_chief"])
    moved = "締めの後に"
    assert moved not in client.get(decision.get_absolute_url()).text
    used(town.staff, town.kikaku, date(2026, 10, 20), date(2026, 10, 21))
    page = client.get(decision.get_absolute_url()).text
    assert "締めの後に2件の数値が変わりました" in page
    assert "K04 延べ実施日数: 締めの時 3.0人日、いまは 5.0人日。" in page
    assert moved not in signed_in(town.consultant).get(decision.get_absolute_url()).text


def test_nobody_is_told_of_it_once_it_is_decided(town):
    build.a_decided(town)
    used(town.staff, town.kikaku, date(2026, 10, 20))
    page = signed_in(town.deputy_mayor).get(Decision.objects.get().get_absolute_url()).text
    assert "締めの後に" not in page


def test_decided_is_decided(town):
    review = build.a_decided(town)
    assert (review.state, review.decided_at) == (Review.State.DECIDED, at(2026, 11, 10))
    with pytest.raises(Conflict):
        save_review(review, **TEXTS, edition=review.edition, by=town.chief)
    with pytest.raises(Conflict):
        add_remark(review, text="後から", by=town.chief, now=at(2026, 11, 11))


def test_what_goes_through_decision_stands_still(town):
    review, _decision = build.a_deciding(town)
    review.refresh_from_db()
    with pytest.raises(Conflict):
        save_review(review, **TEXTS, edition=review.edition, by=town.chief)
    with pytest.raises(Conflict):
        build.with_action(review, town.chief)


def test_a_returned_review_is_mended_and_sent_again_as_the_next_revision(town):
    review, decision = build.a_deciding(town)
    step = decision.steps.select_related("decision", "post", "department").get(state="current")
    return_decision(
        step, by=town.others["soumu_chief"], now=at(2026, 11, 10), comment="根拠を足してください。"
    )
    review.refresh_from_db()
    assert review.state == Review.State.CLOSED
    save_review(review, **TEXTS, edition=review.edition, by=town.chief)
    again = request_review_decision(review, by=town.chief, now=at(2026, 11, 11))
    review.refresh_from_db()
    assert (again.pk, again.revision, review.state) == (decision.pk, 2, Review.State.DECIDING)


def test_a_returned_review_can_also_be_sent_again_from_the_page_of_its_decision(town):
    review, decision = build.a_deciding(town)
    step = decision.steps.select_related("decision", "post", "department").get(state="current")
    return_decision(
        step, by=town.others["soumu_chief"], now=at(2026, 11, 10), comment="根拠を足してください。"
    )
    decision.refresh_from_db()
    submit_decision(decision, by=town.chief, now=at(2026, 11, 11))
    review.refresh_from_db()
    assert review.state == Review.State.DECIDING


@pytest.mark.parametrize("end", ["withdraw", "reject"])
def test_after_withdrawal_or_rejection_a_new_decision_can_be_asked_for(town, end):
    review, decision = build.a_deciding(town)
    if end == "withdraw":
        withdraw(decision, by=town.chief, now=at(2026, 11, 10))
    else:
        step = decision.steps.select_related("decision", "post", "department").get(state="current")
        reject(step, by=town.others["soumu_chief"], now=at(2026, 11, 10), comment="見送ります。")
    review.refresh_from_db()
    again = request_review_decision(review, by=town.chief, now=at(2026, 11, 11))
    assert again.pk != decision.pk
    assert Decision.objects.filter(matter="evaluation.review", subject_id=review.pk).count() == 2


def test_an_open_review_does_not_go_to_decision(town):
    with pytest.raises(Conflict, match="締めたレビューだけ"):
        request_review_decision(build.a_review(town, town.kikaku), by=town.chief, now=NOV)


def test_the_bodys_own_review_is_drafted_by_the_office(town):
    decision = request_review_decision(build.a_closed(town), by=town.office, now=at(2026, 11, 9))
    assert (decision.department.name, decision.title) == (
        "総務課",
        "月次レビュー 令和8年10月分 あおば町",
    )


def test_who_can_draft_about_a_review_does_not_call_the_office(town):
    review = build.a_closed(town)
    with pytest.raises(Conflict, match="ご自身で起案できます"):
        ask_for_review_route(review, by=town.office, now=NOV)
    request_review_decision(review, by=town.office, now=NOV)
    review.refresh_from_db()
    with pytest.raises(Conflict):
        ask_for_review_route(review, by=town.office, now=NOV)


@pytest.mark.parametrize(
    "values",
    [
        {"state": "closed"},
        {"state": "decided"},
        {"closed_at": at(2026, 11, 6)},
        {"last": date(2026, 9, 30)},
    ],
)
def test_the_database_keeps_state_and_facts_together(town, values):
    review = build.a_review(town, town.kikaku)
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(**values)
