"""The courses of leads are linked with their pilots, and pilots to come get a day of answers."""

from datetime import date, timedelta

import holidays
from django.db import migrations


def link_lead_courses(apps, schema_editor):
    """Until now the reason of an assignment told of which pilot's lead it came."""
    assignments = apps.get_model("training", "Assignment").objects
    links = apps.get_model("pilots", "LeadCourse").objects
    for pilot in apps.get_model("pilots", "Pilot").objects.only("name", "municipality"):
        reason = f"試行「{pilot.name}」の責任者"
        rows = assignments.filter(municipality=pilot.municipality_id, reason=reason)
        for row in rows.only("pk"):
            links.create(municipality_id=pilot.municipality_id, pilot=pilot, assignment=row)


def keep_days_of_answers(apps, schema_editor):
    """Pilots to come get their day; for those that began, answers were due on the first day."""
    rows = apps.get_model("pilots", "Pilot").objects
    for pilot in rows.filter(state__in=["planned", "deciding", "approved"]):
        rows.filter(pk=pilot.pk).update(answers_due_on=open_day_before(pilot.starts_on))


def open_day_before(day: date) -> date:
    """Without the body's own closed days: a day that was told already moves by no more than that."""
    closed = holidays.country_holidays("JP", years=[day.year - 1, day.year])
    while True:
        day -= timedelta(days=1)
        at_new_year = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
        if day.weekday() < 5 and day not in closed and not at_new_year:
            return day


class Migration(migrations.Migration):
    dependencies = [("pilots", "0016_lead_courses_and_days_of_answers")]

    operations = [
        migrations.RunPython(link_lead_courses, migrations.RunPython.noop),
        migrations.RunPython(keep_days_of_answers, migrations.RunPython.noop),
    ]
