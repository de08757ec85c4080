from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pilots", "0007_number_usage_parts")]

    operations = [
        migrations.AddConstraint(
            model_name="usage",
            constraint=models.UniqueConstraint(
                fields=("member", "day", "unit", "part"), name="usage_is_recorded_once"
            ),
        ),
    ]
