"""通知: one's own inbox, and reading as an act of its own."""

from __future__ import annotations

import pytest

from municipality.core.registry import notice_kinds
from municipality.notifications.models import Notice
from municipality.notifications.operations.notify import notify
from tests.build.municipality import at
from tests.build.town import with_another_body

pytestmark = pytest.mark.django_db
LIST = "notices/"


@pytest.fixture
def town():
    return with_another_body()[0]


def told(member, *titles):
    return [
        notify(member, "decision.decided", member, stage=title, title=title, now=at(2026, 5, 1))
        for title in titles
    ]


@pytest.mark.parametrize(
    "who", ["office", "hr", "executive", "auditor", "consultant", "manager", "staff"]
)
def test_everybody_has_an_inbox(town, who):
    assert town.get(who, LIST) == 200
    assert town.get("other body", LIST) == 404


def test_one_reads_ones_own_notices_only(town):
    told(town.people["staff"], "秘密の件")
    assert "秘密の件" in town.client("staff").get(f"/{town.body.pk}/{LIST}").content.decode()
    assert "秘密の件" not in town.client("manager").get(f"/{town.body.pk}/{LIST}").content.decode()


def test_looking_at_the_list_reads_nothing(town):
    told(town.people["staff"], "件")
    town.get("staff", LIST)
    assert Notice.objects.get().read_at is None


def test_opening_one_marks_it_and_goes_to_its_thing(town):
    staff = town.people["staff"]
    first, second = told(staff, "一", "二")
    answer = town.client("staff").post(f"/{town.body.pk}/notices/{first.pk}/open/")
    assert (answer.status_code, answer.url) == (302, f"/{town.body.pk}/decisions/{staff.pk}/")
    assert list(Notice.objects.exclude(read_at=None)) == [first]
    assert second.read_at is None


def test_opening_one_without_a_page_leads_back_to_the_list(town):
    assert notice_kinds()["account.password"].page == ""
    notice = notify(town.people["staff"], "account.password", town.people["staff"])
    answer = town.client("staff").post(f"/{town.body.pk}/notices/{notice.pk}/open/")
    assert answer.url == f"/{town.body.pk}/notices/"


def test_nobody_opens_anothers_notice(town):
    (notice,) = told(town.people["staff"], "件")
    assert town.post("manager", f"notices/{notice.pk}/open/") == 404
    assert town.get("staff", f"notices/{notice.pk}/open/") == 405
    notice.refresh_from_db()
    assert notice.read_at is None


def test_all_at_once_means_all_of_ones_own(town):
    told(town.people["staff"], "一", "二")
    told(town.people["manager"], "三")
    assert town.post("staff", "notices/read/") == 302
    assert list(Notice.objects.filter(read_at=None).values_list("member", flat=True)) == [
        town.people["manager"].pk
    ]


def test_the_unread_stand_by_themselves(town):
    staff = town.people["staff"]
    first, _second = told(staff, "一", "二")
    town.post("staff", f"notices/{first.pk}/open/")
    rows = town.client("staff").get(f"/{town.body.pk}/{LIST}?show=unread").context["rows"]
    assert [notice.params["title"] for notice in rows] == ["二"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_however_long_it_is(town, rows, django_assert_num_queries):
    told(town.people["staff"], *(str(n) for n in range(rows)))
    client = town.client("staff")
    client.get(f"/{town.body.pk}/{LIST}")
    with django_assert_num_queries(9):
        assert client.get(f"/{town.body.pk}/{LIST}").status_code == 200


def test_an_empty_inbox_says_so(town):
    assert (
        "通知はまだありません"
        in town.client("staff").get(f"/{town.body.pk}/{LIST}").content.decode()
    )
