"""The demonstration's commands and plans: refused beside real data, once only, and sizes as they
are in the field.
"""

from __future__ import annotations

import io
from random import Random

import pytest
from django.core.management import CommandError, call_command

from dashboard.demo.names import drawn, split
from dashboard.demo.organisation import create_demo_body
from dashboard.demo.plans import BodyPlan, city, designated, prefecture, town
from municipality.organisation.models import Member, Municipality
from municipality.organisation.operations.departments import is_code
from tests.build.dashboard import AS_OF
from tests.build.municipality import a_body


def written(command: str, **options) -> str:
    out = io.StringIO()
    call_command(command, stdout=out, **options)
    return out.getvalue()


# --- refusals -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_it_is_refused_beside_a_real_body():
    a_body("993026", "みどり市")
    for command in ("load_demo", "demo_accounts"):
        with pytest.raises(CommandError, match="実在の団体「みどり市」が登録されているため"):
            call_command(command)
    assert Municipality.objects.count() == 1


@pytest.mark.django_db
def test_if_empty_it_leaves_a_loaded_demonstration_alone():
    a_body("993026", "みどり市", is_demo=True)
    assert written("load_demo", if_empty=True) == ""
    with pytest.raises(CommandError, match="読み込み済み"):
        call_command("load_demo")
    assert Municipality.objects.count() == 1


# --- larger bodies --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "plan", [town(), city(), designated(), *prefecture()], ids=lambda plan: plan.code
)
def test_every_plan_is_a_body_that_can_be_founded(plan: BodyPlan):
    codes = [unit.code for unit in plan.units]
    assert is_code(plan.code)
    assert len(set(codes)) == len(codes)
    assert {*plan.first, *plan.second, plan.office, plan.general} <= {
        unit.code for unit in plan.answering
    }
    assert all(unit.above in {"", *codes[: codes.index(unit.code)]} for unit in plan.units)


SIZES = [
    ([town()], 110, 12),
    ([city()], 976, 60),
    ([designated()], 19_612, 720),
    (list(prefecture()), 9_240, 990),
]


@pytest.mark.parametrize(
    ("plans", "people", "sections"), SIZES, ids=["town", "city", "designated", "prefecture"]
)
def test_the_sizes_are_those_of_such_bodies(plans, people, sections):
    assert sum(4 + sum(unit.people for unit in plan.units) for plan in plans) == people
    assert sum(len(plan.answering) for plan in plans) == sections


@pytest.mark.django_db
def test_a_city_is_founded_with_its_divisions_and_roles():
    body = create_demo_body(city(), seed=1, as_of=AS_OF, since=AS_OF.replace(month=4, day=1))
    assert Member.objects.count() == 976
    section = body.departments["00101"]
    assert (section.parent.name, body.manager("00101").authority.is_manager) == ("総務部", True)
    assert body.people["001"][0].postings.get().grants.filter(role="executive").exists()


def test_names_are_drawn_without_doubles_until_there_are_no_more():
    drawing = drawn(Random(1))
    names = [next(drawing).written for _number in range(3000)]
    assert len(set(names)) == 3000


def test_a_name_is_split_into_how_it_is_written_and_read():
    assert split("髙瀬タカセ 𠮷田ヨシダ") == [("髙瀬", "タカセ"), ("𠮷田", "ヨシダ")]
