"""File of completions: one row for each person, course and day. Importing the same file again
changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from municipality.core.spreadsheets.cell_readers import code, day, whole, words
from municipality.imports.kinds import (
    Column,
    ImportKind,
    ImportPlan,
    ImportRow,
    ReportProgress,
    no_report,
    reported,
)
from municipality.organisation.models import Member, Municipality
from training.assignments.models import Assignment
from training.completions.models import Completion
from training.completions.operations import expiry_of, take_in_completions
from training.courses.models import Course

Key = tuple[int, int, date]


class CompletionPlanner:
    """The completions of a file beside those of the database, before anything is written. Three
    queries, however many rows.
    """

    def __init__(self, municipality: Municipality, rows: list[ImportRow], today: date) -> None:
        self.municipality, self.rows, self.today, self.plan = (
            municipality,
            rows,
            today,
            ImportPlan(),
        )
        numbers = {row["職員番号"] for row in rows}
        people = (
            Member.objects.of(municipality)
            .order_by()
            .values_list("series", "number", "pk", "name")
            .iterator()
        )
        self.people = {
            (series, number): (pk, name) for series, number, pk, name in people if number in numbers
        }
        self.courses = {
            row.code: row for row in Course.objects.of(municipality).defer("materials", "english")
        }
        self.known = self._read_known({pk for pk, _name in self.people.values()})
        self.lines: dict[Key, int] = {}
        self.added: list[Completion] = []
        self.changed: list[Completion] = []

    def _read_known(self, member_ids: set[int]) -> dict[Key, tuple[int, int | None]]:
        """Number and score of the stored completions of the file's people."""
        stored = Completion.objects.of(self.municipality).standing().order_by()
        values = stored.values_list("member", "course", "completed_on", "pk", "score").iterator()
        return {
            (member, course, on): (pk, score)
            for member, course, on, pk, score in values
            if member in member_ids
        }

    def look(self, report: ReportProgress) -> ImportPlan:
        """Plan every row."""
        for row in reported(self.rows, report):
            self._look_at(row)
        self.plan.commit = self.commit
        return self.plan

    def _look_at(self, row: ImportRow) -> None:
        person = self._person_of(row)
        course = self._course_of(row)
        completed_on = row["修了日"]
        if completed_on and completed_on > self.today:
            self.plan.refuse(row, "修了日", _("今日以前の日を入力してください。"))
        elif person and course and completed_on:
            self._weigh(row, person, course, completed_on)

    def _person_of(self, row: ImportRow) -> tuple[int, str] | None:
        number, series = row["職員番号"], row["番号系列"] or ""
        person = self.people.get((series, number)) if number else None
        if number and person is None:
            self.plan.refuse(row, "職員番号", _("登録されている職員の番号を入力してください。"))
        return person

    def _course_of(self, row: ImportRow) -> Course | None:
        course = self.courses.get(row["研修コード"])
        if row["研修コード"] and course is None:
            self.plan.refuse(row, "研修コード", _("登録されている研修のコードを入力してください。"))
        return course

    def _weigh(
        self, row: ImportRow, person: tuple[int, str], course: Course, completed_on: date
    ) -> None:
        """Plan the row: a new completion, another score of an existing one, or no change."""
        member, name = person
        key = (member, course.pk, completed_on)
        if key in self.lines:
            same = {"line": self.lines[key]}
            self.plan.refuse(
                row,
                "修了日",
                _("行%(line)sと同じ職員・研修・修了日です。1行にしてください。") % same,
            )
            return
        self.lines[key] = row.line
        known, score, label = self.known.get(key), row["点数"], f"{name} {course.title}"
        if known is None:
            self.added.append(self._completion(key, course, score))
            self.plan.count(
                "added", row, label, ("修了日", None, completed_on), ("点数", None, score)
            )
        elif score is not None and score != known[1]:
            self.plan.count("changed", row, label, ("点数", known[1], score))
            self.changed.append(Completion(pk=known[0], score=score))
        else:
            self.plan.count("unchanged", row)

    def _completion(self, key: Key, course: Course, score: int | None) -> Completion:
        member, number, completed_on = key
        return Completion(
            municipality=self.municipality,
            member_id=member,
            course_id=number,
            completed_on=completed_on,
            score=score,
            expires_on=expiry_of(course, completed_on),
            source=Completion.Source.FILE,
        )

    def commit(self, by: Member | None, now: datetime) -> None:
        """Take in what was planned."""
        take_in_completions(
            self.municipality, self.added, self.changed, today=self.today, by=by, now=now
        )


def plan_completions(
    rows: list[ImportRow],
    *,
    municipality: Municipality,
    today: date,
    report: ReportProgress = no_report,
) -> ImportPlan:
    """What a file of completions would change."""
    return CompletionPlanner(municipality, rows, today).look(report)


def tables(municipality: Municipality, rows: list[ImportRow]) -> list[QuerySet]:
    """Members, courses, completions and assignments."""
    return [model.objects.of(municipality) for model in (Member, Course, Completion, Assignment)]


def current(municipality: Municipality, today: date) -> Iterator[tuple[Any, ...]]:
    """Every completion that was not voided, by day."""
    rows = Completion.objects.of(municipality).standing().order_by("completed_on", "pk")
    columns = ("member__number", "course__code", "completed_on", "score", "member__series")
    return rows.values_list(*columns).iterator(chunk_size=2_000)


COMPLETIONS = ImportKind(
    "completions",
    pgettext_lazy("ファイルの種類", "研修の修了"),
    (
        Column("職員番号", code(20), example="001234"),
        Column("研修コード", code(20), example="T01"),
        Column("修了日", day, example="2026-06-30"),
        Column("点数", whole(0, 100), empty=None, optional=True, example="85"),
        Column("番号系列", words(20), empty="", optional=True, example="教育委員会"),
    ),
    plan_completions,
    tables=tables,
    current=current,
    help=pgettext_lazy(
        "ファイルの種類", "1行が1人の1つの修了です。有効な修了は、未修了の受講割当を修了にします。"
    ),
)


IMPORTS = (COMPLETIONS,)
"""Kinds of files that training takes in."""
