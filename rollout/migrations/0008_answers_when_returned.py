"""What stands in an assessment that is sent back is taken for what the department had handed in."""

from django.db import migrations
from django.db.models import F


def keep_what_was_returned(apps, schema_editor):
    """It is not known what was changed since: who changed an item already says so in a reply."""
    answers = apps.get_model("rollout", "Answer").objects.filter(assessment__state="returned")
    answers.filter(returned_level=None, returned_comment="").update(
        returned_level=F("own_level"), returned_comment=F("comment")
    )


class Migration(migrations.Migration):
    dependencies = [("rollout", "0007_replies_to_returned_answers")]

    operations = [migrations.RunPython(keep_what_was_returned, migrations.RunPython.noop)]
