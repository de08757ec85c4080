"""Criteria about participants get the codes of their own: K35 参加者実施率, K36 必須研修の修了率."""

from django.db import migrations

CODES = {"K03": "K35", "K24": "K36"}


def forward(apps, schema_editor):
    """Rename what stands; evidence that was frozen stays as it is."""
    rows = apps.get_model("pilots", "SuccessCriterion").objects
    for before, after in CODES.items():
        rows.filter(indicator=before).update(indicator=after)


def backward(apps, schema_editor):
    """The codes of before."""
    rows = apps.get_model("pilots", "SuccessCriterion").objects
    for before, after in CODES.items():
        rows.filter(indicator=after).update(indicator=before)


class Migration(migrations.Migration):
    dependencies = [("pilots", "0003_no_telework")]

    operations = [migrations.RunPython(forward, backward)]
