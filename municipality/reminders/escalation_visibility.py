"""Who is told of somebody else's delay has to see the thing: neither its title nor a link reaches
anybody whose page stays shut.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from celery.exceptions import SoftTimeLimitExceeded
from django.core.cache import cache

from municipality.core.registry import deadlines
from municipality.notifications.models import Notice
from municipality.organisation.models import Member, Municipality, authority_on

logger = logging.getLogger(__name__)

ONE_DAY_SECONDS = 24 * 60 * 60


def in_sight(municipality: Municipality, notices: Iterable[Notice], day: date) -> list[Notice]:
    """The notices without those to people above whose page does not open for them on the day.

    Two queries for each person and rule that is told of a delay, once a day: what was out of sight
    is remembered until the next. Where nothing is late there is none.
    """
    notices = list(notices)
    above = [notice for notice in notices if notice.params["above"]]
    if not above:
        return notices
    known = f"reminders:out-of-sight:{municipality.pk}:{day}"
    unseen: set[tuple[int, str]] = {(number, key) for number, key in cache.get(known, [])}
    asked = [notice for notice in above if (notice.member_id, notice.key) not in unseen]
    shut = {(notice.member_id, notice.key) for notice in _shut(asked, day)}
    unseen |= shut
    if shut:
        cache.set(known, sorted(unseen), ONE_DAY_SECONDS)
    return [
        notice
        for notice in notices
        if not notice.params["above"] or (notice.member_id, notice.key) not in unseen
    ]


def _shut(notices: list[Notice], day: date) -> list[Notice]:
    groups: dict[tuple[Member, str], list[Notice]] = defaultdict(list)
    for notice in notices:
        groups[notice.member, notice.rule].append(notice)
    shut = []
    for (member, rule), group in groups.items():
        seen = _opens(member, rule, {notice.object_id for notice in group}, day)
        shut += [notice for notice in group if notice.object_id not in seen]
    return shut


def _opens(member: Member, rule: str, numbers: set[int], day: date) -> set[int]:
    """Those of the things whose page the person may open. A page that fetches its row itself opens
    for nobody above.
    """
    model = deadlines()[rule].model
    if model is None:
        return set()
    try:
        member.authority = authority_on(member, day)
        rows = model.objects.visible_to(member).filter(pk__in=numbers)
        return set(rows.values_list("pk", flat=True))
    except SoftTimeLimitExceeded:
        raise
    except Exception:  # a page of which this cannot be said opens for nobody; the others are told
        logger.exception("who sees %s", rule)
        return set()
