"""A half year has one evaluation period; one set up by mistake is corrected or taken back while
nobody has written.
"""

from __future__ import annotations

from datetime import date

import pytest

from evaluation.appraisal.one_on_ones.models import OneOnOne
from evaluation.appraisal.schemes.models import EvaluationPeriod
from evaluation.appraisal.schemes.operations import plan_period
from evaluation.appraisal.sheets.models import Sheet
from evaluation.appraisal.sheets.period_operations import change_period, withdraw_period
from evaluation.pdca.reviews.models import Review
from municipality.audit.models import Entry
from municipality.core.refusals import Conflict, Denied
from tests.build import evaluation as build
from tests.build.municipality import signed_in

pytestmark = pytest.mark.django_db
HALF = {
    "name": "令和8年度 下期(2)",
    "starts_on": date(2026, 10, 1),
    "ends_on": date(2027, 3, 31),
    "goals_due_on": date(2026, 10, 23),
    "agree_due_on": date(2026, 11, 6),
}


@pytest.fixture
def town():
    return build.a_town()


def sent(**changed) -> dict[str, str]:
    values = {**HALF, **changed}
    return {name: str(value) for name, value in values.items()}


@pytest.mark.parametrize(
    "days",
    [
        {},
        {"starts_on": date(2027, 3, 31), "ends_on": date(2027, 9, 30)},
        {"starts_on": date(2026, 4, 1), "ends_on": date(2026, 10, 1)},
    ],
)
def test_a_second_period_of_the_same_days_is_refused(town, days):
    build.a_period(town)
    with pytest.raises(Conflict, match="日が重なります"):
        plan_period(**{**HALF, **days}, by=town.hr)
    answer = signed_in(town.hr).post("/993018/sheets/periods/new/", sent(**days))
    assert answer.status_code == 422
    assert "「令和8年度 下期」と日が重なります" in answer.content.decode()


def test_the_next_half_year_is_free(town):
    build.a_period(town)
    days = {"starts_on": date(2027, 4, 1), "ends_on": date(2027, 9, 30)}
    assert plan_period(**{**HALF, **days}, by=town.hr).pk


def test_a_period_is_corrected_with_the_days_of_its_unwritten_sheets(town):
    period = build.an_open_period(town)
    address = period.get_absolute_url()
    client = signed_in(town.hr)
    assert "期間を変更" in client.get(address).content.decode()
    assert client.get(f"{address}edit/").status_code == 200
    answer = client.post(f"{address}edit/", {**sent(), "edition": str(period.edition)})
    assert answer.status_code == 302
    period.refresh_from_db()
    assert (period.name, period.goals_due_on) == ("令和8年度 下期(2)", date(2026, 10, 23))
    assert set(Sheet.objects.values_list("goals_due_on", flat=True)) == {date(2026, 10, 23)}


def test_a_stale_correction_is_refused(town):
    period = build.a_period(town)
    change_period(period, **HALF, edition=period.edition, by=town.hr)
    with pytest.raises(Conflict, match="先に変更"):
        change_period(period, **HALF, edition=period.edition - 1, by=town.hr)


def test_a_period_set_up_by_mistake_is_taken_back_with_its_unwritten_sheets(town):
    period = build.an_open_period(town)
    count = Sheet.objects.count()
    assert signed_in(town.hr).post(f"{period.get_absolute_url()}withdraw/").status_code == 302
    assert not EvaluationPeriod.objects.exists()
    assert not Sheet.objects.exists()
    assert count > 0
    assert Entry.objects.filter(verb="period.withdrawn").count() == 1
    assert build.a_period(town).pk


def test_once_somebody_has_written_nothing_is_corrected_or_taken_back(town):
    period = build.an_open_period(town)
    build.a_written(town, period)
    client, address = signed_in(town.hr), period.get_absolute_url()
    for answer in (client.get(f"{address}edit/"), client.post(f"{address}withdraw/")):
        assert answer.status_code == 409
        assert "入力した人がいるため" in answer.content.decode()
    assert "期間を変更" not in client.get(address).content.decode()
    assert Sheet.objects.exists()


@pytest.mark.parametrize("who", ["office", "chief", "staff", "mayor"])
def test_only_hr_corrects_and_takes_back(town, who):
    period = build.a_period(town)
    with pytest.raises(Denied):
        withdraw_period(period, by=getattr(town, who))
    with pytest.raises(Denied):
        change_period(period, **HALF, edition=period.edition, by=getattr(town, who))


# --- an agreed sheet, and what is overdue ---------------------------------------------------------


def test_an_agreed_sheet_is_not_offered_as_a_form(town):
    sheet = build.an_agreed(town)
    answer = signed_in(town.staff).get(f"{sheet.get_absolute_url()}goals/")
    assert answer.status_code == 409
    words = answer.content.decode()
    assert "面談で確定した目標は、本人も評価者も変更できません" in words
    assert "差戻しを依頼" not in words


def test_a_submitted_sheet_says_that_the_evaluator_can_send_it_back(town):
    sheet = build.a_submitted(town)
    answer = signed_in(town.staff).get(f"{sheet.get_absolute_url()}goals/")
    assert answer.status_code == 409
    assert "評価者に差戻しを依頼" in answer.content.decode()


def test_overdue_sheets_are_marked_in_their_list_and_found_by_their_tab(town):
    period = build.an_open_period(town)
    build.an_agreed(town, period, town.second)
    Sheet.objects.filter(member=town.staff).update(goals_due_on=date(2020, 1, 6))
    Sheet.objects.exclude(member__in=[town.staff, town.second]).update(
        goals_due_on=date(2099, 1, 5)
    )
    client, address = signed_in(town.hr), period.get_absolute_url()
    page = client.get(address).content.decode()
    assert page.count("開庁日超過") == 1
    late = client.get(f"{address}?tab=late").content.decode()
    assert "安藤 海" in late
    assert "伊東 空" not in late


def test_a_past_day_of_the_next_talk_is_marked(town):
    build.a_talk(town)
    OneOnOne.objects.update(held_on=date(2020, 1, 6), next_on=date(2020, 1, 20))
    for who in (town.chief, town.staff):
        page = signed_in(who).get("/993018/one-on-ones/").content.decode()
        assert "開庁日超過" in page


def test_an_overdue_review_is_marked_in_its_list_and_found_by_its_tab(town):
    review = build.a_review(town, town.kikaku)
    Review.objects.update(due_on=date(2099, 1, 5))
    Review.objects.filter(pk=review.pk).update(due_on=date(2020, 1, 6))
    client = signed_in(town.office)
    assert client.get("/993018/reviews/").content.decode().count("開庁日超過") == 1
    late = client.get("/993018/reviews/?tab=late").content.decode()
    assert "企画財政課" in late
    assert "あおば町全体" not in late
