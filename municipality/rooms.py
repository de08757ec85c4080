"""What each app offers to the floors below it: one typed object per app, loaded when first asked for.

`municipality` knows what is due, what can be decided and what can be imported only through these; it never names a
later app. The dotted paths of the rooms stand in `settings.ROOMS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal

from django.conf import settings
from django.db.models import BigIntegerField, CharField, DateField, F, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.module_loading import import_string

from .models import Decision, Member, Municipality, Notice
from .roster import Change
from .rules import Answer

COLUMNS = ("d_rule", "d_object", "d_member", "d_path", "d_role", "d_due", "d_opened", "d_title", "d_note", "d_above")


LEADING = "leading"
"""As role of a deadline's row, beside its member: it waits for this person only while they lead the department."""


@dataclass(frozen=True)
class Deadline:
    """A kind of thing that is due from somebody by a day.

    `waiting(municipality, today)` gives the rows not done yet, each annotated by `due_rows`. `title` is worded with
    %(title)s and %(note)s; `page` is a URL name that takes (code, object number) and opens for whoever is to act.
    `escalates` names the furthest who is told when it is late: what only two people may see must not go beyond them.
    `whom` says in words who has to do it. `opens_itself`: the clock opens it, after an outage even past its day, and its
    latest stage is told all the same; what else arrives with a day that has passed is not told of stages before it came.
    """

    rule: str
    kind: Any
    action: Any
    title: Any
    page: str
    waiting: Callable[[Municipality, date], QuerySet]
    escalates: Literal["office", "manager", "nobody"] = "office"
    whom: Any = ""
    opens_itself: bool = False


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

    The person is either `member` (a field) or the holder of `role` for the department whose path is in the field `path`; or
    `member` as long as they lead the department, with LEADING as `role` (a word or an expression).
    `opened`, `due` are date fields; `title` and `note` a field name or an expression. `above` is the field of the one person
    who is told instead of the nearest manager when it is late, as long as they lead the department.
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


@dataclass(frozen=True)
class Subject:
    """Something that can be put to decision. `content(pk)` is frozen at submission: {"lead": …, "spec": [[label, value]…],
    "tables": [{"title","head","rows"}…]}; `submitted`, `decided`, `returned`, `ended` are called inside the same transaction.
    `yen(pk)` is what it costs, for routes that ask for an amount.
    """

    matter: str
    label: Any
    page: str
    content: Callable[[int], dict]
    decided: Callable[[Decision, Member | None, datetime], None]
    submitted: Callable[[Decision, Member, datetime], None] | None = None
    returned: Callable[[Decision, Member, datetime], None] | None = None
    ended: Callable[[Decision, Member, datetime], None] | None = None
    yen: Callable[[int], int] | None = None


@dataclass(frozen=True)
class Letter:
    """Where a mail with a secret goes, and the address that stands in it: worked out when it is sent, kept nowhere."""

    to: str
    address: str


@dataclass(frozen=True)
class NoticeKind:
    """The wording of a notice: subject and body with %(…)s parameters, and the page it leads to (code, object number).

    Urgent ones (a decision to take, security) are mailed at once; the others are gathered into the day's mail. Those of
    `security` wait for nobody's hours or pause, and their words are nobody's to change. With
    `while_due` the mail goes out only as long as a deadline of that rule still waits for the thing. `letter` gives the
    mail an address of its own that holds a secret, or None when there is nothing to send any more.
    """

    rule: str
    subject: Any
    body: Any
    page: str
    urgent: bool = False
    while_due: str = ""
    letter: Callable[[Notice], Letter | None] | None = None
    security: bool = False


@dataclass(frozen=True)
class Nav:
    """An entry of the navigation. `rule(member)` decides whether it is there; `count(request)` fills its bubble."""

    group: str
    label: Any
    name: str
    rule: Callable[[Member], Answer]
    order: int = 0
    count: Callable[[Any], int | None] | None = None


@dataclass(frozen=True)
class SettingGroup:
    """A heading of the settings home."""

    name: str
    label: Any


