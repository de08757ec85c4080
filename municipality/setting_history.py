"""変更履歴 of a settings page in words: when, who, and what was before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from .models import Municipality, Retention, SettingVersion, StepKind, VerbGroup
from .rooms import subjects

MOST = 30
"""So many changes are shown, the newest first."""

Words = Callable[[str, Any], str]


@dataclass(frozen=True)
class Line:
    """One value that changed, as read by a person; empty where there was none."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """One change of a group of settings. `until` is the moment of the next one, None while it is in force."""

    at: datetime
    until: datetime | None
    by: str
    title: str
    lines: list[Line]


def changes_of(body: Municipality, key: str) -> list[Change]:
    """The last changes of a group of settings, or of all groups below a key that ends in a colon. One query."""
    wanted = Q(key__startswith=key) if key.endswith(":") else Q(key=key)
    rows = SettingVersion.objects.of(body).filter(wanted).select_related("changed_by").order_by("-pk")
    newest = list(rows[: 2 * MOST])
    found = []
    for place, row in enumerate(newest):
        older = next((other for other in newest[place + 1 :] if other.key == row.key), None)
        if older is not None and row.starts_at is not None:
            by = row.changed_by.name if row.changed_by else ""
            lines = list(_lines(row.key, older.values, row.values))
            found.append(Change(row.starts_at, row.ends_at, by, _title(row.key), lines))
    return found[:MOST]


def _title(key: str) -> str:
    """Of routes the matter; of the others the page says it."""
    group, _colon, matter = key.partition(":")
    subject = subjects().get(matter) if group == "route" else None
    return str(subject.label) if subject else matter


def _lines(key: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[Line]:
    label, words = WORDING.get(key.partition(":")[0], (_plain_label, _plain))
    for name in [*after, *(name for name in before if name not in after)]:
        if before.get(name) != after.get(name):
            told = [words(name, values[name]) if name in values else "" for values in (before, after)]
            yield Line(label(name), *told)


def _plain_label(name: str) -> str:
    return name


def _plain(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return pgettext("設定", "はい") if value else pgettext("設定", "いいえ")
    return str(value)


def _field(name: str) -> Any:
    try:
        return Municipality._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _body_label(name: str) -> str:
    field = _field(name)
    return str(field.verbose_name) if field else name


def _body_value(name: str, value: Any) -> str:
    choices = dict(getattr(_field(name), "flatchoices", ()))
    return str(choices[value]) if value in choices else _plain(name, value)


def _day(text: str | None) -> str:
    return date_format(date.fromisoformat(text), "Y-m-d") if text else ""


def _closed(name: str, value: Any) -> str:
    is_open, title = value
    return f"{title} ({_('臨時に開庁')})" if is_open else str(title)


def _route_value(name: str, value: Any) -> str:
    days, place, yen, steps = value
    kinds = dict(StepKind.choices)
    laid = " → ".join(f"{kinds.get(kind, kind)} {where} {post}".replace("  ", " ") for _n, kind, where, post in steps)
    conditions = {_("1段階の日数(開庁日)"): days, _("起案する部署の条件"): place, _("金額の条件(円以上)"): yen}
    return " / ".join([laid, *(f"{label} {given}" for label, given in conditions.items() if given)])


def _deputy(name: str, value: Any) -> str:
    place, post, matter, number, first, last = value
    subject = subjects().get(matter)
    return f"{place} {post} {subject.label if subject else ''} #{number} {_day(first)}–{_day(last)}"


WORDING: dict[str, tuple[Callable[[str], str], Words]] = {
    "body": (_body_label, _body_value),
    "sign_in": (_body_label, _body_value),
    "closed_days": (_day, _closed),
    "route": (_plain_label, _route_value),
    "posts": (lambda _name: pgettext("組織", "職位"), lambda _name, value: f"{value[0]} {value[1]}"),
    "retention": (lambda name: str(VerbGroup(name).label), lambda _name, value: str(Retention.Years(value).label)),
    "deputies": (lambda _name: _("代決する人"), _deputy),
}
"""Per group of settings: how the name of a value and the value itself are said."""
