"""The pages over HTTP: who gets what, what is refused and how, and how many queries a list
costs.
"""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.utils import timezone

from evaluation.appraisal.one_on_ones.models import OneOnOne, Pair, PrivateNote
from evaluation.appraisal.schemes.models import EvaluationPeriod
from evaluation.appraisal.sheets.models import Goal, Sheet
from evaluation.pdca.actions.models import Action
from evaluation.pdca.reviews.models import Review
from evaluation.pdca.reviews.operations.reviews import add_remark
from municipality.accounts.models import User
from municipality.audit.models import Entry
from municipality.organisation.open_days import open_days
from tests.build import evaluation as build
from tests.build.municipality import a_member, an_account, at, signed_in
from tests.build.pilots import used

pytestmark = pytest.mark.django_db
PEOPLE = ("office", "hr", "chief", "tax_chief", "mayor", "staff", "consultant", "auditor")


@pytest.fixture
def town():
    return build.a_town()


def answers(town, address, people=PEOPLE):
    found = {
        who: signed_in(getattr(town, who)).get(f"/993018/{address}").status_code for who in people
    }
    return [found[who] for who in people]


#                          office  hr chief tax_chief mayor staff consultant auditor
LISTS = {
    "sheets/": [200, 200, 200, 200, 200, 200, 403, 403],
    "sheets/periods/new/": [403, 200, 403, 403, 403, 403, 403, 403],
    "one-on-ones/": [200, 200, 200, 200, 200, 200, 403, 403],
    "one-on-ones/new/": [403, 403, 200, 200, 200, 403, 403, 403],
    "one-on-ones/held/": [200, 200, 200, 200, 200, 403, 403, 403],
    "reviews/": [200, 200, 200, 200, 200, 200, 200, 200],
    "actions/": [200, 200, 200, 200, 200, 200, 200, 200],
    "indicators/": [200, 200, 200, 200, 200, 200, 200, 200],
}


@pytest.mark.parametrize("address", LISTS)
def test_lists_empty_and_filled_for_each_person(town, address):
    assert answers(town, address) == LISTS[address]
    build.an_agreed(town)
    build.a_talk(town)
    build.with_action(build.a_review(town, town.kikaku), town.chief)
    assert answers(town, address) == LISTS[address]


#                        office  hr chief tax_chief mayor staff consultant auditor
OF_A_DEPARTMENT = {
    "": [200, 200, 200, 404, 200, 404, 200, 200],
    "edit/": [200, 403, 200, 404, 403, 404, 403, 403],
    "actions/new/": [200, 403, 200, 404, 403, 404, 403, 403],
}
OF_THE_BODY = {
    "": [200, 200, 200, 200, 200, 404, 200, 200],
    "edit/": [200, 403, 403, 403, 403, 404, 403, 403],
    "actions/new/": [200, 403, 403, 403, 403, 404, 403, 403],
}


@pytest.mark.parametrize("rest", OF_A_DEPARTMENT)
def test_an_open_review_for_each_person(town, rest):
    own, body = build.a_review(town, town.kikaku), build.a_review(town)
    assert answers(town, f"reviews/{own.pk}/{rest}") == OF_A_DEPARTMENT[rest]
    assert answers(town, f"reviews/{body.pk}/{rest}") == OF_THE_BODY[rest]


def test_staff_see_their_departments_review_once_closed_and_the_bodys_once_decided(town):
    own, body = build.a_closed(town, town.kikaku), build.a_closed(town)
    assert answers(town, f"reviews/{own.pk}/", ("staff", "second", "tax_staff")) == [200, 200, 404]
    assert answers(town, f"reviews/{body.pk}/", ("staff",)) == [404]
    Review.objects.filter(pk=body.pk).update(state="decided", decided_at=timezone.now())
    assert answers(town, f"reviews/{body.pk}/", ("staff", "tax_staff")) == [200, 200]


#                        office  hr chief tax_chief mayor staff consultant auditor
OF_AN_ACTION = {
    "": [200, 200, 200, 404, 200, 200, 200, 200],
    "edit/": [200, 403, 200, 404, 403, 403, 403, 403],
}


