"""Who left a pilot keeps the day, and stands in it again when asked again."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("pilots", "0017_link_lead_courses")]

    operations = [
        migrations.AddField(
            model_name="participant",
            name="left_on",
            field=models.DateField(blank=True, null=True, verbose_name="参加を終えた日"),
        ),
        migrations.RemoveConstraint(model_name="participant", name="a_person_is_in_a_pilot_once"),
        migrations.RemoveConstraint(model_name="participant", name="who_agreed_has_the_day"),
        migrations.AddConstraint(
            model_name="participant",
            constraint=models.UniqueConstraint(
                condition=Q(("state", "left"), _negated=True),
                fields=("pilot", "member"),
                name="a_person_is_in_a_pilot_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="participant",
            constraint=models.CheckConstraint(
                condition=Q(
                    Q(("agreed_on", None), ("left_on", None), ("state", "asked")),
                    Q(("agreed_on__isnull", False), ("left_on", None), ("state", "agreed")),
                    Q(("agreed_on", None), ("state", "left")),
                    Q(("left_on__isnull", False), ("state", "left")),
                    _connector="OR",
                ),
                name="who_agreed_or_left_has_the_day",
            ),
        ),
    ]
