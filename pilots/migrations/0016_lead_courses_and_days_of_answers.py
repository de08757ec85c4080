"""Which assignments came of leading a pilot, and by when participants of a pilot answer."""

import django.db.models.deletion
from django.db import migrations, models


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
    ]