@pytest.mark.parametrize("rest", OF_AN_ACTION)
def test_an_action_for_each_person(town, rest):
    action = build.with_action(build.a_review(town, town.kikaku), town.chief)
    Action.objects.filter(pk=action.pk).update(who=town.staff)
    assert answers(town, f"actions/{action.pk}/{rest}") == OF_AN_ACTION[rest]


def test_the_other_body_sees_nothing(town):
    review, period = build.a_review(town), build.an_open_period(town)
    other = build.a_town("993115", name="わかば町")
    for address in (f"reviews/{review.pk}/", f"sheets/periods/{period.pk}/"):
        assert signed_in(other.hr).get(f"/993018/{address}").status_code == 404
        assert signed_in(User_of(other.hr)).get(f"/993115/{address}").status_code == 404


def User_of(member):  # noqa: N802 - the same person again
    member.user = User.objects.get(members=member)
    return member


def test_a_consultant_reads_a_review_without_persons(town):
    review = build.a_review(town, town.kikaku)
    build.with_action(review, town.chief)
    add_remark(review, text="当番を見直す。", by=town.chief, now=at(2026, 11, 5))
    add_remark(review, text="分けて見ることを勧める。", by=town.consultant, now=at(2026, 11, 5))
    page = signed_in(town.consultant).get(f"/993018/reviews/{review.pk}/").content.decode()
    for name in ("髙瀬", "由紀", "安藤", "課長"):
        assert name not in page
    for words in (
        "所属長",
        "担当者",
        "三枝 千景",
        "個人が分からない形で表示しています",
        "この画面では表示しません",
    ):
        assert words in page
    assert "髙瀬 由紀" in signed_in(town.hr).get(f"/993018/reviews/{review.pk}/").content.decode()


def test_a_consultant_reads_actions_without_persons(town):
    action = build.with_action(build.a_review(town, town.kikaku), town.chief)
    client = signed_in(town.consultant)
    for address in ("actions/?tab=open", f"actions/{action.pk}/"):
        page = client.get(f"/993018/{address}").content.decode()
        assert "応援体制" in page
        assert "担当者" in page
        assert "髙瀬" not in page


def test_the_closed_page_shows_both_values_and_says_when_it_was_frozen(town):
    review = build.a_closed(town, town.kikaku)
    used(town.staff, town.kikaku, date(2026, 10, 20), date(2026, 10, 21))
    page = signed_in(town.chief).get(f"/993018/reviews/{review.pk}/").content.decode()
    for words in ("<b>3.0人日</b>", "いまは 5.0人日", "11月6日(金) 18:02に固定"):
        assert words in page
    assert {"定義 第3版", "定義 第4版"} <= set(re.findall(r"定義 第\d版", page))


def test_a_review_with_a_gap_says_what_is_missing_and_cannot_be_closed(town):
    review = build.a_review(town, town.kikaku)
    action = build.with_action(review, town.chief, complete=False)
    client = signed_in(town.chief)
    page = client.get(f"/993018/reviews/{review.pk}/").content.decode()
    for words in (
        "このままでは締められません",
        f'href="/993018/actions/{action.pk}/"',
        "未入力",
        "disabled",
    ):
        assert words in page
    answer = client.post(f"/993018/reviews/{review.pk}/close/")
    assert answer.status_code == 409
    assert "内容・担当・期限" in answer.content.decode()


def in_the_era(day):
    """令和8年12月14日, as somebody types it."""
    return f"令和{day.year - 2018}年{day.month}月{day.day}日"


def a_day_to_come(town):
    """An open day, by which something can still be done."""
    return open_days(town.body).add(timezone.localdate(), 10)


def test_a_review_is_written_closed_and_sent_to_decision(town):
    review, client = build.a_review(town, town.kikaku), signed_in(town.chief)
    address = f"/993018/reviews/{review.pk}/"
    texts = {
        "plan_text": "36%",
        "do_text": "継続",
        "check_text": "順調",
        "act_text": "見直す",
        "edition": review.edition,
    }
    assert client.post(f"{address}edit/", texts).status_code == 302
    stale = client.post(f"{address}edit/", {**texts, "do_text": "古い画面の文"})
    assert (stale.status_code, "古い画面の文" in stale.content.decode()) == (409, True)
    facts = {"what": "予定表を配る", "who": "安藤 海", "due_on": in_the_era(a_day_to_come(town))}
    assert client.post(f"{address}actions/new/", facts).status_code == 302
    assert Action.objects.get().who == town.staff
    assert client.post(f"{address}remark/", {"text": "順調に見えます。"}).status_code == 302
    assert client.post(f"{address}close/").status_code == 302
    assert client.post(f"{address}close/").status_code == 409
    drafted = client.post(f"{address}request/")
    assert client.post(f"{drafted.url}submit/").status_code == 302
    review.refresh_from_db()
    assert (review.state, review.do_text) == ("deciding", "継続")
    assert "このレビューの決裁を見る" in client.get(address).content.decode()


