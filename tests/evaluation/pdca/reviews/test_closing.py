"""A review is closed only when it says something, and a closing can be opened again before the
decision, visibly.
"""

from __future__ import annotations

from datetime import date

import pytest

from evaluation.pdca.actions.operations import add_action
from evaluation.pdca.indicators.models import Indicator
from evaluation.pdca.reviews.figures import rows_of_closing
from evaluation.pdca.reviews.models import Review
from evaluation.pdca.reviews.operations.reviews import (
    add_remark,
    close_review,
    request_review_decision,
    save_review,
)
from evaluation.pdca.reviews.operations.revisions import reopen_review
from evaluation.pdca.reviews.queries import read_lacks
from municipality.core.refusals import Conflict, Denied
from municipality.decisions.operations.decisions import submit_decision
from municipality.decisions.operations.send_back import return_decision
from tests.build import evaluation as build
from tests.build.frozen import read_of
from tests.build.municipality import at, signed_in
from tests.build.pilots import used

pytestmark = pytest.mark.django_db
NOV = at(2026, 11, 6)


@pytest.fixture
def town():
    return build.a_town()


# --- nothing empty is closed ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "label"),
    [("do_text", "行ったこと"), ("check_text", "結果と分析"), ("act_text", "次に向けて")],
)
def test_a_review_without_one_of_its_texts_is_not_closed(town, part, label):
    review = build.a_review(town, town.kikaku)
    texts = {**build.TEXTS, part: " "}
    save_review(review, **texts, edition=review.edition, by=town.chief)
    with pytest.raises(Conflict, match=f"「{label}」が入力されていません") as refused:
        close_review(review, by=town.chief, now=NOV)
    assert refused.value.address == f"/993018/reviews/{review.pk}/edit/#id_{part}"


def test_the_aim_of_the_period_is_not_required(town):
    review = build.a_review(town, town.kikaku)
    texts = {**build.TEXTS, "plan_text": ""}
    save_review(review, **texts, edition=review.edition, by=town.chief)
    assert close_review(review, by=town.chief, now=NOV).state == "closed"


def test_without_definitions_there_are_no_figures_and_no_closing(town):
    review = build.a_written_review(town)
    Indicator.objects.of(town.body).delete()
    with pytest.raises(Conflict, match="指標の定義が登録されていない"):
        close_review(review, by=town.office, now=NOV)


def test_all_that_is_missing_is_named_on_the_page_in_the_form_and_by_the_operation(town):
    review = build.a_review(town, town.kikaku)
    add_action(review, what="予定表", who=None, due_on=None, by=town.chief, now=NOV)
    words = [lack.words for lack in read_lacks(review)]
    assert words == [
        "「行ったこと」が入力されていません。",
        "「結果と分析」が入力されていません。",
        "「次に向けて」が入力されていません。",
        "改善項目「予定表」に、内容・担当・期限のすべてが必要です。",
    ]
    client, address = signed_in(town.chief), review.get_absolute_url()
    for place in (address, f"{address}edit/"):
        page = client.get(place).content.decode()
        assert all(word in page for word in words)
    answer = client.post(f"{address}close/")
    assert answer.status_code == 409
    assert all(word in answer.content.decode() for word in words)


def test_what_was_closed_empty_before_does_not_go_to_decision(town):
    review = build.a_closed(town, town.kikaku)
    Review.objects.filter(pk=review.pk).update(do_text="")
    review.refresh_from_db()
    with pytest.raises(Conflict, match="行ったこと"):
        request_review_decision(review, by=town.chief, now=at(2026, 11, 9))


def test_a_returned_decision_is_not_sent_again_empty(town):
    review, decision = build.a_deciding(town)
    step = decision.steps.select_related("decision", "post", "department").get(state="current")
    return_decision(step, by=town.others["soumu_chief"], now=at(2026, 11, 10), comment="不足")
    Review.objects.filter(pk=review.pk).update(check_text="")
    decision.refresh_from_db()
    with pytest.raises(Conflict, match="結果と分析"):
        submit_decision(decision, by=town.chief, now=at(2026, 11, 11))


def test_the_form_shows_the_figures_and_what_the_last_review_set_out_to_do(town):
    build.a_closed(town, town.kikaku)
    build.reviews_opened(town, at(2026, 12, 1))
    november = Review.objects.get(department=town.kikaku, first=date(2026, 11, 1))
    page = signed_in(town.chief).get(f"{november.get_absolute_url()}edit/").content.decode()
    for words in (
        build.TEXTS["act_text"],
        "K04",
        "3.0人日",
        "締めるまでに必要なもの",
        "目標に対して実際に行ったこと",
    ):
        assert words in page
    assert '<span class="req">' not in page


