"""An exception covers the level it was granted for and above. Those of before get the level at which
the condition stood when they were granted.
"""

from django.db import migrations


def level_when_granted(apps, exception):
    """The level in the assessment confirmed last before, as it stood before any later
    re-examination; 0 where none is found: what was granted goes on as it was.
    """
    answers = apps.get_model("rollout", "Answer").objects.filter(
        assessment__department=exception.department_id,
        assessment__confirmed_at__lte=exception.granted_at,
        criterion__code=exception.criterion,
    )
    answer = answers.order_by("-assessment__round__number").first()
    if answer is None:
        return 0
    later = answer.reexaminations.filter(
        state="confirmed", decided_at__gt=exception.granted_at, level_before__isnull=False
    )
    if again := later.order_by("decided_at").first():
        return again.level_before
    level = answer.own_level if answer.reviewed_level is None else answer.reviewed_level
    return level or 0


def set_levels(apps, schema_editor):
    """Write the level of each exception."""
    exceptions = apps.get_model("rollout", "BlockerException").objects
    for exception in exceptions.iterator(chunk_size=500):
        exceptions.filter(pk=exception.pk).update(level=level_when_granted(apps, exception))


class Migration(migrations.Migration):
    dependencies = [("rollout", "0005_level_of_exceptions")]
    operations = [migrations.RunPython(set_levels, migrations.RunPython.noop)]