def test_a_surname_that_one_person_has_is_enough(town):
    review = build.a_review(town, town.kikaku)
    data = {"what": "予定表", "who": "伊東", "due_on": "2026-12-25"}
    address = f"/993018/reviews/{review.pk}/actions/new/"
    assert signed_in(town.chief).post(address, data).status_code == 302
    assert review.actions.get().who == town.second


def test_nothing_is_offered_of_a_review_that_is_decided(town):
    review = build.a_decided(town)
    client = signed_in(town.chief)
    for page in ("edit", "reopen", "actions/new"):
        answer = client.get(f"{review.get_absolute_url()}{page}/")
        assert answer.status_code == 409, page


@pytest.mark.parametrize(
    ("who", "message"),
    [
        ("見知らぬ人", "に当たる職員がいません"),
        ("999999", "に当たる職員がいません"),
        ("同名 太郎", "「同名 太郎」に当たる職員を、候補の中から選んでください"),
        ("同名", "「同名」に当たる職員を、候補の中から選んでください"),
    ],
)
def test_whom_an_action_goes_to_must_be_one_known_person(town, who, message):
    for _number in range(2):
        a_member(town.kikaku, name="同名 太郎")
    review = build.a_review(town, town.kikaku)
    answer = signed_in(town.chief).post(
        f"/993018/reviews/{review.pk}/actions/new/", {"what": "予定表", "who": who}
    )
    assert (answer.status_code, message in answer.content.decode()) == (422, True)


def test_a_manager_gives_actions_to_their_own_people_only(town):
    review = build.a_review(town, town.kikaku)
    facts = {"what": "予定表", "who": "江口 森", "due_on": a_day_to_come(town).isoformat()}
    assert (
        signed_in(town.chief).post(f"/993018/reviews/{review.pk}/actions/new/", facts).status_code
        == 422
    )


@pytest.mark.parametrize("who", ["000007 安藤 海", "安藤　海", "安藤海", "０００００７"])
def test_a_person_is_found_by_number_or_name_however_it_is_spaced(town, who):
    type(town.staff).objects.filter(pk=town.staff.pk).update(number="000007")
    type(town.staff).objects.exclude(pk=town.staff.pk).filter(number="000007").update(
        number="100007"
    )
    review = build.a_review(town, town.kikaku)
    facts = {"what": "予定表", "who": who, "due_on": a_day_to_come(town).isoformat()}
    assert (
        signed_in(town.chief).post(f"/993018/reviews/{review.pk}/actions/new/", facts).status_code
        == 302
    )
    assert Action.objects.get().who == town.staff


def test_an_action_is_reported_done_with_words(town):
    action = build.with_action(build.a_review(town, town.kikaku), town.chief)
    client, address = signed_in(town.chief), f"/993018/actions/{action.pk}/"
    assert client.post(f"{address}finish/", {"outcome": ""}).status_code == 422
    assert client.post(f"{address}finish/", {"outcome": "3課で組みました。"}).status_code == 302
    assert client.post(f"{address}finish/", {"outcome": "もう一度"}).status_code == 409
    assert client.post(f"{address}cancel/", {"outcome": "取りやめ"}).status_code == 409
    assert "3課で組みました。" in client.get(address).content.decode()


