"""The catalogue of criteria: complete, in both languages, and loaded once."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from rollout.readiness.models import Axis, Criterion
from rollout.readiness.operations.catalogue import current_version, load_criteria, readiness
from tests.build.municipality import a_body

CRITERIA = readiness()["criterion"]


def test_there_are_at_least_four_criteria_on_each_of_the_six_axes():
    counts = Counter(item["axis"] for item in CRITERIA)
    assert set(counts) == set(Axis.values)
    assert len(CRITERIA) >= 24
    assert min(counts.values()) >= 4


def test_at_least_four_criteria_are_required_conditions():
    assert len([item for item in CRITERIA if item.get("blocker_level")]) >= 4


def test_codes_are_unique():
    assert max(Counter(item["code"] for item in CRITERIA).values()) == 1


@pytest.mark.parametrize("item", CRITERIA, ids=lambda item: item["code"])
def test_every_criterion_says_all_of_itself_in_both_languages(item):
    for words in (item, item["en"]):
        assert words["title"].strip()
        assert words["question"].strip().endswith(("か。", "?"))
        assert len(words["levels"]) == 5
        assert len(set(words["levels"])) == 5
        assert all(text.endswith(("。", ".")) for text in words["levels"])
    assert len(item["title"]) <= 60
    assert len(item["question"]) <= 300
    assert 1 <= item["weight"] <= 5


@pytest.mark.django_db
def test_a_body_gets_its_copy_once():
    body, other = a_body(), a_body("993026", "みなと町")
    assert (
        load_criteria(body)
        == load_criteria(body)
        == current_version(body)
        == readiness()["version"]
    )
    assert Criterion.objects.of(body).count() == len(CRITERIA)
    assert Criterion.objects.of(other).count() == 0


@pytest.mark.django_db
def test_a_body_without_criteria_gets_them_when_it_first_needs_them():
    body = a_body()
    assert current_version(body) == readiness()["version"]
    assert Criterion.objects.of(body).count() == len(CRITERIA)


@pytest.mark.django_db
def test_a_criterion_speaks_the_language_of_the_reader_and_japanese_where_there_is_no_other():
    body = a_body()
    load_criteria(body)
    first = CRITERIA[0]
    with translation.override("en"):
        words = Criterion.objects.of(body).get(code=first["code"]).words
        assert (words.title, words.levels) == (first["en"]["title"], first["en"]["levels"])
        Criterion.objects.of(body).filter(code=first["code"]).update(english={})
        assert (
            Criterion.objects.of(body).get(code=first["code"]).words.question == first["question"]
        )


@pytest.mark.django_db
@pytest.mark.parametrize(("blocker", "level"), [(True, 0), (True, 5), (False, 2)])
def test_a_required_condition_without_its_level_cannot_be_stored(blocker, level):
    body = a_body()
    with pytest.raises(IntegrityError), transaction.atomic():
        Criterion.objects.create(
            municipality=body,
            catalogue_version=9,
            code="X1",
            order=1,
            axis="skills",
            title="t",
            question="q",
            levels=[],
            blocker=blocker,
            blocker_level=level,
        )
