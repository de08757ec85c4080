"""人事異動 at random: what the preview says is what then happens, nothing passes twice, and nothing
is left in silence.
"""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from evaluation.appraisal.sheets.models import Sheet
from evaluation.pdca.actions.models import Action
from municipality.audit.models import Entry
from municipality.core.registry import subjects
from municipality.decisions.models import Decision, Deputy, Step
from municipality.imports.operations.imports import commit_import, preview
from municipality.notifications.models import Notice
from municipality.organisation.models import Duty, Member, Posting
from municipality.organisation.staff_on import roster_on
from municipality.tasks import run_jobs
from municipality.transfers.models import Passed, Transfer
from municipality.transfers.operations.handover import hand_over
from pilots.planning.models import Pilot
from tests.build import decisions as decided
from tests.build import evaluation as build
from tests.build.municipality import at, with_duty
from tests.municipality.transfers.test_transfers import DAY, HEAD, NOW, line

pytestmark = pytest.mark.django_db
WATCHED = (
    Posting,
    Passed,
    Transfer,
    Notice,
    Decision,
    Step,
    Duty,
    Deputy,
    Sheet,
    Action,
    Pilot,
    Entry,
)
WHO = (
    "chief",
    "staff",
    "second",
    "tax_chief",
    "tax_staff",
    "deputy_mayor",
    "mayor",
    "office",
    "hr",
    "soumu_chief",
)


class Undone(Exception):
    """Ends an example; what it wrote is rolled back."""


def a_busy_town(monkeypatch):
    """Everything that can be pending: a step, a draft, a duty, a deputy, sheets, a pair, a pilot, a
    review, an action.
    """
    monkeypatch.setitem(subjects(), decided.MATTER, decided.a_subject())
    town = build.a_town()
    build.an_open_period(town)
    build.a_pair(town)
    action = build.with_action(build.a_review(town, town.kikaku), town.chief)
    Action.objects.filter(pk=action.pk).update(who=town.staff)
    decided.a_route(town.kikaku, (1, "approve", "課長", None), (2, "decide", "副町長", town.root))
    decided.a_running(town.staff, town.kikaku, now=NOW)
    decided.a_draft(town.tax_staff, town.zeimu, subject_id=2, now=NOW)
    with_duty(town.staff, "clerk", town.kikaku)
    decided.a_deputy(town.chief, town.root, "副町長")
    hand_over(town.body, at(2026, 11, 9))
    return town


def person(town, name):
    return town.others[name] if name in town.others else getattr(town, name)


@st.composite
def a_list(draw):
    """What becomes of each: stays, leaves, goes on leave, or moves to a department and post. And
    who comes.
    """
    fates = st.sampled_from(["stays", "stays", "leaves", "leave", "kikaku", "zeimu", "root"])
    fate = {name: draw(fates) for name in WHO}
    came = draw(
        st.lists(
            st.tuples(
                st.sampled_from(["kikaku", "zeimu", "root"]), st.sampled_from(["課長", "主事"])
            ),
            max_size=3,
        )
    )
    return fate, came


def rows_of(town, fate, came):
    rows = []
    for name, what in fate.items():
        who = person(town, name)
        if what == "stays":
            rows.append(line(who))
        elif what == "leave":
            rows.append(line(who, state="休職"))
        elif what != "leaves":
            rows.append(line(who, getattr(town, what)))
    rows.append(line(town.auditor))
    for number, (place, post) in enumerate(came):
        role = "所属長" if post == "課長" else "職員"
        rows.append(
            f"99{number:04d},新任 {number},,,{getattr(town, place).code},{post},{role},本務,{DAY},,在職"
        )
    return rows


def foretold(taken):
    """What the preview says passes, as (kind, title, giver, takers, ends)."""
    return Counter(
        (kind, title, gives[0] if gives else "", taker, ends)
        for kind, title, _note, gives, takes, ends in taken.summary["transfer"]["passing"]
        for taker in (takes if takes and not ends else [""])
    )


def happened():
    rows = Passed.objects.select_related("giver", "taker")
    return Counter(
        (
            row.kind,
            row.title,
            row.giver.name if row.giver else "",
            row.taker.name if row.taker else "",
            row.outcome == "ended",
        )
        for row in rows
    )


def everything():
    return {model: list(model.objects.order_by("pk").values()) for model in WATCHED}


def orphans(town, roster):
    """Pending things with nobody present behind them, as (kind, number)."""
    here = set(roster.by_member)
    found = set()
    for step in Step.objects.current().filter(decision__state="running").select_related("decision"):
        if not set(roster.holders(step.department_id, step.post_id)) - {step.decision.drafter_id}:
            found.add(("decision.step", step.decision_id))
    for kind, rows, field in (
        ("decision.draft", Decision.objects.filter(state="draft"), "drafter_id"),
        ("action", Action.objects.open(), "who_id"),
        ("pilots.lead", Pilot.objects.exclude(state="finished"), "lead_id"),
    ):
        found |= {(kind, row.pk) for row in rows if getattr(row, field) not in here}
    return found


def judge(town, taken):
    """After the day: as foretold; nothing twice; a second run changes nothing; nothing pending in
    silence.
    """
    assert happened() == foretold(taken)
    assert (
        max(Counter(Passed.objects.values_list("kind", "object_id", "taker")).values(), default=1)
        == 1
    )
    roster = roster_on(town.body, DAY)
    told = set(Passed.objects.filter(outcome="vacant").values_list("kind", "object_id"))
    assert orphans(town, roster) <= told
    office = set(roster.leading("office", 0))
    assert set(Notice.objects.filter(rule="transfer.vacant").values_list("member", flat=True)) == (
        office if told else set()
    )
    takers = set(Passed.objects.filter(outcome="taken").values_list("taker", flat=True))
    assert (
        set(Notice.objects.filter(rule="transfer.taken").values_list("member", flat=True)) == takers
    )
    before = everything()
    assert hand_over(town.body, at(2026, 12, 1, 12)) == hand_over(town.body, at(2026, 12, 2)) == 0
    assert everything() == before


@pytest.mark.parametrize("other", [False, True])
def test_whatever_list_comes_the_day_brings_what_the_preview_said(monkeypatch, other):
    town = a_busy_town(monkeypatch)
    twin = build.a_town("993026", name="みどり市") if other else None
    untouched = list(Posting.objects.of(twin.body).order_by("pk").values()) if twin else []

    @settings(
        max_examples=12,
        deadline=None,
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(a_list())
    def whatever(found):
        try:
            with transaction.atomic():
                rows = rows_of(town, *found)
                content = "\r\n".join([HEAD, *rows]).encode("cp932")
                taken = preview(
                    town.body,
                    "people",
                    "異動.csv",
                    content,
                    by=town.office,
                    now=NOW,
                    whole_on=DAY.isoformat(),
                )
                assert taken.findings == []
                commit_import(taken, by=town.office, now=NOW, sure=True)
                run_jobs(town.body, now=at(2026, 12, 1, 0, 5))
                judge(town, taken)
                if twin:
                    assert list(Posting.objects.of(twin.body).order_by("pk").values()) == untouched
                    assert not Passed.objects.of(twin.body).exists()
                raise Undone
        except Undone:
            pass

    whatever()
    assert connection.in_atomic_block
    assert Member.objects.of(town.body).filter(number__startswith="99").count() == 0
    assert date(2026, 12, 1) == DAY
