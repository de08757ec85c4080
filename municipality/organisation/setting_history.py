"""変更履歴 of a settings page in words: when, who, and what was before and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.core.registry import SettingWords, setting_words, subjects
from municipality.organisation.models import Municipality, SettingVersion

MOST = 30
"""So many changes are shown, the newest first."""


@dataclass(frozen=True)
class ChangedValue:
    """One value that changed, as read by a person; empty where there was none."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class SettingChange:
    """One change of a group of settings. `until` is the moment of the next one, None while it is in
    force.
    """

    at: datetime
    until: datetime | None
    by: str
    title: str
    lines: list[ChangedValue]


def changes_of(body: Municipality, key: str) -> list[SettingChange]:
    """The last changes of a group of settings, or of all groups below a key that ends in a colon.
    One query.
    """
    wanted = Q(key__startswith=key) if key.endswith(":") else Q(key=key)
    rows = (
        SettingVersion.objects.of(body).filter(wanted).select_related("changed_by").order_by("-pk")
    )
    newest = list(rows[: 2 * MOST])
    changes = []
    for place, row in enumerate(newest):
        older = next((other for other in newest[place + 1 :] if other.key == row.key), None)
        if older is not None and row.starts_at is not None:
            by = row.changed_by.name if row.changed_by else ""
            lines = list(_lines(row.key, older.values, row.values))
            changes.append(SettingChange(row.starts_at, row.ends_at, by, _title(row.key), lines))
    return changes[:MOST]


def _title(key: str) -> str:
    """Of routes the matter; of the others the page says it."""
    group, _colon, matter = key.partition(":")
    subject = subjects().get(matter) if group == "route" else None
    return str(subject.label) if subject else matter


def _lines(key: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[ChangedValue]:
    words = setting_words().get(key.partition(":")[0], PLAIN)
    for name in [*after, *(name for name in before if name not in after)]:
        if before.get(name) != after.get(name):
            texts = [
                words.value(name, values[name]) if name in values else ""
                for values in (before, after)
            ]
            yield ChangedValue(words.label(name), *texts)


def plain_label(name: str) -> str:
    """The name of a value as it is kept."""
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


def kept_day(text: str | None) -> str:
    """A day as it is kept (ISO); empty for none."""
    return text or ""


def _closed(name: str, value: Any) -> str:
    is_open, title = value
    return f"{title} ({_('臨時に開庁')})" if is_open else str(title)


def _counted(name: str, value: Any) -> str:
    return _("職員に数える") if value else pgettext("任用区分", "数えない")


PLAIN = SettingWords(plain_label, _plain)

BODY = SettingWords(_body_label, _body_value)

ORGANISATION_SETTING_WORDS = {
    "body": BODY,
    "sign_in": BODY,
    "closed_days": SettingWords(kept_day, _closed),
    "employment_kinds": SettingWords(plain_label, _counted),
    "posts": SettingWords(
        lambda _name: pgettext("組織", "職位"), lambda _name, value: f"{value[0]} {value[1]}"
    ),
}
"""Per group of the organisation's settings: how the name of a value and the value itself are
said.
"""
