"""状況一覧: figures with what they were made from, what is hidden from whom, and sentences that say
what matters.
"""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest

from dashboard.overview.page import read_board
from dashboard.overview.punctuality import GOING, IN_TIME, LATE, NONE, TO_COME
from evaluation.pdca.indicators.operations import load_indicators
from evaluation.pdca.reviews.models import Review
from evaluation.pdca.reviews.operations.reviews import close_review
from municipality.organisation.models import Member, Posting
from municipality.organisation.open_days import open_days
from rollout.readiness.operations.answers import save_answers, submit_assessment
from rollout.readiness.operations.catalogue import load_criteria
from rollout.readiness.operations.exceptions import grant_exception
from rollout.readiness.operations.rounds import close_round, open_round
from rollout.readiness.presenters.board import RoundBoard
from tests.build.dashboard import AS_OF
from tests.build.evaluation import a_pilot_between, reviews_opened, written
from tests.build.evaluation import a_town as an_evaluating_town
from tests.build.municipality import a_department, a_member, also_posted, at, signed_in, with_duty
from tests.build.pilots import used
from tests.build.rollout import confirmed, levels_of, submitted
from tests.build.town import Town, a_town
from tests.dashboard.conftest import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tenth")]


@pytest.fixture
def town() -> Town:
    return a_town()


def board(member: Member, today: date = AS_OF):
    return read_board(Member.objects.get(pk=member.pk), open_days(member.municipality_id), today)


def a_used_month(town: Town, *, soumu: int, zeimu: int, of: int = 8) -> None:
    """A pilot in both departments since October with `of` participants each, so many of whom
    teleworked.
    """
    for department, users in ((town.soumu, soumu), (town.zeimu, zeimu)):
        people = [a_member(department) for _number in range(of)]
        pilot = a_pilot_between(department, people[0], date(2026, 10, 1), date(2026, 12, 25))
        pilot.participants.model.objects.bulk_create(
            pilot.participants.model(
                municipality=town.body,
                pilot=pilot,
                member=member,
                department=department,
                state="agreed",
                asked_on=date(2026, 9, 1),
                agreed_on=date(2026, 9, 2),
            )
            for member in people
        )
        for member in people[:users]:
            used(member, department, date(2026, 10, 5))


def a_round(town: Town):
    load_criteria(town.body)
    return open_round(
        town.body,
        name="第1回",
        due_on=date(2026, 11, 5),
        by=town.people["office"],
        now=at(2026, 10, 1),
    )


def tile(found, code: str):
    return next(tile for tile in found.figures.tiles if tile.definition_label == f"{code}の定義")


# --- who sees what --------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["office", "manager", "executive", "hr", "consultant", "auditor"])
def test_the_page_opens_for_who_answers_or_advises(town, who):
    assert town.get(who, "dashboard/") == 200


def test_staff_alone_are_refused_with_the_reason(town):
    answer = town.client("staff").get(f"/{town.body.pk}/dashboard/")
    assert (answer.status_code, "だけが見られます" in answer.content.decode()) == (403, True)


def test_the_page_is_absent_for_people_of_another_body(town):
    other = a_town("993026", "みどり市")
    assert other.client("office").get(f"/{town.body.pk}/dashboard/").status_code == 404


def test_a_manager_sees_their_own_departments(town):
    a_used_month(town, soumu=6, zeimu=7)
    found = board(town.people["manager"])
    assert (found.scope.name, [row.name for row in found.usage.rows]) == ("総務課", ["総務課"])


def test_a_manager_of_two_departments_sees_both(town):
    also_posted(town.people["manager"], town.zeimu, "manager", post="課長")
    assert board(town.people["manager"]).scope.name == "総務課、税務課"


@pytest.mark.parametrize(
    ("who", "persons"),
    [("office", True), ("executive", True), ("consultant", False), ("auditor", False)],
)
def test_it_is_said_that_persons_are_not_shown(town, who, persons):
    page = town.client(who).get(f"/{town.body.pk}/dashboard/").content.decode()
    assert ("個人が分かる値は表示しません" not in page) is persons


@pytest.mark.parametrize(("who", "queries"), [("office", 23), ("manager", 23), ("consultant", 24)])
@pytest.mark.parametrize("more", [1, 3])
def test_the_page_takes_the_same_queries_however_much_there_is(town, who, queries, more):
    a_used_month(town, soumu=more, zeimu=2 * more)
    for number in range(more):
        a_member(a_department(town.body, f"第{number}課"), "manager", post="課長")
    a_round(town)
    assert queries_of(town.client(who), f"/{town.body.pk}/dashboard/") == queries


# --- figures --------------------------------------------------------------------------------------