def test_hr_sets_a_period_up_and_opens_its_sheets(town):
    client = signed_in(town.hr)
    facts = {
        "name": "令和8年度 下期",
        "starts_on": "令和8年10月1日",
        "ends_on": "2027-03-31",
        "goals_due_on": "2026-10-16",
        "agree_due_on": "2026-10-30",
    }
    bad = client.post("/993018/sheets/periods/new/", {**facts, "goals_due_on": "2026-10-17"})
    words = "令和8年10月17日(土)は閉庁日です。令和8年10月19日(月)"
    assert (bad.status_code, words in bad.content.decode()) == (422, True)
    assert (
        client.post("/993018/sheets/periods/new/", {**facts, "ends_on": "2026-09-30"}).status_code
        == 422
    )
    assert client.post("/993018/sheets/periods/new/", facts).status_code == 302
    assert client.post("/993018/sheets/periods/new/", facts).status_code == 422
    period = EvaluationPeriod.objects.get()
    assert client.post(f"/993018/sheets/periods/{period.pk}/open/").status_code == 302
    assert Sheet.objects.count() == 8
    assert (
        signed_in(town.office).post(f"/993018/sheets/periods/{period.pk}/open/").status_code == 403
    )


def test_goals_over_http(town):
    sheet = build.sheet_of(town.staff, build.an_open_period(town))
    staff, chief = signed_in(town.staff), signed_in(town.chief)
    address = f"/993018/sheets/{sheet.pk}/"
    goals = {"edition": 1}
    for n, goal in enumerate(build.GOALS, start=1):
        goals |= {f"{name}_{n}": value for name, value in goal.items()}
    half = staff.post(f"{address}goals/", {**goals, "measure_2": ""})
    assert (half.status_code, Goal.objects.count()) == (422, 0)
    assert staff.post(f"{address}goals/", goals).status_code == 302
    assert staff.post(f"{address}goals/", goals).status_code == 409
    assert "提出する" in staff.get(address).content.decode()
    assert staff.post(f"{address}submit/").status_code == 302
    assert staff.post(f"{address}agree/").status_code == 403
    assert chief.post(f"{address}return/", {"comment": ""}).status_code == 422
    assert chief.post(f"{address}return/", {"comment": "数で書いてください。"}).status_code == 302
    assert "数で書いてください。" in staff.get(address).content.decode()
    assert staff.post(f"{address}submit/").status_code == 302
    assert chief.post(f"{address}agree/").status_code == 302
    assert chief.post(f"{address}agree/").status_code == 409
    for who in ("office", "tax_chief", "mayor", "second"):
        for act in ("submit", "agree", "return"):
            assert signed_in(getattr(town, who)).post(f"{address}{act}/").status_code == 404


def test_talks_over_http(town):
    today = timezone.localdate()
    chief, staff = signed_in(town.chief), signed_in(town.staff)
    assert chief.post("/993018/one-on-ones/new/", {"member": "江口 森"}).status_code == 422
    assert chief.post("/993018/one-on-ones/new/", {"member": "安藤 海"}).status_code == 302
    pair = Pair.objects.get()
    facts = {"held_on": today.isoformat(), "minutes": 30, "mode": "web", "topics": "体調"}
    address = f"/993018/one-on-ones/{pair.pk}/record/"
    assert chief.post(address, {**facts, "text_1": "試す"}).status_code == 422
    assert chief.post(address, {**facts, "held_on": "2099-01-01"}).status_code == 422
    assert staff.post(address, facts).status_code == 403
    promise = {"text_1": "試す", "owner_1": town.staff.pk, "due_1": "2035-01-05"}
    assert chief.post(address, {**facts, **promise}).status_code == 302
    talk = OneOnOne.objects.get()
    page = f"/993018/one-on-ones/record/{talk.pk}/"
    assert (
        chief.post(f"{page}edit/", {**facts, "topics": "体調と負荷", "edition": 1}).status_code
        == 302
    )
    assert chief.post(f"{page}edit/", {**facts, "edition": 1}).status_code == 409
    assert staff.post(f"{page}edit/", {**facts, "edition": 2}).status_code == 403
    assert staff.post(f"{page}note/", {"text": "私のメモ", "edition": 0}).status_code == 302
    assert "私のメモ" in staff.get(page).content.decode()
    assert "私のメモ" not in chief.get(page).content.decode()
    assert PrivateNote.objects.get().author == town.staff
    kept = f"/993018/one-on-ones/promises/{talk.promises.get().pk}/done/"
    assert chief.post(kept).status_code == 404
    assert staff.post(kept).status_code == 302
    assert staff.post(kept).status_code == 409


