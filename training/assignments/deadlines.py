"""Deadlines of training: courses to be completed."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.deadlines.kinds import Deadline, due_rows
from municipality.organisation.models import Municipality
from training.assignments.models import Assignment, home_of


def courses_to_take(municipality: Municipality, today: date):
    """Open assignments, due from the person; the manager of the main department is notified when
    they are late.
    """
    return due_rows(
        Assignment.objects.of(municipality).open(),
        "training.assignment",
        opened="assigned_at__date",
        member="member",
        path=home_of(today, "path"),
        title="course__title",
        note="member__name",
    )


DEADLINES = (
    Deadline(
        "training.assignment",
        pgettext_lazy("対応の種類", "研修"),
        pgettext_lazy("対応", "受講する"),
        _("%(note)sの研修「%(title)s」"),
        "training:assignment",
        courses_to_take,
        model=Assignment,
        whom=_("受講する本人"),
        list_page="training:training",
    ),
)
