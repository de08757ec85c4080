"""Who leads whom today: the part of authority that opens a personal record, by role alone and never
by office.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef

from municipality.organisation.models import Member, Posting


def leads_today(member: Member, subject: str) -> Exists:
    """Does the member lead, today, the department in which the person named by the field `subject`
    mainly works?

    Today's postings decide on both sides: a manager who was transferred, and the former manager of
    somebody who was transferred, lead no longer from that day on.
    """
    return Exists(
        main_postings(member.authority.day).filter(
            member.authority.led("department__path"), member=OuterRef(subject)
        )
    )


def main_postings(day: date):
    """The main posting of everybody on that day."""
    return Posting.objects.on(day).filter(kind=Posting.Kind.MAIN)
