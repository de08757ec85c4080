"""What each app offers to the floors below it: one typed object per app, loaded when first asked
for.

`municipality` knows what is due, what can be decided and what can be imported only through these;
it never names a later app. The dotted paths of the apps stand in `settings.REGISTRATIONS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from municipality.core.figures import Figure
    from municipality.core.periods import Period
    from municipality.core.refusals import Answer
    from municipality.core.small_cells import Gate
    from municipality.deadlines.kinds import Deadline
    from municipality.decisions.models import Decision
    from municipality.notifications.kinds import NoticeKind
    from municipality.organisation.models import Department, Member, Municipality
    from municipality.organisation.staff_on import StaffChange

    PostingsChanged = Callable[[Municipality | str, Sequence[int]], None]
    UndoCheck = Callable[[Municipality, datetime], Callable[[], str]]
    ReadPanel = Callable[[Member, Department, date], "Panel | None"]


@dataclass(frozen=True)
class Subject:
    """Something that can be put to decision. `content(pk, today)` is shown of a draft and frozen at
    submission: {"lead": …, "spec": [[label, value]…], "tables": [{"title","head","rows"}…]}, of
    lazy messages and what `core.worded` makes, so that each reader has them in their language;
    `submitted`, `decided`, `returned`, `ended` are called inside the same transaction; `checked`
    before anybody approves a step: it raises Conflict where that is not possible now. For the
    route: `yen(pk)` is what it costs, `departments(pk)` whose managers can be asked to agree (and
    should be, where it `suggests_managers`), `variant(pk)` which of `variants` (key and label) it
    is. `few(pk, content, gate, today)` is the content, frozen or of today, as who reads no small
    numbers is shown it; a subject without it says by that that its content counts no people.
    `notices(pk)` are what whoever decides has to know of it today, {"tone", "title", "text"} each,
    in the reader's language, for who may read small numbers and as long as it is not decided.
    `today(pk, today)` is the content to which the frozen one is compared while it is decided, where
    `content` itself keeps what was frozen before.
    """

    matter: str
    label: Any
    page: str
    content: Callable[[int, date], dict]
    decided: Callable[[Decision, Member | None, datetime], None]
    submitted: Callable[[Decision, Member, datetime], None] | None = None
    returned: Callable[[Decision, Member, datetime], None] | None = None
    ended: Callable[[Decision, Member, datetime], None] | None = None
    checked: Callable[[Decision, datetime], None] | None = None
    yen: Callable[[int], int] | None = None
    departments: Callable[[int], list[Department]] | None = None
    variant: Callable[[int], str] | None = None
    variants: tuple[tuple[str, Any], ...] = ()
    suggests_managers: bool = False
    few: Callable[[int, dict, Gate, date], dict] | None = None
    today: Callable[[int, date], dict] | None = None
    notices: Callable[[int], list[dict]] | None = None


@dataclass(frozen=True)
class Nav:
    """An entry of the navigation. `rule(member)` decides whether it is there; `count(request)`
    fills its bubble.
    """

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
    """A page of settings: its group, its URL name without the app (or with it, of a later app),
    what it is called and the sentence that says what it does. `key` names the group of settings
    whose 変更履歴 it shows.
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
class Measure:
    """What counts some codes of the indicator catalogue together: `count(departments, period)`
    gives a Figure for each of `codes`, over the departments given (those below are among them).
    """

    codes: tuple[str, ...]
    count: Callable[[Iterable[Any], Period], Mapping[str, Figure]]


@dataclass(frozen=True)
class SettingWords:
    """How one group of settings is said in 変更履歴: `label(name)` of a value, and `value(name,
    value)` itself.
    """

    label: Callable[[str], str]
    value: Callable[[str, Any], str]


@dataclass(frozen=True)
class Passing:
    """One thing that changes hands because people or departments change.

    `gives` had it, `takes` have it from that day on (none: it is left without a holder). With
    `ends` it ends with whoever had it and nobody need follow. `title` and `note` word it as the
    deadline of the same name does, where there is one.
    """

    object_id: int
    title: str
    gives: tuple[int, ...] = ()
    takes: tuple[int, ...] = ()
    ends: bool = False
    note: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class HandOver:
    """A kind of work that passes at a transfer (人事異動). `page` takes (code, object number) and
    opens for who takes it.

    `find(municipality, change)` tells what passes from one roster to the other and writes nothing:
    it is asked for the preview too, so it asks the rosters and not the stored postings.
    `pass_on(passing, day)` writes it, by compare-and-swap, inside a transaction; False when
    somebody was first. What follows the post by itself has none.
    """

    kind: str
    label: Any
    page: str
    find: Callable[[Municipality, StaffChange], list[Passing]]
    pass_on: Callable[[Passing, date], bool] | None = None


@dataclass(frozen=True)
class Panel:
    """What the page of a department tells of one app: entries as label and words, the page behind
    them, and in words what is `late`.
    """

    title: str
    entries: Sequence[tuple[str, str]]
    address: str
    link: str
    late: str = ""


@dataclass(frozen=True)
class PersonalVerb:
    """A verb by which people act for themselves: `table` is what it acts on, `person` the path from
    there to whom it is about. Where the row is itself the answer of the person, `asked` is the
    field that says to what.
    """

    table: str
    person: str = "member"
    asked: str = ""


