"""The list of pilots as one member reads it."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Prefetch, Q
from django.http import QueryDict

from municipality.organisation.models import Member
from municipality.organisation.rules import may_see_names, may_see_small_counts
from municipality.web.paging import page_of
from pilots.participants.models import Participant
from pilots.planning import exports
from pilots.planning.forms import PilotFilter
from pilots.planning.models import Pilot, PilotDepartment
from pilots.planning.rules import may_plan


def listed(member: Member, query: QueryDict) -> dict[str, Any]:
    """One page of the pilots in sight, narrowed by state, the latest first. Three queries."""
    chosen = PilotFilter(query)
    rows = Pilot.objects.visible_to(member).select_related("lead").order_by("-starts_on", "-pk")
    if chosen.is_valid() and chosen.cleaned_data["state"]:
        rows = rows.filter(state=chosen.cleaned_data["state"])
    names = bool(may_see_names(member))
    least = 0 if may_see_small_counts(member) else member.municipality.small_cell
    places = Prefetch(
        "department_rows",
        PilotDepartment.objects.of(member.municipality_id).select_related("department"),
    )
    agreed = Count("participants", filter=Q(participants__state=Participant.State.AGREED))
    page: Any = page_of(rows, query.get("page"))
    page.object_list = page.object_list.annotate(agreed=agreed).prefetch_related(places)
    whole = rows.annotate(agreed=agreed).prefetch_related(places)
    return {
        "rows": page,
        "filter": chosen,
        "filtered": bool(query.get("state")),
        "may_plan": may_plan(member),
        "names": names,
        "least": least,
        "export": exports.pilots(whole, names=names, least=least),
    }
