"""Moving from state to state by compare-and-swap, and editing by edition: whoever comes second is told so."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models
from django.db.models import F
from django.utils.translation import gettext as _

from .rules import Conflict

Row = TypeVar("Row", bound=models.Model)


def can_move(obj: models.Model, to: str, *, field: str = "state") -> bool:
    """Does an arrow lead from the object's present state to `to`?"""
    return to in obj.ARROWS.get(getattr(obj, field), ())  # type: ignore[attr-defined]


def move(obj: Row, to: str, *, field: str = "state", **facts: Any) -> Row:
    """Move the row to another state and set the facts that belong to it, if it is still where we saw it.

    One UPDATE … WHERE pk AND state. Raises Conflict when no arrow leads there or somebody was first.
    """
    if not can_move(obj, to, field=field):
        raise Conflict(_("いまの状態「%(state)s」では、この操作はできません。") % {"state": _label(obj, field)})
    seen = getattr(obj, field)
    values = {field: to, "edition": F("edition") + 1, **facts}
    if not type(obj)._base_manager.filter(pk=obj.pk, **{field: seen}).update(**values):
        raise Conflict(_("ほかの人が先に操作しました。いまの内容を確認してください。"))
    obj.refresh_from_db(fields=[field, "edition", *facts])
    return obj


def change(obj: Row, *, edition: int, **values: Any) -> Row:
    """Write the values if the row is still of the edition that the form was filled from. Raises Conflict when stale."""
    written = type(obj)._base_manager.filter(pk=obj.pk, edition=edition).update(**values, edition=F("edition") + 1)
    if not written:
        raise Conflict(_("ほかの人が先に変更しました。いまの内容と、入力した内容を見比べてください。"))
    obj.refresh_from_db()
    return obj


def _label(obj: models.Model, field: str) -> str:
    return getattr(obj, f"get_{field}_display")()
