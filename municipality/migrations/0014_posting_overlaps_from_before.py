"""A mark for main postings that overlapped before the database refused it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("municipality", "0013_jobs_are_guarded"),
    ]

    operations = [
        migrations.AddField(
            model_name="posting",
            name="overlaps_from_before",
            field=models.BooleanField(
                default=False, editable=False, verbose_name="以前から別の本務と重なる"
            ),
        ),
    ]
