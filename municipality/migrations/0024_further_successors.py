# A department that was split keeps all that took its work over; the database fills older rows.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("municipality", "0023_notices_of_a_thing"),
    ]

    operations = [
        migrations.AddField(
            model_name="department",
            name="further_successors",
            field=models.JSONField(
                blank=True,
                db_default=models.Value([], models.JSONField()),
                default=list,
                verbose_name="分割によるほかの引継ぎ先",
            ),
        ),
    ]
