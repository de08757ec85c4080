"""Actions that were copied from review to review become one row each; nothing of them is lost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from evaluation.pdca.actions.models import Action, ActionEntry, ActionInReview
from tests.build import evaluation as build
from tests.build.migrations import migrate_to_newest, migrated
from tests.build.municipality import at

BEFORE = [("evaluation", "0001_initial")]


def a_chain(apps: Any, town, first: Any, second: Any) -> tuple[int, int]:
    """An action raised in October, copied into November with another day and another holder."""
    model = apps.get_model("evaluation", "Action").objects
    common = {"municipality_id": town.body.pk, "what": "予定表を作る"}
    copied = model.create(
        **common,
        review_id=first,
        who_id=town.staff.pk,
        due_on=date(2026, 11, 27),
        state="carried",
        added_at=at(2026, 11, 4),
    )
    newest = model.create(
        **common,
        review_id=second,
        who_id=town.second.pk,
        due_on=date(2026, 12, 25),
        added_at=at(2026, 12, 1),
        carried_from=copied,
    )
    return copied.pk, newest.pk


@pytest.mark.usefixtures("_newest_afterwards")
def test_a_chain_of_copies_becomes_one_action_with_its_history():
    town = build.a_town()
    october = build.a_closed(town, town.kikaku)
    build.reviews_opened(town, at(2026, 12, 1))
    november = build.Review.objects.get(department=town.kikaku, first=date(2026, 11, 1))

    old = migrated(*BEFORE)
    copied, newest = a_chain(old, town, october.pk, november.pk)
    done = old.get_model("evaluation", "Action").objects.create(
        municipality_id=town.body.pk,
        review_id=october.pk,
        what="手順書を直す",
        who_id=town.chief.pk,
        due_on=date(2026, 11, 5),
        state="done",
        added_at=at(2026, 11, 4),
        finished_at=at(2026, 11, 5),
        outcome="直しました。",
    )
    late = old.get_model("evaluation", "Action").objects.create(
        municipality_id=town.body.pk,
        review_id=october.pk,
        what="様式を減らす",
        who_id=town.chief.pk,
        due_on=date(2026, 11, 20),
        state="cancelled",
        added_at=at(2026, 11, 4),
        finished_at=at(2026, 11, 19),
        outcome="不要になった。",
    )
    migrate_to_newest()

    action = Action.objects.get(pk=newest)
    assert (action.review, action.added_at, action.state) == (october, at(2026, 11, 4), "open")
    assert (action.who, action.due_on) == (town.second, date(2026, 12, 25))
    assert Action.objects.get(pk=copied).continued_as == action
    known = {row.action_id: row for row in ActionInReview.objects.filter(review=october)}
    assert set(known) == {newest, done.pk, late.pk}
    assert (known[newest].state, known[newest].who, known[newest].due_on) == (
        "open",
        town.staff,
        date(2026, 11, 27),
    )
    assert (known[done.pk].state, known[done.pk].outcome) == ("done", "直しました。")
    assert (known[late.pk].state, known[late.pk].outcome) == ("open", "")
    assert not ActionInReview.objects.filter(review=november).exists()
    lines = ActionEntry.objects.filter(action=newest).values_list("kind", "at")
    assert list(lines) == [
        ("added", at(2026, 11, 4)),
        ("due", at(2026, 12, 1)),
        ("holder", at(2026, 12, 1)),
    ]
    followed = Action.objects.followed_by(november).values_list("pk", flat=True)
    assert list(followed) == [done.pk, late.pk, newest]
    ended = ActionEntry.objects.filter(kind__in=["done", "cancelled"]).values_list(
        "text", flat=True
    )
    assert set(ended) == {"直しました。", "不要になった。"}
