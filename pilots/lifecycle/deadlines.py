"""Deadlines of pilots: asking participants, their answers, start, and evaluation."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.deadlines.kinds import Deadline, due_rows
from municipality.organisation.models import Municipality
from pilots.participants.models import Participant
from pilots.planning.models import Expansion, Pilot, PilotDepartment


def placed(pilots: QuerySet) -> QuerySet:
    """Pilots with `first_path`, the path of their first department: its manager is notified when
    nobody acts.
    """
    places = PilotDepartment.objects.filter(pilot=OuterRef("pk")).order_by("department__path")
    return pilots.annotate(first_path=Subquery(places.values("department__path")[:1]))


def to_agree(municipality: Municipality, today: date):
    """Participants who have not answered; due on the last open day before the pilot, or on the day
    they are asked when that is later.
    """
    rows = Participant.objects.of(municipality).filter(state=Participant.State.ASKED)
    rows = rows.filter(
        pilot__state__in=[
            Pilot.State.PLANNED,
            Pilot.State.DECIDING,
            Pilot.State.APPROVED,
            Pilot.State.RUNNING,
        ]
    )
    before = Coalesce("pilot__answers_due_on", "pilot__starts_on")
    return due_rows(
        rows.annotate(answer_by=Greatest(before, "asked_on")),
        "pilots.agree",
        due="answer_by",
        opened="asked_on",
        member="member_id",
        path="department__path",
        title="pilot__name",
    )


def to_ask(municipality: Municipality, today: date):
    """Approved pilots in which nobody is asked to take part; due when the answers are."""
    asked = Participant.objects.filter(pilot=OuterRef("pk")).exclude(state=Participant.State.LEFT)
    rows = placed(Pilot.objects.of(municipality)).filter(state=Pilot.State.APPROVED)
    return due_rows(
        rows.exclude(Exists(asked)).annotate(ask_by=Coalesce("answers_due_on", "starts_on")),
        "pilots.ask",
        due="ask_by",
        opened="planned_at__date",
        role="office",
        path="first_path",
        title="name",
    )


def to_start(municipality: Municipality, today: date):
    """Approved pilots whose first day has come and that are not started."""
    rows = placed(Pilot.objects.of(municipality)).filter(
        state=Pilot.State.APPROVED, starts_on__lte=today
    )
    return due_rows(
        rows,
        "pilots.start",
        due="starts_on",
        opened="planned_at__date",
        member="lead_id",
        path="first_path",
        title="name",
    )


def to_evaluate(municipality: Municipality, today: date):
    """Pilots whose last day has passed without an outcome, unless an expansion is being decided."""
    deciding = Expansion.objects.filter(pilot=OuterRef("pk"), state=Expansion.State.DECIDING)
    ended = Q(state=Pilot.State.RUNNING, ends_on__lt=today) | Q(state=Pilot.State.EVALUATING)
    rows = placed(Pilot.objects.of(municipality)).filter(ended).exclude(Exists(deciding))
    return due_rows(
        rows,
        "pilots.evaluate",
        due="report_due_on",
        opened="ends_on",
        member="lead_id",
        path="first_path",
        title="name",
    )


PILOT = pgettext_lazy("対応の種類", "試行")

START, EVALUATE = pgettext_lazy("対応", "始める"), pgettext_lazy("対応", "評価する")

LEAD = _("試行の責任者")

DEADLINES = (
    Deadline(
        "pilots.agree",
        PILOT,
        _("内容を確認"),
        _("「%(title)s」への参加の返事"),
        "pilots:participant",
        to_agree,
        model=Participant,
        whom=_("参加を頼まれた本人"),
        list_page="pilots:pilots",
    ),
    Deadline(
        "pilots.ask",
        PILOT,
        pgettext_lazy("対応", "参加者を加える"),
        _("「%(title)s」の参加者への依頼"),
        "pilots:pilot",
        to_ask,
        model=Pilot,
        whom=pgettext_lazy("役割", "事務局"),
        list_page="pilots:pilots",
    ),
    Deadline(
        "pilots.start",
        PILOT,
        START,
        _("「%(title)s」の開始"),
        "pilots:pilot",
        to_start,
        model=Pilot,
        whom=LEAD,
        list_page="pilots:pilots",
    ),
    Deadline(
        "pilots.evaluate",
        PILOT,
        EVALUATE,
        _("「%(title)s」の評価"),
        "pilots:pilot",
        to_evaluate,
        model=Pilot,
        whom=LEAD,
        list_page="pilots:pilots",
    ),
)
