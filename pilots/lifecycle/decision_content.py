"""Content of the decision about a pilot, as it is frozen."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.date_words import era_day, span_words
from municipality.core.frozen_content import (
    ASOF,
    key_of_table,
    keyed_head,
    keyed_spec,
    notices_for_few,
    spec_for_few,
    table_for_few,
)
from municipality.core.small_cells import Gate
from municipality.core.worded import said
from pilots.participants.models import Participant
from pilots.participants.readiness import participants_readiness, training_words
from pilots.planning.catalogue_file import PILOT_INDICATORS
from pilots.planning.models import Method, Pilot, PilotKind, SuccessCriterion
from pilots.planning.readiness import (
    EARLIER_COLUMNS,
    EARLIER_NOTICES,
    NOTICES_FOR_FEW,
    READINESS,
    READINESS_FOR_FEW,
    exception_notices,
    method_notices,
    readiness_rows,
    readiness_table,
)
from pilots.planning.wording import (
    joined,
    limit_words,
    threshold_words,
)

EARLIER_SPEC = {
    "目的": "purpose",
    "対象部署": "places",
    "種別": "kind",
    "期間": "period",
    "接続方式": "method",
    "上限": "limit",
    "対象の業務": "scope",
}
"""Rows that tell no number of people, as they were called before keys were frozen."""

EARLIER_CRITERIA = {"指標": "indicator", "しきい値": "threshold", "測り方": "definition"}
"""Columns of the criteria, as they were called then."""

EARLIER_TABLES = {"成功の基準": "criteria", "準備度": READINESS}
"""The tables, as they were called then."""

SAFE_TABLES = {
    "criteria": {ASOF, *EARLIER_CRITERIA.values()},
    READINESS: READINESS_FOR_FEW,
}
"""What of each table tells no number of people."""


def pilot_content_of(number: int, today: date) -> dict[str, Any]:
    """Content of the decision about the pilot with this number."""
    return pilot_content(Pilot.objects.get(pk=number), today)


def pilot_content(pilot: Pilot, today: date) -> dict[str, Any]:
    """May this pilot be carried out? With how ready its departments are, and the criteria by which
    it will be judged. Until it is decided they stand as they are today: one decides by it.
    """
    undecided = pilot.state in (Pilot.State.PLANNED, Pilot.State.DECIDING)
    readiness = readiness_rows(pilot.places, today) if undecided else pilot.readiness
    lead = _("テレワークの試行「%(name)s」を、下記のとおり実施してよろしいか伺います。")
    return {
        "lead": said(lead, name=pilot.name),
        **keyed_spec(_pilot_spec(pilot)),
        "tables": [_criteria_table(pilot.rows_of_criteria), *_readiness_tables(readiness)],
        "notices": [*exception_notices(readiness, pilot.ends_on), *method_notices(pilot)],
    }


def _readiness_tables(readiness: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """How its departments stand; nothing for what was decided before that was kept."""
    return [readiness_table(readiness)] if readiness else []


def _pilot_spec(pilot: Pilot) -> list[tuple[str, Any, Any]]:
    """Key, label and value of each row."""
    rows = [
        ("purpose", pgettext_lazy("試行", "目的"), pilot.purpose),
        ("places", pgettext_lazy("試行", "対象部署"), joined(row.name for row in pilot.places)),
        ("kind", pgettext_lazy("試行", "種別"), PilotKind(pilot.kind).label),
        ("period", pgettext_lazy("試行", "期間"), span_words(pilot.starts_on, pilot.ends_on)),
        ("method", pgettext_lazy("試行", "接続方式"), Method(pilot.method).label),
        ("limit", pgettext_lazy("試行", "上限"), limit_words(pilot.days_per_week, pilot.half_days)),
        ("participants", pgettext_lazy("試行", "参加者"), participants_words(pilot)),
        ("training", pgettext_lazy("試行", "必須研修"), required_training_words(pilot)),
    ]
    return [*rows, ("scope", _("対象の業務"), pilot.scope)] if pilot.scope else rows


def participants_words(pilot: Pilot) -> str:
    """How many were asked to take part by now, and what they answered."""
    latest = dict(pilot.participants.order_by("pk").values_list("member", "state"))
    answers = Counter(latest.values())
    if not answers:
        return said(_("参加の依頼は、まだしていません。"))
    words = {
        Participant.State.AGREED: _("同意%(n)s人"),
        Participant.State.ASKED: _("返事待ち%(n)s人"),
        Participant.State.LEFT: _("不参加%(n)s人"),
    }
    parts = [said(text, n=answers[state]) for state, text in words.items() if answers[state]]
    return said(_("%(n)s人に依頼済み(%(answers)s)"), n=answers.total(), answers=joined(parts))


def pilot_for_few(number: int, content: dict[str, Any], gate: Gate, today: date) -> dict[str, Any]:
    """The content without the numbers of participants, of whom some completed their courses: with
    those of today's page they would tell who answered since.
    """
    tables = [
        table_for_few(
            table,
            SAFE_TABLES.get(key_of_table(table, EARLIER_TABLES), frozenset()),
            EARLIER_COLUMNS | EARLIER_CRITERIA,
        )
        for table in content["tables"]
    ]
    return {
        **content,
        "spec": spec_for_few(content, EARLIER_SPEC.values(), EARLIER_SPEC),
        "tables": tables,
        "notices": notices_for_few(content["notices"], NOTICES_FOR_FEW, EARLIER_NOTICES),
    }


def required_training_words(pilot: Pilot) -> str:
    """How far lead and participants are with the required courses for the first day, and that the
    pilot does not start before they are completed, as long as some are not.
    """
    readiness = participants_readiness(pilot, pilot.starts_on)
    if not readiness.is_training_required:
        return said(_("必須の研修はありません。"))
    training = training_words(readiness)
    if readiness.is_trained:
        return said(_("%(training)s。"), training=training)
    words = _("%(training)s。すべて修了するまで、試行は始まりません。")
    return said(words, training=training)


def _criteria_table(criteria: list[SuccessCriterion]) -> dict[str, Any]:
    fixed = max((timezone.localdate(row.fixed_at) for row in criteria), default=None)
    return {
        "key": "criteria",
        "title": _("成功の基準"),
        "asof": said(_("%(day)sに固定した基準です。"), day=era_day(fixed)) if fixed else "",
        "rows": [_criterion_row(criterion) for criterion in criteria],
    } | keyed_head(
        {
            "indicator": pgettext_lazy("試行", "指標"),
            "threshold": pgettext_lazy("試行", "基準値"),
            "definition": pgettext_lazy("試行", "測り方"),
        }
    )


def _criterion_row(criterion: SuccessCriterion) -> list[Any]:
    indicator = PILOT_INDICATORS[criterion.indicator]
    limit = threshold_words(criterion.threshold, indicator.unit, criterion.direction)
    return [indicator.name, limit, indicator.definition]
