"""Participants of a pilot (参加者)."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Coalesce, Greatest, Least
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.addresses import page_address
from municipality.core.models import BodyModel, BodyQuerySet, States
from municipality.organisation.models import Department, Member
from pilots.planning.models import Pilot, end_day_of, first_day_of, led_by


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

    def with_days(self) -> Self:
        """With `since` and `until`, the first and the last day of taking part: within the days of
        the pilot, from the consent until leaving. `since` is None where nobody agreed, and before
        the pilot has started.
        """
        since = Greatest(first_day_of("pilot__"), "agreed_on")
        takes_part = Q(agreed_on__isnull=False, pilot__started_at__isnull=False)
        until = Least(end_day_of("pilot__"), Coalesce("left_on", "pilot__ends_on"))
        return self.annotate(
            since=Case(When(takes_part, then=since), output_field=models.DateField()), until=until
        )

    def took_part(self, first: Any, last: Any) -> Self:
        """Who took part on some day between the two (dates, or fields of an outer query), both
        included; who left since stays among them.
        """
        rows = self.with_days().filter(since__lte=last, until__gte=first)
        return rows.filter(until__gte=F("since"))

    def counted(self, on: date) -> Self:
        """Whom a pilot counts as its participants on a day: before its start who agreed, from then
        on who took part.
        """
        rows = self.with_days()
        planned = Q(state=Participant.State.AGREED, pilot__started_at=None)
        return rows.filter(planned | Q(since__lte=on, until__gte=F("since")))


class Participant(BodyModel):
    """A person is asked to take part in a pilot, and agrees or not. Nobody can agree for somebody
    else.

    `department` is the one the person was posted in when asked; it stays when the person moves. Who
    left after agreeing keeps both days, so that what was counted of that time stands, and gets a
    row of their own when asked again. `left_on` is the last day of taking part; it is not known of
    some who left before it was kept, and these count for no time.
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

    left_on = models.DateField(_("参加を終えた日"), null=True, blank=True)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = _("試行の参加者")
        verbose_name_plural = _("試行の参加者")
        ordering = ["department__path", "member__kana", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pilot", "member"],
                condition=~Q(state="left"),
                name="a_person_is_in_a_pilot_once",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", agreed_on=None, left_on=None)
                | Q(state="agreed", agreed_on__isnull=False, left_on=None)
                | Q(state="left", agreed_on=None)
                | Q(state="left", left_on__isnull=False),
                name="who_agreed_or_left_has_the_day",
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