@dataclass(frozen=True)
class SettingPage:
    """A page of settings: its group, its URL name without the app (or with it, of a later room), what it is called and
    the sentence that says what it does. `key` names the group of settings whose 変更履歴 it shows.
    """

    group: str
    name: str
    label: Any
    line: Any
    key: str = ""
    rule: Callable[[Member], Answer] | None = None

    @property
    def view(self) -> str:
        """The full URL name."""
        return self.name if ":" in self.name else f"municipality:{self.name}"


@dataclass(frozen=True)
class Passing:
    """One thing that changes hands because people or departments change.

    `gives` had it, `takes` have it from that day on (none: it is left without a holder). With `ends` it ends with whoever
    had it and nobody need follow. `title` and `note` word it as the deadline of the same name does, where there is one.
    """

    object_id: int
    title: str
    gives: tuple[int, ...] = ()
    takes: tuple[int, ...] = ()
    ends: bool = False
    note: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class HandOver:
    """A kind of work that passes at a transfer (人事異動). `page` takes (code, object number) and opens for who takes it.

    `find(municipality, change)` tells what passes from one roster to the other and writes nothing: it is asked for the
    preview too, so it asks the rosters and not the stored postings. `pass_on(passing, day)` writes it, by
    compare-and-swap, inside a transaction; False when somebody was first. What follows the post by itself has none.
    """

    kind: str
    label: Any
    page: str
    find: Callable[[Municipality, Change], list[Passing]]
    pass_on: Callable[[Passing, date], bool] | None = None


@dataclass(frozen=True)
class Room:
    """What one app offers. `daily(municipality, now)` jobs are repeated safely every minute and by `run_day`;
    `verbs` words the history's verbs; `imports` are ImportKind objects of municipality/imports. `founding` jobs give a
    new body what the room begins with; `settings` are its pages of settings. `hand_overs` are the kinds of work that pass at a transfer.
    """

    name: str
    deadlines: tuple[Deadline, ...] = ()
    subjects: tuple[Subject, ...] = ()
    imports: tuple[Any, ...] = ()
    notices: tuple[NoticeKind, ...] = ()
    navigation: tuple[Nav, ...] = ()
    daily: tuple[Callable[[Municipality, datetime], int], ...] = ()
    verbs: Mapping[str, Any] = field(default_factory=dict)
    founding: tuple[Callable[[Municipality], None], ...] = ()
    settings: tuple[SettingPage, ...] = ()
    hand_overs: tuple[HandOver, ...] = ()


@lru_cache(maxsize=1)
def rooms() -> tuple[Room, ...]:
    """Every room in the order of the house."""
    return tuple(import_string(path) for path in settings.ROOMS)


@lru_cache(maxsize=1)
def deadlines() -> dict[str, Deadline]:
    """All kinds of deadlines by rule."""
    return {item.rule: item for room in rooms() for item in room.deadlines}


@lru_cache(maxsize=1)
def subjects() -> dict[str, Subject]:
    """All subjects of decisions by matter."""
    return {item.matter: item for room in rooms() for item in room.subjects}


@lru_cache(maxsize=1)
def import_kinds() -> dict[str, Any]:
    """All kinds of files by name."""
    return {item.kind: item for room in rooms() for item in room.imports}


@lru_cache(maxsize=1)
def notice_kinds() -> dict[str, NoticeKind]:
    """All kinds of notices by rule."""
    return {item.rule: item for room in rooms() for item in room.notices}


@lru_cache(maxsize=1)
def hand_overs() -> dict[str, HandOver]:
    """All kinds of work that pass at a transfer, by name, in the order of the house."""
    return {item.kind: item for room in rooms() for item in room.hand_overs}


@lru_cache(maxsize=1)
def verbs() -> dict[str, Any]:
    """The wording of every verb in the history."""
    return {verb: words for room in rooms() for verb, words in room.verbs.items()}


@lru_cache(maxsize=1)
def setting_pages() -> tuple[SettingPage, ...]:
    """All pages of settings, in the order of the house."""
    return tuple(page for room in rooms() for page in room.settings)
