"""A closed month whose records changed: what was frozen stays, what it would be now stands beside
it for who may be told, and nothing is compared with a month that is incomplete by now.
"""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.home.department_now import read_now
from dashboard.overview.page import read_board
from dashboard.overview.presenters import usage_listing
from evaluation.pdca.reviews.decision_content import content, content_for_few
from evaluation.pdca.reviews.figures import rows_of
from evaluation.pdca.reviews.models import Review
from evaluation.pdca.reviews.operations.reviews import close_review
from evaluation.pdca.reviews.operations.revisions import reopen_review
from municipality.core.small_cells import MARK
from municipality.core.worded import kept
from municipality.organisation.models import Member
from municipality.organisation.open_days import open_days
from municipality.organisation.rules import gate_of
from pilots.days.models import Usage
from pilots.days.operations.submissions import declare_no_telework
from tests.build.dashboard import AS_OF
from tests.build.evaluation import (
    a_pair,
    a_pilot_between,
    a_talk,
    a_town,
    reviews_opened,
    today_is,
    written,
)
from tests.build.frozen import as_read
from tests.build.municipality import a_member, at, signed_in
from tests.build.pilots import used
from tests.dashboard.conftest import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tenth")]


def an_open_town():
    """企画財政課 (23 people) has tried since September: 8 of them then and 16 in October."""
    town = a_town()
    people = [a_member(town.kikaku) for _number in range(20)]
    a_pilot_between(town.kikaku, people[0], date(2026, 9, 1), date(2026, 12, 25))
    for member in people[:8]:
        used(member, town.kikaku, date(2026, 9, 7))
    for member in people[:16]:
        used(member, town.kikaku, date(2026, 10, 5))
    return town


def closed(town):
    """The body's reviews are opened and closed."""
    reviews_opened(town, at(2026, 11, 2))
    reviews = Review.objects.of(town.body).filter(department=None).order_by("last", "cadence")
    for review in reviews:
        close_review(written(review, town.office), by=town.office, now=at(2026, 11, 9))
    return town


@pytest.fixture
def town():
    return closed(an_open_town())


def board(member: Member):
    return read_board(Member.objects.get(pk=member.pk), open_days(member.municipality_id), AS_OF)


def k03(found):
    return next(tile for tile in found.figures.tiles if tile.definition_label == "K03の定義")


def take_away(town, count: int) -> None:
    """The records of so many people in October are deleted."""
    rows = Usage.objects.of(town.body).filter(day=date(2026, 10, 5))
    rows.filter(pk__in=list(rows.values_list("pk", flat=True)[:count])).delete()


def test_a_tile_says_what_the_closed_month_is_now(town):
    assert (k03(board(town.office)).value_text, k03(board(town.office)).mark_text) == ("69.6", "")
    take_away(town, 8)
    found = board(town.office)
    assert (k03(found).value_text, k03(found).mark_text) == ("69.6", "いまは 34.8% (8 / 23)")
    assert found.trend_marks == [("10月", "いまは 34.8% (8 / 23)")]


def test_no_rise_is_told_of_a_month_that_is_incomplete_by_now(town):
    assert "上がりました" in board(town.office).findings[0].sentence
    take_away(town, 16)
    for who in ("office", "consultant"):
        found = board(getattr(town, who))
        assert found.findings[0].sentence == "10月の実施率(対象職員)は69.6%です。"
        assert found.findings[0].more.startswith("未提出")
        assert k03(found).change_text == ""
        assert "になりました" not in found.trend_words
    for who in (town.office, town.consultant):
        assert k03(board(who)).missing_text == "いまは 未提出: 企画財政課"


def test_no_rise_is_told_from_a_month_before_that_is_incomplete_by_now(town):
    """September was closed with 8 of 23 (34.8%), and its records are withdrawn in November."""
    Usage.objects.of(town.body).filter(day__month=9).delete()
    for who in ("office", "consultant"):
        found = board(getattr(town, who))
        assert found.findings[0].sentence == "10月の実施率(対象職員)は69.6%です。"
        assert found.trend[0].values == [34.8, 69.6]
        assert found.trend_marks == [
            ("9月", "いまは 未提出: 企画財政課"),
            ("10月", "未提出の部署があるため比べられません"),
        ]
        assert "になりました" not in found.trend_words
        assert (k03(found).change_text, k03(found).value_text) == ("", "69.6")


