"""Which assignments came of leading a pilot, and by when participants of a pilot answer."""

from datetime import date, timedelta

import django.db.models.deletion
import holidays
from django.db import migrations, models


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
    dependencies = [
        ("municipality", "0020_people_of_a_body"),
        ("pilots", "0014_deleted_usages"),
        ("training", "0004_void_completion"),
    ]

    operations = [
        migrations.AddField(
            model_name="pilot",
            name="answers_due_on",
            field=models.DateField(blank=True, null=True, verbose_name="参加の返事の期限"),
        ),
        migrations.CreateModel(
            name="LeadCourse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "edition",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="版の番号"),
                ),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="training.assignment",
                        verbose_name="研修の受講割当",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="municipality.municipality",
                        verbose_name="自治体の団体",
                    ),
                ),
                (
                    "pilot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lead_course_rows",
                        to="pilots.pilot",
                        verbose_name="試行",
                    ),
                ),
            ],
            options={
                "verbose_name": "試行の責任者の受講割当",
                "verbose_name_plural": "試行の責任者の受講割当",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("pilot", "assignment"), name="an_assignment_is_of_a_lead_once"
                    )
                ],
            },
        ),
        migrations.RunPython(link_lead_courses, migrations.RunPython.noop),
        migrations.RunPython(keep_days_of_answers, migrations.RunPython.noop),
    ]
