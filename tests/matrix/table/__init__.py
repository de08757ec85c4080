"""The closed matrix, written by hand: every address × method × persona × object, and what each of
them is answered.

The columns are the personas who get into the body:

    st staff           ma manager           mo manager_other   yd until_yesterday (moved to 税務課
    today)
    de deputy          of office            hr hr              ex executive (the mayor, away)
    co consultant      au auditor           cc concurrent (leads in 税務課, and holds a second post
    as staff in 総務課)

The rows under an address are its objects: self (the staff persona's own), own (somebody else's in
総務課, or 総務課 itself), below (庶務係), other (税務課) and what the address needs besides.
Answers:

    +  goes through: 200 for GET, 302 for POST        -  403, with the reason
    .  404, as if it were not there                   =  200 for POST (a page that is shown once)

What no row says holds everywhere: signed out or with an ended account one is led to sign-in;
without the second factor to the second factor; who has no place in the body (any more) gets 404,
whose door is shut 403; a wrong method is 405; a thing of the other body and a thing that does not
exist are 404 alike (`absent` says so where the rule comes first).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.world.town import INSIDE

from . import evaluation, municipality, outside, pilots, rollout, training

SHORT = ["st", "ma", "mo", "yd", "de", "of", "hr", "ex", "co", "au", "cc"]
ANSWERS = set("+-.=")
ABSENT = "absent"


@dataclass
class Row:
    """One address with one method: per object the answers, one letter per column of INSIDE."""

    name: str
    method: str
    family: str
    cells: dict[str, str] = field(default_factory=dict)

    def expected(self, slot: str, who: str) -> int:
        """The status for somebody who gets into the body."""
        letter = self.cells[slot][INSIDE.index(who)]
        return {"+": 302 if self.method == "POST" else 200, "=": 200, "-": 403, ".": 404}[letter]


def parse(text: str) -> list[Row]:
    """The rows of a table; its first line repeats the columns."""
    lines = [
        line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")
    ]
    if lines[0].split() != SHORT:
        raise ValueError(f"columns are {lines[0].split()}")
    rows: list[Row] = []
    for line in lines[1:]:
        if line[0] == " ":
            slot, *letters = line.split()
            rows[-1].cells[slot] = _cells(letters, line)
        else:
            name, methods, family, *letters = line.split()
            for method in methods.split(","):
                rows.append(Row(name, method, "" if family == "-" else family))
                if letters:
                    rows[-1].cells[""] = _cells(letters, line)
    return _filled(rows)


def _cells(letters: list[str], line: str) -> str:
    if len(letters) != len(INSIDE) or set(letters) - ANSWERS:
        raise ValueError(line)
    return "".join(letters)


def _filled(rows: list[Row]) -> list[Row]:
    """Rows that share their lines (GET,POST) get them all; what has objects has an absent one."""
    for before, row in zip(rows[::-1], rows[-2::-1], strict=False):
        if not row.cells:
            row.cells = before.cells
    for row in rows:
        if row.family:
            row.cells.setdefault(ABSENT, "." * len(INSIDE))
    return rows


ROWS = [
    row
    for module in (municipality, rollout, training, pilots, evaluation)
    for row in parse(module.TABLE)
]
OUTSIDE = outside.ROWS