def test_a_remark_is_not_marked_as_required(town):
    page = signed_in(town.chief).get(build.a_review(town, town.kikaku).get_absolute_url())
    assert '<span class="req">' not in page.content.decode()


# --- opened again ---------------------------------------------------------------------------------


def test_a_closing_is_opened_again_and_what_was_frozen_stays_beside_the_new_figures(town):
    review = build.a_closed(town, town.kikaku)
    build.with_action(review, town.chief)
    used(town.staff, town.kikaku, date(2026, 10, 20), date(2026, 10, 21))
    reopen_review(review, reason="実施記録が遅れて届いた", by=town.chief, now=at(2026, 11, 9))
    assert (review.state, review.closed_by, review.figures.count()) == ("entering", None, 0)
    close_review(review, by=town.chief, now=at(2026, 11, 10))
    closing = review.revisions.get()
    assert (closing.number, closing.closed_at, closing.reopened_by, closing.reason) == (
        1,
        at(2026, 11, 6, 18, 2),
        town.chief,
        "実施記録が遅れて届いた",
    )
    days = {row.indicator.code: row.value for row in rows_of_closing(closing, town.chief)}
    assert days["K04"] == "3.0人日"
    assert review.figures.get(indicator__code="K04").numerator == 5.0
    assert closing.content["texts"] == build.TEXTS
    assert [each["state"] for each in closing.content["actions"]] == ["open"]
    assert review.known_actions.count() == 1


def test_a_reason_is_needed_and_each_closing_has_its_number(town):
    review = build.a_closed(town, town.kikaku)
    with pytest.raises(Conflict, match="理由"):
        reopen_review(review, reason=" ", by=town.chief, now=NOV)
    for number in (1, 2):
        closing = reopen_review(review, reason="訂正", by=town.chief, now=NOV)
        assert closing.number == number
        close_review(review, by=town.chief, now=NOV)


def test_only_a_closed_review_is_opened_again(town):
    with pytest.raises(Conflict, match="締めてから"):
        reopen_review(build.a_review(town), reason="訂正", by=town.office, now=NOV)
    review, _decision = build.a_deciding(town)
    review.refresh_from_db()
    with pytest.raises(Conflict, match="締めてから"):
        reopen_review(review, reason="訂正", by=town.chief, now=NOV)


def test_after_the_decision_nothing_is_opened_again(town):
    with pytest.raises(Conflict, match="締めてから"):
        reopen_review(build.a_decided(town), reason="訂正", by=town.chief, now=NOV)


@pytest.mark.parametrize("who", ["staff", "tax_chief", "mayor", "hr", "consultant", "auditor"])
def test_others_open_nothing_again(town, who):
    with pytest.raises(Denied):
        reopen_review(
            build.a_closed(town, town.kikaku), reason="訂正", by=getattr(town, who), now=NOV
        )


def test_the_page_says_who_opened_it_again_and_why(town):
    review, client = build.a_closed(town, town.kikaku), signed_in(town.chief)
    address = review.get_absolute_url()
    assert client.get(f"{address}reopen/").status_code == 200
    assert client.post(f"{address}reopen/", {"reason": ""}).status_code == 422
    assert client.post(f"{address}reopen/", {"reason": "記録の遅れ"}).status_code == 302
    page = client.get(address).content.decode()
    for words in ("以前の締め", "第1回の締め", "記録の遅れ", "髙瀬 由紀", "3.0人日"):
        assert words in page
    seen = signed_in(town.consultant).get(address).content.decode()
    assert "記録の遅れ" in seen
    assert "髙瀬" not in seen
    assert "3.0人日" not in seen


# --- what the decision carries --------------------------------------------------------------------


def test_remarks_and_advice_are_part_of_what_is_decided_without_names(town):
    review = build.a_closed(town, town.kikaku)
    add_remark(review, text="当番を見直す。", by=town.chief, now=NOV)
    add_remark(review, text="理由も聞くこと。", by=town.consultant, now=NOV)
    decision = request_review_decision(review, by=town.chief, now=at(2026, 11, 9))
    table = read_of(decision)["tables"][-1]
    assert (table["title"], table["rows"]) == (
        "所見・助言",
        [
            ["所見", "企画財政課 課長", "当番を見直す。"],
            ["助言", "外部専門家", "理由も聞くこと。"],
        ],
    )
