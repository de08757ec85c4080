"""On the day of the approval: departments must still be free, and who leads must still be here."""

from __future__ import annotations

from datetime import date

import pytest

from municipality.core.refusals import Conflict
from municipality.decisions.operations.decisions import withdraw
from municipality.decisions.operations.send_back import return_decision
from municipality.notifications.models import Notice
from municipality.organisation.models import Posting
from municipality.transfers.models import Passed
from municipality.transfers.operations.handover import hand_over
from pilots.expansion.operations.requests import submit_expansion
from pilots.lifecycle.operations.decisions import request_pilot_decision
from pilots.planning.models import Expansion, ExpansionDepartment, Pilot
from pilots.planning.operations import plan_pilot
from pilots.results.operations import fix_criteria
from tests.build import pilots as build
from tests.build.decisions import step_of
from tests.build.municipality import a_member, at

pytestmark = pytest.mark.django_db
SENT, DECIDED = at(2026, 11, 4), at(2026, 11, 6)
DAYS = {"starts_on": date(2027, 1, 12), "ends_on": date(2027, 3, 31)}


@pytest.fixture
def town():
    town = build.a_town()
    build.ready(town, town.zeimu, town.tax_chief, name="第2回")
    return town


def approve(town, thing, *deciders, now=DECIDED):
    build.decided(build.decision_of(thing), *deciders, now=now)


def own_pilot(town, now=SENT):
    """A pilot that 税務課 plans itself, for the days of the expansion."""
    facts = {"by": town.tax_chief, "now": now}
    pilot = plan_pilot(
        name="税務課の試行", departments=[town.zeimu], purpose="確かめる。", **DAYS, **facts
    )
    fix_criteria(pilot, criteria=build.CRITERIA, edition=pilot.edition, **facts)
    return pilot


def test_a_department_asked_for_by_an_expansion_is_taken(town):
    expansion = build.a_requested(town)
    with pytest.raises(Conflict) as refused:
        own_pilot(town)
    assert "決裁中の展開申請「第2期試行」" in str(refused.value.reason)
    assert refused.value.address == expansion.get_absolute_url()
    withdraw(build.decision_of(expansion), by=town.chief, now=SENT)
    assert own_pilot(town).state == "planned"


def test_of_a_pilot_and_an_expansion_for_the_same_days_one_is_approved(town):
    expansion = build.a_requested(town)
    Expansion.objects.filter(pk=expansion.pk).update(state="draft")
    pilot = own_pilot(town)
    request_pilot_decision(pilot, by=town.tax_chief, now=SENT)
    # As both were sent before an expansion counted as taken.
    Expansion.objects.filter(pk=expansion.pk).update(state="deciding")
    approve(town, pilot, town.mayor)
    with pytest.raises(Conflict) as refused:
        approve(town, expansion, town.others["soumu_chief"])
    assert refused.value.address == pilot.get_absolute_url()
    assert not Pilot.objects.filter(expansion=expansion).exists()


def test_and_the_pilot_is_not_approved_after_the_expansion(town):
    expansion = build.a_requested(town)
    Expansion.objects.filter(pk=expansion.pk).update(state="draft")
    pilot = own_pilot(town)
    request_pilot_decision(pilot, by=town.tax_chief, now=SENT)
    Expansion.objects.filter(pk=expansion.pk).update(state="deciding")
    approve(town, expansion, town.others["soumu_chief"], town.mayor)
    with pytest.raises(Conflict):
        approve(town, pilot, town.mayor)
    pilot.refresh_from_db()
    assert pilot.state == "deciding"


def test_a_returned_expansion_is_not_sent_again_into_a_taken_department(town):
    expansion = build.a_requested(town)
    step = step_of(build.decision_of(expansion), 1)
    return_decision(step, by=town.others["soumu_chief"], comment="再考", now=SENT)
    own_pilot(town)
    expansion.refresh_from_db()
    with pytest.raises(Conflict):
        submit_expansion(expansion, by=town.chief, now=SENT)


def test_a_named_lead_who_left_is_not_made_lead(town):
    expansion = build.a_requested(town)
    deputy = a_member(town.zeimu, name="前田 碧", post="係長")
    ExpansionDepartment.objects.filter(expansion=expansion).update(lead=deputy)
    Posting.objects.filter(member=deputy).update(ends_on=date(2026, 11, 5))
    approve(town, expansion, town.others["soumu_chief"], town.mayor)
    assert Pilot.objects.get(expansion=expansion).lead == town.tax_chief
    assert not Notice.objects.filter(rule="pilots.widened", member=deputy).exists()


def test_a_named_lead_who_is_still_here_leads(town):
    expansion = build.a_requested(town)
    ExpansionDepartment.objects.filter(expansion=expansion).update(lead=town.tax_staff)
    approve(town, expansion, town.others["soumu_chief"], town.mayor)
    assert Pilot.objects.get(expansion=expansion).lead == town.tax_staff


def test_the_lead_named_in_a_plan_passes_to_the_successor(town):
    expansion = build.a_requested(town)
    ExpansionDepartment.objects.filter(expansion=expansion).update(lead=town.tax_chief)
    hand_over(town.body, SENT)
    Posting.objects.filter(member=town.tax_chief).update(ends_on=date(2026, 11, 5))
    heir = a_member(town.zeimu, "manager", post="課長", starts_on=date(2026, 11, 6))
    hand_over(town.body, at(2026, 11, 6))
    assert ExpansionDepartment.objects.get(expansion=expansion).lead == heir
    assert Passed.objects.get(kind="pilots.planned_lead").taker == heir
