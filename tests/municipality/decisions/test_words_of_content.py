"""The content of a decision is worded for who reads it; neither hash nor differences change."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from municipality.core.date_words import era_day
from municipality.core.worded import kept, said, worded
from municipality.decisions.models import Revision
from municipality.decisions.operations.revisions import content_hash, is_unaltered, to_freeze
from municipality.decisions.presenters.content import differences

BEFORE = json.loads((Path(__file__).parent / "frozen_before.json").read_text())
"""Contents with their hashes as they were frozen when all their text was Japanese."""


def content(number: int = 1, today: date = date(2026, 11, 4)) -> dict:
    return {
        "lead": said(
            _("テレワークの試行「%(name)s」を、下記のとおり実施してよろしいか伺います。"), name="春"
        ),
        "spec": [[pgettext_lazy("試行", "目的"), "typed"], [_("対象の業務"), era_day(today)]],
        "spec_keys": ["purpose", "scope"],
        "tables": [],
    }


def test_it_is_frozen_alike_whatever_the_drafter_reads_and_read_in_every_language():
    frozen = to_freeze(content, 1, date(2026, 11, 4))
    with override("en"):
        assert to_freeze(content, 1, date(2026, 11, 4)) == frozen
        english = worded(frozen)
    assert english["spec"] == [["Purpose", "typed"], ["Work in scope", "4 Nov 2026"]]
    assert worded(frozen)["spec"] == [["目的", "typed"], ["対象の業務", "令和8年11月4日(水)"]]
    revision = Revision(content=json.loads(json.dumps(frozen)), hash=content_hash(frozen))
    with override("en"):
        assert is_unaltered(revision)
    revision.content["spec"][0][0]["says"] = "別の目的"
    assert not is_unaltered(revision)


def test_what_was_frozen_in_japanese_differs_by_what_was_changed_alone():
    older = worded(to_freeze(content, 1, date(2026, 11, 4)))
    newer = to_freeze(content, 1, date(2026, 11, 5))
    assert differences(older, kept(content())) == []
    with override("en"):
        assert differences(older, kept(content())) == []
        assert differences(older, newer) == [("Work in scope", "令和8年11月4日(水)", "5 Nov 2026")]


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("matter", sorted(BEFORE))
def test_what_was_frozen_before_verifies_and_shows_as_it_is(matter, language):
    frozen = BEFORE[matter]
    with override(language):
        assert worded(frozen["content"]) == frozen["content"]
        assert is_unaltered(Revision(content=frozen["content"], hash=frozen["hash"]))
