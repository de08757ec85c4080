"""What goes wrong around the workers besides their death: the broker, the mail server, the
database.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import redis
from django.conf import settings
from django.db import connection

from .processes import Letters


class Refusing(Letters):
    """Refuses every third mail of the first round, and takes it later."""

    asked = 0

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - the name is aiosmtpd's
        """Now and then: try again later."""
        self.asked += 1
        if self.asked % 3 == 0 and self.asked < 30:
            return "451 try again later"
        return await super().handle_DATA(server, session, envelope)


class Stalling(Letters):
    """Keeps one mail waiting for longer than anybody waits, and does not take it."""

    asked = 0

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - the name is aiosmtpd's
        """Once: say nothing for twelve seconds; whoever sends waits six."""
        self.asked += 1
        if self.asked == 10:
            await asyncio.sleep(12)
            return "451 too late"
        return await super().handle_DATA(server, session, envelope)


class Dropping(Letters):
    """Takes one mail and hangs up before it says so."""

    dropped = False

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - the name is aiosmtpd's
        """Take it, and once say nothing."""
        answer = await super().handle_DATA(server, session, envelope)
        if not self.dropped and len(self.taken) == 15:
            self.dropped = True
            server.transport.close()
        return answer


def empty_the_broker() -> None:
    """What a broker that was killed without persistence looks like afterwards."""
    redis.Redis.from_url(settings.REDIS_URL).flushall()


def cut_the_connections() -> None:
    """Each connection to the database but this one is cut, in whatever it does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


DROPPED, CUT = "mail dropped after acceptance", "connections cut"
SERVERS: dict[str, type[Letters]] = {
    "mail refused": Refusing,
    "mail stalls": Stalling,
    DROPPED: Dropping,
}
ACTS: dict[str, Callable[[], None]] = {"broker emptied": empty_the_broker, CUT: cut_the_connections}
CUTS = (DROPPED, CUT)
"""What can come between a mail's acceptance and its mark: the one window in which a second copy
goes out.
"""
FAULTS = ("none", *ACTS, *SERVERS)
SCHEDULERS = (1, 2, 3)
