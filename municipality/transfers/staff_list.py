"""人事異動: the file of people as the whole list of a day. Who is absent from it is ended the day
before.

It is the same file as always; only the day is said beside it. A posting that goes on is recognised
by department, post and kind, whatever first day the list gives; what changes about it begins on the
day, so that the past stays as it was.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from municipality.core.periods import ONE_DAY
from municipality.core.spreadsheets.table import Finding
from municipality.imports.kinds import ImportPlan, ImportRow, ReportProgress, no_report
from municipality.imports.people import PEOPLE as ROWS
from municipality.imports.people import PeoplePlanner, role_words, word_for
from municipality.imports.people_rows import NO_END, HeldPosting, ImportedPerson, Key
from municipality.imports.people_words import STATUSES
from municipality.organisation.models import Grant, Member, Municipality, Posting
from municipality.organisation.staff_on import (
    Place,
    Roster,
    StaffChange,
    in_order,
    roster_on,
    with_tree,
)
from municipality.transfers.operations.handover import passings
from municipality.transfers.staffing_checks import new_gaps

OUTSIDE = frozenset({Grant.Role.CONSULTANT.value})
"""Roles of people who stand in no list of the personnel office."""

FRESH = 10**15
"""Numbers of people and posts that the list would bring: behind all that are stored, as they will
be, in the same order.
"""

MOST_PASSING = 500
"""How many things that pass a preview lists; how many there are is always said."""


class StaffListPlanner(PeoplePlanner):
    """Plan for the people of one body as of the day of the list; people who are not in it are
    ended.
    """

    def __init__(
        self, municipality: Municipality, rows: list[ImportRow], today: date, day: date
    ) -> None:
        super().__init__(municipality, rows)
        self.municipality, self.today, self.day = municipality, today, day
        self.dropped: list[int] = []
        self.closed: dict[ImportedPerson, None] = {}
        self.kept = 0

    def _look_at_posting(self, row: ImportRow, person: ImportedPerson) -> None:
        if row["開始日"] and row["開始日"] > self.day:
            self.plan.refuse(
                row,
                "開始日",
                _("基準日より後に始まる発令です。基準日に就いている発令だけを入れてください。"),
            )
        elif row["終了日"] and row["終了日"] < self.day:
            self.plan.refuse(
                row,
                "終了日",
                _("基準日より前に終わる発令です。基準日に就いている発令だけを入れてください。"),
            )
        else:
            super()._look_at_posting(row, person)

    def _key(self, row: ImportRow, person: ImportedPerson) -> Key:
        """Posting that continues with the same department, post and kind; else the one that the row
        begins.
        """
        said = super()._key(row, person)
        going_on = [
            held.key for held in person.postings if held.key[:3] == said[:3] and self.holds(held)
        ]
        return (
            said if person.posting(said) or not going_on else max(going_on, key=lambda key: key[3])
        )

    def holds(self, held: HeldPosting) -> bool:
        """Whether the posting is in force on the day."""
        return held.key[3] <= self.day <= (held.ends_on or NO_END)

    def _posting_changes(self, row: ImportRow, held: HeldPosting) -> list[tuple]:
        """A new state or role begins on the day; the posting before ends the day before."""
        status, roles = row["状態"] or held.status, self.stored.once(frozenset(row["役割"]))
        if held.key[3] >= self.day or (status, roles) == (held.status, held.roles):
            return super()._posting_changes(row, held)
        person = self.people[row["番号系列"] or "", row["職員番号"]]
        key = (*held.key[:3], self.day)
        person.postings += (
            HeldPosting(key, row["終了日"], status, roles, row=row, regranted=True),
        )
        held.row, held.touched, held.ends_on = row, True, self.day - ONE_DAY
        details: list[tuple] = [("開始日", held.key[3], self.day)]
        if status != held.status:
            details.append(("状態", word_for(STATUSES, held.status), word_for(STATUSES, status)))
        return details + (
            [("役割", role_words(held.roles), role_words(roles))] if roles != held.roles else []
        )

    def _after_rows(self) -> None:
        """End the postings that are in force on the day, or begin later, and have no row."""
        series = {person.series for person in self._mentioned()}
        if len(others := {person.series for person in self.people.values()} - series):
            self.plan.notes.append(
                _("番号系列「%(series)s」の職員は一覧にないため、そのまま残します。")
                % {"series": "・".join(sorted(others))}
            )
        for person in self.people.values():
            if person.series in series:
                self._end_absent(person)
        if self.kept:
            self.plan.notes.append(
                _("外部専門家の発令%(count)s件は、そのまま残します。") % {"count": self.kept}
            )

    def _end_absent(self, person: ImportedPerson) -> None:
        for held in person.postings:
            key = held.key
            if held.row or not held.stored or (held.ends_on or NO_END) < self.day:
                continue
            if held.roles == OUTSIDE:
                self.kept += 1
                continue
            self.plan.counts["ended"] += 1
            self.plan.said.update(
                repr((person.series, person.number, *key)).encode("utf-8", "replace")
            )
            if key[3] >= self.day:
                self.dropped.append(held.stored)
                person.postings = tuple(other for other in person.postings if other is not held)
            else:
                held.ends_on, held.touched = self._last_day(person, held), True
            self.closed[person] = None

    def _last_day(self, person: ImportedPerson, held: HeldPosting) -> date:
        """Day before the list's day, or before the new main posting if that began earlier."""
        begun = [
            other.key[3]
            for other in person.postings
            if other.row
            and not other.stored
            and other.is_main
            and held.is_main
            and other.key[3] > held.key[3]
        ]
        return min([self.day, *begun]) - ONE_DAY

    def look(self, report: ReportProgress) -> ImportPlan:
        """Plan every row, end who is absent, and report what that would bring about."""
        plan = super().look(report)
        if not plan.findings:
            eve = self.day - ONE_DAY if self.day > self.today else self.day
            plan.transfer = StaffListPreview(self, roster_on(self.municipality, eve)).summary()
        return plan

    def commit(self, by: Member | None, now: datetime) -> None:
        """Write the postings of the list, also future ones, at once."""
        Posting.objects.filter(pk__in=self.dropped).delete()
        self.stored.write(list(dict.fromkeys([*self._mentioned(), *self.closed])), self.new_posts)


