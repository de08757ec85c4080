"""Hand-over of the leads named in open expansions, inside the transaction of the transfer."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from municipality.core.registry import HandOver, Passing
from municipality.organisation.models import Municipality
from municipality.organisation.staff_on import StaffChange
from pilots.planning.models import Expansion, ExpansionDepartment
from pilots.planning.rules import may_lead_on


def planned_leads_passing(municipality: Municipality, change: StaffChange) -> list[Passing]:
    """Expansions not yet decided that name a lead who moved away, by who takes the plans over.
    Without a successor the plan stays: on approval the department's manager leads.
    """
    plans = ExpansionDepartment.objects.of(municipality).filter(
        expansion__state__in=Expansion.OPEN, lead__isnull=False
    )
    by_heir: dict[tuple[int, int], list[ExpansionDepartment]] = defaultdict(list)
    for plan in plans.select_related("expansion", "lead").order_by("pk"):
        lead = plan.lead.pk if plan.lead else 0
        posted = change.after.posted(lead)
        roles = {role for place in posted for role in place.roles}
        works_in = [place.department for place in posted]
        if change.moved(lead) and not may_lead_on(roles, works_in, [plan.department_id]):
            heir = change.heir(lead, plan.department_id)
            if heir is not None:
                by_heir[plan.expansion_id, heir].append(plan)
    return [
        Passing(
            number,
            rows[0].expansion.name,
            tuple(dict.fromkeys(row.lead.pk for row in rows if row.lead)),
            (heir,),
            values={"plans": [row.pk for row in rows]},
        )
        for (number, heir), rows in by_heir.items()
    ]


def pass_planned_lead(passing: Passing, day: date) -> bool:
    """Name the successor in the plans; False when they were changed meanwhile."""
    rows = ExpansionDepartment.objects.filter(
        pk__in=passing.values["plans"],
        lead__in=passing.gives,
        expansion__state__in=Expansion.OPEN,
    )
    return bool(rows.update(lead=passing.takes[0], edition=F("edition") + 1))


HAND_OVERS = (
    HandOver(
        "pilots.planned_lead",
        _("展開先の試行の責任者"),
        "pilots:expansion",
        planned_leads_passing,
        pass_planned_lead,
    ),
)
