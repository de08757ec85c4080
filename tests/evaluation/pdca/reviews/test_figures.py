"""Figures: what this app counts, how they are worded, both values after late records, and what
consultants do not see.
"""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from evaluation.appraisal.one_on_ones.indicators import one_on_one_rate
from evaluation.appraisal.one_on_ones.models import OneOnOne
from evaluation.appraisal.sheets.indicators import goals_agreed
from evaluation.pdca.indicators import operations as catalogue
from evaluation.pdca.indicators.measures import codes_of
from evaluation.pdca.indicators.models import Indicator
from evaluation.pdca.indicators.operations import load_indicators
from evaluation.pdca.reviews.figures import RowFigures, RowWriter, rows_of
from evaluation.pdca.reviews.models import Review
from evaluation.pdca.reviews.operations.reviews import close_review
from evaluation.pdca.wording import KnownNames, change_words, figure_words
from municipality.core.date_words import period_words, short_period
from municipality.core.figures import Figure, mean_of
from municipality.core.periods import Period
from municipality.organisation.models import Department, Member
from municipality.organisation.operations.employment_kinds import keep_employment_kinds
from pilots.days.models import Usage
from pilots.days.rules import USAGE_CODES
from tests.build import evaluation as build
from tests.build.municipality import a_body, a_department, a_member, at, signed_in
from tests.build.pilots import used
from tests.build.training import a_course, an_assignment

pytestmark = pytest.mark.django_db
OCTOBER = Period.holding(Period.MONTH, date(2026, 10, 1))


@pytest.fixture
def town():
    return build.a_town()


def whole(town):
    return Department.objects.of(town.body)


def test_k26_counts_pairs_that_met_over_pairs_that_were_to_meet(town):
    build.a_talk(town)
    build.a_pair(town, town.second)
    assert one_on_one_rate(whole(town), OCTOBER) == Figure(1, 2, kind="rate")
    assert one_on_one_rate(whole(town), OCTOBER.following) == Figure(0, 2, kind="rate")
    assert one_on_one_rate(whole(town), OCTOBER.previous).value is None
    assert one_on_one_rate([town.zeimu], OCTOBER).value is None


def test_k26_counts_a_pair_that_met_twice_once(town):
    talk = build.a_talk(town)
    build.a_talk(town, talk.pair, held_on=date(2026, 10, 6))
    assert one_on_one_rate(whole(town), OCTOBER) == Figure(1, 1, kind="rate")


def test_k26_of_a_year_is_the_mean_of_its_months_in_one_query(town, django_assert_num_queries):
    build.a_talk(town)
    build.a_pair(town, town.second)
    year = Period.holding(Period.YEAR, OCTOBER.first)
    with django_assert_num_queries(1):
        whole_year = one_on_one_rate(whole(town), year)
    assert whole_year == mean_of([one_on_one_rate(whole(town), month) for month in year.months])
    assert whole_year.value


def test_k27_counts_sheets_agreed_by_the_last_day(town):
    period = build.an_open_period(town)
    build.an_agreed(town, period)
    assert goals_agreed(whole(town), OCTOBER) == Figure(1, 8, kind="rate")
    assert goals_agreed([town.kikaku], OCTOBER) == Figure(1, 3, kind="rate")
    assert goals_agreed(whole(town), OCTOBER.previous).value is None


def test_talks_and_sheets_of_people_who_are_no_staff_are_left_out(town):
    adviser = a_member(town.kikaku, name="三枝 千景")
    build.a_pair(town, town.second)
    build.a_pair(town, adviser)
    build.an_open_period(town)
    assert one_on_one_rate(whole(town), OCTOBER).denominator == 2
    assert goals_agreed([town.kikaku], OCTOBER).denominator == 4
    keep_employment_kinds(town.body, at(2026, 4, 1))
    Member.objects.filter(pk=adviser.pk).update(employment="外部専門家")
    assert one_on_one_rate(whole(town), OCTOBER).denominator == 1
    assert goals_agreed([town.kikaku], OCTOBER).denominator == 3


@pytest.mark.parametrize("count", [1, 3])
def test_each_takes_one_query(town, count, django_assert_num_queries):
    period = build.an_open_period(town)
    for member in [town.staff, town.second, a_member(town.kikaku)][:count]:
        build.a_pair(town, member)
    for measure in (one_on_one_rate, goals_agreed):
        with django_assert_num_queries(1):
            measure(whole(town), OCTOBER)
    assert period.pk


def test_every_measure_is_in_the_catalogue_and_the_other_way_round(town):
    codes = [*codes_of(Period.YEAR), "K36", "K37", "K38", "K39", "K40"]
    """K36 to K40 are counted for the criteria of a pilot alone."""
    assert codes == [facts["code"] for facts in catalogue.catalogue()]
    assert codes == list(Indicator.objects.of(town.body).current().values_list("code", flat=True))


