"""Moving from state to state by compare-and-swap, and editing by edition: whoever comes second is
told so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from django.db import IntegrityError, models
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.core.date_words import era_day
from municipality.core.refusals import Conflict, Difference

Row = TypeVar("Row", bound=models.Model)


def can_move(obj: models.Model, to: str, *, field: str = "state") -> bool:
    """Does an arrow lead from the object's present state to `to`?"""
    return to in obj.ARROWS.get(getattr(obj, field), ())  # type: ignore[attr-defined]


def move(obj: Row, to: str, *, field: str = "state", **changes: Any) -> Row:
    """Move the row to another state and set the values that belong to it, if it is still where we
    saw it.

    One UPDATE … WHERE pk AND state. Raises Conflict when no arrow leads there or somebody was
    first.
    """
    if not can_move(obj, to, field=field):
        raise Conflict(
            _("いまの状態「%(state)s」では、この操作はできません。")
            % {"state": _label(obj, field)},
            page_of(obj),
        )
    seen = getattr(obj, field)
    values = {field: to, "edition": F("edition") + 1, **changes}
    if not type(obj)._base_manager.filter(pk=obj.pk, **{field: seen}).update(**values):
        raise Conflict(
            _("ほかの人が先に操作しました。いまの内容を確認してください。"), page_of(obj)
        )
    obj.refresh_from_db(fields=[field, "edition", *changes])
    return obj


def change(
    obj: Row, *, edition: int, beside: Callable[[], list[Difference]] = list, **values: Any
) -> Row:
    """Write the values if the row is still of the edition that the form was filled from.

    Raises Conflict when stale, with what stands there now beside what was typed; `beside` adds what
    the form holds of other rows. It also raises Conflict when the row was deleted meanwhile.
    """
    written = (
        type(obj)
        ._base_manager.filter(pk=obj.pk, edition=edition)
        .update(**values, edition=F("edition") + 1)
    )
    if not written and not type(obj)._base_manager.filter(pk=obj.pk).exists():
        raise Conflict(_("ほかの人が先に削除しました。"))
    if not written:
        raise too_late(differences_of(obj, values) + beside(), obj)
    obj.refresh_from_db()
    return obj


UNIQUE = {"23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}
"""How the databases call a row that stands already: SQLSTATE of PostgreSQL, names of SQLite. Every
other refusal of the database is a fault of ours.
"""


def stands_already(error: IntegrityError) -> bool:
    """Did the database refuse a second row for something of which there is one only?"""
    cause = error.__cause__
    return any(getattr(cause, name, "") in UNIQUE for name in ("pgcode", "sqlite_errorname"))


def too_late(differences: list[Difference], obj: models.Model) -> Conflict:
    """The answer to a form that was filled from an older edition, with the way to the newest
    one.
    """
    reason = _("ほかの人が先に変更しました。いまの内容と、入力した内容を見比べてください。")
    return Conflict(reason, page_of(obj), differences)


def page_of(obj: models.Model) -> str:
    """The page on which one sees what stands now; empty where the row has none."""
    page = getattr(obj, "get_absolute_url", None)
    return page() if page else ""


def differences_of(obj: models.Model, values: Mapping[str, Any]) -> list[Difference]:
    """Where the row as it stands now differs from the values of a form, each in words. One
    query.
    """
    stands = type(obj)._base_manager.get(pk=obj.pk)
    differences = [
        differing(
            _name(obj, name), _word(stands, name, getattr(stands, name)), _word(obj, name, value)
        )
        for name, value in values.items()
        if _can_be_shown(obj, name)
    ]
    return [item for item in differences if item is not None]


def differing(label: Any, now: str, typed: str) -> Difference | None:
    """The difference between two texts; None when they say the same."""
    return Difference(str(label), now, typed) if now != typed else None


def _can_be_shown(obj: models.Model, name: str) -> bool:
    return not isinstance(
        obj._meta.get_field(name), models.BinaryField | models.JSONField | models.DateTimeField
    )


def _name(obj: models.Model, name: str) -> str:
    return str(getattr(obj._meta.get_field(name), "verbose_name", name))


def _word(obj: models.Model, name: str, value: Any) -> str:
    """A value as a person reads it: the word of a choice, yes or no, a day, otherwise its text."""
    choices = dict(getattr(obj._meta.get_field(name), "flatchoices", ()))
    if value in choices:
        return str(choices[value])
    if isinstance(value, bool):
        return pgettext("答え", "はい") if value else pgettext("答え", "いいえ")
    if isinstance(value, date):
        return era_day(value)
    return "" if value is None else str(value)


def _label(obj: models.Model, field: str) -> str:
    return getattr(obj, f"get_{field}_display")()
