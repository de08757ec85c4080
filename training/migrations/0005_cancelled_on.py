"""A cancelled assignment keeps the day on which it was cancelled, so that an ended month stands."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("training", "0004_void_completion")]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="cancelled_on",
            field=models.DateField(blank=True, null=True, verbose_name="割当てを取り消した日"),
        ),
    ]
