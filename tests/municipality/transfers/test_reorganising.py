"""組織改正: departments are renamed, moved, merged and split on a day, and everything keeps its
history.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from municipality.clock.models import JobRun
from municipality.core.refusals import Conflict, Denied
from municipality.decisions.models import Deputy, RouteStep
from municipality.decisions.operations.decisions import approve
from municipality.organisation.models import Department, Duty, Member, authority_on
from municipality.organisation.operations.departments import apply_versions
from municipality.organisation.staff_on import roster_on
from municipality.tasks import run_jobs
from municipality.transfers.models import Passed
from municipality.transfers.operations.handover import hand_over
from municipality.transfers.operations.reorganisation import (
    Target,
    change_department,
    follow_successors,
    reorganise,
)
from tests.build import decisions as decided
from tests.build import evaluation as build
from tests.build.faults import refuse_rows, take_rows_again
from tests.build.municipality import a_department, at, signed_in, with_duty

pytestmark = pytest.mark.django_db
DAY, NOW, THE_DAY = date(2027, 4, 1), at(2026, 11, 10), at(2027, 4, 1, 0, 5)


@pytest.fixture
def town(invented_matter):
    town = build.a_town()
    hand_over(town.body, at(2026, 11, 9))
    return town


def merged(town, **facts):
    """企画財政課 and 税務課 become 財務課."""
    target = Target(code="0900", name="財務課", kind="section", parent=town.root, **facts)
    return reorganise([town.kikaku, town.zeimu], [target], on=DAY, by=town.office, now=NOW)[0]


def people_in(department, day):
    return sorted(
        place.member
        for place in roster_on(department.municipality, day).places
        if place.department == department.pk
    )


def test_a_department_is_called_by_its_new_name_from_the_day_on(town):
    facts = {"name": "企画課", "kind": "section", "parent": town.root, "on": DAY}
    change_department(town.kikaku, **facts, by=town.office, now=NOW)
    town.kikaku.refresh_from_db()
    assert town.kikaku.name == "企画財政課"
    apply_versions(town.body, THE_DAY)
    town.kikaku.refresh_from_db()
    assert town.kikaku.name == "企画課"
    names = town.kikaku.versions.order_by("starts_on").values_list("name", "starts_on", "ends_on")
    assert list(names) == [
        ("企画財政課", date(2026, 4, 1), date(2027, 3, 31)),
        ("企画課", DAY, None),
    ]


def test_a_department_under_another_is_reached_by_the_manager_there(town):
    change_department(
        town.kikaku,
        name="企画財政課",
        kind="section",
        parent=town.zeimu,
        on=DAY,
        by=town.office,
        now=NOW,
    )
    run_jobs(town.body, now=THE_DAY)
    town.kikaku.refresh_from_db()
    assert authority_on(town.tax_chief, DAY).has("manager", town.kikaku.path)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"parent": "kikaku"}, "上位部署"),
        ({"parent": "unit"}, "上位部署"),
        ({}, "変わるところ"),
        ({"on": date(2020, 4, 1)}, "変更"),
    ],
)
def test_what_cannot_be_is_refused(town, facts, words):
    unit = a_department(town.body, "財政係", parent=town.kikaku, kind="unit")
    places = {"kikaku": town.kikaku, "unit": unit}
    wanted = {
        "name": "企画財政課",
        "kind": "section",
        "parent": places.get(facts.get("parent"), town.root),
    }
    with pytest.raises(Conflict, match=words):
        change_department(town.kikaku, **wanted, on=facts.get("on", DAY), by=town.office, now=NOW)


def test_only_the_office_reorganises(town):
    with pytest.raises(Denied):
        change_department(
            town.kikaku,
            name="企画課",
            kind="section",
            parent=town.root,
            on=DAY,
            by=town.chief,
            now=NOW,
        )
    with pytest.raises(Denied):
        reorganise([town.kikaku], [Target(department=town.zeimu)], on=DAY, by=town.chief, now=NOW)


def test_two_departments_become_one_with_their_people_duties_and_deputies(town):
    duty, deputy = (
        with_duty(town.staff, "clerk", town.kikaku),
        decided.a_deputy(town.second, town.kikaku, "課長"),
    )
    before = people_in(town.kikaku, date(2027, 3, 31)) + people_in(town.zeimu, date(2027, 3, 31))
    new = merged(town)
    assert people_in(new, date(2027, 3, 31)) == []
    assert people_in(new, DAY) == sorted(before)
    assert people_in(town.kikaku, DAY) == people_in(town.zeimu, DAY) == []
    for model, row in ((Duty, duty), (Deputy, deputy)):
        row.refresh_from_db()
        assert row.ends_on == date(2027, 3, 31)
        assert model.objects.get(starts_on=DAY).department == new
    roles = {
        grant.role for posting in town.chief.postings.on(DAY) for grant in posting.grants.all()
    }
    assert roles == {"manager"}


def test_a_decision_on_its_way_goes_on_in_the_successor_and_keeps_the_old_name(town):
    decided.a_route(
        town.kikaku,
        (1, "approve", "課長", town.kikaku),
        (2, "approve", "課長", town.zeimu),
        (3, "decide", "副町長", town.root),
    )
    decision = decided.a_running(town.staff, town.kikaku, now=NOW)
    approve(decided.step_of(decision, 1), by=build.today_is(town.chief, NOW.date()), now=NOW)
    new = merged(town)
    run_jobs(town.body, now=THE_DAY)
    first, second = decided.step_of(decision, 1), decided.step_of(decision, 2)
    assert (first.department, first.acted_name, second.department) == (
        town.kikaku,
        "髙瀬 由紀",
        new,
    )
    assert set(
        RouteStep.objects.exclude(department=town.root)
        .filter(template__matter=decided.MATTER)
        .values_list("department", flat=True)
    ) == {new.pk}
    decision.refresh_from_db()
    assert decision.department == town.kikaku
    assert set(Passed.objects.filter(kind="decision.step").values_list("taker", flat=True)) == {
        town.chief.pk,
        town.tax_chief.pk,
    }


def test_who_leads_the_successor_reads_what_the_ended_department_left(town):
    merged(town)
    run_jobs(town.body, now=THE_DAY)
    chief = build.today_is(town.tax_chief, DAY)
    town.kikaku.refresh_from_db()
    assert Department.objects.visible_to(chief).filter(pk=town.kikaku.pk).exists()
    assert (town.kikaku.name, town.kikaku.ends_on) == ("企画財政課", date(2027, 3, 31))
    assert not Department.objects.on(DAY).filter(pk=town.kikaku.pk).exists()


def test_one_department_becomes_two(town):
    unit = a_department(town.body, "財政係", parent=town.kikaku, kind="unit")
    first = Target(code="0901", name="企画課", kind="section", parent=town.root)
    second = Target(
        code="0902", name="財政課", kind="section", parent=town.root, members=(town.second.pk,)
    )
    one, two = reorganise([town.kikaku], [first, second], on=DAY, by=town.office, now=NOW)
    assert people_in(two, DAY) == [town.second.pk]
    assert people_in(one, DAY) == sorted([town.chief.pk, town.staff.pk])
    run_jobs(town.body, now=THE_DAY)
    unit.refresh_from_db()
    assert unit.parent == one


def test_the_day_done_twice_changes_nothing(town):
    merged(town)
    run_jobs(town.body, now=THE_DAY)
    before = list(Department.objects.order_by("pk").values())
    assert follow_successors(town.body, THE_DAY) == apply_versions(town.body, THE_DAY) == 0
    assert list(Department.objects.order_by("pk").values()) == before


def test_a_department_that_cannot_follow_keeps_no_other_from_it(town):
    decided.a_route(town.root, (1, "decide", "課長", town.kikaku))
    whole = merged(town)
    refuse_rows("UPDATE", RouteStep, "id", RouteStep.objects.get(department=town.kikaku).pk)
    assert follow_successors(town.body, THE_DAY) == 1
    town.zeimu.refresh_from_db()
    assert town.zeimu.parent == whole
    run = JobRun.objects.troubled().get()
    assert run.job == f"municipality.follow_successors {town.kikaku.pk}"
    take_rows_again(RouteStep)
    assert follow_successors(town.body, THE_DAY + timedelta(minutes=1)) == 1
    town.kikaku.refresh_from_db()
    assert town.kikaku.parent == whole
    assert not JobRun.objects.troubled().exists()


def test_a_day_that_has_come_and_the_body_itself_are_refused(town):
    for sources, day in (([town.kikaku], NOW.date()), ([town.root], DAY)):
        with pytest.raises(Conflict):
            reorganise(sources, [Target(department=town.zeimu)], on=day, by=town.office, now=NOW)


def test_the_pages_show_first_and_write_then(town):
    client, address = signed_in(town.office), f"/993018/departments/{town.kikaku.pk}/"
    sent = {"on": "2035-04-01", "name": "企画課", "kind": "section", "parent": town.root.pk}
    shown = client.post(f"{address}change/", sent)
    assert (shown.status_code, town.kikaku.versions.count()) == (200, 1)
    assert "企画財政課 → 企画課" in shown.content.decode()
    assert client.post(f"{address}change/", {**sent, "draft": "1"}).status_code == 302
    other = f"/993018/departments/{town.zeimu.pk}/end/"
    sent = {
        "on": "2035-04-01",
        "code": "0900",
        "name": "財務課",
        "kind": "section",
        "parent": town.root.pk,
    }
    shown = client.post(other, sent)
    assert "江口 森" in shown.content.decode()
    assert not Department.objects.filter(code="0900").exists()
    assert client.post(other, {**sent, "draft": "1"}).status_code == 302
    assert Department.objects.get(pk=town.zeimu.pk).successor.code == "0900"
    assert client.post(other, sent).status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"on": ""},
        {"on": "2020-04-01"},
        {"code": ""},
        {"second_code": "0905"},
        {"members": "999999"},
    ],
)
def test_what_is_missing_is_said_beside_its_field(town, wrong):
    sent = {
        "on": "2035-04-01",
        "code": "0900",
        "name": "財務課",
        "kind": "section",
        "parent": town.root.pk,
        "draft": "1",
        **wrong,
    }
    answer = signed_in(town.office).post(f"/993018/departments/{town.zeimu.pk}/end/", sent)
    assert answer.status_code == 422
    assert Department.objects.get(pk=town.zeimu.pk).ends_on is None


def test_the_pages_of_department_and_person_show_what_was(town):
    build.moved(town.chief, town.zeimu, on=date(2026, 10, 1))
    change_department(
        town.kikaku,
        name="企画課",
        kind="section",
        parent=town.root,
        on=date(2026, 11, 1),
        by=town.office,
        now=at(2026, 10, 15),
    )
    apply_versions(town.body, at(2026, 11, 1))
    client = signed_in(town.office)
    page = client.get(f"/993018/departments/{town.kikaku.pk}/").content.decode()
    assert page.count("髙瀬 由紀") == 1
    assert "これまでの所属長" in page
    page = client.get(f"/993018/people/{town.chief.pk}/").content.decode()
    assert "企画財政課 課長" in page
    assert Member.objects.get(pk=town.chief.pk).name == "髙瀬 由紀"