@pytest.mark.parametrize(
    ("cadence", "codes"),
    [
        ("month", "K01 K02 K03 K04 K06 K24 K26 K35"),
        ("quarter", "K01 K02 K03 K04 K06 K07 K24 K26 K35"),
        ("half", "K01 K02 K03 K04 K06 K07 K24 K26 K27 K35"),
        ("year", "K01 K02 K03 K04 K06 K07 K24 K26 K27 K35"),
    ],
)
def test_longer_periods_show_more(cadence, codes):
    assert " ".join(codes_of(cadence)) == codes


def test_the_catalogue_is_loaded_once_and_a_new_version_beside_the_old(monkeypatch):
    body = a_body()
    assert [load_indicators(body), load_indicators(body)] == [15, 0]
    changed = (
        {**catalogue.catalogue()[0], "version": 9, "formula": "新しい数え方"},
        *catalogue.catalogue()[1:],
    )
    monkeypatch.setattr(catalogue, "catalogue", lambda: changed)
    assert load_indicators(body) == 1
    assert Indicator.objects.of(body).filter(code="K01").count() == 2
    assert Indicator.objects.of(body).current().get(code="K01").formula == "新しい数え方"


def test_a_frozen_figure_keeps_the_definition_it_was_made_by(town):
    review = build.a_closed(town, town.kikaku)
    old = Indicator.objects.of(town.body).get(code="K01")
    facts = {
        name: getattr(old, name)
        for name in ("name", "name_en", "unit", "formula_en", "decimals", "counts_people")
    }
    Indicator.objects.create(
        municipality=town.body, code="K01", definition_version=9, formula="新しい数え方", **facts
    )
    assert rows_of(review, town.chief)[0].indicator == old


@pytest.mark.parametrize(
    ("figure", "shown"),
    [
        (Figure(56, 146, kind="rate"), "38.4%"),
        (Figure(0, 146, kind="rate"), "0.0%"),
        (Figure(None, 0, kind="rate"), "—"),
        (Figure(0, 0, kind="rate"), "—"),
        (Figure(None, 0, (1, 2, 3), kind="rate"), "未提出"),
        (None, "—"),
    ],
)
def test_nothing_to_measure_nothing_handed_in_and_zero_are_three_things(figure, shown):
    assert figure_words(figure, Indicator(unit="%", decimals=1, is_rate=True)) == shown


@pytest.mark.parametrize(
    ("now", "before", "shown"),
    [
        (38.4, 34.2, "+4.2"),
        (2.0, 3.0, "−1.0"),
        (3.0, 3.0, "±0.0"),
        (3.0, None, "—"),
        (19 / 24 * 100, 17 / 24 * 100, "+8.4"),  # 79.2 beside 70.8
        (30.04, 29.96, "±0.0"),  # 30.0 beside 30.0
        (1272.0, 12.25, "+1,259.7"),  # 1,272.0 beside 12.3
    ],
)
def test_differences_carry_their_sign(now, before, shown):
    assert change_words(Figure(now), Figure(before), Indicator(decimals=1)) == shown


@pytest.mark.parametrize(
    ("now", "before", "unchanged", "good"),
    [(30.04, 29.96, True, None), (30.1, 30.0, False, True), (None, 30.0, False, None)],
)
def test_what_says_the_same_is_unchanged(now, before, unchanged, good):
    rate = Indicator(code="K04", unit="人日", decimals=1)
    figures = RowFigures(rate, Figure(now, kind="duration"), Figure(before, kind="duration"))
    row = RowWriter("month", KnownNames()).row(figures)
    assert (row.is_unchanged, row.good) == (unchanged, good)


@pytest.mark.parametrize(
    ("cadence", "day", "ja", "en", "short"),
    [
        ("month", date(2027, 1, 1), "令和9年1月分", "January 2027", "1月"),
        ("quarter", date(2027, 1, 1), "令和8年度 第4四半期", "FY2026, quarter 4", "1–3月"),
        ("half", date(2026, 4, 1), "令和8年度 上期", "FY2026, first half", "4–9月"),
        ("half", date(2026, 10, 1), "令和8年度 下期", "FY2026, second half", "10–3月"),
        ("year", date(2026, 4, 1), "令和8年度", "FY2026", "令和8年度"),
    ],
)
def test_periods_are_called_as_an_office_calls_them(cadence, day, ja, en, short):
    period = Period.holding(cadence, day)
    assert (period_words(period), short_period(period)) == (ja, short)
    with translation.override("en"):
        assert period_words(period) == en


