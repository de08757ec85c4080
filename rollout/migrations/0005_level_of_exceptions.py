"""An exception says for which level it was granted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rollout", "0004_exception_requests")]
    operations = [
        migrations.AddField(
            model_name="blockerexception",
            name="level",
            field=models.PositiveSmallIntegerField(
                default=0, verbose_name="例外を承認したときの段階"
            ),
            preserve_default=False,
        ),
    ]
