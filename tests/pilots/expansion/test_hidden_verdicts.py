"""Who reads no small numbers is not told how many criteria were met where the figures are
marked.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from municipality.core.small_cells import Gate
from pilots.expansion.small_numbers import expansion_for_few
from tests.build import pilots as build
from tests.build.frozen import as_read, reworded, without_keys
from tests.build.municipality import signed_in

pytestmark = pytest.mark.django_db
CRITERIA = [("K40", "at_least", Decimal(90)), ("K39", "at_least", Decimal(3))]
COUNTED = re.compile(r"1\s*/\s*2|未達の基準1件")


@pytest.fixture
def town():
    return build.a_town(small_cell=5)


def read(member, thing):
    return signed_in(member).get(thing.get_absolute_url()).content.decode()


def few_content(expansion, decision):
    """The decision's content as a reader of no small numbers is shown it."""
    content = decision.revisions.latest("pk").content
    return str(as_read(expansion_for_few(expansion.pk, content, Gate(5), date(2026, 11, 4))))


def test_the_page_and_the_decision_count_no_verdicts_beside_marks(town):
    pilot = build.an_evaluated(town, criteria=CRITERIA)
    expansion = build.a_requested(town, pilot, explanation="窓口当番の偏りが原因です。")
    decision = build.decision_of(expansion)
    assert COUNTED.search(read(town.chief, expansion))
    assert COUNTED.search(read(town.chief, decision))
    for outside in (read(town.consultant, expansion), few_content(expansion, decision)):
        assert "＊" in outside
        assert not COUNTED.search(outside)
        # What is weak beside the numbers is told, and so is the explanation.
        assert "準備度評価が未確定の部署(税務課)があるまま展開を求めています" in outside
        assert "窓口当番の偏りが原因です。" in outside


def test_where_only_verdicts_were_weak_the_explanation_stands_among_the_facts(town):
    build.ready(town, town.zeimu, town.tax_chief, name="第2回")
    pilot = build.an_evaluated(town, criteria=CRITERIA)
    expansion = build.a_requested(town, pilot, explanation="窓口当番の偏りが原因です。")
    decision = build.decision_of(expansion)
    for outside in (read(town.consultant, expansion), few_content(expansion, decision)):
        assert "があるまま展開を求めています" not in outside
        assert "窓口当番の偏りが原因です。" in outside


@pytest.mark.parametrize("change", [reworded, without_keys])
def test_the_words_of_that_time_do_not_matter(town, change):
    pilot = build.an_evaluated(town, criteria=CRITERIA)
    expansion = build.a_requested(town, pilot, explanation="窓口当番の偏りが原因です。")
    content = change(build.decision_of(expansion).revisions.latest("pk").content)
    assert COUNTED.search(str(as_read({**content, "evidence": None})))
    few = expansion_for_few(expansion.pk, content, Gate(5), date(2026, 11, 4))
    assert not COUNTED.search(str(as_read(few)))
    assert "窓口当番の偏りが原因です。" in str(few)
    few = expansion_for_few(
        expansion.pk, reworded(without_keys(content)), Gate(5), date(2026, 11, 4)
    )
    assert not COUNTED.search(str(as_read(few)))
