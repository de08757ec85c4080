"""More rows of everything in a body: what a page shows three of costs what it costs for one."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction

from municipality.core.models import BodyModel
from municipality.organisation.models import Department, Grant, Member, Posting
from tests.build.municipality import a_department, a_member

from .town import Town

APPS = ("municipality", "rollout", "training", "pilots", "evaluation")

KEPT = {"entry", "entrycontent", "chain", "municipality", "department", "posting", "grant"}
"""Not copied: the log and its chain, the body, and what `_people` makes."""


def more_of_everything(town: Town, copies: int = 2) -> Counter[str]:
    """Every row of the body so many times more, with what hangs on it, and as many departments with
    a person; how many rows of each kind came to be.

    A copy belongs to the same people as its model; where only one of a kind may exist for a person
    or a thing, to a copy of that person or thing. What cannot exist twice at all is left out.
    """
    made: Counter[str] = Counter()
    for number in range(copies):
        a_member(a_department(town.body, f"第{number}課"))
        twins: dict[tuple[type, int], int] = {}
        for model in _in_order():
            for row in list(model._base_manager.filter(municipality=town.body)):
                made[model._meta.model_name] += _copied(row, twins, number)
    return made


def _in_order() -> list[type[models.Model]]:
    """The models of bodies, those that others point to first."""
    wanted = [
        model
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        if issubclass(model, BodyModel) and model._meta.model_name not in KEPT
    ]
    ordered: list[type[models.Model]] = []

    def put(model: type[models.Model], way: tuple[type[models.Model], ...]) -> None:
        for field in _keys(model):
            other = field.related_model
            if other in wanted and other not in way and other not in ordered:
                put(other, (*way, other))
        if model not in ordered:
            ordered.append(model)

    for model in wanted:
        put(model, (model,))
    return ordered


def _keys(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if field.is_relation]


def _copied(row: models.Model, twins: dict[tuple[type, int], int], number: int) -> bool:
    """A copy beside the row, if there can be one: of the same people, otherwise of their copies."""
    key = (type(row), row.pk)
    for same in ({Member, Department}, {Department}):
        copy = type(row)._base_manager.get(pk=row.pk)
        copy.pk, copy._state.adding = None, True
        for field in _keys(type(row)):
            twin = twins.get((field.related_model, getattr(copy, field.attname)))
            if twin is not None and field.related_model not in same:
                setattr(copy, field.attname, twin)
        _renamed(copy, f"~{number}")
        try:
            with transaction.atomic():
                copy.save(force_insert=True)
        except IntegrityError:
            continue
        twins[key] = copy.pk
        if isinstance(row, Member):
            _posted(row, copy)
        return True
    return False


def _renamed(copy: models.Model, end: str) -> None:
    """Texts that may stand only once get an end of their own; an account stays with its person."""
    alone = {field.name for field in copy._meta.concrete_fields if field.unique}
    for constraint in copy._meta.total_unique_constraints:
        alone |= set(constraint.fields)
    for constraint in copy._meta.constraints:
        alone |= set(getattr(constraint, "fields", ()))
    for field in copy._meta.concrete_fields:
        value = getattr(copy, field.attname)
        if field.name in alone and isinstance(field, models.CharField) and not field.choices:
            setattr(copy, field.attname, f"{value}"[: (field.max_length or 99) - len(end)] + end)
    if isinstance(copy, Member):
        copy.user = None


def _posted(member: Member, copy: Member) -> None:
    """The copy of a person stands where the person stands."""
    for posting in Posting.objects.filter(member=member):
        grants = list(Grant.objects.filter(posting=posting))
        posting.pk, posting._state.adding, posting.member = None, True, copy
        posting.save(force_insert=True)
        for grant in grants:
            grant.pk, grant._state.adding, grant.posting = None, True, posting
            grant.save(force_insert=True)
