"""People with their postings of a day."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest

from municipality.organisation.models import Grant, Posting


def with_postings(request: HttpRequest, listed: Iterable[Any]) -> None:
    """Give each person of the page `posted`: today's postings with roles, the main one first. Two
    queries.
    """
    numbers = [member.pk for member in listed]
    roles = Prefetch("grants", Grant.objects.visible_to(request.member))
    rows = Posting.objects.of(request.municipality).on(request.today).filter(member__in=numbers)
    postings: dict[int, list[Posting]] = {number: [] for number in numbers}
    for posting in (
        rows.select_related("department", "post")
        .prefetch_related(roles)
        .order_by("-kind", "starts_on")
    ):
        postings[posting.member_id].append(posting)
    for member in listed:
        member.posted = postings[member.pk]