def test_a_figure_says_what_it_was_made_from(town):
    a_used_month(town, soumu=6, zeimu=7)
    found = tile(board(town.people["office"]), "K03")
    assert (found.value_text, found.unit, found.base_text, found.change_text) == (
        "68.4",
        "%",
        "13 / 19人",
        "",
    )


def test_what_was_not_handed_in_is_not_zero(town):
    a_used_month(town, soumu=0, zeimu=0)
    found = tile(board(town.people["office"]), "K03")
    assert (found.value_text, found.missing_text, found.suppressed) == (
        "",
        "未提出: 総務課、税務課",
        False,
    )


def test_without_pilots_there_is_nothing_to_divide_by(town):
    found = tile(board(town.people["office"]), "K03")
    assert (found.value_text, found.missing_text, found.base_text) == ("", "", "")


def test_figures_are_compared_with_the_month_before():
    town = an_evaluating_town()
    people = [a_member(town.kikaku) for _number in range(10)]
    pilot = a_pilot_between(town.kikaku, people[0], date(2026, 9, 1), date(2026, 12, 25))
    for member in people:
        pilot.participants.create(
            municipality=town.body,
            member=member,
            department=town.kikaku,
            state="agreed",
            asked_on=date(2026, 8, 1),
            agreed_on=date(2026, 8, 2),
        )
    for member in people[:5]:
        used(member, town.kikaku, date(2026, 9, 7))
    for member in people[:8]:
        used(member, town.kikaku, date(2026, 10, 5))
    reviews_opened(town, at(2026, 11, 2))
    for review in own_reviews(town):
        close_review(written(review, town.office), by=town.office, now=at(2026, 11, 9))
    found = board(town.office)
    k03 = tile(found, "K03")
    assert (k03.value_text, k03.change_text, k03.change_good, k03.direction) == (
        "61.5",
        "23.0ポイント",
        True,
        "up",
    )
    assert found.figures.is_final
    assert found.figures.closed_at is not None
    assert (
        found.findings[0].sentence
        == "10月の実施率(対象職員)は61.5%で、前月より23.0ポイント上がりました。"
    )
    assert found.trend[0].values == [38.5, 61.5]


def own_reviews(town):
    """The body's own reviews that are open, oldest first."""
    return list(
        Review.objects.of(town.body)
        .filter(department=None, state="entering")
        .order_by("last", "cadence")
    )


# --- small cells ----------------------------------------------------------------------------------


def test_small_numbers_are_shown_to_those_who_answer_for_the_people(town):
    a_used_month(town, soumu=2, zeimu=7)
    assert [(row.takers, row.hidden) for row in board(town.people["office"]).usage.rows] == [
        (2, False),
        (7, False),
    ]


def test_small_numbers_are_hidden_from_a_consultant_with_one_more(town):
    a_used_month(town, soumu=2, zeimu=8)
    found = board(town.people["consultant"])
    assert [row.hidden for row in found.usage.rows] == [True, True]
    assert (found.usage.total.takers, found.usage.total.hidden) == (10, False)


def test_a_hidden_number_stands_nowhere_on_the_page(town):
    a_used_month(town, soumu=2, zeimu=8)
    page = town.client("consultant").get(f"/{town.body.pk}/dashboard/").content.decode()
    table = page[page.index('id="usage"') : page.index('id="pilots"')]
    assert table.count("＊</abbr>") == 6


def test_a_figure_of_few_people_is_hidden_with_all_that_follow_from_it(town):
    a_used_month(town, soumu=2, zeimu=1)
    found = board(town.people["consultant"])
    assert [tile.suppressed for tile in found.figures.tiles][:3] == [True, True, True]
    assert [(tile.value_text, tile.base_text) for tile in found.figures.tiles][:3] == [("", "")] * 3


def test_people_outside_the_pilots_do_not_show_through_the_share_of_all(town):
    a_used_month(town, soumu=8, zeimu=8)
    place = a_department(town.body, "市民課")
    used(a_member(place), place, date(2026, 10, 6))
    for department in (town.soumu, town.zeimu):
        for _number in range(5):
            a_member(department)
    found = board(town.people["consultant"])
    assert (tile(found, "K03").suppressed, tile(found, "K02").suppressed) == (False, True)


