# The notices of a thing are found by body, kind and number.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("municipality", "0021_sent_forms"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="notice",
            name="notice_by_thing",
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                fields=["municipality", "rule", "object_id"], name="notice_of_a_thing"
            ),
        ),
    ]
