"""Checklist of a new body: items that are not needed, and its completion."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict, require
from municipality.organisation.models import Member, Municipality
from municipality.organisation.rules import is_office
from municipality.setup.checklist import checklist
from municipality.setup.models import SetupMark


@operation
def mark_item(body: Municipality, item: str, *, needed: bool, by: Member, now: datetime) -> None:
    """Mark an item as not needed, or as needed again. Raises Conflict for an item that is always
    required.
    """
    require(is_office(by))
    if item not in {line.key for line in checklist(body, now) if line.may_skip}:
        raise Conflict(_("この項目は、不要にできません。"))
    if needed:
        SetupMark.objects.of(body).filter(item=item).delete()
    else:
        SetupMark.objects.get_or_create(
            municipality=body, item=item, defaults={"marked_by": by, "marked_at": now}
        )
    record(by, "setup.needed" if needed else "setup.skipped", municipality=body, item=item)


def note_ready(body: Municipality, now: datetime) -> int:
    """Job of every minute: once no item is open, hide the checklist on the home page for good."""
    if body.ready_at is not None or any(item.is_open for item in checklist(body, now)):
        return 0
    return _note_ready(body, now=now)


@operation
def _note_ready(body: Municipality, *, now: datetime) -> int:
    if not Municipality.objects.filter(pk=body.pk, ready_at=None).update(ready_at=now):
        return 0
    body.ready_at = now
    record(None, "setup.finished", municipality=body)
    return 1