def test_an_earlier_month_that_was_handed_in_since_says_what_it_is_now():
    """September: 8 of 25 without 税務課 (32.0%), by now 9 of 25. October: 16 of 25, as before."""
    town = an_open_town()
    a_pilot_between(town.zeimu, town.tax_chief, date(2026, 9, 1), date(2026, 12, 25))
    closed(town)
    marks = dict(board(town.office).trend_marks)
    assert marks == {"9月": "未提出: 税務課", "10月": "未提出: 税務課"}
    used(town.tax_staff, town.zeimu, date(2026, 9, 7))
    marks = dict(board(town.office).trend_marks)
    assert marks == {
        "9月": "締めの時 未提出: 税務課、いまは 36.0% (9 / 25)",
        "10月": "未提出: 税務課",
    }
    # 税務課 has two people: beside its known zero the figure is that of 企画財政課 alone.
    assert "9月" not in dict(board(town.consultant).trend_marks)
    used(town.tax_staff, town.zeimu, date(2026, 10, 5))
    found = board(town.office)
    assert k03(found).missing_text == "締めの時 未提出: 税務課、いまは 68.0% (17 / 25)"
    assert found.findings[0].more == "締めの時に未提出の部署があったため比べられません。"


def test_a_month_that_was_missing_and_is_declared_by_now_says_so():
    """税務課 handed in nothing for September and declares 実績なし after the closing."""
    town = an_open_town()
    a_pilot_between(town.zeimu, town.tax_chief, date(2026, 9, 1), date(2026, 12, 25))
    closed(town)
    declare_no_telework(town.zeimu, date(2026, 9, 1), by=None, now=at(2026, 11, 9))
    marks = dict(board(town.office).trend_marks)
    assert marks["9月"] == "締めの時 未提出: 税務課、いまは 実績なし"


def test_an_earlier_month_whose_records_moved_says_what_it_is_now(town):
    """Seven of eight records of September are removed: 1 of 23."""
    rows = Usage.objects.of(town.body).filter(day__month=9)
    rows.filter(pk__in=list(rows.values_list("pk", flat=True)[:7])).delete()
    found = board(town.office)
    assert (found.trend[0].values, found.trend_marks) == (
        [34.8, 69.6],
        [("9月", "いまは 4.3% (1 / 23)")],
    )
    assert board(town.consultant).trend_marks == []


def test_who_is_missing_by_now_stands_behind_what_the_month_is_now():
    """Frozen with 税務課 (17 of 25), whose record is removed: 16 of 25 without it."""
    town = an_open_town()
    a_pilot_between(town.zeimu, town.tax_chief, date(2026, 10, 1), date(2026, 12, 25))
    used(town.tax_staff, town.zeimu, date(2026, 10, 5))
    closed(town)
    Usage.objects.of(town.body).filter(department=town.zeimu).delete()
    assert k03(board(town.office)).missing_text == "いまは 64.0% (16 / 25)、未提出: 税務課"
    assert k03(board(town.consultant)).suppressed, "beside a known zero it is 企画財政課's alone"


@pytest.mark.parametrize("who", ["office", "consultant"])
def test_a_month_between_that_is_not_closed_tells_what_it_is_now(who):
    """September is closed, October (16 of 23, 69.6%) is not, and November has no records yet."""
    town = an_open_town()
    reviews_opened(town, at(2026, 11, 2))
    september = Review.objects.of(town.body).get(
        department=None, last=date(2026, 9, 30), cadence="month"
    )
    close_review(written(september, town.office), by=town.office, now=at(2026, 11, 9))
    reader = Member.objects.get(pk=getattr(town, who).pk)
    found = read_board(reader, open_days(town.body.pk), date(2026, 12, 10))
    assert found.trend[0].values == [34.8, 69.6, None]
    assert dict(found.trend_marks)["10月"] == "未締め(現在の値)"


def test_a_month_that_is_not_closed_is_compared_as_the_review_compares_it():
    """September is closed, October is not. One pair met in October and not in November: 100% → 0%
    on the tile and in November's review.
    """
    town = an_open_town()
    pair = a_pair(town)
    a_talk(town, pair, held_on=date(2026, 10, 6))
    reviews_opened(town, at(2026, 11, 2))
    reviews_opened(town, at(2026, 12, 2))
    monthly = Review.objects.of(town.body).filter(department=None, cadence="month")
    september, november = monthly.get(first=date(2026, 9, 1)), monthly.get(first=date(2026, 11, 1))
    close_review(written(september, town.office), by=town.office, now=at(2026, 12, 9))
    reader = today_is(town.office, date(2026, 12, 10))
    found = read_board(reader, open_days(town.body.pk), date(2026, 12, 10))
    tile = next(row for row in found.figures.tiles if row.definition_label == "K26の定義")
    row = next(row for row in rows_of(november, reader) if row.indicator.code == "K26")
    assert (row.value, row.previous, row.change) == ("0.0%", "100.0%", "−100.0")
    assert (tile.value_text, tile.change_text, tile.direction) == ("0.0", "100.0ポイント", "down")


