"""Decisions that their drafter took back (引戻し) stood as 差戻し; they are drafts. Nobody returned
the present version of these.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.models import Exists, F, OuterRef


def to_drafts(apps: Any, _editor: Any) -> None:
    """Those without a step that returned the present version."""
    step, decision = (apps.get_model("municipality", name) for name in ("Step", "Decision"))
    returned = step.objects.filter(
        decision=OuterRef("pk"), revision=OuterRef("revision"), state="returned"
    )
    rows = decision.objects.filter(~Exists(returned), state="returned")
    rows.update(state="draft", edition=F("edition") + 1)


class Migration(migrations.Migration):
    dependencies = [("municipality", "0017_routes_in_full")]
    operations = [migrations.RunPython(to_drafts, migrations.RunPython.noop)]
