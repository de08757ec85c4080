"""What the page of a department tells of the training of its people."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from municipality.core.registry import Panel
from municipality.organisation.models import Department, Member, Posting
from municipality.organisation.rules import gate_of
from training.assignments.models import Assignment


def training_panel(member: Member, department: Department, today: date) -> Panel | None:
    """What is assigned to its people, completed and overdue, as far as the member sees it; nothing
    for who reads no small numbers, since the departments would add up to few people. One query.
    """
    if not gate_of(member).is_open:
        return None
    posted = Posting.objects.visible_to(member).on(today)
    posted = posted.filter(department=department, kind=Posting.Kind.MAIN)
    rows = Assignment.objects.visible_to(member).filter(member__in=posted.values("member"))
    counted = rows.exclude(state=Assignment.State.CANCELLED).aggregate(
        all=Count("pk"),
        done=Count("pk", filter=Q(state=Assignment.State.COMPLETED)),
        late=Count("pk", filter=Q(state=Assignment.State.ASSIGNED, due_on__lt=today)),
    )
    if not counted["all"]:
        return None
    late = ngettext("%(n)s件が期限を過ぎています", "%(n)s件が期限を過ぎています", counted["late"])
    return Panel(
        pgettext("案内", "研修"),
        [(_("修了した受講割当"), _("%(all)s件のうち%(done)s件") % counted)],
        reverse("training:training", args=[member.municipality_id]),
        _("研修を見る"),
        late=late % {"n": counted["late"]} if counted["late"] else "",
    )
