"""Seal the heads of the chains that were written before heads had a seal."""

import hashlib
import hmac
import json

from django.conf import settings
from django.db import migrations


def seal(apps, schema_editor):
    """The seal as municipality/audit/log.py writes it since."""
    for chain in apps.get_model("municipality", "Chain").objects.filter(seal=""):
        text = json.dumps(
            ["head", chain.pk, chain.length, chain.head], ensure_ascii=False, separators=(",", ":")
        )
        chain.seal = hmac.new(
            settings.HISTORY_KEY.encode(), text.encode(), hashlib.sha256
        ).hexdigest()
        chain.save(update_fields=["seal"])


class Migration(migrations.Migration):
    dependencies = [("municipality", "0006_log_is_kept_and_checked")]

    operations = [migrations.RunPython(seal, migrations.RunPython.noop)]
