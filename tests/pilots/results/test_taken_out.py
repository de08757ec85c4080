"""People taken out of a running pilot stay in the figures of the time in which they took part.

企画財政課 tries telework from 3 August to 30 November 2026 with six people. Three have a record in
August, two in September. On 5 October the other three are taken out, one of whom agrees again on
21 October. Every figure below is written by hand.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from dashboard.home.journey import read_progress
from evaluation.pdca.indicators.measures import measure
from municipality.core.periods import Period
from municipality.core.small_cells import MARK
from municipality.organisation.models import Department, Member
from pilots.days.models import Usage
from pilots.days.remarks import UsageRemark, facts_of, remark_rules
from pilots.lifecycle.operations.decisions import request_pilot_decision
from pilots.lifecycle.operations.steps import start_pilot
from pilots.participants.models import Participant
from pilots.participants.operations.participation import add_participants, agree
from pilots.planning.models import Pilot
from tests.build import pilots as build
from tests.build.municipality import a_member, at, signed_in

pytestmark = pytest.mark.django_db
CRITERIA = (
    ("K38", "at_least", Decimal(1)),
    ("K40", "at_least", Decimal(60)),
    ("K39", "at_least", Decimal(1)),
    ("K37", "at_least", Decimal(1)),
    ("K36", "at_least", Decimal(100)),
)


class Story:
    """The pilot, its people and the day on which pages are read."""

    def __init__(self, monkeypatch, small_cell: int = 5) -> None:
        self.monkeypatch = monkeypatch
        self.town = town = build.a_town(small_cell=small_cell)
        others = [a_member(town.kikaku, name=name) for name in ("江藤 一", "小川 二", "加藤 三")]
        self.people = [*town.staff, *others]
        build.completed(town.course, others)
        pilot = build.with_participants(
            build.a_planned(town, criteria=CRITERIA, ends_on=date(2026, 11, 30)),
            self.people,
            by=town.chief,
        )
        decision = request_pilot_decision(pilot, by=town.chief, now=at(2026, 7, 23))
        build.decided(decision, town.mayor, now=at(2026, 7, 27))
        build.completed(town.course, [*town.staff, town.chief])
        pilot.refresh_from_db()
        self.pilot = start_pilot(pilot, by=town.chief, now=at(2026, 8, 3))
        for person in self.people[:3]:
            build.used(person, town.kikaku, date(2026, 8, 4))
        for person in self.people[:2]:
            build.used(person, town.kikaku, date(2026, 9, 1), date(2026, 9, 2))
        self.is_on(at(2026, 10, 5))

    def is_on(self, now: datetime) -> None:
        self.monkeypatch.setattr("django.utils.timezone.now", lambda: now)

    def take_out(self, *people: Member) -> None:
        """The manager takes them out, on their pages."""
        for row in Participant.objects.filter(member__in=people).exclude(state="left"):
            answer = signed_in(self.town.chief).post(f"{row.get_absolute_url()}remove/")
            assert answer.status_code == 302

    def ask_again(self, person: Member) -> None:
        """The manager asks on the page of the pilot, and the person agrees on the new one."""
        address = f"{self.pilot.get_absolute_url()}participants/"
        answer = signed_in(self.town.chief).post(address, {"members": [person.pk], "device": ""})
        assert answer.status_code == 302
        row = Participant.objects.get(member=person, state="asked")
        answer = signed_in(person).post(f"{row.get_absolute_url()}agree/")
        assert answer.status_code == 302

    def rate(self, cadence: str, first: date) -> tuple[float | None, float | None]:
        """K35 of the town: numerator and denominator."""
        figure = measure(Department.objects.of(self.town.body), Period.holding(cadence, first))
        return figure["K35"].numerator, figure["K35"].denominator

    @property
    def closed_months(self) -> list[tuple]:
        return [self.rate("month", date(2026, month, 1)) for month in (8, 9)]

    def page(self, reader: Member | None = None) -> Pilot:
        return signed_in(reader or self.town.chief).get(self.pilot.get_absolute_url()).context

    def shown(self, reader: Member | None = None) -> dict[str, str]:
        """The tiles of the pilot's page."""
        return {
            str(tile.name): f"{tile.value_text}{tile.unit} {tile.base_text}".strip()
            for tile in self.page(reader)["tiles"]
        }

    @property
    def bars(self) -> list[str]:
        return [bar.text for bar in self.page()["bars"]]

    @property
    def criteria(self) -> list[str]:
        """Value and verdict of each criterion."""
        text = signed_in(self.town.chief).get(self.pilot.get_absolute_url()).text
        return text[text.index("成功の基準") : text.index("実施の状況")]


@pytest.fixture
def story(monkeypatch) -> Story:
    return Story(monkeypatch)


BEFORE = {
    "参加者数": "6人",
    "実施者数(参加者、試行の期間)": "3人",
    "参加者実施率(試行の期間に1回以上)": "50.0% 3 / 6人",
    "延べ実施日数(参加者、試行の期間)": "7.0人日",
    "実施者1人当たりの実施日数": "2.3日",
    "必須研修の修了率(参加者)": "100.0% 6 / 6人",
}


