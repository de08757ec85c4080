"""Who decides about held reminders and mends mails that do not arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from municipality.notifications.models import Mail
    from municipality.organisation.models import Member
    from municipality.reminders.models import Hold
from municipality.core.refusals import Answer
from municipality.organisation.rules import NOT_OFFICE, is_office

# --- reminders and mail ---------------------------------------------------------------------------


def may_decide_hold(member: Member, hold: Hold | None = None) -> Answer:
    """What was held back is let go or dropped by the office of the body."""
    return is_office(member)


def may_care_for_mail(member: Member, mail: Mail | None = None) -> Answer:
    """Mail that did not arrive is looked after by the office of the body."""
    if mail is not None and mail.municipality_id != member.municipality_id:
        return NOT_OFFICE
    return is_office(member)
