"""Participants of a pilot as a file, with the columns and hidden numbers of the page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.core.name_lists import all_names
from municipality.web.exports import Export
from pilots.participants.models import Participant
from pilots.planning.models import Pilot


def participants(pilot: Pilot, people: Iterable[Any]) -> Export:
    """Participants, as far as the reader sees them on the page."""
    return Export(
        "participants",
        _("試行の参加者"),
        (
            (pgettext("人", "氏名"), lambda person: person.participant.member.name),
            (pgettext("組織", "部署"), lambda person: person.participant.department.name),
            (pgettext("試行", "端末"), lambda person: person.participant.device),
            (pgettext("参加者", "同意"), lambda person: _said(person.participant)),
            (
                _("未修了の必須研修"),
                lambda person: all_names(course.name for course in person.missing),
            ),
        ),
        people,
        about=pilot,
    )


def _said(participant: Participant) -> str:
    return participant.get_state_display()