@pytest.mark.parametrize(("who", "queries"), [("office", 21), ("consultant", 20)])
def test_the_months_of_the_trend_are_read_at_once(town, who, queries):
    """All of them from six tables, the last among them."""
    assert queries_of(signed_in(getattr(town, who)), f"/{town.body.pk}/dashboard/") == queries


def test_the_total_says_that_departments_are_missing(town):
    a_pilot_between(town.zeimu, town.tax_chief, date(2026, 10, 1), date(2026, 12, 25))
    listing = usage_listing(board(town.office).usage)
    assert "未提出 1部署" in str(listing.rows[-1])
    used(town.tax_staff, town.zeimu, date(2026, 10, 5))
    assert "未提出" not in str(usage_listing(board(town.office).usage).rows[-1])


@pytest.mark.parametrize(("deleted", "words"), [(1, MARK), (8, MARK), (16, "未提出")])
def test_home_hides_what_the_table_hides_after_records_went(town, deleted, words):
    """A closed figure and today's differ by those whose records went, however many these are. That
    nothing is handed in is no number.
    """

    def shown() -> tuple[bool, str]:
        now = read_now(today_is(town.consultant, AS_OF), AS_OF)
        assert now is not None
        return board(town.consultant).usage.total.hidden, dict(now.pairs)["実施者"]

    assert shown() == (False, "16人 / 対象23人")
    take_away(town, deleted)
    assert shown() == (True, words)


def october(town) -> Review:
    """The body's review of October."""
    return Review.objects.get(
        municipality=town.body, department=None, cadence="month", first=date(2026, 10, 1)
    )


def come_late(town, count: int) -> None:
    """So many people of 企画財政課 without a record in October get one."""
    doers = Usage.objects.of(town.body).filter(day__month=10).values("member")
    people = Member.objects.filter(postings__department=town.kikaku).exclude(pk__in=doers)
    for member in people.order_by("pk")[:count]:
        used(member, town.kikaku, date(2026, 10, 6))


def outlets(town, who: str) -> dict[str, bool]:
    """Where the people of October are told: is their number hidden there?"""
    member = today_is(getattr(town, who), AS_OF)
    figures = {row.indicator.code: row for row in rows_of(october(town), member)}
    now = read_now(today_is(getattr(town, who), AS_OF), AS_OF)
    found = board(getattr(town, who))
    return {
        "review K01": figures["K01"].suppressed,
        "review K03": figures["K03"].suppressed,
        "tile": k03(found).suppressed,
        "trend": found.trend[0].values[-1] is None
        and len(found.trend[0].values) - 1 in found.trend[0].hidden,
        "table": found.usage.total.hidden,
        "home": now is not None and dict(now.pairs).get("実施者") == MARK,
    }


OUTLETS = ("review K01", "review K03", "tile", "trend", "table", "home")


@pytest.mark.parametrize("who", ["consultant", "auditor"])
@pytest.mark.parametrize(
    ("late", "gone", "hidden"),
    [(0, 0, False), (1, 0, True), (0, 1, True), (0, 4, True), (0, 5, False)],
)
def test_what_the_first_closing_told_stays_told(town, who, late, gone, hidden):
    """16 of 23 at the first closing, then late or deleted records, a reopening and a second
    closing: the two numbers together would tell of those few.
    """
    assert outlets(town, who) == dict.fromkeys(OUTLETS, False)
    come_late(town, late)
    take_away(town, gone)
    now = at(2026, 11, 9, 12)
    reopen_review(october(town), reason="記録の追加のため", by=town.office, now=now)
    assert outlets(town, who) == dict.fromkeys(OUTLETS, hidden)
    close_review(written(october(town), town.office), by=town.office, now=now)
    assert outlets(town, who) == dict.fromkeys(OUTLETS, hidden)
    assert outlets(town, "office") == dict.fromkeys(OUTLETS, False)


def test_the_decision_about_a_second_closing_tells_no_difference_either(town):
    now = at(2026, 11, 9, 12)
    come_late(town, 1)
    reopen_review(october(town), reason="記録の追加のため", by=town.office, now=now)
    close_review(written(october(town), town.office), by=town.office, now=now)
    review = october(town)
    drafted = content(review.pk, AS_OF)
    for who, told in (("office", True), ("consultant", False)):
        gate = gate_of(today_is(getattr(town, who), AS_OF))
        shown = as_read(content_for_few(review.pk, kept(drafted), gate, AS_OF))
        row = next(row for row in shown["tables"][0]["rows"] if row[0].startswith("K03"))
        assert ("17 / 23" in row[4]) is told
        assert (row[1] == MARK) is not told
