"""Leadership of today: the part of authority that gives access to a personal record, by role alone
and never as office.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef

from municipality.organisation.models import Member, Posting


def leads_today(member: Member, subject: str) -> Exists:
    """Condition that the member leads, today, the department in which the person of the field
    `subject` mainly works.

    Today's postings decide on both sides: a manager who was transferred, and the former manager of
    a person who was transferred, lead no longer from that day on.
    """
    return Exists(
        main_postings(member.authority.day).filter(
            member.authority.led("department__path"), member=OuterRef(subject)
        )
    )


def main_postings(day: date):
    """Main postings of everybody on that day."""
    return Posting.objects.on(day).filter(kind=Posting.Kind.MAIN)
