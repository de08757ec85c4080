"""Who may what with training, and whose training one sees: the whole table, written by hand."""

from __future__ import annotations

import pytest

from tests.build import training as build
from tests.build.municipality import a_body, a_department, a_member, also_posted
from training.assignments.models import Assignment
from training.assignments.rules import may_cancel
from training.completions.models import Completion
from training.completions.rules import may_complete
from training.courses.people import sees_people
from training.courses.rules import may_manage_courses

pytestmark = pytest.mark.django_db

#            courses progress  e-learning of 西村  class of 西村  cancel  sees 西村  sees 江口
MAY = {
    "staff": (False, False, True, False, False, True, False),
    "colleague": (False, False, False, False, False, False, False),
    "manager": (False, True, False, False, False, True, False),
    "other_manager": (False, True, False, False, False, False, True),
    "office": (True, True, True, True, True, True, True),
    "hr": (False, True, False, False, False, True, True),
    "auditor": (False, False, False, False, False, False, False),
    "executive": (False, False, False, False, False, False, False),
    "consultant": (False, False, False, False, False, False, False),
}


@pytest.mark.parametrize("person", MAY)
def test_who_may_what_and_sees_whom(town, person):
    member = getattr(town, person)
    own = build.an_assignment(build.a_course(town.body), town.staff, town.office)
    taught = build.an_assignment(build.a_course(town.body, mode="group"), town.staff, town.office)
    elsewhere = build.an_assignment(own.course, town.other_staff, town.office)
    seen = set(Assignment.objects.visible_to(member).values_list("pk", flat=True))
    assert (
        bool(may_manage_courses(member)),
        sees_people(member),
        bool(may_complete(member, own)),
        bool(may_complete(member, taught)),
        bool(may_cancel(member, own)),
        own.pk in seen,
        elsewhere.pk in seen,
    ) == MAY[person]


def test_completions_are_seen_like_assignments(town):
    completion = build.a_completion(build.a_course(town.body), town.staff)
    seen = {
        name for name in MAY if completion in Completion.objects.visible_to(getattr(town, name))
    }
    assert seen == {name for name, facts in MAY.items() if facts[5]}


def test_another_body_sees_nothing(town):
    build.an_assignment(build.a_course(town.body), town.staff, town.office)
    stranger = a_member(a_department(a_body("993026", "みなと町")), "office", "hr", "manager")
    assert not Assignment.objects.visible_to(stranger).exists()


def test_a_manager_of_two_departments_sees_the_people_of_both(town):
    build.an_assignment(build.a_course(town.body), town.other_staff, town.office)
    also_posted(town.manager, town.zeimu, "manager", post="課長")
    assert Assignment.objects.visible_to(town.manager).count() == 1
