"""Criteria of pilots get codes of their own: K38 実施者数, K39 延べ実施日数 and K40 参加者実施率 count the
participants over the whole pilot, K01, K04 and K35 go on counting by month.
"""

from django.db import migrations

CODES = {"K01": "K38", "K04": "K39", "K35": "K40"}


def _rename(apps, codes):
    criteria = apps.get_model("pilots", "SuccessCriterion").objects
    for before, after in codes.items():
        criteria.filter(indicator=before).update(indicator=after)
    for plan in apps.get_model("pilots", "ExpansionDepartment").objects.exclude(criteria=None):
        for row in plan.criteria:
            row["indicator"] = codes.get(row["indicator"], row["indicator"])
        plan.save(update_fields=["criteria"])


def forward(apps, schema_editor):
    """Rename what stands; evidence and results that were frozen stay as they are."""
    _rename(apps, CODES)


def backward(apps, schema_editor):
    """The codes of before."""
    _rename(apps, {after: before for before, after in CODES.items()})


class Migration(migrations.Migration):
    dependencies = [("pilots", "0010_plans_of_departments")]

    operations = [migrations.RunPython(forward, backward)]
