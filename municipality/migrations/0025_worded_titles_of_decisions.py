# A title is kept as its message and values, which take more room; titles of before stay text.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("municipality", "0024_further_successors"),
    ]

    operations = [
        migrations.AlterField(
            model_name="decision",
            name="title",
            field=models.TextField(verbose_name="件名"),
        ),
    ]
