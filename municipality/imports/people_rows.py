"""Stored people and postings, in the form of rows of the file of people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import F, Prefetch, QuerySet

from municipality.core.batches import AT_ONCE, UPDATED_AT_ONCE, parts
from municipality.imports.kinds import ImportRow
from municipality.imports.people_words import KINDS, ROLES, STATUSES
from municipality.organisation.models import Department, Grant, Member, Municipality, Post, Posting
from municipality.organisation.operations.postings import clear_mended_overlaps, postings_changed


def current(municipality: Municipality, today: date) -> Iterator[tuple[Any, ...]]:
    """Every posting, also past and future ones, by number of the person and first day."""
    kinds, statuses = (
        {value: word for word, value in words.items()} for words in (KINDS, STATUSES)
    )
    rows = Posting.objects.of(municipality).select_related("member", "department", "post")
    grants = Prefetch("grants", Grant.objects.filter(municipality=municipality))
    ordered = rows.prefetch_related(grants).order_by(
        "member__series", "member__number", "starts_on", "-kind", "pk"
    )
    for posting in ordered.iterator(chunk_size=AT_ONCE):
        person, held = posting.member, {grant.role for grant in posting.grants.all()}
        roles = "・".join(word for word, role in ROLES.items() if role in held)
        yield (
            person.number,
            person.name,
            person.kana,
            person.mail,
            posting.department.code,
            posting.post.title,
            roles,
            kinds[posting.kind],
            posting.starts_on,
            posting.ends_on,
            person.series,
            person.employment,
            statuses[posting.status],
        )


T = TypeVar("T")

Key = tuple[str, str, str, date]
"""Department code, title of the post, main or concurrent, first day: what makes a posting the same
one.
"""


MEMBER_FIELDS = {"カナ": "kana", "メール": "mail", "任用区分": "employment"}
"""Columns that belong to the person. An empty cell leaves what is known."""


NO_END = date.max

NO_ROLES: frozenset[str] = frozenset()


@dataclass(eq=False, slots=True)
class HeldPosting:
    """A posting, stored (with its number, else 0) or planned; `row` is the row that describes
    it.
    """

    key: Key
    ends_on: date | None
    status: str
    roles: frozenset[str]
    stored: int = 0
    edition: int = 1
    row: ImportRow | None = None
    touched: bool = False
    regranted: bool = False

    @property
    def is_main(self) -> bool:
        """Whether it is 本務."""
        return self.key[2] == Posting.Kind.MAIN

    def overlaps(self, other: HeldPosting) -> bool:
        """Whether two postings have a day in common."""
        return self.key[3] <= (other.ends_on or NO_END) and other.key[3] <= (self.ends_on or NO_END)


@dataclass(eq=False, slots=True)
class ImportedPerson:
    """A person, stored (with their number, else 0) or planned, with their postings; `rows` are the
    rows about them.
    """

    number: str
    series: str
    name: str
    stored: int = 0
    kana: str = ""
    mail: str = ""
    employment: str = ""
    postings: tuple[HeldPosting, ...] = ()
    rows: tuple[ImportRow, ...] = ()
    touched: bool = False

    def posting(self, key: Key) -> HeldPosting | None:
        """Posting with this key, or None. One person has few, so that searching is cheaper than an
        index.
        """
        return next((held for held in self.postings if held.key == key), None)

    def first_to_say(self, column: str) -> ImportRow | None:
        """First row of this person that fills in the column."""
        return next((row for row in self.rows if row[column]), None)


def tables(municipality: Municipality, rows: list[ImportRow]) -> list[QuerySet]:
    """Tables from which a file of people is planned and to which it is written; tables that others
    refer to come first.
    """
    return [model.objects.of(municipality) for model in (Department, Post, Member, Posting)] + [
        Grant.objects.filter(municipality=municipality)
    ]


class Stored:
    """Departments, posts and people of one body. Texts equal to those of the file share its
    objects, which saves memory.
    """

    def __init__(self, municipality: Municipality, rows: list[ImportRow]) -> None:
        self.municipality = municipality
        self.departments = {row.code: row for row in Department.objects.of(municipality)}
        self.posts = {row.title: row for row in Post.objects.of(municipality)}
        self.same: dict[Any, Any] = {}
        self.people: dict[tuple[str, str], ImportedPerson] = {}
        self.overlaps = False
        """Does anybody hold postings that are marked as overlapping from before?"""
        self._read_people({row["職員番号"]: row for row in rows})

    def _read_people(self, mentioned: dict[str, ImportRow]) -> None:
        """Everybody of the body with their postings as plain values: four queries, and no model
        object for each row.
        """
        owners: dict[int, ImportedPerson] = {}
        rows = Member.objects.of(self.municipality).order_by()
        for pk, series, *texts in rows.values_list(
            "pk", "series", "number", "name", *MEMBER_FIELDS.values()
        ).iterator():
            number, name, *own = _shared_texts(mentioned.get(texts[0]), texts)
            self.people[series, number] = owners[pk] = ImportedPerson(
                number, series, name, pk, *own
            )
        self._read_postings(owners)

    def _read_postings(self, owners: dict[int, ImportedPerson]) -> None:
        roles: dict[int, frozenset[str]] = {}
        for posting, role in (
            Grant.objects.filter(municipality=self.municipality)
            .values_list("posting", "role")
            .iterator()
        ):
            roles[posting] = self.once(roles.get(posting, NO_ROLES) | {role})
        codes = {row.pk: row.code for row in self.departments.values()}
        titles = {row.pk: row.title for row in self.posts.values()}
        rows = (
            Posting.objects.of(self.municipality)
            .order_by()
            .values_list(
                "pk",
                "member",
                "department",
                "post",
                "kind",
                "starts_on",
                "ends_on",
                "status",
                "edition",
                "overlaps_from_before",
            )
        )
        for (
            pk,
            member,
            department,
            post,
            kind,
            starts_on,
            ends_on,
            status,
            edition,
            overlaps,
        ) in rows.iterator():
            self.overlaps |= overlaps
            key = self.once((codes[department], titles[post], kind, starts_on))
            held = HeldPosting(
                key, ends_on, self.once(status), roles.get(pk, NO_ROLES), pk, edition
            )
            owners[member].postings += (held,)

    def once(self, value: T) -> T:
        """One shared object for equal values: there are few different roles, posts and states, and
        many postings.
        """
        return self.same.setdefault(value, value)

    def write(self, people: list[ImportedPerson], new_posts: dict[str, int]) -> None:
        """Write posts, people, postings and roles, each in bulk."""
        fresh = [
            Post(municipality=self.municipality, title=title, rank=rank)
            for title, rank in new_posts.items()
        ]
        self.posts |= {post.title: post for post in Post.objects.bulk_create(fresh, batch_size=500)}
        moved = [each.stored for each in people if each.stored and any(map(_moves, each.postings))]
        self._write_people(people)
        self._write_postings(people)
        if self.overlaps:
            clear_mended_overlaps(self.municipality)
        postings_changed(self.municipality, moved)

    def _write_people(self, mentioned: list[ImportedPerson]) -> None:
        differing = [person.stored for person in mentioned if person.stored and _differs(person)]
        for people in parts([person for person in mentioned if not person.stored]):
            rows = [self._member(person) for person in people]
            for person, row in zip(
                people, Member.objects.bulk_create(rows, batch_size=500), strict=True
            ):
                person.stored = row.pk
        for people in parts([person for person in mentioned if person.touched]):
            known = [Member(pk=person.stored, **_member_values(person)) for person in people]
            Member.objects.bulk_update(known, list(MEMBER_FIELDS.values()), batch_size=200)
        self._raise_editions(differing)

    def _member(self, person: ImportedPerson) -> Member:
        values = _member_values(person)
        return Member(
            municipality=self.municipality,
            number=person.number,
            series=person.series,
            name=person.name,
            **values,
        )

    def _raise_editions(self, numbers: list[int]) -> None:
        """Raise the edition of these people, so that a form opened before the import is refused as
        stale.
        """
        for part in parts(numbers, UPDATED_AT_ONCE):
            Member.objects.filter(pk__in=part).update(edition=F("edition") + 1)

    def _write_postings(self, mentioned: list[ImportedPerson]) -> None:
        every = [(person, held) for person in mentioned for held in person.postings]
        for part in parts([pair for pair in every if not pair[1].stored]):
            rows = [self._posting(person, held) for person, held in part]
            for (_person, held), row in zip(
                part, Posting.objects.bulk_create(rows, batch_size=500), strict=True
            ):
                held.stored = row.pk
        for changed in parts([held for _person, held in every if held.touched]):
            known = [
                Posting(
                    pk=held.stored,
                    ends_on=held.ends_on,
                    status=held.status,
                    edition=held.edition + 1,
                )
                for held in changed
            ]
            Posting.objects.bulk_update(known, ["ends_on", "status", "edition"], batch_size=200)
        for regranted in parts([held for _person, held in every if held.regranted]):
            self._write_grants(regranted)

    def _posting(self, person: ImportedPerson, held: HeldPosting) -> Posting:
        department, post, kind, starts_on = held.key
        return Posting(
            municipality=self.municipality,
            member_id=person.stored,
            department=self.departments[department],
            post=self.posts[post],
            kind=kind,
            status=held.status,
            starts_on=starts_on,
            ends_on=held.ends_on,
        )

    def _write_grants(self, regranted: list[HeldPosting]) -> None:
        numbers = [held.stored for held in regranted]
        for part in parts(numbers, UPDATED_AT_ONCE):
            Grant.objects.filter(posting__in=part).delete()
        grants = [
            Grant(municipality=self.municipality, posting_id=held.stored, role=role)
            for held in regranted
            for role in sorted(held.roles)
        ]
        Grant.objects.bulk_create(grants, batch_size=1000)


def _shared_texts(row: ImportRow | None, texts: list[Any]) -> list[Any]:
    """The same texts, replaced by the objects of the row where they are equal: for most people file
    and database hold the same values.
    """
    if row is None:
        return texts
    said = {value: value for value in row.values if isinstance(value, str)}
    return [said.get(text, text) for text in texts]


def _member_values(person: ImportedPerson) -> dict[str, str]:
    return {name: getattr(person, name) for name in MEMBER_FIELDS.values()}


def _moves(held: HeldPosting) -> bool:
    return held.touched or not held.stored


def _differs(person: ImportedPerson) -> bool:
    return person.touched or any(held.touched or held.regranted for held in person.postings)
