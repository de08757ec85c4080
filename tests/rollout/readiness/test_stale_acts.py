"""Two at one assessment: who acts on a page that is not up to date any more is refused."""

from __future__ import annotations

import re

import pytest

from rollout.readiness.models import Assessment
from rollout.readiness.operations.reviews import save_review
from tests.build import rollout as build
from tests.build.municipality import at, signed_in

pytestmark = pytest.mark.django_db


def edition_on(page) -> str:
    """The edition that the form of the page carries."""
    return re.search(r'name="edition" value="(\d+)"', page.content.decode())[1]


def test_answers_that_changed_after_the_page_was_opened_are_not_handed_in(town):
    row = build.entering(build.a_round(town.body, town.office), town.soumu, town.manager)
    manager, address = signed_in(town.manager), f"{row.get_absolute_url()}submit/"
    seen = edition_on(manager.get(row.get_absolute_url()))
    build.mend(row, "D2", by=town.clerk)
    for sent in ({"edition": seen}, {}):
        refused = manager.post(address, sent)
        assert refused.status_code == 409
        assert "ほかの人が先に変更しました。" in refused.content.decode()
        assert f'href="{row.get_absolute_url()}"' in refused.content.decode()
    seen = edition_on(manager.get(row.get_absolute_url()))
    assert manager.post(address, {"edition": seen}).status_code == 302


def test_who_sends_back_what_was_reviewed_meanwhile_keeps_what_was_typed(town):
    row = build.submitted(build.a_round(town.body, town.office), town.soumu, town.manager)
    office, address = signed_in(town.office), f"{row.get_absolute_url()}return/"
    seen = edition_on(office.get(address))
    number = row.answers.get(criterion__code="D2").criterion_id
    save_review(
        row,
        reviewed={number: (3, "")},
        edition=row.edition,
        by=town.consultant,
        now=at(2026, 10, 9),
    )
    remarks = {"remark": "根拠を書いてください。", f"remark_{number}": "evidence"}
    refused = office.post(address, {**remarks, "edition": seen})
    assert refused.status_code == 409
    assert all(text in refused.content.decode() for text in remarks.values())
    assert Assessment.objects.get(pk=row.pk).state == "submitted"
    seen = edition_on(office.get(address))
    assert office.post(address, {**remarks, "edition": seen}).status_code == 302