@dataclass(frozen=True)
class Registration:
    """What one app offers. `daily(municipality, now)` jobs are repeated safely every minute and by
    `run_day`; `verbs` words the history's verbs, `personal_verbs` are those by which people act
    for themselves; `imports` are
    ImportKind objects of municipality/imports. `founding` jobs give a new body what the app begins
    with; `settings` are its pages of settings, `setting_words` how the values of a group of
    settings are said in 変更履歴. `hand_overs` are the kinds of work that pass at a transfer,
    `measures` what the app counts,
    `preview_notes` sentences about what 「所属長から見た画面」 does not show. `panels(member, department,
    today)` stand on the page of a department, each as far as the member may see it.
    `postings_changed(municipality, members)` jobs follow postings that are given or moved, also for
    days that have passed, in the same transaction. `undo_checks(municipality, committed_at)` are
    asked before a file of that time is undone and return what to ask after it, in the same
    transaction: a reason refuses the undo. `stakes(member, department)` tells whether the member
    runs something that a department has to be ready for: who does, passes nothing over for it.
    """

    name: str
    deadlines: tuple[Deadline, ...] = ()
    subjects: tuple[Subject, ...] = ()
    imports: tuple[Any, ...] = ()
    notices: tuple[NoticeKind, ...] = ()
    navigation: tuple[Nav, ...] = ()
    daily: tuple[Callable[[Municipality, datetime], int], ...] = ()
    verbs: Mapping[str, Any] = field(default_factory=dict)
    personal_verbs: Mapping[str, PersonalVerb] = field(default_factory=dict)
    founding: tuple[Callable[[Municipality], None], ...] = ()
    settings: tuple[SettingPage, ...] = ()
    setting_words: Mapping[str, SettingWords] = field(default_factory=dict)
    hand_overs: tuple[HandOver, ...] = ()
    measures: tuple[Measure, ...] = ()
    preview_notes: tuple[Any, ...] = ()
    postings_changed: tuple[PostingsChanged, ...] = ()
    undo_checks: tuple[UndoCheck, ...] = ()
    panels: tuple[ReadPanel, ...] = ()
    stakes: tuple[Callable[[Member, Department], bool], ...] = ()


@lru_cache(maxsize=1)
def registrations() -> tuple[Registration, ...]:
    """The registrations of all apps, the lowest first."""
    return tuple(import_string(path) for path in settings.REGISTRATIONS)


def preview_notes() -> list[Any]:
    """What 「所属長から見た画面」 does not show, in the words of the apps it belongs to."""
    return [note for app in registrations() for note in app.preview_notes]


@lru_cache(maxsize=1)
def deadlines() -> dict[str, Deadline]:
    """All kinds of deadlines by rule."""
    return {item.rule: item for app in registrations() for item in app.deadlines}


@lru_cache(maxsize=1)
def subjects() -> dict[str, Subject]:
    """All subjects of decisions by matter."""
    return {item.matter: item for app in registrations() for item in app.subjects}


@lru_cache(maxsize=1)
def import_kinds() -> dict[str, Any]:
    """All kinds of files by name."""
    return {item.kind: item for app in registrations() for item in app.imports}


@lru_cache(maxsize=1)
def notice_kinds() -> dict[str, NoticeKind]:
    """All kinds of notices by rule."""
    return {item.rule: item for app in registrations() for item in app.notices}


@lru_cache(maxsize=1)
def hand_overs() -> dict[str, HandOver]:
    """All kinds of work that pass at a transfer, by name, in the order of the house."""
    return {item.kind: item for app in registrations() for item in app.hand_overs}


@lru_cache(maxsize=1)
def verbs() -> dict[str, Any]:
    """The wording of every verb in the history."""
    return {verb: words for app in registrations() for verb, words in app.verbs.items()}


@lru_cache(maxsize=1)
def personal_verbs() -> dict[str, PersonalVerb]:
    """Verbs by which people act for themselves, each with the row that says for whom."""
    return {verb: act for app in registrations() for verb, act in app.personal_verbs.items()}


@lru_cache(maxsize=1)
def setting_pages() -> tuple[SettingPage, ...]:
    """All pages of settings, in the order of the house."""
    return tuple(page for app in registrations() for page in app.settings)


@lru_cache(maxsize=1)
def measures() -> tuple[Measure, ...]:
    """Everything that is counted, in the order of the house."""
    return tuple(measure for app in registrations() for measure in app.measures)


@lru_cache(maxsize=1)
def setting_words() -> dict[str, SettingWords]:
    """How each group of settings is said, by its key."""
    return {key: words for app in registrations() for key, words in app.setting_words.items()}


def has_stake(member: Member, department: Department) -> bool:
    """Does the member run something in any app that the department has to be ready for?"""
    return any(ask(member, department) for app in registrations() for ask in app.stakes)


def panels_of(member: Member, department: Department, today: date) -> list[Panel]:
    """What each app tells the member of a department, in the order of the house."""
    panels = (read(member, department, today) for app in registrations() for read in app.panels)
    return [panel for panel in panels if panel is not None]
