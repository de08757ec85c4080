"""What was copied into answers that nobody has begun is taken out again: it stays beside them as the
answer of the round before. Scores of these assessments count nothing then.
"""

from collections import defaultdict

from django.db import migrations

BATCH = 500


def empty(apps, schema_editor):
    answers = apps.get_model("rollout", "Answer").objects
    assessments = apps.get_model("rollout", "Assessment").objects
    for assessment in assessments.filter(state="not_started").iterator(chunk_size=BATCH):
        rows = list(answers.filter(assessment=assessment).select_related("criterion"))
        if all(row.own_level is None for row in rows):
            continue
        axes = defaultdict(int)
        for row in rows:
            axes[row.criterion.axis] += 1
            row.previous_comment, row.comment, row.own_level = row.comment, "", None
        answers.bulk_update(rows, ["previous_comment", "comment", "own_level"])
        assessment.scores = {
            axis: {"points": 0, "weight": 0, "answered": 0, "total": total, "blockers": []}
            for axis, total in axes.items()
        }
        assessment.save(update_fields=["scores"])


class Migration(migrations.Migration):
    dependencies = [("rollout", "0002_exceptions_and_reexaminations")]
    operations = [migrations.RunPython(empty, migrations.RunPython.noop)]