def test_no_get_of_a_page_changes_anything_but_the_log(town):
    sheet, talk, review = (
        build.a_submitted(town),
        build.a_talk(town),
        build.a_review(town, town.kikaku),
    )
    before = fingerprint()
    client = signed_in(town.chief)
    for address in (
        f"sheets/{sheet.pk}/",
        f"one-on-ones/{talk.pair_id}/",
        f"one-on-ones/record/{talk.pk}/",
        f"reviews/{review.pk}/",
        f"reviews/{review.pk}/close/",
        f"sheets/{sheet.pk}/agree/",
        "one-on-ones/",
        "sheets/",
        "actions/",
    ):
        client.get(f"/993018/{address}")
    assert fingerprint() == before
    assert (
        Entry.objects.filter(
            actor_id=town.chief.pk, verb__in=["sheet.read", "one_on_one.read"]
        ).count()
        == 2
    )


def fingerprint():
    return [
        list(model.objects.order_by("pk").values())
        for model in (Sheet, Goal, OneOnOne, Review, Action, Pair)
    ]


def test_every_page_is_there_in_english(town):
    sheet, talk, review = (
        build.a_submitted(town),
        build.a_talk(town),
        build.a_review(town, town.kikaku),
    )
    action = build.with_action(review, town.chief, what="Rota")
    user = an_account(town.chief)
    User.objects.filter(pk=user.pk).update(language="en")
    client = signed_in(town.chief)
    for address, words in (
        ("sheets/", "Goals and evaluation"),
        (f"sheets/{sheet.pk}/", "Goals of"),
        ("one-on-ones/", "One-on-ones you hold"),
        (f"one-on-ones/{talk.pair_id}/", "One-on-ones with"),
        (f"one-on-ones/record/{talk.pk}/", "Private note"),
        ("one-on-ones/held/", "One-on-ones held"),
        ("reviews/", "To be closed"),
        (f"reviews/{review.pk}/", "Monthly review, October 2026"),
        (f"reviews/{review.pk}/edit/", "Text of the review"),
        ("actions/", "Improvements"),
        (f"actions/{action.pk}/", "Report"),
        ("indicators/", "Days teleworked"),
    ):
        assert words in client.get(f"/993018/{address}").content.decode(), address


def test_the_definitions_of_indicators_can_be_taken_in_shift_jis(town):
    answer = signed_in(town.chief).get("/993018/indicators/?file=cp932")
    assert answer.status_code == 200
    assert "実施率(全職員)" in b"".join(answer.streaming_content).decode("cp932")


def more_rows(town, count):
    """So many of everything that the lists show."""
    period = build.an_open_period(town)
    review = build.a_review(town, town.kikaku)
    people = [town.staff, town.second, a_member(town.kikaku)][:count]
    for number, member in enumerate(people):
        build.a_talk(town, build.a_pair(town, member))
        build.with_action(review, town.chief, what=f"項目{number}")
    Sheet.objects.exclude(member__in=people).exclude(member=town.chief).delete()
    return period, review


QUERIES = {
    "sheets/": 10,
    "sheets/periods/{period}/": 18,
    "one-on-ones/": 8,
    "one-on-ones/held/?month=previous": 14,
    "reviews/": 10,
    "actions/?tab=open": 9,
    "indicators/": 7,
}


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("address", QUERIES)
def test_lists_cost_the_same_for_one_row_and_for_three(
    town, address, count, django_assert_num_queries
):
    period, _review = more_rows(town, count)
    client = signed_in(town.chief)
    client.get("/993018/indicators/")
    with django_assert_num_queries(QUERIES[address]):
        assert client.get(f"/993018/{address.format(period=period.pk)}").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_a_closed_review_costs_the_same_for_one_action_and_for_three(
    town, count, django_assert_num_queries
):
    review = build.a_closed(town, town.kikaku)
    for number in range(count):
        build.with_action(review, town.chief, what=f"項目{number}")
        add_remark(review, text=f"所見{number}", by=town.chief, now=at(2026, 11, 9))
    client = signed_in(town.chief)
    client.get("/993018/indicators/")
    with django_assert_num_queries(28):
        client.get(f"/993018/reviews/{review.pk}/")
