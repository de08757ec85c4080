"""Frozen results of pilots: what comes after judging started or ended changes nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone
from django.utils.translation import override

from municipality.clock.models import JobRun
from municipality.core.refusals import Conflict
from pilots.days.models import Usage
from pilots.expansion.operations.requests import submit_expansion
from pilots.lifecycle.operations.steps import (
    begin_evaluation,
    finish_pilot,
    freeze_open_results,
    measure_again,
)
from pilots.participants.operations.participation import decline
from pilots.participants.readiness import participants_readiness
from pilots.planning.models import Pilot, SuccessCriterion
from pilots.results.evidence import digest
from pilots.results.models import PilotResult
from pilots.results.presenters import frozen_line
from tests.build import pilots as build
from tests.build import training as build_training
from tests.build.evaluation import a_pilot_between
from tests.build.municipality import a_member, at, signed_in
from training.courses.operations import update_course

pytestmark = pytest.mark.django_db
LATE = (date(2026, 8, 10), date(2026, 8, 11))


def numbers(result: PilotResult) -> list[tuple]:
    """Code, value, numerator and denominator of each criterion as frozen."""
    return [
        (row["code"], row["value"], row["numerator"], row["denominator"], row["met"])
        for row in result.values["criteria"]
    ]


def criteria_of(client, pilot) -> str:
    """The table of criteria of the pilot's page."""
    text = client.get(pilot.get_absolute_url()).text
    return text[text.index("成功の基準") : text.index("実施の状況")]


def test_judging_freezes_the_figures_when_it_starts_and_when_it_ends():
    town = build.a_town()
    pilot = build.an_evaluated(town)
    finish_pilot(
        pilot, outcome="continue", note="続けて確かめる。", by=town.chief, now=at(2026, 11, 20)
    )
    interim, final = PilotResult.objects.order_by("pk")
    assert [interim.stage, final.stage] == ["interim", "final"]
    assert numbers(interim) == numbers(final)
    assert numbers(final) == [("K39", "3.5", "3.5", None, True), ("K40", "66.7", "2", "3", True)]
    assert (final.values["first"], final.values["last"]) == ("2026-08-03", "2026-10-30")
    assert (interim.values["interim"], final.values["interim"]) == (False, False)
    assert final.hash == digest(final.values)
    assert timezone.localdate(final.measured_at) == date(2026, 11, 20)


def test_a_late_import_and_a_new_required_course_leave_a_finished_pilot_as_it_was():
    town = build.a_town(small_cell=3)
    pilot = build.an_evaluated(town, criteria=[*build.CRITERIA, ("K36", "at_least", Decimal(100))])
    client, outside = signed_in(town.chief), signed_in(town.consultant)
    finish_pilot(
        pilot, outcome="continue", note="続けて確かめる。", by=town.chief, now=at(2026, 11, 20)
    )
    before, beside = criteria_of(client, pilot), criteria_of(outside, pilot)
    assert "66.7%" in before
    assert "現在の値" not in before
    build.used(town.staff[2], town.kikaku, *LATE)
    course = build_training.a_course(town.body)
    update_course(course, edition=1, by=town.office, now=at(2026, 11, 25), required_for_pilots=True)
    after = criteria_of(client, pilot)
    assert "66.7%" in after
    assert "現在の値" in after
    assert "100.0%" in after
    marks = {
        str(tile.name): tile.mark_text
        for tile in client.get(pilot.get_absolute_url()).context["tiles"]
    }
    assert marks == {
        "参加者数": "",
        "実施者数(参加者、試行の期間)": "現在の値 3人",
        "参加者実施率(試行の期間に1回以上)": "現在の値 100.0% (3 / 3人)",
        "延べ実施日数(参加者、試行の期間)": "現在の値 5.5人日",
        "実施者1人当たりの実施日数": "",
        "必須研修の修了率(参加者)": "",
    }
    assert not any(
        tile.mark_text for tile in outside.get(pilot.get_absolute_url()).context["tiles"]
    )
    assert criteria_of(outside, pilot) == beside
    Usage.objects.all().delete()
    assert "66.7%" in criteria_of(client, pilot)
    assert criteria_of(outside, pilot) == beside


