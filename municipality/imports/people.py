"""The file of people: one row for each posting (発令). A person is identified by number; people
without a row stay unchanged.

Accounts are never changed: they are created by accepting an invitation only.
"""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from municipality.core.date_words import era_day
from municipality.core.spreadsheets.cell_readers import choice, code, day, mail, several, words
from municipality.imports.kinds import (
    Column,
    ImportKind,
    ImportPlan,
    ImportRow,
    ReportProgress,
    no_report,
    reported,
)
from municipality.imports.near_codes import NearCodes
from municipality.imports.people_rows import (
    MEMBER_FIELDS,
    HeldPosting,
    ImportedPerson,
    Key,
    Stored,
    current,
    tables,
)
from municipality.imports.people_words import KINDS, ROLES, STATUSES
from municipality.organisation.models import EmploymentKind, Member, Municipality, Posting
from municipality.organisation.operations.employment_kinds import NOT_STAFF, add_unknown_kinds

UNKNOWN_RANK = 50


COLUMNS = (
    Column("職員番号", code(20), example="001234"),
    Column("氏名", words(80), example="髙瀬 由紀"),
    Column("カナ", words(120), empty="", example="タカセ ユキ"),
    Column("メール", mail, empty="", example="takase@town.example.jp"),
    Column("部署コード", code(20), empty="", example="0101"),
    Column("職位", words(40), example="課長"),
    Column("役割", several(ROLES), example="職員・所属長"),
    Column("本務兼務", choice(KINDS), example="本務"),
    Column("開始日", day, example="2026-04-01"),
    Column("終了日", day, empty=None, example="R9.3.31"),
    Column("番号系列", words(20), empty="", optional=True, example="教育委員会"),
    Column("任用区分", words(40), empty="", optional=True, example="会計年度任用職員"),
    Column(
        "状態", choice(STATUSES), empty=Posting.Status.PRESENT.value, optional=True, example="在職"
    ),
)


@lru_cache(maxsize=1)
def known_ranks() -> dict[str, int]:
    """Ranks of the usual posts, from the catalogue."""
    path = Path(__file__).resolve().parent.parent / "catalogue" / "posts.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))["ranks"]


def same_name(first: str, second: str) -> bool:
    """Whether two names are equal when spaces are ignored."""
    return "".join(first.split()) == "".join(second.split())


