"""Content of the decision about a pilot, as it is frozen."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from municipality.core.date_words import span_words
from pilots.planning.models import Pilot, SuccessCriterion
from pilots.planning.wording import (
    joined,
    limit_words,
    threshold_words,
)
from pilots.results.criteria_results import MEASURES


def pilot_content_of(number: int) -> dict[str, Any]:
    """Content of the decision about the pilot with this number."""
    return pilot_content(Pilot.objects.get(pk=number))


def pilot_content(pilot: Pilot) -> dict[str, Any]:
    """Content that asks to carry out this pilot, with its success criteria."""
    with override("ja"):
        return {
            "lead": _("テレワークの試行「%(name)s」を、下記のとおり実施してよろしいか伺います。")
            % {"name": pilot.name},
            "spec": _pilot_spec(pilot),
            "tables": [_criteria_table(pilot.rows_of_criteria)],
            "notices": [],
        }


def _pilot_spec(pilot: Pilot) -> list[list[str]]:
    agreed = pilot.participants.agreed().count()
    rows = [
        [pgettext("試行", "目的"), pilot.purpose],
        [pgettext("試行", "対象部署"), joined(row.name for row in pilot.places)],
        [pgettext("試行", "種別"), str(pilot.get_kind_display())],
        [pgettext("試行", "期間"), span_words(pilot.starts_on, pilot.ends_on)],
        [pgettext("試行", "接続方式"), str(pilot.get_method_display())],
        [pgettext("試行", "上限"), limit_words(pilot.days_per_week, pilot.half_days)],
        [
            pgettext("試行", "参加者"),
            _("%(n)s人(同意済み)") % {"n": agreed} if agreed else _("承認の後に依頼します。"),
        ],
    ]
    return [*rows, [_("対象の業務"), pilot.scope]] if pilot.scope else rows


def _criteria_table(criteria: list[SuccessCriterion]) -> dict[str, Any]:
    return {
        "title": _("成功の基準"),
        "asof": _("試行を始める前に決め、始めた後は変えられません。"),
        "head": [
            pgettext("試行", "指標"),
            pgettext("試行", "しきい値"),
            pgettext("試行", "測り方"),
        ],
        "rows": [_criterion_row(criterion) for criterion in criteria],
    }


def _criterion_row(criterion: SuccessCriterion) -> list[str]:
    measure = MEASURES[criterion.indicator]
    limit = threshold_words(criterion.threshold, str(measure.unit), criterion.direction)
    return [str(measure.name), limit, str(measure.definition)]