def test_records_taken_away_since_leave_a_table_that_reads():
    """The records that judging froze were deleted: what is so now stands as a second line, with the
    months that are missing, and no source text.
    """
    town = build.a_town()
    pilot = build.an_evaluated(town, criteria=[("K38", "at_least", Decimal(1))])
    Usage.objects.all().delete()
    text = criteria_of(signed_in(town.chief), pilot)
    assert "Words(" not in text
    assert (
        "<b>2人</b><br><small>現在の値 —(判定できません、未提出 企画財政課 8月、企画財政課 9月、"
        "企画財政課 10月)</small>" in text
    )


def test_the_evidence_of_an_expansion_is_what_judging_froze():
    town = build.a_town()
    pilot = build.an_evaluated(town)
    build.used(town.staff[2], town.kikaku, *LATE)
    expansion = build.a_requested(town, pilot)
    frozen = PilotResult.objects.get()
    assert expansion.evidence["criteria"] == frozen.values["criteria"]
    assert expansion.evidence["measured_at"] == frozen.values["measured_at"]
    assert expansion.evidence_hash == digest(expansion.evidence)


def test_the_page_of_the_request_shows_what_will_be_sent():
    town = build.a_town()
    pilot = build.an_evaluated(town)
    build.used(town.staff[2], town.kikaku, *LATE)
    text = signed_in(town.chief).get(f"{pilot.get_absolute_url()}expand/").text
    assert "66.7%" in text
    assert "100.0%" not in text


def test_figures_are_measured_again_only_by_a_person_and_only_when_they_differ():
    town = build.a_town()
    pilot = build.an_evaluated(town)
    with pytest.raises(Conflict):
        measure_again(pilot, by=town.chief, now=at(2026, 11, 5))
    build.used(town.staff[2], town.kikaku, *LATE)
    address = f"{pilot.get_absolute_url()}evaluate/"
    assert "集計し直す" in signed_in(town.chief).get(pilot.get_absolute_url()).text
    assert signed_in(town.chief).post(address).status_code == 302
    first, second = PilotResult.objects.order_by("pk")
    assert [numbers(first)[1][1], numbers(second)[1][1]] == ["66.7", "100.0"]
    assert signed_in(town.chief).post(address).status_code == 409


def test_figures_are_not_measured_again_while_an_expansion_waits():
    town = build.a_town()
    pilot = build.an_evaluated(town)
    build.a_requested(town, pilot)
    build.used(town.staff[2], town.kikaku, *LATE)
    with pytest.raises(Conflict):
        measure_again(pilot, by=town.chief, now=at(2026, 11, 5))


def test_an_application_from_before_the_figures_were_measured_again_is_not_sent():
    town = build.a_town()
    pilot = build.an_evaluated(town)
    expansion = build.an_application(town, pilot)
    build.used(town.staff[2], town.kikaku, *LATE)
    measure_again(pilot, by=town.chief, now=at(2026, 11, 5))
    with pytest.raises(Conflict, match="根拠を取り直して"):
        submit_expansion(expansion, by=town.chief, now=at(2026, 11, 5))


def test_a_pilot_that_is_stopped_is_frozen_once_and_one_never_started_not_at_all():
    town = build.a_town()
    pilot = build.a_used(town)
    finish_pilot(pilot, outcome="stop", note="要員不足", by=town.chief, now=at(2026, 9, 15))
    planned = build.a_planned(town, name="第2期", departments=[town.zeimu], by=town.office)
    finish_pilot(planned, outcome="stop", note="見送り", by=town.office, now=at(2026, 9, 15))
    result = PilotResult.objects.get()
    assert (result.pilot, result.stage, result.values["last"]) == (pilot, "final", "2026-09-15")


def test_pilots_judged_before_results_were_kept_are_frozen_by_the_clock():
    town = build.a_town()
    pilot = build.an_evaluated(town)
    PilotResult.objects.all().delete()
    assert freeze_open_results(town.body, at(2026, 11, 30)) == 1
    assert freeze_open_results(town.body, at(2026, 12, 1)) == 0
    finish_pilot(
        pilot, outcome="continue", note="続けて確かめる。", by=town.chief, now=at(2026, 12, 2)
    )
    PilotResult.objects.filter(stage="final").delete()
    assert freeze_open_results(town.body, at(2027, 5, 1)) == 1
    final = PilotResult.objects.get(stage="final")
    assert final.values["last"] == "2026-10-30"
    assert timezone.localdate(final.measured_at) == date(2027, 5, 1)