class StaffListPreview:
    """Effects of a staff list on its day: who moves, joins and leaves, what is handed over, and
    what is left without a holder.
    """

    def __init__(self, planning: StaffListPlanner, before: Roster) -> None:
        self.planning, self.body, self.before = planning, planning.municipality, before
        self.numbers = {title: post.pk for title, post in planning.stored.posts.items()}
        self.people: dict[int, ImportedPerson] = {}
        self.after = self._after()

    def _after(self) -> Roster:
        """Roster of the body on the day after the list is committed."""
        planning, ranks, titles = self.planning, {}, {}
        for number, (title, rank) in enumerate(planning.new_posts.items(), FRESH):
            titles[number], self.numbers[title], ranks[number] = title, number, rank
        shut = set(
            Member.objects.of(self.body).filter(is_active=False).values_list("pk", flat=True)
        )
        places = []
        for number, person in enumerate(planning.people.values(), 1):
            member = person.stored or FRESH + number
            self.people[member] = person
            held = [] if member in shut else [row for row in person.postings if planning.holds(row)]
            places += [self._place(member, row) for row in held]
        roster = with_tree(self.body, planning.day, places)
        roster.ranks |= ranks
        roster.titles |= titles
        return roster

    def _place(self, member: int, held: HeldPosting) -> Place:
        department, post, _kind, since = held.key
        present = held.status == Posting.Status.PRESENT
        number = self.planning.departments[department].pk
        return Place(
            member, number, self.numbers[post], held.is_main, present, in_order(held.roles), since
        )

    def summary(self) -> dict[str, Any]:
        """The preview as it is kept with the file."""
        moved, gaps = self._movements(), new_gaps(self.body, self.before, self.after)
        return {
            "day": self.planning.day.isoformat(),
            **moved,
            **self._passing(StaffChange(self.before, self.after)),
            "gaps": [[gap.code, gap.text, gap.number] for gap in gaps],
        }

    def _movements(self) -> dict[str, list]:
        movements: dict[str, list] = {"moves": [], "joins": [], "leaves": []}
        old, new = self.before.by_member, self.after.by_member
        for member in sorted({*old, *new}, key=lambda number: self.people[number].number):
            left, came = (
                {replace(row, roles=()) for row in rows.get(member, ())} for rows in (old, new)
            )
            if left == came:
                continue
            what = "moves" if left and came else "joins" if came else "leaves"
            person = self.people[member]
            places = [
                self._where(old.get(member, ()), self.before),
                self._where(new.get(member, ()), self.after),
            ]
            movements[what].append([person.number, person.name, *places])
        return movements

    def _where(self, places: Any, roster: Roster) -> list[list]:
        """Postings of a person: the place in words, whether it is the main one, and whether
        present.
        """
        return [
            [
                f"{roster.names[row.department]} {roster.titles[row.post]}",
                row.is_main,
                row.is_present,
            ]
            for row in places
        ]

    def _passing(self, change: StaffChange) -> dict[str, Any]:
        rows = [
            [
                offer.kind,
                passing.title,
                passing.note,
                self._names(passing.gives),
                self._names(passing.takes),
                passing.ends,
            ]
            for offer, passing in passings(self.body, change)
        ]
        rows.sort(key=lambda row: bool(row[4] or row[5]))
        return {"passing": rows[:MOST_PASSING], "passes": len(rows)}

    def _names(self, members: tuple[int, ...]) -> list[str]:
        return [self.people[member].name for member in members if member in self.people]


def plan(
    rows: list[ImportRow],
    *,
    municipality: Municipality,
    today: date,
    options: dict[str, Any],
    report: ReportProgress = no_report,
) -> ImportPlan:
    """Plan of the rows: single changes, or the complete staff list of the day `whole_on` (ISO) of
    the options.
    """
    if not options.get("whole_on"):
        return PeoplePlanner(municipality, rows).look(report)
    day = date.fromisoformat(options["whole_on"])
    if day < today:
        return ImportPlan(
            findings=[
                Finding(1, "", str(day), _("全職員一覧の基準日は、今日以後の日にしてください。"))
            ]
        )
    return StaffListPlanner(municipality, rows, today, day).look(report)


PEOPLE = replace(ROWS, plan=plan, options=("whole_on",))
"""The file of people: rows each for themselves, or the whole list of a day."""
