"""What an expansion tells a reader of no small numbers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from municipality.core.small_cells import Gate
from municipality.decisions.models import Revision
from pilots.expansion.small_numbers import expansion_for_few
from pilots.planning.models import Pilot
from tests.build import pilots as build
from tests.build.frozen import as_read, reworded, without_keys
from tests.build.municipality import a_member, at, signed_in

pytestmark = pytest.mark.django_db

PER_HEAD = "1.2日以上"
"""3.5人日 of the source over its three participants."""


@pytest.fixture
def town():
    town = build.a_town()
    build.ready(town, town.zeimu, town.tax_chief)
    return town


def requested(town):
    criteria = [("K39", "at_least", Decimal("3.5"))]
    return build.a_requested(town, build.a_used(town, criteria=criteria), explanation="理由")


def page_of(member, thing) -> str:
    return signed_in(member).get(thing.get_absolute_url()).content.decode()


def test_a_threshold_carried_over_per_head_does_not_tell_the_participants(town):
    expansion = requested(town)
    assert PER_HEAD in page_of(town.office, expansion)
    page = page_of(town.consultant, expansion)
    assert PER_HEAD not in page
    assert "＊" in page
    content = Revision.objects.get(decision=build.decision_of(expansion)).content
    assert PER_HEAD in str(as_read(content["tables"]))
    few = expansion_for_few(expansion.pk, content, Gate(5), date(2026, 11, 30))
    assert PER_HEAD not in str(as_read(few))


def test_nor_does_the_page_of_the_pilot_that_was_made_of_it(town):
    expansion = requested(town)
    decision = build.decision_of(expansion)
    build.decided(decision, town.others["soumu_chief"], town.mayor, now=at(2026, 11, 6))
    pilot = Pilot.objects.get(expansion=expansion)
    assert PER_HEAD in page_of(town.tax_chief, pilot)
    assert PER_HEAD in page_of(town.office, pilot)
    assert PER_HEAD not in page_of(town.consultant, pilot)


def test_staff_of_a_department_is_told_to_who_may_be_told_every_number(town):
    """Beside 対象職員 of a month it would tell small numbers of others, whatever its own size."""
    for _number in range(30):
        a_member(town.zeimu)
    expansion = requested(town)
    staff = expansion.evidence["departments"][0]["staff"]
    assert staff > 30
    assert f"税務課({staff}人" in page_of(town.office, expansion)
    page = page_of(town.consultant, expansion)
    assert "税務課(準備度評価は" in page
    assert f"{staff}人" not in page
    content = Revision.objects.get(decision=build.decision_of(expansion)).content
    assert f"{staff}人" in str(as_read(content))
    few = expansion_for_few(expansion.pk, content, Gate(5), date(2026, 11, 30))
    assert "税務課" in str(few)
    assert f"{staff}人" not in str(as_read(few))


def test_what_was_frozen_with_other_words_tells_no_number_either(town):
    expansion = requested(town)
    content = Revision.objects.get(decision=build.decision_of(expansion)).content
    staff = f"{expansion.evidence['departments'][0]['staff']}人"
    today = date(2026, 11, 30)

    def told(changed):
        return as_read(expansion_for_few(expansion.pk, changed, Gate(5), today))

    for changed in (content, reworded(content), without_keys(content)):
        few = told(changed)
        assert PER_HEAD not in str(few)
        assert staff not in str(few)
        assert few["spec"][0][1] == "税務課"
        assert few["spec"][1] == as_read(changed["spec"][1])
    nothing = told(reworded(without_keys(content)))
    assert {value for _label, value in nothing["spec"]} == {"＊"}
    assert {cell for table in nothing["tables"] for row in table["rows"] for cell in row} == {"＊"}
