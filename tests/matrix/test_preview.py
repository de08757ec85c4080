"""「所属長から見た画面」: every address is asked by the office as the manager of 総務課 sees it. It
looks, and nothing else.
"""

from __future__ import annotations

import time

import pytest

from municipality.audit.models import Entry
from municipality.organisation.models import Member
from municipality.setup import view_as_manager as previews
from municipality.web import pages
from tests.world.asking import Plain

from .sending import SENDING, Sending
from .table import ABSENT, ROWS
from .walk import address_of

pytestmark = pytest.mark.django_db

PERSONAL = {row.name for row in ROWS if row.name.startswith("evaluation:")} - {
    "evaluation:reviews",
    "evaluation:review",
    "evaluation:review_edit",
    "evaluation:review_close",
    "evaluation:review_reopen",
    "evaluation:review_request",
    "evaluation:review_ask_for_route",
    "evaluation:review_remark",
    "evaluation:action_new",
    "evaluation:actions",
    "evaluation:action",
    "evaluation:action_edit",
    "evaluation:action_report",
    "evaluation:action_due",
    "evaluation:action_holder",
    "evaluation:action_reopen",
    "evaluation:action_finish",
    "evaluation:action_cancel",
    "evaluation:indicators",
}
"""Goals and talks, by hand: what is left of the evaluation's addresses without reviews, actions and
indicators.
"""

MARK = "の所属長から見た画面です"
OFFICES_OWN = {
    "municipality:settings",
    "municipality:posts",
    "municipality:log",
    "municipality:preview",
}


def looking(world, slot="own", until=900):
    """A session of the office that looks through the eyes of the manager of that department."""

    def before(client: Plain) -> None:
        session = client.session
        department = world.here.departments[slot]
        kept = {"department": department.pk, "body": world.here.code, "until": time.time() + until}
        session[previews.SESSION_KEY] = kept
        session.save()

    return before


def slots(row):
    return [slot for slot in row.cells if slot != ABSENT]


@pytest.mark.parametrize("place", ["own", "other"])
def test_all_that_is_looked_at_is_seen_by_the_office_as_well_and_marked(
    world, asker, place, record_property
):
    found, count, through = [], 0, 0
    for row in (row for row in ROWS if row.method == "GET"):
        for slot in slots(row):
            answer = asker.ask(
                "office", "GET", address_of(world, row, slot), before=looking(world, place)
            )
            count += 1
            through += answer.status == 200
            told = f"{row.name} [{slot}] {answer.status}"
            if answer.leak or answer.changed or answer.status not in {200, 403, 404, 409}:
                found.append(f"{told} {answer.leak} {answer.location} {answer.changed}")
            if answer.status == 200 and row.expected(slot, "office") != 200:
                found.append(f"{told}: the office itself may not see it")
            if row.name in PERSONAL and answer.status != 403:
                found.append(f"{told}: personal records are never shown")
            if row.name in OFFICES_OWN and answer.status != 403:
                found.append(f"{told}: no manager sees this")
            if (
                answer.content.startswith(b"<!doctype html>")
                and MARK not in answer.content.decode()
            ):
                found.append(f"{told}: not marked")
    record_property("cases", count)
    assert found == [], "\n".join(found)
    assert through >= 10


def test_nothing_is_done_whatever_is_sent(world, asker, record_property):
    found, count = [], 0
    for row in (
        row for row in ROWS if row.method == "POST" and row.name != "municipality:preview_end"
    ):
        for slot in slots(row):
            thing = world.here.things[row.family][slot] if row.family else None
            sending = SENDING.get(row.name) or Sending()
            data = sending.data(world.here, thing, "office") if sending.data else None
            answer = asker.ask(
                "office",
                "POST",
                address_of(world, row, slot),
                data=(lambda data=data: data) if data else None,
                before=looking(world),
            )
            count += 1
            if (
                answer.status != 403
                or answer.changed
                or answer.leak
                or "見ることだけができます" not in answer.content.decode()
            ):
                found.append(f"{row.name} [{slot}] {answer.status} {answer.leak}")
    record_property("cases", count)
    assert found == [], "\n".join(found)


def test_the_manager_of_the_department_and_of_no_other_is_who_one_looks_as(world, asker):
    def status(slot, place):
        address = f"/{world.here.code}/departments/{world.here.departments[slot].pk}/"
        return asker.ask("office", "GET", address, before=looking(world, place)).status

    assert [status(slot, "own") for slot in ("own", "below", "other", "third")] == [
        200,
        200,
        404,
        404,
    ]
    assert [status(slot, "other") for slot in ("own", "below", "other", "third")] == [
        404,
        404,
        200,
        404,
    ]


