"""The title of a decision is read in the reader's language wherever it stands; that of a decision
made before stays the text it is.
"""

from __future__ import annotations

from io import BytesIO

import pytest
from django.db import connection
from django.utils.translation import override
from openpyxl import load_workbook

from municipality.decisions.models import Decision
from municipality.notifications.models import Notice
from municipality.notifications.wording import worded
from tests.build import pilots as build
from tests.build.municipality import signed_in

pytestmark = pytest.mark.django_db
JAPANESE = "第2期 試行への展開(税務課)"
ENGLISH = "Expansion to 第2期 試行 (税務課)"


@pytest.fixture
def town():
    town = build.a_town()
    town.decision = build.decision_of(build.a_requested(town, name="第2期 試行"))
    return town


def english(client):
    client.cookies["language"] = "en"
    return client


@pytest.mark.parametrize("page", ["", "{decision}", "{decision}print/", "/993018/decisions/"])
def test_a_title_is_read_in_both_languages(town, page):
    address = page.format(decision=town.decision.get_absolute_url()) or "/993018/"
    client = signed_in(town.others["soumu_chief"] if page == "" else town.chief)
    assert JAPANESE in client.get(address).text
    text = english(client).get(address).text
    assert ENGLISH in text
    assert JAPANESE not in text


def test_a_file_has_the_title_in_the_language_of_who_takes_it(town):
    answer = english(signed_in(town.office)).get("/993018/decisions/?tab=all&file=xlsx")
    cells = load_workbook(BytesIO(b"".join(answer))).active.values
    assert ENGLISH in [cell for row in cells for cell in row]


def test_notices_of_a_decision_are_worded_with_its_title_in_the_readers_language(town):
    notice = Notice.objects.filter(rule="decision.yours").first()
    assert worded(notice).subject == f"決裁の依頼「{JAPANESE}」"
    with override("en"):
        assert ENGLISH in worded(notice).subject


def _stored(decision):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT title FROM municipality_decision WHERE id = {decision.pk}")
        return cursor.fetchone()[0]


def test_a_save_in_another_language_keeps_what_the_title_is_made_of(town):
    before = _stored(town.decision)
    assert before.startswith('{"says"')
    with override("en"):
        Decision.objects.get(pk=town.decision.pk).save()
    assert _stored(town.decision) == before


@pytest.mark.parametrize("title", [JAPANESE, "{第2期}への展開", '{"name": "x"}'])
def test_the_title_of_a_decision_made_before_stays_text(town, title):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE municipality_decision SET title = %s", [title])
    with override("en"):
        assert Decision.objects.get(pk=town.decision.pk).title == title
