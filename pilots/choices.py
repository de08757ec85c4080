"""What can be chosen in the forms of the pilots, by the member who fills them in."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from municipality.models import Department, Grant, Member, Posting
from municipality.models.organisation import after

from .models import Participant, Pilot


def departments_for(member: Member, today: date) -> QuerySet:
    """Departments that the member can plan for: all but the body itself for the office, one's own and below for a manager.

    Each with `staff`, the people posted in it.
    """
    rows = Department.objects.of(member.municipality_id).on(today).answering()
    if not member.authority.is_office:
        rows = rows.filter(_managed(member))
    return counted(rows, today)


def all_departments(member: Member, today: date) -> QuerySet:
    """Every department of the body but the body itself: where an expansion may go."""
    return counted(Department.objects.of(member.municipality_id).on(today).answering(), today)


def counted(rows: QuerySet, today: date) -> QuerySet:
    """The departments with `staff`, the number of people whose main posting is there."""
    here = Q(
        Q(postings__ends_on=None) | Q(postings__ends_on__gte=today), postings__starts_on__lte=today,
        postings__kind=Posting.Kind.MAIN, postings__status=Posting.Status.PRESENT,
    )  # fmt: skip
    return (
        rows.select_related("parent")
        .annotate(staff=Count("postings__member", filter=here, distinct=True))
        .order_by("path")
    )


def _managed(member: Member) -> Q:
    wanted = Q(pk__in=[])
    for role, path in member.authority.grants:
        if role == "manager":
            wanted |= Q(path__gte=path, path__lt=after(path))
    return wanted


def leads_for(member: Member, pilot: Pilot | None = None) -> QuerySet:
    """Who can lead a pilot: managers and the office, within what the member sees; oneself and who leads it now."""
    able = Grant.objects.on(member.authority.day).filter(
        municipality_id=member.municipality_id, role__in=["manager", "office"], posting__member=OuterRef("pk")
    )
    known = [member.pk, pilot.lead_id] if pilot else [member.pk]
    seen = Member.objects.visible_to(member).filter(Exists(able), is_active=True)
    return Member.objects.of(member.municipality_id).filter(Q(pk__in=seen.values("pk")) | Q(pk__in=known))


def candidates(pilot: Pilot, today: date) -> QuerySet:
    """People posted in the pilot's departments, or below, who do not take part yet; with `home`, their department's name."""
    below = Q(pk__in=[])
    for department in pilot.places:
        below |= Q(path__gte=department.path, path__lt=after(department.path))
    places = Department.objects.of(pilot.municipality_id).filter(below)
    posted = Posting.objects.on(today).filter(department__in=places, status=Posting.Status.PRESENT)
    taken = Participant.objects.of(pilot.municipality_id).filter(pilot=pilot).exclude(state=Participant.State.LEFT)
    rows = Member.objects.of(pilot.municipality_id).filter(is_active=True, pk__in=posted.values("member"))
    here = posted.filter(member=OuterRef("pk")).order_by("department__path")
    rows = rows.annotate(
        home=Subquery(here.values("department__name")[:1]), path=Subquery(here.values("department__path")[:1])
    )
    return rows.exclude(pk__in=taken.values("member")).order_by("path", "kana", "pk")
