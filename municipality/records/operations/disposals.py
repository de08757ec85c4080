"""Disposal of records: proposed by the office, approved by an auditor, carried out by a job. The
chain stays verifiable.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from municipality.audit.chain import canonical, sealed_erasure, signed_checkpoint
from municipality.audit.event_groups import group_of, of_group
from municipality.audit.log import operation, record
from municipality.audit.models import Chain, Checkpoint, Entry, EntryContent, VerbGroup
from municipality.clock.operations.guarded import each_guarded
from municipality.core.batches import AT_ONCE, UPDATED_AT_ONCE
from municipality.core.refusals import Conflict, Difference, require
from municipality.core.registry import verbs
from municipality.core.transitions import change, differing, move
from municipality.notifications.operations.notify import notify
from municipality.organisation.leadership import role_holders
from municipality.organisation.models import Member, Municipality
from municipality.organisation.operations.setting_versions import keeping
from municipality.organisation.rules import is_office
from municipality.records.models import Disposal, Retention
from municipality.records.queries import first_day_kept, years_of
from municipality.records.rules import may_approve_disposal, may_propose_disposal


@operation
def set_retention(
    body: Municipality, *, edition: int, by: Member, now: datetime, **years: int
) -> None:
    """Set the retention of each group of lines in fiscal years. Open and approved proposals keep
    their days.

    Raises Conflict when stale.
    """
    require(is_office(by))
    with keeping(body, "retention", lambda: dict(years_of(body)), by=by, now=now):
        before = years_of(body)
        change(body, edition=edition, beside=lambda: _apart(before, years))
        for group, count in years.items():
            Retention.objects.update_or_create(
                municipality=body, group=group, defaults={"years": count}
            )
        changed = {
            group: [before[group], count]
            for group, count in years.items()
            if before[group] != count
        }
        record(by, "retention.set", municipality=body, changed=changed)


def _apart(stands: dict[str, int], typed: dict[str, int]) -> list[Difference]:
    words = {
        group: [str(Retention.Years(each[group]).label) for each in (stands, typed)]
        for group in typed
    }
    differences = [differing(VerbGroup(group).label, *pair) for group, pair in words.items()]
    return [item for item in differences if item is not None]


def cutoffs_of(years: dict[str, int], today: date) -> dict[str, str]:
    """Per group the first day that is kept, in ISO, where each is kept so many fiscal years."""
    return {group: first_day_kept(count, today).isoformat() for group, count in years.items()}


@dataclass(frozen=True)
class Survey:
    """Effect of a disposal: lines whose content is erased, by group, and lines that are deleted."""

    erased: dict[str, int]
    removed: int

    @property
    def total(self) -> int:
        """Number of all lines whose content is erased."""
        return sum(self.erased.values())


def survey(body: Municipality, cutoffs: dict[str, str]) -> Survey:
    """Count the lines past their retention."""
    lines = Entry.objects.filter(chain__municipality=body)
    past = lines.filter(_past(cutoffs), content__erased="").order_by()
    held, known = dict.fromkeys(cutoffs, 0), set(verbs())
    for verb, count in past.values_list("verb").annotate(Count("pk")):
        held[group_of(verb) if verb in known else VerbGroup.CHANGE] += count
    first = lines.aggregate(seq=Min("seq"))["seq"] or 1
    return Survey(held, max(0, _prefix(lines, cutoffs) - first + 1))


def _midnight(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(), timezone.get_default_timezone())


def _past(cutoffs: dict[str, str]) -> Q:
    wanted = Q(pk__in=[])
    for group, day in cutoffs.items():
        wanted |= of_group(group) & Q(at__lt=_midnight(day))
    return wanted


def _prefix(lines: QuerySet[Entry], cutoffs: dict[str, str]) -> int:
    """Last line of the leading part of the chain in which every line is past its retention; 0 when
    the first line is kept.
    """
    kept = Q(pk__in=[])
    for group, day in cutoffs.items():
        kept |= of_group(group) & Q(at__gte=_midnight(day))
    first_kept = lines.filter(kept).aggregate(seq=Min("seq"))["seq"]
    return (first_kept or 1) - 1


@operation
def propose_disposal(body: Municipality, *, reason: str, by: Member, now: datetime) -> Disposal:
    """Propose to dispose of the lines past their retention today. Raises Conflict when there are
    none, or a proposal is open.
    """
    require(may_propose_disposal(by))
    cutoffs = cutoffs_of(years_of(body), timezone.localdate(now))
    if not survey(body, cutoffs).total:
        raise Conflict(_("保存期間の過ぎた記録は、いまはありません。"))
    return _propose(body, Disposal.Kind.RETENTION, reason=reason, by=by, now=now, cutoffs=cutoffs)


@operation
def propose_erasure(member: Member, *, reason: str, by: Member, now: datetime) -> Disposal:
    """Propose to erase what the contents of the log hold about a person. The lines, which hold only
    numbers, stay.
    """
    require(may_propose_disposal(by, member))
    return _propose(
        member.municipality, Disposal.Kind.PERSON, reason=reason, by=by, now=now, member=member
    )


def _propose(
    body: Municipality, kind: str, *, reason: str, by: Member, now: datetime, **values: Any
) -> Disposal:
    Municipality.objects.select_for_update(no_key=True).get(pk=body.pk)
    waiting = Disposal.objects.of(body).filter(
        kind=kind, state__in=["proposed", "approved"], member=values.get("member")
    )
    if waiting.exists():
        raise Conflict(_("同じ申出が、すでに承認を待っています。"))
    proposed = {"reason": reason, "proposed_by": by, "proposed_at": now, **values}
    disposal = Disposal.objects.create(municipality=body, kind=kind, **proposed)
    record(by, "disposal.proposed", disposal, kind=kind, cutoffs=disposal.cutoffs)
    for auditor in role_holders("auditor", body, timezone.localdate(now)).exclude(pk=by.pk):
        notify(auditor, "disposal.proposed", disposal, now=now)
    return disposal


@operation
def approve_disposal(
    disposal: Disposal, *, by: Member, now: datetime, comment: str = ""
) -> Disposal:
    """Approve as the second person; a job carries it out within minutes."""
    require(may_approve_disposal(by, disposal))
    move(disposal, Disposal.State.APPROVED, decided_by=by, decided_at=now, comment=comment)
    record(by, "disposal.approved", disposal)
    return disposal


@operation
def refuse_disposal(disposal: Disposal, *, by: Member, now: datetime, comment: str) -> Disposal:
    """Refuse as the second person; nothing is disposed of and the proposer is notified."""
    require(may_approve_disposal(by, disposal))
    move(disposal, Disposal.State.REFUSED, decided_by=by, decided_at=now, comment=comment)
    record(by, "disposal.refused", disposal)
    notify(disposal.proposed_by, "disposal.refused", disposal, now=now)
    return disposal


@operation
def withdraw_disposal(disposal: Disposal, *, by: Member, now: datetime) -> Disposal:
    """Withdraw a proposal that is not decided yet, by the office."""
    require(may_propose_disposal(by))
    move(disposal, Disposal.State.WITHDRAWN)
    record(by, "disposal.withdrawn", disposal)
    return disposal


def carry_out(body: Municipality, now: datetime) -> int:
    """Job of every minute: carry out approved proposals. One transaction for each."""
    rows = Disposal.objects.of(body).filter(state=Disposal.State.APPROVED).order_by("pk")
    approved = {disposal.pk: disposal for disposal in rows}
    return each_guarded(
        body,
        "municipality.carry_out ",
        approved,
        lambda disposal: _carry_out(disposal, now=now),
        now=now,
    ).done


@operation
def _carry_out(disposal: Disposal, *, now: datetime) -> int:
    chain = Chain.objects.get(municipality=disposal.municipality_id)
    removed = 0
    if disposal.kind == Disposal.Kind.PERSON:
        erased = _erase(_contents_of(chain, disposal.member))  # type: ignore[arg-type]
    else:
        past = EntryContent.objects.filter(
            entry__in=chain.entries.filter(_past(disposal.cutoffs)), erased=""
        )
        erased = _erase(past.select_related("entry").iterator(chunk_size=AT_ONCE))
        removed = _remove(chain, _prefix(chain.entries.all(), disposal.cutoffs), now=now)
    move(disposal, Disposal.State.DONE, done_at=now, erased=erased, removed=removed)
    record(None, "disposal.done", disposal, erased=erased, removed=removed)
    notify(disposal.proposed_by, "disposal.done", disposal, now=now, erased=erased, removed=removed)
    return 1


def _contents_of(chain: Chain, member: Member) -> Iterable[EntryContent]:
    """Contents of the lines by the person, about the person, and naming the person."""
    rows = EntryContent.objects.filter(entry__chain=chain, erased="").select_related("entry")
    for content in rows.iterator(chunk_size=AT_ONCE):
        entry = content.entry
        about = entry.subject_type == "municipality.member" and entry.subject_id == member.pk
        if entry.actor_id == member.pk or about or member.name in canonical(content.body):
            yield content


def _erase(contents: Iterable[EntryContent]) -> int:
    """Erase the contents and sign the erasure; their number."""
    erasable = list(contents)
    for content in erasable:
        content.salt, content.body, content.erased = "", {}, sealed_erasure(content.entry)
    EntryContent.objects.bulk_update(
        erasable, ["salt", "body", "erased"], batch_size=UPDATED_AT_ONCE
    )
    return len(erasable)


def _remove(chain: Chain, upto: int, *, now: datetime) -> int:
    """Delete the lines up to this one; a signed checkpoint replaces them."""
    last = chain.entries.filter(seq=upto).first()
    if last is None:
        return 0
    point = Checkpoint.objects.filter(chain=chain).first() or Checkpoint(chain=chain)
    point.seq, point.hash, point.at = last.seq, last.hash, now
    point.signature = signed_checkpoint(point)
    point.save()
    EntryContent.objects.filter(entry__chain=chain, entry__seq__lte=upto).delete()
    return chain.entries.filter(seq__lte=upto).delete()[0]
