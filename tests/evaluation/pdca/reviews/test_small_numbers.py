"""What the reviews tell a reader of no small numbers, one beside the other and in their
decisions.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from evaluation.pdca.indicators.rules import tell_apart
from evaluation.pdca.reviews.decision_content import content_for_few
from evaluation.pdca.reviews.figures import rows_of
from evaluation.pdca.reviews.models import Review
from evaluation.pdca.reviews.operations.reviews import close_review, request_review_decision
from evaluation.pdca.reviews.operations.revisions import reopen_review
from municipality.core.figures import Figure
from municipality.core.periods import Period
from municipality.core.small_cells import MARK, Gate
from tests.build import evaluation as build
from tests.build.frozen import as_read, reworded, without_keys
from tests.build.municipality import a_member, at, signed_in
from tests.build.pilots import used

pytestmark = pytest.mark.django_db

QUARTER = Period.holding(Period.QUARTER, date(2026, 7, 1))
JULY, SEPTEMBER = (Period.holding(Period.MONTH, date(2026, month, 1)) for month in (7, 9))


def rate(*people: int, months: bool = True) -> Figure:
    """A rate from its groups of people."""
    return Figure(sum(people[::2]), sum(people), kind="rate", people=people if months else None)


@pytest.mark.parametrize(
    ("code", "longer", "part", "shorter", "few"),
    [
        ("K03", rate(9, 9, 8, 8, 7, 7), JULY, rate(9, 9, months=False), False),
        ("K03", rate(9, 9, 8, 8, 7, 7), JULY, rate(8, 10, months=False), True),
        ("K03", rate(9, 9, 8, 8, 7, 7), SEPTEMBER, rate(7, 7, months=False), False),
        ("K03", rate(9, 9, 8, 8, 7, 7), SEPTEMBER, rate(9, 9, months=False), True),
        ("K24", rate(30, 10, months=False), SEPTEMBER, rate(30, 10, months=False), False),
        ("K24", rate(30, 10, months=False), SEPTEMBER, rate(29, 11, months=False), True),
        ("K24", rate(30, 10, months=False), JULY, rate(28, 12, months=False), False),
        ("K27", rate(30, 10, months=False), JULY, rate(28, 12, months=False), True),
        ("K01", Figure(20, people=(9, 8, 7, 20)), JULY, Figure(9), False),
        ("K01", Figure(20, people=(9, 8, 7, 20)), JULY, Figure(8), True),
    ],
)
def test_a_longer_period_beside_one_inside_it(code, longer, part, shorter, few):
    assert tell_apart(Gate(5), code, (QUARTER, longer), (part, shorter)) is few


@pytest.fixture
def town():
    """企画財政課 with twenty people more, of whom eight teleworked in October."""
    town = build.a_town()
    people = [a_member(town.kikaku) for _number in range(20)]
    build.a_worked_month(town)
    for member in people[:8]:
        used(member, town.kikaku, date(2026, 10, 8))
    town.others["late"] = people[8]
    build.reviews_opened(town)
    return town


def row_of(town, who: str, code: str = "K01"):
    rows = rows_of(build.a_review(town), getattr(town, who))
    return next(row for row in rows if row.indicator.code == code)


def closed_on_time(town) -> Review:
    review = build.written(build.a_review(town), town.office)
    return close_review(review, by=town.office, now=at(2026, 11, 6))


def test_what_changed_since_the_closing_is_not_told_beside_it(town):
    closed_on_time(town)
    used(town.others["late"], town.kikaku, date(2026, 10, 20))
    assert (row_of(town, "consultant").value, row_of(town, "consultant").now) == ("10人", "")
    assert (row_of(town, "office").value, row_of(town, "office").now) == ("10人", "11人")


def decision_pages(town, who: str, decision) -> list[str]:
    client = signed_in(getattr(town, who))
    address = f"/993018/decisions/{decision.pk}/"
    return [client.get(f"{address}{ending}").content.decode() for ending in ("", "print/")]


def line_of(page: str, code: str) -> str:
    return page[page.index(f"{code} ") :].split("</tr>", maxsplit=1)[0]


def test_a_decision_shows_its_auditor_what_the_review_shows(town):
    """K24 of no one is open, K26 of two pairs is hidden, on the page and in print."""
    build.a_talk(town)
    build.a_pair(town, town.second)
    review = closed_on_time(town)
    decision = request_review_decision(review, by=town.office, now=at(2026, 11, 9))
    for page in decision_pages(town, "auditor", decision):
        assert MARK in line_of(page, "K26")
        assert "1 / 2" not in line_of(page, "K26")
        assert "10人" in line_of(page, "K01")
    for who in ("office", "mayor"):
        assert "1 / 2" in line_of(decision_pages(town, who, decision)[0], "K26")


def test_the_decision_about_an_earlier_closing_tells_no_number_of_people(town):
    review = closed_on_time(town)
    decision = request_review_decision(review, by=town.office, now=at(2026, 11, 9))
    Review.objects.filter(pk=review.pk).update(state="closed")
    review.refresh_from_db()
    reopen_review(review, reason="追加の実施記録", by=town.office, now=at(2026, 11, 10))
    used(town.others["late"], town.kikaku, date(2026, 10, 20))
    review.refresh_from_db()
    close_review(review, by=town.office, now=at(2026, 11, 10) + timedelta(hours=1))
    page = decision_pages(town, "auditor", decision)[0]
    assert "10人" not in line_of(page, "K01")
    assert "10人" in line_of(decision_pages(town, "office", decision)[0], "K01")


def test_figures_frozen_with_other_words_are_hidden_all_the_same(town):
    build.a_talk(town)
    build.a_pair(town, town.second)
    decision = request_review_decision(closed_on_time(town), by=town.office, now=at(2026, 11, 9))
    content = decision.revisions.get().content
    assert "1 / 2" in str(as_read(content))

    def told(changed):
        few = content_for_few(decision.subject_id, changed, Gate(5), date(2026, 11, 9))
        return as_read(few["spec"]), as_read(few["tables"])

    for changed in (content, reworded(content), without_keys(content)):
        spec, tables = told(changed)
        assert spec == as_read(changed["spec"])
        assert "1 / 2" not in str(tables)
        assert "10人" in str(tables)
    spec, tables = told(reworded(without_keys(content)))
    assert {value for _label, value in spec} == {MARK}
    assert {cell for table in tables for row in table["rows"] for cell in row} == {MARK}
