# 基準値 and 以上・以下 are called by the words that an office uses; no table changes.

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pilots", "0019_days_of_who_left"),
    ]

    operations = [
        migrations.AlterField(
            model_name="successcriterion",
            name="direction",
            field=models.CharField(
                choices=[("at_least", "以上"), ("at_most", "以下")],
                default="at_least",
                max_length=8,
                verbose_name="以上・以下",
            ),
        ),
        migrations.AlterField(
            model_name="successcriterion",
            name="threshold",
            field=models.DecimalField(
                decimal_places=1,
                max_digits=9,
                validators=[django.core.validators.MinValueValidator(0)],
                verbose_name="基準値",
            ),
        ),
    ]
