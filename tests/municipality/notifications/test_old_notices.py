"""Notices of another version: their rule is gone, a value is missing, or what stands in them is no
list of values. They are worded all the same, on screen, in files and by mail.
"""

from __future__ import annotations

import pytest
from django.core import mail
from django.utils.translation import override

from municipality.notifications.models import Mail, Notice
from municipality.notifications.operations.outbox import deliver_mails
from municipality.notifications.wording import filled, worded
from tests.build.municipality import at
from tests.build.town import with_another_body

pytestmark = pytest.mark.django_db
NOW = at(2026, 11, 6)
OLD = {
    "rule gone": {"rule": "something.retired", "params": {"title": "件"}},
    "value missing": {"rule": "decision.decided", "params": {}},
    "no values": {"rule": "decision.decided", "params": None},
    "a list": {"rule": "decision.decided", "params": ["件"]},
    "no stage": {"rule": "decision.step", "params": {}, "stage": "", "due_on": "2026-11-09"},
    "strange stage": {"rule": "decision.step", "params": {}, "stage": "early"},
    "title of no words": {"rule": "promise.keep", "params": {"title": None, "note": ["件"]}},
    "day that is none": {"rule": "promise.keep", "params": {"title": "first", "note": ""}},
    "stage without a day": {"rule": "decision.step", "params": {}, "stage": "-1"},
}


@pytest.fixture
def town():
    return with_another_body()[0]


def planted(member, name: str) -> Notice:
    """A row as an earlier version, or a hand in the database, left it."""
    params = OLD[name]["params"]
    notice = Notice.objects.create(
        municipality_id=member.municipality_id,
        member=member,
        object_id=1,
        key=name,
        told_at=NOW,
        **OLD[name] | {"params": {} if params is None else params},
    )
    if params is None:
        Notice.objects.filter(pk=notice.pk).update(params="")
    return Notice.objects.get(pk=notice.pk)


@pytest.mark.parametrize("name", OLD)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_inbox_and_its_files_open(town, name, language):
    staff = town.people["staff"]
    planted(staff, name)
    client = town.client("staff")
    client.cookies["language"] = language
    for address in ("notices/", "notices/?format=csv", "notices/?format=xlsx"):
        assert client.get(f"/{town.body.pk}/{address}").status_code == 200


@pytest.mark.parametrize("name", OLD)
def test_opening_it_leads_somewhere(town, name):
    notice = planted(town.people["staff"], name)
    answer = town.client("staff").post(f"/{town.body.pk}/notices/{notice.pk}/open/")
    assert answer.status_code == 302


def test_a_rule_that_is_gone_has_a_neutral_line_in_both_languages(town):
    notice = planted(town.people["staff"], "rule gone")
    assert worded(notice).subject == "通知(種類はこのバージョンにありません)"
    with override("en"):
        assert worded(notice).subject == "Notice (of a kind this version does not have)"
    assert (worded(notice).body, worded(notice).address) == ("", "")


def test_a_value_that_is_missing_is_a_dash(town):
    staff = town.people["staff"]
    assert worded(planted(staff, "value missing")).subject == "決裁済み「–」"
    own = {"decision.decided": ("{title}が決まりました", "{what}")}
    assert worded(planted(staff, "no values"), own).subject == "–が決まりました"
    assert filled("{title}/{other}", {"title": "件"}) == "件/–"


@pytest.mark.parametrize("name", ["rule gone", "value missing", "no values", "a list"])
def test_the_mail_goes_out(town, name):
    staff = town.people["staff"]
    notice = planted(staff, name)
    queued = Mail.objects.create(
        municipality=town.body, member=staff, day="2026-11-06", batch="day1", queued_at=NOW
    )
    Notice.objects.filter(pk=notice.pk).update(mail=queued)
    assert deliver_mails(now=NOW) == 1
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("name", ["strange stage", "no stage", "stage without a day"])
def test_a_reminder_of_nothing_that_waits_is_dropped(town, name):
    staff = town.people["staff"]
    notice = planted(staff, name)
    queued = Mail.objects.create(
        municipality=town.body, member=staff, day="2026-11-06", batch="day1", queued_at=NOW
    )
    Notice.objects.filter(pk=notice.pk).update(mail=queued)
    assert deliver_mails(now=NOW) == 0
    assert Mail.objects.get().state == Mail.State.DROPPED