@pytest.mark.parametrize("address", ["/accounts/password/change/", "/account/"])
def test_beside_the_bodies_it_is_marked_and_only_looks(world, asker, address):
    seen = asker.ask("office", "GET", address, before=looking(world))
    assert seen.status in {302, 200, 404}
    assert seen.status != 200 or MARK in seen.content.decode()
    assert asker.ask("office", "POST", address, data=dict, before=looking(world)).status == 403


def verbs_of(asker, world, method, address, **facts):
    found = []

    def look(answer):
        found.extend(
            Entry.objects.filter(pk__gt=seen[0])
            .order_by("pk")
            .values_list("verb", "content__body__how")
        )
        found.append(answer.status)

    seen = [Entry.objects.order_by("pk").last().pk]
    asker.ask("office", method, address, inspect=look, **facts)
    return found


def test_beginning_each_page_and_end_stand_in_the_log(world, asker):
    code = world.here.code
    data = {"department": world.here.departments["own"].pk}
    began = verbs_of(asker, world, "POST", f"/{code}/settings/preview/", data=lambda: data)
    assert began == [("preview.started", None), 302]
    looked = verbs_of(asker, world, "GET", f"/{code}/departments/", before=looking(world))
    assert looked == [("preview.read", None), 200]
    refused = verbs_of(asker, world, "POST", f"/{code}/notices/read/", before=looking(world))
    assert refused == [("access.refused", None), 403]
    left = verbs_of(asker, world, "POST", f"/{code}/preview/end/", before=looking(world))
    assert left == [("preview.ended", "left"), 302]
    assert verbs_of(asker, world, "POST", f"/{code}/preview/end/") == [302]


def test_after_a_quarter_of_an_hour_one_sees_ones_own_pages_again_and_an_act_is_not_done_unawares(
    world, asker
):
    code = world.here.code
    over = looking(world, until=-1)
    assert verbs_of(asker, world, "GET", f"/{code}/settings/", before=over) == [
        ("preview.ended", "lapsed"),
        200,
    ]
    act = verbs_of(asker, world, "POST", f"/{code}/notices/read/", before=over)
    assert act == [("preview.ended", "lapsed"), ("access.refused", None), 403]
    assert previews.MINUTES == 15


def test_signing_out_ends_it(world, asker):
    ended = verbs_of(asker, world, "POST", "/accounts/logout/", before=looking(world))
    assert ("preview.ended", "signed out") in ended


def test_who_is_not_of_the_office_any_more_looks_no_more(world, asker):
    office = world.here.people["office"]

    def gone():
        office.postings.all().first().grants.all().delete()

    answer = asker.ask(
        "office", "GET", f"/{world.here.code}/departments/", before=looking(world), given=gone
    )
    assert MARK not in answer.content.decode()


def test_only_the_office_begins_and_only_in_its_own_body(world, asker):
    address = f"/{world.here.code}/settings/preview/"
    theirs = {"department": world.there.departments["own"].pk}
    assert asker.ask("office", "POST", address, data=lambda: theirs).status == 422
    assert asker.ask("manager", "POST", address, data=lambda: {"department": 1}).status == 403
    abroad = asker.ask("office", "GET", f"/{world.there.code}/departments/", before=looking(world))
    assert abroad.status == 404


# --- with the guards off --------------------------------------------------------------------------


@pytest.mark.selfcheck
def test_without_the_guard_of_methods_something_is_done(world, asker, monkeypatch):
    monkeypatch.setattr(previews, "LOOKING", ("GET", "HEAD", "POST"))
    answer = asker.ask("office", "POST", f"/{world.here.code}/notices/read/", before=looking(world))
    assert (answer.status, answer.changed) == (302, True)


@pytest.mark.selfcheck
def test_without_the_mark_of_personal_pages_they_are_shown(world, asker, monkeypatch):
    monkeypatch.setattr(pages.Page, "personal", False)
    view = __import__("evaluation.appraisal.sheets.views", fromlist=["sheet_list"]).sheet_list
    monkeypatch.setattr(view, "page", pages.Page(view.page.rule, view.page.of, view.page.methods))
    assert (
        asker.ask("office", "GET", f"/{world.here.code}/sheets/", before=looking(world)).status
        == 200
    )


@pytest.mark.selfcheck
def test_whose_eyes_they_are_decides_what_is_seen(world, asker, monkeypatch):
    monkeypatch.setattr(previews, "as_manager", lambda member, department, day: member)
    assert isinstance(world.here.people["office"], Member)
    assert (
        asker.ask(
            "office", "GET", f"/{world.here.code}/settings/body/", before=looking(world)
        ).status
        == 200
    )
