"""The same form many times at the same moment is done once, and each sender gets to its result."""

from __future__ import annotations

import pytest

from municipality.notifications.models import Notice
from municipality.reminders.models import Announcement
from municipality.web.models import SentForm
from tests.build.municipality import signed_in
from tests.build.town import a_town
from tests.municipality.web.test_sent_once import confirmed

from .together import together

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
AT_ONCE = 6


def test_of_many_at_once_one_is_done_and_all_get_to_its_page():
    town = a_town()
    office, address = town.people["office"], f"/{town.body.pk}/settings/announcements/"
    clients = [signed_in(office) for _ in range(AT_ONCE)]
    form = confirmed(clients[0], address)
    answers = together([lambda client=client: client.post(address, form) for client in clients])
    assert [answer.status_code for answer in answers] == [302] * AT_ONCE
    assert {answer.headers["Location"] for answer in answers} == {SentForm.objects.get().address}
    assert (Announcement.objects.count(), Notice.objects.count()) == (1, 2)
