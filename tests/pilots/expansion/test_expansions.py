"""展開申請: evidence first, then the decision, then the next pilots, once."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from decimal import Decimal

import pytest

from municipality.audit.models import Entry
from municipality.core.refusals import Conflict, Denied
from municipality.decisions.operations.decisions import (
    approve,
    reject,
    submit_decision,
    take_back,
    withdraw,
)
from municipality.decisions.operations.send_back import return_decision
from municipality.notifications.models import Notice
from municipality.organisation.models import Member
from pilots.expansion.decision_content import expansion_content, yen_of_expansion
from pilots.expansion.operations.decisions import expansion_approved
from pilots.expansion.operations.requests import (
    change_expansion,
    request_expansion,
    submit_expansion,
)
from pilots.lifecycle.operations.steps import measure_again
from pilots.lifecycle.requirements import conditions_to_start
from pilots.planning.models import Expansion, Pilot
from pilots.results.evidence import digest
from rollout.readiness.operations.exceptions import grant_exception, revoke_exception
from tests.build import pilots as build
from tests.build import rollout as readiness
from tests.build.decisions import step_of
from tests.build.frozen import as_read, read_of
from tests.build.municipality import a_department, at, with_duty

pytestmark = pytest.mark.django_db
NOW, LATER = at(2026, 11, 4), at(2026, 11, 9)
MET = {"tone": "ok", "label": "達成"}


@pytest.fixture
def town():
    return build.a_town()


def confirmed(town):
    """税務課's readiness stands confirmed."""
    readiness.confirmed(
        readiness.a_round(town.body, town.office), town.zeimu, town.tax_chief, town.office
    )


def state_of(thing):
    thing.refresh_from_db()
    return thing.state


def approved(town, expansion, now=LATER):
    build.decided(build.decision_of(expansion), town.others["soumu_chief"], town.mayor, now=now)
    expansion.refresh_from_db()
    return expansion