class PeoplePlanner:
    """People of one body with their postings, changed in memory while the rows are planned one by
    one.
    """

    def __init__(self, municipality: Municipality, rows: list[ImportRow]) -> None:
        self.rows, self.stored, self.plan = rows, Stored(municipality, rows), ImportPlan()
        self.people, self.departments = self.stored.people, self.stored.departments
        self.new_posts: dict[str, int] = {}
        self.near = NearCodes(self.people)

    def look(self, report: ReportProgress) -> ImportPlan:
        """Plan every row, then look for postings that cannot stand side by side."""
        for row in reported(self.rows, report):
            if person := self._person_of(row):
                self._look_at_posting(row, person)
        self._after_rows()
        self._check_overlaps()
        for name in self._new_kinds():
            words = (
                _("新しい任用区分「%(name)s」を、職員に数えない区分として登録します。")
                if name in NOT_STAFF
                else _("新しい任用区分「%(name)s」を、職員に数える区分として登録します。")
            )
            self.plan.notes.append(words % {"name": name})
        for title, rank in self.new_posts.items():
            values = {"post": title, "rank": rank}
            self.plan.notes.append(_("新しい職位「%(post)s」を順位%(rank)sで登録します。") % values)
        self.plan.commit = self.commit
        return self.plan

    def _new_kinds(self) -> list[str]:
        """Kinds of employment in the file that the body does not have. One query."""
        known = EmploymentKind.objects.of(self.stored.municipality).values_list("name", flat=True)
        return sorted({row["任用区分"] for row in self.rows if row["任用区分"]} - set(known))

    def _after_rows(self) -> None:
        """Nothing: people without a row stay unchanged."""

    def _person_of(self, row: ImportRow) -> ImportedPerson | None:
        """Person of the row; None when number and name do not match."""
        number, name, series = row["職員番号"], row["氏名"], row["番号系列"] or ""
        if not number or not name:
            return None
        if (series, number) not in self.people:
            if refusal := self.near.refusal(number, series):
                self.plan.refuse(row, "職員番号", refusal)
                return None
            self.near.add(number, series)
        person = self.people.setdefault((series, number), ImportedPerson(number, series, name))
        if not same_name(person.name, name):
            self._refuse_name(row, person)
            return None
        self._take_member_fields(row, person)
        return person

    def _refuse_name(self, row: ImportRow, person: ImportedPerson) -> None:
        message = _("同じ職員番号の別の行では「%(name)s」です。1つの職員番号は1人にしてください。")
        if person.stored:
            message = _(
                "この職員番号は「%(name)s」で登録されています。改姓のときは、先に職員のページで氏名を変更してください。"
            )
        self.plan.refuse(row, "氏名", message % {"name": person.name})

    def _take_member_fields(self, row: ImportRow, person: ImportedPerson) -> None:
        """Take over the person's own fields. The rows of one person must agree; an empty cell
        changes nothing.
        """
        for column in MEMBER_FIELDS:
            first = person.first_to_say(column) if row[column] else None
            if first and first[column] != row[column]:
                values = {"line": first.line, "value": first[column]}
                self.plan.refuse(
                    row,
                    column,
                    _("同じ職員番号の行 %(line)s では「%(value)s」です。値をそろえてください。")
                    % values,
                )
            elif getattr(person, MEMBER_FIELDS[column]) == row[column]:
                setattr(person, MEMBER_FIELDS[column], row[column])  # one text in memory, not two
        person.rows += (row,)

    def _look_at_posting(self, row: ImportRow, person: ImportedPerson) -> None:
        if row.bad & {"部署コード", "職位", "本務兼務", "開始日"} or not self._stands(row):
            return
        key = self._key(row, person)
        held = person.posting(key)
        if held and held.row:
            message = _("同じ発令が行 %(line)s にもあります。1つの発令は1行にしてください。")
            self.plan.refuse(row, "職員番号", message % {"line": held.row.line})
        elif not row.bad:
            self._take(row, person, key, held)

    def _key(self, row: ImportRow, person: ImportedPerson) -> Key:
        """Key of the posting that the row describes."""
        return self.stored.once((row["部署コード"], row["職位"], row["本務兼務"], row["開始日"]))

    def _stands(self, row: ImportRow) -> bool:
        """Whether the department exists on that day, and the posting does not end before it
        begins.
        """
        department = self.departments.get(row["部署コード"])
        if department is None:
            self.plan.refuse(
                row,
                "部署コード",
                _("登録されていない部署コードです。先に部署のファイルを取り込んでください。"),
            )
            return False
        if row["終了日"] and row["終了日"] < row["開始日"]:
            self.plan.refuse(row, "終了日", _("開始日より後の日付を入力してください。"))
            return False
        if department.ends_on and row["開始日"] > department.ends_on:
            values = {"department": department.name, "day": era_day(department.ends_on)}
            self.plan.refuse(
                row, "開始日", _("部署「%(department)s」は%(day)sに終わっています。") % values
            )
            return False
        return True

    def _take(
        self, row: ImportRow, person: ImportedPerson, key: Key, held: HeldPosting | None
    ) -> None:
        label = f"{person.number} {person.name} {row['職位']}"
        if row["職位"] not in self.stored.posts:
            self.new_posts[row["職位"]] = known_ranks().get(row["職位"], UNKNOWN_RANK)
        details = self._own_changes(person)
        if held is None:
            status = row["状態"] or Posting.Status.PRESENT
            roles = self.stored.once(frozenset(row["役割"]))
            person.postings += (
                HeldPosting(key, row["終了日"], status, roles, row=row, regranted=True),
            )
            self.plan.count("added", row, label, *(details if person.stored else ()))
            return
        ended = held.ends_on is None and row["終了日"] is not None
        details += self._posting_changes(row, held)
        self.plan.count(
            "ended" if ended else "changed" if details else "unchanged", row, label, *details
        )

    def _own_changes(self, person: ImportedPerson) -> list[tuple]:
        """Changes of the person's own fields by the rows so far, counted with the first row that
        states them.
        """
        details = []
        for column, name in MEMBER_FIELDS.items():
            first = person.first_to_say(column)
            if first and getattr(person, name) != first[column]:
                details.append((column, getattr(person, name), first[column]))
                setattr(person, name, first[column])
                person.touched = bool(person.stored)
        return details

    def _posting_changes(self, row: ImportRow, held: HeldPosting) -> list[tuple]:
        details: list[tuple] = []
        held.row, roles, status = (
            row,
            self.stored.once(frozenset(row["役割"])),
            row["状態"] or held.status,
        )
        if held.ends_on != row["終了日"]:
            details.append(("終了日", held.ends_on, row["終了日"]))
        if held.status != status:
            details.append(("状態", word_for(STATUSES, held.status), word_for(STATUSES, status)))
        held.touched = bool(details)
        held.ends_on, held.status = row["終了日"], status
        if held.roles != roles:
            details.append(("役割", role_words(held.roles), role_words(roles)))
            held.roles, held.regranted = roles, True
        return details

    def _check_overlaps(self) -> None:
        """Refuse two main postings (本務) of one person on the same day."""
        for person in self._mentioned():
            main = sorted(
                (held for held in person.postings if held.is_main), key=lambda held: held.key[3]
            )
            for index, later in enumerate(main):
                for earlier in main[:index]:
                    if (later.row or earlier.row) and earlier.overlaps(later):
                        self._refuse_overlap(earlier, later)

    def _refuse_overlap(self, earlier: HeldPosting, later: HeldPosting) -> None:
        speaking, other = (later, earlier) if later.row else (earlier, later)
        department, post = self.departments[other.key[0]].name, other.key[1]
        values = {
            "where": f"{department} {post}",
            "start": other.key[3],
            "end": other.ends_on or "",
        }
        if other.row:
            values["line"] = other.row.line
            message = _("本務の期間が、行 %(line)s の本務(%(where)s)と重なっています。")
        else:
            message = _(
                "登録済みの本務(%(where)s %(start)s～%(end)s)と期間が重なっています。前の発令の行に終了日を入れてください。"
            )
        if speaking.row:
            self.plan.refuse(speaking.row, "開始日", message % values)

    def _mentioned(self) -> list[ImportedPerson]:
        """People with at least one row."""
        return [
            person for person in self.people.values() if any(held.row for held in person.postings)
        ]

    def commit(self, by: Member | None, now: datetime) -> None:
        """Write the planned people and postings."""
        add_unknown_kinds(self.stored.municipality, self._new_kinds())
        self.stored.write(self._mentioned(), self.new_posts)


def word_for(choices: dict[str, str], value: str) -> str:
    """The word of a column for a stored value; a value without a word stands for itself."""
    return next((word for word, meant in choices.items() if meant == value), value)


def role_words(roles: frozenset[str]) -> str:
    """The roles as their column is written, joined by ・ in the order of ROLES."""
    return "・".join(word for word, role in ROLES.items() if role in roles)


def plan(
    rows: list[ImportRow],
    *,
    municipality: Municipality,
    today: date,
    report: ReportProgress = no_report,
) -> ImportPlan:
    """What the rows would change in people and postings."""
    return PeoplePlanner(municipality, rows).look(report)


PEOPLE = ImportKind(
    "people",
    pgettext_lazy("ファイルの種類", "職員"),
    COLUMNS,
    plan,
    tables=tables,
    current=current,
    owner_fields={"municipality.posting": "member"},
    help=gettext_lazy(
        "1行が1つの発令です。ファイルにない発令はそのまま残ります。カナ・メールが空欄のときは、登録済みの値を変えません。"
    ),
)