def assert_past_stands(story: Story) -> None:
    """What is over says what it said before anybody was taken out."""
    assert story.closed_months == [(3, 6), (2, 6)]
    assert story.rate("quarter", date(2026, 7, 1)) == (5, 12)
    assert story.shown() == BEFORE
    assert story.bars[:2] == ["3.0人日", "4.0人日"]
    assert "50.0%" in story.criteria
    assert "1.2日" in story.criteria
    assert "未達" in story.criteria


def test_the_past_stands_when_people_are_taken_out_and_asked_again(story):
    assert_past_stands(story)
    story.take_out(*story.people[3:])
    assert_past_stands(story)
    assert story.rate("month", date(2026, 10, 1)) == (None, 6)
    assert story.rate("month", date(2026, 11, 1)) == (None, 3)
    story.is_on(at(2026, 10, 20))
    story.ask_again(story.people[3])
    assert_past_stands(story)
    assert story.rate("month", date(2026, 10, 1)) == (None, 6)
    assert story.rate("month", date(2026, 11, 1)) == (None, 4)


def test_a_quarter_stays_the_sum_of_its_months(story):
    story.take_out(*story.people[3:])
    months = [story.rate("month", date(2026, month, 1)) for month in (7, 8, 9)]
    counted = [month for month in months if month[1]]
    assert story.rate("quarter", date(2026, 7, 1)) == tuple(map(sum, zip(*counted, strict=True)))


def test_a_department_stays_among_those_that_tried_when_everybody_is_taken_out(story):
    def tried() -> int:
        return read_progress(story.town.office, timezone.localdate()).tried

    assert tried() == 1
    story.take_out(*story.people)
    assert tried() == 1
    story.is_on(at(2026, 10, 6))
    assert tried() == 1


def test_a_department_has_not_tried_where_all_left_before_the_pilot_began(story):
    Participant.objects.update(state="left", left_on=date(2026, 7, 31))
    assert read_progress(story.town.office, date(2026, 10, 5)).tried == 0


def test_who_left_before_the_pilot_began_or_declined_never_took_part(story):
    story.is_on(at(2026, 10, 6))
    late, other = a_member(story.town.kikaku), story.people[5]
    row = add_participants(story.pilot, members=[late], by=story.town.chief, now=at(2026, 10, 6))[0]
    assert signed_in(late).post(f"{row.get_absolute_url()}decline/").status_code == 302
    row.refresh_from_db()
    assert (row.agreed_on, row.left_on) == (None, date(2026, 10, 6))
    Participant.objects.filter(member=other).update(state="left", left_on=date(2026, 7, 31))
    assert story.rate("month", date(2026, 8, 1)) == (3, 5)
    assert story.shown()["参加者数"] == "5人"


def test_who_agrees_later_changes_no_month_before(story):
    late = a_member(story.town.kikaku)
    build.completed(story.town.course, [late])
    row = add_participants(story.pilot, members=[late], by=story.town.chief, now=at(2026, 10, 5))[0]
    agree(row, by=late, now=at(2026, 10, 5))
    assert story.closed_months == [(3, 6), (2, 6)]
    assert story.rate("month", date(2026, 10, 1)) == (None, 7)


def test_records_after_leaving_are_outside_of_the_pilot(story):
    leaver = story.people[0]
    story.take_out(leaver)
    build.used(leaver, story.town.kikaku, date(2026, 10, 5), date(2026, 10, 6))
    rules = remark_rules(story.town.body)
    rows = [facts_of(row) for row in Usage.objects.filter(member=leaver).order_by("day")]
    outside = [
        row.day for row, remarks in rules.remarks(rows).items() if UsageRemark.OUTSIDE in remarks
    ]
    assert outside == [date(2026, 10, 6)]
    story.is_on(at(2026, 10, 7))
    assert story.shown()["延べ実施日数(参加者、試行の期間)"] == "8.0人日"


@pytest.mark.parametrize(("count", "told"), [(2, MARK), (3, "3人")])
def test_the_page_says_how_many_were_taken_out_as_far_as_its_reader_may_know(
    monkeypatch, count, told
):
    story = Story(monkeypatch, small_cell=3)
    for _number in range(3):
        a_member(story.town.kikaku)
    build.used(story.people[2], story.town.kikaku, date(2026, 9, 1))
    assert (
        "途中で外れた人"
        not in signed_in(story.town.consultant).get(story.pilot.get_absolute_url()).text
    )
    story.take_out(*story.people[6 - count :])
    for reader, words in ((story.town.consultant, told), (story.town.chief, f"{count}人")):
        text = signed_in(reader).get(story.pilot.get_absolute_url()).text
        assert f"途中で外れた人 {words}" in text
        assert ("人が同意" in text) == (words != MARK)
        listed = signed_in(reader).get(f"/{story.town.body.pk}/pilots/").content.decode()
        assert "6" in listed
    assert story.shown(story.town.consultant)["参加者数"] == "6人"
