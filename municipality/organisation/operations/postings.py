"""Main postings (本務) that overlapped before the database refused that."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from municipality.organisation.models import Municipality, Posting


def clear_mended_overlaps(body: Municipality | str) -> int:
    """Take the mark from postings that no longer overlap, so that the database guards them like all
    others; how many. For whoever has ended or moved postings, in the same transaction. One query.
    """
    others = Posting.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=OuterRef("starts_on")),
        member=OuterRef("member"),
        kind=Posting.Kind.MAIN,
    ).exclude(pk=OuterRef("pk"))
    overlapping = Q(Exists(others), ends_on=None) | Q(
        Exists(others.filter(starts_on__lte=OuterRef("ends_on"))), ends_on__isnull=False
    )
    mended = Posting.objects.of(body).filter(overlaps_from_before=True).exclude(overlapping)
    return mended.update(overlaps_from_before=False)
