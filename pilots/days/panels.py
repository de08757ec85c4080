"""What the page of a department tells of its pilots and of the last month."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.core.date_words import month_name, span_words
from municipality.core.periods import Period
from municipality.core.registry import Panel
from municipality.organisation.models import Department, Member, after
from pilots.days.models import Submission, UsageMonth
from pilots.days.month_states import month_states
from pilots.planning.models import Pilot

GOING = (Pilot.State.APPROVED, Pilot.State.RUNNING, Pilot.State.EVALUATING)


def pilots_panel(member: Member, department: Department, today: date) -> Panel | None:
    """The pilots that go on there, and whether the last month is handed in; nothing where there was
    never one. Five queries.
    """
    here = Q(departments__path__in=department.ancestor_paths) | Q(
        departments__path__gte=department.path, departments__path__lt=after(department.path)
    )
    going = Pilot.objects.visible_to(member).filter(here, state__in=GOING).distinct()
    entries = [
        (str(row), f"{row.get_state_display()} {span_words(row.starts_on, row.ends_on)}")
        for row in going.order_by("starts_on", "pk")
    ]
    month = Period.holding(Period.MONTH, today).previous
    state = month_states(department.municipality_id, [month])[month.first].get(department.pk)
    if state is not None:
        label = _("%(month)sの実施記録") % {"month": month_name(month.first)}
        entries.append((label, str(state.label)))
    if not entries:
        return None
    asked = UsageMonth.objects.visible_to(member).filter(
        department=department, month=month.first, due_on__lt=today
    )
    late = state == Submission.MISSING and asked.exists()
    return Panel(
        pgettext("案内", "試行"),
        entries,
        reverse("pilots:pilots", args=[member.municipality_id]),
        _("試行を見る"),
        late=_("実施記録の提出が期限を過ぎています") if late else "",
    )
