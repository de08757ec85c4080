"""The office's own pages in a real browser: nothing for axe, nothing in the console, nothing wider
than the window.
"""

from __future__ import annotations

from datetime import date

import pytest
from django.conf import settings

from municipality.core.registry import subjects
from municipality.decisions.operations.deputies import add_absence, name_deputy
from municipality.imports.operations.imports import preview
from municipality.notifications.operations.notify import notify
from municipality.organisation.models import ClosedDay, Post
from tests.build import decisions as build
from tests.build.municipality import a_department, a_member, also_posted, at
from tests.build.town import a_town

from .walk import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NOW = at(2026, 11, 20)
HEAD = "部署コード,部署名,上位部署コード,種別,開始日,終了日\r\n"


@pytest.fixture
def town(monkeypatch):
    """Long names, two files, a route, a deputy, an absence, a closed day and notices."""
    monkeypatch.setitem(subjects(), build.MATTER, build.a_subject())
    town = a_town()
    office, staff = town.people["office"], town.people["staff"]
    unit = a_department(
        town.body, "子育て支援・こども家庭センター準備室", parent=town.soumu, kind="office"
    )
    a_member(unit, "staff", "manager", name="髙﨑 𠮷太郎", kana="タカサキ ヨシタロウ")
    also_posted(staff, unit)
    build.a_route(town.soumu, (1, "approve", "課長", None), (2, "decide", "町長", town.root))
    mayor = Post.objects.get(municipality=town.body, title="町長")
    deputy = {
        "department": town.root,
        "post": mayor,
        "matter": "",
        "starts_on": date(2026, 4, 1),
        "ends_on": None,
    }
    name_deputy(town.people["manager"], **deputy, by=office, now=NOW)
    add_absence(
        staff,
        reason="出張",
        starts_on=date(2099, 12, 1),
        ends_on=date(2099, 12, 8),
        by=office,
        now=NOW,
    )
    ClosedDay.objects.create(municipality=town.body, date=date(2099, 6, 1), name="開庁記念日")
    notify(
        office,
        "decision.returned",
        office,
        title="第2期試行への展開",
        comment="数値を確かめてください。",
        now=NOW,
    )
    return town


def files(town):
    """A file that waits to be confirmed and one that was refused."""
    good = f"{HEAD}0900,企画課,,課,R8.4.1,\r\n{town.soumu.code},総務防災課,,課,2027-04-01,\r\n"
    for content in (good, f"{good}0901,,9999,班,あした,\r\n"):
        office = town.people["office"]
        yield preview(
            town.body, "departments", "部署_令和8年度.csv", content.encode(), by=office, now=NOW
        )


def pages(town):
    good, bad = files(town)
    staff, soumu = town.people["staff"].pk, town.soumu.pk
    return [
        "departments/",
        f"departments/{soumu}/",
        "departments/new/",
        "people/",
        "people/?q=いない",
        f"people/{staff}/",
        f"people/{staff}/edit/",
        "imports/",
        f"imports/{good.pk}/",
        f"imports/{bad.pk}/",
        "notices/",
        "notices/?show=unread",
        "log/",
        "log/?first=いつか",
        "settings/",
        "settings/checklist/",
        "settings/closed-days/",
        "settings/routes/",
        "settings/deputies/",
    ]


@pytest.mark.parametrize(("width", "language"), [(1280, "ja"), (320, "en")])
def test_the_offices_pages(town, browser, live_server, width, language):
    person = Person(browser, live_server.url, width=width, language=language)
    session = town.client("office").cookies[settings.SESSION_COOKIE_NAME]
    person.context.add_cookies(
        [{"name": session.key, "value": session.value, "url": live_server.url}]
    )
    addresses = pages(town)
    for address in addresses:
        person.go(f"/{town.body.pk}/{address}")
    assert len(person.looked_at) == len(addresses)
