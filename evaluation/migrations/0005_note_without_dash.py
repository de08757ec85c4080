"""The stored note of K02 in letters that シフトJIS has: its figures mean what they did."""

from django.db import migrations

WORDS = {
    "note": (("「—」とします", "値なしとします"), ("「—」の月", "値のない月")),
    "note_en": (("is “—”: nobody", "has no value: nobody"),),
}


def reword(apps, schema_editor):
    rows = apps.get_model("evaluation", "Indicator").objects.filter(code="K02")
    for row in rows.iterator():
        for field, pairs in WORDS.items():
            for before, now in pairs:
                setattr(row, field, getattr(row, field).replace(before, now))
        row.save(update_fields=list(WORDS))


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0004_details_of_figures")]

    operations = [migrations.RunPython(reword, migrations.RunPython.noop)]
