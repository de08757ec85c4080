"""人事異動: the whole list of a day, what its preview says, and what the day then brings."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from evaluation.appraisal.one_on_ones.models import Pair, PrivateNote
from evaluation.appraisal.sheets.models import Sheet
from municipality.audit.models import Entry
from municipality.clock.models import JobRun
from municipality.core.refusals import Conflict
from municipality.decisions.models import Decision, Deputy
from municipality.decisions.operations.decisions import approve
from municipality.imports.operations.imports import commit_import, preview
from municipality.notifications.models import Notice
from municipality.organisation.models import Duty, Member, Posting
from municipality.tasks import run_jobs
from municipality.transfers.models import Passed, Roll, Transfer
from municipality.transfers.operations.handover import hand_over
from pilots.planning.models import Pilot
from tests.build import decisions as decided
from tests.build import evaluation as build
from tests.build.faults import refuse_rows, take_rows_again
from tests.build.municipality import APRIL, a_member, at, with_duty

pytestmark = pytest.mark.django_db
HEAD = "職員番号,氏名,カナ,メール,部署コード,職位,役割,本務兼務,開始日,終了日,状態"
ROLES = {
    "staff": "職員",
    "manager": "所属長",
    "executive": "決裁者",
    "office": "事務局",
    "hr": "人事",
    "auditor": "監査",
}
DAY = date(2026, 12, 1)
NOW = at(2026, 11, 10)
THE_DAY = at(2026, 12, 1, 0, 5)


@pytest.fixture
def town():
    town = build.a_town()
    hand_over(town.body, at(2026, 11, 9))
    return town


def line(member, department=None, *, post="", roles="", start=None, state="在職"):
    """The row of a person as they are posted, or with another place from the day on."""
    held = member.postings.select_related("department", "post").order_by("-starts_on").first()
    place = department or held.department
    words = roles or "・".join(ROLES[role] for role in held.grants.values_list("role", flat=True))
    begins = start or (DAY if department or post else held.starts_on)
    held_post = post or held.post.title
    start_of = f"{member.number},{member.name},,,{place.code},{held_post},{words}"
    return f"{start_of},本務,{begins},,{state}"


def everybody(town, *without):
    """The rows of all who are posted, but for some and for the external expert."""
    rows = (
        Member.objects.of(town.body).filter(postings__ends_on=None).exclude(pk=town.consultant.pk)
    )
    return {row.pk: line(row) for row in rows.distinct() if row not in without}


def listed(town, rows, *, day=DAY, now=NOW, code="utf-8"):
    content = "\r\n".join([HEAD, *rows]).encode(code)
    return preview(
        town.body, "people", "異動.csv", content, by=town.office, now=now, whole_on=day.isoformat()
    )


def told(taken):
    """What the preview says of people: who moves, comes and leaves."""
    found = taken.summary["transfer"]
    return {what: [row[1] for row in found[what]] for what in ("moves", "joins", "leaves")}


def takes_place(town, rows, now=THE_DAY):
    taken = listed(town, rows)
    assert taken.findings == []
    commit_import(taken, by=town.office, now=NOW, sure=True)
    run_jobs(town.body, now=now)
    return taken


def swapped(town):
    """The managers of 企画財政課 and 税務課 change places."""
    rows = everybody(town)
    rows[town.chief.pk] = line(town.chief, town.zeimu)
    rows[town.tax_chief.pk] = line(town.tax_chief, town.kikaku)
    return list(rows.values())


def test_the_list_as_things_are_changes_nothing(town):
    taken = listed(town, everybody(town).values())
    assert told(taken) == {"moves": [], "joins": [], "leaves": []}
    assert [taken.summary[what] for what in ("added", "changed", "ended")] == [0, 0, 0]
    assert (taken.summary["transfer"]["passes"], taken.summary["transfer"]["gaps"]) == (0, [])


def test_the_preview_names_who_moves_comes_and_leaves(town):
    rows = everybody(town, town.second)
    rows[town.staff.pk] = line(town.staff, town.zeimu)
    rows[0] = f"900001,新田 光,ニッタ ヒカル,,{town.kikaku.code},主事,職員,本務,2026-12-01,,在職"
    taken = listed(town, rows.values())
    assert told(taken) == {"moves": ["安藤 海"], "joins": ["新田 光"], "leaves": ["伊東 空"]}
    moved = taken.summary["transfer"]["moves"][0]
    assert [place[0] for place in moved[2] + moved[3]] == ["企画財政課 主事", "税務課 主事"]
    assert Posting.objects.filter(starts_on=DAY).count() == 0


def test_who_is_absent_is_ended_only_when_somebody_looked_at_the_names(town):
    taken = listed(town, everybody(town, town.second).values())
    with pytest.raises(Conflict, match="氏名を確かめ"):
        commit_import(taken, by=town.office, now=NOW)
    assert town.second.postings.get().ends_on is None
    commit_import(taken, by=town.office, now=NOW, sure=True)
    assert town.second.postings.get().ends_on == date(2026, 11, 30)


def test_the_postings_of_the_future_are_written_at_once_and_the_past_stays(town):
    rows = everybody(town)
    rows[town.staff.pk] = line(town.staff, town.zeimu, post="主任")
    commit_import(listed(town, rows.values()), by=town.office, now=NOW, sure=True)
    held = town.staff.postings.order_by("starts_on").values_list(
        "department", "post__title", "starts_on", "ends_on"
    )
    assert list(held) == [
        (town.kikaku.pk, "主事", APRIL, date(2026, 11, 30)),
        (town.zeimu.pk, "主任", DAY, None),
    ]


def test_a_leave_that_begins_on_the_day_leaves_the_days_before_as_they_were(town):
    rows = everybody(town)
    rows[town.staff.pk] = line(town.staff, state="休職")
    commit_import(listed(town, rows.values()), by=town.office, now=NOW, sure=True)
    held = list(
        town.staff.postings.order_by("starts_on").values_list("status", "starts_on", "ends_on")
    )
    assert held == [("present", APRIL, date(2026, 11, 30)), ("leave", DAY, None)]


def test_the_same_list_again_changes_nothing(town):
    rows = swapped(town)
    commit_import(listed(town, rows), by=town.office, now=NOW, sure=True)
    again = listed(town, rows)
    assert [again.summary[what] for what in ("added", "changed", "ended")] == [0, 0, 0]


def test_a_corrected_list_takes_back_what_never_began(town):
    commit_import(listed(town, swapped(town)), by=town.office, now=NOW, sure=True)
    rows = everybody(town)
    for person, place in ((town.chief, town.kikaku), (town.tax_chief, town.zeimu)):
        rows[person.pk] = line(person, place, start=APRIL)
    commit_import(listed(town, rows.values()), by=town.office, now=NOW, sure=True)
    assert [row.department for row in town.chief.postings.on(DAY).select_related("department")] == [
        town.kikaku
    ]


def test_the_external_expert_and_other_series_of_numbers_stay(town):
    other = a_member(town.kikaku, name="教育 太郎", series="教委")
    taken = listed(town, (row for pk, row in everybody(town).items() if pk != other.pk))
    assert told(taken)["leaves"] == []
    assert len(taken.summary["notes"]) == 2


@pytest.mark.parametrize(("start", "end"), [("2026-12-02", ""), ("2026-04-01", "2026-11-30")])
def test_a_row_that_is_not_of_the_day_is_refused_with_its_line(town, start, end):
    row = f"900002,新田 光,,,{town.kikaku.code},主事,職員,本務,{start},{end},在職"
    taken = listed(town, [row])
    assert (taken.state, taken.findings[0][0]) == ("refused", 2)


def test_a_day_that_has_passed_is_refused(town):
    taken = listed(town, everybody(town).values(), day=date(2026, 11, 9))
    assert (taken.state, "今日以後" in taken.findings[0][3]) == ("refused", True)


def test_an_open_step_passes_to_the_successor_who_is_told_once(town, invented_matter):
    decided.a_route(town.kikaku, (1, "decide", "課長", None))
    decision = decided.a_running(town.staff, town.kikaku, now=NOW)
    taken = takes_place(town, swapped(town))
    assert taken.summary["transfer"]["passing"] == [
        ["decision.step", decision.title, "安藤 海", ["髙瀬 由紀"], ["木戸 明里"], False]
    ]
    row = Passed.objects.get(kind="decision.step")
    assert (row.giver, row.taker, row.outcome) == (town.chief, town.tax_chief, "taken")
    told = Notice.objects.filter(rule="transfer.taken").values_list("member", "params")
    assert list(told) == [(town.tax_chief.pk, {"count": 1})]


def test_a_kind_that_cannot_be_handed_over_rests_and_keeps_no_other(town, invented_matter):
    build.an_open_period(town)
    decided.a_route(town.kikaku, (1, "decide", "課長", None))
    decided.a_running(town.staff, town.kikaku, now=NOW)
    refuse_rows("INSERT", Passed, "kind", "sheet")
    takes_place(town, swapped(town))
    assert set(Passed.objects.values_list("kind", flat=True)) == {"decision.step"}
    assert JobRun.objects.troubled().get().job == "municipality.hand_over sheet"
    for minute in range(1, 60):
        hand_over(town.body, THE_DAY + timedelta(minutes=minute))
    assert JobRun.objects.troubled().get().attempts == 6, "after 0, 1, 3, 7, 15 and 31 minutes"
    take_rows_again(Passed)
    hand_over(town.body, THE_DAY + timedelta(hours=2))
    assert set(Passed.objects.values_list("kind", flat=True)) == {"decision.step", "sheet"}
    assert not JobRun.objects.troubled().exists()


def test_a_second_run_and_later_days_change_nothing(town):
    build.an_open_period(town)
    takes_place(town, swapped(town))
    before = [
        list(model.objects.order_by("pk").values())
        for model in (Passed, Transfer, Notice, Sheet, Entry)
    ]
    assert hand_over(town.body, at(2026, 12, 1, 9)) == hand_over(town.body, at(2026, 12, 5)) == 0
    assert [
        list(model.objects.order_by("pk").values())
        for model in (Passed, Transfer, Notice, Sheet, Entry)
    ] == before


def test_after_an_outage_the_transfer_is_caught_up(town):
    build.an_open_period(town)
    takes_place(town, swapped(town), now=at(2026, 12, 9))
    assert Transfer.objects.get().day == date(2026, 12, 9)
    assert Passed.objects.filter(kind="sheet", taker=town.tax_chief).count() == 2


def test_what_changed_behind_the_day_is_handed_over_too(town, invented_matter):
    """A posting entered late, with a first day that has passed, still finds its pending work."""
    decided.a_route(town.kikaku, (1, "decide", "課長", None))
    decided.a_running(town.staff, town.kikaku, now=NOW)
    build.moved(town.chief, town.zeimu, "manager", on=date(2026, 11, 2), post="課長")
    successor = a_member(town.kikaku, "manager", post="課長", starts_on=date(2026, 11, 2))
    assert hand_over(town.body, at(2026, 11, 11)) == 1
    assert Passed.objects.get().taker == successor


def test_a_post_without_a_holder_is_told_to_the_office(town, invented_matter):
    decided.a_route(town.kikaku, (1, "decide", "課長", None))
    decided.a_running(town.staff, town.kikaku, now=NOW)
    taken = takes_place(town, everybody(town, town.chief).values())
    codes = sorted({code for code, _text, _number in taken.summary["transfer"]["gaps"]})
    assert codes == ["department.manager", "step.post"]
    assert Passed.objects.get(kind="decision.step").outcome == "vacant"
    assert Notice.objects.get(rule="transfer.vacant").member == town.office


def test_drafts_duties_and_deputies_pass_to_the_one_who_comes_into_the_post(town, invented_matter):
    draft = decided.a_draft(town.chief, town.kikaku, now=NOW)
    duty = with_duty(town.chief, "security", town.kikaku)
    deputy = decided.a_deputy(town.chief, town.root, "副町長")
    takes_place(town, swapped(town))
    assert Decision.objects.get(pk=draft.pk).drafter == town.tax_chief
    for model, row in ((Duty, duty), (Deputy, deputy)):
        row.refresh_from_db()
        assert row.ends_on == date(2026, 11, 30)
        assert model.objects.get(starts_on=DAY).member == town.tax_chief


def test_a_duty_that_somebody_else_was_given_already_only_ends(town):
    duty = with_duty(town.staff, "clerk", town.kikaku)
    with_duty(town.second, "clerk", town.kikaku)
    rows = everybody(town)
    rows[town.staff.pk] = line(town.staff, town.zeimu)
    takes_place(town, rows.values())
    duty.refresh_from_db()
    assert (duty.ends_on, Duty.objects.count()) == (date(2026, 11, 30), 2)
    assert Passed.objects.get(kind="duty").outcome == "ended"


def test_talks_and_notes_pass_to_nobody(town):
    talk = build.a_talk(town)
    takes_place(town, swapped(town))
    assert Pair.objects.get(pk=talk.pair_id).ends_on == date(2026, 11, 30)
    assert not Pair.objects.filter(manager=town.tax_chief).exists()
    assert PrivateNote.objects.count() == 0
    assert Passed.objects.get(kind="pair").taker is None


def test_a_pilot_follows_the_post_of_its_lead(town):
    pilot = build.a_pilot_between(town.kikaku, town.staff, date(2026, 10, 1), date(2027, 3, 31))
    rows = everybody(town)
    rows[town.staff.pk] = line(town.staff, town.zeimu)
    takes_place(town, rows.values())
    assert Pilot.objects.get(pk=pilot.pk).lead == town.chief


def test_an_action_finds_its_successor(town):
    review = build.a_review(town, town.kikaku)
    action = build.with_action(review, town.chief)
    hand_over(town.body, at(2026, 11, 9, 10))
    takes_place(town, swapped(town))
    action.refresh_from_db()
    assert action.who == town.tax_chief
    assert sorted(Passed.objects.filter(taker=town.tax_chief).values_list("kind", flat=True)) == [
        "action",
        "review.enter",
    ]


def test_history_keeps_the_old_names(town, invented_matter):
    decided.a_route(town.kikaku, (1, "approve", "課長", None), (2, "decide", "副町長", town.root))
    decision = decided.a_running(town.staff, town.kikaku, now=NOW)
    approve(decided.step_of(decision, 1), by=build.today_is(town.chief, NOW.date()), now=NOW)
    takes_place(town, swapped(town))
    step = decided.step_of(decision, 1)
    assert (step.acted_by, step.acted_name, step.acted_post) == (town.chief, "髙瀬 由紀", "課長")


def test_the_other_body_is_untouched(town):
    other = build.a_town("993026", name="みどり市")
    hand_over(other.body, NOW)
    before = (
        list(Posting.objects.of(other.body).order_by("pk").values()),
        Roll.objects.get(municipality=other.body).stamp,
    )
    takes_place(town, swapped(town))
    assert (
        list(Posting.objects.of(other.body).order_by("pk").values()),
        Roll.objects.get(municipality=other.body).stamp[10:],
    ) == (before[0], before[1][10:])
    assert not Transfer.objects.of(other.body).exists()


def test_what_nobody_can_take_is_told_once_and_not_every_day(town):
    """The lead left, and nobody stands above the department: the office hears of it on the day, and
    not again.
    """
    build.a_pilot_between(town.kikaku, town.chief, date(2026, 10, 1), date(2027, 3, 31))
    takes_place(town, everybody(town, town.chief, town.deputy_mayor, town.mayor).values())
    assert list(Passed.objects.filter(kind="pilots.lead").values_list("outcome", flat=True)) == [
        "vacant"
    ]
    told = Notice.objects.filter(rule="transfer.vacant").count()
    assert hand_over(town.body, at(2026, 12, 2)) == hand_over(town.body, at(2026, 12, 3)) == 0
    assert Notice.objects.filter(rule="transfer.vacant").count() == told == 1
    successor = a_member(town.kikaku, "manager", post="課長", starts_on=date(2026, 12, 4))
    hand_over(town.body, at(2026, 12, 4))
    assert Passed.objects.get(kind="pilots.lead", outcome="taken").taker == successor
