"""Canaries: strings that occur nowhere else, one per sensitive field and object, each with those
who may read it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .readers import SENSITIVE

HERE = "993018"
CANARY = re.compile(r"zq(\d{4})qz")


@dataclass(frozen=True)
class Canary:
    """Where a string was planted (body, field, object) and the personas who may read it."""

    code: str
    field: str
    slot: str
    readers: frozenset[str]


@dataclass
class Registry:
    """All canaries of a world by their number, and secrets that nobody but the named may ever be
    shown.
    """

    canaries: list[Canary] = field(default_factory=list)
    secrets: dict[str, Canary] = field(default_factory=dict)

    def plant(self, canary: Canary) -> str:
        """The string for it."""
        self.canaries.append(canary)
        return f"zq{len(self.canaries) - 1:04d}qz"

    def found_in(self, text: str) -> list[Canary]:
        """Every canary and secret in the text."""
        numbers = {int(number) for number in CANARY.findall(text)}
        hidden = [canary for secret, canary in self.secrets.items() if secret in text]
        return [
            self.canaries[number] for number in sorted(numbers) if number < len(self.canaries)
        ] + hidden

    def text_of(self, code: str, field_name: str, slot: str) -> str:
        """The string that was planted there."""
        wanted = (code, field_name, slot)
        found = [
            n
            for n, canary in enumerate(self.canaries)
            if (canary.code, canary.field, canary.slot) == wanted
        ]
        return f"zq{found[-1]:04d}qz"


@dataclass(frozen=True)
class Marks:
    """Plants the canaries of one body. In the twin the readers are its own office at most: of the
    personas nobody else is there.
    """

    registry: Registry
    code: str

    def __call__(self, field_name: str, slot: str) -> str:
        """A canary for the field of the object in this slot."""
        return self.registry.plant(self._canary(field_name, slot))

    def secret(self, text: str, field_name: str, slot: str) -> str:
        """Remember a string that arose by itself and must be shown to nobody but its readers."""
        self.registry.secrets[text] = self._canary(field_name, slot)
        return text

    def _canary(self, field_name: str, slot: str) -> Canary:
        allowed = SENSITIVE[field_name].allowed(slot)
        if self.code != HERE and slot != "office_other":
            allowed = frozenset({"office_other"} if "office" in allowed else ())
        return Canary(self.code, field_name, slot, allowed)
