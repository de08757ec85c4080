"""The checklist of a new body: what is done, by whom, what is not needed, and when it leaves the
home page.
"""

from __future__ import annotations

from datetime import date

import pytest

from municipality.accounts.operations.invitations import invite
from municipality.audit.models import Entry
from municipality.core.refusals import Conflict, Denied
from municipality.core.registry import subjects
from municipality.organisation.models import ClosedDay, Department, Duty, Member, Municipality, Post
from municipality.organisation.operations.settings import add_closed_day, change_body
from municipality.organisation.staff_on import roster_on
from municipality.records.models import Retention
from municipality.setup.checklist import checklist
from municipality.setup.models import SetupMark
from municipality.setup.operations.setup import mark_item, note_ready
from municipality.transfers.staffing_checks import gaps_of
from tests.build import decisions as build
from tests.build.municipality import a_body, a_department, a_member, at, root_of, with_duty
from tests.build.town import a_town

pytestmark = pytest.mark.django_db
NOW = at(2026, 5, 1)


@pytest.fixture(autouse=True)
def only_the_invented_matter(monkeypatch, invented_matter):
    for matter in set(subjects()) - {build.MATTER}:
        monkeypatch.delitem(subjects(), matter)


def states(body):
    return {item.key: item.state for item in checklist(body, NOW)}


def test_a_new_body_has_everything_still_to_do():
    body = a_body(contact="", sending=False)
    Post.objects.all().delete()
    assert states(body) == {
        "posts": "todo",
        "departments": "todo",
        "people": "todo",
        "chiefs": "todo",
        "auditors": "todo",
        "invitations": "todo",
        "routes": "todo",
        "closed_days": "now",
        "contact": "todo",
        "mail": "todo",
        "retention": "now",
        "organisation": "todo",
    }


@pytest.fixture
def finished():
    """A body in which everything but one invitation is done, and its office."""
    body = a_body(contact="総務課 内線 1234", sender="no-reply@town.example.jp")
    department = a_department(body)
    office, chief = (
        a_member(department, "office", "auditor"),
        a_member(department, "manager", post="課長"),
    )
    with_duty(chief, "security", root_of(body))
    build.a_route(department, (1, "decide", "課長", department))
    ClosedDay.objects.create(municipality=body, date=date(2026, 6, 1), name="開庁記念日")
    Retention.objects.create(municipality=body, group="reading", years=5)
    invite(chief, by=office, now=at(2026, 4, 30))
    return body, office


def test_each_thing_that_is_set_up_is_ticked_off(finished):
    body, office = finished
    assert states(body) == dict.fromkeys(states(body), "done") | {"invitations": "now"}
    invite(office, by=None, now=at(2026, 4, 30))
    assert set(states(body).values()) == {"done"}


def test_a_body_without_an_officer_for_information_security_has_something_missing(finished):
    body, _office = finished
    Duty.objects.all().delete()
    assert states(body)["organisation"] == "now"
    [gap] = gaps_of(body, roster_on(body, NOW.date()))
    assert (gap.code, gap.address(body)) == ("duty.security", f"/{body.pk}/duties/")


def test_people_without_a_posting_and_departments_of_others_do_not_count():
    body, other = a_body(contact=""), a_body("993026", "みどり市")
    a_member(a_department(other), "office")
    Member.objects.create(municipality=body, number="1", name="発令 なし")
    found = {item.key: item.note for item in checklist(body, NOW)}
    assert (found["departments"], found["people"], found["invitations"]) == (
        "まだありません",
        "まだありません",
        "0 / 0",
    )
    assert Department.objects.of(other).answering().count() == 1


def test_who_did_it_last_and_when_stands_beside_it():
    town = a_town()
    add_closed_day(
        town.body,
        date(2026, 6, 1),
        name="開庁記念日",
        is_open=False,
        by=town.people["office"],
        now=NOW,
    )
    items = {item.key: item for item in checklist(town.body, NOW)}
    assert items["closed_days"].by == "あおば町 office"
    assert items["closed_days"].at == Entry.objects.get(verb="closed_day.added").at
    assert (items["routes"].by, items["routes"].at) == ("", None)


def test_what_is_not_needed_says_who_decided_so_and_can_be_needed_again():
    town = a_town()
    office = town.people["office"]
    mark_item(town.body, "closed_days", needed=False, by=office, now=NOW)
    item = next(item for item in checklist(town.body, NOW) if item.key == "closed_days")
    assert (item.state, item.by, item.at) == ("skipped", "あおば町 office", NOW)
    mark_item(town.body, "closed_days", needed=True, by=office, now=NOW)
    assert states(town.body)["closed_days"] == "now"
    assert list(
        Entry.objects.filter(verb__startswith="setup.")
        .order_by("seq")
        .values_list("verb", flat=True)
    ) == [
        "setup.skipped",
        "setup.needed",
    ]


def test_nobody_does_without_departments_and_only_the_office_decides():
    town = a_town()
    with pytest.raises(Conflict):
        mark_item(town.body, "departments", needed=False, by=town.people["office"], now=NOW)
    with pytest.raises(Denied):
        mark_item(town.body, "mail", needed=False, by=town.people["manager"], now=NOW)
    assert not SetupMark.objects.exists()
    assert town.post("office", "settings/checklist/no-such/") == 404
    assert town.post("office", "settings/checklist/departments/") == 409
    assert town.post("office", "settings/checklist/mail/") == 302


def test_when_all_is_done_it_leaves_the_home_page_for_good(finished):
    body, office = finished
    assert note_ready(body, NOW) == 0
    mark_item(body, "invitations", needed=False, by=office, now=NOW)
    assert (note_ready(body, NOW), note_ready(body, NOW)) == (1, 0)
    body.refresh_from_db()
    assert body.ready_at == NOW
    change_body(body, edition=body.edition, contact="", by=office, now=NOW)
    assert note_ready(Municipality.objects.get(pk=body.pk), NOW) == 0
    assert Entry.objects.filter(verb="setup.finished").count() == 1


@pytest.mark.parametrize(
    ("who", "ready", "shown"),
    [("office", False, True), ("office", True, False), ("manager", False, False)],
)
def test_the_home_page_reminds_the_office_alone(who, ready, shown):
    town = a_town()
    Municipality.objects.filter(pk=town.body.pk).update(ready_at=NOW if ready else None)
    page = town.client(who).get(f"/{town.body.pk}/").content.decode()
    assert ("準備がまだ終わっていません" in page) is shown
