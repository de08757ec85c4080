"""What follows when postings are given, ended or moved."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q

from municipality.core.batches import parts
from municipality.core.registry import registrations
from municipality.organisation.models import Municipality, Posting


def postings_changed(body: Municipality | str, members: Collection[int]) -> None:
    """Let every app follow changed postings of these people: a transfer may be dated back, and what
    was counted under the old department belongs to the new one from that day. For whoever writes
    postings, in the same transaction.
    """
    for part in parts(sorted(set(members))):
        for app in registrations():
            for follow in app.postings_changed:
                follow(body, part)


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
