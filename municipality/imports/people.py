"""The file of people: one row per posting (発令). A person is a number; absent rows stay as they are.

Accounts are never touched: they arise by accepting an invitation only.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from municipality.models import Department, Grant, Member, Municipality, Post, Posting

from .cells import choice, code, day, mail, several, words
from .kinds import Column, ImportKind, Plan, Row

Role = Grant.Role
ROLES = {
    "職員": Role.STAFF.value, "所属長": Role.MANAGER.value, "決裁者": Role.EXECUTIVE.value, "事務局": Role.OFFICE.value,
    "人事": Role.HR.value, "監査": Role.AUDITOR.value, "外部専門家": Role.CONSULTANT.value,
}  # fmt: skip
KINDS = {"本務": Posting.Kind.MAIN.value, "兼務": Posting.Kind.CONCURRENT.value}
STATUSES = {
    "在職": Posting.Status.PRESENT.value,
    "休職": Posting.Status.LEAVE.value,
    "派遣": Posting.Status.SECONDED.value,
}
UNKNOWN_RANK = 50
NO_END = date.max

COLUMNS = (
    Column("職員番号", code(20)),
    Column("氏名", words(80)),
    Column("カナ", words(120), empty=""),
    Column("メール", mail, empty=""),
    Column("部署コード", code(20), empty=""),
    Column("職位", words(40)),
    Column("役割", several(ROLES)),
    Column("本務兼務", choice(KINDS)),
    Column("開始日", day),
    Column("終了日", day, empty=None),
    Column("番号系列", words(20), empty="", optional=True),
    Column("任用区分", words(40), empty="", optional=True),
    Column("状態", choice(STATUSES), empty=Posting.Status.PRESENT.value, optional=True),
)

OWN_FACTS = {"カナ": "kana", "メール": "mail", "任用区分": "employment"}
"""Columns that belong to the person. An empty cell leaves what is known."""

Key = tuple[str, str, str, date]


@lru_cache(maxsize=1)
def known_ranks() -> dict[str, int]:
    """Ranks of usual posts, from the catalogue."""
    path = Path(__file__).resolve().parent.parent / "catalogue" / "posts.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))["ranks"]


def same_name(first: str, second: str) -> bool:
    """The same name, whatever space stands in it."""
    return "".join(first.split()) == "".join(second.split())


@dataclass(eq=False)
class Held:
    """A posting as stored or as planned; `row` is the line that speaks of it."""

    key: Key
    ends_on: date | None
    status: str
    roles: frozenset[str]
    stored: Posting | None = None
    row: Row | None = None
    touched: bool = False
    regranted: bool = False

    @property
    def is_main(self) -> bool:
        """本務?"""
        return self.key[2] == Posting.Kind.MAIN

    def overlaps(self, other: Held) -> bool:
        """Do the two have a day in common?"""
        return self.key[3] <= (other.ends_on or NO_END) and other.key[3] <= (self.ends_on or NO_END)


@dataclass(eq=False)
class Person:
    """A person as stored or as planned, with their postings by key."""

    number: str
    series: str
    name: str
    stored: Member | None = None
    facts: dict[str, str] = field(default_factory=dict)
    postings: dict[Key, Held] = field(default_factory=dict)
    said: dict[str, tuple[str, int]] = field(default_factory=dict)
    touched: bool = False


class Planning:
    """The people of one body with their postings, changed in memory while the rows are looked at one by one."""

    def __init__(self, municipality: Municipality) -> None:
        self.municipality, self.plan = municipality, Plan()
        self.departments = {row.code: row for row in Department.objects.of(municipality)}
        self.posts = {row.title: row for row in Post.objects.of(municipality)}
        self.new_posts: dict[str, int] = {}
        self.people = {(row.series, row.number): _person(row) for row in Member.objects.of(municipality)}
        self._read_postings()

    def _read_postings(self) -> None:
        roles: dict[int, set[str]] = defaultdict(set)
        for posting, role in Grant.objects.filter(municipality=self.municipality).values_list("posting", "role"):
            roles[posting].add(role)
        owners = {person.stored.pk: person for person in self.people.values() if person.stored}
        codes = {row.pk: row.code for row in self.departments.values()}
        titles = {row.pk: row.title for row in self.posts.values()}
        for row in Posting.objects.of(self.municipality):
            key = (codes[row.department_id], titles[row.post_id], row.kind, row.starts_on)
            owners[row.member_id].postings[key] = Held(key, row.ends_on, row.status, frozenset(roles[row.pk]), row)

    def look_at(self, rows: list[Row]) -> Plan:
        """Plan every row, then look for postings that cannot stand side by side."""
        for row in rows:
            if person := self._person_of(row):
                self._look_at_posting(row, person)
        self._check_overlaps()
        for title, rank in self.new_posts.items():
            facts = {"post": title, "rank": rank}
            self.plan.notes.append(_("新しい職位「%(post)s」を順位%(rank)sで登録します。") % facts)
        self.plan.commit = self.commit
        return self.plan

    def _person_of(self, row: Row) -> Person | None:
        """Whose row it is, once name and number go together."""
        number, name, series = row["職員番号"], row["氏名"], row["番号系列"] or ""
        if not number or not name:
            return None
        person = self.people.setdefault((series, number), Person(number, series, name))
        if not same_name(person.name, name):
            self._refuse_name(row, person)
            return None
        self._take_facts(row, person)
        return person

    def _refuse_name(self, row: Row, person: Person) -> None:
        facts = {"name": person.name}
        if person.stored:
            message = (
                _(
                    "この職員番号は「%(name)s」で登録されています。改姓のときは、先に職員のページで氏名を変更してください。"
                )
                % facts
            )
        else:
            message = _("同じ職員番号の別の行では「%(name)s」です。1つの職員番号は1人にしてください。") % facts
        self.plan.refuse(row, "氏名", message)

    def _take_facts(self, row: Row, person: Person) -> None:
        """What the rows of one person say must agree; a cell that is left empty says nothing."""
        for column in OWN_FACTS:
            if not (value := row[column]):
                continue
            said, line = person.said.setdefault(column, (value, row.line))
            if said != value:
                facts = {"line": line, "value": said}
                self.plan.refuse(
                    row, column, _("同じ職員番号の行 %(line)s では「%(value)s」です。値をそろえてください。") % facts
                )

    def _look_at_posting(self, row: Row, person: Person) -> None:
        if row.bad & {"部署コード", "職位", "本務兼務", "開始日"} or not self._stands(row):
            return
        key = (row["部署コード"], row["職位"], row["本務兼務"], row["開始日"])
        held = person.postings.get(key)
        if held and held.row:
            message = _("同じ発令が行 %(line)s にもあります。1つの発令は1行にしてください。")
            self.plan.refuse(row, "職員番号", message % {"line": held.row.line})
        elif not row.bad:
            self._take(row, person, key, held)

    def _stands(self, row: Row) -> bool:
        """Is there such a department on that day, and does the posting end after it begins?"""
        department = self.departments.get(row["部署コード"])
        if department is None:
            self.plan.refuse(
                row, "部署コード", _("登録されていない部署コードです。先に部署のファイルを取り込んでください。")
            )
            return False
        if row["終了日"] and row["終了日"] < row["開始日"]:
            self.plan.refuse(row, "終了日", _("開始日より後の日付を入力してください。"))
            return False
        if department.ends_on and row["開始日"] > department.ends_on:
            facts = {"department": department.name, "day": department.ends_on}
            self.plan.refuse(row, "開始日", _("部署「%(department)s」は %(day)s に終わっています。") % facts)
            return False
        return True

    def _take(self, row: Row, person: Person, key: Key, held: Held | None) -> None:
        label = f"{person.number} {person.name} {row['職位']}"
        if row["職位"] not in self.posts:
            self.new_posts[row["職位"]] = known_ranks().get(row["職位"], UNKNOWN_RANK)
        details = self._own_changes(person)
        if held is None:
            status = row["状態"] or Posting.Status.PRESENT
            person.postings[key] = Held(
                key, row["終了日"], status, frozenset(row["役割"]), row=row, touched=True, regranted=True
            )
            self.plan.count("added", row, label, *(details if person.stored else ()))
            return
        ended = held.ends_on is None and row["終了日"] is not None
        details += self._posting_changes(row, held)
        self.plan.count("ended" if ended else "changed" if details else "unchanged", row, label, *details)

    def _own_changes(self, person: Person) -> list[tuple]:
        """What the rows so far change in the person's own facts; counted with the first row that says so."""
        details = []
        for column, (value, _line) in person.said.items():
            name = OWN_FACTS[column]
            if person.facts.get(name, "") != value:
                details.append((column, person.facts.get(name, ""), value))
                person.facts[name] = value
                person.touched = person.stored is not None
        return details

    def _posting_changes(self, row: Row, held: Held) -> list[tuple]:
        details: list[tuple] = []
        held.row, roles, status = row, frozenset(row["役割"]), row["状態"] or held.status
        if held.ends_on != row["終了日"]:
            details.append(("終了日", held.ends_on, row["終了日"]))
        if held.status != status:
            details.append(("状態", _word(STATUSES, held.status), _word(STATUSES, status)))
        held.touched = bool(details)
        held.ends_on, held.status = row["終了日"], status
        if held.roles != roles:
            details.append(("役割", _roles(held.roles), _roles(roles)))
            held.roles, held.regranted = roles, True
        return details

    def _check_overlaps(self) -> None:
        """Nobody holds two main postings (本務) on one day."""
        for person in self._spoken():
            main = sorted((held for held in person.postings.values() if held.is_main), key=lambda held: held.key[3])
            for index, later in enumerate(main):
                for earlier in main[:index]:
                    if (later.row or earlier.row) and earlier.overlaps(later):
                        self._refuse_overlap(earlier, later)

    def _refuse_overlap(self, earlier: Held, later: Held) -> None:
        speaking, other = (later, earlier) if later.row else (earlier, later)
        department, post = self.departments[other.key[0]].name, other.key[1]
        facts = {"where": f"{department} {post}", "start": other.key[3], "end": other.ends_on or ""}
        if other.row:
            message = _("本務の期間が、行 %(line)s の本務(%(where)s)と重なっています。") % {
                "line": other.row.line,
                **facts,
            }
        else:
            message = (
                _(
                    "登録済みの本務(%(where)s %(start)s–%(end)s)と期間が重なっています。前の発令の行に終了日を入れてください。"
                )
                % facts
            )
        if speaking.row:
            self.plan.refuse(speaking.row, "開始日", message)

    def _spoken(self) -> list[Person]:
        """People whom some row is about."""
        return [person for person in self.people.values() if any(held.row for held in person.postings.values())]

    def commit(self, by: Member | None, now: datetime) -> None:
        """Write posts, people, postings and roles, each in bulk."""
        fresh = [Post(municipality=self.municipality, title=title, rank=rank) for title, rank in self.new_posts.items()]
        self.posts |= {post.title: post for post in Post.objects.bulk_create(fresh, batch_size=500)}
        spoken = self._spoken()
        self._write_people(spoken)
        self._write_postings(spoken)

    def _write_people(self, spoken: list[Person]) -> None:
        fresh = [person for person in spoken if person.stored is None]
        differing = [person.stored for person in spoken if person.stored and _differs(person)]
        for person in fresh:
            person.stored = Member(
                municipality=self.municipality,
                number=person.number,
                series=person.series,
                name=person.name,
                **person.facts,
            )
        Member.objects.bulk_create([person.stored for person in fresh if person.stored], batch_size=500)
        self._write_facts([person for person in spoken if person.touched])
        self._raise_editions([member.pk for member in differing])

    def _write_facts(self, people: list[Person]) -> None:
        for person in people:
            for name, value in person.facts.items():
                setattr(person.stored, name, value)
        Member.objects.bulk_update(
            [person.stored for person in people if person.stored], list(OWN_FACTS.values()), batch_size=200
        )

    def _raise_editions(self, numbers: list[int]) -> None:
        """Whoever edits one of these people at the same time is told that they changed."""
        for index in range(0, len(numbers), 500):
            Member.objects.filter(pk__in=numbers[index : index + 500]).update(edition=F("edition") + 1)

    def _write_postings(self, spoken: list[Person]) -> None:
        touched = [
            (person, held) for person in spoken for held in person.postings.values() if held.touched or held.regranted
        ]
        fresh, known = [], []
        for person, held in touched:
            if held.stored is None:
                held.stored = self._posting(person, held)
                fresh.append(held.stored)
            elif held.touched:
                held.stored.ends_on, held.stored.status = held.ends_on, held.status
                held.stored.edition += 1
                known.append(held.stored)
        Posting.objects.bulk_create(fresh, batch_size=500)
        Posting.objects.bulk_update(known, ["ends_on", "status", "edition"], batch_size=200)
        self._write_grants([held for _person, held in touched if held.regranted])

    def _posting(self, person: Person, held: Held) -> Posting:
        department, post, kind, starts_on = held.key
        return Posting(
            municipality=self.municipality, member=person.stored, department=self.departments[department], post=self.posts[post],
            kind=kind, status=held.status, starts_on=starts_on, ends_on=held.ends_on,
        )  # fmt: skip

    def _write_grants(self, regranted: list[Held]) -> None:
        numbers = [held.stored.pk for held in regranted if held.stored]
        for index in range(0, len(numbers), 500):
            Grant.objects.filter(posting__in=numbers[index : index + 500]).delete()
        grants = [
            Grant(municipality=self.municipality, posting=held.stored, role=role)
            for held in regranted
            for role in sorted(held.roles)
        ]
        Grant.objects.bulk_create(grants, batch_size=1000)


def _person(row: Member) -> Person:
    return Person(row.number, row.series, row.name, row, {name: getattr(row, name) for name in OWN_FACTS.values()})


def _differs(person: Person) -> bool:
    return person.touched or any(held.touched or held.regranted for held in person.postings.values())


def _word(choices: dict[str, str], value: str) -> str:
    return next((word for word, meant in choices.items() if meant == value), value)


def _roles(roles: frozenset[str]) -> str:
    return "・".join(word for word, role in ROLES.items() if role in roles)


def plan(rows: list[Row], *, municipality: Municipality, today: date) -> Plan:
    """What the rows would change in people and postings."""
    return Planning(municipality).look_at(rows)


PEOPLE = ImportKind(
    "people", pgettext_lazy("ファイルの種類", "職員"), COLUMNS, plan,
    help=gettext_lazy("1行が1つの発令です。ファイルにない発令はそのまま残ります。カナ・メールが空欄のときは、登録済みの値を変えません。"),
)  # fmt: skip
