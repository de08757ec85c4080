"""Migrations of the pilots with the rows of a body made before them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.build.migrations import migrated


@pytest.mark.usefixtures("_newest_afterwards")
def test_records_of_before_get_parts_and_required_courses_a_period():
    apps = migrated(("pilots", "0004_codes_of_criteria"), ("training", "0001_initial"))
    body = apps.get_model("municipality", "Municipality").objects.create(
        code="993018", name="あおば町"
    )
    department = apps.get_model("municipality", "Department").objects.create(
        municipality=body, code="0101", name="企画財政課", starts_on=date(2026, 4, 1)
    )
    member = apps.get_model("municipality", "Member").objects.create(
        municipality=body, number="000001", name="安藤 海"
    )
    usages = apps.get_model("pilots", "Usage").objects
    for unit, place in (
        ("hours", "home"),
        ("hours", "satellite"),
        ("morning", "home"),
        ("morning", "satellite"),
    ):
        usages.create(
            municipality=body,
            member=member,
            department=department,
            day=date(2026, 8, 4),
            unit=unit,
            place=place,
            minutes=60,
        )
    courses = apps.get_model("training", "Course").objects
    for code, required, active in (("T1", True, True), ("T2", False, True), ("T3", True, False)):
        courses.create(
            municipality=body,
            code=code,
            title=code,
            minutes=30,
            required_for_pilots=required,
            is_active=active,
        )
    apps = migrated(
        ("pilots", "0008_usage_is_recorded_once"), ("training", "0003_required_from_the_beginning")
    )
    rows = apps.get_model("pilots", "Usage").objects.order_by("pk")
    assert list(rows.values_list("unit", "place", "part", "source")) == [
        ("hours", "home", "1", "file"),
        ("hours", "satellite", "2", "file"),
        ("morning", "home", "", "file"),
        ("morning", "satellite", "2", "file"),
    ]
    periods = apps.get_model("training", "CourseRequirement").objects
    assert list(periods.values_list("course__code", "starts_on", "ends_on")) == [("T1", None, None)]


@pytest.mark.usefixtures("_newest_afterwards")
def test_courses_of_leads_are_linked_and_answers_get_their_day():
    apps = migrated(("pilots", "0014_deleted_usages"), ("training", "0004_void_completion"))
    now = datetime(2026, 7, 1, tzinfo=UTC)
    get = apps.get_model
    body = get("municipality", "Municipality").objects.create(code="993018", name="あおば町")
    member = get("municipality", "Member").objects.create(
        municipality=body, number="000001", name="安藤 海"
    )
    course = get("training", "Course").objects.create(
        municipality=body, code="T1", title="基礎", minutes=30
    )
    dates = {"starts_on": date(2026, 8, 12), "ends_on": date(2026, 10, 30), "planned_at": now}
    for name, more in (
        ("第1期", {"state": "approved"}),
        ("第2期", {"state": "running", "started_at": now, "report_due_on": date(2026, 11, 10)}),
    ):
        get("pilots", "Pilot").objects.create(
            municipality=body, name=name, lead=member, **dates, **more
        )
    for reason, state in (("試行「第1期」の責任者", "assigned"), ("届出", "cancelled")):
        get("training", "Assignment").objects.create(
            municipality=body,
            course=course,
            member=member,
            due_on=date(2026, 8, 10),
            assigned_at=now,
            reason=reason,
            state=state,
        )
    apps = migrated(("pilots", "0017_link_lead_courses"))
    pilots = apps.get_model("pilots", "Pilot").objects.order_by("name")
    assert list(pilots.values_list("name", "answers_due_on")) == [
        ("第1期", date(2026, 8, 10)),
        ("第2期", None),
    ]
    links = apps.get_model("pilots", "LeadCourse").objects
    assert list(links.values_list("pilot__name", "assignment__reason")) == [
        ("第1期", "試行「第1期」の責任者")
    ]


def criteria_of(apps):
    """Codes of criteria and plans, and what a result keeps."""
    criteria = apps.get_model("pilots", "SuccessCriterion").objects.order_by("threshold")
    plan = apps.get_model("pilots", "ExpansionDepartment").objects.get()
    result = apps.get_model("pilots", "PilotResult").objects.get()
    return (
        list(criteria.values_list("indicator", flat=True)),
        [(row["indicator"], row["threshold"]) for row in plan.criteria],
        result.values["criteria"][0]["code"],
    )


@pytest.mark.usefixtures("_newest_afterwards")
def test_criteria_of_before_get_the_codes_of_pilots_and_back():
    before, after = (
        ("pilots", "0010_plans_of_departments"),
        ("pilots", "0013_codes_of_pilots_alone"),
    )
    apps = migrated(before)
    days = {"starts_on": date(2026, 8, 3), "ends_on": date(2026, 10, 30)}
    now = datetime(2026, 11, 2, 9, tzinfo=UTC)
    body = apps.get_model("municipality", "Municipality").objects.create(
        code="993018", name="あおば町"
    )
    department = apps.get_model("municipality", "Department").objects.create(
        municipality=body, code="0101", name="企画財政課", starts_on=date(2026, 4, 1)
    )
    member = apps.get_model("municipality", "Member").objects.create(
        municipality=body, number="000001", name="安藤 海"
    )
    pilot = apps.get_model("pilots", "Pilot").objects.create(
        municipality=body, name="第1期試行", lead=member, planned_at=now, **days
    )
    for threshold, code in enumerate(("K01", "K04", "K35", "K36", "K37")):
        apps.get_model("pilots", "SuccessCriterion").objects.create(
            municipality=body, pilot=pilot, indicator=code, threshold=threshold, fixed_at=now
        )
    frozen = {"criteria": [{"code": "K35"}]}
    apps.get_model("pilots", "PilotResult").objects.create(
        municipality=body, pilot=pilot, stage="final", values=frozen, hash="0", measured_at=now
    )
    expansion = apps.get_model("pilots", "Expansion").objects.create(
        municipality=body,
        pilot=pilot,
        name="第2期試行",
        evidence=frozen,
        evidence_hash="0",
        evidence_at=now,
        requested_by=member,
        **days,
    )
    apps.get_model("pilots", "ExpansionDepartment").objects.create(
        municipality=body,
        expansion=expansion,
        department=department,
        criteria=[
            {"indicator": code, "direction": "at_least", "threshold": "1.5"}
            for code in ("K35", "K37")
        ],
    )
    old = (
        ["K01", "K04", "K35", "K36", "K37"],
        [("K35", "1.5"), ("K37", "1.5")],
        "K35",
    )
    assert criteria_of(migrated(before)) == old
    assert criteria_of(migrated(after)) == (
        ["K38", "K39", "K40", "K36", "K37"],
        [("K40", "1.5"), ("K37", "1.5")],
        "K35",
    )
    assert criteria_of(migrated(before)) == old


@pytest.mark.usefixtures("_newest_afterwards")
def test_who_left_gets_the_days_that_the_log_and_transfers_tell():
    before = ("pilots", "0017_link_lead_courses")
    get = migrated(before).get_model
    now = datetime(2026, 7, 1, tzinfo=UTC)
    body = get("municipality", "Municipality").objects.create(code="993018", name="あおば町")
    department = get("municipality", "Department").objects.create(
        municipality=body, code="0101", name="企画財政課", starts_on=date(2026, 4, 1)
    )
    people = [
        get("municipality", "Member").objects.create(
            municipality=body, number=f"00000{number}", name=f"職員 {number}"
        )
        for number in range(8)
    ]
    pilot = get("pilots", "Pilot").objects.create(
        municipality=body,
        name="第1期",
        lead=people[0],
        starts_on=date(2026, 8, 3),
        ends_on=date(2026, 10, 30),
        planned_at=now,
    )
    rows = [
        get("pilots", "Participant").objects.create(
            municipality=body,
            pilot=pilot,
            member=person,
            department=department,
            asked_on=date(2026, 7, 1),
            state="left" if number else "agreed",
            agreed_on=None if number else date(2026, 7, 2),
        )
        for number, person in enumerate(people)
    ]
    chain = get("municipality", "Chain").objects.create(municipality=body)
    lines = (
        (rows[0], "pilot.agreed", 7),
        (rows[1], "pilot.agreed", 7),
        (rows[1], "pilot.removed", 9),
        (rows[1], "pilot.declined", 10),
        (rows[2], "pilot.declined", 7),
        (rows[4], "pilot.agreed", 7),
        (rows[5], "pilot.agreed", 7),
        (rows[5], "pilot.agreed", 10),
        (rows[5], "pilot.removed", 11),
    )
    for seq, (row, verb, month) in enumerate(lines, 1):
        get("municipality", "Entry").objects.create(
            chain=chain,
            seq=seq,
            at=datetime(2026, month, 1, 20, tzinfo=UTC),  # on the next day in Japan
            verb=verb,
            subject_type="pilots.participant",
            subject_id=row.pk,
            digest="",
            hash="",
        )
    transfer = get("municipality", "Transfer").objects.create(
        municipality=body, day=date(2026, 9, 1), began_at=datetime(2026, 9, 1, tzinfo=UTC)
    )
    for kind, row in (
        ("pilots.lead", rows[1]),
        ("pilots.part", rows[4]),
        ("pilots.part", rows[5]),
        ("pilots.part", rows[6]),
    ):
        get("municipality", "Passed").objects.create(
            municipality=body, transfer=transfer, kind=kind, object_id=row.pk
        )
    expected = [
        (date(2026, 7, 2), None),
        (date(2026, 7, 2), date(2026, 9, 2)),
        (None, date(2026, 7, 2)),
        (None, None),
        (date(2026, 7, 2), date(2026, 8, 31)),
        (date(2026, 10, 2), date(2026, 11, 2)),
        (None, date(2026, 8, 31)),
        (None, None),
    ]
    apps = migrated(("pilots", "0019_days_of_who_left"))
    kept = apps.get_model("pilots", "Participant").objects.order_by("pk")
    assert list(kept.values_list("agreed_on", "left_on")) == expected
    apps = migrated(before)
    kept = apps.get_model("pilots", "Participant").objects.order_by("pk")
    assert list(kept.values_list("agreed_on", flat=True)) == [date(2026, 7, 2), *[None] * 7]
