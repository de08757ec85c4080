"""Actions were copied from review to review. Of each chain the newest row becomes the action: it goes
back to the review that raised it, the copies lead to it, and what each closed review knew is kept.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from django.db import migrations

OPEN, CARRIED = "open", "carried"


def join_chains(apps: Any, schema_editor: Any) -> None:
    model = apps.get_model("evaluation", "Action").objects
    rows = {row.pk: row for row in model.select_related("review").order_by("pk")}
    continued = {row.carried_from_id for row in rows.values()} - {None}
    for newest in [row for row in rows.values() if row.pk not in continued]:
        chain = [newest]
        while chain[0].carried_from_id is not None:
            chain.insert(0, rows[chain[0].carried_from_id])
        _join(apps, chain)


def _join(apps: Any, chain: list[Any]) -> None:
    model = apps.get_model("evaluation", "Action").objects
    newest, raised = chain[-1], chain[0]
    for row in chain:
        _keep_known(apps, row, newest)
    _keep_history(apps, chain)
    model.filter(pk__in=[row.pk for row in chain[:-1]]).update(continued_as=newest)
    model.filter(pk=newest.pk).update(review=raised.review, added_at=raised.added_at)


def _keep_known(apps: Any, row: Any, newest: Any) -> None:
    """What the review of this row knew when it was closed: a copy that went on was open then."""
    review = row.review
    if review.closed_at is None:
        return
    ended = row.finished_at is not None and row.finished_at <= review.closed_at
    apps.get_model("evaluation", "ActionInReview").objects.create(
        municipality_id=row.municipality_id,
        review=review,
        action=newest,
        state=row.state if ended else OPEN,
        due_on=row.due_on,
        who_id=row.who_id,
        outcome=row.outcome if ended else "",
        known_at=review.closed_at,
    )


def _keep_history(apps: Any, chain: list[Any]) -> None:
    """The lines that can be told from the rows; who wrote them was not kept beside them."""
    newest, raised = chain[-1], chain[0]
    lines = [
        {"kind": "added", "at": raised.added_at, "due_on": raised.due_on, "who_id": raised.who_id}
    ]
    for before, after in pairwise(chain):
        at = after.added_at
        if before.due_on != after.due_on:
            days = {"due_on": after.due_on, "earlier_due_on": before.due_on}
            lines.append({"kind": "due", "at": at, **days})
        if before.who_id != after.who_id:
            people = {"who_id": after.who_id, "earlier_who_id": before.who_id}
            lines.append({"kind": "holder", "at": at, **people})
        if before.what != after.what:
            lines.append({"kind": "changed", "at": at, "text": before.what})
    if newest.state not in (OPEN, CARRIED):
        lines.append({"kind": newest.state, "at": newest.finished_at, "text": newest.outcome})
    model = apps.get_model("evaluation", "ActionEntry").objects
    for line in lines:
        model.create(municipality_id=newest.municipality_id, action=newest, **line)


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0002_action_life")]

    operations = [migrations.RunPython(join_chains, migrations.RunPython.noop)]