def test_a_pilot_that_cannot_be_measured_keeps_no_other_from_being_frozen():
    town = build.a_town()
    sound = build.an_evaluated(town)
    faulty = a_pilot_between(town.zeimu, town.tax_chief, date(2026, 9, 1), date(2026, 10, 30))
    Pilot.objects.filter(pk=faulty.pk).update(state=Pilot.State.EVALUATING)
    SuccessCriterion.objects.create(
        municipality=town.body, pilot=faulty, indicator="K99", threshold=1, fixed_at=at(2026, 8, 3)
    )
    PilotResult.objects.all().delete()
    assert freeze_open_results(town.body, at(2026, 11, 30)) == 1
    assert PilotResult.objects.get().pilot == sound
    assert list(JobRun.objects.troubled().values_list("job", flat=True)) == [
        f"pilots.freeze_open_results {faulty.pk}"
    ]


def test_validity_is_asked_for_the_last_day_of_the_pilot():
    town = build.a_town()
    pilot = build.a_running(town, criteria=[("K36", "at_least", Decimal(100))])
    town.course.completions.update(expires_on=date(2026, 10, 31))
    begin_evaluation(pilot, by=town.chief, now=at(2026, 11, 16))
    assert numbers(PilotResult.objects.get()) == [("K36", "100.0", "3", "3", True)]


def test_participants_of_a_pilot_that_is_over_are_held_against_its_last_day():
    """The pilot ended on 30 October: a course of November and a completion that ran out since then
    are nothing they lack.
    """
    town = build.a_town()
    pilot = build.an_evaluated(town)
    course = build_training.a_course(town.body, title="情報の持出し")
    update_course(course, edition=1, by=town.office, now=at(2026, 11, 5), required_for_pilots=True)
    town.course.completions.update(expires_on=date(2026, 10, 31))
    readiness = participants_readiness(pilot, date(2026, 11, 30))
    assert (readiness.day, readiness.lacking, readiness.lead_lacks) == (date(2026, 10, 30), [], [])
    page = signed_in(town.chief).get(pilot.get_absolute_url()).text
    own = signed_in(town.staff[0]).get(readiness.agreed[0].get_absolute_url()).text
    assert "情報の持出し" not in page + own
    assert town.course.title not in own.partition("必須研修")[2]


def test_nobody_leaves_a_pilot_that_is_being_judged():
    town = build.a_town()
    pilot = build.an_evaluated(town)
    row = pilot.participants.get(member=town.staff[0])
    with pytest.raises(Conflict):
        decline(row, by=town.staff[0], now=at(2026, 11, 5))


@pytest.mark.parametrize("small_cell", [3, 5])
def test_frozen_figures_of_few_people_stay_hidden(small_cell):
    """Two of three did it: one is too few in either case, so that the consultant reads marks."""
    town = build.a_town(small_cell=small_cell)
    pilot = build.an_evaluated(town)
    build.used(town.staff[2], town.kikaku, *LATE)
    text = criteria_of(signed_in(town.consultant), pilot)
    assert "＊" in text
    assert "66.7" not in text
    assert "現在の値" not in text


def test_participants_above_the_threshold_are_read_as_frozen_by_everybody():
    town = build.a_town(small_cell=3)
    more = [a_member(town.kikaku) for _number in range(6)]
    for _number in range(3):  # who do not take part are no fewer than the threshold either
        a_member(town.kikaku)
    pilot = build.a_running(town)
    for member in more:
        build.completed(town.course, [member])
    build.with_participants(pilot, more, by=town.chief, now=at(2026, 8, 4))
    for member in more[:5]:
        build.used(member, town.kikaku, date(2026, 8, 5))
    begin_evaluation(pilot, by=town.chief, now=at(2026, 11, 2))
    outside = signed_in(town.consultant)
    before = criteria_of(outside, pilot)
    assert "5 / 9人" in before
    build.used(town.staff[2], town.kikaku, *LATE)
    assert criteria_of(outside, pilot) == before
    assert Pilot.objects.get(pk=pilot.pk).state == "evaluating"


@pytest.mark.parametrize(
    ("language", "now"),
    [
        ("ja", "試行の参加者(途中で外れた人を含む)"),
        ("en", "participants (those who left included)"),
    ],
)
def test_a_frozen_criterion_shows_the_definition_it_was_counted_by(language, now):
    pilot = build.an_evaluated(build.a_town(), criteria=[("K40", "at_least", Decimal(30))])
    row = PilotResult.objects.get(pilot=pilot).values["criteria"][0]
    before = row | {"definition": "試行に同意した参加者 × 100"}
    with override(language):
        assert now in frozen_line(row, hidden=False).definition
        assert frozen_line(before, hidden=False).definition == "試行に同意した参加者 × 100"
