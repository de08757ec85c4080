"""An assessment that was sent back keeps who sent it and when, and what each answer was then and
replies.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("municipality", "0023_notices_of_a_thing"),
        ("rollout", "0006_set_level_of_exceptions"),
    ]

    operations = [
        migrations.AddField(
            model_name="answer",
            name="return_reply",
            field=models.TextField(blank=True, max_length=1000, verbose_name="指摘への返答"),
        ),
        migrations.AddField(
            model_name="answer",
            name="returned_comment",
            field=models.TextField(
                blank=True, max_length=1000, verbose_name="差戻しの時のコメント"
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="returned_level",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="差戻しの時の段階"
            ),
        ),
        migrations.AddField(
            model_name="assessment",
            name="returned_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="差し戻した日時"),
        ),
        migrations.AddField(
            model_name="assessment",
            name="returned_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="municipality.member",
                verbose_name="差し戻した人",
            ),
        ),
    ]
