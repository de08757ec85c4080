"""Limits on guessing, counted in the database cache: shared by all processes and alive when the
broker is not.

A count is a row of numbered slots in a window of time. A slot is taken by `cache.add`, which only
one of many parallel requests can win for the same slot; a plain counter that is read and written
would let a burst pass as one.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass

from django.core.cache import cache


@dataclass(frozen=True)
class Limit:
    """At most `most` tries in each window of `seconds`, counted from the full minute, for each
    key.
    """

    name: str
    most: int
    seconds: int

    def slots(self, key: str) -> list[str]:
        """The cache keys of this window's slots; what is counted for is kept as a digest only."""
        whose = hashlib.sha256(key.encode()).hexdigest()[:32]
        window = int(time.time()) // self.seconds
        return [f"limit:{self.name}:{whose}:{window}:{number}" for number in range(self.most)]

    def ends_at(self) -> float:
        """When the window of now ends, in seconds since 1970."""
        return float((int(time.time()) // self.seconds + 1) * self.seconds)

    def take(self, key: str) -> str | None:
        """Take one slot; None when this window has none left. Give it back by `give_back` when the
        try was a good one.
        """
        slots = self.slots(key)
        taken = cache.get_many(slots)
        free = (slot for slot in slots if slot not in taken)
        return next((slot for slot in free if cache.add(slot, 1, self.seconds + 5)), None)

    def is_used_up(self, key: str) -> bool:
        """Has this window no slot left?"""
        return len(cache.get_many(self.slots(key))) >= self.most


def give_back(slot: str) -> None:
    """Free a slot that was taken for a try that turned out to be good."""
    cache.delete(slot)


def name_key(name: str, device: str = "") -> str:
    """What is counted for a name of sign-in (and a browser that knows it). Each lifting begins a
    new count.
    """
    turn = cache.get(_lifted(name), 0)
    return f"{name} {turn} {device}".strip()


def code_key(user_id: int, way: str, device: str = "") -> str:
    """Key under which codes are counted for a user, a way and a browser that knows the user."""
    return name_key(f"user {user_id}", f"{way} {device}".strip())


def lift_codes(user_id: int) -> None:
    """Begin a new count of codes for a user, whatever way and browser."""
    lift(f"user {user_id}")


def lift(name: str) -> None:
    """Begin a new count for a name, from whatever browser: the office knows the person and wants
    them in.
    """
    cache.set(_lifted(name), time.time_ns(), 2 * NAME_BY_STRANGERS.seconds)


def _lifted(name: str) -> str:
    return f"lifted:{hashlib.sha256(name.encode()).hexdigest()[:32]}"


def forget(limit: Limit, key: str) -> None:
    """Give all slots of this window back."""
    cache.delete_many(limit.slots(key))


NAME_BY_STRANGERS = Limit("name", 5, 300)
"""Wrong passwords for one name of sign-in, from browsers that never signed in with it."""


NAME_BY_DEVICE = Limit("device", 10, 300)
"""Wrong passwords for one name from one browser that did: a stranger's guesses do not shut the
owner out.
"""


ADDRESS = Limit("address", 200, 300)
"""Wrong passwords from one address for whatever names. A whole town hall comes from one, so only
failures count.
"""


CODE_BY_USER = Limit("code-user", 10, 60)
"""Codes of the second factor, right or wrong, for one user and way (app or table, recovery codes),
from one browser that knows the user or from all others together. The network address is no ground:
a whole town hall comes from one.
"""


INVITATION_BY_ADDRESS = Limit("invitation", 30, 300)
"""Wrong short codes of invitations from one address."""


NAME_BY_INVITATION = Limit("invitation-name", 5, 3600)
"""Names of sign-in that turned out to be taken, for one invitation: nobody lists with it who has an
account.
"""
