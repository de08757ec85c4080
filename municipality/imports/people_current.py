"""People and postings as they are stored, as rows of the file of people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Prefetch

from municipality.models import Grant, Municipality, Posting

from .people_words import KINDS, ROLES, STATUSES

AT_ONCE = 2_000


def current(municipality: Municipality, today: date) -> Iterator[tuple[Any, ...]]:
    """Every posting, past and to come, by number of the person and first day."""
    kinds, statuses = ({value: word for word, value in words.items()} for words in (KINDS, STATUSES))
    rows = Posting.objects.of(municipality).select_related("member", "department", "post")
    grants = Prefetch("grants", Grant.objects.filter(municipality=municipality))
    ordered = rows.prefetch_related(grants).order_by("member__series", "member__number", "starts_on", "-kind", "pk")
    for posting in ordered.iterator(chunk_size=AT_ONCE):
        person, held = posting.member, {grant.role for grant in posting.grants.all()}
        roles = "・".join(word for word, role in ROLES.items() if role in held)
        yield (
            person.number, person.name, person.kana, person.mail, posting.department.code, posting.post.title, roles,
            kinds[posting.kind], posting.starts_on, posting.ends_on, person.series, person.employment, statuses[posting.status],
        )  # fmt: skip
