"""Wording of the settings of decisions in 変更履歴."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from municipality.core.registry import SettingWords, subjects
from municipality.decisions.models import StepKind
from municipality.organisation.setting_history import kept_day, plain_label


def variant_words() -> dict[str, Any]:
    """How the kinds of all matters are called, by key."""
    return {key: label for subject in subjects().values() for key, label in subject.variants}


def _route_value(name: str, value: Any) -> str:
    days, place, yen, steps, *more = value
    kinds = dict(StepKind.choices)
    managers = _("対象部署の所属長")
    laid = " → ".join(
        f"{kinds.get(kind, kind)} {where} {post or managers}".replace("  ", " ")
        for _n, kind, where, post in steps
    )
    kind_words = variant_words().get(more[0], more[0]) if more else ""
    conditions = {
        _("1段階の日数(開庁日)"): days,
        _("起案する部署の条件"): place,
        _("金額の条件(円以上)"): yen,
        _("区分の条件"): kind_words,
    }
    return " / ".join([laid, *(f"{label} {given}" for label, given in conditions.items() if given)])


def _deputy(name: str, value: Any) -> str:
    place, post, matter, number, first, last = value
    subject = subjects().get(matter)
    return (
        f"{place} {post} {subject.label if subject else ''} #{number} "
        f"{kept_day(first)}–{kept_day(last)}"
    )


DECISION_SETTING_WORDS = {
    "route": SettingWords(plain_label, _route_value),
    "deputies": SettingWords(lambda _name: _("代決する人"), _deputy),
}
