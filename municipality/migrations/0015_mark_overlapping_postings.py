"""Main postings of one person that overlap are marked before the database refuses more of them."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.models import Exists, OuterRef, Q


def mark(apps: Any, _editor: Any) -> None:
    """Of each pair that overlaps both are marked, so that no installation fails to migrate."""
    mains = apps.get_model("municipality", "Posting").objects.filter(kind="main")
    others = mains.filter(
        Q(ends_on=None) | Q(ends_on__gte=OuterRef("starts_on")), member=OuterRef("member")
    ).exclude(pk=OuterRef("pk"))
    ending = others.filter(starts_on__lte=OuterRef("ends_on"))
    numbers = list(
        mains.filter(
            Q(Exists(others), ends_on=None) | Q(Exists(ending), ends_on__isnull=False)
        ).values_list("pk", flat=True)
    )
    for start in range(0, len(numbers), 500):
        mains.filter(pk__in=numbers[start : start + 500]).update(overlaps_from_before=True)


def nothing(_apps: Any, _editor: Any) -> None:
    """The column goes with the migration before."""


class Migration(migrations.Migration):
    dependencies = [("municipality", "0014_posting_overlaps_from_before")]
    operations = [migrations.RunPython(mark, nothing)]
