"""Participants of a pilot (参加者)."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.addresses import page_address
from municipality.core.models import BodyModel, BodyQuerySet, States
from municipality.organisation.models import Department, Member
from pilots.planning.models import Pilot, led_by


def persons_of(member: Member, path_field: str) -> Q:
    """Rows about persons that the member may read: all for office and HR, one's own people for
    managers and executives.

    Wider reach without persons (consultant, auditor) does not count here.
    """
    authority = member.authority
    if authority.is_office or authority.is_hr:
        return Q(municipality_id=member.municipality_id)
    return authority.led(path_field)


class ParticipantQuerySet(BodyQuerySet):
    """Participants, by visibility of personal records."""

    def visible_to(self, member: Member) -> Self:
        """Oneself, the participants of pilots one leads, and one's own people; everybody for office
        and HR.
        """
        return self.filter(
            persons_of(member, "department__path") | Q(member=member) | led_by(member, "pilot__"),
            municipality_id=member.municipality_id,
        )

    def agreed(self) -> Self:
        """Participants who agreed."""
        return self.filter(state=Participant.State.AGREED)


class Participant(BodyModel):
    """A person is asked to take part in a pilot, and agrees or not. Nobody can agree for somebody
    else.

    `department` is the one the person was posted in when asked; it stays when the person moves.
    """

    class State(States):
        ASKED = "asked", pgettext_lazy("試行", "同意待ち")
        AGREED = "agreed", pgettext_lazy("参加者", "同意")
        LEFT = "left", pgettext_lazy("参加者", "不参加")

    State.tones = {"asked": "warn", "agreed": "ok", "left": "stop"}
    ARROWS = {
        State.ASKED: {State.AGREED, State.LEFT},
        State.AGREED: {State.LEFT},
        State.LEFT: {State.ASKED},
    }

    pilot = models.ForeignKey(
        Pilot,
        models.CASCADE,
        related_name="participants",
        verbose_name=pgettext_lazy("試行", "試行"),
    )
    member = models.ForeignKey(
        Member,
        models.PROTECT,
        related_name="participations",
        verbose_name=pgettext_lazy("人", "職員"),
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("組織", "部署")
    )
    device = models.CharField(pgettext_lazy("試行", "端末"), max_length=60, blank=True)
    state = models.CharField(_("参加の状態"), max_length=6, choices=State, default=State.ASKED)
    asked_on = models.DateField(_("依頼した日"))
    agreed_on = models.DateField(_("同意した日"), null=True, blank=True)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = _("試行の参加者")
        verbose_name_plural = _("試行の参加者")
        ordering = ["department__path", "member__kana", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["pilot", "member"], name="a_person_is_in_a_pilot_once"),
            models.CheckConstraint(
                condition=Q(state="agreed", agreed_on__isnull=False)
                | (~Q(state="agreed") & Q(agreed_on=None)),
                name="who_agreed_has_the_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.pilot_id}"

    def get_absolute_url(self) -> str:
        """The page on which the person answers."""
        return page_address("pilots:participant", self.municipality_id, self.pk)


class ParticipantCourse(BodyModel):
    """Assignment of a required course that a participant needs because of the consent to a pilot.
    It is cancelled with the consent while it is open and no other row asks for it.
    """

    participant = models.ForeignKey(
        Participant,
        models.CASCADE,
        related_name="course_rows",
        verbose_name=_("試行の参加者"),
    )
    assignment = models.ForeignKey(
        "training.Assignment",
        models.CASCADE,
        related_name="+",
        verbose_name=_("研修の受講割当"),
    )

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("参加による受講割当")
        verbose_name_plural = _("参加による受講割当")
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "assignment"], name="an_assignment_is_of_a_consent_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant_id} {self.assignment_id}"


class LeadCourse(BodyModel):
    """Assignment of a required course that the lead of a pilot needed. The row stays when the lead
    changes; the assignment is cancelled with the lead while it is open and nothing else asks for
    it.
    """

    pilot = models.ForeignKey(
        Pilot,
        models.CASCADE,
        related_name="lead_course_rows",
        verbose_name=pgettext_lazy("試行", "試行"),
    )
    assignment = models.ForeignKey(
        "training.Assignment",
        models.CASCADE,
        related_name="+",
        verbose_name=_("研修の受講割当"),
    )

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("試行の責任者の受講割当")
        verbose_name_plural = _("試行の責任者の受講割当")
        constraints = [
            models.UniqueConstraint(
                fields=["pilot", "assignment"], name="an_assignment_is_of_a_lead_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pilot_id} {self.assignment_id}"
