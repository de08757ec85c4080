# 結果と分析 is called by the words that an office uses; no table changes.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0005_note_without_dash"),
    ]

    operations = [
        migrations.AlterField(
            model_name="review",
            name="check_text",
            field=models.TextField(blank=True, max_length=4000, verbose_name="結果と分析"),
        ),
    ]
