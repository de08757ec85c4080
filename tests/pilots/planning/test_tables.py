"""The database refuses what no operation does."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from pilots.days.models import Usage
from pilots.participants.models import Participant
from pilots.planning.models import Expansion, ExpansionDepartment, Pilot
from tests.build import pilots as build

pytestmark = pytest.mark.django_db


def refused(write):
    with pytest.raises(IntegrityError), transaction.atomic():
        write()


def test_a_pilot_says_only_what_fits_its_state():
    town = build.a_town()
    pilot = Pilot.objects.filter(pk=build.a_planned(town).pk)
    refused(lambda: pilot.update(state="running"))
    refused(lambda: pilot.update(state="finished"))
    refused(lambda: pilot.update(outcome="stop"))
    refused(lambda: pilot.update(ends_on=date(2026, 8, 2)))
    refused(lambda: pilot.update(days_per_week=6))


def test_a_participant_who_agreed_has_the_day_and_is_there_once():
    town = build.a_town()
    pilot = build.with_participants(build.a_planned(town), town.staff[:1], by=town.chief)
    row = pilot.participants.get()
    rows = Participant.objects.filter(pk=row.pk)
    refused(lambda: rows.update(agreed_on=None))
    refused(lambda: rows.update(left_on=row.agreed_on))
    refused(lambda: rows.update(state="left"))
    refused(lambda: rows.update(state="asked"))
    row.pk = None
    refused(lambda: row.save(force_insert=True))


def test_a_record_fits_in_a_day_and_stands_once():
    town = build.a_town()
    build.used(town.staff[0], town.kikaku, date(2026, 8, 4))
    row = Usage.objects.get()
    refused(lambda: Usage.objects.update(minutes=466))
    refused(lambda: Usage.objects.update(minutes=0))
    row.pk = None
    refused(lambda: row.save(force_insert=True))


def test_an_expansion_never_goes_without_evidence_and_makes_one_pilot_per_department():
    town = build.a_town()
    expansion = build.a_requested(town)
    refused(lambda: Expansion.objects.filter(pk=expansion.pk).update(evidence_hash=""))
    refused(lambda: Expansion.objects.filter(pk=expansion.pk).update(state="approved"))
    row = expansion.department_rows.get()
    refused(
        lambda: ExpansionDepartment.objects.create(
            municipality=town.body, expansion=expansion, department=row.department
        )
    )
    ExpansionDepartment.objects.filter(pk=row.pk).update(pilot=expansion.pilot)
    refused(
        lambda: ExpansionDepartment.objects.create(
            municipality=town.body,
            expansion=expansion,
            department=town.kikaku,
            pilot=expansion.pilot,
        )
    )
