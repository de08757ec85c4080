"""A kind of deadline, and the columns that all kinds have in common."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from datetime import date
from typing import Any, Literal

from django.db.models import BigIntegerField, CharField, DateField, F, QuerySet, Value
from django.db.models.functions import Cast

from municipality.organisation.models import Municipality

logger = logging.getLogger(__name__)

COLUMNS = (
    "d_rule",
    "d_object",
    "d_member",
    "d_path",
    "d_role",
    "d_due",
    "d_opened",
    "d_title",
    "d_note",
    "d_above",
)


LEADING = "leading"
"""As role of a deadline's row, beside its member: it waits for this person only while they lead the
department.
"""


@dataclass(frozen=True)
class Deadline:
    """A kind of thing that is due from somebody by a day.

    `waiting(municipality, today)` gives the rows not done yet, each annotated by `due_rows`.
    `title` is worded with %(title)s and %(note)s; `page` is a URL name that takes (code, object
    number) and opens for whoever is to act. `model` is what the page shows, by whose `visible_to`
    it opens for others; None where the page fetches its row itself, as a personal record does, and
    opens for nobody else. `escalates` names the furthest who is told when it is late: what only two
    people may see must not go beyond them. `whom` says in words who has to do it. `opens_itself`:
    the clock opens it, after an outage even past its day, and its latest stage is told all the
    same; what else arrives with a day that has passed is not told of stages before it came.
    `title_words` and `note_words` turn what a row says for the machine, such as a day or a month,
    into words of the reader's language. `list_page` is the URL name of the list that holds these
    things, `list_query` narrows it to those that wait. `same_as` names the rule that asks other
    people for the same things: lists and counts hold them once. `note_names_person`: the note names
    somebody in a personal matter, for the list of things to do alone; notices and mails go without.
    """

    rule: str
    kind: Any
    action: Any
    title: Any
    page: str
    waiting: Callable[[Municipality, date], QuerySet]
    _: KW_ONLY
    model: Any = None
    escalates: Literal["office", "manager", "nobody"] = "office"
    whom: Any = ""
    opens_itself: bool = False
    list_page: str = ""
    list_query: str = ""
    same_as: str = ""
    title_words: Callable[[str], str] = str
    note_words: Callable[[str], str] = str
    note_names_person: bool = False

    def worded(self, title: str, note: str) -> str:
        """The thing in one line, in the reader's language."""
        return str(self.title) % self.values(title, note)

    def values(self, title: str, note: str) -> dict[str, str]:
        """What fills %(title)s and %(note)s, in the reader's language. What cannot be worded, such
        as a value that an earlier version stored, stands as it is.
        """
        return {
            "title": _worded(self.title_words, title),
            "note": _worded(self.note_words, note),
        }


def _worded(words: Callable[[str], str], said: Any) -> str:
    try:
        return words(str(said))
    except Exception:  # whatever a kind's words stumble over, the list it stands in opens
        logger.exception("words of %r", said)
        return str(said)


def due_rows(
    rows: QuerySet,
    rule: str,
    *,
    due: str = "due_on",
    opened: str,
    title: Any,
    member: str = "",
    path: Any = "",
    role: Any = "",
    note: Any = None,
    object_id: str = "pk",
    above: str = "",
) -> QuerySet:
    """Annotate rows with the fixed columns of a deadline, so that all kinds join in one UNION ALL.

    The person is either `member` (a field) or the holder of `role` for the department whose path is
    in the field `path`; or `member` as long as they lead the department, with LEADING as `role` (a
    word or an expression). `opened`, `due` are date fields; `title` and `note` a field name or an
    expression. `above` is the field of the one person who is told instead of the nearest manager
    when it is late, as long as they lead the department.
    """

    def text(value: Any) -> Any:
        return Cast(F(value) if isinstance(value, str) else value, CharField())

    return rows.annotate(
        d_rule=Value(rule, CharField()),
        d_object=Cast(F(object_id), BigIntegerField()),
        d_member=Cast(F(member), BigIntegerField()) if member else Value(0, BigIntegerField()),
        d_path=text(path) if path else Value("", CharField()),
        d_role=Value(role, CharField()) if isinstance(role, str) else role,
        d_due=Cast(F(due), DateField()),
        d_opened=Cast(F(opened), DateField()),
        d_title=text(title),
        d_note=text(note) if note else Value("", CharField()),
        d_above=Cast(F(above), BigIntegerField()) if above else Value(0, BigIntegerField()),
    )
