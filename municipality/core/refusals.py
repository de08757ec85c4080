"""Who may. A rule answers True or Refusal(reason); the same answer guards the operation and
explains the button.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.utils.functional import Promise

if TYPE_CHECKING:
    from municipality.organisation.models import Member


@dataclass(frozen=True)
class Refusal:
    """A refusal with its reason in the reader's language, and where it can be mended."""

    reason: str | Promise
    address: str = ""

    def __bool__(self) -> Literal[False]:
        return False


Answer = Literal[True] | Refusal


class Denied(Exception):
    """Somebody may not do this: answered with 403 and the reason."""

    def __init__(self, no: Refusal) -> None:
        super().__init__(str(no.reason))
        self.no = no


@dataclass(frozen=True)
class Difference:
    """One field of a form that came too late: what stands there now, and what was typed."""

    label: str
    now: str
    typed: str


class Conflict(Exception):
    """Not possible now, or somebody else was first: answered with 409 and the reason. A form that
    came too late shows its `differences`, so that both texts can be compared.
    """

    def __init__(
        self, reason: str | Promise, address: str = "", differences: Sequence[Difference] = ()
    ) -> None:
        super().__init__(str(reason))
        self.reason, self.address, self.differences = reason, address, differences


def require(answer: Answer) -> None:
    """Go on only when the rule said yes. Raises Denied."""
    if isinstance(answer, Refusal):
        raise Denied(answer)


def anyone(member: Member, obj: object = None) -> Answer:
    """Every member of the body."""
    return True
