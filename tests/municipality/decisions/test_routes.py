"""No stage of a route disappears in silence: gaps in words, stages chosen in their stead, the
managers of the departments concerned, and routes by the kind of the matter.
"""

from __future__ import annotations

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse

from municipality.audit.models import Entry
from municipality.core.refusals import Conflict, Denied
from municipality.core.registry import subjects
from municipality.deadlines.queries import due_things
from municipality.decisions.models import Absence, Decision, RouteTemplate, Takeover
from municipality.decisions.operations.decisions import approve, submit_decision, take_back
from municipality.decisions.operations.route_templates import RouteStage, set_route
from municipality.decisions.operations.routes import planned_routes
from municipality.decisions.operations.send_back import return_decision
from municipality.decisions.operations.takeovers import take_over
from municipality.notifications.models import Notice
from municipality.organisation.models import Post, Posting
from tests.build import decisions as build
from tests.build.municipality import a_department, a_member, also_posted, at, signed_in

pytestmark = pytest.mark.django_db
NOW = at(2026, 11, 4)
TODAY = date(2026, 11, 4)


@pytest.fixture(autouse=True)
def november(monkeypatch):
    """Pages are opened in the afternoon of that day."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: at(2026, 11, 4, 15))


@pytest.fixture
def town(monkeypatch):
    """福祉課 with a 課長, too; a drafter in 総務課; the office sits at the top. 税務課 and 福祉課 are asked."""
    town = build.a_town()
    town.fukushi = a_department(town.body, "福祉課", code="0300")
    town.drafter = a_member(town.soumu, name="西村 航")
    town.welfare = a_member(town.fukushi, "manager", name="大石 健", post="課長")
    town.office = a_member(town.root, "office", name="事務局 一")
    town.asked = [town.zeimu, town.fukushi]
    build.calls.clear()
    subject = build.a_subject(
        departments=lambda pk: list(town.asked),
        variant=lambda pk: "month" if pk < 10 else "year",
        variants=(("month", "月次"), ("year", "年次")),
    )
    monkeypatch.setitem(subjects(), build.MATTER, subject)
    return town


def plain(town):
    """課長 of the drafter, then the 町長."""
    return build.a_route(town.root, (1, "approve", "課長", None), (2, "decide", "町長", town.root))


def with_managers(town):
    """The managers concerned agree side by side, then the 町長."""
    return build.a_route(town.root, (1, "agree", "", None), (2, "decide", "町長", town.root))


def page(who, decision, name="decision"):
    address = reverse(f"municipality:{name}", args=[decision.municipality_id, decision.pk])
    return signed_in(who).get(address).content.decode()


def send(who, decision, **data):
    address = reverse("municipality:decision_submit", args=[decision.municipality_id, decision.pk])
    return signed_in(who).post(address, data)


def steps(decision):
    rows = decision.steps.of_round(decision).select_related("department", "post")
    return [
        (step.order, step.department.name, step.post.title, step.state)
        for step in rows.order_by("order", "department__code")
    ]


def answer(decision, who, **facts):
    step = decision.steps.select_related("decision", "post", "department").get(
        state="current", department=who.postings.get().department
    )
    approve(step, by=who, now=NOW, **facts)


# --- gaps -----------------------------------------------------------------------------------------


def test_a_stage_whose_post_does_not_exist_is_not_dropped_but_refuses_sending(town):
    plain(town)
    decision = build.a_draft(town.office, town.root, now=NOW)
    with pytest.raises(Conflict) as refused:
        submit_decision(decision, by=town.office, now=NOW)
    assert "「課長」の職位がありません" in str(refused.value.reason)
    assert "別の決裁区分を選んでください" in str(refused.value.reason)
    decision.refresh_from_db()
    assert (decision.state, decision.steps.count()) == ("draft", 0)


def test_the_sender_chooses_a_stage_in_its_stead_which_the_history_names(town):
    route = plain(town)
    decision = build.a_draft(town.office, town.root, now=NOW)
    shown = page(town.office, decision)
    for words in (
        "経路「町長決裁」",
        "該当する職位がありません",
        "総務課 課長 髙瀬 由紀",
        "雨宮 登",
    ):
        assert words in shown
    assert send(town.office, decision).status_code == 422
    post = Post.objects.get(municipality=town.body, title="課長")
    field = f"stand_in_{route.steps.get(order=1).pk}"
    assert send(town.office, decision, **{field: f"{town.root.pk}-{post.pk}"}).status_code == 422
    chosen = f"{town.soumu.pk}-{post.pk}"
    assert send(town.office, decision, **{field: chosen}).status_code == 302
    decision.refresh_from_db()
    assert steps(decision) == [
        (1, "総務課", "課長", "current"),
        (2, town.root.name, "町長", "waiting"),
    ]
    answer(decision, town.chief)
    for name in ("decision", "decision_print"):
        assert "承認(「課長」の代わり)" in page(town.office, decision, name)


def test_a_step_that_is_asked_again_still_names_for_which_it_stands(town):
    route = plain(town)
    decision = build.a_draft(town.office, town.root, now=NOW)
    post = Post.objects.get(municipality=town.body, title="課長")
    chosen = {str(route.steps.get(order=1).pk): (town.soumu.pk, post.pk)}
    submit_decision(decision, by=town.office, now=NOW, stand_ins=chosen)
    answer(decision, town.chief)
    first, last = build.step_of(decision, 1), build.step_of(decision, 2)
    return_decision(last, by=town.mayor, now=NOW, comment="もう一度", to=first)
    answer(decision, town.chief)
    assert page(town.office, decision).count("承認(「課長」の代わり)") == 2  # both in the history
    assert page(town.office, decision, "decision_print").count("承認(「課長」の代わり)") == 2


def test_the_route_is_shown_with_todays_holders_before_it_goes(town):
    plain(town)
    decision = build.a_draft(town.drafter, town.soumu, now=NOW)
    shown = page(town.drafter, decision)
    assert ("髙瀬 由紀" in shown, "雨宮 登" in shown, "欠員" in shown) == (True, True, False)
    Posting.objects.filter(member=town.chief).update(ends_on=TODAY - timedelta(days=1))
    shown = page(town.drafter, decision)
    assert "欠員。雨宮 登が引き上げて承認できます" in shown
    assert send(town.drafter, decision).status_code == 302, (
        "a vacant post that exists may be raised"
    )


def test_the_drafters_own_stage_is_named_before_and_after_on_page_and_paper(town):
    plain(town)
    decision = build.a_draft(town.chief, town.soumu, now=NOW)
    assert "起案者本人のため省略" in page(town.chief, decision)
    assert send(town.chief, decision).status_code == 302
    for name in ("decision", "decision_print"):
        assert "起案者本人のため省略" in page(town.chief, decision, name)


# --- the managers of the departments concerned ----------------------------------------------------


def test_the_managers_of_the_departments_concerned_agree_side_by_side(town):
    with_managers(town)
    decision = build.a_running(town.drafter, town.soumu, now=NOW)
    assert steps(decision) == [
        (1, "税務課", "課長", "current"),
        (1, "福祉課", "課長", "current"),
        (2, town.root.name, "町長", "waiting"),
    ]
    assert Notice.objects.filter(rule="decision.yours", object_id=decision.pk).count() == 2
    answer(decision, town.tax, comment="窓口の日は除く。", conditional=True)
    assert [row[3] for row in steps(decision)] == ["approved", "current", "waiting"]
    answer(decision, town.welfare)
    assert [row[3] for row in steps(decision)] == ["approved", "approved", "current"]


def test_one_disagrees_and_the_other_is_asked_no_more(town):
    with_managers(town)
    decision = build.a_running(town.drafter, town.soumu, now=NOW)
    step = decision.steps.select_related("decision", "post", "department").get(
        department=town.zeimu
    )
    return_decision(step, by=town.tax, now=NOW, comment="人が足りません。")
    decision.refresh_from_db()
    assert decision.state == "returned"
    assert [row[3] for row in steps(decision)] == ["returned", "ended", "ended"]
    waiting = Notice.objects.filter(member=town.welfare, rule="decision.yours", read_at=None)
    assert not waiting.exists()


def test_who_leads_two_of_them_is_asked_and_answers_once(town):
    Posting.objects.filter(member=town.welfare).update(ends_on=TODAY - timedelta(days=1))
    also_posted(town.tax, town.fukushi, "manager", post="課長")
    with_managers(town)
    decision = build.a_running(town.drafter, town.soumu, now=NOW)
    assert Notice.objects.filter(member=town.tax, rule="decision.yours").count() == 1
    due = [row for row in due_things(town.body, TODAY) if row.member_id == town.tax.pk]
    assert len(due) == 1
    step = decision.steps.select_related("decision", "post", "department").get(
        department=town.fukushi
    )
    approve(step, by=town.tax, now=NOW, comment="両課とも同意します。")
    assert [row[3] for row in steps(decision)] == ["approved", "approved", "current"]


def test_a_department_without_a_manager_is_told_before_sending(town):
    route = with_managers(town)
    Posting.objects.filter(member=town.welfare).update(ends_on=TODAY - timedelta(days=1))
    decision = build.a_draft(town.drafter, town.soumu, now=NOW)
    shown = page(town.drafter, decision)
    assert ("所属長がいません" in shown, "木戸 明里" in shown) == (True, True)
    refused = send(town.drafter, decision)
    assert refused.status_code == 422
    assert "福祉課に所属長がいません" in refused.content.decode()
    mayor = Post.objects.get(municipality=town.body, title="町長")
    key = f"stand_in_{route.steps.get(order=1).pk}-{town.fukushi.pk}"
    assert send(town.drafter, decision, **{key: f"{town.root.pk}-{mayor.pk}"}).status_code == 302


def test_without_departments_there_is_nobody_to_ask(town):
    town.asked = []
    with_managers(town)
    with pytest.raises(Conflict) as refused:
        build.a_running(town.drafter, town.soumu, now=NOW)
    assert "対象部署がないため" in str(refused.value.reason)


def test_a_manager_concerned_who_drafts_it_is_not_asked(town):
    with_managers(town)
    decision = build.a_running(town.tax, town.zeimu, now=NOW)
    assert [row[3] for row in steps(decision)] == ["skipped", "current", "waiting"]


# --- by kind --------------------------------------------------------------------------------------


def a_set(town, name, **conditions):
    post = Post.objects.get(municipality=town.body, title="町長")
    return set_route(
        town.body,
        matter=build.MATTER,
        name=name,
        open_days=3,
        stages=[RouteStage(1, "decide", post, town.root)],
        by=town.office,
        now=NOW,
        **conditions,
    )


def test_a_kind_binds_its_route_and_the_most_specific_wins(town):
    usual, monthly = a_set(town, "町長決裁"), a_set(town, "月次", variant="month")
    near = a_set(town, "総務課", department=town.soumu)
    month, year = (
        build.a_draft(town.drafter, town.soumu, subject_id=number, now=NOW) for number in (1, 11)
    )
    assert (build.routes_for(month), build.routes_for(year)) == ([monthly], [near]), (
        "the kind before the place"
    )
    both = a_set(town, "総務課の月次", department=town.soumu, variant="month")
    assert build.routes_for(month) == [both]
    elsewhere = build.a_draft(town.tax, town.zeimu, subject_id=12, now=NOW)
    assert build.routes_for(elsewhere) == [usual]


@pytest.mark.parametrize("where", ["operation", "page"])
def test_two_routes_on_the_same_conditions_are_refused(town, where):
    a_set(town, "月次", variant="month")
    a_set(town, "月次", variant="month")
    if where == "operation":
        with pytest.raises(Conflict) as refused:
            a_set(town, "もう一つ", variant="month")
        assert "条件が同じです" in str(refused.value.reason)
    else:
        refused = setting(town, variant="month", name="もう一つ")
        assert (refused.status_code, "条件が同じです" in refused.content.decode()) == (422, True)
    assert RouteTemplate.objects.count() == 1


def setting(town, *stages, **facts):
    """What the form of a route sends; a stage is (order, kind, title, department)."""
    data = {"matter": build.MATTER, "name": "町長決裁", "open_days": 3, **facts}
    stages = stages or ((1, "decide", "町長", town.root),)
    for n in range(1, 7):
        order, kind, title, place = stages[n - 1] if n <= len(stages) else (n, "approve", "", None)
        post = Post.objects.filter(municipality=town.body, title=title).first()
        data |= {f"s{n}-order": order, f"s{n}-kind": kind}
        data |= {
            f"s{n}-post": post.pk if post else "",
            f"s{n}-department": place.pk if place else "",
        }
    return signed_in(town.office).post(f"/{town.body.pk}/settings/routes/", data)


MANAGERS = (1, "managers", "", None)


def test_the_office_sets_a_route_that_asks_the_managers_for_one_kind(town):
    decide = (2, "decide", "町長", town.root)
    assert setting(town, MANAGERS, decide, variant="month").status_code == 302
    route = RouteTemplate.objects.get()
    assert [(step.kind, step.post_id is None) for step in route.steps.all()] == [
        ("agree", True),
        ("decide", False),
    ]
    shown = signed_in(town.office).get(f"/{town.body.pk}/settings/routes/").content.decode()
    assert ("対象部署の所属長" in shown, "月次の件" in shown) == (True, True)
    assert Entry.objects.filter(verb="route.set").exists()


def test_what_makes_no_such_stage_is_shown_again(town, monkeypatch):
    decide = (2, "decide", "町長", town.root)
    assert setting(town, (1, "managers", "課長", None), decide).status_code == 422
    assert setting(town, decide, variant="week").status_code == 422
    monkeypatch.setitem(subjects(), build.MATTER, build.a_subject())
    assert setting(town, MANAGERS, decide).status_code == 422
    assert setting(town, decide, variant="month").status_code == 422
    assert not RouteTemplate.objects.exists()


# --- drafts that rest -----------------------------------------------------------------------------


def test_what_was_taken_back_is_a_draft_and_nobody_is_asked_any_more(town):
    plain(town)
    decision = build.a_running(town.drafter, town.soumu, now=NOW)
    asked = Notice.objects.get(member=town.chief, rule="decision.yours")
    take_back(decision, by=town.drafter, now=NOW)
    shown = page(town.drafter, decision)
    assert ("下書き" in shown, "第1版を引戻し" in shown) == (True, True)
    assert ("差戻しの理由" in shown, "引き戻した件です" in shown) == (False, True)
    asked.refresh_from_db()
    assert asked.read_at is not None
    assert not [row for row in due_things(town.body, TODAY) if row.object_id == decision.pk]


def test_a_colleague_reads_who_can_send_it(town):
    plain(town)
    decision = build.a_draft(town.drafter, town.soumu, now=NOW)
    for who in (town.chief, town.office):
        shown = page(who, decision)
        assert "決裁に回せるのは、起案者の西村 航さんだけです" in shown
        assert ">決裁に回す<" not in shown
    assert "西村 航さんがいるため、引き継げません" in page(town.office, decision)
    refused = send(town.chief, decision)
    assert (refused.status_code, "西村 航さんだけです" in refused.content.decode()) == (403, True)


@pytest.mark.parametrize("how", ["away", "gone"])
def test_the_office_takes_a_draft_over_from_who_is_away_or_gone(town, how):
    plain(town)
    decision = build.a_running(town.drafter, town.soumu, now=NOW)
    take_back(decision, by=town.drafter, now=NOW)
    with pytest.raises(Denied):
        take_over(decision, by=town.office, now=NOW, reason="急ぎのため。")
    if how == "away":
        Absence.objects.create(
            municipality=town.body,
            member=town.drafter,
            reason="病気休暇",
            starts_on=TODAY,
            ends_on=TODAY,
        )
    else:
        Posting.objects.filter(member=town.drafter).update(ends_on=TODAY - timedelta(days=1))
    assert "起案を引き継ぐ" in page(town.office, decision)
    with pytest.raises(Denied):
        take_over(decision, by=town.chief, now=NOW, reason="急ぎのため。")
    address = reverse("municipality:decision_take_over", args=[town.body.pk, decision.pk])
    client = signed_in(town.office)
    assert client.post(address, {"reason": " "}).status_code == 422
    assert client.post(address, {"reason": "起案者が休暇に入ったため。"}).status_code == 302
    decision.refresh_from_db()
    assert (decision.drafter, Takeover.objects.get().former) == (town.office, town.drafter)
    assert Entry.objects.filter(verb="decision.taken_over", subject_id=decision.pk).exists()
    shown = page(town.office, decision)
    assert "西村 航さんから起案を引継ぎ" in shown
    assert "起案者が休暇に入ったため。" in shown
    assert shown.count("西村 航") >= 2, "the first version stays that of its drafter"


def test_what_is_on_its_way_is_not_taken_over(town):
    plain(town)
    decision = build.a_running(town.drafter, town.soumu, now=NOW)
    Posting.objects.filter(member=town.drafter).update(ends_on=TODAY - timedelta(days=1))
    with pytest.raises(Conflict):
        take_over(decision, by=town.office, now=NOW, reason="急ぎのため。")


def test_taken_back_before_this_version_becomes_a_draft_and_returned_stays_returned(town):
    plain(town)
    old, returned = (
        build.a_running(town.drafter, town.soumu, subject_id=number, now=NOW) for number in (1, 2)
    )
    take_back(old, by=town.drafter, now=NOW)
    Decision.objects.filter(pk=old.pk).update(state="returned")
    return_decision(build.step_of(returned, 1), by=town.chief, now=NOW, comment="理由")
    import_module("municipality.migrations.0018_taken_back_are_drafts").to_drafts(apps, None)
    assert Decision.objects.get(pk=old.pk).state == "draft"
    assert Decision.objects.get(pk=returned.pk).state == "returned"


# --- once more ------------------------------------------------------------------------------------


def test_every_answer_that_cannot_be_undone_asks_once_more_in_the_place(town):
    plain(town)
    decision = build.a_running(town.drafter, town.soumu, now=NOW)
    shown = page(town.chief, decision)
    assert shown.count('<details class="sure">') == 2, "in the panel and in the bar of the phone"
    assert "確定すると取り消せません" in shown
    answer(decision, town.chief)
    shown = page(town.mayor, decision)
    assert "確定するとこの件は決裁済になり、取り消せません" in shown
    assert shown.count(">確定する</button>") == 2


# --- a route on which the drafter would decide ----------------------------------------------------


def decided_by(town, title, name, **conditions):
    """A route that this post decides alone, the nearest above the drafter."""
    post = Post.objects.get(municipality=town.body, title=title)
    stages = [RouteStage(1, "decide", post)]
    values = {"matter": build.MATTER, "name": name, "open_days": 3, "stages": stages}
    return set_route(town.body, **values, by=town.office, now=NOW, **conditions)


def test_a_drafter_who_would_decide_takes_the_route_of_a_higher_post(town):
    own = decided_by(town, "課長", "課長専決(月次)", variant="month")
    higher = decided_by(town, "町長", "町長決裁")
    by_chief = build.a_draft(town.tax, town.zeimu, now=NOW)
    assert [row for row, _plan in planned_routes(by_chief, TODAY)] == [higher]
    assert submit_decision(by_chief, by=town.tax, now=NOW).route == "町長決裁"
    by_staff = build.a_draft(town.drafter, town.soumu, subject_id=3, now=NOW)
    assert [row for row, _plan in planned_routes(by_staff, TODAY)] == [own]


def test_a_drafter_who_would_decide_takes_no_route_of_a_lower_post(town):
    decided_by(town, "町長", "町長決裁(月次)", variant="month")
    decided_by(town, "課長", "課長専決")
    with pytest.raises(Conflict, match="決裁者は、起案者自身です"):
        build.a_draft(town.mayor, town.zeimu, now=NOW)
