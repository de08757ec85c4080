"""What an expansion tells a reader of no small numbers, on its page and in its decision."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from municipality.core.frozen_content import (
    ASOF,
    key_of_notice,
    key_of_table,
    notices_for_few,
    spec_by_key,
    spec_for_few,
    table_for_few,
)
from municipality.core.small_cells import Gate
from municipality.organisation.models import Member
from pilots.expansion.evidence import weakness
from pilots.participants.rules import gate_of_pilot
from pilots.planning.models import Expansion, Pilot
from pilots.planning.readiness import (
    EARLIER_COLUMNS,
    EARLIER_NOTICES,
    NOTICES_FOR_FEW,
    READINESS,
    READINESS_FOR_FEW,
)
from pilots.planning.wording import joined
from pilots.results.small_numbers import hidden_pilots, people_in

EARLIER_SPEC = {
    "対象部署": "places",
    "期間": "period",
    "接続方式": "method",
    "上限": "limit",
    "費用": "cost",
    "成功の基準": "criteria",
    "起案者の説明": "explanation",
}
"""Rows of a decision, as they were called before keys were frozen."""

SAFE_SPEC = {*EARLIER_SPEC.values()} - {"places"}
"""Rows that tell no number of people."""

EARLIER_TABLES = {
    "根拠": "evidence",
    "準備度": READINESS,
    "展開先の部署": "departments",
    "部署ごとの計画": "plans",
}
"""Its tables, as they were called then."""

EARLIER_OWN_COLUMNS = {
    "成功の基準": "criteria",
    "しきい値": "threshold",
    "実績": "value",
    "分子 / 分母": "fraction",
    "判定": "verdict",
    "職員数": "staff",
    "準備度評価": "readiness",
    "目的": "purpose",
    "対象の業務": "scope",
    "試行の責任者": "lead",
}
"""Columns of its own tables, as they were called then."""

WEAKNESS = "weakness"
"""Key of the notice that the evidence is weak, with the explanation."""

EARLIER_WEAKNESS = {".+があるまま展開を求めています": WEAKNESS}
"""Title of that notice, as it was then."""


def hides_evidence(expansion: Expansion, evidence: dict[str, Any], gate: Gate, today: date) -> bool:
    """Must the numbers of the evidence be hidden: by themselves, since those of its pilot are, or
    since they differ by few people from what was frozen of the pilot before?
    """
    if gate.is_open:
        return False
    if any(gate.hides(counts) for counts in people_in(evidence).values()):
        return True
    pilot = expansion.pilot
    return hidden_pilots(pilot.municipality, gate, today).hides_frozen(pilot, evidence)


def hides_thresholds(pilot: Pilot, member: Member, today: date) -> bool:
    """Must the thresholds of a pilot be hidden from the member? Those that an expansion carried
    over are the total of its source over the participants there: beside that total they tell the
    number.
    """
    source = pilot.expansion
    if source is None or gate_of_pilot(member, pilot).is_open:
        return False
    return hides_evidence(source, source.evidence, gate_of_pilot(member, source.pilot), today)


def expansion_for_few(
    number: int, content: dict[str, Any], gate: Gate, today: date
) -> dict[str, Any]:
    """Content of the decision about an expansion without small numbers of participants, and
    without the staff of its departments: beside 対象職員 of a month that tells small numbers.
    """
    expansion = Expansion.objects.select_related("pilot__municipality").get(pk=number)
    evidence = content["evidence"]["values"]
    hidden = hides_evidence(expansion, evidence, gate, today)
    source = expansion.pilot.expansion
    carried = source is not None and hides_evidence(source, source.evidence, gate, today)
    notices, explained = _notices_for_few(content["notices"], evidence, hidden=hidden)
    safe = _safe_columns(hidden=hidden, carried=carried)
    tables = [
        table_for_few(
            table,
            safe.get(key_of_table(table, EARLIER_TABLES), frozenset()),
            EARLIER_COLUMNS | EARLIER_OWN_COLUMNS,
        )
        for table in content["tables"]
    ]
    return {
        **content,
        "spec": [*_spec_for_few(content, evidence), *explained],
        "tables": tables,
        "notices": notices,
        "evidence": {**content["evidence"], "values": {}},
    }


def _spec_for_few(content: dict[str, Any], evidence: dict[str, Any]) -> list[list[Any]]:
    """The rows with the departments by their names alone."""
    names = joined(row["name"] for row in evidence["departments"])
    keys = [key for key, _row in spec_by_key(content, EARLIER_SPEC)]
    rows = spec_for_few(content, SAFE_SPEC, EARLIER_SPEC)
    return [
        [label, names if key == "places" else value]
        for key, (label, value) in zip(keys, rows, strict=True)
    ]


def _safe_columns(*, hidden: bool, carried: bool) -> dict[str, set[str]]:
    """Columns of each table that tell no small number. Beside `hidden` results the criteria of the
    plans are, as they were carried over per head, and with the source's (`carried`) the thresholds.
    """
    evidence = {"criteria", "threshold"}
    evidence |= set() if hidden else {ASOF, "value", "fraction", "verdict"}
    plans = {ASOF, "department", "purpose", "scope", "lead"}
    return {
        "evidence": evidence - ({"threshold"} if carried else set()),
        READINESS: READINESS_FOR_FEW,
        "departments": {ASOF, "department", "readiness"},
        "plans": plans if hidden else plans | {"criteria"},
    }


def _notices_for_few(
    notices: list[dict[str, Any]], evidence: dict[str, Any], *, hidden: bool
) -> tuple[list[dict[str, Any]], list[list[Any]]]:
    """The notices; beside `hidden` results without how many criteria were not met. Where that was
    all that was weak, the explanation stands among the facts.
    """
    if not hidden:
        safe = {*NOTICES_FOR_FEW, WEAKNESS}
        return notices_for_few(notices, safe, EARLIER_NOTICES | EARLIER_WEAKNESS), []
    weak = weakness(evidence, verdicts=False)
    kept: list[dict[str, Any]] = []
    explained: list[list[Any]] = []
    for notice in notices:
        if key_of_notice(notice, EARLIER_WEAKNESS) != WEAKNESS:
            kept += notices_for_few([notice], NOTICES_FOR_FEW, EARLIER_NOTICES)
        elif weak:
            kept.append({**notice, "title": weak})
        else:
            explained.append([_("起案者の説明"), _explanation(notice)])
    return kept, explained


def _explanation(notice: dict[str, Any]) -> str:
    """What the drafter wrote; before it was frozen by itself it stood in the text."""
    if "explanation" in notice:
        return notice["explanation"]
    return str(notice["text"]).removeprefix("起案者の説明「").removesuffix("」")
