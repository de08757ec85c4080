"""A department that lowers its own level against the round before says why."""

from __future__ import annotations

import pytest

from municipality.core.refusals import Conflict
from rollout.readiness.operations.answers import Entered, save_answers, submit_assessment
from rollout.readiness.operations.reviews import confirm_assessment
from tests.build import rollout as build
from tests.build.municipality import at, signed_in

pytestmark = pytest.mark.django_db
NOW = at(2026, 10, 20)


@pytest.fixture
def second(town):
    """総務課 was confirmed at 3 everywhere, with a comment on D1, and is asked again."""
    first = build.a_round(town.body, town.office)
    kept = build.entering(first, town.soumu, town.manager)
    _save(town, kept, D1=(3, "一覧は共有フォルダー"))
    submit_assessment(kept, by=town.manager, now=NOW)
    confirm_assessment(kept, by=town.office, now=NOW, reviewed=build.conditions_of(kept))
    build.closed(first, town.office)
    town.asked = build.an_assessment(build.a_round(town.body, town.office, "第2回"), town.soumu)
    return town


def _save(town, row, **by_code):
    numbers = dict(row.answers.values_list("criterion__code", "criterion"))
    levels = {numbers[code]: entered for code, entered in by_code.items()}
    row.refresh_from_db()
    return save_answers(row, levels=levels, edition=row.edition, by=town.manager, now=NOW)


@pytest.mark.parametrize(
    "comment", ["", "  ", "一覧は共有フォルダー"], ids=["none", "blank", "old"]
)
def test_a_level_below_the_last_confirmed_one_asks_for_its_reason(second, comment):
    with pytest.raises(Conflict, match="D1"):
        _save(second, second.asked, D1=(2, comment))
    assert _save(second, second.asked, D1=(2, "担当が替わり、一覧が古い"), D2=(3, ""))


def test_what_does_not_apply_or_was_never_confirmed_is_not_lowered(second, town):
    assert _save(second, second.asked, D1=Entered(None, "窓口を持たない", not_applicable=True))
    zeimu = build.an_assessment(second.asked.round, town.zeimu)
    numbers = build.levels_of(zeimu, 0)
    assert save_answers(
        zeimu, levels=numbers, edition=zeimu.edition, by=town.other_manager, now=NOW
    )


def test_nothing_lowered_without_a_reason_is_handed_in(second):
    """Rows of before the rule have a lower level and no comment."""
    row = build.entering(second.asked.round, second.soumu, second.manager)
    row.answers.filter(criterion__code="D3").update(own_level=1, comment="")
    with pytest.raises(Conflict, match="D3"):
        submit_assessment(row, by=second.manager, now=NOW)
    page = signed_in(second.manager).get(row.get_absolute_url()).content.decode()
    assert "事務局へ提出する" not in page
    assert "前回より下げた項目の理由が書かれていません(D3)。" in page
    _save(second, row, D3=(1, "担当が替わった"))
    assert submit_assessment(row, by=second.manager, now=NOW)


def test_the_form_asks_at_the_item(second):
    address = f"/{second.body.pk}/readiness/{second.asked.pk}/answers/documents/"
    sent = build.form_of(second.asked, "documents", level="2")
    answer = signed_in(second.manager).post(address, sent)
    assert answer.status_code == 422
    assert "前回の3より下げる理由を書いてください。" in answer.content.decode()


def test_who_reviews_and_who_reads_the_sheet_see_the_lowered_level(second):
    row = build.entering(second.asked.round, second.soumu, second.manager)
    _save(second, row, D3=(1, "担当が替わった"))
    submit_assessment(row, by=second.manager, now=NOW)
    office, lowered = signed_in(second.office), "前回の3から1に下げています。"
    sheet = office.get(row.get_absolute_url()).content.decode()
    assert sheet.count(lowered) == 1
    review = office.get(f"/{second.body.pk}/readiness/{row.pk}/review/documents/")
    assert review.content.decode().count(lowered) == 1


def test_the_comment_of_the_last_round_is_no_reason_for_what_does_not_apply(second):
    old = Entered(None, "一覧は共有フォルダー", not_applicable=True)
    with pytest.raises(Conflict, match="今回の理由"):
        _save(second, second.asked, D1=old)
    row = build.entering(second.asked.round, second.soumu, second.manager)
    answer = row.answers.get(criterion__code="D1")
    row.answers.filter(pk=answer.pk).update(
        own_level=None, not_applicable=True, comment=old.comment
    )
    with pytest.raises(Conflict, match="D1"):
        submit_assessment(row, by=second.manager, now=NOW)
    sent = build.form_of(row, level="3") | {
        f"level_{answer.criterion_id}": "",
        f"not_applicable_{answer.criterion_id}": "on",
        f"comment_{answer.criterion_id}": old.comment,
    }
    address = f"/{second.body.pk}/readiness/{row.pk}/answers/documents/"
    refused = signed_in(second.manager).post(address, sent)
    assert refused.status_code == 422
    assert "今回該当なしとする理由を書いてください。" in refused.content.decode()


def test_what_did_not_apply_before_may_say_so_in_the_same_words(second, town):
    zeimu = build.an_assessment(second.asked.round, town.zeimu)
    zeimu.answers.update(previous_comment="窓口を持たない")
    number = zeimu.answers.get(criterion__code="D1").criterion_id
    kept = Entered(None, "窓口を持たない", not_applicable=True)
    assert save_answers(
        zeimu, levels={number: kept}, edition=zeimu.edition, by=town.other_manager, now=NOW
    )
