"""What a reader who sees no persons is told of the conditions of a pilot: nothing of the staff of
its departments, and nothing of one person's training.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pilots.planning.models import SuccessCriterion
from tests.build import pilots as build
from tests.build.municipality import at, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tenth")]

REACH = "対象部署で参加できるのは"
MOST = "最大で"


@pytest.fixture
def town():
    return build.a_town()


def main_of(member, address: str) -> str:
    return signed_in(member).get(address).content.decode().split("<main")[1]


@pytest.mark.parametrize(("code", "words"), [("K38", REACH), ("K39", MOST)])
def test_a_planned_pilot_tells_the_staff_of_its_departments_to_who_runs_it_only(town, code, words):
    """The department got smaller since, so that its threshold is out of reach."""
    pilot = build.a_planned(town, criteria=())
    SuccessCriterion.objects.create(
        municipality=town.body,
        pilot=pilot,
        indicator=code,
        direction="at_least",
        threshold=Decimal(9999),
        fixed_at=at(2026, 7, 21),
    )
    address = pilot.get_absolute_url()
    assert words in main_of(town.chief, address)
    for reader in (town.consultant, town.auditor):
        page = main_of(reader, address)
        assert words not in page
        assert "1件" in page


@pytest.mark.parametrize("trained", [True, False])
def test_whether_the_lead_is_trained_is_told_to_who_sees_persons_only(town, trained):
    pilot = build.an_approved(town, starts_on=date(2026, 11, 16), ends_on=date(2026, 12, 25))
    if trained:
        build.completed(town.course, [pilot.lead])
    address = pilot.get_absolute_url()
    assert "責任者の必須研修" in main_of(town.chief, address)
    for reader in (town.consultant, town.auditor):
        page = main_of(reader, address)
        for words in ("責任者の必須研修", "責任者は修了", "責任者は未修了"):
            assert words not in page
