"""The pages of readiness: who reaches which, what each answers, and with how many queries."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from municipality.organisation.open_days import open_days
from rollout.readiness.models import (
    Assessment,
    BlockerException,
    ExceptionRequest,
    Reexamination,
    Round,
)
from rollout.readiness.operations.exceptions import grant_exception
from tests.build import rollout as build
from tests.build.municipality import (
    a_body,
    a_department,
    a_member,
    root_of,
    signed_in,
    with_duty,
)

pytestmark = pytest.mark.django_db
PEOPLE = (
    "manager",
    "clerk",
    "staff",
    "other_manager",
    "office",
    "consultant",
    "hr",
    "auditor",
    "executive",
)
OPEN = dict.fromkeys(PEOPLE, 200)

# Session, user, second factor, member, authority, postings and unread notices of the frame are
# seven of them.
BOARD_QUERIES = 12
SHEET_QUERIES = 11
FORM_QUERIES = 9


def seen(assessment) -> dict[str, str]:
    """The edition that a page opened now carries."""
    assessment.refresh_from_db()
    return {"edition": str(assessment.edition)}


@pytest.fixture
def readiness(town):
    """総務課 has submitted, 税務課 is filling in."""
    town.round = build.a_round(town.body, town.office)
    town.submitted = build.submitted(town.round, town.soumu, town.manager, D2=1)
    town.entering = build.entering(town.round, town.zeimu, town.other_manager)
    return town


def address(town, path):
    return f"/{town.body.pk}/readiness/{path}"


inputs = build.form_of


def test_a_stranger_to_the_body_finds_nothing(readiness):
    other = a_body("993026", "みなと町")
    stranger = signed_in(a_member(a_department(other), "office"))
    for path in ("", "open/", f"{readiness.submitted.pk}/"):
        assert stranger.get(address(readiness, path)).status_code == 404
    own_body = f"/{other.pk}/readiness/{readiness.submitted.pk}/"
    assert stranger.get(own_body).status_code == 404


@pytest.mark.parametrize(
    ("path", "answers"),
    [
        ("", OPEN),
        ("open/", dict.fromkeys(PEOPLE, 403) | {"office": 200}),
        ("{submitted}/", OPEN | {"other_manager": 404}),
        ("{entering}/", OPEN | dict.fromkeys(("manager", "clerk", "staff"), 404)),
        (
            "{entering}/answers/skills/",
            dict.fromkeys(PEOPLE, 403)
            | {"other_manager": 200}
            | dict.fromkeys(("manager", "clerk", "staff"), 404),
        ),
        (
            "{submitted}/answers/skills/",
            dict.fromkeys(PEOPLE, 403) | {"manager": 409, "clerk": 409, "other_manager": 404},
        ),
        (
            "{submitted}/review/skills/",
            dict.fromkeys(PEOPLE, 403) | {"office": 200, "consultant": 200, "other_manager": 404},
        ),
        ("{submitted}/return/", dict.fromkeys(PEOPLE, 403) | {"office": 200, "other_manager": 404}),
        (
            "{submitted}/review/nowhere/",
            dict.fromkeys(PEOPLE, 403) | {"office": 404, "consultant": 404, "other_manager": 404},
        ),
        ("{submitted}/confirm/", dict.fromkeys(PEOPLE, 405)),
        ("{entering}/submit/", dict.fromkeys(PEOPLE, 405)),
        ("rounds/{round}/close/", dict.fromkeys(PEOPLE, 405)),
    ],
)
def test_who_gets_which_page(readiness, path, answers):
    town = readiness
    path = path.format(submitted=town.submitted.pk, entering=town.entering.pk, round=town.round.pk)
    found = {
        person: signed_in(getattr(town, person)).get(address(town, path)).status_code
        for person in PEOPLE
    }
    assert found == answers


@pytest.mark.parametrize(
    ("path", "answers"),
    [
        (
            "{entering}/submit/",
            dict.fromkeys(PEOPLE, 403) | dict.fromkeys(("manager", "clerk", "staff"), 404),
        ),
        ("{submitted}/confirm/", dict.fromkeys(PEOPLE, 403) | {"other_manager": 404}),
        ("{submitted}/return/", dict.fromkeys(PEOPLE, 403) | {"other_manager": 404}),
        ("rounds/{round}/close/", dict.fromkeys(PEOPLE, 403)),
        ("open/", dict.fromkeys(PEOPLE, 403)),
    ],
)
def test_who_may_not_change_anything(readiness, path, answers):
    town = readiness
    path = path.format(submitted=town.submitted.pk, entering=town.entering.pk, round=town.round.pk)
    allowed = {"other_manager"} if "submit/" in path else {"office"}
    people = [person for person in PEOPLE if person not in allowed]
    found = {
        person: signed_in(getattr(town, person)).post(address(town, path), {}).status_code
        for person in people
    }
    assert found == {person: answers[person] for person in people}
    assert Assessment.objects.get(pk=town.submitted.pk).state == "submitted"
    assert Assessment.objects.get(pk=town.entering.pk).state == "entering"
    assert Round.objects.get().state == "open"


def test_without_a_round_the_office_is_asked_to_start_one_and_others_are_told_what_will_come(town):
    page = signed_in(town.office).get(address(town, "")).content.decode()
    assert "準備度評価はまだ行われていません" in page
    assert address(town, "open/") in page
    assert (
        address(town, "open/")
        not in signed_in(town.manager).get(address(town, "")).content.decode()
    )


def test_a_manager_sees_the_own_department_on_the_board_and_the_office_all(readiness):
    own = signed_in(readiness.manager).get(address(readiness, "")).content.decode()
    assert ("総務課</a>" in own, "税務課</a>" in own) == (True, False)
    page = signed_in(readiness.office).get(address(readiness, "")).content.decode()
    assert ("総務課</a>" in page, "税務課</a>" in page) == (True, True)
    assert "2部署のうち1部署が提出しました" in page
    assert "情報の分類" in page


def test_what_is_being_filled_in_is_shown_to_the_department_only(readiness):
    secret = "まだ外に見せない所見"
    levels = {readiness.entering.answers.first().criterion_id: (1, secret)}
    build.save_answers(
        readiness.entering,
        levels=levels,
        edition=readiness.entering.edition,
        by=readiness.other_manager,
        now=build.OPENED,
    )
    path = address(readiness, f"{readiness.entering.pk}/")
    assert secret in signed_in(readiness.other_manager).get(path).content.decode()
    for person in ("office", "consultant", "executive", "hr", "auditor"):
        page = signed_in(getattr(readiness, person)).get(path).content.decode()
        assert secret not in page
        assert "回答は、提出されると表示されます" in page


def test_a_consultant_sees_the_answers_but_no_name(readiness):
    page = (
        signed_in(readiness.consultant)
        .get(address(readiness, f"{readiness.submitted.pk}/"))
        .content.decode()
    )
    assert "回答を確認する" in page
    assert "髙瀬" not in page
    assert (
        "髙瀬"
        in signed_in(readiness.office)
        .get(address(readiness, f"{readiness.submitted.pk}/"))
        .content.decode()
    )


def test_answers_are_saved_and_lead_on_to_the_next_axis_or_back(readiness):
    town, client = readiness, signed_in(readiness.other_manager)
    path = address(town, f"{town.entering.pk}/answers/documents/")
    answer = client.post(path, inputs(town.entering, level="4"))
    assert answer.headers["Location"] == address(town, f"{town.entering.pk}/answers/systems/")
    kept = build.an_assessment(town.round, town.zeimu)
    assert set(
        kept.answers.filter(criterion__axis="documents").values_list("own_level", flat=True)
    ) == {4}
    answer = client.post(path, inputs(kept, level="2") | {"draft": "1"})
    assert answer.headers["Location"] == address(town, f"{town.entering.pk}/")


def test_a_level_that_does_not_exist_is_refused_and_nothing_typed_is_lost(readiness):
    town = readiness
    data = inputs(town.entering) | {f"level_{town.entering.answers.first().criterion_id}": "9"}
    data[f"comment_{town.entering.answers.first().criterion_id}"] = "書きかけのコメント"
    answer = signed_in(town.other_manager).post(
        address(town, f"{town.entering.pk}/answers/documents/"), data
    )
    assert answer.status_code == 422
    assert "書きかけのコメント" in answer.content.decode()


def test_a_stale_form_is_answered_with_what_was_typed(readiness):
    town = readiness
    data = inputs(town.entering) | {
        "edition": "1",
        f"comment_{town.entering.answers.first().criterion_id}": "後から来た人",
    }
    answer = signed_in(town.other_manager).post(
        address(town, f"{town.entering.pk}/answers/documents/"), data
    )
    assert answer.status_code == 409
    assert "後から来た人" in answer.content.decode()


def test_the_way_of_an_assessment_over_its_pages(town):
    town.round = build.a_round(town.body, town.office)
    assessment = build.an_assessment(town.round, town.soumu)
    manager, office, base = signed_in(town.manager), signed_in(town.office), f"{assessment.pk}/"
    assert "回答を始める" in manager.get(address(town, base)).content.decode()
    for axis in ("documents", "systems", "security", "skills", "labour", "culture"):
        assessment.refresh_from_db()
        manager.post(address(town, f"{base}answers/{axis}/"), inputs(assessment, axis))
    page = manager.get(address(town, base)).content.decode()
    assert "事務局へ提出する" in page
    manager.post(address(town, f"{base}submit/"), seen(assessment))
    assert '<span class="req">' in office.get(address(town, f"{base}return/")).content.decode()
    remark = seen(assessment) | {"remark": "D2を見直してください。", "whole": "on"}
    assert office.post(address(town, f"{base}return/"), remark | {"remark": ""}).status_code == 422
    office.post(address(town, f"{base}return/"), remark)
    assert "D2を見直してください。" in manager.get(address(town, base)).content.decode()
    build.mend(assessment, "D2", town.manager)
    manager.post(address(town, f"{base}submit/"), seen(assessment))
    assessment.refresh_from_db()
    reason = {
        f"comment_{number}": "資料で確かめた範囲の段階にした。"
        for number in assessment.answers.values_list("criterion", flat=True)
    }
    office.post(address(town, f"{base}review/documents/"), inputs(assessment, level="2") | reason)
    assessment.refresh_from_db()
    assert "必須条件6件を確認すると" in office.get(address(town, base)).content.decode()
    stale = {"edition": str(assessment.edition)}
    assert office.post(address(town, f"{base}confirm/"), stale).status_code == 409
    for axis in ("systems", "security", "labour", "culture", "skills"):
        office.post(address(town, f"{base}review/{axis}/"), inputs(assessment, axis))
        assessment.refresh_from_db()
    assert office.post(address(town, f"{base}confirm/"), {"edition": "1"}).status_code == 409
    office.post(address(town, f"{base}confirm/"), {"edition": str(assessment.edition)})
    assessment.refresh_from_db()
    assert assessment.state == "confirmed"
    assert sorted(set(assessment.answers.values_list("own_level", "reviewed_level"))) == [
        (3, 2),
        (3, 3),
    ]


def test_submitting_an_unfinished_assessment_is_answered_with_what_is_missing(readiness):
    town = readiness
    town.entering.answers.filter(criterion__code="H1").update(own_level=None)
    answer = signed_in(town.other_manager).post(
        address(town, f"{town.entering.pk}/submit/"), seen(town.entering)
    )
    assert answer.status_code == 409
    assert "1件" in answer.content.decode()


def test_a_round_is_opened_for_an_open_day_and_the_chosen_kinds(town):
    a_department(town.body, "庶務係", parent=town.soumu, kind="unit")
    client = signed_in(town.office)
    day = open_days(town.body).roll(timezone.localdate().replace(month=12, day=15))
    sent = {"name": "第1回", "due_on": day.isoformat(), "kinds": ["section"]}
    closed = date(day.year + 1, 1, 1).isoformat()
    for bad in (
        {"due_on": closed},
        {"due_on": "2020-04-01"},
        {"due_on": "きのう"},
        {"kinds": []},
        {"kinds": ["unit", "x"]},
        {"name": ""},
    ):
        assert client.post(address(town, "open/"), sent | bad).status_code == 422
    answer = client.post(address(town, "open/"), sent)
    round_ = Round.objects.get()
    assert answer.headers["Location"] == address(town, f"?round={round_.pk}")
    assert round_.assessments.count() == 2
    assert client.post(address(town, "open/"), sent).status_code == 409


def test_a_round_is_closed_on_its_page(readiness):
    answer = signed_in(readiness.office).post(
        address(readiness, f"rounds/{readiness.round.pk}/close/")
    )
    assert answer.status_code == 302
    assert Round.objects.get().state == "closed"


@pytest.mark.parametrize(
    "query",
    ["round=0", "round=x", "round=99999999999999999999", "state=nowhere", "page=x", "page=999"],
)
def test_an_odd_address_of_the_board_is_answered_calmly(readiness, query):
    assert signed_in(readiness.office).get(address(readiness, f"?{query}")).status_code == 200


def test_the_pages_speak_english(readiness):
    client = signed_in(readiness.office)
    client.cookies["language"] = "en"
    board = client.get(address(readiness, "")).content.decode()
    assert "1 of 2 departments have submitted." in board
    sheet = client.get(address(readiness, f"{readiness.submitted.pk}/")).content.decode()
    assert "Classification of information" in sheet
    assert "情報の分類" not in sheet


@pytest.mark.parametrize("count", [1, 3])
def test_the_board_takes_the_same_queries_for_one_department_as_for_three(
    count, django_assert_num_queries
):
    body = a_body()
    office = a_member(root_of(body), "office")
    departments = [a_department(body, f"第{n}課") for n in range(count)]
    round_ = build.a_round(body, office)
    for department in departments:
        manager = a_member(department, "manager", post="課長")
        build.confirmed(round_, department, manager, office, D2=1)
    client = signed_in(office)
    client.get(f"/{body.pk}/readiness/")  # the first request of a session notes its time
    with django_assert_num_queries(BOARD_QUERIES):
        assert client.get(f"/{body.pk}/readiness/").status_code == 200


def test_the_pages_of_an_assessment_take_few_queries(readiness, django_assert_num_queries):
    office, manager = signed_in(readiness.office), signed_in(readiness.other_manager)
    sheet = address(readiness, f"{readiness.submitted.pk}/")
    form = address(readiness, f"{readiness.entering.pk}/answers/skills/")
    office.get(sheet)
    manager.get(form)
    with django_assert_num_queries(SHEET_QUERIES):
        office.get(sheet)
    with django_assert_num_queries(FORM_QUERIES):
        manager.get(form)


# --- 必須条件 ---------------------------------------------------------------------------------------


@pytest.fixture
def blocked(town):
    """総務課 is confirmed with I2 (接続の方式) at 1; the deputy mayor answers for information
    security.
    """
    with_duty(town.executive, "security", town.root)
    round_ = build.a_round(town.body, town.office)
    town.confirmed = build.confirmed(round_, town.soumu, town.manager, town.office, I2=1)
    return town


def test_the_page_of_the_conditions_says_who_may_pass_over_and_offers_what_one_may_do(blocked):
    base = f"{blocked.confirmed.pk}/conditions/"
    page = signed_in(blocked.executive).get(address(blocked, base)).content.decode()
    assert "例外を承認する" in page
    page = signed_in(blocked.manager).get(address(blocked, base)).content.decode()
    assert "例外の承認を依頼する" in page
    assert "再確認を依頼する" in page
    assert "情報セキュリティ責任者" in page
    page = signed_in(blocked.staff).get(address(blocked, base)).content.decode()
    assert "例外を承認できるのは情報セキュリティ責任者です。" in page


def test_the_conditions_of_an_older_round_lead_to_the_newest_and_offer_nothing(blocked):
    old, base = blocked.confirmed, f"{blocked.confirmed.pk}/conditions/"
    build.closed(old.round, blocked.office)
    second = build.a_round(blocked.body, blocked.office, "第2回")
    newer = build.confirmed(second, blocked.soumu, blocked.manager, blocked.office, I2=1)
    for person in (blocked.executive, blocked.manager, blocked.office):
        page = signed_in(person).get(address(blocked, base)).content.decode()
        assert "第2回の必須条件を見る" in page
        assert f'href="{newer.conditions_address}"' in page
        for path in ("I2/exception/", "I2/ask/", "I2/reexamine/"):
            assert f"{base}{path}" not in page


def test_the_link_to_the_conditions_says_what_one_does_there(blocked):
    page = signed_in(blocked.manager).get(blocked.confirmed.get_absolute_url()).content.decode()
    assert "必須条件の再確認を依頼する" in page
    page = signed_in(blocked.office).get(blocked.confirmed.get_absolute_url()).content.decode()
    assert "必須条件の再確認と例外の状況を見る" in page


def test_an_exception_over_its_pages(blocked):
    officer, base = signed_in(blocked.executive), f"{blocked.confirmed.pk}/conditions/"
    form = f"{base}I2/exception/"
    assert officer.get(address(blocked, form)).status_code == 200
    assert officer.post(address(blocked, form), {"reason": ""}).status_code == 422
    terms = {"reason": "閲覧だけの業務に限るため。", "valid_until": "令和10年3月31日"}
    officer.post(address(blocked, form), terms)
    exception = BlockerException.objects.get()
    page = signed_in(blocked.manager).get(address(blocked, base)).content.decode()
    assert "副町長(情報セキュリティ責任者)が" in page
    assert "閲覧だけの業務に限るため。" in page
    assert officer.get(address(blocked, form)).status_code == 409
    officer.post(address(blocked, f"exceptions/{exception.pk}/revoke/"))
    exception.refresh_from_db()
    assert exception.revoked_by == blocked.executive


def test_a_condition_that_fell_below_its_exception_is_open_and_says_so(blocked):
    answer = blocked.confirmed.answers.select_related("criterion").get(criterion__code="I2")
    answer.assessment = blocked.confirmed
    terms = {"reason": "閲覧だけ", "valid_until": timezone.localdate() + timedelta(days=90)}
    grant_exception(answer, **terms, by=blocked.executive, now=timezone.now())
    base = address(blocked, f"{blocked.confirmed.pk}/conditions/")
    officer = signed_in(blocked.executive)
    assert "例外を承認する" not in officer.get(base).content.decode()
    blocked.confirmed.answers.filter(pk=answer.pk).update(reviewed_level=0)
    page = officer.get(base).content.decode()
    assert "この承認は段階1以上が対象で、いまの段階には及びません。" in page
    assert "例外を承認する" in page


def test_a_request_for_an_exception_over_its_pages(blocked):
    manager, officer = signed_in(blocked.manager), signed_in(blocked.executive)
    base = f"{blocked.confirmed.pk}/conditions/"
    form, why = address(blocked, f"{base}I2/ask/"), "専用の回線は来年度に整うため。"
    assert manager.get(form).status_code == 200
    assert manager.post(form, {"reason": " "}).status_code == 422
    assert manager.post(form, {"reason": why}).status_code == 302
    page = manager.get(address(blocked, base)).content.decode()
    assert why in page
    assert "例外の承認を依頼しています。情報セキュリティ責任者が" in page
    assert "例外の承認を依頼する" not in page
    row = ExceptionRequest.objects.get()
    place = address(blocked, f"exception-requests/{row.pk}/")
    assert place in officer.get(address(blocked, base)).content.decode()
    assert (
        f"readiness/exception-requests/{row.pk}/"
        in officer.get(f"/{blocked.body.pk}/").content.decode()
    )
    page = officer.get(place).content.decode()
    assert why in page
    assert address(blocked, f"{base}I2/exception/") in page
    granting = officer.get(address(blocked, f"{base}I2/exception/")).content.decode()
    assert why in granting, "who decides reads why it was asked for"
    assert blocked.manager.name in granting
    assert officer.get(f"{place}decline/").status_code == 200
    assert officer.post(f"{place}decline/", {"remark": ""}).status_code == 422
    officer.post(f"{place}decline/", {"remark": "代わりの対策が足りない。"})
    page = manager.get(address(blocked, base)).content.decode()
    assert "代わりの対策が足りない。" in page
    assert "例外の承認を依頼する" in page
    assert "見送り" in officer.get(place).content.decode()
    assert manager.get(f"{place}decline/").status_code == 403
    assert "承認を見送る" not in manager.get(place).content.decode()


def test_a_re_examination_over_its_pages(blocked):
    manager, base = signed_in(blocked.manager), f"{blocked.confirmed.pk}/conditions/"
    form = address(blocked, f"{base}I2/reexamine/")
    assert manager.post(form, {"level": "1", "comment": "変わった"}).status_code == 422
    manager.post(form, {"level": "3", "comment": "手順書を配った。"})
    asked = Reexamination.objects.get()
    consultant = signed_in(blocked.consultant)
    place = address(blocked, f"reexaminations/{asked.pk}/")
    assert "手順書を配った。" in consultant.get(place).content.decode()
    assert consultant.post(place, {"remark": "", "draft": "1"}).status_code == 422
    consultant.post(place, {"remark": "手順書を確かめた。"})
    page = manager.get(address(blocked, base)).content.decode()
    assert "手順書を確かめた。" in page
    assert "満たしている" in page


def test_the_answers_of_the_last_round_are_offered_and_never_filled_in(town):
    first = build.a_round(town.body, town.office)
    build.confirmed(first, town.soumu, town.manager, town.office, level=2)
    build.closed(first, town.office)
    asked = build.an_assessment(build.a_round(town.body, town.office, "第2回"), town.soumu)
    manager = signed_in(town.manager)
    page = manager.get(address(town, f"{asked.pk}/answers/documents/")).content.decode()
    assert page.count("前回のとおり") == len(asked.answers.filter(criterion__axis="documents"))
    assert "前回は2です。" in page
    assert "checked" not in page
    sheet = manager.get(address(town, f"{asked.pk}/")).content.decode()
    assert "28項目のうち0項目に回答" in sheet


def test_what_is_sent_back_stands_beside_its_item_where_one_answers(readiness):
    office, row = signed_in(readiness.office), readiness.submitted
    number = row.answers.get(criterion__code="D2").criterion_id
    words = {
        "remark": "1項目を直してください。",
        f"remark_{number}": "区分の一覧を付けてください。",
    }
    office.post(address(readiness, f"{row.pk}/return/"), words | seen(row))
    page = signed_in(readiness.manager).get(address(readiness, f"{row.pk}/answers/documents/"))
    assert "差戻しの指摘「区分の一覧を付けてください。」" in page.content.decode()
    assert "1項目を直してください。" in page.content.decode()
    assert page.content.decode().count("is-back") == 3, "the state, the axis and the item"
    sheet = signed_in(readiness.manager).get(row.get_absolute_url()).content.decode()
    assert sheet.count("差戻し 1件") == 1


def test_a_lower_level_without_its_reason_is_refused_by_the_form(readiness):
    row = readiness.submitted
    form = inputs(row, level="2")
    answer = signed_in(readiness.office).post(
        address(readiness, f"{row.pk}/review/documents/"), form
    )
    assert answer.status_code == 422
    assert "自己評価より下げる理由を書いてください。" in answer.content.decode()
    criterion = row.answers.select_related("criterion").first().criterion
    said = f"{criterion} 確認者のコメント 自己評価より下げる理由を書いてください。"
    link = f'<a href="#id_comment_{criterion.pk}">{said}</a>'
    assert link in answer.content.decode(), "the summary names the item"


@pytest.mark.usefixtures("tenth")
def test_a_department_behind_its_due_date_is_marked_with_the_open_days(town):
    """From Thursday 5 to Tuesday 10 November 2026 there are three open days."""
    round_ = build.a_round(town.body, town.office, due_on=date(2026, 11, 5))
    client, row = signed_in(town.office), build.an_assessment(round_, town.soumu)
    board = client.get(address(town, "")).content.decode()
    assert board.count("3開庁日超過") == 2
    assert "期限を過ぎた部署が2あります。" in board
    assert client.get(row.get_absolute_url()).content.decode().count("3開庁日超過") == 1
    build.closed(round_, town.office)
    assert "開庁日超過" not in client.get(address(town, "")).content.decode()
    assert "開庁日超過" not in client.get(row.get_absolute_url()).content.decode()