def test_the_evidence_is_measured_before_and_hashed(town):
    evidence = build.a_requested(town).evidence
    assert [
        (row["code"], row["value"], row["numerator"], row["denominator"], row["met"])
        for row in evidence["criteria"]
    ] == [
        ("K39", "3.5", "3.5", None, True),
        ("K40", "66.7", "2", "3", True),
    ]
    text = json.dumps(evidence, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert Expansion.objects.get().evidence_hash == hashlib.sha256(text.encode()).hexdigest()
    assert (evidence["first"], evidence["last"], evidence["interim"]) == (
        "2026-08-03",
        "2026-10-30",
        False,
    )


def test_what_happens_later_does_not_touch_the_evidence(town):
    expansion = build.a_requested(town)
    before = expansion.evidence
    build.used(town.staff[2], town.kikaku, date(2026, 10, 1))
    expansion.refresh_from_db()
    assert expansion.evidence == before


def test_the_thresholds_were_fixed_before_the_pilot_began(town):
    expansion = build.a_requested(town)
    fixed = {row["fixed_on"] for row in expansion.evidence["criteria"]}
    assert max(fixed) < expansion.evidence["pilot"]["started_on"]


def test_neither_evidence_nor_content_names_a_person(town):
    expansion = build.a_requested(town, explanation="準備は12月に整います。")
    content = read_of(build.decision_of(expansion))
    text = json.dumps([expansion.evidence, content], ensure_ascii=False)
    assert [member.name for member in Member.objects.all() if member.name in text] == []


def test_what_is_asked_reads_as_a_document(town):
    expansion = build.a_requested(town)
    content = read_of(build.decision_of(expansion))
    assert content["lead"] == (
        "「第1期試行(企画財政課)」の結果をふまえ、下記のとおり「第2期試行」へ展開してよろしいか伺います。"
    )
    assert [label for label, _value in content["spec"]] == [
        "対象部署",
        "期間",
        "接続方式",
        "上限",
        "費用",
    ]
    spec = dict(map(tuple, content["spec"]))
    assert spec["対象部署"] == "税務課(2人)"
    assert spec["期間"] == "令和9年1月12日(火)から3月31日(水)まで"
    assert spec["費用"] == "初期 1,848,000円、月額 96,800円(期間の合計 2,138,400円)"
    table = content["tables"][0]
    assert table["head"] == ["成功の基準", "基準値", "実績", "分子 / 分母", "判定"]
    assert table["rows"] == [
        ["延べ実施日数(参加者、試行の期間)", "3人日以上", "3.5人日", "未提出 企画財政課 10月", MET],
        [
            "参加者実施率(試行の期間に1回以上)",
            "30%以上",
            "66.7%",
            "2 / 3人、未提出 企画財政課 10月",
            MET,
        ],
    ]
    assert table["asof"] == (
        "達成 2 / 2。基準は令和8年7月21日(火)に決めたものです。8月3日(月)から10月30日(金)までの値を、11月2日(月)に固定しました。"
    )
    plans = content["tables"][-1]
    assert plans["title"] == "部署ごとの計画"
    assert plans["rows"] == [
        [
            "税務課",
            "「第1期試行(企画財政課)」の結果をふまえ、税務課でも続けられるかを確かめる。",
            "—",
            "承認の時の所属長",
            "参加者1人当たりの実施日数 1日以上、参加者実施率(試行の期間に1回以上) 30%以上",
        ]
    ]
    frozen = build.decision_of(expansion).revisions.get().content["evidence"]
    assert frozen == {"hash": expansion.evidence_hash, "values": expansion.evidence}


def test_an_unmet_criterion_must_be_explained_and_stands_as_a_warning(town):
    confirmed(town)
    pilot = build.an_evaluated(
        town, criteria=[("K40", "at_least", Decimal(90)), ("K39", "at_least", Decimal(3))]
    )
    with pytest.raises(Conflict):
        build.a_requested(town, pilot, explanation=" ")
    assert Expansion.objects.count() == 0
    expansion = build.a_requested(town, pilot, explanation="窓口当番の偏りが原因です。")
    content = read_of(build.decision_of(expansion))
    assert content["notices"] == [
        {
            "key": "weakness",
            "tone": "warn",
            "title": "未達の基準1件があるまま展開を求めています",
            "text": "起案者の説明「窓口当番の偏りが原因です。」",
            "explanation": "窓口当番の偏りが原因です。",
        }
    ]
    assert content["tables"][0]["rows"][1] == [
        "参加者実施率(試行の期間に1回以上)",
        "90%以上",
        "66.7%",
        "2 / 3人、未提出 企画財政課 10月",
        {"tone": "bad", "label": "未達"},
    ]


def test_what_cannot_be_judged_must_be_explained(town):
    confirmed(town)
    pilot = build.a_running(town)
    with pytest.raises(Conflict):
        build.a_requested(town, pilot, explanation="")
    expansion = build.a_requested(town, pilot, explanation="実施記録は11月に取り込みます。")
    assert [row["met"] for row in expansion.evidence["criteria"]] == [None, None]
    rows = read_of(build.decision_of(expansion))["tables"][0]["rows"]
    assert rows[1] == [
        "参加者実施率(試行の期間に1回以上)",
        "30%以上",
        "—",
        "未提出 企画財政課 8月、企画財政課 9月、企画財政課 10月",
        {"tone": "warn", "label": "判定できません"},
    ]


def test_readiness_that_is_not_confirmed_must_be_explained(town):
    pilot = build.an_evaluated(town)
    with pytest.raises(Conflict) as refused:
        build.a_requested(town, pilot, explanation="")
    assert "準備度評価が未確定の部署(税務課)" in str(refused.value.reason)


def test_with_everything_met_no_explanation_is_asked_and_nothing_is_warned(town):
    confirmed(town)
    expansion = build.a_requested(town, explanation="")
    assert read_of(build.decision_of(expansion))["notices"] == []


def test_from_a_running_pilot_the_evidence_is_an_interim_one(town):
    pilot = build.a_used(town)
    expansion = request_expansion(
        pilot,
        name="第2期試行",
        departments=[town.zeimu],
        starts_on=date(2026, 10, 1),
        ends_on=date(2026, 12, 28),
        explanation="途中の実績によります。",
        by=town.chief,
        now=at(2026, 9, 10),
    )
    assert (expansion.evidence["interim"], expansion.evidence["last"]) == (True, "2026-09-10")
    approved(town, expansion, now=at(2026, 9, 20))
    assert state_of(pilot) == "running"


@pytest.mark.parametrize("state", [build.a_planned, build.an_approved])
def test_before_it_runs_nothing_can_be_widened(town, state):
    with pytest.raises(Conflict):
        build.a_requested(town, state(town))


def test_only_one_application_of_a_pilot_is_open(town):
    expansion = build.a_requested(town)
    with pytest.raises(Conflict):
        build.a_requested(town, expansion.pilot)


def test_a_draft_is_told_as_a_draft(town):
    pilot = build.an_evaluated(town)
    build.an_application(town, pilot)
    with pytest.raises(Conflict, match="すでに下書きがあります"):
        build.an_application(town, pilot)


def test_a_department_and_its_unit_are_not_both_asked_for(town):
    unit = a_department(town.body, "資産税係", parent=town.zeimu, kind="unit")
    with pytest.raises(Conflict, match="資産税係は税務課に含まれています"):
        build.a_requested(town, departments=[town.zeimu, unit])


def test_who_approves_too_late_is_told_what_happened(town):
    expansion = build.a_requested(town)
    decision = build.decision_of(expansion)
    stale = step_of(decision, 2)
    approved(town, expansion)
    with pytest.raises(Conflict, match="雨宮 登さんが"):
        approve(stale, by=town.mayor, now=LATER)


def test_taken_back_it_is_said_so_and_not_as_returned(town):
    expansion = build.a_requested(town)
    take_back(build.decision_of(expansion), by=town.chief, now=NOW)
    assert state_of(expansion) == "draft"
    verbs = set(Entry.objects.filter(verb__startswith="expansion.").values_list("verb", flat=True))
    assert verbs >= {"expansion.taken_back"}
    assert "expansion.returned" not in verbs


def test_only_those_who_run_the_pilot_ask(town):
    pilot = build.an_evaluated(town)
    with pytest.raises(Denied):
        request_expansion(
            pilot,
            name="第2期",
            departments=[town.zeimu],
            starts_on=date(2027, 1, 12),
            ends_on=date(2027, 3, 31),
            explanation="理由",
            by=town.tax_chief,
            now=NOW,
        )


def test_a_department_that_tries_already_is_refused(town):
    pilot = build.an_evaluated(town)
    with pytest.raises(Conflict):
        build.a_requested(town, pilot, departments=[town.kikaku])
    build.a_planned(
        town,
        name="税務課の試行",
        departments=[town.zeimu],
        by=town.office,
        starts_on=date(2027, 2, 1),
        ends_on=date(2027, 4, 30),
    )
    with pytest.raises(Conflict) as refused:
        build.a_requested(town, pilot)
    assert "税務課" in str(refused.value.reason)


def test_an_approved_expansion_makes_the_next_pilots_and_ends_the_evaluated_one(town):
    expansion = approved(town, build.a_requested(town))
    assert expansion.state == "approved"
    following = Pilot.objects.get(expansion=expansion)
    assert (following.state, following.name, following.lead, following.places) == (
        "approved",
        "第2期試行",
        town.tax_chief,
        [town.zeimu],
    )
    assert (following.starts_on, following.ends_on) == (date(2027, 1, 12), date(2027, 3, 31))
    assert [(row.indicator, row.threshold, row.fixed_at) for row in following.criteria.all()] == [
        ("K37", Decimal(1), LATER),
        ("K40", Decimal(30), LATER),
    ]
    source = Pilot.objects.get(pk=expansion.pilot_id)
    assert (source.state, source.outcome) == ("finished", "expand")
    assert [notice.member for notice in Notice.objects.filter(rule="pilots.widened")] == [
        town.tax_chief
    ]


def test_each_department_gets_a_pilot_of_its_own(town):
    soumu = town.office.postings.get().department
    expansion = approved(town, build.a_requested(town, departments=[town.zeimu, soumu]))
    assert sorted(Pilot.objects.filter(expansion=expansion).values_list("name", flat=True)) == [
        "第2期試行(税務課)",
        "第2期試行(総務課)",
    ]
    assert expansion.department_rows.filter(pilot=None).count() == 0


def test_whoever_comes_second_makes_no_pilots(town):
    expansion = approved(town, build.a_requested(town))
    for seen in (expansion, Expansion(pk=expansion.pk)):
        stale = Expansion.objects.get(pk=seen.pk)
        stale.state = Expansion.State.DECIDING
        with pytest.raises(Conflict):
            expansion_approved(stale, by=town.mayor, now=LATER)
    assert Pilot.objects.filter(expansion=expansion).count() == 1


def test_altered_evidence_is_never_approved(town):
    expansion = build.a_requested(town)
    altered = {**expansion.evidence, "interim": True}
    Expansion.objects.filter(pk=expansion.pk).update(evidence=altered)
    with pytest.raises(Conflict):
        approved(town, expansion)
    assert Pilot.objects.filter(expansion=expansion).count() == 0
    assert state_of(expansion) == "deciding"


def test_returned_it_is_measured_anew_when_changed(town):
    expansion = build.a_requested(town)
    decision = build.decision_of(expansion)
    return_decision(
        step_of(decision, 1), by=town.others["soumu_chief"], now=LATER, comment="上限を週1日に"
    )
    assert state_of(expansion) == "draft"
    build.used(town.staff[2], town.kikaku, date(2026, 10, 1))
    before = expansion.evidence_hash
    measure_again(expansion.pilot, by=town.chief, now=at(2026, 11, 9))
    change_expansion(
        expansion,
        edition=expansion.edition,
        departments=[town.zeimu],
        days_per_week=1,
        explanation="12月に確定します。",
        by=town.chief,
        now=at(2026, 11, 10),
    )
    assert expansion.evidence_hash != before
    assert expansion.evidence["criteria"][1]["value"] == "100.0"
    submit_expansion(expansion, by=town.chief, now=at(2026, 11, 10))
    decision.refresh_from_db()
    assert (state_of(expansion), decision.revision) == ("deciding", 2)


def test_sent_again_from_the_decisions_own_page_the_evidence_stands(town):
    expansion = build.a_requested(town)
    decision = build.decision_of(expansion)
    return_decision(step_of(decision, 1), by=town.others["soumu_chief"], now=LATER, comment="理由")
    decision.refresh_from_db()
    submit_decision(decision, by=town.chief, now=LATER)
    assert state_of(expansion) == "deciding"
    approved(town, expansion)
    assert expansion.state == "approved"


def test_a_stale_change_of_an_application_is_refused(town):
    expansion = build.a_requested(town)
    return_decision(
        step_of(build.decision_of(expansion), 1),
        by=town.others["soumu_chief"],
        now=LATER,
        comment="理由",
    )
    expansion.refresh_from_db()
    facts = {"departments": [town.zeimu], "explanation": "理由", "by": town.chief, "now": LATER}
    seen = expansion.edition
    change_expansion(expansion, edition=seen, monthly_yen=1, **facts)
    with pytest.raises(Conflict):
        change_expansion(expansion, edition=seen, monthly_yen=2, **facts)


def test_what_is_being_decided_is_not_changed(town):
    expansion = build.a_requested(town)
    with pytest.raises(Conflict):
        change_expansion(
            expansion,
            edition=expansion.edition,
            departments=[town.zeimu],
            explanation="",
            by=town.chief,
            now=LATER,
        )


def test_rejected_and_withdrawn_close_it_and_another_can_be_asked_for(town):
    expansion = build.a_requested(town)
    reject(
        step_of(build.decision_of(expansion), 1),
        by=town.others["soumu_chief"],
        now=LATER,
        comment="時期尚早",
    )
    assert (state_of(expansion), expansion.decided_at) == ("rejected", LATER)
    again = build.a_requested(town, expansion.pilot)
    withdraw(build.decision_of(again), by=town.chief, now=LATER)
    assert state_of(again) == "withdrawn"
    assert Pilot.objects.filter(expansion__isnull=False).count() == 0


def test_the_departments_are_not_said_twice(town):
    names = {
        "name": "第2期 試行(税務課・総務課)",
        "departments": [town.zeimu, town.office.postings.get().department],
    }
    expansion = approved(town, build.a_requested(town, **names))
    assert build.decision_of(expansion).title == "第2期 試行(税務課・総務課)への展開"
    assert sorted(Pilot.objects.filter(expansion=expansion).values_list("name", flat=True)) == [
        "第2期 試行(税務課)",
        "第2期 試行(総務課)",
    ]


# --- 必須条件 ---------------------------------------------------------------------------------------


BEFORE, PASSED = at(2026, 6, 2), at(2026, 11, 2)


def blocked(town, now=BEFORE):
    """税務課 is confirmed with I2 (接続の方式) at 1, which needs 2."""
    return build.ready(town, town.zeimu, town.tax_chief, name="第2回", now=now, I2=1)


def passed_over(town, assessment, now=PASSED, **terms):
    """The mayor answers for information security and passes I2 over."""
    if not town.mayor.duties.exists():
        with_duty(town.mayor, "security", town.root)
    answer = assessment.answers.select_related("criterion").get(criterion__code="I2")
    answer.assessment = assessment
    terms = {
        "reason": "12月に回線を増やすまで、閲覧だけの業務に限るため。",
        "conditions": "個人情報の入力は認めない。",
        "valid_until": date(2027, 3, 31),
        **terms,
    }
    return grant_exception(answer, **terms, by=town.mayor, now=now)


def test_an_open_condition_stops_the_request_and_names_department_and_condition(town):
    assessment = blocked(town)
    with pytest.raises(Conflict) as refused:
        build.a_requested(town)
    assert "税務課: 必須条件「I2 接続の方式」が未達です(いま1、2以上)。" in str(
        refused.value.reason
    )
    assert refused.value.address == assessment.conditions_address
    assert Expansion.objects.count() == 0


def test_what_was_passed_over_stands_in_evidence_and_decision_with_reason_and_post(town):
    passed_over(town, blocked(town))
    expansion = build.a_requested(town, explanation="")
    row = expansion.evidence["departments"][0]
    assert (row["round"], row["confirmed_on"], row["age"], row["score"]) == (
        "第2回",
        "2026-06-07",
        150,
        "2.9",
    )
    assert row["open"] == []
    assert as_read(row["exceptions"]) == [
        {
            "code": "I2",
            "name": "接続の方式",
            "level": 1,
            "needed": 2,
            "reason": "12月に回線を増やすまで、閲覧だけの業務に限るため。",
            "conditions": "個人情報の入力は認めない。",
            "granted_as": "町長(情報セキュリティ責任者)",
            "granted_on": "2026-11-02",
            "valid_until": "2027-03-31",
        }
    ]
    content = read_of(build.decision_of(expansion))
    table = content["tables"][1]
    assert table["title"] == "準備度"
    assert table["head"] == ["部署", "回", "確定日", "点", "未達の必須条件", "例外"]
    name, round_, day, score, unmet, exception = table["rows"][0]
    assert (name, round_, day, score) == ("税務課", "第2回", "令和8年6月7日(日)", "2.9")
    assert unmet == {"tone": "bad", "label": "I2 接続の方式"}
    assert exception == "I2 町長(情報セキュリティ責任者)が承認(令和9年3月31日(水)まで)"
    assert content["notices"][0]["tone"] == "warn"
    assert "12月に回線を増やすまで" in content["notices"][0]["text"]
    text = json.dumps([expansion.evidence, content], ensure_ascii=False)
    assert [member.name for member in Member.objects.all() if member.name in text] == []
    assert '"ok", "label": "確定"' not in text


def test_an_exception_that_ends_before_the_start_stops_the_request(town):
    passed_over(town, blocked(town), valid_until=date(2026, 12, 28))
    with pytest.raises(Conflict, match="例外の期限は令和8年12月28日"):
        build.a_requested(town, explanation="")


def test_a_condition_that_opens_later_stops_every_approving_step(town):
    expansion = build.a_requested(town, explanation="12月に確定します。")
    blocked(town, now=at(2026, 11, 4))
    decision = build.decision_of(expansion)
    later = at(2026, 11, 16)
    with pytest.raises(Conflict) as refused:
        build.decided(decision, town.others["soumu_chief"], now=later)
    assert "I2 接続の方式" in str(refused.value.reason)
    with pytest.raises(Conflict):
        expansion_approved(Expansion.objects.get(), by=town.mayor, now=later)
    assert state_of(expansion) == Expansion.State.DECIDING
    assert Pilot.objects.filter(expansion=expansion).count() == 0


def test_an_exception_granted_after_the_evidence_was_frozen_is_not_decided_on_unseen(town):
    expansion = build.a_requested(town, explanation="12月に確定します。")
    passed_over(town, blocked(town, now=at(2026, 11, 4)), now=at(2026, 11, 12))
    decision = build.decision_of(expansion)
    with pytest.raises(Conflict, match="根拠を固定した後"):
        build.decided(decision, town.others["soumu_chief"], now=at(2026, 11, 16))
    return_decision(
        step_of(decision, 1),
        by=town.others["soumu_chief"],
        comment="固定し直す",
        now=at(2026, 11, 16),
    )
    expansion.refresh_from_db()
    change_expansion(
        expansion,
        edition=expansion.edition,
        departments=[town.zeimu],
        explanation="",
        by=town.chief,
        now=at(2026, 11, 17),
    )
    submit_expansion(expansion, by=town.chief, now=at(2026, 11, 17))
    approved(town, expansion, now=at(2026, 11, 18))
    assert expansion.state == Expansion.State.APPROVED


@pytest.mark.parametrize(
    "terms",
    [
        {"reason": "別の理由"},
        {"conditions": ""},
        {"valid_until": date(2027, 3, 30)},
        {},
    ],
    ids=["reason", "conditions", "end", "only the day of granting"],
)
def test_an_exception_that_took_the_place_of_the_one_in_the_evidence_is_not_decided_on(town, terms):
    """The one that was read is revoked, and another granted for the same condition."""
    assessment = blocked(town)
    exception = passed_over(town, assessment)
    expansion = build.a_requested(town, explanation="")
    revoke_exception(exception, by=town.mayor, now=at(2026, 11, 5))
    passed_over(town, assessment, now=at(2026, 11, 5, 10), **terms)
    with pytest.raises(Conflict, match="根拠を固定した後に承認されました"):
        build.decided(build.decision_of(expansion), town.others["soumu_chief"], now=LATER)
    assert state_of(expansion) == Expansion.State.DECIDING


def test_an_exception_that_is_taken_back_stops_the_approval(town):
    exception = passed_over(town, blocked(town))
    expansion = build.a_requested(town, explanation="")
    revoke_exception(exception, by=town.mayor, now=LATER)
    with pytest.raises(Conflict, match="I2 接続の方式"):
        approved(town, expansion, now=LATER)


def test_a_condition_that_fell_below_its_exception_stops_the_approval(town):
    assessment = blocked(town)
    passed_over(town, assessment)
    expansion = build.a_requested(town, explanation="")
    assessment.answers.filter(criterion__code="I2").update(reviewed_level=0)
    with pytest.raises(Conflict, match="例外の承認は段階1以上が対象で、いまの段階には及びません"):
        approved(town, expansion)
    assert state_of(expansion) == Expansion.State.DECIDING


def test_evidence_of_form_1_is_read_as_it_was_written(town):
    expansion = build.a_requested(town)
    evidence = expansion.evidence | {
        "form": 1,
        "departments": [{"code": "0200", "name": "税務課", "staff": 2, "ready": True}],
    }
    Expansion.objects.update(evidence=evidence, evidence_hash=digest(evidence))
    content = expansion_content(Expansion.objects.get())
    assert content["tables"][1]["rows"] == [["税務課", "2人", {"tone": "ok", "label": "確定"}]]
    assert content["notices"] == []
    approved(town, expansion)
    assert expansion.state == Expansion.State.APPROVED


def test_the_new_pilot_starts_when_its_department_is_ready(town):
    approved(town, build.a_requested(town))
    pilot = Pilot.objects.get(expansion__isnull=False)
    condition = next(
        each
        for each in conditions_to_start(pilot, date(2027, 1, 12))
        if each.label == "準備度評価と必須条件"
    )
    assert (condition.met, condition.note) == (False, "税務課: 準備度評価を受けていません。")


def test_the_route_depends_on_the_cost_that_who_decides_reads(town):
    """Initial, and the three months from 12 January to 31 March."""
    expansion = build.an_application(town, build.an_evaluated(town))
    assert yen_of_expansion(expansion.pk) == 2_138_400
    assert "期間の合計 2,138,400円" in dict(expansion_content(expansion)["spec"])["費用"]
