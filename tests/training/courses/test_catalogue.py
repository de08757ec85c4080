"""The courses that a body starts with, and the way materials are read."""

from __future__ import annotations

from collections import Counter

import pytest
from django.utils import translation

from municipality.organisation.models import Grant
from tests.build.municipality import a_body
from training.courses.catalogue_file import courses
from training.courses.materials import Block, blocks
from training.courses.models import Course
from training.courses.operations import load_courses


def test_there_are_courses_for_every_level_of_the_town_hall():
    roles = {role for item in courses() for role in item["audience"]}
    assert {"staff", "manager", "executive", "office", "hr"} <= roles <= set(Grant.Role.values)
    assert len(courses()) >= 8


def test_some_courses_are_required_before_a_pilot_and_can_be_taken_alone():
    required = [item for item in courses() if item.get("required_for_pilots")]
    assert len(required) >= 2
    assert {item["mode"] for item in required} == {"elearning"}
    assert all({"staff", "manager"} <= set(item["audience"]) for item in required)


def test_codes_are_unique():
    assert max(Counter(item["code"] for item in courses()).values()) == 1


@pytest.mark.parametrize("item", courses(), ids=lambda item: item["code"])
def test_every_course_has_its_material_in_both_languages(item):
    for words in (item, item["en"]):
        found = blocks(words["materials"])
        assert words["title"].strip()
        assert len([block for block in found if block.is_heading]) >= 2
        assert sum(len(block.text) + sum(map(len, block.items)) for block in found) >= 200
    assert item["mode"] in Course.Mode.values
    assert item["minutes"] > 0


@pytest.mark.django_db
def test_a_body_gets_the_courses_it_lacks_and_keeps_its_own_wording():
    body = a_body()
    assert load_courses(body) == len(courses())
    Course.objects.filter(code="T01").update(title="うちの入門")
    Course.objects.filter(code="X01").delete()
    assert load_courses(body) == 1
    assert Course.objects.get(code="T01").title == "うちの入門"
    assert load_courses(body) == 0


@pytest.mark.django_db
def test_a_course_speaks_the_language_of_the_reader():
    body = a_body()
    load_courses(body)
    course = Course.objects.get(code="T01")
    assert str(course) == "テレワーク入門"
    with translation.override("en"):
        assert str(course) == "Introduction to telework"
        course.english = {}
        assert (str(course), course.text) == ("テレワーク入門", course.materials)


def test_a_material_is_read_as_headings_lists_and_paragraphs():
    text = (
        "## 目的\n続けること。\n両立すること。\n\n次の段落。\n- 端末\n- 画面\n## 確認\n- 一つだけ\n"
    )
    assert blocks(text) == [
        Block("目的", is_heading=True),
        Block("続けること。\n両立すること。"),
        Block("次の段落。"),
        Block(items=["端末", "画面"]),
        Block("確認", is_heading=True),
        Block(items=["一つだけ"]),
    ]


@pytest.mark.parametrize("text", ["", "\n \n", "　"])
def test_an_empty_material_has_no_blocks(text):
    assert blocks(text) == []