def test_a_manager_is_told_of_no_fall_where_only_people_moved_away(town):
    """Of 14 people eleven teleworked in September; three of them left with the month, and of the
    others nine did in October.
    """
    load_indicators(town.body)
    people = [a_member(town.soumu) for _number in range(12)]
    every = Posting.objects.filter(department=town.soumu, kind="main").count()
    a_pilot_between(town.soumu, people[0], date(2026, 9, 1), date(2026, 12, 25))
    for number, member in enumerate(people[:11]):
        used(member, town.soumu, date(2026, 9, 8), date(2026, 9, 9))
        if number < 8:
            used(member, town.soumu, date(2026, 10, 6))
    used(people[11], town.soumu, date(2026, 10, 6))
    Posting.objects.filter(member__in=people[8:11]).update(ends_on=date(2026, 9, 30))
    reviews_opened(town, at(2026, 11, 2))
    own = Review.objects.of(town.body).filter(department=town.soumu, cadence="month")
    for review in own.order_by("first"):
        close_review(
            written(review, town.people["office"]), by=town.people["office"], now=at(2026, 11, 9)
        )
    found = tile(board(town.people["manager"]), "K04")
    assert (found.value_text, found.change_text, found.change_good) == ("9.0", "", None)
    assert found.mark_text == f"対象が{every}人から{every - 3}人に変わりました"


@pytest.mark.parametrize("reader", ["consultant", "office"])
def test_the_scores_of_a_department_of_three_are_the_same_on_map_and_list(town, reader):
    """An assessment is about the department: no outlet hides it, for whoever reads it."""
    asked = a_round(town)
    for department, manager in ((town.soumu, "manager"), (town.zeimu, "other manager")):
        submitted(asked, department, town.people[manager])
    map_ = {row.name: row.total.value for row in board(town.people[reader]).heat.rows}
    file = b"".join(town.client(reader).get(f"/{town.body.pk}/readiness/?file=csv"))
    rows = list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"))))
    assert {row["部署"]: float(row["総合"]) for row in rows} == {
        name: round(value, 1) for name, value in map_.items()
    }


# --- readiness ------------------------------------------------------------------------------------


def test_the_map_marks_who_did_not_hand_in_and_what_is_not_met(town):
    asked = a_round(town)
    confirmed(asked, town.soumu, town.people["manager"], town.people["office"])
    found = board(town.people["office"])
    assert [(row.name, row.is_missing) for row in found.heat.rows] == [
        ("総務課", False),
        ("税務課", True),
    ]
    assert found.heat.handed_in == 1


def test_while_a_new_round_runs_the_last_confirmed_assessment_stands_beside_it(town):
    first = a_round(town)
    confirmed(first, town.soumu, town.people["manager"], town.people["office"])
    submitted(first, town.zeimu, town.people["other manager"])
    close_round(first, by=town.people["office"], now=at(2026, 10, 20))
    before = {row.name: row.total.value for row in board(town.people["office"]).heat.rows}
    second = open_round(
        town.body,
        name="第2回",
        due_on=date(2026, 12, 4),
        by=town.people["office"],
        now=at(2026, 10, 21),
    )
    found = board(town.people["office"]).heat
    rows = {row.name: row for row in found.rows}
    assert (found.round_name, found.handed_in) == (second.name, 0)
    assert rows["総務課"].total.value == before["総務課"] is not None
    assert rows["総務課"].before == "第1回 10/6"
    assert (rows["税務課"].total.value, rows["税務課"].before) == (None, "")
    page = town.client("office").get(f"/{town.body.pk}/dashboard/").content.decode()
    assert rows["総務課"].before in page


def test_what_was_passed_over_is_told_beside_what_is_not_met(town):
    asked = a_round(town)
    people = town.people
    assessment = confirmed(asked, town.soumu, people["manager"], people["office"], I2=1)
    with_duty(people["executive"], "security", town.root)
    answer = assessment.answers.select_related("criterion").get(criterion__code="I2")
    answer.assessment = assessment
    terms = {"reason": "閲覧だけの業務に限るため。", "valid_until": date(2027, 3, 31)}
    grant_exception(answer, **terms, by=people["executive"], now=at(2026, 10, 20))
    found = board(people["office"])
    [finding] = [row for row in found.findings if "必須条件" in row.sentence]
    assert finding.more.endswith("うち1部署に例外承認があります。")
    page = town.client("consultant").get(f"/{town.body.pk}/dashboard/").content.decode()
    assert "必須条件が未達(例外承認)の部署は、1部署です。" in page
    assert f'href="{assessment.conditions_address}">総務課(I2 例外承認(令和9年3月31日まで))' in page
    assessment.answers.filter(pk=answer.pk).update(reviewed_level=0)
    page = town.client("consultant").get(f"/{town.body.pk}/dashboard/").content.decode()
    assert "例外承認" not in page, "it fell below the level that was passed over"


