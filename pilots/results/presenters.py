"""Criteria of a pilot with their values, for one reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.core.date_words import NOTHING
from municipality.core.small_cells import MARK
from municipality.core.worded import worded
from municipality.decisions.models import Decision
from municipality.organisation.models import Department, Member
from municipality.web.components.cells import StateCell, Words
from municipality.web.components.lists import ListColumn, ListTable
from pilots.planning.catalogue_file import PILOT_INDICATORS
from pilots.planning.models import Pilot, SuccessCriterion
from pilots.planning.wording import (
    MET_TONES,
    amount_words,
    counted_words,
    joined,
    met_words,
    missing_words,
    threshold_words,
)
from pilots.results.criteria_results import Judged, code_now, indicator_of, judge_all
from pilots.results.evidence import evidence_row
from pilots.results.figures import PilotFigures
from pilots.results.missing_months import missing_months_words, missing_names_words
from pilots.results.models import PilotResult


@dataclass(frozen=True)
class CriterionLine:
    """Criterion in words; `tone` and `verdict` only when it was measured."""

    name: Any
    definition: Any
    threshold: str
    value: str = ""
    share: str = ""
    verdict: str = ""
    tone: str = ""
    owing: str = ""
    """Why it cannot be judged: months or departments that were not handed in, by name."""
    present: str = ""
    """Value as it would be now, where it differs from the frozen one and may be read."""


def latest_decision(matter: str, number: int, member: Member) -> Decision | None:
    """Latest decision about a subject, if the member may see it. One query."""
    decisions = Decision.objects.visible_to(member).filter(matter=matter, subject_id=number)
    return decisions.order_by("-drafted_at", "-pk").first()


def criteria_listing(criteria: list[CriterionLine], *, measured: bool) -> ListTable:
    """Criteria as a page lists them: with their definitions, or once measured with their values."""
    columns = [
        ListColumn(_("成功の基準"), "words"),
        ListColumn(pgettext("試行", "基準値"), "number"),
    ]
    if not measured:
        rows: list[Any] = [
            (((str(line.name),), (Words(line.definition, "small"),)), line.threshold)
            for line in criteria
        ]
        return ListTable(columns, rows)
    columns += [
        ListColumn(pgettext("根拠", "実績"), "number"),
        ListColumn(_("分子 / 分母"), "number"),
        ListColumn(pgettext("根拠", "判定"), "state"),
    ]
    rows = [
        (
            ((str(line.name),),),
            line.threshold,
            _value_cell(line),
            line.share,
            StateCell(line.tone, line.verdict),
        )
        for line in criteria
    ]
    return ListTable(columns, rows, pairs=True)


def _value_cell(line: CriterionLine) -> Any:
    value = Words(line.value, "strong")
    if not line.present:
        return value
    return ((value,), (Words(_("現在の値 %(value)s") % {"value": line.present}, "small"),))


def names_of_missing(figures: PilotFigures | None, member: Member) -> dict[int, str]:
    """Names of the departments that did not hand in, as far as the member sees them. One query
    where there is one.
    """
    if figures is None or not figures.missing:
        return {}
    departments = Department.objects.visible_to(member).filter(pk__in=figures.missing)
    return dict(departments.order_by("path").values_list("pk", "name"))


def lines(pilot: Pilot, figures: PilotFigures | None, *, hidden: bool) -> list[CriterionLine]:
    """Criteria, with their values once the pilot has begun."""
    if figures is None:
        return [_plain(criterion) for criterion in pilot.rows_of_criteria]
    return [_judged(row, hidden=hidden) for row in judge_all(pilot.rows_of_criteria, figures)]


def frozen_lines(
    pilot: Pilot,
    result: PilotResult,
    present: PilotFigures | None,
    names: Mapping[int, str],
    *,
    hidden: bool,
) -> list[CriterionLine]:
    """Criteria with their frozen values, and beside them the `present` ones that differ, with the
    `names` of the departments that are missing in these.
    """
    now = {
        row.criterion.indicator: replace(
            _judged(row, hidden=False), owing=_owing_words(row, names) if row.met is None else ""
        )
        for row in (judge_all(pilot.rows_of_criteria, present) if present else ())
    }
    return [
        _beside(frozen_line(row, hidden=hidden), now.get(code_now(row["code"])))
        for row in result.values["criteria"]
    ]


def without_thresholds(listed: list[CriterionLine]) -> list[CriterionLine]:
    """The criteria for a reader to whom their thresholds would tell small numbers."""
    return [replace(line, threshold=MARK) for line in listed]


def _beside(frozen: CriterionLine, now: CriterionLine | None) -> CriterionLine:
    if now is None or (now.value, now.share) == (frozen.value, frozen.share):
        return frozen
    verdict = joined([now.verdict, now.owing] if now.owing else [now.verdict])
    return replace(frozen, present=f"{now.value}({verdict})")


def _owing_words(judged: Judged, names: Mapping[int, str]) -> str:
    """未提出 総務課 8月: what keeps it from being judged; the number of departments where the reader
    may not know which.
    """
    if judged.missing_months or not judged.figure.missing:
        return missing_months_words(judged.missing_months)
    known = [names[number] for number in judged.figure.missing if number in names]
    if len(known) < len(judged.figure.missing):
        return missing_words(len(judged.figure.missing))
    return missing_names_words(known)


def frozen_line(row: dict[str, Any], *, hidden: bool) -> CriterionLine:
    """Criterion of the evidence, in the reader's language as far as its indicator is still in the
    catalogue; with the definition by which it was counted.
    """
    if indicator := PILOT_INDICATORS.get(code_now(row["code"])):
        row = {**row, "name": indicator.name, "unit": indicator.unit}
    name, limit, value, share, verdict = evidence_row(row)
    tone = MET_TONES[row["met"]]
    if hidden:
        value, share, verdict, tone = MARK, MARK, MARK, "neutral"
    return CriterionLine(name, worded(row["definition"]), limit, value, share, verdict, tone)


def _plain(criterion: SuccessCriterion) -> CriterionLine:
    indicator = indicator_of(criterion)
    limit = threshold_words(criterion.threshold, indicator.unit, criterion.direction)
    return CriterionLine(indicator.name, indicator.definition, limit)


def _judged(judged: Judged, *, hidden: bool) -> CriterionLine:
    unit, figure, criterion = judged.indicator.unit, judged.figure, judged.criterion
    months = missing_months_words(judged.missing_months)
    share = counted_words(figure.numerator, figure.denominator, len(figure.missing), months)
    owed = bool(figure.missing or judged.missing_months)
    begins = judged.value is None and not owed  # nothing is late, so that nothing is wrong yet
    return CriterionLine(
        judged.indicator.name,
        judged.indicator.definition,
        threshold_words(criterion.threshold, unit, criterion.direction),
        value=MARK if hidden else amount_words(judged.value, unit),
        share=MARK if hidden else share,
        verdict=MARK if hidden else NOTHING if begins else met_words(judged.met),
        tone="neutral" if hidden or begins else MET_TONES[judged.met],
    )
