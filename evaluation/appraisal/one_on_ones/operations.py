"""1on1: beginning a pair, recording and correcting a 1on1, promises, and private notes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypedDict

from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.appraisal.access.evaluators import places_of
from evaluation.appraisal.one_on_ones.models import OneOnOne, Pair, PrivateNote, Promise
from evaluation.appraisal.one_on_ones.rules import may_keep, may_meet, may_note, may_record
from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict, Difference, require
from municipality.core.transitions import change, differing, too_late
from municipality.organisation.models import Member


class TalkContent(TypedDict):
    """Content of a 1on1 as entered: day, minutes, mode (face, web, phone), topics, shared note, day
    of the next or None.
    """

    held_on: date
    minutes: int
    mode: str
    topics: str
    shared_note: str
    next_on: date | None


class PromiseContent(TypedDict):
    """Promise as entered: member, text, due day."""

    owner: Member
    text: str
    due_on: date


@operation
def start_pair(member: Member, *, by: Member, today: date) -> Pair:
    """Begin 1on1 between a manager (`by`) and one of their people. Raises Conflict when the pair
    exists already.
    """
    require(may_meet(by, member))
    if Pair.objects.filter(manager=by, member=member, ends_on=None).exists():
        raise Conflict(_("%(name)sさんとの1on1は、すでに始めています。") % {"name": member.name})
    department, _path = places_of([member.pk], today)[member.pk]
    pair = Pair.objects.create(
        municipality_id=by.municipality_id,
        manager=by,
        member=member,
        department_id=department,
        starts_on=today,
    )
    record(by, "pair.started", pair)
    return pair


@operation
def record_talk(
    pair: Pair,
    *,
    content: TalkContent,
    promises: Sequence[PromiseContent] = (),
    by: Member,
    now: datetime,
) -> OneOnOne:
    """Record a 1on1 that was held, with its promises. Raises Conflict for a future day or a pair
    that has ended.
    """
    require(may_record(by, pair))
    _require_past(content["held_on"], timezone.localdate(now))
    if pair.ends_on is not None:
        raise Conflict(_("この組の1on1は終わっています。"))
    talk = OneOnOne.objects.create(
        municipality_id=pair.municipality_id, pair=pair, recorded_by=by, recorded_at=now, **content
    )
    _promise(talk, promises)
    record(by, "one_on_one.recorded", talk)
    return talk


@operation
def correct_talk(
    talk: OneOnOne,
    *,
    content: TalkContent,
    promises: Sequence[PromiseContent] = (),
    edition: int,
    by: Member,
    now: datetime,
) -> OneOnOne:
    """Correct a record; further promises are added, existing ones stay. Raises Conflict when
    stale.
    """
    require(may_record(by, talk.pair))
    _require_past(content["held_on"], timezone.localdate(now))
    changed = sorted(name for name, value in content.items() if getattr(talk, name) != value)
    change(talk, edition=edition, **content)
    _promise(talk, promises)
    record(by, "one_on_one.corrected", talk, fields=changed, promises=len(promises))
    return talk


def _require_past(held_on: date, today: date) -> None:
    if held_on > today:
        raise Conflict(_("実施した日には、今日までの日を入力してください。"))


def _promise(talk: OneOnOne, promises: Sequence[PromiseContent]) -> None:
    if any(
        values["owner"].pk not in (talk.pair.manager_id, talk.pair.member_id) for values in promises
    ):
        raise Conflict(_("約束は、1on1の2人のどちらかのものとして入力してください。"))
    Promise.objects.bulk_create(
        Promise(municipality_id=talk.municipality_id, one_on_one=talk, **values)
        for values in promises
    )


@operation
def keep_promise(promise: Promise, *, by: Member, now: datetime) -> Promise:
    """Mark a promise as kept. Raises Conflict when it is kept already."""
    require(may_keep(by, promise))
    if not Promise.objects.filter(pk=promise.pk, done_at=None).update(done_at=now):
        raise Conflict(_("この約束は、すでに済んでいます。"))
    promise.refresh_from_db(fields=["done_at"])
    record(by, "promise.kept", promise)
    return promise


@operation
def keep_note(
    talk: OneOnOne, *, text: str, edition: int, by: Member, now: datetime
) -> PrivateNote | None:
    """Write one's private note about a 1on1, encrypted; an empty text deletes it (then None).
    `edition` 0 is a first note.
    """
    require(may_note(by, talk))
    own = PrivateNote.objects.filter(one_on_one=talk, author=by)
    record(by, "note.kept", talk)
    if not text.strip():
        if not own.filter(edition=edition).delete()[0] and own.exists():
            raise too_late([], talk)
        return None
    sealed = {"sealed": PrivateNote.seal(text), "written_at": now}
    note = own.first()
    if note is not None:
        return change(note, edition=edition, beside=lambda: _beside(note, text), **sealed)
    return PrivateNote.objects.create(
        municipality_id=talk.municipality_id, one_on_one=talk, author=by, **sealed
    )


def _beside(note: PrivateNote, typed: str) -> list[Difference]:
    difference = differing(_("自分だけのメモ"), note.text, typed)
    return [difference] if difference else []
