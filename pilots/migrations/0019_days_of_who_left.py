"""Who left a pilot after agreeing keeps both days, as far as the log tells them."""

from django.db import migrations
from django.utils import timezone

AGREED, LEFT = "pilot.agreed", ("pilot.declined", "pilot.removed")


def keep_days_of_who_left(apps, schema_editor):
    """The latest time of taking part that the log tells. Of whom it tells nothing (who left by a
    transfer, or lines that were disposed of) nothing is known, and they count for no time.
    """
    entries = apps.get_model("municipality", "Entry").objects.order_by("at", "seq")
    rows = apps.get_model("pilots", "Participant").objects
    for row in rows.filter(state="left").only("pk"):
        lines = entries.filter(
            subject_type="pilots.participant", subject_id=row.pk, verb__in=(AGREED, *LEFT)
        )
        days = {"agreed_on": None, "left_on": None}
        since = None
        for verb, at in lines.values_list("verb", "at"):
            if verb == AGREED:
                since = timezone.localdate(at)
            elif since is not None:
                days, since = {"agreed_on": since, "left_on": timezone.localdate(at)}, None
            elif days["agreed_on"] is None:
                days["left_on"] = timezone.localdate(at)
        rows.filter(pk=row.pk).update(**days)


def forget_days_of_who_left(apps, schema_editor):
    """As before, a person stands in a pilot once and without the day of a consent that ended."""
    rows = apps.get_model("pilots", "Participant").objects
    for row in rows.filter(state="left").only("pilot", "member"):
        if rows.filter(pilot=row.pilot_id, member=row.member_id, pk__gt=row.pk).exists():
            rows.filter(pk=row.pk).delete()
    rows.filter(state="left").update(agreed_on=None)


class Migration(migrations.Migration):
    dependencies = [
        ("municipality", "0020_people_of_a_body"),
        ("pilots", "0018_participants_who_left"),
    ]

    operations = [migrations.RunPython(keep_days_of_who_left, forget_days_of_who_left)]
