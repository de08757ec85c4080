"""What an expansion tells a reader of no small numbers, on its page and in its decision."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from municipality.core.small_cells import MARK, Gate
from municipality.organisation.models import Member
from pilots.expansion.evidence import weakness
from pilots.participants.rules import gate_of_pilot
from pilots.planning.models import Expansion, Pilot
from pilots.planning.wording import joined
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
    with override("ja"):
        criteria = _("成功の基準")
        places = pgettext("試行", "対象部署")
        staff = pgettext("試行", "職員数")
    names = joined(row["name"] for row in evidence["departments"])
    spec = [[label, names if label == places else value] for label, value in content["spec"]]
    results, *rest = content["tables"]
    if carried:
        results = {
            **results,
            "rows": [[row[0], MARK, *row[2:]] for row in results["rows"]],
        }
    notices = content["notices"]
    if hidden:
        notices, explained = _without_verdicts(notices, evidence)
        spec += explained
        results = {
            **results,
            "asof": "",
            "rows": [[*row[:2], *[MARK] * (len(row) - 2)] for row in results["rows"]],
        }
        rest = [_without_column(table, criteria) for table in rest]
    rest = [_without_column(table, staff) for table in rest]
    return {
        **content,
        "spec": spec,
        "tables": [results, *rest],
        "notices": notices,
        "evidence": {**content["evidence"], "values": {}},
    }


def _without_column(table: dict[str, Any], head: str) -> dict[str, Any]:
    """The table without what stands below this head: in plans the criteria that were carried over
    per head, in evidence of form 1 the number of staff.
    """
    if head not in table["head"]:
        return table
    column = table["head"].index(head)
    rows = [[MARK if n == column else cell for n, cell in enumerate(row)] for row in table["rows"]]
    return {**table, "rows": rows}


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
