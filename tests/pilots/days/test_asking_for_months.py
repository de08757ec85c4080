"""From the dashboard and the review to the month that is missing: who declares and who reminds."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from evaluation.pdca.indicators.operations import load_indicators
from evaluation.pdca.reviews.models import Review
from evaluation.pdca.schedule.operations import open_due_reviews
from municipality.core.refusals import Conflict, Denied
from municipality.notifications.models import Mail, Notice
from municipality.notifications.operations.outbox import deliver_mails
from municipality.organisation.models import Department, Member, Posting
from municipality.reminders.operations.mails import gather_mails
from pilots.days.deadlines import to_hand_in_as_clerk
from pilots.days.models import UsageMonth
from pilots.days.operations import submissions as operations
from pilots.days.queries import months_to_hand_in
from pilots.days.rules import may_declare
from tests.build import pilots as build
from tests.build.municipality import at, signed_in, with_duty

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tenth")]

OCTOBER = date(2026, 10, 1)
NOW = at(2026, 11, 10)
DECLARE, REMIND = "提出または実績なしの申告", "提出を督促"


@pytest.fixture
def town():
    """企画財政課 handed in August and September; October is missing and was opened in time."""
    town = build.a_town()
    build.a_used(town)
    for month in (8, 9, 10):
        operations.open_usage_months(town.body, at(2026, month, 30))
    operations.open_usage_months(town.body, at(2026, 11, 2))
    load_indicators(town.body)
    open_due_reviews(town.body, at(2026, 11, 2))
    return town


def october() -> UsageMonth:
    return UsageMonth.objects.select_related("department", "municipality").get(month=OCTOBER)


def pages(town) -> dict[str, str]:
    """The dashboard, and the reviews of October that name the department."""
    reviews = {
        str(review.place): review.get_absolute_url()
        for review in Review.objects.filter(cadence="month", first=OCTOBER)
    }
    return {"dashboard": f"/{town.body.pk}/dashboard/", **reviews}


@pytest.mark.parametrize("where", ["dashboard", "企画財政課"])
@pytest.mark.parametrize(("who", "words"), [("chief", DECLARE), ("office", REMIND)])
def test_the_page_leads_to_the_missing_month(town, where, who, words):
    text = signed_in(getattr(town, who)).get(pages(town)[where]).content.decode()
    assert f'href="{october().get_absolute_url()}"' in text
    assert words in text


def test_the_review_of_the_body_leads_the_office_there(town):
    text = signed_in(town.office).get(pages(town)["あおば町"]).content.decode()
    assert f'href="{october().get_absolute_url()}"' in text


@pytest.mark.parametrize(("who", "words"), [("chief", DECLARE), ("office", REMIND)])
def test_the_page_of_the_records_lists_what_is_missing(town, who, words):
    text = signed_in(getattr(town, who)).get(f"/{town.body.pk}/usage/").content.decode()
    assert "提出されていない月" in text
    assert f'href="{october().get_absolute_url()}">{words}' in text
    operations.declare_no_telework(town.kikaku, OCTOBER, by=town.chief, now=NOW)
    text = signed_in(getattr(town, who)).get(f"/{town.body.pk}/usage/").content.decode()
    assert "提出されていない月" not in text


def test_the_clerk_gets_there_from_home_as_the_review_is_for_managers(town):
    with_duty(town.staff[0], "clerk", town.kikaku)
    client = signed_in(town.staff[0])
    assert client.get(pages(town)["企画財政課"]).status_code == 404
    assert october().get_absolute_url() in client.get(f"/{town.body.pk}/").content.decode()


@pytest.mark.parametrize("who", ["consultant", "auditor", "mayor"])
def test_who_may_do_nothing_about_it_gets_no_link(town, who):
    for page in pages(town).values():
        text = signed_in(getattr(town, who)).get(page).content.decode()
        assert october().get_absolute_url() not in text


def test_a_declared_month_is_no_longer_asked_for(town):
    operations.declare_no_telework(town.kikaku, OCTOBER, by=town.chief, now=NOW)
    text = signed_in(town.office).get(pages(town)["dashboard"]).content.decode()
    assert REMIND not in text


def test_the_office_reminds_manager_and_clerk_once_a_day(town):
    with_duty(town.staff[0], "clerk", town.kikaku)
    row = october()
    assert operations.remind_to_hand_in(row, by=town.office, now=NOW) == 2
    told = Notice.objects.filter(rule="usage.asked")
    assert set(told.values_list("member", flat=True)) == {town.chief.pk, town.staff[0].pk}
    with pytest.raises(Conflict, match="今日は"):
        operations.remind_to_hand_in(row, by=town.office, now=NOW)
    assert operations.remind_to_hand_in(row, by=town.office, now=at(2026, 11, 11)) == 2


def test_a_clerk_who_is_away_for_long_neither_acts_nor_is_asked(town):
    with_duty(town.staff[0], "clerk", town.kikaku)
    town.staff[0].postings.update(status=Posting.Status.LEAVE)
    row = october()
    assert not to_hand_in_as_clerk(town.body, NOW.date()).filter(pk=row.pk).exists()
    assert operations.remind_to_hand_in(row, by=town.office, now=NOW) == 1
    assert not may_declare(Member.objects.get(pk=town.staff[0].pk), town.kikaku)


def test_who_is_clerk_of_two_departments_is_asked_for_each(town):
    with_duty(town.staff[0], "clerk", town.kikaku)
    with_duty(town.staff[0], "clerk", town.zeimu)
    authority = Member.objects.get(pk=town.staff[0].pk).authority
    places = (town.kikaku, town.zeimu, town.root)
    assert [authority.is_clerk_of(place.pk) for place in places] == [True, True, False]
    rows = to_hand_in_as_clerk(town.body, NOW.date()).filter(pk=october().pk)
    assert rows.count() == 1


def test_after_the_reminder_the_page_says_when_and_offers_none_on_that_day(town, monkeypatch):
    page, client = october().get_absolute_url(), signed_in(town.office)
    assert "督促を送る" in client.get(page).content.decode()
    text = client.post(f"{page}remind/", follow=True).content.decode()
    assert "最後に督促した日時は、" in text
    assert "督促を送る" not in text
    monkeypatch.setattr(timezone, "now", lambda: at(2026, 11, 11, 10))
    text = signed_in(town.office).get(page).content.decode()
    assert "最後に督促した日時は、" in text
    assert "督促を送る" in text


def reminded_by_mail(town) -> None:
    """Manager and 庶務担当 were reminded, and the mail of the day is queued."""
    with_duty(town.staff[0], "clerk", town.kikaku)
    operations.remind_to_hand_in(october(), by=town.office, now=NOW)
    Notice.objects.exclude(rule="usage.asked").delete()
    assert gather_mails(town.body, now=NOW, hours=False) == 2


def test_the_mail_of_the_reminder_reaches_manager_and_clerk(town, mailoutbox):
    reminded_by_mail(town)
    assert deliver_mails(now=NOW) == 2
    assert sorted(mail.to[0] for mail in mailoutbox) == sorted(
        person.reached_by for person in (town.chief, town.staff[0])
    )
    assert all("実施記録の提出の督促(企画財政課)" in mail.body for mail in mailoutbox)


def test_the_mail_is_dropped_when_the_month_came_in_meanwhile(town, mailoutbox):
    reminded_by_mail(town)
    build.used(town.staff[0], town.kikaku, date(2026, 10, 6))
    assert deliver_mails(now=NOW) == 0
    assert mailoutbox == []
    assert set(Mail.objects.values_list("state", flat=True)) == {Mail.State.DROPPED}


def test_the_mail_is_dropped_for_who_is_no_longer_the_clerk(town, mailoutbox):
    reminded_by_mail(town)
    town.staff[0].duties.all().delete()
    assert deliver_mails(now=NOW) == 1
    assert [mail.to for mail in mailoutbox] == [[town.chief.reached_by]]


@pytest.mark.parametrize("who", ["chief", "mayor", "consultant"])
def test_nobody_else_reminds(town, who):
    with pytest.raises(Denied):
        operations.remind_to_hand_in(october(), by=getattr(town, who), now=NOW)


def test_a_month_that_came_in_is_not_reminded_of(town):
    build.used(town.staff[0], town.kikaku, date(2026, 10, 6))
    with pytest.raises(Conflict, match="提出されています"):
        operations.remind_to_hand_in(october(), by=town.office, now=NOW)


def test_the_button_on_the_page_of_the_month(town):
    page, client = october().get_absolute_url(), signed_in(town.office)
    assert "督促を送る" in client.get(page).content.decode()
    text = client.post(f"{page}remind/", follow=True).content.decode()
    assert "1人に督促しました。" in text
    assert "督促を送る" not in signed_in(town.chief).get(page).content.decode()


def test_reading_the_months_takes_one_query(town, django_assert_num_queries):

    member = Member.objects.select_related("municipality").get(pk=town.office.pk)
    member.authority.has("manager", town.root.path)
    with django_assert_num_queries(1):
        rows = months_to_hand_in(member, OCTOBER, date(2026, 10, 31))
    assert [(row.department, row.reminds, row.declares) for row in rows] == [
        (Department.objects.get(name="企画財政課").pk, True, False)
    ]