def test_late_departments_and_unmet_conditions_are_told_in_a_sentence(town):
    asked = a_round(town)
    assessment = asked.assessments.get(department=town.soumu)
    manager = town.people["manager"]
    save_answers(
        assessment,
        levels=levels_of(assessment, 3, I2=1),
        edition=assessment.edition,
        by=manager,
        now=at(2026, 10, 5),
    )
    submit_assessment(assessment, by=manager, now=at(2026, 10, 6))
    sentences = {
        finding.sentence: finding.more for finding in board(town.people["office"]).findings
    }
    assert (
        sentences["総務課は、必須条件が満たされていません。"]
        == "内訳は「情報システム」が1部署です。"
    )
    assert (
        sentences["税務課の準備度評価が、期限から3開庁日を過ぎて未提出です。"]
        == "次の対象部署を決める材料が1部署分足りません。"
    )


def test_no_department_is_told_the_lateness_of_another(town):
    """総務課 had until 5 November, 税務課 (asked later) until the 9th: three open days and one."""
    a_round(town).assessments.filter(department=town.zeimu).update(due_on=date(2026, 11, 9))
    found = [finding.sentence for finding in board(town.people["office"]).findings]
    words = "総務課・税務課の準備度評価が、期限から最も長いもので3開庁日を過ぎて未提出です。"
    assert words in found


def test_on_the_saturday_after_the_due_date_it_is_late_by_one_open_day(town):
    a_round(town).assessments.update(due_on=date(2026, 11, 6))
    found = [row.sentence for row in board(town.people["office"], date(2026, 11, 7)).findings]
    assert "総務課・税務課の準備度評価が、期限から1開庁日を過ぎて未提出です。" in found


def test_nobody_is_late_in_a_closed_round(town):
    round_ = a_round(town)
    close_round(round_, by=town.people["office"], now=at(2026, 11, 6))
    found = board(town.people["office"])
    assert (found.heat.late, RoundBoard(round_, town.people["office"], AS_OF).late) == ([], [])
    assert not [row for row in found.findings if "未提出です" in row.sentence]


def test_a_body_that_has_just_begun_is_told_so(town):
    assert [finding.sentence for finding in board(town.people["office"]).findings] == [
        "準備度評価はまだ行われていません。",
        "今年度の試行はまだ計画されていません。",
    ]


def test_every_link_of_the_findings_opens(town):
    client = town.client("office")
    for finding in board(town.people["office"]).findings:
        assert client.get(finding.address).status_code == 200


# --- reviews and pilots ---------------------------------------------------------------------------


def test_each_review_of_the_year_is_in_time_late_going_or_to_come():
    town = an_evaluating_town()
    a_pilot_between(town.kikaku, town.chief, date(2026, 8, 3), date(2026, 12, 25))
    reviews_opened(town, at(2026, 11, 2))
    own = own_reviews(town)
    august = next(review for review in own if review.cadence == "month" and review.first.month == 8)
    september = next(
        review for review in own if review.cadence == "month" and review.first.month == 9
    )
    close_review(written(august, town.office), by=town.office, now=at(2026, 9, 4))
    close_review(written(september, town.office), by=town.office, now=at(2026, 11, 2))
    months = dict(board(town.office, date(2026, 11, 6)).reviews.rows)["月次"]
    assert [dot.mark for dot in months] == [NONE] * 4 + [IN_TIME, LATE, GOING] + [TO_COME] * 5


@pytest.mark.parametrize(("pilots", "shown", "more"), [(3, 3, 0), (52, 50, 2)])
def test_a_long_line_of_pilots_keeps_those_that_end_last(town, pilots, shown, more):
    for number in range(pilots):
        last = date(2026, 11, 1) + timedelta(days=number)
        a_pilot_between(town.soumu, town.people["staff"], date(2026, 10, 1), last)
    line = board(town.people["office"]).pilots
    assert (len(line.spans), line.more) == (shown, more)
    assert min(span.until for span in line.spans) == date(2026, 11, 1) + timedelta(days=more)


def test_pilots_stand_on_the_line_of_the_year(town):
    a_pilot_between(town.soumu, town.people["manager"], date(2026, 8, 1), date(2026, 12, 31))
    spans = board(town.people["office"]).pilots.spans
    assert [(span.start, span.end, span.word, span.style) for span in spans] == [
        (4.0, 9.0, "実施中", "run")
    ]


def test_the_managers_page_lists_the_own_pilots_only(town):
    a_pilot_between(town.zeimu, town.people["other manager"], date(2026, 8, 1), date(2026, 12, 31))
    assert board(town.people["manager"]).pilots.spans == []


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_page_is_drawn_in_both_languages(town, language):
    a_used_month(town, soumu=6, zeimu=7)
    a_round(town)
    client = signed_in(town.people["office"])
    client.cookies["language"] = language
    assert client.get(f"/{town.body.pk}/dashboard/").status_code == 200
