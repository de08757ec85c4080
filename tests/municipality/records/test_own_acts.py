"""What people do about themselves is told to auditors without the person; what somebody does for
another is told with who did it.
"""

from __future__ import annotations

from datetime import date

import pytest
from django.apps import apps

from evaluation.appraisal.one_on_ones.operations import keep_note
from municipality.core.registry import personal_verbs, verbs
from municipality.organisation.models import Member
from pilots.days.models import Usage
from pilots.days.operations.records import add_usage, delete_usage
from tests.build import training
from tests.build.evaluation import a_submitted, a_talk, a_town
from tests.build.municipality import at, signed_in
from training.completions.operations import complete_course

pytestmark = pytest.mark.django_db
NOW = at(2026, 10, 20)


@pytest.fixture
def town():
    return a_town()


def recorded(town, member: Member):
    """A record of telework that the manager adds."""
    values = {"unit": "full", "minutes": 465, "place": "home", "method": "", "reason": "補記"}
    add_usage(member, day=date(2026, 10, 19), by=town.chief, now=NOW, **values)


def learned(town, by: Member):
    """安藤's course is completed, by the person or by the office."""
    row = training.an_assignment(training.a_course(town.body), town.staff, town.office)
    complete_course(row, completed_on=NOW.date(), by=by, now=NOW)


def actors(town, who: str, verb: str, more: str = "") -> list[str]:
    """Who did it, as this reader's page of the log tells."""
    answer = signed_in(getattr(town, who)).get(f"/{town.body.pk}/log/?verb={verb}{more}")
    return [row.actor for row in answer.context["shown"].rows]


def test_ones_own_record_is_nobodys_for_an_auditor_and_anothers_the_managers(town):
    for member in (town.chief, town.staff):
        recorded(town, member)
    assert actors(town, "auditor", "usage.added") == ["髙瀬 由紀", "本人"]
    assert actors(town, "office", "usage.added") == ["髙瀬 由紀", "髙瀬 由紀"]
    named = f"&person={town.chief.name}"
    assert actors(town, "auditor", "usage.added", named) == ["髙瀬 由紀"]
    assert len(actors(town, "office", "usage.added", named)) == 2
    placed = f"&department={town.kikaku.pk}"
    assert actors(town, "auditor", "usage.added", placed) == ["髙瀬 由紀"]


def test_of_a_record_that_was_deleted_nobody_knows_whose_it_was(town):
    recorded(town, town.staff)
    usage = Usage.objects.get()
    delete_usage(usage, edition=usage.edition, reason="重複", by=town.chief, now=NOW)
    assert actors(town, "auditor", "usage.deleted") == ["本人または担当者"]
    assert actors(town, "auditor", "usage.deleted", f"&person={town.chief.name}") == []
    assert actors(town, "office", "usage.deleted") == ["髙瀬 由紀"]


def test_a_completion_by_oneself_and_one_by_the_office(town):
    learned(town, town.staff)
    learned(town, town.office)
    assert actors(town, "auditor", "training.completed") == [town.office.name, "本人"]


def test_ones_own_goals(town):
    a_submitted(town)
    assert actors(town, "auditor", "sheet.submitted") == ["本人"]
    assert actors(town, "auditor", "sheet.saved") == ["本人"]
    assert actors(town, "office", "sheet.submitted") == [town.staff.name]


def test_ones_own_note_of_a_talk_and_the_managers(town):
    talk = a_talk(town)
    for member in (town.staff, town.chief):
        keep_note(talk, text="覚え", edition=0, by=member, now=NOW)
    assert actors(town, "auditor", "note.kept") == [town.chief.name, "本人"]


def test_every_verb_of_ones_own_names_a_row_and_whose_it_is():
    for verb, act in personal_verbs().items():
        assert verb in verbs()
        rows = apps.get_model(act.table)._base_manager
        assert list(rows.values_list(act.person, act.asked or "pk")) == []
