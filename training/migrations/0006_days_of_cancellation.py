"""Assignments that were cancelled before get the day of it, as far as it is known."""

from collections import defaultdict

from django.db import migrations
from django.utils import timezone

VERBS = ("training.assignment_cancelled", "training.completion_voided")
"""Lines of the log after which an assignment may be cancelled."""

CHUNK = 500
"""Assignments that are written with one statement."""


def _known_days(apps):
    """Day by number of the assignment, from the log and from hand-overs that ended it."""
    entries = apps.get_model("municipality", "Entry").objects
    lines = entries.filter(subject_type="training.assignment", verb__in=VERBS).order_by("at")
    days = {
        number: timezone.localdate(at)
        for number, at in lines.values_list("subject_id", "at").iterator()
    }
    passed = apps.get_model("municipality", "Passed").objects.filter(kind="training.leaving")
    return days | dict(passed.order_by("transfer__day").values_list("object_id", "transfer__day"))


def forward(apps, schema_editor):
    """The day that is known; otherwise today, so that no ended month loses what stood in it."""
    assignments = apps.get_model("training", "Assignment").objects.filter(state="cancelled")
    known, today = _known_days(apps), timezone.localdate()
    by_day = defaultdict(list)
    for number in assignments.values_list("pk", flat=True):
        by_day[known.get(number, today)].append(number)
    for day, numbers in by_day.items():
        for first in range(0, len(numbers), CHUNK):
            assignments.filter(pk__in=numbers[first : first + CHUNK]).update(cancelled_on=day)


class Migration(migrations.Migration):
    dependencies = [
        ("municipality", "0023_notices_of_a_thing"),
        ("training", "0005_cancelled_on"),
    ]

    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
