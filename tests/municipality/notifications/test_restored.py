"""A restored backup sends nothing until somebody says that it is the database to go on with."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command

from municipality.notifications.models import Mail
from municipality.notifications.operations.outbox import deliver_mails
from municipality.organisation.models import Member
from municipality.reminders.operations.mail_troubles import send_test
from tests.build.municipality import a_body, a_member, at, root_of, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(settings, tmp_path) -> Member:
    settings.OUTBOX_MARK = str(tmp_path / "var" / "sent")
    return a_member(root_of(a_body()), "office", mail="jimu@town.example.jp")


def queue(office: Member, hour: int) -> int:
    send_test(by=office, now=at(2026, 11, 6, hour))
    return deliver_mails(now=at(2026, 11, 6, hour))


def restore() -> None:
    """The newest mail was not sent yet when the backup was made."""
    newest = Mail.objects.latest("pk")
    Mail.objects.filter(pk=newest.pk).update(state="queued", sent_at=None)


def confirmed(*arguments: str) -> str:
    out = StringIO()
    call_command("confirm_restore", *arguments, stdout=out)
    return out.getvalue().strip()


def test_nothing_is_sent_until_it_is_confirmed(office):
    assert [queue(office, 9), queue(office, 10)] == [1, 1]
    restore()
    mail.outbox.clear()
    assert deliver_mails(now=at(2026, 11, 6, 11)) == 0
    assert queue(office, 12) == 0
    assert (
        "confirm_restore"
        in signed_in(office).get(f"/{office.municipality_id}/settings/mails/").content.decode()
    )
    assert confirmed() == "送信を再開します。送らない 2"
    assert deliver_mails(now=at(2026, 11, 6, 13)) == 0
    assert mail.outbox == []
    assert queue(office, 14) == 1


def test_what_waited_can_be_sent_all_the_same(office):
    queue(office, 9)
    restore()
    assert confirmed("--send") == "送信を再開します。送る 1"
    assert deliver_mails(now=at(2026, 11, 6, 11)) == 1


def test_a_database_that_goes_on_needs_no_word(office):
    assert confirmed() == "送信は止まっていません。"
    assert [queue(office, hour) for hour in (9, 10, 11)] == [1, 1, 1]
    assert confirmed() == "送信は止まっていません。"


@pytest.mark.selfcheck
def test_without_the_mark_it_would_be_sent_again(office, settings):
    queue(office, 9)
    restore()
    settings.OUTBOX_MARK = None
    assert deliver_mails(now=at(2026, 11, 6, 11)) == 1
