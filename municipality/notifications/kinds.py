"""A kind of notice: its wording and where it leads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from municipality.notifications.models import Notice


@dataclass(frozen=True)
class Letter:
    """Where a mail with a secret goes, and the address that stands in it: worked out when it is
    sent, kept nowhere.
    """

    to: str
    address: str


@dataclass(frozen=True)
class NoticeKind:
    """The wording of a notice: subject and body with %(…)s parameters, and the page it leads to
    (code, object number).

    Urgent ones (a decision to take, security) are mailed at once; the others are gathered into the
    day's mail. Those of `security` wait for nobody's hours or pause, and their words are nobody's
    to change. With `while_due` the mail goes out only as long as a deadline of one of these rules
    still waits for the thing; the notice has its due date then. `letter` gives the mail an address
    of its own that holds a secret, or None when there is nothing to send any more.
    """

    rule: str
    subject: Any
    body: Any
    page: str
    urgent: bool = False
    while_due: tuple[str, ...] = ()
    letter: Callable[[Notice], Letter | None] | None = None
    security: bool = False
