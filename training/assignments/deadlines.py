"""Deadlines of training: courses to be completed."""

from __future__ import annotations

from datetime import date

from django.db.models import CharField, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from municipality.deadlines.kinds import Deadline, due_rows
from municipality.organisation.models import Municipality
from training.assignments.models import Assignment, home_of

SEPARATOR = "\n"
"""Between the title and the reason in the one column that a deadline has for both."""


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
        title=Concat("course__title", Value(SEPARATOR), "reason", output_field=CharField()),
        note="member__name",
    )


def titled(text: str) -> str:
    """The course in quotation marks, with the reason of the assignment behind it."""
    title, _separator, reason = text.partition(SEPARATOR)
    if reason:
        return _("「%(title)s」(%(reason)s)") % {"title": title, "reason": reason}
    return _("「%(title)s」") % {"title": title}


DEADLINES = (
    Deadline(
        "training.assignment",
        pgettext_lazy("対応の種類", "研修"),
        pgettext_lazy("対応", "受講する"),
        gettext_lazy("%(note)sの研修%(title)s"),
        "training:assignment",
        courses_to_take,
        model=Assignment,
        whom=gettext_lazy("受講する本人"),
        title_words=titled,
        list_page="training:training",
    ),
)