def test_after_late_records_the_closed_review_shows_both_values(town):
    review = build.a_closed(town, town.kikaku)
    assert {row.now for row in rows_of(review, town.chief)} == {""}
    used(town.staff, town.kikaku, date(2026, 10, 20), date(2026, 10, 21))
    rows = {row.indicator.code: row for row in rows_of(review, town.chief)}
    assert (rows["K04"].value, rows["K04"].now) == ("3.0人日", "5.0人日")
    assert (rows["K01"].value, rows["K01"].now) == ("2人", "")


def test_an_open_review_shows_what_the_tables_say_now(town):
    review = build.a_review(town, town.kikaku)
    used(town.staff, town.kikaku, date(2026, 10, 20))
    rows = {row.indicator.code: row for row in rows_of(review, town.chief)}
    assert (rows["K04"].value, rows["K02"].value, rows["K02"].base) == ("4.0人日", "66.7%", "2 / 3")


def test_better_and_worse_follow_the_direction_of_the_indicator(town):
    used(town.staff, town.kikaku, date(2026, 9, 7))
    rows = {
        row.indicator.code: row for row in rows_of(build.a_review(town, town.kikaku), town.chief)
    }
    assert (rows["K04"].previous, rows["K04"].change, rows["K04"].good) == ("1.0人日", "+2.0", True)
    assert rows["K06"].good is None


def test_a_consultant_gets_no_figures_of_a_single_department(town):
    assert rows_of(build.a_closed(town, town.kikaku), town.consultant) == []


def test_a_consultant_gets_nothing_that_stands_for_few_people(town):
    for review in (build.a_review(town), build.a_closed(town)):
        rows = {row.indicator.code: row for row in rows_of(review, town.consultant)}
        assert {code for code, row in rows.items() if row.suppressed} >= {
            "K01",
            "K02",
            "K03",
            "K04",
            "K06",
        }
        assert {rows["K01"].value, rows["K04"].value, rows["K06"].base} == {"＊"}


def test_with_enough_people_on_both_sides_a_consultant_sees_the_figures(town):
    people = [a_member(town.kikaku) for _number in range(12)]
    build.a_worked_month(town)
    for member in people[:6]:
        used(member, town.kikaku, date(2026, 10, 8))
        used(member, town.kikaku, date(2026, 9, 8))
    build.reviews_opened(town)
    rows = {row.indicator.code: row for row in rows_of(build.a_review(town), town.consultant)}
    assert (rows["K01"].value, rows["K04"].value) == ("8人", "9.0人日")


def test_late_records_do_not_uncover_what_was_hidden(town):
    review = build.a_closed(town)
    used(town.tax_staff, town.zeimu, date(2026, 10, 20))
    assert all(row.now == "" for row in rows_of(review, town.consultant) if row.suppressed)


def test_what_a_closed_figure_is_now_takes_one_measuring(town, django_assert_num_queries):
    """The figures and the names, beside them usage of both months from six tables, courses and
    talks of each. Who reads no small numbers is told what was frozen, and what is published beside
    it is asked for.
    """
    review = build.a_closed(town)
    for who, queries in ((town.office, 12), (town.consultant, 10)):
        rows_of(review, who)
        with django_assert_num_queries(queries):
            rows_of(review, who)


def later(town, what: str) -> None:
    """Something of October that becomes known after the closing, of which no record tells."""
    if what == "transfer":
        build.moved(town.tax_staff, town.kikaku, on=date(2026, 10, 1))
    elif what == "kind":
        Member.objects.filter(pk=town.second.pk).update(employment="特別職")
    elif what == "talk":
        OneOnOne.objects.all().delete()
    elif what == "course":
        an_assignment(a_course(town.body), town.second, town.office, date(2026, 10, 20))


@pytest.mark.parametrize(
    ("what", "code", "frozen", "now"),
    [
        ("nothing", "K02", "66.7%", ""),
        ("transfer", "K02", "66.7%", "50.0% (2 / 4)"),  # 2 / 3 before
        ("kind", "K02", "66.7%", "50.0% (1 / 2)"),  # 2 / 3; 伊東 does not count any more
        ("talk", "K26", "100.0%", "0.0% (0 / 1)"),
        ("course", "K24", "—", "0.0% (0 / 1)"),
    ],
)
def test_whatever_changes_a_closed_figure_is_said_beside_it(town, what, code, frozen, now):
    keep_employment_kinds(town.body, at(2026, 9, 1))
    build.a_talk(town)
    review = build.a_closed(town, town.kikaku)
    later(town, what)
    row = {row.indicator.code: row for row in rows_of(review, town.chief)}[code]
    assert (row.value, row.now) == (frozen, now)


