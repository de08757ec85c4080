"""A cancelled assignment has the day of it, and no other has one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("training", "0006_days_of_cancellation")]

    operations = [
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cancelled_on__isnull", False), ("state", "cancelled")),
                    models.Q(
                        models.Q(("state", "cancelled"), _negated=True), ("cancelled_on", None)
                    ),
                    _connector="OR",
                ),
                name="cancelled_assignment_has_its_day",
            ),
        ),
    ]
