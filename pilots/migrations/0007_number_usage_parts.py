"""Records of 時間 get a number within their day, and so does a second record of any other unit."""

from collections import Counter

from django.db import migrations

AT_ONCE = 1000


def forward(apps, schema_editor):
    """1 and up for 時間 in the order in which they came; nothing for the first of another unit."""
    usages = apps.get_model("pilots", "Usage").objects
    counts, rows = Counter(), []
    stored = usages.order_by("pk").values_list("pk", "member", "day", "unit")
    for pk, *key in stored.iterator(chunk_size=AT_ONCE):
        counts[tuple(key)] += 1
        number = counts[tuple(key)]
        if key[-1] == "hours" or number > 1:
            rows.append((pk, str(number)))
    for pk, part in rows:
        usages.filter(pk=pk).update(part=part)


class Migration(migrations.Migration):
    dependencies = [("pilots", "0006_usage_parts")]

    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
