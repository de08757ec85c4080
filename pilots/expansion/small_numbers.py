"""What an expansion tells a reader of no small numbers, on its page and in its decision."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from municipality.core.small_cells import MARK, Gate
from pilots.expansion.decision_content import staffed_words
from pilots.expansion.evidence import weakness
from pilots.expansion.models import Expansion
from pilots.results.small_numbers import differs, hidden_pilots, people_in


def hides_evidence(expansion: Expansion, evidence: dict[str, Any], gate: Gate, today: date) -> bool:
    """Must the numbers of the evidence be hidden: by themselves, since those of its pilot are, or
    since they differ by few people from what an earlier expansion froze of it?
    """
    if gate.is_open:
        return False
    values, pilot = people_in(evidence), expansion.pilot
    if any(gate.hides(counts) for counts in values.values()):
        return True
    if pilot.pk in hidden_pilots(pilot.municipality, gate, today).everywhere:
        return True
    earlier = pilot.expansions.filter(pk__lt=expansion.pk).values_list("evidence", flat=True)
    others = [*earlier, *([] if evidence == expansion.evidence else [expansion.evidence])]
    return any(differs(gate, values, people_in(other)) for other in others)


def expansion_for_few(
    number: int, content: dict[str, Any], gate: Gate, today: date
) -> dict[str, Any]:
    """Content of the decision about an expansion without small numbers of staff and participants."""
    expansion = Expansion.objects.select_related("pilot__municipality").get(pk=number)
    evidence = content["evidence"]["values"]
    hidden = hides_evidence(expansion, evidence, gate, today)
    with override("ja"):
        places = pgettext("試行", "対象部署")
        staff = pgettext("試行", "職員数")
    spec = [
        [label, staffed_words(evidence, gate) if label == places else value]
        for label, value in content["spec"]
    ]
    results, *rest = content["tables"]
    notices = content["notices"]
    if hidden:
        notices, explained = _without_verdicts(notices, evidence)
        spec += explained
        results = {
            **results,
            "asof": "",
            "rows": [[*row[:2], *[MARK] * (len(row) - 2)] for row in results["rows"]],
        }
    rest = [_without_staff(table, staff, evidence, gate) for table in rest]
    return {
        **content,
        "spec": spec,
        "tables": [results, *rest],
        "notices": notices,
        "evidence": {**content["evidence"], "values": {}},
    }


def _without_verdicts(
    notices: list[dict[str, str]], evidence: dict[str, Any]
) -> tuple[list[dict[str, str]], list[list[str]]]:
    """The notices without how many criteria were not met. Where that was all that was weak, the
    explanation stands among the facts.
    """
    with override("ja"):
        label, weak = _("起案者の説明"), weakness(evidence, verdicts=False)
    kept, explained = [], []
    for notice in notices:
        words = notice["text"]
        if not words.startswith(f"{label}「"):
            kept.append(notice)
        elif weak:
            kept.append({**notice, "title": weak})
        else:
            explained.append([label, words.removeprefix(f"{label}「").removesuffix("」")])
    return kept, explained


def _without_staff(
    table: dict[str, Any], staff: str, evidence: dict[str, Any], gate: Gate
) -> dict[str, Any]:
    """Evidence of form 1 has a column with the number of staff."""
    if staff not in table["head"]:
        return table
    column = table["head"].index(staff)
    rows = [
        [
            MARK if place == column and gate.hides([known["staff"]]) else cell
            for place, cell in enumerate(row)
        ]
        for row, known in zip(table["rows"], evidence["departments"], strict=True)
    ]
    return {**table, "rows": rows}