def test_by_another_definition_nothing_is_said_of_now_but_that(town):
    review = build.a_closed(town, town.kikaku)
    figure = review.figures.get(indicator__code="K04")
    figure.details["version"] = 9
    figure.save()
    used(town.staff, town.kikaku, date(2026, 10, 20))
    row = {row.indicator.code: row for row in rows_of(review, town.chief)}["K04"]
    assert (row.value, row.now, row.is_redefined) == ("3.0人日", "", True)
    page = signed_in(town.chief).get(review.get_absolute_url()).content.decode()
    assert "いまは定義の版が違うため、比べられません" in page


def test_a_month_before_that_is_incomplete_by_now_is_not_compared(town):
    """October and November are closed with 3.0 and 1.0人日; then October's records go."""
    used(town.staff, town.kikaku, date(2026, 11, 4))
    build.a_closed(town, town.kikaku)
    build.reviews_opened(town, at(2026, 12, 1))
    november = Review.objects.get(department=town.kikaku, first=date(2026, 11, 1))

    def k04():
        return {row.indicator.code: row for row in rows_of(november, town.chief)}["K04"]

    assert (k04().previous, k04().change, k04().good) == ("3.0人日", "−2.0", False)
    Usage.objects.filter(day__month=10).delete()
    assert (k04().previous, k04().change, k04().good) == ("3.0人日", "—", None)
    assert k04().mark == "未提出の部署があるため比べられません"


def test_a_closed_review_says_what_the_period_before_is_now(town):
    """October was 3.0人日 when November was closed with 1.0; then its records change."""
    used(town.staff, town.kikaku, date(2026, 11, 4))
    build.a_closed(town, town.kikaku)
    build.reviews_opened(town, at(2026, 12, 1))
    november = Review.objects.get(department=town.kikaku, first=date(2026, 11, 1))
    close_review(build.written(november, town.chief), by=town.chief, now=at(2026, 12, 3))

    def k04():
        return {row.indicator.code: row for row in rows_of(november, town.chief)}["K04"]

    assert (k04().previous, k04().before_now, k04().good) == ("3.0人日", "", False)
    used(town.staff, town.kikaku, date(2026, 10, 30))
    assert (k04().previous, k04().before_now, k04().good) == ("3.0人日", "4.0人日", False)
    page = signed_in(town.chief).get(november.get_absolute_url()).text
    assert "いまは 4.0人日" in page
    Usage.objects.filter(day__month=10).delete()
    assert (k04().previous, k04().before_now) == ("3.0人日", "未提出")
    assert (k04().change, k04().good) == ("—", None)
    assert k04().mark == "未提出の部署があるため比べられません"
    assert (k04().value, k04().now) == ("1.0人日", "")


# --- what a page costs ----------------------------------------------------------------------------

QUERIES = {
    ("open", "consultant"): 26,
    ("open", "chief"): 24,
    ("open", "office"): 24,
    ("closed", "consultant"): 21,
    ("closed", "chief"): 23,
    ("closed", "office"): 29,
}
"""An open review measures two months as they stand, usage of both from six tables at once; so does
a closed one, since what changed since then is told to who may read small numbers, and the gate asks
the same months by department. Who may write it is told what is missing, from what the page shows
anyway; only of a closed one are the actions of now and the indicators read. For who reads no small
numbers what the other reviews tell, and told at earlier closings, is read beside it.
"""


@pytest.mark.parametrize("departments", [1, 3])
@pytest.mark.parametrize(("state", "who"), QUERIES)
def test_the_bodys_review_costs_the_same_for_every_reader(
    town, state, who, departments, django_assert_num_queries
):
    for number in range(departments):
        place = a_department(town.body, f"支所{number}")
        used(a_member(place), place, date(2026, 10, 8), date(2026, 9, 8))
    review = {"open": build.a_review, "closed": build.a_closed}[state](town)
    for number in range(departments):
        build.with_action(review, town.office, what=f"項目{number}")
    client = signed_in(getattr(town, who))
    client.get("/993018/indicators/")
    with django_assert_num_queries(QUERIES[state, who]):
        assert client.get(f"/993018/reviews/{review.pk}/").status_code == 200


# --- who reads which numbers ----------------------------------------------------------------------


@pytest.mark.parametrize("who", ["consultant", "auditor"])
def test_who_comes_from_outside_gets_no_figures_of_a_single_department(town, who):
    assert rows_of(build.a_closed(town, town.kikaku), getattr(town, who)) == []


def test_staff_do_not_read_small_numbers_of_their_own_department(town):
    rows = rows_of(build.a_closed(town, town.kikaku), town.staff)
    assert {row.value for row in rows if row.indicator.code in USAGE_CODES} == {"＊"}
    assert {row.suppressed for row in rows_of(build.a_closed(town), town.chief)} == {False}
