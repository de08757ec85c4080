"""A department whose 課長 has decisions to take, and the reminders that people got of them."""

from __future__ import annotations

from types import SimpleNamespace

from municipality.notifications.models import Mail, Notice
from municipality.organisation.models import Member

from .decisions import a_route, a_running
from .municipality import a_body, a_department, a_member, at, root_of


def a_town_with_decisions(*subject_ids: int) -> SimpleNamespace:
    """総務課 with a drafter and a 課長, and the office; a decision for each subject waits for the
    課長 and is due on 9 November. No notice or mail is left of how it came so far.
    """
    body = a_body()
    soumu = a_department(body)
    town = SimpleNamespace(
        body=body,
        soumu=soumu,
        drafter=a_member(soumu),
        chief=a_member(soumu, "manager", post="課長", mail="kacho@town.example.jp"),
        office=a_member(root_of(body), "office", mail="jimu@town.example.jp"),
        route=a_route(soumu, (1, "decide", "課長", soumu)),
    )
    town.decisions = [
        a_running(town.drafter, soumu, subject_id=number, now=at(2026, 11, 4))
        for number in subject_ids
    ]
    town.decision = town.decisions[0]
    Notice.objects.all().delete()
    Mail.objects.all().delete()
    return town


def reminder_stages(member: Member) -> list[str]:
    """The stages of the reminders that the member got of steps of decisions, in their order."""
    rows = Notice.objects.filter(member=member, rule="decision.step").order_by("pk")
    return list(rows.values_list("stage", flat=True))
