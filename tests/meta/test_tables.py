"""Every table of a body says whose it is and which edition it has; every app registers; migrations
and words are complete.
"""

from __future__ import annotations

import re
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import models
from django.utils.module_loading import import_string

from evaluation.pdca.indicators.models import Indicator
from evaluation.pdca.indicators.operations import catalogue
from municipality.core.figures import COUNT, DURATION, MEAN, RATE
from municipality.core.models import BodyModel
from municipality.core.periods import Period
from municipality.core.registry import (
    Registration,
    deadlines,
    import_kinds,
    measures,
    notice_kinds,
    registrations,
    subjects,
)
from municipality.deadlines.queries import due_things
from municipality.organisation.models import Department
from pilots.planning.catalogue_file import PILOT_INDICATORS
from pilots.results.criteria_results import FIGURES
from pilots.results.figures import PilotFigures
from tests.build.municipality import a_body

APPS = ("municipality", "rollout", "training", "pilots", "evaluation", "dashboard")
INSTANCE_WIDE = {
    "municipality.Municipality": "the body itself",
    "municipality.User": "one person signs in to several bodies",
    "municipality.Authenticator": "belongs to a user",
    "municipality.CodeTable": "belongs to a user",
    "municipality.RecoverySheet": "belongs to a user",
    "municipality.RecoveryCode": "belongs to a user's sheet",
    "municipality.Identity": "belongs to a user, who may serve several bodies",
    "municipality.MailHours": "belongs to a user",
    "municipality.CalendarFeed": "belongs to a user",
    "municipality.NationalHoliday": "the same in every body",
    "municipality.Pulse": "the parts of the instance",
    "municipality.Chain": "one per body, and one of the instance without a body",
    "municipality.Entry": "its chain says whose it is",
    "municipality.EntryContent": "its entry says whose it is",
    "municipality.Checkpoint": "its chain says whose it is",
    "municipality.Verification": "its chain says whose it is",
    "municipality.VerificationProgress": "its chain says whose it is",
}


def ours() -> list[type[models.Model]]:
    return [
        model
        for app in APPS
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    ]


def without_owner(found: list[type[models.Model]]) -> list[str]:
    return [
        model._meta.label
        for model in found
        if not issubclass(model, BodyModel) and model._meta.label not in INSTANCE_WIDE
    ]


def test_every_table_of_a_body_has_its_owner_and_its_edition():
    assert without_owner(ours()) == []
    for model in ours():
        if issubclass(model, BodyModel):
            assert model._meta.get_field("municipality").null is False
            assert model._meta.get_field("edition").default == 1


@pytest.mark.selfcheck
def test_a_table_without_an_owner_is_found():
    class Stray(models.Model):  # noqa: DJ008
        class Meta:
            app_label = "municipality"
            managed = False

    try:
        assert without_owner(ours()) == [Stray._meta.label]
    finally:
        apps.all_models["municipality"].pop("stray")
        apps.clear_cache()


def test_every_model_says_who_may_see_its_rows():
    blind = [
        model._meta.label
        for model in ours()
        if issubclass(model, BodyModel) and not hasattr(model._default_manager, "visible_to")
    ]
    assert blind == []


def test_every_model_says_what_a_row_means():
    silent = [
        model._meta.label
        for model in ours()
        if not (model.__doc__ or "").strip() or model.__doc__.startswith(f"{model.__name__}(")
    ]
    assert silent == []


def test_every_app_registers():
    assert [app.name for app in registrations()] == list(APPS)
    for path in settings.REGISTRATIONS:
        assert isinstance(import_string(path), Registration)


def test_what_the_apps_offer_has_one_name_each():
    for offered, known in (
        ("deadlines", deadlines()),
        ("subjects", subjects()),
        ("imports", import_kinds()),
        ("notices", notice_kinds()),
    ):
        assert sum(len(getattr(app, offered)) for app in registrations()) == len(known)


def test_every_code_of_the_catalogue_is_counted_by_one_app():
    counted = [code for measure in measures() for code in measure.codes]
    assert len(counted) == len(set(counted))
    assert sorted([*counted, *FIGURES]) == sorted(each["code"] for each in catalogue())
    assert FIGURES.keys() == PILOT_INDICATORS.keys(), "the criteria of pilots are their own"


def test_every_entry_of_the_catalogue_says_what_it_counts():
    keys = {"code", "version", "kind", "population", "source", "unit", "name", "name_en", "formula"}
    incomplete = {each["code"]: keys - each.keys() for each in catalogue()}
    assert {code: missing for code, missing in incomplete.items() if missing} == {}
    assert {each["kind"] for each in catalogue()} <= {COUNT, RATE, MEAN, DURATION}
    assert all((each["kind"] == RATE) == each["rate"] for each in catalogue())


def test_every_code_that_is_named_anywhere_stands_in_the_catalogue():
    defined = {each["code"] for each in catalogue()}
    named = {
        f"{path.relative_to(settings.BASE_DIR)}: {code}"
        for app in ("rollout", "training", "pilots", "evaluation", "dashboard")
        for path in (Path(settings.BASE_DIR) / app).rglob("*.py")
        if "migrations" not in path.parts
        for code in re.findall(r'"(K\d\d)"', path.read_text())
        if code not in defined
    }
    assert named == set()


def test_every_text_of_the_catalogue_fits_its_column():
    """PostgreSQL refuses what is longer; SQLite takes it."""
    columns = {
        field.name: field.max_length
        for field in Indicator._meta.concrete_fields
        if field.max_length
    }
    assert {"name", "formula", "note", "note_en"} <= columns.keys()
    for each in catalogue():
        long = {name for name, most in columns.items() if len(str(each.get(name, ""))) > most}
        assert long == set(), each["code"]


@pytest.mark.django_db
def test_what_is_counted_is_of_the_kind_that_the_catalogue_says():
    month = Period.holding(Period.MONTH, date(2026, 10, 1))
    departments = Department.objects.of(a_body())
    kinds = {each["code"]: each["kind"] for each in catalogue()}
    for each in measures():
        for code, figure in each.count(departments, month).items():
            assert figure.kind == kinds[code], code
    nobody = PilotFigures(0, None, None, 0)
    for code, figure in FIGURES.items():
        assert figure(nobody).kind == kinds[code], code


@pytest.mark.django_db
def test_every_deadline_gives_its_columns_and_joins_with_the_others():
    assert due_things(a_body(), date(2026, 11, 10)) == []


@pytest.mark.django_db
def test_migrations_say_what_the_models_say():
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())
