"""People and postings as they are stored, as rows of the file of people."""

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
from municipality.organisation.operations.postings import clear_mended_overlaps


def current(municipality: Municipality, today: date) -> Iterator[tuple[Any, ...]]:
    """Every posting, past and to come, by number of the person and first day."""
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


OWN_FACTS = {"カナ": "kana", "メール": "mail", "任用区分": "employment"}
"""Columns that belong to the person. An empty cell leaves what is known."""


NO_END = date.max

NO_ROLES: frozenset[str] = frozenset()


@dataclass(eq=False, slots=True)
class HeldPosting:
    """A posting as stored (by its number, else 0) or as planned; `row` is the line that speaks of
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
        """本務?"""
        return self.key[2] == Posting.Kind.MAIN

    def overlaps(self, other: HeldPosting) -> bool:
        """Do the two have a day in common?"""
        return self.key[3] <= (other.ends_on or NO_END) and other.key[3] <= (self.ends_on or NO_END)


@dataclass(eq=False, slots=True)
class ImportedPerson:
    """A person as stored (by their number, else 0) or as planned, with their postings; `rows` are
    the lines about them.
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
        """The posting with this key. There are few of one person: to look through them costs less
        than to index them.
        """
        return next((held for held in self.postings if held.key == key), None)

    def first_to_say(self, column: str) -> ImportRow | None:
        """The first line about this person that fills in the column."""
        return next((row for row in self.rows if row[column]), None)


def tables(municipality: Municipality, rows: list[ImportRow]) -> list[QuerySet]:
    """What a file of people is planned from and written to, those first that others point to."""
    return [model.objects.of(municipality) for model in (Department, Post, Member, Posting)] + [
        Grant.objects.filter(municipality=municipality)
    ]


class Stored:
    """The departments, posts and people of one body, as far as possible in the texts of the lines
    that speak of them.
    """

    def __init__(self, municipality: Municipality, rows: list[ImportRow]) -> None:
        self.municipality = municipality
        self.departments = {row.code: row for row in Department.objects.of(municipality)}
        self.posts = {row.title: row for row in Post.objects.of(municipality)}
        self.same: dict[Any, Any] = {}
        self.people: dict[tuple[str, str], ImportedPerson] = {}
        self.overlaps = False
        """Has somebody postings that are marked as overlapping from before?"""
        copied = rows[:]  # to go through the rows themselves would tell how far the work is
        self._read_people({row["職員番号"]: row for row in copied})

    def _read_people(self, spoken: dict[str, ImportRow]) -> None:
        """Everybody of the body with their postings, as plain values: four queries, and no object
        per row.
        """
        owners: dict[int, ImportedPerson] = {}
        rows = Member.objects.of(self.municipality).order_by()
        for pk, series, *texts in rows.values_list(
            "pk", "series", "number", "name", *OWN_FACTS.values()
        ).iterator():
            number, name, *own = _as_said(spoken.get(texts[0]), texts)
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
        """The same object for all that are equal: of roles, posts and states there are few, and of
        postings many.
        """
        return self.same.setdefault(value, value)

    def write(self, people: list[ImportedPerson], new_posts: dict[str, int]) -> None:
        """Write posts, people, postings and roles, each in bulk."""
        fresh = [
            Post(municipality=self.municipality, title=title, rank=rank)
            for title, rank in new_posts.items()
        ]
        self.posts |= {post.title: post for post in Post.objects.bulk_create(fresh, batch_size=500)}
        self._write_people(people)
        self._write_postings(people)
        if self.overlaps:
            clear_mended_overlaps(self.municipality)

    def _write_people(self, spoken: list[ImportedPerson]) -> None:
        differing = [person.stored for person in spoken if person.stored and _differs(person)]
        for people in parts([person for person in spoken if not person.stored]):
            rows = [self._member(person) for person in people]
            for person, row in zip(
                people, Member.objects.bulk_create(rows, batch_size=500), strict=True
            ):
                person.stored = row.pk
        for people in parts([person for person in spoken if person.touched]):
            known = [Member(pk=person.stored, **_own_facts(person)) for person in people]
            Member.objects.bulk_update(known, list(OWN_FACTS.values()), batch_size=200)
        self._raise_editions(differing)

    def _member(self, person: ImportedPerson) -> Member:
        facts = _own_facts(person)
        return Member(
            municipality=self.municipality,
            number=person.number,
            series=person.series,
            name=person.name,
            **facts,
        )

    def _raise_editions(self, numbers: list[int]) -> None:
        """Whoever edits one of these people at the same time is told that they changed."""
        for part in parts(numbers, UPDATED_AT_ONCE):
            Member.objects.filter(pk__in=part).update(edition=F("edition") + 1)

    def _write_postings(self, spoken: list[ImportedPerson]) -> None:
        every = [(person, held) for person in spoken for held in person.postings]
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


def _as_said(row: ImportRow | None, texts: list[Any]) -> list[Any]:
    """The same texts, those that stand in the line as its own objects: of most people file and
    database say the same.
    """
    if row is None:
        return texts
    said = {value: value for value in row.values if isinstance(value, str)}
    return [said.get(text, text) for text in texts]


def _own_facts(person: ImportedPerson) -> dict[str, str]:
    return {name: getattr(person, name) for name in OWN_FACTS.values()}


def _differs(person: ImportedPerson) -> bool:
    return person.touched or any(held.touched or held.regranted for held in person.postings)
