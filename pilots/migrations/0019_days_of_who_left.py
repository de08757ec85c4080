"""Who left a pilot after agreeing keeps both days, as far as the log and hand-overs tell them."""

from collections import defaultdict
from datetime import timedelta

from django.db import migrations
from django.db.models import Exists, OuterRef
from django.utils import timezone

AGREED, LEFT = "pilot.agreed", ("pilot.declined", "pilot.removed")

CHUNK = 500
"""Participants that are written with one statement."""


def keep_days_of_who_left(apps, schema_editor):
    """The latest time of taking part that is known. Of whom nothing tells it (lines that were
    disposed of) it stays unknown, and they count for no time.
    """
    rows = apps.get_model("pilots", "Participant").objects
    known = _known_events(apps)
    left = list(rows.filter(state="left").only("pk"))
    for row in left:
        row.agreed_on, row.left_on = _latest_time(known[row.pk])
    rows.bulk_update(left, ["agreed_on", "left_on"], batch_size=CHUNK)


def _known_events(apps):
    """By number of the participant the consents and the ends in their order, each as (is it a
    consent, day): lines of the log, and hand-overs, which write none. Two queries.
    """
    entries = apps.get_model("municipality", "Entry").objects
    lines = entries.filter(subject_type="pilots.participant", verb__in=(AGREED, *LEFT))
    passed = apps.get_model("municipality", "Passed").objects.filter(kind="pilots.part")
    moments = [
        (at, number, verb == AGREED, timezone.localdate(at))
        for at, number, verb in lines.order_by("at", "seq").values_list("at", "subject_id", "verb")
    ]
    moments += [
        (at, number, False, day - timedelta(days=1))
        for at, number, day in passed.values_list(
            "transfer__began_at", "object_id", "transfer__day"
        )
    ]
    events = defaultdict(list)
    for _at, number, is_consent, day in sorted(moments, key=lambda moment: moment[0]):
        events[number].append((is_consent, day))
    return events


def _latest_time(events):
    """Day of the last consent that ended and day of its end; of whom no consent is known, only the
    day of the last end.
    """
    agreed_on = left_on = since = None
    for is_consent, day in events:
        if is_consent:
            since = day
        elif since is not None:
            agreed_on, left_on, since = since, day, None
        elif agreed_on is None:
            left_on = day
    return agreed_on, left_on


def forget_days_of_who_left(apps, schema_editor):
    """As before, a person stands in a pilot once and without the day of a consent that ended."""
    rows = apps.get_model("pilots", "Participant").objects
    later = rows.filter(pilot=OuterRef("pilot"), member=OuterRef("member"), pk__gt=OuterRef("pk"))
    rows.filter(Exists(later), state="left").delete()
    rows.filter(state="left").update(agreed_on=None)


class Migration(migrations.Migration):
    dependencies = [
        ("municipality", "0020_people_of_a_body"),
        ("pilots", "0018_participants_who_left"),
    ]

    operations = [migrations.RunPython(keep_days_of_who_left, forget_days_of_who_left)]
