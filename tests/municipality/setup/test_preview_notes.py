"""「所属長から見た画面」 says what it does not show, in the words of the apps it belongs to."""

from __future__ import annotations

import pytest

from tests.build.town import with_another_body

pytestmark = pytest.mark.django_db


def test_the_page_says_what_stays_out_of_sight():
    town = with_another_body()[0]
    page = town.client("office").get(f"/{town.body.pk}/settings/preview/").content.decode()
    assert "目標と1on1の記録は表示されません。" in page
