"""The whole product: every point × schedulers × faults of broker and mail server. `make soak`; hours, not minutes."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest
import redis
from django.conf import settings

from municipality.models import Mail

from .processes import Letters, crew, mail_server, points, until
from .test_reminders import ACCEPTED, PEOPLE, all_sent, due, told_once  # noqa: F401 - `due` is a fixture

pytestmark = [pytest.mark.soak, pytest.mark.django_db(transaction=True)]
SCHEDULERS = (1, 2, 3)
FAULTS = ("none", "broker emptied", "mail refused", "mail dropped after acceptance")


class Refusing(Letters):
    """A mail server that refuses every third mail, and accepts it later."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - the name is aiosmtpd's
        """Now and then: try again later."""
        self.asked += 1
        if self.asked % 3 == 0 and self.asked < PEOPLE:
            return "451 try again later"
        return await super().handle_DATA(server, session, envelope)


class Dropping(Letters):
    """A mail server that takes one mail and hangs up before it says so."""

    def __init__(self) -> None:
        super().__init__()
        self.dropped = False

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - the name is aiosmtpd's
        """Take it, and once say nothing."""
        answer = await super().handle_DATA(server, session, envelope)
        if not self.dropped and len(self.taken) == PEOPLE // 2:
            self.dropped = True
            server.transport.close()
        return answer


SERVERS = {"mail refused": Refusing, "mail dropped after acceptance": Dropping}


def empty_the_broker() -> None:
    """What a broker that was killed without persistence looks like afterwards."""
    redis.Redis.from_url(settings.REDIS_URL).flushall()


@pytest.mark.parametrize(
    ("point", "schedulers", "fault"), list(product(points("mail", "reminders."), SCHEDULERS, FAULTS))
)
def test_nothing_is_lost_and_nothing_comes_twice(due, tmp_path, point, schedulers, fault):  # noqa: F811
    letters = SERVERS.get(fault, Letters)()
    with mail_server(letters) as (letters, port), crew(tmp_path, port) as team:
        team.environment["MAIL_RETRY_SECONDS"] = "1"
        team.worker("first", crash_at=point)
        team.worker("second", crash_at=point)
        for number in range(schedulers):
            team.scheduler(f"beat{number}")
        assert until((tmp_path / "crashed").exists, seconds=120), f"nobody came to {point}"
        if fault == "broker emptied":
            empty_the_broker()
        assert until(all_sent, seconds=180), Counter(Mail.objects.values_list("state", flat=True))
    numbers = Counter(letters.taken)
    assert set(told_once().values()) == {1}
    assert len(numbers) == PEOPLE
    windows = (point == ACCEPTED) + (fault == "mail dropped after acceptance")
    assert sum(numbers.values()) - PEOPLE <= windows
