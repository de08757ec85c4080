"""A number in a form is read from digits of half or full width, as it is in a file."""

from __future__ import annotations

import importlib
import pkgutil
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError

import dashboard
import evaluation
import municipality
import pilots
import rollout
import training
from municipality.organisation.models import Department
from municipality.web.forms import DecimalNumberField, SeveralField, WholeField


@pytest.mark.parametrize(("typed", "number"), [("30", 30), ("３０", 30), (" 7 ", 7), (5, 5)])
def test_a_whole_number_is_read(typed, number):
    assert WholeField().clean(typed) == number


@pytest.mark.parametrize("typed", ["³", "٣", "1_000", "①", "4.5"])
def test_what_is_no_whole_number_is_refused(typed):
    with pytest.raises(ValidationError, match="整数を入力してください"):
        WholeField().clean(typed)


@pytest.mark.parametrize(
    ("typed", "number"), [("0.5", Decimal("0.5")), ("１２．５", Decimal("12.5"))]
)
def test_a_decimal_number_is_read(typed, number):
    assert DecimalNumberField().clean(typed) == number


@pytest.mark.parametrize("typed", ["½", "3²", "1_0", "1e3", "NaN"])
def test_what_is_no_decimal_number_is_refused(typed):
    with pytest.raises(ValidationError, match="入力してください"):
        DecimalNumberField().clean(typed)


def test_an_empty_optional_field_stays_empty():
    assert WholeField(required=False).clean("") is None


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["9" * 20, "-" + "9" * 20, "9" * 5_000, "x"])
def test_a_number_that_no_row_can_have_is_no_choice(typed):
    with pytest.raises(ValidationError):
        SeveralField(Department.objects.all()).clean([typed])


def test_every_number_that_a_person_types_is_read_so():
    for app in (municipality, rollout, training, pilots, evaluation, dashboard):
        for module in pkgutil.walk_packages(app.__path__, f"{app.__name__}."):
            if "forms" in module.name:
                importlib.import_module(module.name)
    typed = [
        (form.__name__, name)
        for form in _below(forms.Form)
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.IntegerField) and not field.widget.is_hidden
        if not isinstance(field, WholeField | DecimalNumberField)
        if not form.__module__.startswith(("django", "allauth", "tests"))
    ]
    assert typed == []
    several = {
        f"{form.__name__}.{name}"
        for form in _below(forms.Form)
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.ModelMultipleChoiceField)
        if not isinstance(field, SeveralField)
        if not form.__module__.startswith(("django", "allauth", "tests"))
    }
    assert several == set()


def _below(form: type) -> set[type]:
    return {form}.union(*(_below(each) for each in form.__subclasses__()))
