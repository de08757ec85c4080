"""Asking people to take part, and each person's answer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from municipality.core.refusals import anyone
from municipality.web.pages import done, page, show, valid
from pilots.participants.forms import ParticipantsForm
from pilots.participants.models import Participant
from pilots.participants.operations import participation as operations
from pilots.participants.presenters import course_context
from pilots.participants.rules import may_remove, may_take_part
from pilots.planning.models import Pilot
from pilots.planning.rules import may_run
from pilots.planning.wording import limit_words


@page(may_run, of=Pilot, methods="GET POST")
def add(request: HttpRequest, pilot: Pilot) -> HttpResponse:
    """Ask people to take part."""
    form = ParticipantsForm(pilot, request.today, request.POST or None)
    if not valid(request, form):
        return show(
            request, "pilots/participants/participants.html", {"form": form, "pilot": pilot}
        )
    asked = operations.add_participants(
        pilot, **form.cleaned_data, by=request.member, now=request.now
    )
    return done(request, _("%(n)s人に参加を依頼しました。") % {"n": len(asked)}, pilot)


@page(anyone, of=Participant, related="pilot__lead pilot__municipality member department")
def participant_page(request: HttpRequest, participant: Participant) -> HttpResponse:
    """Participation of one person: what it means, missing training, and the answer."""
    pilot = participant.pilot
    context = {
        "participant": participant,
        "pilot": pilot,
        "is_self": may_take_part(request.member, participant),
        "limit": limit_words(pilot.days_per_week, pilot.half_days),
        "is_open": pilot.state in operations.OPEN_TO_PARTICIPANTS,
        "may_remove": may_remove(request.member, participant),
        **course_context(participant, request.today),
    }
    return show(request, "pilots/participants/participant.html", context)


@page(may_take_part, of=Participant, methods="POST", related="pilot")
def agree(request: HttpRequest, participant: Participant) -> HttpResponse:
    """Agree to take part."""
    operations.agree(participant, by=request.member, now=request.now)
    return done(request, _("参加に同意しました。"), participant)


@page(may_take_part, of=Participant, methods="POST", related="pilot")
def decline(request: HttpRequest, participant: Participant) -> HttpResponse:
    """Decline or leave."""
    operations.decline(participant, by=request.member, now=request.now)
    return done(request, _("参加しないことを記録しました。"), participant)


@page(may_take_part, of=Participant, methods="POST", related="pilot member")
def take_courses(request: HttpRequest, participant: Participant) -> HttpResponse:
    """Have the required courses assigned that are missing."""
    made = operations.assign_courses(participant, by=request.member, now=request.now)
    words = (
        _("必須研修%(n)s件を割り当てました。")
        if made
        else _("必須研修はすでに割り当ててあります。")
    )
    return done(request, words % {"n": len(made)}, participant)


@page(may_remove, of=Participant, methods="POST", related="pilot")
def remove(request: HttpRequest, participant: Participant) -> HttpResponse:
    """Remove a participant."""
    operations.remove_participant(participant, by=request.member, now=request.now)
    return done(request, _("参加者から外しました。"), participant.pilot)
