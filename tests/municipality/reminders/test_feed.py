"""The personal calendar: by a secret shown once, with numbers only, and gone with the account."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from municipality.accounts.models import User
from municipality.audit.models import Entry
from municipality.organisation.models import Member
from municipality.reminders.calendar_feed import calendar_of
from municipality.reminders.models import CalendarFeed
from municipality.reminders.operations.calendar_feed import digest_of, end_feed, make_feed
from tests.build import decisions as build
from tests.build.municipality import (
    a_body,
    a_department,
    a_member,
    also_posted,
    an_account,
    at,
    root_of,
    signed_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("invented_matter")]
TODAY = date(2026, 11, 5)


@pytest.fixture
def town():
    class Town:
        body = a_body()
        soumu = a_department(body)
        drafter = a_member(soumu, name="髙瀬 由紀")
        chief = a_member(soumu, "manager", post="課長", mail="kacho@town.example.jp")

    build.a_route(Town.soumu, (1, "decide", "課長", Town.soumu))
    for number in (1, 2):
        build.a_running(
            Town.drafter, Town.soumu, subject_id=number, now=at(2026, 11, 4)
        )  # due on 11/9
    an_account(Town.chief)
    return Town


def events(user: User, today: date = TODAY) -> list:
    return list(Calendar.from_ical(calendar_of(user, today)).walk("VEVENT"))


def test_it_says_how_many_things_are_due_on_which_day_and_no_name_or_title(town):
    (event,) = events(town.chief.user)
    assert event.decoded("dtstart") == date(2026, 11, 9)
    assert event.decoded("dtend") == date(2026, 11, 10)
    assert str(event["summary"]) == "期限 2件(あおば町)"
    assert str(event["description"]) == "決裁 2"
    text = calendar_of(town.chief.user, TODAY).decode()
    assert [word for word in ("第2期試行", "髙瀬", town.chief.name, "総務課") if word in text] == []


def test_an_event_keeps_a_name_of_its_own_in_each_persons_calendar(town):
    second = a_member(town.soumu, "manager", post="課長")
    elsewhere = a_member(a_department(a_body("203211", "いずみ市")), "manager", post="課長")
    elsewhere.user = town.chief.user
    elsewhere.save()
    an_account(second)
    (before,) = events(town.chief.user)
    (other,) = events(second.user)
    build.a_running(town.drafter, town.soumu, subject_id=3, now=at(2026, 11, 4))
    (after,) = events(town.chief.user, date(2026, 11, 6))
    assert str(after["summary"]) != str(before["summary"])
    assert str(after["uid"]) == str(before["uid"])
    assert str(other["uid"]) != str(before["uid"])


def test_a_reader_is_told_to_come_back_every_six_hours(town):
    calendar = Calendar.from_ical(calendar_of(town.chief.user, TODAY))
    assert calendar.decoded("refresh-interval") == timedelta(hours=6)
    assert str(calendar["x-published-ttl"]) == "PT6H"


def test_it_is_in_the_persons_own_language(town):
    secret = make_feed(town.chief.user, now=at(2026, 11, 4))
    User.objects.filter(pk=town.chief.user.pk).update(language="en")
    text = Client().get(f"/calendar/{secret}.ics").content.decode()
    assert "X-WR-CALNAME:Due dates" in text


def test_the_secret_opens_it_without_a_session_and_is_kept_by_its_digest_only(town):
    secret = make_feed(town.chief.user, now=at(2026, 11, 4))
    assert (len(secret) >= 43, CalendarFeed.objects.get().digest) == (True, digest_of(secret))
    answer = Client().get(f"/calendar/{secret}.ics")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert answer["X-Robots-Tag"] == "noindex"
    assert Client().get(f"/calendar/{secret}x.ics").status_code == 404
    assert Client().post(f"/calendar/{secret}.ics").status_code == 405
    assert secret not in "".join(
        str(entry.content.body) for entry in Entry.objects.select_related("content")
    )


def test_a_reader_that_has_it_already_is_told_so(town):
    secret = make_feed(town.chief.user, now=at(2026, 11, 4))
    first = Client().get(f"/calendar/{secret}.ics")
    again = Client().get(f"/calendar/{secret}.ics", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_new_secret_voids_the_old_one_and_it_can_be_ended(town):
    client = signed_in(town.chief)
    page = client.post("/account/calendar/").content.decode()
    first = page.split("/calendar/")[-1].split(".ics")[0]
    assert Client().get(f"/calendar/{first}.ics").status_code == 200
    assert first not in client.get("/account/notices/").content.decode()  # shown once
    second = (
        client.post("/account/calendar/").content.decode().split("/calendar/")[-1].split(".ics")[0]
    )
    assert [Client().get(f"/calendar/{token}.ics").status_code for token in (first, second)] == [
        404,
        200,
    ]
    assert client.post("/account/calendar/end/").status_code == 302
    assert Client().get(f"/calendar/{second}.ics").status_code == 404
    assert CalendarFeed.objects.count() == 0


def test_it_ends_with_the_account_and_with_the_posting(town):
    secret = make_feed(town.chief.user, now=at(2026, 11, 4))
    town.chief.postings.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert b"VEVENT" not in Client().get(f"/calendar/{secret}.ics").content
    User.objects.filter(pk=town.chief.user.pk).update(is_active=False)
    assert Client().get(f"/calendar/{secret}.ics").status_code == 404


@pytest.mark.parametrize("facts", [{"is_active": False}, {"locked_at": at(2026, 11, 4)}])
def test_whoever_is_shut_out_of_a_body_reads_nothing_of_it(town, facts):
    Member.objects.filter(pk=town.chief.pk).update(**facts)
    assert events(town.chief.user) == []


def test_the_same_thing_by_two_roles_counts_once_and_queries_do_not_grow(
    town, django_assert_num_queries
):
    also_posted(town.chief, root_of(town.body), "office")
    with django_assert_num_queries(4):
        (event,) = events(town.chief.user)
    assert str(event["summary"]) == "期限 2件(あおば町)"
    for number in range(3, 9):
        build.a_running(town.drafter, town.soumu, subject_id=number, now=at(2026, 11, 4))
    with django_assert_num_queries(4):
        (event,) = events(town.chief.user)
    assert str(event["summary"]) == "期限 8件(あおば町)"


def test_it_is_the_same_all_day_as_long_as_nothing_changed(town):
    assert calendar_of(town.chief.user, TODAY) == calendar_of(town.chief.user, TODAY)
    end_feed(town.chief.user)
    assert Entry.objects.filter(verb="feed.ended").count() == 0
