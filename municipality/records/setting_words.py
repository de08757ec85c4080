"""Wording of the settings of records in 変更履歴."""

from __future__ import annotations

from municipality.audit.models import VerbGroup
from municipality.core.registry import SettingWords
from municipality.records.models import Retention

RECORD_SETTING_WORDS = {
    "retention": SettingWords(
        lambda name: str(VerbGroup(name).label),
        lambda _name, value: str(Retention.Years(value).label),
    ),
}
