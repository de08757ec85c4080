"""What is carried into the next pilots: rates and values per head, and what each department
sets.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from municipality.core.refusals import Conflict, Denied
from municipality.decisions.models import Decision, RouteTemplate
from municipality.organisation.models import Posting
from municipality.organisation.queries import people_below
from pilots.expansion.decision_content import expansion_content
from pilots.expansion.evidence import measure_evidence
from pilots.expansion.operations.plans import require_reach, set_departments, set_plan
from pilots.expansion.operations.requests import (
    apply_for_expansion,
    change_expansion,
    submit_expansion,
    trying,
)
from pilots.planning.models import Expansion, Pilot, SuccessCriterion
from pilots.planning.operations import change_pilot, require_free
from pilots.results.operations import fix_criteria
from tests.build import pilots as build
from tests.build.decisions import a_route
from tests.build.frozen import read_of
from tests.build.municipality import a_department, a_member, at, signed_in

pytestmark = pytest.mark.django_db
NOW = at(2026, 11, 4)
TOTALS = (("K38", "at_least", Decimal(2)), ("K39", "at_least", Decimal(4)))


@pytest.fixture
def town():
    """企画財政課 is evaluated; 税務課 and 住民課 are to follow."""
    town = build.a_town()
    town.jumin = a_department(town.body, "住民課")
    town.jumin_chief = a_member(town.jumin, "manager", name="林 千種", post="課長")
    build.ready(town, town.zeimu, town.tax_chief, name="第2回")
    build.ready(town, town.jumin, town.jumin_chief, name="第3回")
    return town


DAYS = {"starts_on": date(2027, 1, 12), "ends_on": date(2027, 3, 31)}


def applied(town, criteria=TOTALS, **days):
    pilot = build.an_evaluated(town, criteria=criteria)
    return apply_for_expansion(
        pilot,
        name="第2期試行",
        departments=[town.zeimu, town.jumin],
        **{**DAYS, **days},
        explanation="未達の分は研修で補う。",
        by=town.chief,
        now=NOW,
    )


def plan_for(expansion, department):
    return expansion.department_rows.get(department=department)


def setting(plan, **facts):
    values = {
        "edition": plan.edition,
        "purpose": "窓口を開けたまま申告の審査を在宅で行えるかを確かめる。",
        "scope": "申告書の審査",
        "lead": None,
        "criteria": [("K40", "at_least", Decimal(50))],
        "now": NOW,
    }
    return set_plan(plan, **{**values, **facts})


def test_rates_and_values_per_head_are_carried_never_totals(town):
    plan = plan_for(applied(town), town.zeimu)
    # 2 of 3 participants are 66.7 %, 4 person-days are 1.3 days for each of the three.
    assert plan.wanted == [
        ("K37", "at_least", Decimal("1.3")),
        ("K40", "at_least", Decimal("66.7")),
    ]
    assert plan.purpose == (
        "「第1期試行(企画財政課)」の結果をふまえ、税務課でも続けられるかを確かめる。"
    )


def test_a_rate_that_stands_already_is_not_overwritten_by_a_total(town):
    criteria = (("K38", "at_least", Decimal(3)), ("K40", "at_least", Decimal(40)))
    plan = plan_for(applied(town, criteria=criteria), town.zeimu)
    assert plan.wanted == [("K40", "at_least", Decimal("40.0"))]


def test_what_is_set_for_a_department_is_decided_and_made_so(town):
    expansion = applied(town)
    setting(plan_for(expansion, town.zeimu), lead=town.tax_chief, by=town.chief)
    decision = submit_expansion(Expansion.objects.get(pk=expansion.pk), by=town.chief, now=NOW)
    content = str(read_of(decision))
    for words in (
        "申告の審査を在宅",
        "申告書の審査",
        "参加者実施率(試行の期間に1回以上) 50%以上",
        "税務課 課長",
    ):
        assert words in content
    assert "人日以上" not in str(read_of(decision)["tables"][-1])
    assert town.tax_chief.name not in content
    build.decided(decision, town.others["soumu_chief"], town.mayor, now=at(2026, 11, 6))
    pilot = Pilot.objects.get(name="第2期試行(税務課)")
    assert (pilot.purpose, pilot.scope, pilot.lead) == (
        "窓口を開けたまま申告の審査を在宅で行えるかを確かめる。",
        "申告書の審査",
        town.tax_chief,
    )
    rows = SuccessCriterion.objects.filter(pilot=pilot).values_list("indicator", "threshold")
    assert list(rows) == [("K40", Decimal("50.0"))]
    other = Pilot.objects.get(name="第2期試行(住民課)")
    assert other.lead == town.jumin_chief
    assert sorted(other.criteria.values_list("indicator", flat=True)) == ["K37", "K40"]


def test_the_decision_says_when_criteria_are_fixed_as_it_is_for_these_departments(town):
    expansion = applied(town, criteria=build.CRITERIA)

    def said():
        tables = expansion_content(Expansion.objects.get(pk=expansion.pk))["tables"]
        return next(table for table in tables if table["key"] == "plans")["asof"]

    carried = "もとの試行から引き継いだ基準は、割合と1人当たりの値だけです。"
    assert said() == f"{carried}基準は承認の時に固定します。"
    setting(plan_for(expansion, town.zeimu), criteria=[], by=town.chief)
    assert said() == f"{carried}ここに書いた基準は承認の時に固定します。"
    setting(plan_for(expansion, town.jumin), criteria=[], by=town.chief)
    assert said() == "基準は、開始までに部署で決めます。"


def test_a_draft_is_not_told_as_being_decided(town):
    expansion = applied(town)
    page = signed_in(town.chief).get(expansion.pilot.get_absolute_url()).content.decode()
    assert "展開申請は下書きで、決裁に回っていません。" in page
    submit_expansion(Expansion.objects.get(pk=expansion.pk), by=town.chief, now=NOW)
    page = signed_in(town.chief).get(expansion.pilot.get_absolute_url()).content.decode()
    assert "展開申請が決裁の途中です。" in page


def test_departments_that_stay_keep_what_was_set(town):
    expansion = applied(town)
    setting(plan_for(expansion, town.zeimu), by=town.chief)
    expansion.refresh_from_db()
    change_expansion(
        expansion,
        edition=expansion.edition,
        departments=[town.zeimu],
        explanation="未達の分は研修で補う。",
        by=town.chief,
        now=NOW,
    )
    assert plan_for(expansion, town.zeimu).scope == "申告書の審査"
    assert expansion.department_rows.count() == 1


def test_who_runs_the_pilot_sets_it_and_only_before_it_is_sent(town):
    expansion = applied(town)
    plan = plan_for(expansion, town.zeimu)
    with pytest.raises(Denied):
        setting(plan, by=town.tax_staff)
    with pytest.raises(Conflict):
        # 税務課 has two people.
        setting(plan, criteria=[("K38", "at_least", Decimal(3))], by=town.chief)
    submit_expansion(Expansion.objects.get(pk=expansion.pk), by=town.chief, now=NOW)
    with pytest.raises(Conflict):
        setting(plan_for(expansion, town.zeimu), by=town.chief)


def test_without_criteria_the_department_fixes_them_before_the_start(town):
    expansion = applied(town)
    setting(plan_for(expansion, town.zeimu), criteria=[], by=town.chief)
    decision = submit_expansion(Expansion.objects.get(pk=expansion.pk), by=town.chief, now=NOW)
    build.decided(decision, town.others["soumu_chief"], town.mayor, now=at(2026, 11, 6))
    pilot = Pilot.objects.get(name="第2期試行(税務課)")
    facts = {"by": town.tax_chief, "now": at(2026, 11, 9)}
    change_pilot(
        pilot,
        edition=pilot.edition,
        departments=[town.zeimu],
        name="別の試行",
        purpose="申告期の前に確かめる。",
        scope="窓口",
        lead=town.tax_staff,
        ends_on=date(2027, 6, 30),
        **facts,
    )
    # What the decision shows stays, and with it who leads.
    assert (pilot.name, pilot.purpose, pilot.scope, pilot.lead, pilot.ends_on) == (
        "第2期試行(税務課)",
        "窓口を開けたまま申告の審査を在宅で行えるかを確かめる。",
        "申告書の審査",
        town.tax_chief,
        date(2027, 3, 31),
    )
    fix_criteria(pilot, criteria=[("K40", "at_least", Decimal(50))], edition=pilot.edition, **facts)
    fixed = Pilot.objects.get(pk=pilot.pk)
    with pytest.raises(Conflict):
        change_pilot(fixed, edition=fixed.edition, departments=[town.zeimu], purpose="x", **facts)
    with pytest.raises(Conflict):
        fix_criteria(
            fixed, criteria=[("K40", "at_least", Decimal(5))], edition=fixed.edition, **facts
        )


def test_what_the_decision_left_open_can_be_set_until_the_criteria_are_fixed(town):
    expansion = applied(town)
    setting(plan_for(expansion, town.zeimu), criteria=[], scope="", by=town.chief)
    decision = submit_expansion(Expansion.objects.get(pk=expansion.pk), by=town.chief, now=NOW)
    build.decided(decision, town.others["soumu_chief"], town.mayor, now=at(2026, 11, 6))
    pilot = Pilot.objects.get(name="第2期試行(税務課)")
    for words in ("窓口", "窓口と電話"):
        facts = {"by": town.tax_chief, "now": at(2026, 11, 9), "departments": [town.zeimu]}
        change_pilot(pilot, edition=pilot.edition, purpose="x", scope=words, **facts)
        assert (pilot.scope, pilot.purpose != "x") == (words, True)


def test_who_leads_stays_where_the_page_changes_only_what_was_left_open(town, monkeypatch):
    expansion = applied(town)
    setting(plan_for(expansion, town.zeimu), criteria=[], scope="", by=town.chief)
    decision = submit_expansion(Expansion.objects.get(pk=expansion.pk), by=town.chief, now=NOW)
    build.decided(decision, town.others["soumu_chief"], town.mayor, now=at(2026, 11, 6))
    pilot = Pilot.objects.get(name="第2期試行(税務課)")
    monkeypatch.setattr("django.utils.timezone.now", lambda: at(2026, 11, 9))
    typed = {"scope": "窓口", "edition": pilot.edition, "lead": "知らない人"}
    answer = signed_in(town.tax_chief).post(f"{pilot.get_absolute_url()}edit/", typed)
    assert answer.status_code == 302
    after = Pilot.objects.get(pk=pilot.pk)
    assert (after.scope, after.lead) == ("窓口", pilot.lead)


def test_an_expansion_decided_before_takes_over_what_was_decided(town):
    expansion = applied(town)
    expansion.department_rows.update(criteria=None, purpose="", scope="")
    decision = submit_expansion(Expansion.objects.get(pk=expansion.pk), by=town.chief, now=NOW)
    build.decided(decision, town.others["soumu_chief"], town.mayor, now=at(2026, 11, 6))
    pilot = Pilot.objects.get(name="第2期試行(税務課)")
    assert sorted(pilot.criteria.values_list("indicator", flat=True)) == ["K38", "K39"]
    assert pilot.purpose == expansion.pilot.purpose


def test_the_managers_of_the_receiving_departments_are_asked_side_by_side(town):
    RouteTemplate.objects.filter(matter="pilots.expansion").delete()
    a_route(
        town.kikaku,
        (1, "agree", "", None),
        (2, "decide", "町長", town.root),
        matter="pilots.expansion",
    )
    expansion = applied(town)
    decision = submit_expansion(Expansion.objects.get(pk=expansion.pk), by=town.chief, now=NOW)
    asked = decision.steps.filter(state="current").values_list("department__name", flat=True)
    assert sorted(asked) == ["住民課", "税務課"]


def test_an_expansion_into_two_departments_through_the_pages(town, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    pilot = build.an_evaluated(town, criteria=TOTALS)
    client = signed_in(town.chief)
    sent = {
        "name": "第2期試行",
        "departments": [town.zeimu.pk, town.jumin.pk],
        "starts_on": "2027-01-12",
        "ends_on": "2027-03-28",
        "method": "vdi",
        "days_per_week": "2",
        "initial_yen": "0",
        "monthly_yen": "0",
        "explanation": "未達の分は研修で補う。",
    }
    address = f"{pilot.get_absolute_url()}expand/"
    answer = client.post(address, sent)
    assert answer.status_code == 422
    assert "令和9年3月29日(月)" in answer.content.decode()
    assert client.post(address, sent | {"ends_on": "2027-03-31"}).status_code == 302
    expansion = Expansion.objects.get()
    plan = plan_for(expansion, town.zeimu)
    shown = client.get(expansion.get_absolute_url()).content.decode()
    assert plan.get_absolute_url() in shown
    own = {
        "edition": plan.edition,
        "purpose": "税務課で確かめる。",
        "scope": "",
        "lead": town.tax_chief.number,
        "threshold_K40": "40",
        "direction_K40": "at_least",
    }
    assert client.get(plan.get_absolute_url()).status_code == 200
    bad = client.post(plan.get_absolute_url(), own | {"threshold_K38": "500"})
    assert bad.status_code == 422
    assert "2人" in bad.content.decode()
    assert client.post(plan.get_absolute_url(), own).status_code == 302
    decision = Decision.objects.get(matter="pilots.expansion")
    page = client.get(decision.get_absolute_url()).content.decode()
    assert "税務課で確かめる。" in page
    assert "参加者実施率(試行の期間に1回以上) 40%以上" in page


SHORT = {"starts_on": date(2027, 1, 12), "ends_on": date(2027, 1, 15)}


def test_days_per_head_are_carried_at_the_pace_of_the_source(town):
    criteria = (("K40", "at_least", Decimal(40)), ("K37", "at_least", Decimal(20)))
    expansion = applied(town, criteria=criteria, **SHORT)
    # 20 of the 26 days of the source are 1.5 of the 2 days that four days in January allow.
    assert plan_for(expansion, town.zeimu).wanted == [
        ("K37", "at_least", Decimal("1.5")),
        ("K40", "at_least", Decimal("40.0")),
    ]


def test_days_made_fewer_than_was_set_are_refused_and_so_is_sending_it(town):
    expansion = applied(town)
    plan = plan_for(expansion, town.zeimu)
    setting(plan, criteria=[("K37", "at_least", Decimal(20))], by=town.chief)
    expansion.refresh_from_db()
    with pytest.raises(Conflict) as refused:
        change_expansion(
            expansion,
            edition=expansion.edition,
            departments=[town.zeimu],
            explanation="未達の分は研修で補う。",
            by=town.chief,
            now=NOW,
            **SHORT,
        )
    assert refused.value.address == plan.get_absolute_url()
    Expansion.objects.filter(pk=expansion.pk).update(**SHORT)
    with pytest.raises(Conflict):
        submit_expansion(Expansion.objects.get(pk=expansion.pk), by=town.chief, now=NOW)


def test_what_lies_below_a_department_of_the_source_is_not_tried_twice_at_once():
    town = build.a_town()
    pilot, below = build.a_running(town), a_department(town.body, "財政係", parent=town.kikaku)
    meanwhile = (date(2026, 10, 1), date(2026, 12, 25))
    assert [row.department for row in trying(pilot, *meanwhile, [below])] == [below]
    assert trying(pilot, date(2026, 11, 2), date(2026, 12, 25), [below]) == []
    with pytest.raises(Conflict, match="財政係"):
        require_free([below], *meanwhile)


def queries_of(act) -> int:
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


def test_one_department_takes_as_many_queries_as_three(town):
    rows = [a_department(town.body, f"課{number}") for number in range(2)]
    chiefs = [a_member(row, "manager", post="課長") for row in rows]
    for number, (row, chief) in enumerate(zip(rows, chiefs, strict=True)):
        build.ready(town, row, chief, name=f"第{number + 4}回")
    pilot, today = build.an_evaluated(town), NOW.date()
    few = [town.zeimu]
    expansion = build.an_application(town, pilot, departments=few)
    client = signed_in(town.office)

    def counted(departments):
        expansion.department_rows.all().delete()
        set_departments(expansion, departments, today)
        expansion.department_rows.update(lead=town.tax_chief)
        client.get(expansion.get_absolute_url())
        return [
            queries_of(lambda: client.get(expansion.get_absolute_url())),
            queries_of(lambda: expansion_content(expansion)),
            queries_of(lambda: measure_evidence(pilot, departments, now=NOW)),
            queries_of(lambda: require_reach(expansion, NOW)),
        ]

    assert counted(few) == counted([*few, *rows])


def test_people_of_a_unit_count_in_each_department_above_it_once(town):
    unit = a_department(town.body, "収納係", parent=town.zeimu)
    before = people_below([town.zeimu, unit, town.jumin], Posting.objects.on(NOW.date()))
    a_member(unit)
    after = people_below([town.zeimu, unit, town.jumin], Posting.objects.on(NOW.date()))
    added = {number: after[number] - count for number, count in before.items()}
    assert added == {town.zeimu.pk: 1, unit.pk: 1, town.jumin.pk: 0}
    assert people_below([], Posting.objects.on(NOW.date())) == {}
