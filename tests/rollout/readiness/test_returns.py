"""What was sent back (差戻し) comes back changed or answered in words, item by item."""

from __future__ import annotations

import pytest

from municipality.core.refusals import Conflict
from rollout.readiness.models import Assessment
from rollout.readiness.operations.answers import Entered, save_answers, submit_assessment
from rollout.readiness.operations.reviews import return_assessment
from rollout.readiness.presenters.sheet import AssessmentSheet
from tests.build import rollout as build
from tests.build.municipality import at, signed_in

pytestmark = pytest.mark.django_db
NOW = at(2026, 10, 20)
ASKED = {"D2": "区分の一覧を付けてください。", "I2": "手順書の名前を書いてください。"}


@pytest.fixture
def returned(town):
    """総務課 said 3 everywhere; 戸塚 sent D2 and I2 back on 20 October."""
    row = build.submitted(build.a_round(town.body, town.office), town.soumu, town.manager)
    town.row = _sent_back(town, row, **ASKED)
    return town


def _numbers(row):
    return dict(row.answers.values_list("criterion__code", "criterion"))


def _sent_back(town, row, **by_code):
    remarks = {_numbers(row)[code]: text for code, text in by_code.items()}
    return return_assessment(
        row, remark="直してください。", remarks=remarks or None, by=town.office, now=NOW
    )


def _save(town, **by_code):
    row, numbers = town.row, _numbers(town.row)
    levels = {numbers[code]: entered for code, entered in by_code.items()}
    row.refresh_from_db()
    return save_answers(row, levels=levels, edition=row.edition, by=town.manager, now=NOW)


def _submit(town):
    town.row.refresh_from_db()
    return submit_assessment(town.row, by=town.manager, now=NOW)


def test_each_named_item_is_changed_or_replied_to_before_it_is_handed_in_again(returned):
    with pytest.raises(Conflict, match="D2、I2"):
        _submit(returned)
    _save(returned, D2=Entered(3, "一覧は共有フォルダー"))
    with pytest.raises(Conflict, match=r"\(I2\)"):
        _submit(returned)
    _save(returned, I2=Entered(3, "", reply="手順書は作成中です。"))
    assert _submit(returned).state == Assessment.State.SUBMITTED


def test_a_reply_is_no_new_answer_and_goes_with_the_next_return(returned):
    before = returned.row.answers.get(criterion__code="I2").answered_at
    _save(returned, I2=Entered(3, "", reply="手順書は作成中です。"), D2=Entered(2, ""))
    _submit(returned)
    kept = returned.row.answers.get(criterion__code="I2")
    assert (kept.return_reply, kept.answered_at) == ("手順書は作成中です。", before)
    _sent_back(returned, returned.row, I2="もう一度")
    again = returned.row.answers.get(criterion__code="I2")
    assert (again.return_remark, again.return_reply) == ("もう一度", "")
    with pytest.raises(Conflict, match="I2"):
        _submit(returned)


def test_without_named_items_something_has_to_change(town):
    row = build.submitted(build.a_round(town.body, town.office), town.soumu, town.manager)
    town.row = _sent_back(town, row)
    with pytest.raises(Conflict, match="どの項目も変わっていません"):
        _submit(town)
    _save(town, D1=Entered(3, "根拠は台帳"))
    assert _submit(town).state == Assessment.State.SUBMITTED


def test_what_was_changed_and_changed_back_waits_for_a_reply(returned):
    _save(returned, D2=Entered(2, ""), I2=Entered(2, ""))
    _save(returned, D2=Entered(3, ""))
    with pytest.raises(Conflict, match=r"\(D2\)"):
        _submit(returned)


def test_the_form_takes_the_reply_beside_the_named_item_only(returned):
    numbers, client = _numbers(returned.row), signed_in(returned.manager)
    address = f"/{returned.body.pk}/readiness/{returned.row.pk}/answers/documents/"
    page = client.get(address).content.decode()
    assert page.count("指摘への返答") == 1
    sent = build.form_of(returned.row) | {f"reply_{numbers['D2']}": "一覧は別に送ります。"}
    assert client.post(address, sent).status_code == 302
    kept = returned.row.answers.get(criterion__code="D2")
    assert kept.return_reply == "一覧は別に送ります。"
    sheet = client.get(returned.row.get_absolute_url()).content.decode()
    assert "差戻しの指摘に答えていない項目があります(I2)。" in sheet
    assert "事務局へ提出する" not in sheet


def test_who_reviews_sees_what_was_asked_by_whom_and_what_came_of_it(returned):
    _save(returned, D2=Entered(2, "一覧が古い"), I2=Entered(3, "", reply="手順書は作成中です。"))
    _submit(returned)
    asked = "10月20日(火)の戸塚 葵の差戻しの指摘「区分の一覧を付けてください。」"
    base = returned.row.get_absolute_url()
    office, consultant = signed_in(returned.office), signed_in(returned.consultant)
    for page in (base, f"{base}review/documents/"):
        shown = office.get(page).content.decode()
        assert asked in shown
        assert "差戻しの時の回答「3」" in shown
        assert "戸塚 葵" not in consultant.get(page).content.decode().partition("<main")[2]
    assert "部署の返答「手順書は作成中です。」" in office.get(base).content.decode()


def _return_page(town, **typed):
    row = build.submitted(build.a_round(town.body, town.office), town.soumu, town.manager)
    town.row = row
    data = {"remark": "直してください。", "edition": row.edition} | typed
    return signed_in(town.office).post(f"{row.get_absolute_url()}return/", data)


def test_a_return_names_an_item_or_says_that_it_is_about_the_whole(town):
    refused = _return_page(town)
    assert refused.status_code == 422
    assert "「全体についての差戻し」を選んでください。" in refused.content.decode()
    with pytest.raises(Conflict, match="直してほしい項目"):
        _sent_back(town, town.row, D2="  ")
    town.row.refresh_from_db()
    form = {"remark": "直してください。", "whole": "on", "edition": town.row.edition}
    both = form | {f"remark_{_numbers(town.row)['D2']}": "区分の一覧"}
    office, address = signed_in(town.office), f"{town.row.get_absolute_url()}return/"
    assert office.post(address, both).status_code == 422
    assert office.post(address, form).status_code == 302
    sheet = signed_in(town.manager).get(town.row.get_absolute_url()).content.decode()
    assert "項目を挙げない、全体についての差戻しです。" in sheet
    assert "回答を直す" in sheet


def _goes_on(town):
    """Where the link of the department leads, and what it says."""
    sheet = AssessmentSheet(build.an_assessment(town.row.round, town.soumu), town.manager)
    return sheet.next_axis.value, sheet.goes_on


def test_the_department_goes_on_where_something_is_to_be_done_first(returned):
    assert _goes_on(returned) == ("documents", "回答を直す")
    _save(returned, D2=Entered(2, "一覧が古い"))
    assert _goes_on(returned) == ("systems", "回答を直す")
    returned.row.answers.filter(criterion__code="S1").update(own_level=None)
    assert _goes_on(returned) == ("systems", "続きに回答する")


def test_home_tells_who_sent_it_back_and_why(returned):
    page = signed_in(returned.manager).get(f"/{returned.body.pk}/").content.decode()
    assert f"差戻し: 総務課の準備度評価({returned.row.round})" in page
    assert "戸塚 葵「直してください。」" in page
    assert f'href="{returned.row.get_absolute_url()}"' in page
