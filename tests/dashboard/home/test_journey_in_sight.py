"""The phases are the same for everybody in the body; a pilot or an expansion is named only to who
may see it.
"""

from __future__ import annotations

from datetime import date

import pytest

from pilots.planning.models import Expansion, ExpansionDepartment, Pilot
from rollout.readiness.operations.catalogue import load_criteria
from rollout.readiness.operations.rounds import open_round
from tests.build.evaluation import a_pilot_between
from tests.build.municipality import at
from tests.build.rollout import confirmed
from tests.build.town import Town, a_town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tenth")]
IN_SIGHT = ["office", "executive", "consultant", "other manager"]
OUT_OF_SIGHT = ["staff", "manager"]
PILOT, EXPANSION = "税務課の試行", "住民課への展開"


@pytest.fixture
def town() -> Town:
    """Every department is confirmed, and 税務課 runs a pilot."""
    town = a_town()
    load_criteria(town.body)
    office = town.people["office"]
    opened = open_round(
        town.body, name="第1回", due_on=date(2026, 11, 5), by=office, now=at(2026, 10, 1)
    )
    confirmed(opened, town.soumu, town.people["manager"], office)
    confirmed(opened, town.zeimu, town.people["other manager"], office)
    pilot = a_pilot_between(
        town.zeimu, town.people["other manager"], date(2026, 10, 1), date(2026, 12, 25)
    )
    Pilot.objects.filter(pk=pilot.pk).update(name=PILOT)
    return town


def an_expansion(town: Town, state: str) -> None:
    expansion = Expansion.objects.create(
        municipality=town.body,
        pilot=Pilot.objects.get(name=PILOT),
        name=EXPANSION,
        starts_on=date(2027, 1, 4),
        ends_on=date(2027, 3, 31),
        evidence={},
        evidence_hash="0" * 64,
        evidence_at=at(2026, 11, 2),
        state=state,
        decided_at=at(2026, 11, 9) if state == "approved" else None,
        requested_by=town.people["other manager"],
    )
    ExpansionDepartment.objects.create(
        municipality=town.body, expansion=expansion, department=town.zeimu
    )


def journey(town: Town, who: str) -> list[tuple[str, str]]:
    """State and note of the phases 2 and 3 on somebody's page."""
    page = town.client(who).get(f"/{town.body.pk}/")
    assert (PILOT in page.content.decode()) is (who in IN_SIGHT)
    return [(phase.state, phase.note) for phase in page.context["home"].journey[2:4]]


@pytest.mark.parametrize("who", IN_SIGHT)
def test_a_running_pilot_is_named_to_who_may_see_it(town, who):
    assert journey(town, who) == [
        ("done", f"「{PILOT}」の実施が決裁済み"),
        ("now", f"「{PILOT}」を令和8年12月25日(金)まで実施し、結果から展開を申請します。"),
    ]


@pytest.mark.parametrize("who", OUT_OF_SIGHT)
def test_to_others_the_phase_is_told_without_the_name(town, who):
    assert journey(town, who) == [
        ("done", "試行の実施が決裁済み"),
        ("now", "試行を実施しています。結果から展開を申請します。"),
    ]


@pytest.mark.parametrize(
    ("state", "phase", "named", "unnamed"),
    [
        (
            "deciding",
            "now",
            f"「{EXPANSION}」の展開申請が決裁中です。",
            "展開申請が決裁中です。",
        ),
        ("approved", "done", f"「{EXPANSION}」が承認済み", "展開申請が承認済み"),
    ],
)
def test_an_expansion_is_named_to_who_may_see_it(town, state, phase, named, unnamed):
    an_expansion(town, state)
    notes = {who: journey(town, who)[1] for who in [*IN_SIGHT, *OUT_OF_SIGHT]}
    assert notes == {
        **dict.fromkeys(IN_SIGHT, (phase, named)),
        **dict.fromkeys(OUT_OF_SIGHT, (phase, unnamed)),
    }
